//! Who may enter a workspace or see a project, and through what.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use crate::pages::ways::Ways;
use leptos::prelude::*;
use model::grant::{Entrant, Place};
use ui::{Card, Cell, Column, Person, Row, Table};

/// The people, and through what each of them may.
#[component]
pub(super) fn People(
    /// What they may, in one sentence.
    lead: &'static str,
    people: Vec<Entrant>,
    /// How many there are; only the first are shown.
    total: u32,
    /// The place the page is about.
    here: Place,
) -> impl IntoView {
    let shown = people.len();
    let cut = (shown < total as usize).then(|| {
        let text = format!("These are the first {shown} of {total}, by name.");
        view! { <p class="mt-2 px-2 text-sm text-muted">{text}</p> }
    });
    let rows = people
        .into_iter()
        .map(|entrant| {
            view! {
                <Row>
                    <Cell><Person name=entrant.name detail=entrant.email /></Cell>
                    <Cell><Ways ways=entrant.ways here /></Cell>
                </Row>
            }
        })
        .collect_view();
    let title = format!("People ({total})");
    view! {
        <div id="people">
            <Card title lead>
                <Table caption="People who may enter" columns=vec![Column::new("Person"), Column::new("Through")]>
                    {rows}
                </Table>
                {cut}
            </Card>
        </div>
    }
}
