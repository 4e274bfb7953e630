//! Operations on both engines. One binary, one file per noun: linking is the slow part.

mod it {
    mod devices;
    mod grants;
    mod setup;
    mod tokens;
    mod workspaces;
    mod zenml;
}
