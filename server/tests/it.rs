//! The server as its callers see it. One binary, one file per subject: linking is the slow part.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test stops where something is not as it was arranged, and nobody imports it"
)]

mod it {
    mod admin_api;
    mod apart;
    mod architecture;
    mod audit_coverage;
    mod audit_export;
    mod canary;
    mod device_page;
    mod endpoints;
    mod fresh_sign_in;
    mod headers;
    mod keys;
    mod layers;
    mod login;
    mod manual;
    mod oauth;
    mod offboarding;
    mod one_right;
    mod openapi;
    mod process;
    mod remote;
    mod remote_tables;
    mod settings;
    mod site;
    mod site_options;
    mod table;
    mod token_endpoint;
    mod workspace_server;
}
