//! What the build takes in from the locales folder.

use crate::widget::CountryName;

include!(concat!(env!("OUT_DIR"), "/compact.rs"));

const NAMES: &str = include_str!("../../locales/countries.tsv");

/// The messages of one language in the compact form; `None` for a language that has none.
pub fn compact(locale: &str) -> Option<&'static str> {
    COMPACT.iter().find(|(name, _)| *name == locale).map(|(_, text)| *text)
}

/// The messages of e-mails and of the pages that they lead to: in that language, or in English
/// where it has none.
pub fn mail(locale: &str) -> super::Catalog {
    let language = super::supported(locale);
    let found = MAIL.iter().find(|(name, _)| *name == language);
    super::Catalog::from_compact(found.map_or("@en", |(_, text)| text))
}

/// Every country by its name in that language, in that language's order. English for a language
/// that has no names here.
pub fn countries(locale: &str) -> Vec<CountryName> {
    let language = super::supported(locale);
    let line = |line: &str| {
        let mut cells = line.split('\t');
        match (cells.next(), cells.next(), cells.next()) {
            (Some(of), Some(code), Some(name)) if of == language => {
                Some(CountryName { code: code.to_owned(), name: name.to_owned() })
            }
            _ => None,
        }
    };
    NAMES.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{Catalog, Code, Country, i18n};

    #[test]
    fn every_code_has_its_text_in_every_language() {
        for locale in i18n::LOCALES {
            let catalog = Catalog::from_compact(compact(locale).unwrap());
            for code in Code::ALL {
                let text = catalog.get(&code.message_key());
                assert!(text.is_some_and(|text| !text.is_empty()), "{locale}: {code:?}");
            }
        }
    }

    #[test]
    fn every_error_text_belongs_to_a_code() {
        let codes: Vec<_> = Code::ALL.iter().map(|code| code.message_key()).collect();
        for key in Catalog::built_in("en").keys().filter(|key| key.starts_with("error-")) {
            assert!(codes.iter().any(|code| code == key), "{key}");
        }
    }

    #[test]
    fn every_language_names_every_country_once() {
        for locale in i18n::LOCALES {
            let mut named: Vec<_> =
                countries(locale).iter().map(|line| Country::parse(&line.code).unwrap()).collect();
            named.sort();
            assert!(named.into_iter().eq(Country::all()), "{locale}");
        }
    }

    #[test]
    fn countries_stand_in_the_order_of_the_language() {
        let at = |locale: &str, code: &str| {
            countries(locale).iter().position(|line| line.code == code).unwrap()
        };
        assert!(at("en", "AX") < at("en", "AL"), "Å sorts with A in English");
        assert!(at("fr", "EE") < at("fr", "US") && at("fr", "US") < at("fr", "FI"), "É is an E");
        assert_eq!(countries("fr-CA"), countries("fr"));
        assert_eq!(countries("xx"), countries("en"));
    }
}
