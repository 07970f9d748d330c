//! What is seen. One component a file; each reads signals and shows them, and does nothing else.
//!
//! Buttons carry `data-do` with the name of what they do: `api/gestures.rs` hears them.

mod attrs;
mod closed;
mod counter;
mod countries;
mod country_list;
mod field;
mod foot;
mod form;
mod head;
mod privacy;
mod share;
mod signed;
mod status;
mod widget;

pub use country_list::options;
pub use share::share_link;
pub use widget::widget;
