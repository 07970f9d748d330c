//! What is seen. One component a file; each reads signals and shows them, and does nothing else.
//!
//! Buttons carry `data-do` with the name of what they do: `api/gestures.rs` hears them.

mod closed;
mod countries;
mod counter;
mod field;
mod foot;
mod form;
mod head;
mod privacy;
mod share;
mod signed;
mod status;
mod widget;

pub use form::options;
pub use widget::widget;
