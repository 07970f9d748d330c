//! What anyone may ask for.

pub mod admin_page;
pub mod assets;
pub mod campaign;
pub mod confirm;
pub mod docs;
pub mod events;
pub mod form;
pub mod frame;
pub mod health;
pub mod history;
pub mod home;
pub mod link;
pub mod locale;
pub mod manage;
pub mod open_data;
pub mod page;
pub mod painted;
pub mod pledge;
pub mod qr;
pub mod stream;
pub mod totals;
pub mod widget;
pub mod widget_state;
