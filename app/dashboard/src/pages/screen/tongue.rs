//! What the screen says, in the language shown: the campaign's texts, and the messages of the widget.

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign_shared::PublicCampaign;
use countersign_shared::admin::json::{FromJson, field};
use countersign_shared::i18n::{self, Arg, Catalog};
use countersign_shared::locale::direction;
use serde_json::Value;

/// The messages and the names of countries of one language, as the server gives them.
#[derive(Clone)]
pub struct Messages(Arc<(Catalog, BTreeMap<String, String>)>);

impl FromJson for Messages {
    fn read(value: &Value, wrong: &mut bool) -> Self {
        *wrong |= !value.is_object();
        let catalog: String = field(value, "catalog", wrong);
        let lines = value.get("countries").and_then(Value::as_array).into_iter().flatten();
        let names = lines.map(|line| (field(line, "code", wrong), field(line, "name", wrong)));
        let names = names.collect();
        Self(Arc::new((Catalog::from_compact(&catalog), names)))
    }
}

/// Everything that is said in one language.
#[derive(Clone)]
pub struct Tongue {
    /// BCP 47.
    pub locale: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    pub title: String,
    pub pledge: String,
    pub catalog: Catalog,
    countries: BTreeMap<String, String>,
}

impl Tongue {
    /// Without a campaign there is only to say that there is none.
    pub fn new(locale: &str, messages: &Messages, campaign: Option<&PublicCampaign>) -> Self {
        let (catalog, countries) = (*messages.0).clone();
        let texts = campaign.and_then(|campaign| campaign.texts.get(locale));
        let text = |of: fn(&countersign_shared::Texts) -> &String| texts.map(of).cloned();
        Self {
            locale: locale.to_owned(),
            dir: direction(locale),
            title: text(|texts| &texts.title).unwrap_or_default(),
            pledge: text(|texts| &texts.pledge).unwrap_or_default(),
            catalog,
            countries,
        }
    }

    pub fn number(&self, number: u64) -> String {
        i18n::number(&self.locale, number)
    }

    /// A message with one value.
    pub fn with(&self, key: &str, name: &str, value: Arg<'_>) -> String {
        self.catalog.format(key, &[(name, value)])
    }

    /// The country's name; the code itself where the list lacks it.
    pub fn country<'a>(&'a self, code: &'a str) -> &'a str {
        self.countries.get(code).map_or(code, String::as_str)
    }

    /// The stream is gone, and how old the number is.
    pub fn lost(&self, seconds: u32) -> String {
        let (key, count) = match seconds {
            0..60 => ("age-seconds", seconds),
            _ => ("age-minutes", seconds / 60),
        };
        let age = self.with(key, "count", Arg::Number(count.into()));
        format!("{} {age}", self.catalog.text("status-lost"))
    }
}
