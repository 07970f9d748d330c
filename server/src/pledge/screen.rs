//! Tells people from robots without asking anybody anything.

use jiff::SignedDuration;

use super::{Rejected, Submission};
use crate::App;
use crate::store::{QuarantineReason, StoredCampaign, Verdict};

/// Nobody reads a pledge and fills in a form in less.
pub const TOO_FAST: SignedDuration = SignedDuration::from_secs(1);

/// How long a page may lie open where the campaign asks for its stamp.
pub const MAX_PAGE_AGE: SignedDuration = SignedDuration::from_hours(24);

/// A robot gets the same friendly answer as everybody; its pledge is kept, and counted nowhere.
pub(super) fn verdict(
    app: &App,
    campaign: &StoredCampaign,
    submission: &Submission,
) -> Result<Verdict, Rejected> {
    let age = page_age(app, campaign, submission)?;
    if submission.website.as_deref().is_some_and(|trap| !trap.is_empty()) {
        return Ok(Verdict::Quarantine(QuarantineReason::Honeypot));
    }
    // A page from the future means that the clock was set back: that is nobody's fault.
    match age {
        Some(age) if !age.is_negative() && age < TOO_FAST => {
            Ok(Verdict::Quarantine(QuarantineReason::TooFast))
        }
        _ => Ok(Verdict::Count),
    }
}

fn page_age(
    app: &App,
    campaign: &StoredCampaign,
    submission: &Submission,
) -> Result<Option<SignedDuration>, Rejected> {
    let asked = campaign.campaign.require_rendered;
    let Some(stamp) = submission.rendered.as_deref().filter(|stamp| !stamp.is_empty()) else {
        return if asked { Err(Rejected::RenderedInvalid) } else { Ok(None) };
    };
    let rendered = app.secrets.read_stamp(&campaign.campaign.slug, stamp);
    let age = app.clock.now().duration_since(rendered.ok_or(Rejected::RenderedInvalid)?);
    if asked && age > MAX_PAGE_AGE { Err(Rejected::RenderedInvalid) } else { Ok(Some(age)) }
}
