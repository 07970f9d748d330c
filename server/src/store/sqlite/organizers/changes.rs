//! What several statements of one transaction change together.

use countersign_shared::admin::Role;
use sqlx::SqliteConnection;

use super::super::audit;
use super::super::queries::queries;
use crate::store::OrganizationId;
use crate::store::audit::Entry;
use crate::store::organizers::{Acceptance, Changed, NewProfile, Organizer, Purpose};

queries! {
    API_TOKENS_REVOKE = "api_tokens.revoke.sql";
    INVITATIONS_ACCEPT = "invitations.accept.sql";
    INVITATIONS_DELETE_OF = "invitations.delete_of.sql";
    INVITATIONS_FORGET_RESETS = "invitations.forget_resets.sql";
    MEMBERS_DELETE = "members.delete.sql";
    MEMBERS_INSERT = "members.insert.sql";
    MEMBERS_OWNERS = "members.owners.sql";
    MEMBERS_ROLE = "members.role.sql";
    ORGANIZERS_BY_EMAIL = "organizers.by_email.sql";
    ORGANIZERS_BY_ID = "organizers.by_id.sql";
    ORGANIZERS_DELETE_ALONE = "organizers.delete_alone.sql";
    ORGANIZERS_INSERT = "organizers.insert.sql";
    ORGANIZERS_RENEW = "organizers.renew.sql";
    ORGANIZERS_UPDATE = "organizers.update.sql";
    SESSIONS_DELETE_IN = "sessions.delete_in.sql";
    SESSIONS_DELETE_OF = "sessions.delete_of.sql";
    SESSIONS_DELETE_OTHERS = "sessions.delete_others.sql";
}

/// Fails with `RowNotFound` where the link or whoever shows it may not come in.
pub(super) async fn accept(
    tx: &mut SqliteConnection,
    acceptance: &Acceptance,
    entry: &Entry,
) -> sqlx::Result<(i64, i64, String, String)> {
    let (organization, email, role, purpose): (i64, String, String, String) =
        sqlx::query_as(INVITATIONS_ACCEPT)
            .bind(acceptance.hash.as_slice())
            .bind(acceptance.now.as_millisecond())
            .fetch_one(&mut *tx)
            .await?;
    let account = sqlx::query_as(ORGANIZERS_BY_EMAIL).bind(&email).fetch_optional(&mut *tx).await?;
    let account = account.map(Organizer::read);
    let organizer = match (Purpose::read(&purpose), account, acceptance.proved) {
        (Purpose::Reset, Some(account), _) => {
            sqlx::query(SESSIONS_DELETE_OF).bind(account.id).execute(&mut *tx).await?;
            renew(tx, account.id, acceptance).await?
        }
        (Purpose::Join, Some(account), Some(proved)) if account.id == proved => {
            sqlx::query(INVITATIONS_FORGET_RESETS).bind(&email).execute(&mut *tx).await?;
            account.id
        }
        (Purpose::Join, None, None) => {
            sqlx::query_scalar(ORGANIZERS_INSERT)
                .bind(&email)
                .bind(&acceptance.name)
                .bind(&acceptance.password)
                .bind(acceptance.now.as_millisecond())
                .fetch_one(&mut *tx)
                .await?
        }
        _ => return Err(sqlx::Error::RowNotFound),
    };
    if Purpose::read(&purpose) == Purpose::Join {
        sqlx::query(MEMBERS_INSERT)
            .bind(organization)
            .bind(organizer)
            .bind(&role)
            .bind(acceptance.now.as_millisecond())
            .execute(&mut *tx)
            .await?;
    }
    // Who was a member already keeps the role they had.
    let role: String = sqlx::query_scalar(MEMBERS_ROLE)
        .bind(organization)
        .bind(organizer)
        .fetch_one(&mut *tx)
        .await?;
    audit::append(tx, &entry.with("role", role.as_str())).await?;
    Ok((organizer, organization, email, role))
}

async fn renew(
    tx: &mut SqliteConnection,
    organizer: i64,
    acceptance: &Acceptance,
) -> sqlx::Result<i64> {
    sqlx::query(ORGANIZERS_RENEW)
        .bind(organizer)
        .bind(&acceptance.password)
        .bind(&acceptance.name)
        .execute(&mut *tx)
        .await?;
    Ok(organizer)
}

/// Sessions first, as whoever resets a password takes them.
pub(super) async fn update(
    tx: &mut SqliteConnection,
    organizer: i64,
    profile: &NewProfile,
    entry: &Entry,
) -> sqlx::Result<bool> {
    if profile.password.is_some() {
        sqlx::query(SESSIONS_DELETE_OTHERS)
            .bind(organizer)
            .bind(profile.kept.unwrap_or_default().as_slice())
            .execute(&mut *tx)
            .await?;
    }
    let updated = sqlx::query(ORGANIZERS_UPDATE)
        .bind(organizer)
        .bind(&profile.name)
        .bind(&profile.time_zone)
        .bind(&profile.locale)
        .bind(&profile.password)
        .execute(&mut *tx)
        .await?;
    audit::done(tx, updated.rows_affected() == 1, entry).await
}

/// Whether a member may become something else than an owner, or stays one.
pub(super) async fn may_leave(
    tx: &mut SqliteConnection,
    organization: OrganizationId,
    organizer: i64,
    stays_owner: bool,
) -> sqlx::Result<Changed> {
    let kept: Option<String> = sqlx::query_scalar(MEMBERS_ROLE)
        .bind(organization.0)
        .bind(organizer)
        .fetch_optional(&mut *tx)
        .await?;
    let Some(kept) = kept else { return Ok(Changed::Missing) };
    if stays_owner || kept != Role::Owner.as_str() {
        return Ok(Changed::Done);
    }
    let owners: i64 =
        sqlx::query_scalar(MEMBERS_OWNERS).bind(organization.0).fetch_one(&mut *tx).await?;
    Ok(if owners > 1 { Changed::Done } else { Changed::LastOwner })
}

pub(super) async fn remove(
    tx: &mut SqliteConnection,
    organization: OrganizationId,
    organizer: i64,
) -> sqlx::Result<()> {
    let account: Option<_> =
        sqlx::query_as(ORGANIZERS_BY_ID).bind(organizer).fetch_optional(&mut *tx).await?;
    for statement in [SESSIONS_DELETE_IN, MEMBERS_DELETE] {
        sqlx::query(statement).bind(organizer).bind(organization.0).execute(&mut *tx).await?;
    }
    if let Some(account) = account.map(Organizer::read) {
        sqlx::query(INVITATIONS_DELETE_OF)
            .bind(organization.0)
            .bind(&account.email)
            .execute(&mut *tx)
            .await?;
    }
    sqlx::query(ORGANIZERS_DELETE_ALONE).bind(organizer).execute(&mut *tx).await?;
    Ok(())
}

/// Nobody keeps by a token what they may not do any more: ends those with more rights than the role
/// that is left, or all. The log names them.
pub(super) async fn revoke(
    tx: &mut SqliteConnection,
    organization: OrganizationId,
    organizer: i64,
    left: Option<Role>,
    entry: &Entry,
) -> sqlx::Result<()> {
    let place = left.map_or(Role::ALL.len(), |role| role as usize);
    let ended: Vec<String> = sqlx::query_scalar(API_TOKENS_REVOKE)
        .bind(organization.0)
        .bind(organizer)
        .bind(i32::try_from(place).unwrap_or(i32::MAX))
        .fetch_all(&mut *tx)
        .await?;
    let named = if ended.is_empty() { entry.clone() } else { entry.with("tokens", ended) };
    audit::append(tx, &named).await.map(drop)
}
