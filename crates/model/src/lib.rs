//! What the dashboard and the backend agree on: ids, permissions, inputs, answers, errors.
