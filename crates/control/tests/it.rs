//! Operations on both engines. One binary, one file per noun: linking is the slow part.

mod it {
    mod arrange;
    mod devices;
    mod grants;
    mod invitations;
    mod members;
    mod outbox;
    mod setup;
    mod smtp;
    mod tokens;
    mod workspaces;
    mod zenml;
}
