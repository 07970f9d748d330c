//! Taking many pledges out of the number at once, in the background.
//!
//! A job walks through the rows and writes down whom the filter finds, some at a time, so that
//! people who sign do not wait and a restart goes on where it stopped. Nobody leaves the number
//! until the walk is over; then all of them do, in one transaction, and the public number comes
//! down once.

use std::sync::Arc;
use std::time::Duration;

use countersign_shared::admin::supporters::{BulkJob, BulkRequest, SupporterFilter};
use countersign_shared::{Code, FieldError};
use jiff::SignedDuration;
use serde_json::json;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::act::{ActError, settle};
use super::filter::{Filter, Needle, Standing};
use super::find::{self, AT_ONCE, Walk};
use super::publish;
use crate::App;
use crate::clock::Entropy;
use crate::organizer::{Caller, audit};
use crate::store::audit::Entry;
use crate::store::supporters::{Job, Lease, NewJob, Place, Progress};
use crate::store::{ExportRow, StoreError, StoredCampaign};

/// A node that says nothing for so long has ended, and another goes on. A part takes milliseconds;
/// the last step may take seconds.
const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// How often a node looks whether another left work behind.
const LOOK: Duration = Duration::from_secs(1);

/// A reason has at most so many characters.
const MAX_REASON: usize = 500;

/// The node's part in jobs.
pub struct Bulk {
    worker: i64,
    bell: Arc<Notify>,
}

impl Bulk {
    pub fn new(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 8];
        entropy.fill(&mut bytes);
        // Not 0: that is nobody.
        Self { worker: i64::from_le_bytes(bytes) | 1, bell: Arc::default() }
    }
}

/// Works on jobs as they come, and on those that were left behind.
pub fn start(app: &Arc<App>) -> JoinHandle<()> {
    let bell = Arc::clone(&app.bulk.bell);
    let app = Arc::downgrade(app);
    tokio::spawn(async move {
        loop {
            let Some(app) = app.upgrade() else { return };
            if let Err(error) = work(&app).await {
                tracing::warn!(%error, "a job in the background stopped; trying again");
            }
            drop(app);
            // Whichever comes first.
            let _ = tokio::time::timeout(LOOK, bell.notified()).await;
        }
    })
}

/// Begins a job. It runs on this node, or on another.
///
/// # Errors
/// [`ActError::Fields`] for a filter that cannot be, or that finds everybody.
pub async fn create(
    app: &App,
    campaign: &StoredCampaign,
    request: &BulkRequest,
    caller: &Caller,
) -> Result<Job, ActError> {
    check(request).map_err(ActError::Fields)?;
    let filter = serde_json::to_string(&request.filter)
        .map_err(|error| StoreError::Broken(Box::new(error)))?;
    let job = NewJob {
        campaign: campaign.id,
        preview: request.preview,
        filter,
        reason: request.reason.trim().to_owned(),
        out_of: publish(app, campaign.id, None),
        created_by: caller.actor.clone(),
    };
    let detail = json!({ "preview": job.preview, "reason": job.reason });
    let slug = campaign.campaign.slug.as_str();
    let entry = audit::entry(app, caller, "bulk.invalidate", slug, detail);
    let id = app.store.create_job(job, app.clock.now(), &entry).await?;
    app.bulk.bell.notify_one();
    app.store.job(campaign.id, id).await?.ok_or(ActError::NotFound)
}

