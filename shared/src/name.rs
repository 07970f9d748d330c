//! The name a person signs with.

use crate::{Code, unicode};

/// 1 to 120 graphemes with single blanks between words: no control, bidi or zero-width character,
/// and no web address.
///
/// Persian and some Indic names are typed with a zero-width joiner or non-joiner. Between two
/// letters outside ASCII it is dropped, not refused: the name is read without it too, and kept, two
/// names could differ that nobody can tell apart. Variation selectors pass after a Chinese character
/// only, where some Japanese names need them.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName(String);

/// Endings that make `word.ending` a web address. Not those that are words of names or that
/// follow an abbreviation in them: `Ma.de Lourdes`.
const TLDS: &[&str] = &[
    "com", "net", "org", "info", "biz", "io", "app", "dev", "xyz", "online", "site", "website",
    "shop", "store", "link", "click", "ru", "cn", "uk", "eu", "gg", "tk", "ly", "tv",
];

impl PersonName {
    /// The longest name, in graphemes.
    pub const MAX: usize = 120;
    /// In bytes: what is longer is not looked at, so that a huge name costs nothing.
    pub const MAX_BYTES: usize = 4 * 1024;

    /// Trims, normalizes to NFC and makes every run of blanks one space.
    ///
    /// # Errors
    /// [`Code::NameMissing`], [`Code::NameTooLong`], [`Code::NameForbidden`], [`Code::NameUrl`].
    pub fn parse(raw: &str) -> Result<Self, Code> {
        if raw.len() > Self::MAX_BYTES {
            return Err(Code::NameTooLong);
        }
        let raw = &without_joiners(raw.trim());
        if raw.is_empty() {
            return Err(Code::NameMissing);
        }
        if holds_invisible(raw) {
            return Err(Code::NameForbidden);
        }
        let mut text = String::with_capacity(raw.len());
        for word in raw.split_whitespace() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
        let text = unicode::nfc(&text);
        if unicode::is_defaced(&text) {
            return Err(Code::NameForbidden);
        }
        if unicode::graphemes(&text) > Self::MAX || text.len() > Self::MAX_BYTES {
            return Err(Code::NameTooLong);
        }
        if holds_url(&text) {
            return Err(Code::NameUrl);
        }
        Ok(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

crate::text::string_like!(PersonName);
crate::text::hidden_debug!(PersonName);

/// The text without the joiners that stand between two letters outside ASCII.
fn without_joiners(text: &str) -> String {
    // Marks count as letters: in Sinhala, the joiner follows a virama.
    let is_letter = |c: &char| !c.is_ascii() && !c.is_whitespace() && !unicode::is_invisible(*c);
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let joins = matches!(c, '\u{200C}' | '\u{200D}')
            && kept.chars().next_back().as_ref().is_some_and(is_letter)
            && rest.clone().next().as_ref().is_some_and(is_letter);
        if !joins {
            kept.push(c);
        }
    }
    kept
}

fn holds_invisible(text: &str) -> bool {
    let mut before = ' ';
    text.chars().any(|c| {
        let of_ideograph = unicode::is_variation_selector(c) && unicode::is_ideograph(before);
        before = c;
        unicode::is_invisible(c) && !of_ideograph
    })
}

fn holds_url(text: &str) -> bool {
    let text = unicode::lowercase(&unicode::nfkc(text)).replace('。', ".");
    text.contains("://") || text.contains("www.") || text.split(' ').any(is_address)
}

/// `evil.com`, `evil.co.uk:80/x`, `x@evil.com`, `t.me/x`.
fn is_address(word: &str) -> bool {
    let word = word.trim_matches(|c: char| c.is_ascii_punctuation());
    let end = word.find(['/', '?', '#', ':']).unwrap_or(word.len());
    let (host, has_path) = (&word[..end], word[end..].starts_with('/'));
    let Some((before, tld)) = host.rsplit_once('.') else { return false };
    let label = before.rsplit('.').next().unwrap_or_default();
    if has_path {
        return !label.is_empty()
            && (2..=4).contains(&tld.len())
            && tld.bytes().all(|b| b.is_ascii_lowercase());
    }
    // A single letter is an initial or a degree: `B.Com`.
    label.chars().nth(1).is_some() && TLDS.contains(&tld)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn real_names_are_kept() {
        for name in [
            "Ada Lovelace",
            "J. R. R. Tolkien",
            "J.R.R.Tolkien",
            "Ma.de Lourdes",
            "O’Brien-Smith",
            "Priya Sharma B.Com",
            "Nguyễn Thị Minh Khai",
            "محمد صلاح",
            "李小龍",
            "Ꮳꮃꮩꮒ",
            "X",
            "Sr./Sra. Ruiz",
            "Björk Guðmundsdóttir",
            "Dr. Com",
            "Jean c/o Marie",
            "葛\u{E0100}城",
            "=cmd",
            "<b>Ada</b>",
            "Ada 🙂",
            "ღ",
        ] {
            let parsed = PersonName::parse(name);
            assert_eq!(parsed.as_ref().map(PersonName::as_str), Ok(name), "{name:?}");
        }
        let long = "é".repeat(120);
        assert_eq!(PersonName::parse(&long).unwrap().as_str(), long);
    }

    #[test]
    fn blanks_and_normal_forms_are_tidied() {
        for (typed, kept) in [
            ("  Ada   Lovelace ", "Ada Lovelace"),
            ("Ada\u{A0}\u{3000} Lovelace", "Ada Lovelace"),
            ("Ada\r\n", "Ada"),
            ("Zoe\u{308}", "Zoë"),
            ("علی\u{200C}رضا", "علیرضا"),
            ("ශ්\u{200D}රී", "ශ්රී"),
        ] {
            assert_eq!(PersonName::parse(typed).unwrap().as_str(), kept, "{typed:?}");
        }
    }

    #[test]
    fn bad_names_are_refused_each_with_its_reason() {
        let long = "é".repeat(121);
        let huge = "x".repeat(1024 * 1024);
        let stacked = format!("A{}", "\u{335}".repeat(40));
        for (bad, code) in [
            ("", Code::NameMissing),
            (" \u{3000}\t", Code::NameMissing),
            (&long, Code::NameTooLong),
            (&huge, Code::NameTooLong),
            (&stacked, Code::NameForbidden),
            ("Ada\nBcc: x@y.example", Code::NameForbidden),
            ("Ada\rLovelace", Code::NameForbidden),
            ("Ada\tLovelace", Code::NameForbidden),
            ("Ada\0", Code::NameForbidden),
            ("A\u{200B}da", Code::NameForbidden),
            ("\u{200B}", Code::NameForbidden),
            ("A\u{200C}da", Code::NameForbidden),
            ("A\u{200D}da", Code::NameForbidden),
            ("علی\u{200C}", Code::NameForbidden),
            ("علی\u{200C}\u{200C}رضا", Code::NameForbidden),
            ("A\u{202E}da", Code::NameForbidden),
            ("A\u{2066}da\u{2069}", Code::NameForbidden),
            ("A\u{FEFF}da", Code::NameForbidden),
            ("A\u{AD}da", Code::NameForbidden),
            ("A\u{FE0F}da", Code::NameForbidden),
            ("\u{3164}", Code::NameForbidden),
            ("Ada\u{2028}Lovelace", Code::NameForbidden),
            ("Ada\u{E0041}", Code::NameForbidden),
            ("https://evil.example", Code::NameUrl),
            ("see WWW.evil.example", Code::NameUrl),
            ("Buy at evil.com now", Code::NameUrl),
            ("(Evil.Com)", Code::NameUrl),
            ("evil.co.uk/offer", Code::NameUrl),
            ("t.me/evil", Code::NameUrl),
            ("ada@lovelace.org", Code::NameUrl),
            ("ｅｖｉｌ．ｃｏｍ", Code::NameUrl),
            ("evil。com", Code::NameUrl),
        ] {
            assert_eq!(PersonName::parse(bad).err(), Some(code), "{:?}", &bad[..bad.len().min(80)]);
        }
    }

    #[test]
    fn debug_shows_no_name() {
        assert_eq!(format!("{:?}", PersonName::parse("Ada").unwrap()), "PersonName(…)");
    }
}
