//! One's own account: who one is, how numbers are read, the ways in, and where one is signed in.

use leptos::prelude::*;

use crate::parts::heading;
use crate::session;
use crate::words::account::w;

mod passkeys;
mod password;
mod profile;
mod sessions;

pub use passkeys::add as add_passkey;

pub fn page() -> AnyView {
    let Some(me) = session::known() else { return ().into_any() };
    view! {
        <header class="top">{heading(w().account)}</header>
        <div class="grid">
            {profile::card(&me)}
            {password::card(&me)}
            {passkeys::card(me.passkeys_possible)}
            {sessions::card()}
        </div>
    }
    .into_any()
}
