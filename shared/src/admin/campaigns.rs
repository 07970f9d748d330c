//! A campaign's settings, as the form has them; the same as those of its TOML file.

use std::collections::BTreeMap;

use super::account::wire;
use crate::campaign::{FormFields, Privacy, Texts};

/// Where a campaign is in its life. `closed` is a live one whose end has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "server", derive(serde::Deserialize, utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Nobody sees it but its organizers.
    Draft,
    #[default]
    Live,
    /// Over, and out of the lists. The public page says that it is closed.
    Archived,
}

impl Stage {
    pub const ALL: [Self; 3] = [Self::Draft, Self::Live, Self::Archived];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Live => "live",
            Self::Archived => "archived",
        }
    }
}

/// A fixed goal, or steps.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "server", derive(serde::Deserialize, utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum GoalSettings {
    #[default]
    None,
    Fixed {
        goal: u64,
    },
    /// The next step is shown when the total reaches `rise_at` (0.1 to 1.0) of the current one.
    Steps {
        steps: Vec<u64>,
        rise_at: f64,
    },
}

wire! {
/// `accent` as `#rrggbb`; `radius` in px, 0 to 32; `font` one of system, serif, rounded, mono;
/// `scheme` one of auto, light, dark.
pub struct LookSettings {
    pub accent: String,
    pub radius: u8,
    pub font: String,
    pub scheme: String,
}
}

wire! {
/// Everything that a campaign file holds.
pub struct CampaignSettings {
    pub slug: String,
    #[serde(default)]
    pub stage: Stage,
    pub default_locale: String,
    /// By BCP 47 tag.
    pub texts: BTreeMap<String, Texts>,
    pub fields: FormFields,
    pub goal: GoalSettings,
    pub look: LookSettings,
    pub origins: Vec<String>,
    /// RFC 3339.
    #[serde(default)]
    pub opens: Option<String>,
    #[serde(default)]
    pub closes: Option<String>,
    pub privacy: Privacy,
    pub hide_count_below: u64,
    /// k: groups of fewer people are not shown by country, source or day.
    pub hide_groups_below: u64,
    /// Whether anybody may fetch the aggregated numbers as a file.
    pub open_data: bool,
    /// strict, class or event.
    pub rate_limit: String,
    pub require_rendered: bool,
    /// Whether a pledge counts only once its mailbox has confirmed it.
    #[serde(default)]
    pub confirm_email: bool,
}
}

wire! {
/// A campaign in the list.
pub struct CampaignSummary {
    pub slug: String,
    pub title: String,
    pub stage: Stage,
    /// not_yet_open, open or closed.
    pub status: crate::CampaignStatus,
    pub total: u64,
    pub goal: Option<u64>,
    /// Rises with every change.
    pub revision: i64,
}
}

wire! {
/// Settings, and which edition they are.
pub struct CampaignDetail {
    pub settings: CampaignSettings,
    pub status: crate::CampaignStatus,
    /// Give it back when saving: what somebody else changed meanwhile is not overwritten.
    pub revision: i64,
    /// For a sandboxed frame, whose origin is null.
    pub embed_token: String,
    /// Where the campaign's own page is.
    pub page_url: String,
    /// The server as embeds name it.
    pub server_url: String,
}
}

wire! {
pub struct SaveCampaign {
    pub settings: CampaignSettings,
    /// Absent for "whatever it is now".
    #[serde(default)]
    pub revision: Option<i64>,
}
}

wire! {
/// One thing that is wrong with settings: `field` such as `texts.fr.title`.
pub struct SettingsFault {
    pub field: String,
    pub reason: String,
}
}

wire! {
/// How well a colour can be read: WCAG 2.2, 1.4.3 asks for 4.5.
pub struct Contrast {
    /// `light` or `dark` paper.
    pub scheme: String,
    /// `button` (its words on the accent) or `text` (accent words on paper).
    pub what: String,
    pub colour: String,
    pub on: String,
    /// Of the colours that people will see.
    pub ratio: f64,
    pub passes: bool,
    /// The accent that was chosen is not shown here, but `colour` (`on` for the button).
    pub adjusted: bool,
    /// The ratio that the accent would have had as it was chosen.
    pub chosen: f64,
}
}

wire! {
/// How much of a language is there.
pub struct Completeness {
    pub locale: String,
    /// Texts that are neither missing nor still those of the default language.
    pub translated: u32,
    pub of: u32,
    /// The names of empty texts.
    pub missing: Vec<String>,
    /// The names of texts that are the same as in the default language.
    pub untranslated: Vec<String>,
    /// Whether the widget's own words exist in this language; else they come in English.
    pub widget_speaks_it: bool,
}
}

wire! {
/// What settings would do, before they are saved.
pub struct CampaignCheck {
    pub faults: Vec<SettingsFault>,
    pub contrast: Vec<Contrast>,
    pub completeness: Vec<Completeness>,
    /// The same as a campaign file. Absent while there are faults.
    pub toml: Option<String>,
}
}

wire! {
/// The real widget with these settings, as one HTML document for a sandboxed frame.
pub struct PreviewRequest {
    pub settings: CampaignSettings,
    pub locale: String,
    /// light or dark.
    pub scheme: String,
    pub total: u64,
}
}

wire! {
pub struct Preview {
    /// A whole document with its styles inside.
    pub html: String,
    /// The widget alone, for a shadow root: a page whose policy forbids styles inside of documents
    /// adopts `theme` and the sheet at `style` there.
    #[serde(default)]
    pub painted: String,
    #[serde(default)]
    pub theme: String,
    /// Absent from a build without the widget.
    #[serde(default)]
    pub style: Option<String>,
}
}

wire! {
pub struct Duplicate {
    pub slug: String,
}
}

wire! {
/// `live`, `draft`, `archived`; `closed` ends it now, and `open` takes away an end that has come.
pub struct ChangeStage {
    pub to: String,
}
}

wire! {
/// A campaign file, as text.
pub struct CampaignFile {
    pub toml: String,
}
}

wire! {
/// What to put where.
pub struct Snippets {
    /// Script tag and element.
    pub element: String,
    pub counter: String,
    /// Hints for the head of the page: what to connect to, and what to fetch, ahead of the element.
    pub head: String,
    /// Of a fixed height: only a page with a script can have a frame that grows.
    pub iframe: String,
    pub wordpress: String,
    pub link: String,
    /// An SVG of the QR code of `link`.
    pub qr: String,
}
}

wire! {
/// One line of the check of an embed. It looks at settings only and fetches nothing.
pub struct EmbedCheck {
    /// `ok`, `warn` or `bad`.
    pub verdict: String,
    pub what: String,
    pub advice: String,
}
}
