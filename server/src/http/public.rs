//! What anyone may ask for.

pub mod admin_page;
pub mod assets;
pub mod campaign;
pub mod docs;
pub mod form;
pub mod frame;
pub mod health;
pub mod history;
pub mod home;
pub mod locale;
pub mod page;
pub mod painted;
pub mod pledge;
pub mod stream;
pub mod totals;
pub mod widget;
pub mod widget_state;
