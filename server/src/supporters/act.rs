//! What an organizer does with one pledge. Done once, however many ask at once: the store decides, and
//! writes the line of the audit log along with it.

use countersign_shared::admin::supporters::Correction;
use countersign_shared::{Code, Country, FieldError, Message, PersonName};

use super::{find, publish};
use crate::App;
use crate::secrets::Person;
use crate::store::audit::Entry;
use crate::store::supporters::{Act, Acted, Corrected};
use crate::store::{ExportRow, StoreError, StoredCampaign};

/// How often a correction is tried that others got in the way of.
const TRIES: usize = 5;

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    #[error("there is no such pledge")]
    NotFound,
    /// A withdrawal that only the person takes back; an undo of what was undone.
    #[error("not possible in the state that it is in")]
    NotFromHere,
    #[error("some fields are wrong")]
    Fields(Vec<FieldError>),
    #[error("a seal does not open with this key")]
    Sealed,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The total after it. What is so already stays so.
///
/// # Errors
/// [`ActError`]: not found, or not possible from the state that it is in.
pub async fn act(
    app: &App,
    campaign: &StoredCampaign,
    id: i64,
    act: Act,
    entry: &Entry,
) -> Result<u64, ActError> {
    settle(app, campaign, app.store.act(campaign.id, id, act, app.clock.now(), entry).await?)
}

/// Deletes pledge and person; the number falls by one where the pledge was in it. The mailbox may
/// sign anew.
///
/// # Errors
/// [`ActError::NotFound`], also for what was erased.
pub async fn erase(
    app: &App,
    campaign: &StoredCampaign,
    id: i64,
    entry: &Entry,
) -> Result<u64, ActError> {
    settle(app, campaign, app.store.erase(campaign.id, id, app.clock.now(), entry).await?)
}

/// Publishes what moved, and returns the total.
///
/// # Errors
/// [`ActError`]: it was not done.
pub fn settle(app: &App, campaign: &StoredCampaign, acted: Acted) -> Result<u64, ActError> {
    match acted {
        Acted::Done(counters) => Ok(publish(app, campaign.id, counters)),
        Acted::AlreadySo => Ok(publish(app, campaign.id, None)),
        Acted::NotFromHere => Err(ActError::NotFromHere),
        Acted::NotFound => Err(ActError::NotFound),
        Acted::Overtaken => Err(ActError::Store(StoreError::Unavailable(
            "a pledge changed whenever it was to be corrected".into(),
        ))),
    }
}

/// Corrects what a person gave, by the rules of the form.
///
/// # Errors
/// [`ActError::Fields`] for what the form would refuse, [`ActError::NotFromHere`] for personal data
/// that is deleted.
pub async fn correct(
    app: &App,
    campaign: &StoredCampaign,
    id: i64,
    correction: &Correction,
    entry: &Entry,
) -> Result<u64, ActError> {
    let checked = Checked::of(correction).map_err(ActError::Fields)?;
    let mut acted = Acted::Overtaken;
    for _ in 0..TRIES {
        let Some((row, person)) = find::one(app, campaign, id).await? else {
            return Err(ActError::NotFound);
        };
        let to = checked.apply(app, campaign, &row, person)?;
        acted = app.store.correct(campaign.id, to, app.clock.now(), entry).await?;
        if acted != Acted::Overtaken {
            break;
        }
    }
    settle(app, campaign, acted)
}

/// A correction that keeps every rule.
struct Checked {
    name: Option<PersonName>,
    country: Option<Country>,
    /// `Some(None)` takes the message away.
    message: Option<Option<Message>>,
    updates: Option<bool>,
    public_name: Option<bool>,
}

impl Checked {
    fn of(raw: &Correction) -> Result<Self, Vec<FieldError>> {
        fn keep<T>(
            errors: &mut Vec<FieldError>,
            field: &str,
            raw: Option<&String>,
            parse: impl FnOnce(&str) -> Result<T, Code>,
        ) -> Option<T> {
            parse(raw?).map_err(|code| errors.push(FieldError::new(field, code))).ok()
        }
        let mut errors = Vec::new();
        let checked = Self {
            name: keep(&mut errors, "name", raw.name.as_ref(), PersonName::parse),
            country: keep(&mut errors, "country", raw.country.as_ref(), Country::parse),
            message: keep(&mut errors, "message", raw.message.as_ref(), Message::parse_optional),
            updates: raw.updates,
            public_name: raw.public_name,
        };
        if errors.is_empty() { Ok(checked) } else { Err(errors) }
    }

    fn apply(
        &self,
        app: &App,
        campaign: &StoredCampaign,
        row: &ExportRow<'_>,
        person: Option<Person>,
    ) -> Result<Corrected, ActError> {
        let personal = self.name.is_some() || self.message.is_some();
        let sealed = match (personal, person) {
            (false, _) => None,
            (true, None) if row.sealed.is_some() => return Err(ActError::Sealed),
            (true, None) => return Err(ActError::NotFromHere),
            (true, Some(mut person)) => {
                if let Some(name) = &self.name {
                    name.as_str().clone_into(&mut person.name);
                }
                if let Some(message) = &self.message {
                    person.message = message.as_ref().map(|it| it.as_str().to_owned());
                }
                let (slug, entropy) = (&campaign.campaign.slug, &*app.entropy);
                let seal = app.secrets.seal_again(
                    slug,
                    row.key_version,
                    &row.fingerprint,
                    &person,
                    entropy,
                );
                Some(seal.map_err(|_| ActError::Sealed)?)
            }
        };
        Ok(Corrected {
            id: row.id,
            fingerprint: row.fingerprint,
            sealed_before: row.sealed.clone(),
            sealed,
            country: self.country.map_or(&*row.country, |country| country.as_str()).to_owned(),
            updates: self.updates.unwrap_or(row.updates),
            public_name: self.public_name.unwrap_or(row.public_name),
        })
    }
}
