//! For tests: both engines, a clock one can move, a world of people and workspaces.
