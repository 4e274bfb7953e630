//! The access explorer: what somebody can do and why, and who can do something. All of what is asked is in the address.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

mod able;
mod answer;
mod matrix;
mod person;
mod question;
mod wanted;

use crate::api::Error;
use crate::api::access::{explain_access, get_access, get_access_choices, get_person_access, who_can};
use crate::api::load::load;
use crate::api::members::{get_member, list_members};
use crate::pages::{ErrorView, missing, org_param};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::access::{AbleList, Access, AccessChoices, Explanation, PersonAccess};
use model::grant::Place;
use model::member::Member;
use model::page::Page;
use serde::{Deserialize, Serialize};
use ui::{PageHeader, Tab, Tabs};
use wanted::{Question, Wanted};

/// What is shown. An answer that was refused stands as an error beside the form, which stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Found {
    /// Nobody is chosen yet: people to choose from.
    People(Page<Member>),
    /// Somebody.
    Person(Box<Somebody>),
    /// Everybody who may.
    Able { choices: AccessChoices, able: Option<Result<AbleList, Error>> },
}

/// Somebody, and what they may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Somebody {
    member: Member,
    choices: AccessChoices,
    /// From the organization down, where no workspace is chosen.
    held: Option<PersonAccess>,
    /// In the workspace or project that is chosen.
    access: Option<Result<Access, Error>>,
    /// Why they may do the one thing that is chosen.
    why: Option<Result<Explanation, Error>>,
}

async fn find(wanted: Wanted) -> Result<Found, Error> {
    let org = wanted.org.ok_or_else(missing)?;
    let asked = wanted.asked();
    let user = match (wanted.question, wanted.user) {
        (Question::Person, Some(user)) => user,
        (Question::Person, None) => {
            let search = Some(wanted.search).filter(|text| !text.is_empty());
            return Ok(Found::People(list_members(org, search, None, wanted.cursor).await?));
        }
        (Question::Able, _) => {
            let choices = get_access_choices(org).await?;
            let able = match asked {
                Some(asked) => Some(who_can(org, asked.place, asked.permission, asked.resource).await),
                None => None,
            };
            return Ok(Found::Able { choices, able });
        }
    };
    let member = get_member(org, user).await?.member;
    let choices = get_access_choices(org).await?;
    let (held, access) = match wanted.place() {
        Some(Place::Org(_)) => (Some(get_person_access(org, user).await?), None),
        Some(place) => (None, Some(get_access(org, user, place).await)),
        None => (None, None),
    };
    let why = match asked {
        Some(asked) => Some(explain_access(org, user, asked.place, asked.permission, asked.resource).await),
        None => None,
    };
    Ok(Found::Person(Box::new(Somebody { member, choices, held, access, why })))
}

/// The two questions.
#[component]
pub fn AccessExplorer() -> impl IntoView {
    let (org, query) = (org_param(), use_query_map());
    let wanted = Memo::new(move |_| Wanted::read(org.get(), &query.read()));
    let data = load(move || wanted.get(), find);
    view! {
        <Title text="Access" />
        <PageHeader title="Access" lead="What people can do in the organization and its workspaces, through what, and who can do one thing." />
        <QuestionTabs wanted />
        <Transition>
            {move || Suspend::new(async move {
                let wanted = wanted.get();
                match data.await {
                    Ok(Found::People(people)) => view! { <person::Choose wanted people /> }.into_any(),
                    Ok(Found::Person(found)) => view! { <person::PersonView wanted found=*found /> }.into_any(),
                    Ok(Found::Able { choices, able }) => view! { <able::AbleView wanted choices able /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error.0 /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn QuestionTabs(wanted: Memo<Wanted>) -> impl IntoView {
    let tab = move |question: Question, label: &'static str| {
        let current = Signal::derive(move || wanted.with(|wanted| wanted.question == question));
        // Place and permission stay: the other question is about the same.
        let href = move || wanted.with(|wanted| Wanted { question, ..wanted.clone() }.address());
        move || view! { <Tab href=href() current>{label}</Tab> }
    };
    view! {
        <Tabs label="Questions">
            {tab(Question::Person, "What can somebody do?")}
            {tab(Question::Able, "Who can do something?")}
        </Tabs>
    }
}
