//! What a ZenML server asks of its control plane.