fn check(request: &BulkRequest) -> Result<(), Vec<FieldError>> {
    let mut errors = Vec::new();
    let reason = request.reason.trim();
    if reason.is_empty() && !request.preview {
        errors.push(FieldError::new("reason", Code::FieldMissing));
    } else if reason.chars().count() > MAX_REASON {
        errors.push(FieldError::new("reason", Code::FieldTooLong));
    }
    match Filter::parse(&request.filter) {
        Err(faults) => errors.extend(
            faults
                .into_iter()
                .map(|fault| FieldError { field: format!("filter.{}", fault.field), ..fault }),
        ),
        Ok(filter) => {
            // Only what is in the number can leave it.
            if filter.standing.is_some_and(|standing| standing != Standing::Counted) {
                errors.push(FieldError::new("filter.state", Code::FieldInvalid));
            }
            if !filter.is_a_condition() {
                errors.push(FieldError::new("filter", Code::FieldMissing));
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// Puts back what a job took out, as far as nothing else has changed it since.
///
/// # Errors
/// [`ActError::NotFromHere`] for a job that is not done, was a preview, or is undone.
pub async fn undo(
    app: &App,
    campaign: &StoredCampaign,
    id: i64,
    entry: &Entry,
) -> Result<Job, ActError> {
    settle(app, campaign, app.store.undo_job(campaign.id, id, app.clock.now(), entry).await?)?;
    app.store.job(campaign.id, id).await?.ok_or(ActError::NotFound)
}

/// A job as the API shows it.
pub fn show(job: Job) -> BulkJob {
    BulkJob {
        id: job.id,
        preview: job.preview,
        state: job.state,
        reason: job.reason,
        filter: serde_json::from_str(&job.filter).unwrap_or_default(),
        read: job.looked_at,
        of: job.out_of,
        matched: job.matched,
        changed: job.changed,
        created_by: job.created_by,
        created_at: job.created_at.to_string(),
        finished_at: job.finished_at.map(|at| at.to_string()),
    }
}

async fn work(app: &App) -> Result<(), StoreError> {
    while let Some(job) = app.store.claim_job(lease(app)).await? {
        run(app, job).await?;
    }
    Ok(())
}

fn lease(app: &App) -> Lease {
    let now = app.clock.now();
    Lease { worker: app.bulk.worker, now, until: now + LEASE }
}

async fn run(app: &App, job: Job) -> Result<(), StoreError> {
    let campaign = app.campaigns.by_id(job.campaign);
    let filter = serde_json::from_str::<SupporterFilter>(&job.filter)
        .ok()
        .and_then(|raw| Filter::parse(&raw).ok());
    // One that this node has not heard of yet is there at the next look.
    let Some(campaign) = campaign else { return Ok(()) };
    let entry = entry(app, &campaign, &job);
    let Some(filter) = filter else {
        tracing::error!(job = job.id, "a job in the background cannot be understood");
        app.store.finish_job(&job, true, lease(app), &entry).await?;
        return Ok(());
    };
    if !look(app, &campaign, &job, &filter).await? {
        return Ok(());
    }
    let counters = app.store.finish_job(&job, false, lease(app), &entry).await?;
    publish(app, campaign.id, counters);
    tracing::info!(job = job.id, campaign = campaign.campaign.slug.as_str(), "a job is done");
    Ok(())
}

/// What the log says when the number comes down: in the name of whoever began the job.
fn entry(app: &App, campaign: &StoredCampaign, job: &Job) -> Entry {
    let organization = campaign.organization;
    let caller = Caller { actor: job.created_by.clone(), ..Caller::server(organization) };
    let subject = format!("{}/{}", campaign.campaign.slug.as_str(), job.id);
    audit::entry(app, &caller, "bulk.finish", &subject, json!({ "reason": job.reason }))
}

/// Walks to the end and writes down who is found. False where another node took the job over.
async fn look(
    app: &App,
    campaign: &StoredCampaign,
    job: &Job,
    filter: &Filter,
) -> Result<bool, StoreError> {
    if let Some(Needle::Mailbox(email)) = &filter.needle {
        let rows = find::of_mailbox(app, campaign, email).await?;
        let all = rows.len() as u64;
        return note(app, campaign, job, filter, &rows, (all, Place::END)).await;
    }
    let mut walk = Walk::new(filter, job.reached);
    while !walk.ended {
        let part = walk.some(app, campaign, AT_ONCE).await?;
        let looked_at = part.passed + part.rows.len() as u64;
        if !note(app, campaign, job, filter, &part.rows, (looked_at, walk.place)).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn note(
    app: &App,
    campaign: &StoredCampaign,
    job: &Job,
    filter: &Filter,
    rows: &[ExportRow<'_>],
    (looked_at, reached): (u64, Place),
) -> Result<bool, StoreError> {
    let found = |row: &&ExportRow<'_>| {
        row.standing() == Standing::Counted.as_str()
            && filter.matches_row(row)
            && filter.matches_person(find::open(app, campaign, row).as_ref())
    };
    let matched = rows.iter().filter(found).map(|row| row.id).collect();
    let done = Progress { reached, looked_at, matched };
    app.store.progress_job(job, done, lease(app)).await
}
