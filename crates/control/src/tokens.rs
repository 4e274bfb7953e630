//! Personal access tokens, and the one function that issues short ones.
