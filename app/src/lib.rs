//! The dashboard: pages and server functions.
