//! Components on native HTML elements. No data access.
