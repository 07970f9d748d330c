//! Invitations: one-time links, the only way to an account.

use countersign_shared::admin::account::Accept;
use countersign_shared::{Code, Email, PersonName, routes};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::session::Entrant;
use super::{Caller, Refusal, Role, audit, password, sign_in};
use crate::App;
use crate::clock::Entropy;
use crate::secrets::{Secrets, Ticket};
use crate::store::organizers::{Acceptance, Accepted, Invitation, NewInvitation, Purpose};
use crate::store::{OrganizationId, Result, Store};

/// An invitation opens for this long.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(72);

/// Who is invited, to what.
#[derive(Clone, Debug)]
pub struct Guest {
    pub organization: OrganizationId,
    /// In its canonical form.
    pub email: String,
    pub role: Role,
    pub purpose: Purpose,
}

/// What is shown once.
#[derive(Clone, Debug)]
pub struct Issued {
    pub id: i64,
    pub ticket: String,
    pub expires_at: Timestamp,
}

impl Issued {
    /// The link, for a server that people reach under this address.
    pub fn link(&self, public_url: &str) -> String {
        format!("{public_url}{}", routes::invitation_page(&self.ticket))
    }
}

/// An address in the form that accounts are found by.
pub fn canonical(email: &str) -> std::result::Result<String, Code> {
    Email::parse(email).map(|email| email.canonical().as_str().to_owned())
}

/// Makes an invitation, in place of an earlier one for the same address.
pub async fn issue(
    store: &dyn Store,
    secrets: &Secrets,
    entropy: &dyn Entropy,
    now: Timestamp,
    guest: &Guest,
) -> Result<Issued> {
    let ticket = secrets.new_ticket(entropy);
    let expires_at = now.saturating_add(LIFETIME).unwrap_or(Timestamp::MAX);
    let invitation = NewInvitation {
        hash: secrets.ticket_hash(Ticket::Invitation, &ticket),
        organization: guest.organization,
        email: guest.email.clone(),
        role: guest.role,
        purpose: guest.purpose,
        now,
        expires_at,
    };
    let id = store.invite(&invitation).await?;
    Ok(Issued { id, ticket, expires_at })
}

/// Whether an address is a member of the organization.
pub async fn is_member(store: &dyn Store, guest: &Guest) -> Result<bool> {
    let memberships = store.memberships(&guest.email).await?;
    Ok(memberships.iter().any(|(organization, _)| *organization == guest.organization))
}

/// The invitation of a link, and the hash it is kept under. What was guessed, used or is over is
/// simply not there.
pub async fn find(app: &App, ticket: &str) -> std::result::Result<([u8; 32], Invitation), Refusal> {
    for hash in app.secrets.ticket_hashes(Ticket::Invitation, ticket) {
        if let Some(invitation) = app.store.find_invitation(hash, app.clock.now()).await? {
            return Ok((hash, invitation));
        }
    }
    Err(Refusal::Code(Code::NotFound))
}

/// Accepts an invitation. Of two at once, one finds that it is not there any more.
///
/// Who has an account proves it by its password or by being signed in to it (`visitor`).
pub async fn accept(
    app: &App,
    ticket: &str,
    form: Accept,
    visitor: Option<&Caller>,
) -> std::result::Result<Accepted, Refusal> {
    let (hash, invitation) = find(app, ticket).await?;
    let mut acceptance = Acceptance {
        hash,
        name: String::new(),
        password: None,
        proved: None,
        now: app.clock.now(),
    };
    match (invitation.purpose, invitation.organizer) {
        (Purpose::Join, Some(account)) => {
            prove(app, account, &invitation, form.password, visitor).await?;
            acceptance.proved = Some(account);
        }
        (purpose, _) => {
            if !form.name.trim().is_empty() || purpose == Purpose::Join {
                acceptance.name = name(&form.name)?;
            }
            acceptance.password =
                new_password(app, form.password, &invitation.email, purpose).await?;
        }
    }
    let server = Caller::server(invitation.organization);
    let newcomer = Caller { actor: invitation.email.clone(), ..server };
    let entry = audit::entry(app, &newcomer, "invitation.accept", &invitation.email, json!({}));
    let accepted = app.store.accept(&acceptance, &entry).await?;
    accepted.ok_or(Refusal::Code(Code::NotFound))
}

impl From<&Accepted> for Entrant {
    fn from(accepted: &Accepted) -> Self {
        Self { organizer: accepted.organizer, organization: accepted.organization }
    }
}

async fn prove(
    app: &App,
    account: i64,
    invitation: &Invitation,
    typed: Option<String>,
    visitor: Option<&Caller>,
) -> std::result::Result<(), Refusal> {
    if visitor.is_some_and(|caller| caller.organizer == Some(account)) {
        return Ok(());
    }
    sign_in::limited(app, None, Some(&invitation.email))?;
    let typed = typed.unwrap_or_default();
    match password::verify(typed, invitation.password.clone()).await? {
        true => Ok(()),
        false => Err(Refusal::Code(Code::SignInFailed)),
    }
}

async fn new_password(
    app: &App,
    typed: Option<String>,
    email: &str,
    purpose: Purpose,
) -> std::result::Result<Option<String>, Refusal> {
    let Some(typed) = typed else {
        return match purpose {
            Purpose::Join => Ok(None),
            Purpose::Reset => Err(Refusal::Field("password", Code::FieldMissing)),
        };
    };
    password::check(&typed, email).map_err(|code| Refusal::Field("password", code))?;
    password::hash(typed, &*app.entropy).await.map(Some)
}

/// An organizer's name, by the rules for everybody's.
pub fn name(typed: &str) -> std::result::Result<String, Refusal> {
    let name = PersonName::parse(typed).map_err(|code| Refusal::Field("name", code))?;
    Ok(name.as_str().to_owned())
}
