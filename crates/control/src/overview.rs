//! What the first page of an organization shows.
