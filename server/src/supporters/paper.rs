//! Signatures from paper: files with a row each, and labelled counts.

use std::collections::HashSet;
use std::sync::Arc;

use countersign_shared::admin::offline::{
    Import, ImportReport, ImportRequest, LabelledCount, NewLabelledCount, Offline,
};
use countersign_shared::{Code, Country, FieldError, Pledge};
use serde_json::json;

use super::act::{ActError, settle};
use super::publish;
use crate::App;
use crate::organizer::{Caller, audit};
use crate::pledge::looks_alike;
use crate::secrets::Person;
use crate::store::audit::Entry;
use crate::store::offline::{NewImport, NewLabelled};
use crate::store::{NewPledge, StoreError, StoredCampaign, Verdict};

mod columns;
mod table;

use table::Table;

/// A label has at most so many characters.
const MAX_LABEL: usize = 120;

/// More than any box of paper holds, and far from where numbers end.
const MAX_COUNTED: u64 = 1_000_000_000;

/// Reads a file, and adds those who had not signed; rows that are bad are left out and explained.
/// In a dry run nothing is stored, and the report is the same.
///
/// # Errors
/// [`ActError::Fields`] for a label or a mapping that cannot be.
pub async fn import(
    app: &Arc<App>,
    campaign: &Arc<StoredCampaign>,
    request: ImportRequest,
    caller: &Caller,
) -> Result<ImportReport, ActError> {
    let label = label(&request.label).map_err(|fault| ActError::Fields(vec![fault]))?;
    let dry_run = request.dry_run;
    let reading = (Arc::clone(app), Arc::clone(campaign));
    // A hundred thousand rows take seconds; others answer requests meanwhile.
    let read = tokio::task::spawn_blocking(move || {
        let (app, campaign) = reading;
        let table = Table::read(&request)?;
        Ok(File::of(table, &app, &campaign, !request.dry_run))
    });
    let file = read
        .await
        .map_err(|error| StoreError::Broken(Box::new(error)))?
        .map_err(ActError::Fields)?;
    let mut report = file.report(label.clone());
    if dry_run {
        let known = app.store.signed(campaign.id, file.prints.concat()).await?;
        let has_signed = |prints: &&Vec<[u8; 16]>| prints.iter().any(|it| known.contains(it));
        let signed = file.prints.iter().filter(has_signed).count() as u64;
        report.duplicates = file.twice + signed;
    } else {
        let detail = json!({ "label": label, "rows": report.rows });
        let slug = campaign.campaign.slug.as_str();
        let entry = audit::entry(app, caller, "import.add", slug, detail);
        let (label, created_by) = (label, caller.actor.clone());
        let pledges = file.pledges.into_iter().collect::<Option<_>>().ok_or(ActError::Sealed)?;
        let new =
            NewImport { campaign: campaign.id, label, created_by, pledges, twice: file.twice };
        let imported = app.store.import(new, app.clock.now(), &entry).await?;
        publish(app, campaign.id, imported.counters);
        (report.id, report.duplicates) = (Some(imported.id), imported.duplicates);
    }
    report.added = report.good.saturating_sub(report.duplicates);
    Ok(report)
}

/// What a file holds, once it is read.
struct File {
    table: Table,
    /// Rows whose mailbox stands in the file before.
    twice: u64,
    /// Of each mailbox, by every edition of the key.
    prints: Vec<Vec<[u8; 16]>>,
    /// `None` where one cannot be sealed. Empty in a dry run.
    pledges: Vec<Option<NewPledge>>,
}

impl File {
    fn of(mut table: Table, app: &App, campaign: &StoredCampaign, seal: bool) -> Self {
        let rows = std::mem::take(&mut table.pledges);
        let (mut seen, mut twice) = (HashSet::new(), 0);
        let (mut prints, mut pledges) = (Vec::new(), Vec::new());
        for row in rows {
            let canonical = row.email.canonical();
            let slug = &campaign.campaign.slug;
            let of_mailbox = app.secrets.fingerprints(slug, canonical.as_str());
            if !seen.insert(of_mailbox.first().copied()) {
                twice += 1;
                continue;
            }
            if seal {
                pledges.push(prepare(app, campaign, &row));
            }
            prints.push(of_mailbox);
        }
        Self { table, twice, prints, pledges }
    }

    fn report(&self, label: String) -> ImportReport {
        ImportReport {
            id: None,
            label,
            rows: self.table.rows,
            good: self.table.rows.saturating_sub(self.table.bad_rows),
            duplicates: 0,
            added: 0,
            bad: self.table.bad.clone(),
            bad_rows: self.table.bad_rows,
        }
    }
}

