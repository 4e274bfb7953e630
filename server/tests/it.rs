//! The whole router in process. One binary, one file per subject: linking is the slow part.

mod it {
    mod login;
    mod token_endpoint;
}
