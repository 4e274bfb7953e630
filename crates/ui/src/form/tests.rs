use crate::*;
use leptos::prelude::*;
use model::error::{ApiError, ErrorCode};

fn html(view: impl IntoView + 'static) -> String {
    view.to_html()
}

fn in_owner<T>(run: impl FnOnce() -> T) -> T {
    Owner::new().with(run)
}

#[test]
fn an_input_is_tied_to_its_label_and_its_help() {
    let html = in_owner(|| {
        html(
            view! { <Input name="email" kind="email" label="E-mail" hint="Where the link goes." value="a@b" required=true maxlength=254 /> },
        )
    });
    assert!(html.contains(r#"<label for="field-email""#), "{html}");
    assert!(html.contains(r#"id="field-email""#) && html.contains(r#"type="email""#), "{html}");
    assert!(html.contains(r#"aria-describedby="field-email-hint""#), "{html}");
    assert!(html.contains(r#"id="field-email-hint""#), "{html}");
    assert!(html.contains(" required") && html.contains(r#"maxlength="254""#), "{html}");
    assert!(!html.contains("aria-invalid="), "{html}");
}

#[test]
fn an_error_takes_the_place_of_the_help() {
    let mut error = ApiError::new(ErrorCode::Invalid, "Some of this is not right.");
    error.fields.insert("name".to_owned(), "Already taken.".to_owned());
    let html = in_owner(|| {
        let error = Signal::derive(move || Some(error.clone()));
        html(view! {
            <FormError error=error />
            <Input name="name" label="Name" hint="Lower case." error=field_error(error, "name") />
            <Input name="other" label="Other" error=field_error(error, "other") />
        })
    });
    assert!(html.contains(r#"role="alert""#) && html.contains("Some of this is not right."), "{html}");
    assert!(html.contains(r#"aria-describedby="field-name-error""#), "{html}");
    assert_eq!(html.matches(r#"aria-invalid="true""#).count(), 1, "{html}");
    assert!(html.contains("Already taken.") && !html.contains("Lower case."), "{html}");
}

#[test]
fn errors_may_be_values_or_closures() {
    let html = in_owner(|| {
        html(view! {
            <Input name="a" label="A" error="Too long." />
            <Input name="b" label="B" error={None::<String>} />
            <Input name="c" label="C" error=Signal::derive(|| Some("Too short.".to_owned())) />
        })
    });
    assert_eq!(html.matches(r#"aria-invalid="true""#).count(), 2, "{html}");
}

#[test]
fn only_faults_of_ours_show_a_reference() {
    let shown = |code| {
        let mut error = ApiError::new(code, "No.");
        error.request_id = "018f".to_owned();
        in_owner(|| html(view! { <FormError error=Some(error) /> }))
    };
    assert!(shown(ErrorCode::Internal).contains("018f"));
    assert!(!shown(ErrorCode::Conflict).contains("018f"));
}

#[test]
fn the_live_region_is_there_before_the_error() {
    let html = in_owner(|| html(view! { <FormError error=None /> }));
    assert!(html.contains(r#"role="alert""#), "{html}");
}

#[test]
fn a_select_marks_its_value() {
    let html = in_owner(|| {
        let options = vec![Choice::new("admin", "Admin"), Choice::new("viewer", "Viewer")];
        html(view! { <Select name="role" label="Role" options=options value="viewer" hide_label=true /> })
    });
    assert_eq!(html.matches(" selected").count(), 1, "{html}");
    assert!(html.contains(r#"value="viewer" selected"#), "{html}");
    assert!(html.contains(r#"class="sr-only""#), "{html}");
}

#[test]
fn a_select_puts_neighbours_of_one_group_under_its_name() {
    let html = in_owner(|| {
        let options = vec![
            Choice::new("", "Choose"),
            Choice::new("stack.read", "Read").group("Stacks"),
            Choice::new("stack.update", "Update").group("Stacks"),
            Choice::new("model.read", "Read").group("Models"),
        ];
        html(view! { <Select name="permission" label="Permission" options=options /> })
    });
    assert_eq!(html.matches("<optgroup").count(), 2, "{html}");
    assert!(html.contains(r#"<optgroup label="Stacks">"#), "{html}");
}

#[test]
fn what_an_input_suggests_is_tied_to_it() {
    let offered = in_owner(|| {
        let suggestions = vec!["Data science".to_owned()];
        html(view! { <Input name="who" label="Who" suggestions=suggestions /> })
    });
    assert!(offered.contains(r#"list="field-who-list""#), "{offered}");
    assert!(offered.contains(r#"<datalist id="field-who-list""#), "{offered}");
    assert!(offered.contains(r#"value="Data science""#), "{offered}");
    let plain = in_owner(|| html(view! { <Input name="who" label="Who" /> }));
    assert!(!plain.contains("list"), "{plain}");
}

#[test]
fn radio_cards_form_a_group_with_a_legend() {
    let html = in_owner(|| {
        let options = vec![
            Choice::new("admin", "Admin").hint("Everything."),
            Choice::new("viewer", "Viewer").hint("Reads."),
        ];
        html(
            view! { <RadioCards name="role" legend="Role" options=options value="admin" error="Pick one." /> },
        )
    });
    assert!(html.contains("<fieldset") && html.contains("<legend"), "{html}");
    assert!(html.contains(r#"aria-describedby="field-role-error""#), "{html}");
    assert_eq!(html.matches(r#"type="radio""#).count(), 2, "{html}");
    assert_eq!(html.matches(" checked").count(), 1, "{html}");
    assert!(html.contains(r#"aria-describedby="field-role-viewer-hint""#), "{html}");
}

#[test]
fn a_checkbox_and_a_textarea_keep_what_they_are_given() {
    let html = in_owner(|| {
        html(view! {
            <Checkbox name="trusted" label="Trust this device" checked=true />
            <Textarea name="emails" label="Addresses" value="</textarea><a>&amp;\nb" />
        })
    });
    assert!(html.contains(" checked") && html.contains(r#"value="true""#), "{html}");
    assert!(html.contains("&lt;/textarea&gt;&lt;a&gt;&amp;amp;\nb</textarea>"), "{html}");
}

#[test]
fn a_search_has_a_label_and_takes_the_shortcut() {
    let html = in_owner(|| html(view! { <Search label="Search members" value="ada" /> }));
    assert!(html.contains(r#"type="search""#) && html.contains("data-search"), "{html}");
    assert!(html.contains(r#"<label for="field-q""#) && html.contains(r#"name="q""#), "{html}");
}

#[test]
fn a_secret_says_what_it_is_for_and_what_to_do_when_lost() {
    let html = in_owner(|| {
        html(
            view! { <SecretOnce label="Enrollment key" secret="reeve_1" purpose="For the server." lost="Rotate it." /> },
        )
    });
    for part in ["reeve_1", "For the server.", "Rotate it.", "Shown once", r#"aria-label="Enrollment key""#] {
        assert!(html.contains(part), "{part}: {html}");
    }
}
