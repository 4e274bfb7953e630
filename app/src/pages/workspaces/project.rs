//! One project of a workspace: who may see it, the roles given in it, its name.

use super::give::GiveRole;
use super::grants::{GrantActions, Grants};
use super::people::People;
use crate::api::load::load;
use crate::api::projects::{NameProject, get_project};
use crate::pages::{ErrorView, failure, missing, saved_after, successes, text_param};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::ProjectId;
use model::grant::{Place, ProjectPlace};
use model::project::ProjectDetail;
use ui::{
    Button, Card, Code, Definition, DefinitionList, FormActions, FormBody, FormError, Input, PageHeader,
    Saved, Split, SplitAside, SplitMain, Timestamp, field_error,
};

/// One project and its members.
#[component]
pub fn ProjectPage() -> impl IntoView {
    let (name, project) = (text_param("name"), text_param("project"));
    let grants = GrantActions::new();
    let rename = ServerAction::<NameProject>::new();
    let renamed = successes(rename);
    let saved = saved_after(renamed);
    let data = load(
        move || (name.get(), project.get(), grants.done(), renamed.get()),
        |(name, project, _, _)| async move {
            let project: ProjectId = project.parse().map_err(|_| missing())?;
            get_project(name, project).await
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(detail) => view! { <Detail detail grants rename saved /> }.into_any(),
                    Err(crate::api::Error(error)) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Detail(
    detail: ProjectDetail,
    grants: GrantActions,
    rename: ServerAction<NameProject>,
    saved: Signal<bool>,
) -> impl IntoView {
    let (workspace, project) = (detail.workspace, detail.project.id);
    let here = Place::Project(ProjectPlace { workspace, project });
    let (title, heading) = (detail.project.label(), detail.project.label());
    let name = detail.workspace_name.clone();
    let choices = detail.choices.clone();
    let can_manage = choices.is_some();
    let current = detail.project.name.clone().unwrap_or_default();
    view! {
        <Title text=title />
        <PageHeader title=heading lead=format!("A project of {}", detail.workspace_label) />
        <Split>
            <SplitMain>
                <div class="flex flex-col gap-6">
                    <Grants workspace name here grants=detail.grants can_take=can_manage actions=grants>
                        {choices.map(|choices| view! { <GiveRole workspace project choices actions=grants /> })}
                    </Grants>
                    <People
                        lead="Who may see this project, roles in the workspace and the organization included."
                        people=detail.people
                        total=detail.people_total
                        here
                    />
                    {can_manage.then(|| view! { <Naming here=(workspace, project) current rename saved /> })}
                </div>
            </SplitMain>
            <SplitAside label="Facts">
                <Card title="Facts">
                    <DefinitionList>
                        <Definition term="Workspace">
                            <a class="link" href=format!("/workspaces/{}", detail.workspace_name)>
                                {detail.workspace_label.clone()}
                            </a>
                        </Definition>
                        <Definition term="Known since"><Timestamp at=detail.project.created_at full=true /></Definition>
                        <Definition term="Id"><Code>{project.to_string()}</Code></Definition>
                    </DefinitionList>
                </Card>
            </SplitAside>
        </Split>
    }
}

#[component]
fn Naming(
    here: (model::WorkspaceId, ProjectId),
    current: String,
    rename: ServerAction<NameProject>,
    saved: Signal<bool>,
) -> impl IntoView {
    let error = Signal::derive(move || failure(rename.value().read().as_ref()));
    let (workspace, project) = here;
    view! {
        <Card title="Name in Reeve" lead="A workspace reports the ids of its projects alone. The name is for the lists here; ZenML keeps its own.">
            <ActionForm action=rename>
                <FormBody>
                    <FormError error />
                    <input type="hidden" name="workspace" value=workspace.to_string() />
                    <input type="hidden" name="project" value=project.to_string() />
                    <Input
                        name="name"
                        label="Name"
                        value=current
                        required=true
                        maxlength=100
                        autocomplete="off"
                        error=field_error(error, "name")
                    />
                    <FormActions>
                        <Button pending=rename.pending()>"Save"</Button>
                        <Saved when=saved />
                    </FormActions>
                </FormBody>
            </ActionForm>
        </Card>
    }
}
