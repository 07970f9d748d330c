//! What a widget needs to know of a campaign.

use std::collections::BTreeMap;

use crate::Totals;

/// The texts of a campaign in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "admin", derive(serde::Serialize))]
#[cfg_attr(feature = "server", derive(serde::Deserialize, utoipa::ToSchema))]
pub struct Texts {
    /// The campaign's name.
    pub title: String,
    /// The promise, in the words of the person who makes it.
    pub pledge: String,
    /// A sentence or two under the pledge. May be empty.
    pub lead: String,
    /// What the person reads after signing.
    pub thanks: String,
    /// The words on the button.
    pub button: String,
    /// What happens to the data, in plain words.
    pub privacy: String,
}

/// Whether pledges are taken now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "admin", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "server", derive(serde::Deserialize, utoipa::ToSchema))]
pub enum CampaignStatus {
    NotYetOpen,
    Open,
    Closed,
}

impl CampaignStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotYetOpen => "not_yet_open",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// Which optional fields the form shows. Name, e-mail and country are always asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "admin", derive(serde::Serialize))]
#[cfg_attr(feature = "server", derive(serde::Deserialize, utoipa::ToSchema))]
pub struct FormFields {
    /// A personal message of up to 500 graphemes.
    pub message: bool,
    /// The choice to show one's name in public.
    pub public_name: bool,
    /// The choice to receive updates by e-mail.
    pub updates: bool,
}

/// What happens to personal data, as facts beside the plain words of [`Texts::privacy`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "admin", derive(serde::Serialize))]
#[cfg_attr(feature = "server", derive(serde::Deserialize, utoipa::ToSchema))]
pub struct Privacy {
    /// Who answers for the data.
    pub controller: String,
    /// An e-mail address or a URL (https) to write to.
    pub contact: String,
    /// Days that personal data is kept after the campaign closes, or after signing where no end is set.
    pub retention_days: u32,
    /// The full policy, where there is one.
    pub policy_url: Option<String>,
}

/// The answer of `GET /api/v1/campaigns/{slug}`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "admin", derive(serde::Serialize))]
#[cfg_attr(feature = "server", derive(serde::Deserialize, utoipa::ToSchema))]
pub struct PublicCampaign {
    pub slug: String,
    pub status: CampaignStatus,
    /// RFC 3339 in UTC.
    pub opens_at: Option<String>,
    /// RFC 3339 in UTC.
    pub closes_at: Option<String>,
    /// The language to fall back to; always a key of `texts`.
    pub default_locale: String,
    /// By BCP 47 tag, such as `en`, `fr`, `ar`.
    pub texts: BTreeMap<String, Texts>,
    pub fields: FormFields,
    /// Custom properties, ready for a style rule. Made by the server from checked values only.
    pub theme: Theme,
    pub privacy: Privacy,
    /// Where a shared link leads.
    pub share_url: String,
    pub totals: Totals,
    /// A signed time stamp of this answer; sent back with a pledge it tells people from robots.
    pub rendered: String,
}

/// The look of a campaign: declarations of custom properties, and the colour scheme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "admin", derive(serde::Serialize))]
#[cfg_attr(feature = "server", derive(serde::Deserialize, utoipa::ToSchema))]
pub struct Theme {
    /// Declarations for light paper: `--cs-accent:#b3125f;--cs-accent-ink:#ffffff;…`
    pub light: String,
    /// The same for dark paper.
    pub dark: String,
    /// `auto`, `light` or `dark`.
    pub scheme: String,
}
