//! Asking what a change would do before it is made. Takes JavaScript; without it the server asks back where somebody
//! would lose rights of their own.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use super::effect::EffectView;
use crate::api::Error;
use crate::api::access::{preview_change, preview_grant};
use leptos::prelude::*;
use model::access::{Change, Effect};
use model::{ApiError, ErrorCode, GrantId, OrgId, WorkspaceId};
use ui::{Checkbox, Skeleton};

/// What was asked last, and the answer. One serves all the dialogs of a page: each shows the answer to its own change.
#[derive(Clone, Copy)]
pub(crate) struct Preview {
    asked: RwSignal<Option<Change>>,
    answer: Action<Question, Result<Effect, Error>>,
}

/// A change, and as whom it is asked about.
#[derive(Clone, Debug)]
enum Question {
    /// As somebody who sees what anybody in the organization may do.
    Org(OrgId, Change),
    /// As somebody who may take this role in the workspace.
    Workspace(WorkspaceId, GrantId),
}

impl Preview {
    /// Nothing is asked yet.
    pub(crate) fn new() -> Self {
        let answer = Action::new(|question: &Question| {
            let question = question.clone();
            async move {
                match question {
                    Question::Org(org, change) => preview_change(org, change).await,
                    Question::Workspace(workspace, grant) => preview_grant(workspace, grant).await,
                }
            }
        });
        Self { asked: RwSignal::new(None), answer }
    }

    /// Asks what `change` would do.
    pub(crate) fn ask(self, org: OrgId, change: Change) {
        self.put(change.clone(), Question::Org(org, change));
    }

    /// Asks what taking a role in a workspace would do, where the organization need not be seen.
    pub(crate) fn ask_in(self, workspace: WorkspaceId, grant: GrantId) {
        self.put(Change::RemoveGrant { grant }, Question::Workspace(workspace, grant));
    }

    fn put(self, change: Change, question: Question) {
        self.asked.set(Some(change));
        self.answer.clear();
        self.answer.dispatch(question);
    }

    /// The form says something else now: the answer does not hold any more.
    pub(crate) fn forget(self) {
        if self.asked.with_untracked(Option::is_some) {
            self.asked.set(None);
        }
    }
}

/// The answer, and where one would lose something oneself, the box that says so to the server. Stands in the form.
///
/// ```ignore
/// <Button opens="delete-role" press=Callback::new(move |_| preview.ask(org, change.clone()))>"Delete role"</Button>
/// …
/// <ActionForm action>
///     <FormBody><Foreseen preview of=change error id="delete-role-confirmed" /><ConfirmActions …/></FormBody>
/// </ActionForm>
/// ```
#[component]
pub(crate) fn Foreseen(
    /// What was asked.
    preview: Preview,
    /// The change it must be about; any if not given.
    #[prop(optional_no_strip, into)]
    of: Option<Change>,
    /// What the server answered to the form last.
    #[prop(into)]
    error: Signal<Option<ApiError>>,
    /// The id of the box, unique in the page; none where the server asks for no confirmation of this kind.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let about = Memo::new(move |_| {
        preview
            .asked
            .with(|asked| asked.as_ref().is_some_and(|asked| of.as_ref().is_none_or(|of| of == asked)))
    });
    let effect = move || if about.get() { preview.answer.value().get() } else { None };
    let own_loss = Memo::new(move |_| {
        let foreseen = about.get()
            && preview.answer.value().with(|answer| matches!(answer, Some(Ok(effect)) if effect.own_loss));
        foreseen || error.with(|error| error.as_ref().is_some_and(asks_to_confirm))
    });
    view! {
        <div aria-live="polite" class="empty:hidden">
            {move || match effect() {
                Some(Ok(effect)) => Some(view! { <EffectView effect /> }.into_any()),
                // Whoever may make the change but not see what everybody may do makes it without a preview.
                Some(Err(Error(error))) if error.code == ErrorCode::Forbidden => None,
                Some(Err(Error(error))) => {
                    Some(view! { <p class="text-sm text-muted">"The effect is not known: " {error.message}</p> }.into_any())
                }
                None if about.get() => Some(view! { <Skeleton lines=2 /> }.into_any()),
                None => None,
            }}
        </div>
        {id
            .map(|id| {
                move || {
                    own_loss
                        .get()
                        .then(|| {
                            view! {
                                <Checkbox name="confirmed" id=id.clone() label="I give up these rights of my own" />
                            }
                        })
                }
            })}
    }
}

/// Whether the server refused for want of the box alone.
fn asks_to_confirm(error: &ApiError) -> bool {
    error.code == ErrorCode::Conflict && error.fields.contains_key("confirmed")
}
