//! The way of a pledge, from a form that parsed to an answer that was committed.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use countersign_shared::Pledge;

use crate::App;
use crate::campaign::Stage;
use crate::insight::alarms::{Kind, Level};
use crate::store::{NewPledge, Outcome, QuarantineReason, RequestKey, StoredCampaign, Verdict};
use crate::totals::Snapshot;

mod network;
mod prepare;
mod screen;
mod writer;

pub mod limit;
pub use network::network;
pub(crate) use prepare::looks_alike;
pub use screen::{MAX_PAGE_AGE, TOO_FAST};
pub use writer::{WriteError, Writer};

/// A pledge as it came in, its form already parsed.
pub struct Submission {
    pub form: Pledge,
    /// The honeypot: people do not see it.
    pub website: Option<String>,
    /// The stamp of the page; see [`crate::secrets::Secrets::stamp`].
    pub rendered: Option<String>,
    pub idempotency_key: Option<String>,
    pub client: IpAddr,
}

/// The answer to a pledge that was counted, to one by a mailbox that had signed, and to one that
/// was quarantined: nobody can tell them apart.
#[derive(Clone, Debug)]
pub struct Accepted {
    pub number: u64,
    /// A reference to quote. Opens nothing.
    pub receipt: String,
    /// With this pledge in them.
    pub totals: Arc<Snapshot>,
    /// It counts once the mailbox has confirmed it: an e-mail is on its way.
    pub check_email: bool,
}

/// Why a pledge was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejected {
    NotYetOpen,
    Closed,
    /// This Idempotency-Key came with another body before.
    KeyReused,
    /// The stamp is forged, of another campaign, too old, or missing where it is asked for.
    RenderedInvalid,
    RateLimited {
        retry_after: Duration,
    },
    /// The queue is full.
    Busy {
        retry_after: Duration,
    },
    /// The store failed. Whether the pledge was stored is not known; the same Idempotency-Key
    /// finds out.
    Unavailable {
        retry_after: Duration,
    },
}

/// Takes a pledge: when this returns `Accepted`, it is durable.
pub async fn accept(
    app: &App,
    campaign: &Arc<StoredCampaign>,
    submission: Submission,
) -> Result<Accepted, Rejected> {
    let verdict = screen::verdict(app, campaign, &submission)?;
    limit(app, campaign, submission.client)?;
    let asks = campaign.campaign.confirm_email;
    let verdict = match verdict {
        Verdict::Count if asks => Verdict::Quarantine(QuarantineReason::Unconfirmed),
        verdict => verdict,
    };
    keep(app, campaign, &submission, verdict, asks).await
}

/// Takes a pledge that a tool of the organizers sends: who holds their token is no robot, and many
/// people come from one address. Their mailboxes are not asked.
pub async fn accept_from_tool(
    app: &App,
    campaign: &Arc<StoredCampaign>,
    submission: Submission,
) -> Result<Accepted, Rejected> {
    keep(app, campaign, &submission, Verdict::Count, false).await
}

async fn keep(
    app: &App,
    campaign: &Arc<StoredCampaign>,
    submission: &Submission,
    verdict: Verdict,
    asks: bool,
) -> Result<Accepted, Rejected> {
    let pledge = prepare::prepare(app, campaign, submission, verdict, asks)?;
    let receipt = pledge.receipt.clone();
    let outcome = app.writer.record(pledge).await.inspect_err(|error| alarm(app, *error))?;
    watch(app, campaign, submission, &outcome);
    if asks {
        app.mailer.wake();
    }
    Ok(Accepted { check_email: asks, ..answer(app, campaign, outcome, receipt)? })
}

/// Tells the organizers that people are turned away.
fn alarm(app: &App, error: WriteError) {
    if error == WriteError::Busy {
        let text = "More people sign than can be written. They are asked to try again.".to_owned();
        app.alarms.raise((Kind::QueueFull, Level::Bad), None, "", text, app.clock.now());
    }
}

/// Counts where new pledges come from, so that a sudden rise is noticed.
fn watch(app: &App, campaign: &StoredCampaign, submission: &Submission, outcome: &Outcome) {
    let is_new = |it: &Outcome| {
        matches!(it, Outcome::Counted { .. } | Outcome::Quarantined { .. } | Outcome::Asked { .. })
    };
    if is_new(outcome) {
        let domain = submission.form.email.domain_ascii();
        app.alarms.note(campaign.id, submission.client, domain, app.clock.now());
    }
}

fn limit(app: &App, campaign: &StoredCampaign, client: IpAddr) -> Result<(), Rejected> {
    app.limits
        .check(campaign.campaign.rate_limit, campaign.id, client)
        .inspect_err(|_| {
            metrics::counter!("countersign_pledges_total", "outcome" => "rate_limited").increment(1)
        })
        .map_err(|retry_after| Rejected::RateLimited { retry_after })
}

fn answer(
    app: &App,
    campaign: &StoredCampaign,
    outcome: Outcome,
    receipt: String,
) -> Result<Accepted, Rejected> {
    let (number, receipt) = match outcome {
        Outcome::Counted { number }
        | Outcome::Duplicate { number }
        | Outcome::Quarantined { number }
        | Outcome::Asked { number } => (number, receipt),
        Outcome::Replayed { number, receipt } => (number, receipt),
        Outcome::KeyReused => return Err(Rejected::KeyReused),
        // It takes none because of its stage; to people that is one that has ended.
        Outcome::NotYetOpen if campaign.campaign.stage == Stage::Archived => {
            return Err(Rejected::Closed);
        }
        Outcome::NotYetOpen => return Err(Rejected::NotYetOpen),
        Outcome::Closed => return Err(Rejected::Closed),
    };
    let retry_after = writer::RETRY_AFTER;
    let totals = app.hub.snapshot(campaign.id).ok_or(Rejected::Unavailable { retry_after })?;
    Ok(Accepted { number, receipt, totals, check_email: false })
}

impl From<WriteError> for Rejected {
    fn from(error: WriteError) -> Self {
        let retry_after = writer::RETRY_AFTER;
        match error {
            WriteError::Busy => Self::Busy { retry_after },
            WriteError::Unavailable => Self::Unavailable { retry_after },
        }
    }
}

#[cfg(test)]
mod tests;
