//! Lists and searches.

use std::time::Duration;

use countersign_shared::Email;
use tokio::time::Instant;

use super::filter::{Filter, Needle, Standing};
use crate::App;
use crate::secrets::Person;
use crate::store::supporters::{Apart, Columns, Place, may_be_confirmed};
use crate::store::{ExportRow, ExportedRows, Result, StoredCampaign};

/// So many rows are read for one page, at most.
const READ_AT_MOST: u64 = 20_000;
/// And for so long: whoever waits sees a part, and where to go on.
const READ_FOR: Duration = Duration::from_millis(120);
/// So many rows are asked for at once where a filter passes over most of them.
pub(super) const AT_ONCE: u32 = 1_000;
/// So many rows are passed over at once in the database, where none of those that were read fits.
const PASS_AT_ONCE: u32 = 25_000;

/// Somebody who was found, and what their seal holds.
pub type Match = (ExportRow<'static>, Option<Person>);

/// A part of a list.
pub struct Page {
    pub items: Vec<Match>,
    /// Where to go on; `None` at the end.
    pub next: Option<Place>,
    /// Rows that were read for it.
    pub read: u64,
    /// Rows that there are to read, roughly.
    pub of: u64,
}

/// Whom `filter` finds after that place, the latest first, and at most `limit` of them. With the
/// place goes what [`Page::of`] was before, so that nothing is counted twice.
pub async fn page(
    app: &App,
    campaign: &StoredCampaign,
    filter: &Filter,
    after: Option<(Place, u64)>,
    limit: usize,
) -> Result<Page> {
    if let Some(Needle::Mailbox(email)) = &filter.needle {
        return mailbox(app, campaign, filter, email).await;
    }
    let began = Instant::now();
    let mut walk = Walk::new(filter, after.map_or(Place::END, |(place, _)| place));
    // Where everybody is found, no more is read than shown.
    let everybody = !filter.is_a_condition();
    let at_once = if everybody { u32::try_from(limit).unwrap_or(AT_ONCE) } else { AT_ONCE };
    let mut items = Vec::with_capacity(limit);
    let (mut read, mut opened) = (0, 0);
    let mut next = Some(walk.place);
    while next.is_some() && opened < READ_AT_MOST && began.elapsed() < READ_FOR {
        let part = walk.some(app, campaign, at_once).await?;
        read += part.passed;
        next = Some(walk.passed_to);
        for row in part.rows {
            if items.len() == limit {
                break;
            }
            (read, opened) = (read + 1, opened + 1);
            next = Some(place(&row));
            if filter.matches_row(&row) {
                let person = open(app, campaign, &row);
                if filter.matches_person(person.as_ref()) {
                    items.push((row, person));
                }
            }
        }
        if items.len() == limit {
            break;
        }
        if walk.ended {
            next = None;
        }
    }
    let of = match after {
        Some((_, of)) => of,
        None => out_of(app, campaign, filter).await?,
    };
    Ok(Page { items, next, read, of })
}

/// A whole address is found by its fingerprint, by whichever edition of the key.
async fn mailbox(
    app: &App,
    campaign: &StoredCampaign,
    filter: &Filter,
    email: &Email,
) -> Result<Page> {
    let items: Vec<Match> = of_mailbox(app, campaign, email)
        .await?
        .into_iter()
        .map(|row| {
            let person = open(app, campaign, &row);
            (row, person)
        })
        .filter(|(row, person)| filter.matches(row, person.as_ref()))
        .collect();
    let read = items.len() as u64;
    Ok(Page { items, next: None, read, of: read })
}

/// The rows of a mailbox in a campaign, under every edition of the key.
pub async fn of_mailbox(
    app: &App,
    campaign: &StoredCampaign,
    email: &Email,
) -> Result<Vec<ExportRow<'static>>> {
    let canonical = email.canonical();
    let prints = app.secrets.fingerprints(&campaign.campaign.slug, canonical.as_str());
    owned(app.store.pledges_of(campaign.id, &prints).await?)
}

/// One, by its id.
pub async fn one(app: &App, campaign: &StoredCampaign, id: i64) -> Result<Option<Match>> {
    let mut rows = owned(app.store.pledge(campaign.id, id).await?)?;
    Ok(rows.pop().map(|row| {
        let person = open(app, campaign, &row);
        (row, person)
    }))
}

/// Those of these pledges that only their mailbox can bring into the number: it was asked, and has
/// not said yes.
pub async fn for_the_mailbox<'a>(
    app: &App,
    rows: impl IntoIterator<Item = &'a ExportRow<'static>>,
) -> Result<Vec<i64>> {
    let held = |row: &&ExportRow<'_>| may_be_confirmed(row.quarantine_reason.as_deref());
    let held: Vec<i64> = rows.into_iter().filter(held).map(|row| row.id).collect();
    if held.is_empty() { Ok(held) } else { app.store.asked(&held).await }
}

/// What the seal of a row holds. `None` after its retention, and where the seal does not open: the
/// row is shown all the same.
pub(super) fn open(app: &App, campaign: &StoredCampaign, row: &ExportRow<'_>) -> Option<Person> {
    let sealed = row.sealed.as_ref()?;
    let slug = &campaign.campaign.slug;
    app.secrets.open(slug, row.key_version, &row.fingerprint, sealed).ok()
}

