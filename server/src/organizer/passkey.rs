//! Passkeys (WebAuthn Level 3): made once for an account, shown to sign in.
//!
//! What must be remembered between the two halves of a ceremony stays in the database, under the
//! hash of what the browser's cookie holds: any node can finish what another began, each ceremony
//! is finished once, and the browser never sees its state.

use std::net::IpAddr;

use countersign_shared::Code;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, Url, Uuid, Webauthn, WebauthnBuilder,
};

use super::session::{Entrant, own};
use super::{Caller, Refusal, audit, sign_in};
use crate::secrets::Ticket;
use crate::store::sessions::{Ceremony, NewPasskey, Removed};
use crate::{App, Config};

/// The second half comes within this time, or the first is forgotten.
pub const PATIENCE: SignedDuration = SignedDuration::from_mins(5);
/// The longest name of a passkey, in characters.
const NAME: usize = 64;

/// The first half of a ceremony.
pub struct Begun {
    /// What `navigator.credentials` is asked with, in its JSON form.
    pub options: Value,
    /// What the browser must bring back.
    pub ticket: String,
}

/// Whether this server's address can have passkeys.
pub fn possible(config: &Config) -> bool {
    site(&config.public_url).is_some()
}

/// The name that passkeys are bound to, and the one origin that may use them. Passkeys need a host
/// name, and browsers a secure context: https, or this machine, which goes by `localhost` then.
fn site(public_url: &str) -> Option<(String, Url)> {
    let mut url = Url::parse(public_url).ok()?;
    let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
    if let Ok(address) = host.parse::<IpAddr>() {
        if !address.is_loopback() {
            return None;
        }
        url.set_host(Some("localhost")).ok()?;
        return Some(("localhost".to_owned(), url));
    }
    let secure = url.scheme() == "https" || host == "localhost" || host.ends_with(".localhost");
    secure.then_some((host, url))
}

fn library(app: &App) -> Result<Webauthn, Refusal> {
    let site = site(&app.config.public_url).ok_or(Refusal::Code(Code::PasskeysImpossible))?;
    let builder = WebauthnBuilder::new(&site.0, &site.1).map_err(Refusal::internal)?;
    builder.rp_name("Countersign").build().map_err(Refusal::internal)
}

/// Begins to add a passkey to the caller's account.
pub async fn begin_adding(app: &App, caller: &Caller) -> Result<Begun, Refusal> {
    let organizer = own(caller)?;
    let library = library(app)?;
    super::session::fresh(app, caller)?;
    let account = app.store.organizer(organizer).await?;
    let account = account.ok_or(Refusal::Code(Code::Unauthorized))?;
    let known = app.store.passkeys(organizer).await?;
    let known = known.iter().filter_map(|it| serde_json::from_str::<Passkey>(&it.credential).ok());
    let known = known.map(|passkey| passkey.cred_id().clone()).collect();
    let shown = if account.name.is_empty() { &account.email } else { &account.name };
    let (options, state) = library
        .start_passkey_registration(handle(organizer), &account.email, shown, Some(known))
        .map_err(Refusal::internal)?;
    let mut options = serde_json::to_value(options).map_err(Refusal::internal)?;
    // Kept where it can be found without an address: the sign-in asks for none.
    if let Some(selection) = options.pointer_mut("/publicKey/authenticatorSelection") {
        selection["residentKey"] = json!("required");
        selection["requireResidentKey"] = json!(true);
    }
    let state = serde_json::to_string(&state).map_err(Refusal::internal)?;
    Ok(Begun { options, ticket: begin(app, Some(organizer), state).await? })
}

/// Adds the passkey that a browser made.
pub async fn add(
    app: &App,
    caller: &Caller,
    ticket: Option<&str>,
    name: &str,
    credential: Value,
) -> Result<(), Refusal> {
    let organizer = own(caller)?;
    let name = name.trim();
    if !(1..=NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(Refusal::Field("name", Code::FieldInvalid));
    }
    let ceremony = take(app, ticket).await?;
    if ceremony.organizer != Some(organizer) {
        return Err(Refusal::Code(Code::PasskeyRefused));
    }
    let state: PasskeyRegistration =
        serde_json::from_str(&ceremony.state).map_err(Refusal::internal)?;
    let credential = serde_json::from_value(credential).map_err(refused)?;
    let passkey =
        library(app)?.finish_passkey_registration(&credential, &state).map_err(refused)?;
    let new = NewPasskey {
        organizer,
        credential_id: passkey.cred_id().to_vec(),
        credential: serde_json::to_string(&passkey).map_err(Refusal::internal)?,
        name: name.to_owned(),
        now: app.clock.now(),
    };
    let entry = audit::entry(app, caller, "passkey.add", &caller.actor, json!({}));
    let added = app.store.add_passkey(&new, &entry).await?;
    added.map(drop).ok_or(Refusal::Code(Code::PasskeyRefused))
}

