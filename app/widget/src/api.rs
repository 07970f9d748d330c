//! The browser's side: hydration, what a person does, the network, and time.

mod app;
mod beacon;
mod decode;
mod fetch;
mod gestures;
mod js;
mod language;
mod live;
mod motion;
pub mod mount;
mod outbox;
mod share;
