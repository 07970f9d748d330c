//! A row as the API shows it.

use countersign_shared::admin::supporters::Supporter;
use countersign_shared::pledge::Source;

use crate::secrets::Person;
use crate::store::ExportRow;

/// Without a person, nothing personal: for roles that may not see it, and after its retention.
/// `asked` are those that only their mailbox can bring into the number.
pub fn show(row: &ExportRow<'_>, person: Option<&Person>, asked: &[i64]) -> Supporter {
    let source: Source = serde_json::from_str(&row.source).unwrap_or_default();
    Supporter {
        id: row.id,
        signed_at: row.signed_at.to_string(),
        state: row.standing().to_owned(),
        reason: row.quarantine_reason.as_deref().map(str::to_owned),
        waits_for_mailbox: asked.contains(&row.id),
        channel: if row.import_id.is_some() { "import" } else { "online" }.to_owned(),
        name: person.map(|it| it.name.clone()),
        email: person.map(|it| it.email.clone()),
        message: person.and_then(|it| it.message.clone()),
        country: row.country.clone().into_owned(),
        locale: row.locale.clone().into_owned(),
        public_name: row.public_name,
        updates: row.updates,
        suspicious: row.suspicious,
        utm_source: source.utm_source,
        referrer: source.referrer,
        receipt: row.receipt.clone().into_owned(),
        network: person.and_then(|it| it.network.clone()),
    }
}
