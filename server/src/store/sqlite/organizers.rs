//! Who organizes: invitations, accounts, teams.

use countersign_shared::admin::Role;
use jiff::Timestamp;

use super::admin::returned;
use super::audit;
use super::queries::queries;
use super::{SqliteStore, unavailable};
use crate::store::audit::Entry;
use crate::store::organizers::{
    Acceptance, Accepted, Anyone, Changed, Invitation, NewInvitation, NewProfile, OpenInvitation,
    Organizer, Organizers, TeamMember, role, time,
};
use crate::store::{OrganizationId, Result, StoreError};

mod changes;

queries! {
    INVITATIONS_DELETE = "invitations.delete.sql";
    INVITATIONS_FIND = "invitations.find.sql";
    INVITATIONS_INSERT = "invitations.insert.sql";
    INVITATIONS_LIST = "invitations.list.sql";
    INVITATIONS_REPLACE = "invitations.replace.sql";
    MEMBERS_ALL = "members.all.sql";
    MEMBERS_LIST = "members.list.sql";
    MEMBERS_OF_EMAIL = "members.of_email.sql";
    MEMBERS_SET_ROLE = "members.set_role.sql";
    ORGANIZATIONS_FIND = "organizations.find.sql";
    ORGANIZATIONS_INSERT = "organizations.insert.sql";
    ORGANIZATIONS_NAME = "organizations.name.sql";
    ORGANIZERS_BY_EMAIL = "organizers.by_email.sql";
    ORGANIZERS_BY_ID = "organizers.by_id.sql";
}

#[async_trait::async_trait]
impl Organizers for SqliteStore {
    async fn invite(&self, invitation: &NewInvitation) -> Result<i64> {
        returned(&self.writer, async |tx| {
            sqlx::query(INVITATIONS_REPLACE)
                .bind(invitation.organization.0)
                .bind(&invitation.email)
                .bind(invitation.purpose.as_str())
                .execute(&mut *tx)
                .await?;
            sqlx::query_scalar(INVITATIONS_INSERT)
                .bind(invitation.hash.as_slice())
                .bind(invitation.organization.0)
                .bind(&invitation.email)
                .bind(invitation.role.as_str())
                .bind(invitation.purpose.as_str())
                .bind(invitation.now.as_millisecond())
                .bind(invitation.expires_at.as_millisecond())
                .fetch_one(&mut *tx)
                .await
        })
        .await
    }

    async fn find_invitation(&self, hash: [u8; 32], now: Timestamp) -> Result<Option<Invitation>> {
        let row = sqlx::query_as(INVITATIONS_FIND)
            .bind(hash.as_slice())
            .bind(now.as_millisecond())
            .fetch_optional(&self.readers)
            .await
            .map_err(unavailable)?;
        row.map(Invitation::read).transpose()
    }

    async fn accept(&self, acceptance: &Acceptance, entry: &Entry) -> Result<Option<Accepted>> {
        let accepted =
            returned(&self.writer, async |tx| changes::accept(tx, acceptance, entry).await).await;
        match accepted {
            // Rolled back: the link may still serve the one it is for.
            Err(StoreError::Unavailable(error)) if is_nothing(&*error) => Ok(None),
            Err(error) => Err(error),
            Ok((organizer, organization, email, kept_role)) => {
                let (organization, role) = (OrganizationId(organization), role(&kept_role)?);
                Ok(Some(Accepted { organizer, organization, email, role }))
            }
        }
    }