/// As a pledge of the form, but for what only a browser has.
fn prepare(app: &App, campaign: &StoredCampaign, row: &Pledge) -> Option<NewPledge> {
    let slug = &campaign.campaign.slug;
    let person = Person {
        name: row.name.as_str().to_owned(),
        email: row.email.as_str().to_owned(),
        message: row.message.as_ref().map(|message| message.as_str().to_owned()),
        network: None,
    };
    let canonical = row.email.canonical();
    let identities = app.secrets.identities(slug, canonical.as_str(), &person, &*app.entropy).ok();
    let (identity, earlier) = identities?;
    let receipt = app.secrets.receipt(slug, &identity.fingerprint);
    Some(NewPledge {
        campaign: campaign.id,
        identity,
        earlier,
        request: None,
        verdict: Verdict::Count,
        country: row.country,
        locale: campaign.campaign.default_locale.clone(),
        public_name: false,
        updates: row.updates,
        suspicious: looks_alike(row.email.domain_ascii()),
        source: "{}".to_owned(),
        receipt,
        mail: None,
    })
}

/// Deletes what an import added. What is undone already stays so.
///
/// # Errors
/// [`ActError::NotFound`].
pub async fn undo(
    app: &App,
    campaign: &StoredCampaign,
    id: i64,
    entry: &Entry,
) -> Result<u64, ActError> {
    settle(app, campaign, app.store.undo_import(campaign.id, id, app.clock.now(), entry).await?)
}

/// Adds signatures that are only a number.
///
/// # Errors
/// [`ActError::Fields`].
pub async fn add_labelled(
    app: &App,
    campaign: &StoredCampaign,
    new: &NewLabelledCount,
    caller: &Caller,
) -> Result<LabelledCount, ActError> {
    let mut errors = Vec::new();
    let label = label(&new.label).map_err(|fault| errors.push(fault)).ok();
    let country = Country::parse(&new.country)
        .map_err(|code| errors.push(FieldError::new("country", code)))
        .ok();
    if !(1..=MAX_COUNTED).contains(&new.counted) {
        errors.push(FieldError::new("counted", Code::FieldInvalid));
    }
    let (Some(label), Some(country), true) = (label, country, errors.is_empty()) else {
        return Err(ActError::Fields(errors));
    };
    let now = app.clock.now();
    let detail = json!({ "label": label, "country": country.as_str(), "counted": new.counted });
    let slug = campaign.campaign.slug.as_str();
    let entry = audit::entry(app, caller, "labelled.add", slug, detail);
    let row = NewLabelled {
        campaign: campaign.id,
        label: label.clone(),
        country,
        counted: new.counted,
        created_by: caller.actor.clone(),
    };
    let (id, counters) = app.store.add_labelled(row, now, &entry).await?;
    publish(app, campaign.id, Some(counters));
    Ok(LabelledCount {
        id,
        label,
        country: country.as_str().to_owned(),
        counted: new.counted,
        created_by: caller.actor.clone(),
        created_at: now.to_string(),
    })
}

/// Takes a labelled count out of the number.
///
/// # Errors
/// [`ActError::NotFound`].
pub async fn delete_labelled(
    app: &App,
    campaign: &StoredCampaign,
    id: i64,
    entry: &Entry,
) -> Result<u64, ActError> {
    let acted = app.store.delete_labelled(campaign.id, id, app.clock.now(), entry).await?;
    settle(app, campaign, acted)
}

/// Everything from paper, the latest first.
pub async fn list(app: &App, campaign: &StoredCampaign) -> Result<Offline, StoreError> {
    let imports = app.store.imports(campaign.id).await?;
    let counts = app.store.labelled(campaign.id).await?;
    let import = |it: crate::store::offline::StoredImport| Import {
        id: it.id,
        label: it.label,
        added: it.added,
        duplicates: it.duplicates,
        created_by: it.created_by,
        created_at: it.created_at.to_string(),
        undone_at: it.undone_at.map(|at| at.to_string()),
    };
    let count = |it: crate::store::offline::StoredLabelled| LabelledCount {
        id: it.id,
        label: it.label,
        country: it.country,
        counted: it.counted,
        created_by: it.created_by,
        created_at: it.created_at.to_string(),
    };
    Ok(Offline {
        imports: imports.into_iter().map(import).collect(),
        counts: counts.into_iter().map(count).collect(),
    })
}

fn label(raw: &str) -> Result<String, FieldError> {
    let label = raw.trim();
    if label.is_empty() {
        return Err(FieldError::new("label", Code::FieldMissing));
    }
    if label.chars().count() > MAX_LABEL {
        return Err(FieldError::new("label", Code::FieldTooLong));
    }
    if label.chars().any(char::is_control) {
        return Err(FieldError::new("label", Code::FieldInvalid));
    }
    Ok(label.to_owned())
}
