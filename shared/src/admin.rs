//! What the organizers' dashboard and the server say to each other, in the words of the API.
//!
//! Times are RFC 3339 in UTC, as texts: the dashboard formats them in the organizer's time zone.
//! Days are `YYYY-MM-DD` in UTC. Everything here is plain data; the rules of who may do what are
//! in [`rights`].

pub mod account;
pub mod campaigns;
pub mod exports;
pub mod hooks;
pub mod insight;
pub mod json;
pub mod offline;
pub mod rights;
pub mod supporters;

pub use rights::{Permission, Role};

/// A part of a list, and how to ask for the next.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "server", derive(serde::Deserialize, utoipa::ToSchema))]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Give it back as `after` for what follows. Absent at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
