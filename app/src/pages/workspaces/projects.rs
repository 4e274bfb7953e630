//! The projects of a workspace, and making one.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use crate::api::projects::CreateProject;
use crate::pages::{emptied_after, failure, successes};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::WorkspaceId;
use model::project::Project;
use ui::{
    Alert, Button, Card, Cell, CellLink, Column, Empty, FormError, Hide, Input, Row, Table, Timestamp, Tone,
    field_error,
};

/// Making projects.
#[derive(Clone, Copy)]
pub(super) struct Making {
    action: ServerAction<CreateProject>,
    /// How many were made on this page.
    pub(super) done: Memo<usize>,
}

impl Making {
    pub(super) fn new() -> Self {
        let action = ServerAction::new();
        Self { action, done: successes(action) }
    }
}

/// The projects Reeve knows of. With `can_create` another can be made.
#[component]
pub(super) fn Projects(
    workspace: WorkspaceId,
    /// The workspace's identifier.
    name: String,
    /// `None` for those who may not know; some of them may make one all the same.
    projects: Option<Vec<Project>>,
    can_create: bool,
    making: Making,
) -> impl IntoView {
    if projects.is_none() && !can_create {
        return ().into_any();
    }
    let made = move || making.action.value().get().and_then(Result::ok);
    view! {
        <div id="projects">
            <Card title="Projects" lead="A role in a project reaches that project alone.">
                {projects.map(|projects| view! { <ProjectTable name projects /> })}
                {move || {
                    made()
                        .map(|project| {
                            view! {
                                <div class="mt-4">
                                    <Alert tone=Tone::Ok title=format!("{} is made", project.label())>
                                        "Whoever holds a role in the whole workspace that shows every project sees it, and so do you."
                                    </Alert>
                                </div>
                            }
                        })
                }}
                {can_create.then(|| view! { <NewProject workspace making /> })}
            </Card>
        </div>
    }
    .into_any()
}

#[component]
fn ProjectTable(name: String, projects: Vec<Project>) -> impl IntoView {
    if projects.is_empty() {
        return view! {
            <Empty icon="box" title="No project is known yet" lead="Reeve learns of a project when it is made, in ZenML or here." />
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Project"),
        Column::new("Id").hide(Hide::Tablet),
        Column::new("Roles given").numeric(),
        Column::new("Known since").hide(Hide::Phone),
    ];
    let rows = projects
        .into_iter()
        .map(|project| {
            let href = format!("/workspaces/{name}/project/{}", project.id);
            let (label, id) = (project.label(), project.id.to_string());
            view! {
                <Row>
                    <CellLink href>{label}</CellLink>
                    <Cell hide=Hide::Tablet><span class="font-mono text-xs">{id}</span></Cell>
                    <Cell numeric=true>{project.grants}</Cell>
                    <Cell hide=Hide::Phone><Timestamp at=project.created_at /></Cell>
                </Row>
            }
        })
        .collect_view();
    view! { <Table caption="Projects" columns>{rows}</Table> }.into_any()
}

#[component]
fn NewProject(workspace: WorkspaceId, making: Making) -> impl IntoView {
    let action = making.action;
    let node_ref = emptied_after(making.done);
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    view! {
        <div class="mt-4 flex flex-col gap-3 border-t border-line-soft pt-4">
            <h3 class="text-sm font-semibold">"Make a project"</h3>
            <ActionForm action node_ref>
                <input type="hidden" name="workspace" value=workspace.to_string() />
                <FormError error />
                <div class="flex flex-wrap items-start gap-3">
                    <div class="min-w-52 grow basis-52">
                        <Input
                            id="field-project-name"
                            name="name"
                            label="Project name"
                            hint="As code names it: lower-case letters, digits, dashes and underscores."
                            pattern="[a-z0-9_\\-]+"
                            required=true
                            maxlength=50
                            autocomplete="off"
                            mono=true
                            error=field_error(error, "name")
                        />
                    </div>
                    <div class="min-w-52 grow basis-52">
                        <Input
                            id="field-project-display-name"
                            name="display_name"
                            label="Project name for people"
                            maxlength=100
                            optional_mark=true
                            autocomplete="off"
                            error=field_error(error, "display_name")
                        />
                    </div>
                    <div class="pt-6.5">
                        <Button icon="plus" pending=action.pending()>"Make project"</Button>
                    </div>
                </div>
            </ActionForm>
        </div>
    }
}
