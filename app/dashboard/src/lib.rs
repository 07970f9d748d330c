//! The organizers' dashboard.
