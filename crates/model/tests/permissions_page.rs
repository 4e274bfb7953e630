//! `docs/permissions.md` is written from the policy, so that what people read there is what is decided.
//!
//! `UPDATE_DOCS=1 cargo test -p model` writes it again. Whether the policy itself is the intended one is the golden
//! file's claim, beside [`model::policy`].

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it was arranged")]

use model::policy::{Action, Kind, ResourceType, actions_of, allows};
use model::role::{PermissionName, Predefined, TEAM_VIEWER, offered};
use model::{Level, Permission};
use std::collections::HashMap;
use std::fmt::Write;
use std::fs;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/permissions.md");

/// What is written in a cell for nothing.
const NONE: &str = "–";

#[test]
fn the_page_says_what_the_policy_says() {
    let page = page();
    #[expect(
        clippy::disallowed_methods,
        reason = "whoever changed the policy asks for the page to be written again"
    )]
    let wanted = std::env::var("UPDATE_DOCS").is_ok();
    if wanted {
        fs::write(PAGE, &page).unwrap();
    }
    let file = fs::read_to_string(PAGE).unwrap_or_default();
    let line = file.lines().zip(page.lines()).take_while(|(is, should)| is == should).count();
    assert!(
        file == page,
        "docs/permissions.md does not say what the policy says, from line {} on:\n is     {}\n should {}\n\
         UPDATE_DOCS=1 cargo test -p model writes it again.",
        line + 1,
        file.lines().nth(line).unwrap_or("(the end)"),
        page.lines().nth(line).unwrap_or("(the end)"),
    );
}

#[test]
fn every_action_has_a_letter_of_its_own() {
    let mut letters: Vec<char> = Action::ALL.iter().map(|action| letter(*action)).collect();
    letters.sort_unstable();
    letters.dedup();
    assert_eq!(letters.len(), Action::ALL.len());
}

fn page() -> String {
    let meanings = Meanings::read();
    let mut page = String::from(HEAD);
    letters(&mut page, &meanings);
    for level in Level::GRANTED {
        roles(&mut page, level);
        in_reeve(&mut page, level);
        in_workspaces(&mut page, level);
    }
    write!(page, "## {TEAM_VIEWER}\n\n{TEAM}").unwrap();
    vocabulary(&mut page, &meanings);
    page
}

const HEAD: &str = "\
# Permissions

What every predefined role allows, and the words that custom roles are made of. How roles, grants and shares work
together is told in [concepts](concepts.md).

This page is made from the policy that decides; a test compares the two. Do not edit it.

A role allows two kinds of things. **In Reeve**: seeing members, giving roles, enrolling workspaces. **Inside a
workspace**: what its ZenML server asks about, an action on a type of resource. A role given in the organization reaches
all its workspaces, one given in a workspace reaches all its projects, one given in a project reaches nothing else.
Whoever made a resource may do everything with it whatever their roles: the ZenML server does not ask about that.

";

const TEAM: &str = "\
Comes with being in a team and is given in no other way: whoever is in a team sees it, who else is in it and what it
holds (`team.read`). A maintainer also puts people in and takes them out (`team.members`), and nothing else.

";

const VOCABULARY: &str = "\
## Vocabulary

A permission is called `noun.verb`: `team.manage`, `stack.read`. These are the names in the API, in previews and in
custom roles. A custom role of a level can be made of those that name this level. A ZenML server asks about reading a
version of a model or an artifact as about reading the `model` or `artifact` itself.

";

/// The letters of the tables, and the names behind them.
fn letters(page: &mut String, meanings: &Meanings) {
    page.push_str(
        "## Letters\n\nWhat stands in the cells; – is nothing.\n\n| | action | |\n| --- | --- | --- |\n",
    );
    for action in Action::ALL {
        writeln!(page, "| {} | `{action}` | {} |", letter(*action), meanings.of(action.as_str())).unwrap();
    }
    page.push('\n');
}

const fn letter(action: Action) -> char {
    match action {
        Action::Create => 'C',
        Action::Read => 'R',
        Action::Update => 'U',
        Action::Delete => 'D',
        Action::Share => 'S',
        Action::ReadSecretValue => 'V',
        Action::Promote => 'P',
        Action::Client => 'L',
        Action::Prune => 'X',
        Action::BackupRestore => 'B',
    }
}

/// The roles of a level, and what each is for.
fn roles(page: &mut String, level: Level) {
    let a = if level == Level::Organization { "an" } else { "a" };
    let lead = format!("## Roles in {a} {level}\n\n| role | as text | |\n| --- | --- | --- |\n");
    page.push_str(&lead);
    for role in Predefined::of(level) {
        writeln!(page, "| **{}** | `{}` | {} |", role.label(), role.as_str(), role.summary()).unwrap();
    }
    page.push('\n');
}

/// Permission × role, without those that no role of the level has.
fn in_reeve(page: &mut String, level: Level) {
    head(page, "in Reeve", level);
    for permission in Permission::ALL {
        let marks: Vec<&str> =
            Predefined::of(level).map(|role| if role.grants(*permission) { "✓" } else { NONE }).collect();
        if marks.iter().any(|mark| *mark != NONE) {
            writeln!(page, "| `{permission}` | {} |", marks.join(" | ")).unwrap();
        }
    }
    page.push('\n');
}

