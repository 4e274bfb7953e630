//! Service accounts, and API keys: theirs and one's own.

use super::super::needs::Where;
use super::super::operation::Operation;
use super::{delete, get, patch, post, put};
use crate::http::zenml::admin::api_keys::{Changed, NewKey, Rotated};
use crate::http::zenml::admin::service_accounts::{AccountChange, NewAccount};
use crate::http::zenml::admin::shape::{ApiKeyJson, ApiKeySecretJson, ServiceAccountJson};
use control::authz::{
    ApiKeyManage, Right, SelfManage, ServiceAccountCreate, ServiceAccountKeys, ServiceAccountManage,
    ServiceAccountRead, ServiceAccountSee,
};
use model::ErrorCode::{Conflict, NotFound};

const ACCOUNTS: &str = "/api/v1/organizations/{id_or_name}/service_accounts";
const ACCOUNT: &str = "/api/v1/organizations/{id_or_name}/service_accounts/{account}";
const KEYS: &str = "/api/v1/organizations/{id_or_name}/service_accounts/{account}/api_keys";
const KEY: &str = "/api/v1/organizations/{id_or_name}/service_accounts/{account}/api_keys/{key}";
const ROTATE: &str = "/api/v1/organizations/{id_or_name}/service_accounts/{account}/api_keys/{key}/rotate";
const MY_KEY: &str = "/api/v1/users/me/api_keys/{id}";
const MY_ROTATE: &str = "/api/v1/users/me/api_keys/{id}/rotate";

/// All of it.
pub fn all() -> Vec<Operation> {
    accounts().into_iter().chain(keys()).chain(own()).collect()
}

fn accounts() -> Vec<Operation> {
    const NOUN: &str = "service accounts";
    let update = |operation: Operation| {
        operation
            .needs::<ServiceAccountManage>()
            .may_take::<AccountChange>()
            .refuses(&[Conflict])
            .gives::<ServiceAccountJson>("The account.")
    };
    vec![
        get(ACCOUNTS, NOUN, "The service accounts of an organization, by name.")
            .needs::<ServiceAccountRead>()
            .may_say::<String>("search", "Part of a name.")
            .may_say::<bool>("orphans", "Only those for whom nobody answers.")
            .gives::<Vec<ServiceAccountJson>>("The accounts.")
            .in_pages(),
        post(ACCOUNTS, NOUN, "Makes a service account.")
            .needs::<ServiceAccountCreate>()
            .takes::<NewAccount>()
            .refuses(&[Conflict])
            .gives::<ServiceAccountJson>("The account."),
        get(ACCOUNT, NOUN, "One service account.")
            .needs::<ServiceAccountSee>()
            .gives::<ServiceAccountJson>("The account."),
        update(patch(ACCOUNT, NOUN, "Changes a service account, or switches it off or on.")),
        update(put(ACCOUNT, NOUN, "The same as `PATCH`.")),
        delete(ACCOUNT, NOUN, "Deletes a service account with its keys and roles. Its name stays taken.")
            .needs::<ServiceAccountManage>()
            .refuses(&[Conflict])
            .gives::<()>("Deleted."),
    ]
}

fn update<R: Right<Scope: Where>>(operation: Operation) -> Operation {
    operation
        .needs::<R>()
        .may_take::<Changed>()
        .refuses(&[Conflict, NotFound])
        .gives::<ApiKeyJson>("The key.")
}

fn rotate<R: Right<Scope: Where>>(operation: Operation) -> Operation {
    operation
        .needs::<R>()
        .may_take::<Rotated>()
        .refuses(&[Conflict, NotFound])
        .gives::<ApiKeySecretJson>("The key in clear, this once.")
}

fn keys() -> Vec<Operation> {
    const NOUN: &str = "keys of service accounts";
    vec![
        get(KEYS, NOUN, "The keys of a service account, the newest first.")
            .needs::<ServiceAccountSee>()
            .gives::<Vec<ApiKeyJson>>("The keys."),
        post(KEYS, NOUN, "Makes a key.")
            .needs::<ServiceAccountKeys>()
            .takes::<NewKey>()
            .refuses(&[Conflict])
            .gives::<ApiKeySecretJson>("The key in clear, this once."),
        get(KEY, NOUN, "One key.").needs::<ServiceAccountSee>().gives::<ApiKeyJson>("The key."),
        update::<ServiceAccountKeys>(patch(KEY, NOUN, "Renames a key, or switches it off or on.")),
        update::<ServiceAccountKeys>(put(KEY, NOUN, "The same as `PATCH`.")),
        rotate::<ServiceAccountKeys>(post(
            ROTATE,
            NOUN,
            "Gives a key another secret; the one before works for so many minutes more.",
        )),
        rotate::<ServiceAccountKeys>(put(ROTATE, NOUN, "The same as `POST`.")),
        delete(KEY, NOUN, "Revokes a key.")
            .needs::<ServiceAccountKeys>()
            .refuses(&[Conflict])
            .gives::<()>("Revoked."),
    ]
}

fn own() -> Vec<Operation> {
    const NOUN: &str = "personal access tokens";
    vec![
        get("/api/v1/users/me/api_keys", NOUN, "One's own keys, the newest first.")
            .needs::<SelfManage>()
            .gives::<Vec<ApiKeyJson>>("The keys."),
        get(MY_KEY, NOUN, "One of one's own keys.")
            .needs::<SelfManage>()
            .refuses(&[NotFound])
            .gives::<ApiKeyJson>("The key."),
        update::<ApiKeyManage>(patch(MY_KEY, NOUN, "Renames a key of one's own, or switches it off or on.")),
        update::<ApiKeyManage>(put(MY_KEY, NOUN, "The same as `PATCH`.")),
        rotate::<ApiKeyManage>(post(
            MY_ROTATE,
            NOUN,
            "Gives a key of one's own another secret, by that very key.",
        )),
        rotate::<ApiKeyManage>(put(MY_ROTATE, NOUN, "The same as `POST`.")),
        delete(MY_KEY, NOUN, "Revokes a key of one's own.")
            .needs::<ApiKeyManage>()
            .refuses(&[NotFound])
            .gives::<()>("Revoked."),
    ]
}
