//! The team and its invitations.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::{Path, State};
use countersign_shared::admin::account::{ChangeRole, Invite, InviteLink, Invited, Member, Team};
use countersign_shared::{Code, FieldError, Problem, routes};
use http::{Method, StatusCode};
use serde_json::json;
use utoipa_axum::routes;

use super::Routes;
use super::access::Rule;
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::http::web::Web;
use crate::organizer::invitation::{self, Guest, Issued};
use crate::organizer::{Caller, Permission, audit};
use crate::store::organizers::{Changed, Purpose, TeamMember};

/// What each route asks of its caller.
pub const RULES: &[Rule] = &[
    Rule::new(Method::GET, routes::ADMIN_TEAM, Permission::Manage),
    Rule::new(Method::POST, routes::ADMIN_TEAM_INVITATIONS, Permission::Manage),
    Rule::new(Method::DELETE, routes::ADMIN_TEAM_INVITATION, Permission::Manage),
    Rule::new(Method::PATCH, routes::ADMIN_TEAM_MEMBER, Permission::Manage),
    Rule::new(Method::DELETE, routes::ADMIN_TEAM_MEMBER, Permission::Manage),
    Rule::new(Method::POST, routes::ADMIN_TEAM_RESET, Permission::Manage),
];

pub fn routes() -> Routes {
    Routes::new()
        .routes(routes!(show))
        .routes(routes!(invite))
        .routes(routes!(withdraw))
        .routes(routes!(change, remove))
        .routes(routes!(reset))
}

/// Who belongs to the organization, and who is invited.
#[utoipa::path(
    get,
    path = routes::ADMIN_TEAM,
    tag = "team",
    security(("token" = []), ("session" = [])),
    responses((status = 200, description = "The team", body = Team))
)]
pub async fn show(State(web): State<Arc<Web>>, caller: Caller) -> Result<Answer<Team>, ApiError> {
    let store = &web.app.store;
    let members = store.members(caller.organization).await?;
    let tokens = store.tokens(caller.organization).await?;
    let of = |organizer: i64| {
        let own = tokens.iter().filter(move |token| token.maker == Some(organizer));
        own.map(|token| token.name.clone()).collect()
    };
    let members = members.into_iter().map(|member| Member {
        id: member.organizer,
        email: member.email,
        name: member.name,
        role: member.role,
        joined_at: member.joined_at.to_string(),
        seen_at: member.seen_at.map(|seen| seen.to_string()),
        you: caller.organizer == Some(member.organizer),
        tokens: of(member.organizer),
    });
    let invitations = store.invitations(caller.organization, web.app.clock.now()).await?;
    let invitations = invitations.into_iter().map(|open| Invited {
        id: open.id,
        email: open.email,
        role: open.role,
        expires_at: open.expires_at.to_string(),
    });
    Ok(Answer(Team { members: members.collect(), invitations: invitations.collect() }))
}

