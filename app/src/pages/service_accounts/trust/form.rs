//! Making a rule, from a preset or by hand, and changing one.

use super::Actions;
use crate::pages::failure;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::trust::{Preset, TrustRule};
use model::{ApiError, ServiceAccountId};
use ui::{
    Button, Card, Checkbox, FormActions, FormBody, FormError, Input, LinkButton, Saved, Tab, Tabs, Textarea,
    Variant, field_error,
};

type Wrong = Signal<Option<ApiError>>;

/// The form for a new rule; the kind of issuer is chosen by a link.
#[component]
pub(super) fn NewRule(
    account: ServiceAccountId,
    preset: Preset,
    /// The address of this page.
    base: String,
    /// What an empty audience means.
    audience: String,
    actions: Actions,
) -> impl IntoView {
    let action = actions.create;
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    let tabs = Preset::ALL
        .iter()
        .map(|kind| {
            view! { <Tab href=format!("{base}?preset={kind}#rule-form") current=*kind == preset>{kind.label()}</Tab> }
        })
        .collect_view();
    view! {
        <div id="rule-form">
            <Card title="New rule">
                <Tabs label="Issuers">{tabs}</Tabs>
                <div class="mt-4">
                <ActionForm action node_ref=actions.form>
                    <FormBody>
                        <FormError error />
                        <input type="hidden" name="account" value=account.to_string() />
                        <input type="hidden" name="preset" value=preset.as_str() />
                        {field("name", "name", "Name", preset.label(), "As it is listed here.", error)}
                        {fields(preset, error)}
                        {optional("audience", "audience", "Audience", "", &format!("For whom the token has to be. Leave empty for {audience}."), error)}
                        <FormActions>
                            <Button variant=Variant::Primary pending=action.pending()>"Make rule"</Button>
                        </FormActions>
                    </FormBody>
                </ActionForm>
                </div>
            </Card>
        </div>
    }
}

/// What a preset asks for.
fn fields(preset: Preset, error: Wrong) -> AnyView {
    match preset {
        Preset::GitHub => view! {
            {field("fields[repository]", "repository", "Repository", "", "With its owner, such as acme/pipelines. Case counts.", error)}
            {optional("fields[git_ref]", "git_ref", "Branch or tag", "main", "A branch, or a whole ref such as refs/tags/v*. A * stands for anything.", error)}
            {optional("fields[environment]", "environment", "Environment", "", "If the job runs in one.", error)}
        }
        .into_any(),
        Preset::GitLab => view! {
            {optional("fields[issuer]", "issuer", "Address of GitLab", "", "Leave empty for https://gitlab.com.", error)}
            {field("fields[repository]", "repository", "Project", "", "With its groups, such as acme/pipelines. Case counts.", error)}
            {optional("fields[git_ref]", "git_ref", "Branch or tag", "main", "A branch, or a whole ref such as refs/tags/v*. A * stands for anything.", error)}
            <Checkbox name="fields[protected]" id="field-protected" label="Only if it is protected" checked=true />
        }
        .into_any(),
        Preset::Kubernetes => view! {
            {field("fields[issuer]", "issuer", "Issuer of the cluster", "", "As kubectl get --raw /.well-known/openid-configuration says. Reeve has to reach it.", error)}
            {field("fields[namespace]", "namespace", "Namespace", "", "Of the pod.", error)}
            {field("fields[service_account]", "service_account", "Service account", "", "As which the pod runs; the cluster’s, not this one.", error)}
        }
        .into_any(),
        Preset::Other => view! {
            {field("fields[issuer]", "issuer", "Issuer", "", "Exactly as its tokens name it (iss).", error)}
            {claims(String::new(), error)}
        }
        .into_any(),
    }
}

fn claims(value: String, error: Wrong) -> impl IntoView {
    view! {
        <Textarea
            name="claims"
            label="Claims"
            hint="One in a line, as name = pattern. Each has to fit, to the letter; a * stands for anything."
            value
            rows=4
            required=true
            mono=true
            error=field_error(error, "claims")
        />
    }
}

fn field(
    name: &'static str,
    wrong: &'static str,
    label: &'static str,
    value: &str,
    hint: &str,
    error: Wrong,
) -> AnyView {
    input(name, wrong, label, value, hint, true, error)
}

fn optional(
    name: &'static str,
    wrong: &'static str,
    label: &'static str,
    value: &str,
    hint: &str,
    error: Wrong,
) -> AnyView {
    input(name, wrong, label, value, hint, false, error)
}

/// All fields of this page are lines of text: one function, so that it is in the bundle once.
fn input(
    name: &'static str,
    wrong: &'static str,
    label: &'static str,
    value: &str,
    hint: &str,
    required: bool,
    error: Wrong,
) -> AnyView {
    view! {
        <Input
            name
            id=format!("field-{wrong}")
            label
            value=value.to_owned()
            hint=hint.to_owned()
            required
            optional_mark=!required
            maxlength=500
            mono=wrong != "name"
            autocomplete="off"
            error=field_error(error, wrong)
        />
    }
    .into_any()
}

/// The form for changing a rule.
#[component]
pub(super) fn ChangeRule(
    account: ServiceAccountId,
    rule: TrustRule,
    /// The address of this page.
    base: String,
    actions: Actions,
) -> impl IntoView {
    let action = actions.update;
    let error = Signal::derive(move || failure(action.value().read().as_ref()));
    let lines: Vec<_> = rule.claims.iter().map(|(name, pattern)| format!("{name} = {pattern}")).collect();
    view! {
        <div id="rule-form">
            <Card title=format!("Change {}", rule.name) lead="Tokens that were made by it end with the next request.">
                <ActionForm action node_ref=actions.form>
                    <FormBody>
                        <FormError error />
                        <input type="hidden" name="account" value=account.to_string() />
                        <input type="hidden" name="rule" value=rule.id.to_string() />
                        {field("name", "name", "Name", &rule.name, "As it is listed here.", error)}
                        {field("issuer", "issuer", "Issuer", &rule.issuer, "Exactly as its tokens name it (iss).", error)}
                        {claims(lines.join("\n"), error)}
                        {field("audience", "audience", "Audience", &rule.audience, "For whom the token has to be (aud).", error)}
                        <FormActions>
                            <Button variant=Variant::Primary pending=action.pending()>"Save"</Button>
                            <LinkButton href=base>"Done"</LinkButton>
                            <Saved when=actions.updated />
                        </FormActions>
                    </FormBody>
                </ActionForm>
            </Card>
        </div>
    }
}
