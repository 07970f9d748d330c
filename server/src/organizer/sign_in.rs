//! Signing in with a password: the same answer after the same work, whether the account exists.

use std::net::IpAddr;

use countersign_shared::Code;
use countersign_shared::admin::account::{Profile, SignIn};

use super::invitation::{canonical, name};
use super::session::Entrant;
use super::{Caller, Refusal, password};
use crate::App;
use crate::store::OrganizationId;
use crate::store::audit::Entry;
use crate::store::organizers::{NewProfile, Organizer};

/// The longest time zone and locale that are kept.
const SHORT: usize = 64;

/// Who this is, if address and password go together.
pub async fn with_password(app: &App, form: SignIn, from: IpAddr) -> Result<Entrant, Refusal> {
    let email = canonical(&form.email).ok();
    limited(app, Some(from), Some(email.as_deref().unwrap_or(&form.email)))?;
    let account = match &email {
        Some(email) => app.store.organizer_by_email(email).await?,
        None => None,
    };
    let kept = account.as_ref().and_then(|account| account.password.clone());
    if !password::verify(form.password, kept).await? {
        return Err(Refusal::Code(Code::SignInFailed));
    }
    let account = account.ok_or(Refusal::Code(Code::SignInFailed))?;
    enter(app, account.id, &account.email).await
}

/// Counts a page that offers to sign in by passkey: that is no try, and everybody in an office
/// opens one.
pub fn offered(app: &App, from: IpAddr) -> Result<(), Refusal> {
    let checked = app.limits.check_offer(from);
    checked.map_err(|retry_after| Refusal::RateLimited { retry_after })
}

/// Counts a try to sign in.
pub fn limited(app: &App, from: Option<IpAddr>, account: Option<&str>) -> Result<(), Refusal> {
    let checked = app.limits.check_sign_in(from, account);
    checked.map_err(|retry_after| Refusal::RateLimited { retry_after })
}

/// Into the organization that somebody was in last.
pub async fn enter(app: &App, organizer: i64, email: &str) -> Result<Entrant, Refusal> {
    let memberships = app.store.memberships(email).await?;
    let (organization, _) = memberships.first().ok_or(Refusal::Code(Code::SignInFailed))?;
    Ok(Entrant { organizer, organization: *organization })
}

/// Into another organization of the caller's.
pub async fn change_organization(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
) -> Result<Entrant, Refusal> {
    let organizer = super::session::own(caller)?;
    let memberships = app.store.memberships(&caller.actor).await?;
    let member = memberships.iter().any(|(id, _)| *id == organization);
    // What somebody does not belong to is not there.
    if member {
        Ok(Entrant { organizer, organization })
    } else {
        Err(Refusal::Code(Code::NotFound))
    }
}

/// Changes what an organizer may change about themselves. A new password ends all other sessions.
pub async fn change_profile(
    app: &App,
    caller: &Caller,
    form: Profile,
    entry: &Entry,
) -> Result<(), Refusal> {
    let account = app.store.organizer(super::session::own(caller)?).await?;
    let account = account.ok_or(Refusal::Code(Code::Unauthorized))?;
    let password = new_password(app, caller, &account, &form).await?;
    let profile = NewProfile {
        name: form.name.map_or(Ok(account.name), |typed| name(&typed))?,
        time_zone: form.time_zone.map_or(Ok(account.time_zone), time_zone)?,
        locale: form.locale.map_or(Ok(account.locale), locale)?,
        password,
        kept: caller.session,
    };
    let updated = app.store.update_organizer(account.id, &profile, entry).await?;
    if updated { Ok(()) } else { Err(Refusal::Code(Code::Unauthorized)) }
}

async fn new_password(
    app: &App,
    caller: &Caller,
    account: &Organizer,
    form: &Profile,
) -> Result<Option<String>, Refusal> {
    let Some(typed) = form.password.clone() else { return Ok(None) };
    password::check(&typed, &account.email).map_err(|code| Refusal::Field("password", code))?;
    if account.password.is_some() {
        let present = form.present_password.clone().unwrap_or_default();
        // Whoever sits at somebody's open browser could try passwords here.
        limited(app, None, Some(&account.email))?;
        if !password::verify(present, account.password.clone()).await? {
            return Err(Refusal::Field("present_password", Code::PasswordWrong));
        }
    } else {
        super::session::fresh(app, caller)?;
    }
    password::hash(typed, &*app.entropy).await.map(Some)
}

fn time_zone(typed: String) -> Result<String, Refusal> {
    let known =
        typed.is_empty() || (typed.len() <= SHORT && jiff::tz::TimeZone::get(&typed).is_ok());
    if known { Ok(typed) } else { Err(Refusal::Field("time_zone", Code::FieldInvalid)) }
}

/// Any tag of the form of BCP 47: browsers know more of them than we do.
fn locale(typed: String) -> Result<String, Refusal> {
    let fits = typed.len() <= SHORT
        && typed.split('-').all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
    if fits || typed.is_empty() {
        Ok(typed)
    } else {
        Err(Refusal::Field("locale", Code::FieldInvalid))
    }
}
