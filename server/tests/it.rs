//! The server as its callers see it. One binary, one file per subject: linking is the slow part.

mod it {
    mod architecture;
    mod audit_coverage;
    mod audit_export;
    mod canary;
    mod endpoints;
    mod headers;
    mod layers;
    mod login;
    mod settings;
    mod site;
    mod site_options;
    mod table;
    mod token_endpoint;
    mod workspace_server;
}
