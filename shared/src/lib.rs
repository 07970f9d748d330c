//! The types and rules that the widget and the server both run.
//!
//! What the form accepts is what the server accepts, because both call the same parsers. Nothing
//! here reads a file, a clock or a socket, and everything compiles for native and for `wasm32`.

#[cfg(feature = "admin")]
pub mod admin;
pub mod campaign;
pub mod country;
mod domain;
pub mod email;
pub mod i18n;
pub mod locale;
pub mod message;
pub mod name;
pub mod pledge;
pub mod problem;
pub mod routes;
pub mod slug;
pub mod suggest;
mod text;
pub mod totals;
pub mod unicode;
pub mod widget;

pub use campaign::{CampaignStatus, FormFields, PublicCampaign, Texts};
pub use country::Country;
pub use email::{CanonicalEmail, Email};
pub use i18n::Catalog;
pub use locale::Locale;
pub use message::Message;
pub use name::PersonName;
pub use pledge::{Pledge, PledgeForm};
pub use problem::{Code, FieldError, Problem};
pub use slug::Slug;
pub use totals::Totals;
pub use widget::{View, WidgetState};