    async fn invitations(
        &self,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Result<Vec<OpenInvitation>> {
        let rows: Vec<(i64, String, String, i64)> = sqlx::query_as(INVITATIONS_LIST)
            .bind(organization.0)
            .bind(now.as_millisecond())
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        let read = |(id, email, kept_role, expires_at): (i64, String, String, i64)| {
            let (role, expires_at) = (role(&kept_role)?, time(expires_at)?);
            Ok(OpenInvitation { id, email, role, expires_at })
        };
        rows.into_iter().map(read).collect()
    }

    async fn withdraw_invitation(
        &self,
        organization: OrganizationId,
        id: i64,
        entry: &Entry,
    ) -> Result<bool> {
        returned(&self.writer, async |tx| {
            let delete = sqlx::query(INVITATIONS_DELETE).bind(id).bind(organization.0);
            let done = delete.execute(&mut *tx).await?.rows_affected() == 1;
            audit::done(tx, done, entry).await
        })
        .await
    }

    async fn organizer(&self, id: i64) -> Result<Option<Organizer>> {
        let row = sqlx::query_as(ORGANIZERS_BY_ID).bind(id).fetch_optional(&self.readers).await;
        row.map(|row| row.map(Organizer::read)).map_err(unavailable)
    }

    async fn organizer_by_email(&self, email: &str) -> Result<Option<Organizer>> {
        let row =
            sqlx::query_as(ORGANIZERS_BY_EMAIL).bind(email).fetch_optional(&self.readers).await;
        row.map(|row| row.map(Organizer::read)).map_err(unavailable)
    }

    async fn update_organizer(&self, id: i64, profile: &NewProfile, entry: &Entry) -> Result<bool> {
        returned(&self.writer, async |tx| changes::update(tx, id, profile, entry).await).await
    }

    async fn memberships(&self, email: &str) -> Result<Vec<(OrganizationId, Role)>> {
        let rows: Vec<(i64, String)> = sqlx::query_as(MEMBERS_OF_EMAIL)
            .bind(email)
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        rows.into_iter().map(|(id, kept)| Ok((OrganizationId(id), role(&kept)?))).collect()
    }

    async fn members(&self, organization: OrganizationId) -> Result<Vec<TeamMember>> {
        let rows: Vec<_> = sqlx::query_as(MEMBERS_LIST)
            .bind(organization.0)
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        rows.into_iter().map(TeamMember::read).collect()
    }

    async fn everybody(&self) -> Result<Vec<Anyone>> {
        let rows: Vec<(String, String, String, String)> =
            sqlx::query_as(MEMBERS_ALL).fetch_all(&self.readers).await.map_err(unavailable)?;
        let read = |(email, name, organization, kept): (String, String, String, String)| {
            Ok(Anyone { email, name, organization, role: role(&kept)? })
        };
        rows.into_iter().map(read).collect()
    }

    async fn change_role(
        &self,
        organization: OrganizationId,
        organizer: i64,
        role: Role,
        entry: &Entry,
    ) -> Result<Changed> {
        returned(&self.writer, async |tx| {
            let may = changes::may_leave(tx, organization, organizer, role == Role::Owner).await?;
            if may == Changed::Done {
                sqlx::query(MEMBERS_SET_ROLE)
                    .bind(organization.0)
                    .bind(organizer)
                    .bind(role.as_str())
                    .execute(&mut *tx)
                    .await?;
                changes::revoke(tx, organization, organizer, Some(role), entry).await?;
            }
            Ok(may)
        })
        .await
    }

    async fn remove_member(
        &self,
        organization: OrganizationId,
        organizer: i64,
        entry: &Entry,
    ) -> Result<Changed> {
        returned(&self.writer, async |tx| {
            let may = changes::may_leave(tx, organization, organizer, false).await?;
            if may == Changed::Done {
                changes::remove(tx, organization, organizer).await?;
                changes::revoke(tx, organization, organizer, None, entry).await?;
            }
            Ok(may)
        })
        .await
    }

    async fn organization(&self, name: &str, now: Timestamp) -> Result<OrganizationId> {
        returned(&self.writer, async |tx| {
            let known =
                sqlx::query_scalar(ORGANIZATIONS_FIND).bind(name).fetch_optional(&mut *tx).await?;
            let id = match known {
                Some(id) => id,
                None => {
                    sqlx::query_scalar(ORGANIZATIONS_INSERT)
                        .bind(name)
                        .bind(now.as_millisecond())
                        .fetch_one(&mut *tx)
                        .await?
                }
            };
            Ok(OrganizationId(id))
        })
        .await
    }

    async fn organization_name(&self, id: OrganizationId) -> Result<String> {
        let name = sqlx::query_scalar(ORGANIZATIONS_NAME).bind(id.0).fetch_one(&self.readers).await;
        name.map_err(unavailable)
    }
}

fn is_nothing(error: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    matches!(error.downcast_ref(), Some(sqlx::Error::RowNotFound))
}