/// Type × role, types of which every role allows the same in one row.
fn in_workspaces(page: &mut String, level: Level) {
    let mut rows: Vec<(Vec<String>, String)> = Vec::new();
    for kind in ResourceType::ALL {
        let allowed = Predefined::of(level).map(|role| allowed(role, Some(*kind), actions_of(*kind)));
        let cells = allowed.collect::<Vec<_>>().join(" | ");
        let name = format!("`{kind}`");
        match rows.iter_mut().find(|(_, known)| *known == cells) {
            Some((names, _)) => names.push(name),
            None => rows.push((vec![name], cells)),
        }
    }
    let unknown = Predefined::of(level).map(|role| allowed(role, None, Action::ALL));
    rows.push((vec!["types this version does not know".to_owned()], unknown.collect::<Vec<_>>().join(" | ")));
    let place = if level == Level::Project { "inside the project" } else { "inside a workspace" };
    head(page, place, level);
    for (names, cells) in rows {
        writeln!(page, "| {} | {cells} |", names.join(", ")).unwrap();
    }
    page.push('\n');
}

fn head(page: &mut String, what: &str, level: Level) {
    let names: Vec<&str> = Predefined::of(level).map(Predefined::label).collect();
    writeln!(page, "| {what} | {} |\n| --- |{}", names.join(" | "), " :-: |".repeat(names.len())).unwrap();
}

/// The letters of what a role allows, of those actions that mean something on the type.
fn allowed(role: Predefined, kind: Kind, actions: &[Action]) -> String {
    let letters: Vec<String> = actions
        .iter()
        .filter(|action| allows(role, kind, **action))
        .map(|action| letter(*action).to_string())
        .collect();
    match letters.len() {
        0 => NONE.to_owned(),
        n if n == Action::ALL.len() => "all".to_owned(),
        _ => letters.join(" "),
    }
}

fn vocabulary(page: &mut String, meanings: &Meanings) {
    page.push_str(VOCABULARY);
    page.push_str("### In Reeve\n\n| permission | | custom roles |\n| --- | --- | --- |\n");
    for permission in Permission::ALL {
        let name = PermissionName::Reeve(*permission);
        let levels: Vec<&str> = Level::GRANTED
            .into_iter()
            .filter(|level| offered(*level).any(|offer| offer == name))
            .map(Level::as_str)
            .collect();
        let levels = if levels.is_empty() { "none: no role gives it".to_owned() } else { levels.join(", ") };
        writeln!(page, "| `{permission}` | {} | {levels} |", meanings.of(permission.as_str())).unwrap();
    }
    page.push_str(
        "\n### Inside a workspace\n\n| noun | | verbs | custom roles |\n| --- | --- | --- | --- |\n",
    );
    for kind in ResourceType::ALL {
        let all = actions_of(*kind);
        let levels: Vec<String> =
            Level::GRANTED.into_iter().filter_map(|level| offered_on(*kind, level)).collect();
        let (meaning, levels) = (meanings.of(kind.as_str()), levels.join(", "));
        writeln!(page, "| `{kind}` | {meaning} | {} | {levels} |", verbs(all)).unwrap();
    }
}

/// The level, and if a custom role of it can hold only some of the type's actions, which. `None` if it can hold none.
fn offered_on(kind: ResourceType, level: Level) -> Option<String> {
    let all = actions_of(kind);
    let held: Vec<Action> = all
        .iter()
        .copied()
        .filter(|action| offered(level).any(|offer| offer == PermissionName::Resource(kind, *action)))
        .collect();
    match held.len() {
        0 => None,
        n if n == all.len() => Some(level.to_string()),
        _ => Some(format!("{level} (only {})", verbs(&held))),
    }
}

fn verbs(actions: &[Action]) -> String {
    actions.iter().map(|action| format!("`{action}`")).collect::<Vec<_>>().join(" ")
}

/// What the declarations say about each word: the text behind `///`. It is not in the program, so it is read there.
struct Meanings(HashMap<&'static str, String>);

impl Meanings {
    fn read() -> Self {
        let mut found = HashMap::new();
        for source in [include_str!("../src/permission.rs"), include_str!("../src/policy.rs")] {
            let mut doc: Vec<&str> = Vec::new();
            for line in source.lines().map(str::trim) {
                if let Some(text) = line.strip_prefix("///") {
                    doc.push(text.trim());
                    continue;
                }
                let word = line.split_once(" = \"").and_then(|(_, rest)| rest.strip_suffix("\","));
                if let Some(word) = word.filter(|_| !doc.is_empty()) {
                    found.insert(word, doc.join(" "));
                }
                doc.clear();
            }
        }
        Self(found)
    }

    fn of(&self, word: &str) -> &str {
        self.0
            .get(word)
            .unwrap_or_else(|| panic!("{word} is declared with a sentence that says what it means"))
    }
}
