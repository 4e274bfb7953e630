//! What a change would do to people, said before it is made.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use super::words::{action_words, counted, kind_words, listed, reeve_words};
use leptos::prelude::*;
use model::access::{Effect, EffectLine};
use model::policy::{Action, ResourceType};
use model::role::PermissionName;
use ui::{Alert, Icon, Tone};

/// Shown at once; the rest is behind a press.
const AT_ONCE: usize = 8;

/// What a change would do: "4 people lose update on stacks in 2 workspaces: Ada, Bo, Cem and Dan".
///
/// ```ignore
/// <EffectView effect />
/// ```
#[component]
pub(crate) fn EffectView(
    /// What the server worked out.
    effect: Effect,
) -> impl IntoView {
    if effect.lines.is_empty() {
        return view! {
            <Alert tone=Tone::Ok>"Nobody loses or gains anything."</Alert>
        }
        .into_any();
    }
    let people = counted(effect.people, "person", "people");
    let mut lines = grouped(effect.lines);
    let rest = lines.split_off(lines.len().min(AT_ONCE));
    let more = (!rest.is_empty()).then(|| {
        let count = rest.len();
        view! {
            <details class="mt-2">
                <summary class="link text-sm">{format!("Show {count} more")}</summary>
                <ul class="mt-2 flex flex-col gap-2">{line_views(rest)}</ul>
            </details>
        }
    });
    view! {
        <div class="flex flex-col gap-3">
            {effect
                .own_loss
                .then(|| {
                    view! {
                        <Alert tone=Tone::Warn title="You lose rights of your own">
                            "You cannot take them back yourself: somebody who still has them must give them."
                        </Alert>
                    }
                })}
            <div class="rounded-control border border-line px-3 py-2.5 text-sm">
                <p class="mb-2 font-medium">{format!("Changes what {people} may do")}</p>
                <ul class="flex flex-col gap-2">{line_views(lines)}</ul>
                {more}
            </div>
        </div>
    }
    .into_any()
}

fn line_views(lines: Vec<Line>) -> impl IntoView {
    lines
        .into_iter()
        .map(|line| {
            let (icon, class) = if line.lost {
                ("circle-minus", "mt-0.5 size-4 shrink-0 text-bad")
            } else {
                ("circle-plus", "mt-0.5 size-4 shrink-0 text-ok")
            };
            let places = line.places();
            view! {
                <li class="flex gap-2">
                    <Icon name=icon class />
                    <div class="min-w-0">
                        <p class="break-words text-pretty">{line.sentence()}</p>
                        {places.map(|places| view! { <p class="break-words text-muted">{places}</p> })}
                    </div>
                </li>
            }
        })
        .collect_view()
}

/// What is lost or gained: one right in Reeve, or some actions on one type.
#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Right(&'static str),
    On(ResourceType, Vec<Action>),
}

/// Lines that differ in the action alone, as one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    lost: bool,
    what: What,
    people: u32,
    names: Vec<String>,
    workspaces: u32,
    workspace_names: Vec<String>,
}

impl Line {
    fn sentence(&self) -> String {
        let people = counted(self.people, "person", "people");
        let verb = match (self.lost, self.people) {
            (true, 1) => "loses",
            (true, _) => "lose",
            (false, 1) => "gains",
            (false, _) => "gain",
        };
        let what = match &self.what {
            What::Right(words) => format!("the right to {words}"),
            What::On(kind, actions) => {
                let actions: Vec<&str> = actions.iter().map(|action| action_words(*action)).collect();
                format!("{} on {}", listed(&actions, actions.len()), kind_words(*kind))
            }
        };
        let place = match self.workspaces {
            0 => String::new(),
            n => format!(" in {}", counted(n, "workspace", "workspaces")),
        };
        let names = listed(&self.names, self.people as usize);
        format!("{people} {verb} {what}{place}: {names}")
    }

    /// What the workspaces are called, if there are any.
    fn places(&self) -> Option<String> {
        let names = listed(&self.workspace_names, self.workspaces as usize);
        (!names.is_empty()).then(|| format!("In {names}"))
    }

    fn holds(&self, other: &EffectLine) -> bool {
        self.lost == other.lost
            && self.people == other.people
            && self.names == other.names
            && self.workspaces == other.workspaces
            && self.workspace_names == other.workspace_names
    }
}

fn grouped(lines: Vec<EffectLine>) -> Vec<Line> {
    let mut groups: Vec<Line> = Vec::new();
    for line in lines {
        let what = match line.permission {
            PermissionName::Reeve(permission) => What::Right(reeve_words(permission)),
            PermissionName::Resource(kind, action) => {
                let same = groups.iter_mut().find(|group| {
                    group.holds(&line) && matches!(group.what, What::On(known, _) if known == kind)
                });
                if let Some(Line { what: What::On(_, actions), .. }) = same {
                    actions.push(action);
                    continue;
                }
                What::On(kind, vec![action])
            }
        };
        groups.push(Line {
            lost: line.lost,
            what,
            people: line.people,
            names: line.names,
            workspaces: line.workspaces,
            workspace_names: line.workspace_names,
        });
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(permission: &str, names: &[&str], workspaces: &[&str]) -> EffectLine {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        EffectLine {
            lost: true,
            permission: permission.parse().unwrap(),
            people: u32::try_from(names.len()).unwrap(),
            names: owned(names),
            workspaces: u32::try_from(workspaces.len()).unwrap(),
            workspace_names: owned(workspaces),
        }
    }

    #[test]
    fn an_effect_is_said_in_sentences() {
        let dev = ["dev", "prod"];
        let said: Vec<String> = grouped(vec![
            line("audit.read", &["Ada"], &[]),
            line("stack.update", &["Ada", "Bo"], &dev),
            line("stack.delete", &["Ada", "Bo"], &dev),
            line("secret.delete", &["Ada", "Bo"], &dev),
            line("stack.read", &["Ada"], &["dev"]),
        ])
        .iter()
        .map(Line::sentence)
        .collect();
        assert_eq!(
            said,
            [
                "1 person loses the right to read the audit log: Ada",
                "2 people lose update and delete on stacks in 2 workspaces: Ada and Bo",
                "2 people lose delete on secrets in 2 workspaces: Ada and Bo",
                "1 person loses read on stacks in 1 workspace: Ada",
            ]
        );
    }

    #[test]
    fn names_that_are_not_sent_are_counted() {
        let many =
            Line { people: 12, ..grouped(vec![line("stack.read", &["Ada", "Bo"], &["dev"])]).remove(0) };
        assert_eq!(many.sentence(), "12 people lose read on stacks in 1 workspace: Ada, Bo and 10 more");
        assert_eq!(many.places().as_deref(), Some("In dev"));
    }

    #[test]
    fn nothing_changed_is_said_too() {
        let html = Owner::new().with(|| view! { <EffectView effect=Effect::default() /> }.to_html());
        assert!(html.contains("Nobody loses or gains anything."), "{html}");
    }
}
