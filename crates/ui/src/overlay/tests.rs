use crate::*;
use leptos::prelude::*;

fn html(view: impl FnOnce() -> AnyView) -> String {
    Owner::new().with(|| view().to_html())
}

#[test]
fn a_dialog_is_labelled_and_works_as_a_popover() {
    let html = html(|| view! { <Dialog id="d" title="Keyboard" lead="All keys.">"body"</Dialog> }.into_any());
    assert!(html.contains("<dialog") && html.contains(r#"popover="auto""#), "{html}");
    assert!(html.contains(r#"aria-labelledby="d-title""#) && html.contains(r#"id="d-title""#), "{html}");
    assert!(html.contains(r#"aria-describedby="d-lead""#) && html.contains(r#"id="d-lead""#), "{html}");
    assert!(html.contains(r#"popovertargetaction="hide""#), "closes without WASM: {html}");
}

#[test]
fn a_confirmation_can_ask_for_the_name() {
    let html = html(|| {
        view! {
            <Confirm id="x" title="Delete workspace dev.1" lead="Its history goes with it.">
                <form method="post"><ConfirmActions dialog="x" label="Delete workspace" type_name="dev.1" /></form>
            </Confirm>
        }
        .into_any()
    });
    assert!(html.contains(r#"pattern="dev\.1""#) && html.contains(r#"name="confirm""#), "{html}");
    assert!(html.contains("Type dev.1 to confirm") && html.contains("Delete workspace"), "{html}");
    assert!(html.contains("Cancel"), "{html}");
}

#[test]
fn toasts_share_one_polite_region() {
    let html = html(|| {
        provide_toasts();
        view! { <ToastRegion /> }.into_any()
    });
    assert_eq!(html.matches(r#"aria-live="polite""#).count(), 1, "{html}");
}