/// Begins a sign-in by whichever passkey the browser finds.
pub async fn begin_sign_in(app: &App, from: IpAddr) -> Result<Begun, Refusal> {
    let library = library(app)?;
    sign_in::offered(app, from)?;
    let (mut options, state) =
        library.start_discoverable_authentication().map_err(Refusal::internal)?;
    // The page decides whether it asks while somebody types, or when they press a button.
    options.mediation = None;
    let options = serde_json::to_value(options).map_err(Refusal::internal)?;
    let state = serde_json::to_string(&state).map_err(Refusal::internal)?;
    Ok(Begun { options, ticket: begin(app, None, state).await? })
}

/// Who this is, if the passkey is one that is known here.
pub async fn sign_in(
    app: &App,
    ticket: Option<&str>,
    credential: Value,
) -> Result<Entrant, Refusal> {
    let library = library(app)?;
    let ceremony = take(app, ticket).await?;
    if ceremony.organizer.is_some() {
        return Err(Refusal::Code(Code::PasskeyRefused));
    }
    let state: DiscoverableAuthentication =
        serde_json::from_str(&ceremony.state).map_err(Refusal::internal)?;
    let credential = serde_json::from_value(credential).map_err(refused)?;
    let (user, id) = library.identify_discoverable_authentication(&credential).map_err(refused)?;
    let known = app.store.find_passkey(id).await?;
    let (id, organizer, kept) = known.ok_or(Refusal::Code(Code::PasskeyRefused))?;
    if user != handle(organizer) {
        return Err(Refusal::Code(Code::PasskeyRefused));
    }
    let mut passkey: Passkey = serde_json::from_str(&kept).map_err(Refusal::internal)?;
    let shown = library
        .finish_discoverable_authentication_v2(&credential, state, &passkey)
        .map_err(refused)?;
    passkey.update_credential(&shown);
    let kept = serde_json::to_string(&passkey).map_err(Refusal::internal)?;
    app.store.use_passkey(id, &kept, app.clock.now()).await?;
    let account = app.store.organizer(organizer).await?;
    let account = account.ok_or(Refusal::Code(Code::PasskeyRefused))?;
    sign_in::enter(app, organizer, &account.email).await
}

/// Removes a passkey of the caller's, unless nothing else would let them in.
pub async fn remove(app: &App, caller: &Caller, id: i64) -> Result<(), Refusal> {
    let detail = json!({ "passkey": id });
    let entry = audit::entry(app, caller, "passkey.remove", &caller.actor, detail);
    match app.store.remove_passkey(own(caller)?, id, &entry).await? {
        Removed::Done => Ok(()),
        Removed::Missing => Err(Refusal::Code(Code::NotFound)),
        Removed::LastWayIn => Err(Refusal::Code(Code::LastWayIn)),
    }
}

/// The account as passkeys know it: a number says nothing about a person.
fn handle(organizer: i64) -> Uuid {
    Uuid::from_u128(u128::from(organizer.unsigned_abs()))
}

async fn begin(app: &App, organizer: Option<i64>, state: String) -> Result<String, Refusal> {
    let (now, ticket) = (app.clock.now(), app.secrets.new_ticket(&*app.entropy));
    let expires_at = now.saturating_add(PATIENCE).unwrap_or(Timestamp::MAX);
    let ceremony = Ceremony { organizer, state, expires_at };
    let hash = app.secrets.ticket_hash(Ticket::Ceremony, &ticket);
    app.store.begin_ceremony(hash, &ceremony, now).await?;
    Ok(ticket)
}

async fn take(app: &App, ticket: Option<&str>) -> Result<Ceremony, Refusal> {
    let hashes = ticket.map(|it| app.secrets.ticket_hashes(Ticket::Ceremony, it));
    for hash in hashes.unwrap_or_default() {
        if let Some(ceremony) = app.store.take_ceremony(hash, app.clock.now()).await? {
            return Ok(ceremony);
        }
    }
    Err(Refusal::Code(Code::PasskeyRefused))
}

/// Why is for the log: whoever tries learns nothing of it.
fn refused(cause: impl std::fmt::Display) -> Refusal {
    tracing::debug!(%cause, "a passkey was refused");
    Refusal::Code(Code::PasskeyRefused)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn passkeys_need_a_host_name_and_a_secure_context_or_this_machine() {
        let named = |url: &str| site(url).map(|(name, origin)| (name, origin.to_string()));
        let here = Some(("localhost".to_owned(), "http://localhost:3000/".to_owned()));
        assert_eq!(named("http://127.0.0.1:3000"), here);
        assert_eq!(named("http://[::1]:3000"), here);
        assert_eq!(named("http://localhost:3000"), here);
        let public =
            Some(("pledge.example.org".to_owned(), "https://pledge.example.org/".to_owned()));
        assert_eq!(named("https://pledge.example.org"), public);
        for none in ["http://pledge.example.org", "http://192.168.1.7:3000", "https://192.168.1.7"]
        {
            assert_eq!(named(none), None, "{none}");
        }
    }
}
