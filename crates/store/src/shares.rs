//! Rights on single resources.
