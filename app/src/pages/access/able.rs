//! Who can do something.

use super::answer::NoAnswer;
use super::question::{QuestionForm, place_words};
use super::wanted::{Asked, Wanted};
use crate::api::Error;
use crate::pages::ways::Ways;
use crate::pages::words::{counted, permission_words};
use leptos::prelude::*;
use model::access::{AbleList, AccessChoices};
use ui::{Card, Cell, CellLink, Column, Empty, Person, Row, Table};

/// The question, and everybody who may.
#[component]
pub(super) fn AbleView(
    wanted: Wanted,
    choices: AccessChoices,
    able: Option<Result<AbleList, Error>>,
) -> impl IntoView {
    let place = place_words(&wanted, &choices);
    let refused = able.as_ref().and_then(|able| able.as_ref().err()).map(|error| error.0.clone());
    let answer = match (able, wanted.asked()) {
        (Some(Ok(list)), Some(asked)) => {
            view! { <People wanted=wanted.clone() asked place list /> }.into_any()
        }
        (Some(Err(error)), _) => view! { <NoAnswer error=error.0 wanted=wanted.clone() /> }.into_any(),
        _ => ().into_any(),
    };
    view! {
        <div class="flex flex-col gap-6">
            <Card title="Ask about one thing">
                <QuestionForm wanted choices refused />
            </Card>
            {answer}
        </div>
    }
}

#[component]
fn People(wanted: Wanted, asked: Asked, place: String, list: AbleList) -> impl IntoView {
    let what = permission_words(asked.permission);
    if list.people.is_empty() {
        let title = format!("Nobody may {what} in {place}");
        return view! {
            <Card flush=true>
                <Empty icon="lock" title lead="Ask about a person instead to see the least that would allow it to them." />
            </Card>
        }
        .into_any();
    }
    let title = format!("{} may {what} in {place}", counted(list.total, "person", "people"));
    let shown = list.people.len();
    let cut = (shown < list.total as usize).then(|| {
        let text = format!("These are the first {shown}, by name.");
        view! { <p class="mt-2 px-2 text-sm text-muted">{text}</p> }
    });
    let rows = list
        .people
        .into_iter()
        .map(|able| {
            let href = wanted.about(able.user).address();
            view! {
                <Row>
                    <CellLink href>
                        <Person name=able.name detail=able.email />
                    </CellLink>
                    <Cell><Ways ways=able.ways here=asked.place /></Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <Card title flush=true>
            <Table caption="People who may" columns=vec![Column::new("Person"), Column::new("Through")]>
                {rows}
            </Table>
            {cut}
        </Card>
    }
    .into_any()
}