async fn out_of(app: &App, campaign: &StoredCampaign, filter: &Filter) -> Result<u64> {
    let counted = app.hub.snapshot(campaign.id).map_or(0, |it| it.counters.total);
    if filter.standing == Some(Standing::Counted) {
        return Ok(counted);
    }
    let apart = app.store.apart_counts(campaign.id).await?;
    Ok(match filter.standing {
        None | Some(Standing::Counted) => counted + apart.apart(),
        Some(Standing::Quarantined) => apart.quarantined,
        Some(Standing::Unconfirmed) => apart.unconfirmed,
        Some(Standing::Withdrawn) => apart.withdrawn,
        Some(Standing::Refused) => apart.refused,
        Some(Standing::Invalidated) => apart.invalidated,
    })
}

/// A way through the rows that a filter may find, the latest first.
pub(super) struct Walk<'a> {
    filter: &'a Filter,
    /// The rows of which lists are read: all, or those apart for these reasons.
    lists: Vec<Option<Apart>>,
    /// What the database may pass over, in the list of all.
    columns: Option<Columns>,
    /// Where those that were read last had nobody who fits.
    is_dry: bool,
    pub(super) place: Place,
    /// Where the rows began that were read last.
    passed_to: Place,
    /// Nobody who signed before this, in milliseconds.
    from: i64,
    pub(super) ended: bool,
}

/// A step of a [`Walk`].
pub(super) struct Part {
    /// So many came before, and do not fit.
    pub(super) passed: u64,
    pub(super) rows: Vec<ExportRow<'static>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(filter: &'a Filter, after: Place) -> Self {
        let lists = match filter.standing {
            None | Some(Standing::Counted) => vec![None],
            Some(Standing::Quarantined) => vec![Some(Apart::Honeypot), Some(Apart::TooFast)],
            Some(Standing::Unconfirmed) => vec![Some(Apart::Unconfirmed)],
            Some(Standing::Withdrawn) => vec![Some(Apart::Withdrawn)],
            Some(Standing::Refused) => vec![Some(Apart::Refused)],
            Some(Standing::Invalidated) => vec![Some(Apart::Invalidated)],
        };
        // Times have fractions of milliseconds; rows have none.
        let until = filter
            .to
            .map(|to| Place { signed_at: to.as_millisecond().saturating_add(1), id: i64::MIN });
        let place = until.map_or(after, |until| until.min(after));
        let from = filter.from.map_or(i64::MIN, |from| from.as_millisecond());
        let columns = filter.columns().filter(|_| lists == [None]);
        Self { filter, lists, columns, is_dry: false, place, passed_to: place, from, ended: false }
    }

    /// The next rows, and goes on after them. There may be none before the end.
    pub(super) async fn some(
        &mut self,
        app: &App,
        campaign: &StoredCampaign,
        most: u32,
    ) -> Result<Part> {
        let passed = self.pass(app, campaign).await?;
        let rows = if self.ended || self.is_dry {
            Vec::new()
        } else {
            self.read(app, campaign, most).await?
        };
        Ok(Part { passed, rows })
    }

    /// Passes over those who do not fit, and says how many. Most searches find somebody in every
    /// part that is read; only after a part without anybody is this the quicker way.
    async fn pass(&mut self, app: &App, campaign: &StoredCampaign) -> Result<u64> {
        self.passed_to = self.place;
        let Some(columns) = self.columns.filter(|_| self.is_dry) else { return Ok(0) };
        let passed = app.store.pledges_pass(campaign.id, columns, self.place, PASS_AT_ONCE).await?;
        let Some(passed) = passed else {
            self.ended = true;
            return Ok(0);
        };
        self.place = passed.place;
        self.passed_to = passed.place;
        self.is_dry = !passed.found;
        self.ended = passed.place.signed_at < self.from;
        Ok(passed.rows)
    }

    async fn read(
        &mut self,
        app: &App,
        campaign: &StoredCampaign,
        most: u32,
    ) -> Result<Vec<ExportRow<'static>>> {
        let mut rows = Vec::new();
        for list in &self.lists {
            let read = app.store.pledges_before(campaign.id, *list, self.place, most).await?;
            rows.extend(owned(read)?);
        }
        rows.sort_by_key(|row| std::cmp::Reverse(place(row)));
        // Each list gave as many as that, so those that come first are all among them.
        self.ended = rows.len() < most as usize;
        rows.truncate(most as usize);
        if let Some(last) = rows.last() {
            self.place = place(last);
        }
        let all = rows.len();
        rows.retain(|row| row.signed_at.as_millisecond() >= self.from);
        self.ended |= rows.len() < all;
        self.is_dry = !rows.iter().any(|row| self.filter.matches_row(row));
        Ok(rows)
    }
}

pub(super) fn place(row: &ExportRow<'_>) -> Place {
    Place { signed_at: row.signed_at.as_millisecond(), id: row.id }
}

fn owned(rows: Option<ExportedRows>) -> Result<Vec<ExportRow<'static>>> {
    let Some(rows) = rows else { return Ok(Vec::new()) };
    rows.rows().map(|row| row.map(ExportRow::into_owned)).collect()
}
