use crate::*;
use leptos::prelude::*;
use model::time::Timestamp as Instant;

fn html(view: impl FnOnce() -> AnyView) -> String {
    Owner::new().with(|| view().to_html())
}

#[test]
fn icons_are_silent() {
    let html = html(|| view! { <Icon name="users" /> }.into_any());
    assert!(html.contains(r#"aria-hidden="true""#) && html.contains(r#"href="/icons.svg#users""#), "{html}");
}

#[test]
fn state_is_a_word_and_a_colour() {
    let html = html(|| {
        view! { <Badge tone=Tone::Ok icon="check">"Accepted"</Badge> <StatusDot tone=Tone::Bad>"Offline"</StatusDot> }
            .into_any()
    });
    assert!(html.contains("Accepted") && html.contains("bg-ok-soft text-ok"), "{html}");
    assert!(html.contains("Offline") && html.contains("fill-bad-fill"), "{html}");
}

#[test]
fn a_time_is_rendered_absolute_and_in_utc() {
    let at = Instant::from_millis(1_795_434_245_000);
    let html = html(move || view! { <Timestamp at=at /> }.into_any());
    assert!(html.contains(&format!(r#"datetime="{}""#, at.to_rfc3339())), "{html}");
    assert_eq!(html.matches(&at.to_human()).count(), 2, "title and text: {html}");
}

#[test]
fn a_table_has_a_caption_scopes_and_a_body() {
    let html = html(|| {
        view! {
            <Table caption="Members" columns=vec![Column::new("Name"), Column::new("Runs").numeric().hide(Hide::Phone), Column::actions()]>
                <Row>
                    <CellLink href="/members/1">"Ada"</CellLink>
                    <Cell numeric=true hide=Hide::Phone>"3"</Cell>
                    <CellActions>"…"</CellActions>
                </Row>
            </Table>
        }
        .into_any()
    });
    assert!(html.contains("<caption") && html.contains("<tbody>"), "{html}");
    assert_eq!(html.matches(r#"scope="col""#).count(), 3, "{html}");
    assert_eq!(html.matches(r#"scope="row""#).count(), 1, "{html}");
    assert!(html.contains(r#"role="region""#) && html.contains(r#"tabindex="0""#), "{html}");
    assert_eq!(html.matches("max-sm:hidden").count(), 2, "head and cell: {html}");
}

#[test]
fn a_meter_has_its_number() {
    let html = html(|| view! { <Progress label="Members" value=12 max=10 /> }.into_any());
    assert!(html.contains(r#"role="meter""#) && html.contains(r#"aria-valuenow="10""#), "{html}");
    assert!(html.contains("12 of 10") && html.contains(r#"width="100%""#), "{html}");
    assert!(html.contains("fill-bad-fill") && !html.contains("style="), "{html}");
}

#[test]
fn a_meter_of_nothing_is_full() {
    let html = html(|| view! { <Progress label="Members" value=0 max=0 /> }.into_any());
    assert!(
        html.contains(r#"width="100%" height="100%" rx="3""#) && html.contains("fill-bad-fill"),
        "{html}"
    );
}

#[test]
fn bars_are_read_as_one_sentence() {
    let bars = vec![
        Bar { percent: 0, tone: Tone::Bad, label: "Mon".to_owned() },
        Bar { percent: 255, tone: Tone::Ok, label: "Tue".to_owned() },
    ];
    let html = html(|| view! { <Spark title="Last days" summary="One gap." bars=bars /> }.into_any());
    assert!(html.contains(r#"aria-label="Last days. One gap.""#), "{html}");
    assert!(html.contains(r#"viewBox="0 0 10 24""#), "{html}");
    assert!(html.contains(r#"height="2""#) && html.contains(r#"height="24""#), "{html}");
}

#[test]
fn steps_say_what_is_done_and_what_is_next() {
    let html = html(|| {
        view! { <Steps><Step title="One" lead="a" done=true /><Step title="Two" lead="b" current=true /></Steps> }.into_any()
    });
    assert!(html.contains("Done: ") && html.contains("Next: "), "{html}");
    assert_eq!(html.matches(r#"aria-current="step""#).count(), 1, "{html}");
}

#[test]
fn a_problem_is_a_heading_and_a_way_out() {
    let html = html(|| {
        view! { <Problem status="404" title="No such page" lead="It may have moved." reference=Some("018f".to_owned())>"out"</Problem> }
            .into_any()
    });
    assert_eq!(html.matches("<h1").count(), 1, "{html}");
    assert!(html.contains("404") && html.contains("018f") && html.contains("out"), "{html}");
}

#[test]
fn code_can_be_scrolled_by_keyboard() {
    let html = html(|| view! { <CodeBlock label="reeve.toml" code="a = \"<b>\"" /> }.into_any());
    assert!(html.contains(r#"tabindex="0""#) && html.contains("&lt;b&gt;"), "{html}");
    assert!(html.contains(r#"aria-label="Copy reeve.toml""#), "{html}");
}

#[test]
fn numbers_facts_and_nothing() {
    let html = html(|| {
        view! {
            <Stats><Stat label="Members" value="12" href="/members" /></Stats>
            <DefinitionList><Definition term="Created">"today"</Definition></DefinitionList>
            <Empty icon="boxes" title="No workspaces yet" lead="Enrol one." />
            <Alert tone=Tone::Warn title="No mail server">"Copy the links."</Alert>
            <SkeletonTable rows=2 columns=2 />
            <Card title="Sessions">"…"</Card>
        }
        .into_any()
    });
    assert_eq!(html.matches("<dl").count(), 2, "{html}");
    assert!(html.contains("No workspaces yet") && html.contains("triangle-alert"), "{html}");
    assert!(html.contains(r#"aria-busy="true""#) && html.contains("Loading"), "{html}");
}

/// A misspelt icon is an empty square that nobody notices.
#[test]
fn every_icon_named_in_a_view_is_in_the_sprite() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let list = std::fs::read_to_string(format!("{root}/style/icons.txt")).expect("the list of icons");
    let known: Vec<&str> = list.lines().map(str::trim).collect();
    let mut folders = vec![format!("{root}/app/src").into(), format!("{root}/crates/ui/src").into()];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        let folder: std::path::PathBuf = folder;
        for entry in std::fs::read_dir(&folder).expect("a source folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("source text");
            for marker in ["<Icon name=\"", " icon=\""] {
                for name in text.split(marker).skip(1).filter_map(|rest| rest.split('"').next()) {
                    seen += 1;
                    assert!(known.contains(&name), "{name} of {} is not in style/icons.txt", path.display());
                }
            }
        }
    }
    assert!(seen > 20, "only {seen} icons found: has the spelling of views changed?");
}
