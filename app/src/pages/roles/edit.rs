//! Changing a custom role, with the effect before it is saved.

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

use super::grid::{FIELD, PermissionGrid};
use crate::api::roles::UpdateRole;
use crate::pages::failure;
use crate::pages::preview::{Foreseen, Preview};
use leptos::ev::MouseEvent;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::access::Change;
use model::role::{Level, PermissionName, RoleDetail};
use model::{ApiError, OrgId, RoleId};
use ui::{
    Button, ButtonKind, Card, FormActions, FormBody, FormError, Input, Saved, Textarea, Variant, field_error,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// The fields of a role, empty or filled in.
#[component]
pub(super) fn RoleFields(
    /// What is wrong with them.
    #[prop(into)]
    error: Signal<Option<ApiError>>,
    /// Its name so far.
    #[prop(optional, into)]
    name: String,
    /// What it is for, so far.
    #[prop(optional, into)]
    description: String,
) -> impl IntoView {
    view! {
        <FormBody>
            <Input
                name="name"
                label="Name"
                value=name
                hint="Unique among the roles of its level."
                required=true
                maxlength=100
                autocomplete="off"
                error=field_error(error, "name")
            />
            <Textarea
                name="description"
                label="Description"
                value=description
                hint="Who should have it, and for what."
                maxlength=1000
                optional_mark=true
                error=field_error(error, "description")
            />
        </FormBody>
    }
}

/// The grid of a form, and what is wrong with what is ticked in it.
#[component]
pub(super) fn PermissionFields(
    /// What can be ticked.
    level: Level,
    /// What is ticked at first.
    held: Vec<PermissionName>,
    /// What is wrong.
    #[prop(into)]
    error: Signal<Option<ApiError>>,
) -> impl IntoView {
    let wrong = field_error(error, "permissions");
    view! {
        <fieldset class="min-w-0" aria-describedby="field-permissions-error">
            <legend class="mb-3 font-semibold">"What it allows"</legend>
            <p id="field-permissions-error" class="mb-3 text-sm text-bad empty:hidden">
                {move || wrong.get()}
            </p>
            <PermissionGrid level held editable=true />
        </fieldset>
    }
}

/// The form of a custom role. What was seen is named by its revision: whoever saves after somebody else is told.
#[component]
pub(super) fn EditForm(
    org: OrgId,
    role: RoleId,
    detail: RoleDetail,
    action: ServerAction<UpdateRole>,
    saved: Signal<bool>,
) -> impl IntoView {
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    let preview = Preview::new();
    let ask = move |event: MouseEvent| {
        preview.ask(org, Change::EditRole { role, permissions: ticked(&event) });
    };
    view! {
        <Card title="Change the role" lead="Everybody who holds it has what it allows from their next request on.">
            <ActionForm action>
                <FormError error />
                <input type="hidden" name="org" value=org.to_string() />
                <input type="hidden" name="role" value=role.to_string() />
                <input type="hidden" name="revision" value=detail.revision.to_string() />
                <div class="flex flex-col gap-6">
                    <RoleFields error name=detail.row.name description=detail.row.description />
                    <div on:change=move |_| preview.forget()>
                        <PermissionFields level=detail.row.level held=detail.permissions error />
                    </div>
                    <Foreseen preview error id="edit-role-confirmed" />
                    <FormActions>
                        <Button variant=Variant::Primary pending=action.pending()>"Save role"</Button>
                        <span class="hidden hydrated:inline-flex">
                            <Button kind=ButtonKind::Button icon="eye" press=Callback::new(ask)>"Show the effect"</Button>
                        </span>
                        <Saved when=saved />
                    </FormActions>
                </div>
            </ActionForm>
        </Card>
    }
}

/// What is ticked in the form around the pressed button. The boxes are the only copy: the browser may have put them
/// back after going to another page and returning.
fn ticked(event: &MouseEvent) -> Vec<PermissionName> {
    let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let form = pressed.and_then(|pressed| pressed.closest("form").ok().flatten());
    let boxes = form.and_then(|form| form.query_selector_all(&format!("input[name='{FIELD}']:checked")).ok());
    let Some(boxes) = boxes else { return Vec::new() };
    (0..boxes.length())
        .filter_map(|n| boxes.get(n)?.dyn_into::<HtmlInputElement>().ok()?.value().parse().ok())
        .collect()
}
