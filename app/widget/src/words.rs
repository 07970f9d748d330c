//! Everything that is said in the language shown.

use countersign_shared::campaign::Texts;
use countersign_shared::i18n::{self, Arg, Catalog};
use countersign_shared::widget::CountryName;
use countersign_shared::{Code, WidgetState};

/// The language shown: its messages, the campaign's texts and the names of countries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// BCP 47; a key of the campaign's texts.
    pub locale: String,
    /// `ltr` or `rtl`.
    pub dir: String,
    pub catalog: Catalog,
    pub texts: Texts,
    /// In the order in which this language lists them.
    pub countries: Vec<CountryName>,
}

impl Words {
    pub fn of(state: &WidgetState) -> Self {
        let texts = &state.campaign.texts;
        let shown = texts.get(&state.locale).or_else(|| texts.get(&state.campaign.default_locale));
        Self {
            locale: state.locale.clone(),
            dir: state.dir.clone(),
            catalog: Catalog::from_compact(&state.catalog),
            texts: shown.cloned().unwrap_or_else(|| Texts {
                title: state.campaign.slug.clone(),
                pledge: String::new(),
                lead: String::new(),
                thanks: String::new(),
                button: String::new(),
                privacy: String::new(),
            }),
            countries: state.countries.clone(),
        }
    }

    /// A message without arguments.
    pub fn say(&self, key: &str) -> String {
        self.catalog.text(key)
    }

    /// A message with one number.
    pub fn count(&self, key: &str, name: &str, value: u64) -> String {
        self.catalog.format(key, &[(name, Arg::Number(value))])
    }

    /// A message with one text.
    pub fn with(&self, key: &str, name: &str, value: &str) -> String {
        self.catalog.format(key, &[(name, Arg::Text(value))])
    }

    pub fn number(&self, value: u64) -> String {
        i18n::number(&self.locale, value)
    }

    /// The text of an error code. Codes this widget does not know say the general thing.
    pub fn error(&self, code: &str) -> String {
        self.say(&Code::from_text(code).unwrap_or(Code::Internal).message_key())
    }

    /// The country's name; the code itself where the list lacks it.
    pub fn country<'a>(&'a self, code: &'a str) -> &'a str {
        self.countries.iter().find(|line| line.code == code).map_or(code, |line| &line.name)
    }
}
