//! Messages, numbers, plurals and country names in the languages of the locales folder.
//!
//! The Fluent files are read when the project is built. What runs is a compact form of them
//! ([`Catalog`]), the same on both sides; a page carries the one of its language.

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(not(target_arch = "wasm32"))]
mod built_in;
mod catalog;
#[cfg(not(target_arch = "wasm32"))]
mod native;

#[cfg(target_arch = "wasm32")]
use browser as platform;
#[cfg(not(target_arch = "wasm32"))]
use native as platform;

#[cfg(not(target_arch = "wasm32"))]
pub use built_in::{COMPACT, MAIL, compact, countries, mail};
pub use catalog::{Arg, Catalog};
pub use platform::{number, plural};

/// Every language there are messages for. The first serves where none fits.
pub const LOCALES: &[&str] = &["en", "fr", "ar"];

/// The language of [`LOCALES`] that serves a tag, by its first subtag.
pub fn supported(locale: &str) -> &'static str {
    let language = locale.split('-').next().unwrap_or_default();
    LOCALES.iter().find(|known| known.eq_ignore_ascii_case(language)).unwrap_or(&LOCALES[0])
}

/// The tag to ask numbers of. Which digits plain `ar` means depends on the age of a browser's
/// data, so they are named: server and widget must paint the same.
fn number_tag(language: &str) -> &str {
    if language == "ar" { "ar-u-nu-arab" } else { language }
}

/// A share of a hundred as that language writes it, from whole percents: `42%`, `42 %`, `٤٢٪`.
///
/// The sign is set here, because browsers differ in the space and the marks around it.
pub fn percent(locale: &str, value: u64) -> String {
    let mut text = number(locale, value);
    text.push_str(match supported(locale) {
        "ar" => "٪\u{61c}",
        "fr" => "\u{202f}%",
        _ => "%",
    });
    text
}

/// A language's own name for itself.
pub fn locale_name(locale: &str) -> &'static str {
    match supported(locale) {
        "ar" => "العربية",
        "fr" => "Français",
        _ => "English",
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    include!("../tests/common/numbers.rs");

    #[test]
    fn numbers_are_written_as_each_language_writes_them() {
        for (locale, value, written) in NUMBERS {
            assert_eq!(number(locale, *value), *written, "{locale} {value}");
        }
    }

    #[test]
    fn plurals_follow_cldr() {
        for (locale, value, category) in PLURALS {
            assert_eq!(plural(locale, *value), *category, "{locale} {value}");
        }
    }

    #[test]
    fn percents_are_whole_and_signed() {
        assert_eq!(percent("en", 1042), "1,042%");
        assert_eq!(percent("fr", 42), "42\u{202f}%");
        assert_eq!(percent("ar", 42), "٤٢٪\u{61c}");
    }
}
