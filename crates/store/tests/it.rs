//! Storage on both engines. One binary: linking is the slow part.

mod it {
    mod migrations;
    mod schema;
}
