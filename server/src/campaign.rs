//! A campaign's checked settings, and what follows from them.

use std::collections::BTreeMap;

use countersign_shared::campaign::{Privacy, Theme};
use countersign_shared::i18n::{self, Arg};
use countersign_shared::{CampaignStatus, FormFields, PublicCampaign, Slug, Texts, Totals};
use jiff::Timestamp;

use crate::pledge::limit::Preset;
use crate::store::mails::CONFIRM_DAYS;

mod book;
mod check;
mod colour;
mod file;
mod goal;
mod origin;
mod reader;
mod settings;
mod theme;
mod write;

pub use book::CampaignBook;
pub use file::ConfigError;
pub use goal::Goal;
pub use origin::Origin;
pub use theme::{Font, Look, Scheme};

pub use crate::store::StoredCampaign;
pub use countersign_shared::admin::campaigns::Stage;

/// The k of campaigns that set none.
pub const USUAL_K: u64 = 5;

/// A campaign. Every value was checked when it was made from TOML; the store keeps it as JSON.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Campaign {
    #[serde(with = "as_text")]
    pub slug: Slug,
    #[serde(default)]
    pub stage: Stage,
    /// Always a key of `texts`.
    pub default_locale: String,
    pub texts: BTreeMap<String, Texts>,
    pub fields: FormFields,
    pub goal: Goal,
    pub look: Look,
    /// The sites whose pages may send pledges and show the frame.
    pub origins: Vec<Origin>,
    pub opens: Option<Timestamp>,
    pub closes: Option<Timestamp>,
    pub privacy: Privacy,
    /// The total is hidden while it is below this; 0 hides nothing.
    pub hide_count_below: u64,
    /// k: groups of fewer people are not shown by country, source or day.
    #[serde(default = "usual_k")]
    pub hide_groups_below: u64,
    /// Whether anybody may fetch the aggregated numbers as a file.
    #[serde(default)]
    pub open_data: bool,
    pub rate_limit: Preset,
    /// Whether a pledge must carry the stamp of a page that was rendered.
    pub require_rendered: bool,
    /// Whether a pledge counts only once its mailbox has confirmed it.
    #[serde(default)]
    pub confirm_email: bool,
}

impl Campaign {
    /// Parses and checks a campaign file. Returns everything that is wrong with it at once.
    pub fn from_toml(text: &str) -> Result<Self, Vec<ConfigError>> {
        file::parse(text)
    }

    /// Whether nobody sees it but its organizers.
    pub fn is_draft(&self) -> bool {
        self.stage == Stage::Draft
    }

    /// Whether pledges are taken at `now`. Opening is inclusive, closing exclusive. A draft is not
    /// open yet, whatever its dates; an archived campaign is closed.
    pub fn status(&self, now: Timestamp) -> CampaignStatus {
        match self.stage {
            Stage::Draft => return CampaignStatus::NotYetOpen,
            Stage::Archived => return CampaignStatus::Closed,
            Stage::Live => {}
        }
        if self.closes.is_some_and(|closes| now >= closes) {
            CampaignStatus::Closed
        } else if self.opens.is_some_and(|opens| now < opens) {
            CampaignStatus::NotYetOpen
        } else {
            CampaignStatus::Open
        }
    }

    /// From when the transaction of a pledge takes some. What is not live takes none, ever; and its
    /// end stays as it was set, because the deletion of personal data is reckoned from there.
    pub fn takes_from(&self) -> Option<i64> {
        match self.stage {
            Stage::Live => self.opens.map(Timestamp::as_millisecond),
            Stage::Draft | Stage::Archived => Some(i64::MAX),
        }
    }

    /// Whether nothing moves any more, or not for the public.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.is_draft() || self.status(now) == CampaignStatus::Closed
    }

    /// Whether a page of this origin, as a browser writes it in `Origin`, may send pledges.
    pub fn allows_origin(&self, origin: &str) -> bool {
        self.origins.iter().any(|allowed| allowed.allows(origin))
    }

    pub fn allows_any_origin(&self) -> bool {
        self.origins.iter().any(Origin::is_any)
    }

    /// What to work towards at this total.
    pub fn goal_for(&self, total: u64) -> Option<u64> {
        self.goal.at(total)
    }

    /// Whether a count is too small to be shown.
    pub fn hides(&self, total: u64) -> bool {
        total < self.hide_count_below
    }

    /// The declarations of custom properties for light and dark paper.
    pub fn theme(&self) -> Theme {
        self.look.theme()
    }

    /// The texts of the locale, or else of its language, or else of the default locale; with the
    /// key under which they were found.
    pub fn texts_for(&self, locale: &str) -> (&str, &Texts) {
        let language = locale.split('-').next().unwrap_or(locale);
        [locale, language, &self.default_locale]
            .into_iter()
            .find_map(|key| self.texts.get_key_value(key))
            .or_else(|| self.texts.first_key_value())
            .map(|(key, texts)| (key.as_str(), texts))
            .unwrap_or((&self.default_locale, &file::NO_TEXTS))
    }

    fn public_texts(&self) -> BTreeMap<String, Texts> {
        let mut all = self.texts.clone();
        if self.confirm_email {
            all.iter_mut().for_each(|(locale, texts)| ask_first(locale, texts));
        }
        all
    }

    /// What everybody may know of the campaign. `rendered` is from [`crate::secrets::Secrets::stamp`].
    pub fn public(
        &self,
        now: Timestamp,
        totals: Totals,
        rendered: String,
        share_url: String,
    ) -> PublicCampaign {
        PublicCampaign {
            slug: self.slug.as_str().to_owned(),
            status: self.status(now),
            opens_at: self.opens.map(|at| at.to_string()),
            closes_at: self.closes.map(|at| at.to_string()),
            default_locale: self.default_locale.clone(),
            texts: self.public_texts(),
            fields: self.fields,
            theme: self.theme(),
            privacy: self.privacy.clone(),
            share_url,
            totals,
            rendered,
        }
    }
}

/// What is said before and after signing where the mailbox is asked first. The widget need not know
/// of it: it shows the texts that it is given.
fn ask_first(locale: &str, texts: &mut Texts) {
    let words = i18n::mail(locale);
    let days = [("days", Arg::Number(CONFIRM_DAYS.into()))];
    texts.thanks = words.text("check-email");
    texts.privacy = format!("{} {}", words.format("check-privacy", &days), texts.privacy);
}

fn usual_k() -> u64 {
    USUAL_K
}

/// A slug as a plain string in JSON, checked on the way in.
mod as_text {
    use countersign_shared::Slug;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(slug: &Slug, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(slug.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Slug, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        Slug::parse(&text).map_err(|code| serde::de::Error::custom(code.as_str()))
    }
}

#[cfg(test)]
mod tests;
