//! What the demo gives to whoever started it: a token, and an organizer's link.

use crate::App;
use crate::organizer::invitation::{self, Guest};
use crate::organizer::token::{self, Wish};
use crate::organizer::{Caller, Role, audit};
use crate::store::organizers::Purpose;

/// Who is invited to run the demo.
pub(super) const ORGANIZER: &str = "organizer@example.org";

/// A token to try the export with. Each start makes one of its own, since only hashes are kept.
pub(super) async fn export_token(app: &App) -> anyhow::Result<String> {
    let (now, caller) = (app.clock.now(), Caller::command_line());
    let wish =
        Wish { name: format!("demo-{}", now.as_millisecond()), role: Role::Moderator, days: None };
    let (name, role) = (wish.name.clone(), wish.role);
    let made = token::make(&*app.store, &app.secrets, &*app.entropy, now, &caller, wish).await?;
    audit::note(app, &caller, "token.create", &name, serde_json::json!({ "role": role })).await?;
    Ok(made.token)
}

/// The first start prints a link for the organizer. Who has accepted it signs in from then on.
pub(super) async fn invite(app: &App, port: u16) -> anyhow::Result<Option<String>> {
    let (now, caller) = (app.clock.now(), Caller::command_line());
    let guest = Guest {
        organization: caller.organization,
        email: ORGANIZER.to_owned(),
        role: Role::Owner,
        purpose: Purpose::Join,
    };
    if invitation::is_member(&*app.store, &guest).await? {
        return Ok(None);
    }
    let issued = invitation::issue(&*app.store, &app.secrets, &*app.entropy, now, &guest).await?;
    let detail = serde_json::json!({ "role": guest.role });
    audit::note(app, &caller, "invitation.create", &guest.email, detail).await?;
    // Passkeys need a host name.
    Ok(Some(issued.link(&format!("http://localhost:{port}"))))
}
