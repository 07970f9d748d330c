//! Numbers and plurals on the server: ICU4X, which holds the same CLDR data as browsers.

use fixed_decimal::Decimal;
use icu_decimal::DecimalFormatter;
use icu_locale_core::{Locale, locale};
use icu_plurals::{PluralCategory, PluralRules};

struct Formatters {
    language: &'static str,
    number: Option<DecimalFormatter>,
    plural: Option<PluralRules>,
}

thread_local! {
    static FORMATTERS: Vec<Formatters> =
        super::LOCALES.iter().map(|language| Formatters::of(language)).collect();
}

impl Formatters {
    fn of(language: &'static str) -> Self {
        let tag = super::number_tag(language).parse::<Locale>().unwrap_or(locale!("en"));
        Self {
            language,
            number: DecimalFormatter::try_new((&tag).into(), Default::default()).ok(),
            plural: PluralRules::try_new((&tag).into(), Default::default()).ok(),
        }
    }
}

fn with<T>(locale: &str, work: impl FnOnce(&Formatters) -> Option<T>) -> Option<T> {
    let language = super::supported(locale);
    FORMATTERS.with(|all| all.iter().find(|found| found.language == language).and_then(work))
}

/// A whole number as that language writes it: `12,345`, `12 345`, `١٢٬٣٤٥`.
pub fn number(locale: &str, value: u64) -> String {
    let format = |found: &Formatters| {
        found.number.as_ref().map(|number| number.format(&Decimal::from(value)).to_string())
    };
    with(locale, format).unwrap_or_else(|| value.to_string())
}

/// The CLDR plural category: `zero`, `one`, `two`, `few`, `many` or `other`.
pub fn plural(locale: &str, value: u64) -> &'static str {
    let category =
        |found: &Formatters| found.plural.as_ref().map(|rules| rules.category_for(value));
    match with(locale, category) {
        Some(PluralCategory::Zero) => "zero",
        Some(PluralCategory::One) => "one",
        Some(PluralCategory::Two) => "two",
        Some(PluralCategory::Few) => "few",
        Some(PluralCategory::Many) => "many",
        Some(PluralCategory::Other) | None => "other",
    }
}