/// Makes a one-time link for somebody, in place of an earlier one for the same address.
#[utoipa::path(
    post,
    path = routes::ADMIN_TEAM_INVITATIONS,
    tag = "team",
    security(("token" = []), ("session" = [])),
    request_body = Invite,
    responses(
        (status = 201, description = "The link, shown once", body = InviteLink),
        (status = 422, description = "Some fields need another look", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn invite(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Json(form): Json<Invite>,
) -> Result<(StatusCode, Answer<InviteLink>), ApiError> {
    let app = &web.app;
    let at_fault = |code| ApiError::fields(vec![FieldError::new("email", code)]);
    let email = invitation::canonical(&form.email).map_err(at_fault)?;
    let guest =
        Guest { organization: caller.organization, email, role: form.role, purpose: Purpose::Join };
    if invitation::is_member(&*app.store, &guest).await? {
        return Err(at_fault(Code::AlreadyMember));
    }
    let issued = issue(&web, &guest).await?;
    // The link is given when the log knows of it.
    let detail = json!({ "role": guest.role });
    audit::note(app, &caller, "invitation.create", &guest.email, detail).await?;
    Ok(link(&web, &issued))
}

/// Withdraws an invitation that nobody has accepted.
#[utoipa::path(
    delete,
    path = routes::ADMIN_TEAM_INVITATION,
    tag = "team",
    params(("id" = i64, Path, description = "The invitation")),
    security(("token" = []), ("session" = [])),
    responses(
        (status = 204, description = "The link opens nothing any more"),
        (status = 404, description = "No such invitation", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn withdraw(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<StatusCode, ApiError> {
    let (app, missing) = (&web.app, || ApiError::new(Code::NotFound));
    let open = app.store.invitations(caller.organization, app.clock.now()).await?;
    let open = open.into_iter().find(|open| open.id == id).ok_or_else(missing)?;
    let detail = json!({ "role": open.role });
    let entry = audit::entry(app, &caller, "invitation.withdraw", &open.email, detail);
    let done = app.store.withdraw_invitation(caller.organization, id, &entry).await?;
    if done { Ok(StatusCode::NO_CONTENT) } else { Err(missing()) }
}

/// Changes what somebody may do, from this moment on. Tokens that they made and that may do more
/// end.
#[utoipa::path(
    patch,
    path = routes::ADMIN_TEAM_MEMBER,
    tag = "team",
    params(("id" = i64, Path, description = "The member")),
    security(("token" = []), ("session" = [])),
    request_body = ChangeRole,
    responses(
        (status = 204, description = "Changed"),
        (status = 404, description = "No such member", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The last owner", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn change(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Path(id): Path<i64>,
    Json(form): Json<ChangeRole>,
) -> Result<StatusCode, ApiError> {
    let member = member(&web, &caller, id).await?;
    let detail = json!({ "role": form.role, "before": member.role });
    let entry = audit::entry(&web.app, &caller, "member.change_role", &member.email, detail);
    done(web.app.store.change_role(caller.organization, id, form.role, &entry).await?)
}

/// Removes somebody from the team: they are signed out at once, and tokens that they made end.
#[utoipa::path(
    delete,
    path = routes::ADMIN_TEAM_MEMBER,
    tag = "team",
    params(("id" = i64, Path, description = "The member")),
    security(("token" = []), ("session" = [])),
    responses(
        (status = 204, description = "Removed"),
        (status = 404, description = "No such member", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The last owner", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn remove(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<StatusCode, ApiError> {
    let member = member(&web, &caller, id).await?;
    let detail = json!({ "role": member.role });
    let entry = audit::entry(&web.app, &caller, "member.remove", &member.email, detail);
    done(web.app.store.remove_member(caller.organization, id, &entry).await?)
}

/// Lets a member in again who has lost their way in: signs them out everywhere, and makes a one-time
/// link that sets another password. Not for somebody who belongs to another organization as well:
/// its owners would be let in by us.
#[utoipa::path(
    post,
    path = routes::ADMIN_TEAM_RESET,
    tag = "team",
    params(("id" = i64, Path, description = "The member")),
    security(("token" = []), ("session" = [])),
    responses(
        (status = 201, description = "The link, shown once", body = InviteLink),
        (status = 404, description = "No such member", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "They belong to another organization as well", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn reset(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<(StatusCode, Answer<InviteLink>), ApiError> {
    let app = &web.app;
    let member = member(&web, &caller, id).await?;
    if app.store.memberships(&member.email).await?.len() > 1 {
        return Err(ApiError::new(Code::StateConflict).detail(ELSEWHERE));
    }
    let detail = json!({ "role": member.role });
    let entry = audit::entry(app, &caller, "account.reset", &member.email, detail);
    app.store.end_sessions(id, &entry).await?;
    let guest = Guest {
        organization: caller.organization,
        email: member.email,
        role: member.role,
        purpose: Purpose::Reset,
    };
    Ok(link(&web, &issue(&web, &guest).await?))
}

const ELSEWHERE: &str = "They belong to another organization as well. Whoever runs the server lets \
                         them in: countersign organizer reset.";

async fn issue(web: &Web, guest: &Guest) -> Result<Issued, ApiError> {
    let (app, now) = (&web.app, web.app.clock.now());
    Ok(invitation::issue(&*app.store, &app.secrets, &*app.entropy, now, guest).await?)
}

fn link(web: &Web, issued: &Issued) -> (StatusCode, Answer<InviteLink>) {
    let url = issued.link(&web.app.config.public_url);
    (StatusCode::CREATED, Answer(InviteLink { url, expires_at: issued.expires_at.to_string() }))
}

/// Who this is: the log names people, and one who was removed is not there to ask.
async fn member(web: &Web, caller: &Caller, id: i64) -> Result<TeamMember, ApiError> {
    let members = web.app.store.members(caller.organization).await?;
    let member = members.into_iter().find(|member| member.organizer == id);
    member.ok_or_else(|| ApiError::new(Code::NotFound))
}

fn done(changed: Changed) -> Result<StatusCode, ApiError> {
    match changed {
        Changed::Done => Ok(StatusCode::NO_CONTENT),
        Changed::Missing => Err(ApiError::new(Code::NotFound)),
        Changed::LastOwner => Err(ApiError::new(Code::LastOwner)),
    }
}
