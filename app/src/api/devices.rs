//! Command lines that sign in by a code.
