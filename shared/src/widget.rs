//! What the server hands to the widget: the state it was painted from, and hydrates with.

use crate::PublicCampaign;

/// How much of the widget is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(
    feature = "admin",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum View {
    /// The counter and the form.
    #[default]
    Full,
    /// The counter, the leading countries, and a button that leads to the campaign's page.
    Counter,
}

impl View {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Counter => "counter",
        }
    }

    /// Anything but `counter` is the full view.
    pub fn from_text(text: &str) -> Self {
        if text == "counter" { Self::Counter } else { Self::Full }
    }
}

/// What a form without script sent, and what was wrong with it: shown again, nothing lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "admin", derive(serde::Serialize))]
#[cfg_attr(feature = "server", derive(serde::Deserialize, utoipa::ToSchema))]
pub struct Posted {
    pub form: crate::PledgeForm,
    pub errors: Vec<crate::FieldError>,
    /// A problem that belongs to no field, such as a rate limit, as its code.
    pub problem: Option<String>,
    /// Seconds until another try makes sense, where the problem is one of time.
    pub retry_after: Option<u32>,
    /// Set once the pledge is taken: the page thanks instead of asking.
    pub signed: Option<Signed>,
}

/// What the thank-you view shows.
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "admin", derive(serde::Serialize))]
#[cfg_attr(feature = "server", derive(serde::Deserialize, utoipa::ToSchema))]
pub struct Signed {
    pub name: String,
    pub number: Option<u64>,
    pub receipt: Option<String>,
}

crate::text::hidden_debug!(Signed);

/// The exact state a widget is painted from. The same bytes on both sides, or hydration breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(serde::Serialize, utoipa::ToSchema))]
pub struct WidgetState {
    /// The server's public origin, without a slash at the end: `https://pledge.example.org`.
    pub server: String,
    pub view: View,
    /// The language shown: a key of `campaign.texts`.
    pub locale: String,
    /// `ltr` or `rtl`.
    pub dir: String,
    /// The messages of that language in the compact form of [`crate::i18n`].
    pub catalog: String,
    /// All country codes in the order in which this language lists them.
    pub countries: Vec<CountryName>,
    pub campaign: PublicCampaign,
    /// Lets a sandboxed frame, whose origin is `null`, send pledges for this campaign.
    pub embed_token: Option<String>,
    /// Set where a form without script was posted.
    pub posted: Option<Posted>,
}

/// One line of the country list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(serde::Serialize, utoipa::ToSchema))]
pub struct CountryName {
    /// ISO 3166-1 alpha-2.
    pub code: String,
    pub name: String,
}
