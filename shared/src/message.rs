//! A personal message beside a pledge.

use crate::{Code, unicode};

/// 1 to 500 graphemes. New lines are allowed, and the invisible characters that emoji and some
/// scripts are written with, where they stand between what they join; no other.
#[derive(Clone, PartialEq, Eq)]
pub struct Message(String);

impl Message {
    /// The longest message, in graphemes.
    pub const MAX: usize = 500;
    /// In bytes: what is longer is not looked at, so that a huge message costs nothing.
    pub const MAX_BYTES: usize = 16 * 1024;

    /// Trims, normalizes to NFC, and writes every line end as `\n` and every tab as a space.
    /// `None` for a message of blanks only.
    ///
    /// # Errors
    /// [`Code::MessageTooLong`], [`Code::MessageForbidden`].
    pub fn parse_optional(raw: &str) -> Result<Option<Self>, Code> {
        if raw.len() > Self::MAX_BYTES {
            return Err(Code::MessageTooLong);
        }
        let text = raw.trim().replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
        let text = unicode::nfc(&text);
        if holds_invisible(&text) || unicode::is_defaced(&text) {
            return Err(Code::MessageForbidden);
        }
        if unicode::graphemes(&text) > Self::MAX || text.len() > Self::MAX_BYTES {
            return Err(Code::MessageTooLong);
        }
        Ok((!text.is_empty()).then_some(Self(text)))
    }

    /// # Errors
    /// As [`Self::parse_optional`], and [`Code::FieldMissing`] for blanks only.
    pub fn parse(raw: &str) -> Result<Self, Code> {
        Self::parse_optional(raw)?.ok_or(Code::FieldMissing)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

crate::text::string_like!(Message);
crate::text::hidden_debug!(Message);

fn holds_invisible(text: &str) -> bool {
    let visible = |c: char| !c.is_ascii() && !c.is_whitespace() && !unicode::is_invisible(c);
    let is_tag = |c: char| unicode::within(c, &[(0xE0020, 0xE007F)]);
    let mut before = '\n';
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let allowed = match c {
            '\n' => true,
            // Joiners: in Persian and Indic words, and inside one emoji.
            '\u{200C}' | '\u{200D}' => {
                (visible(before) || unicode::is_variation_selector(before))
                    && rest.clone().next().is_some_and(visible)
            }
            // Which drawing of a character is meant: `❤️`, and keycaps such as `1️⃣`.
            c if unicode::is_variation_selector(c) => {
                visible(before) || matches!(before, '0'..='9' | '#' | '*')
            }
            // The flags of England, Scotland and Wales.
            c if is_tag(c) => before == '\u{1F3F4}' || is_tag(before),
            c => !unicode::is_invisible(c),
        };
        if !allowed {
            return true;
        }
        before = c;
    }
    false
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_people_write_is_kept() {
        for text in [
            "For the rivers.",
            "One\n\nTwo",
            "I ❤\u{FE0F} this 👩🏽\u{200D}🌾 1\u{FE0F}\u{20E3}",
            "می\u{200C}خواهم",
            "क्\u{200D}ष",
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "🏳\u{FE0F}\u{200D}🌈",
            "https://example.org",
            "<script>alert(1)</script>",
        ] {
            assert_eq!(Message::parse(text).unwrap().as_str(), text);
        }
        let long = "é".repeat(500);
        assert_eq!(Message::parse(&long).unwrap().as_str(), long);
    }

    #[test]
    fn line_ends_tabs_and_edges_are_tidied() {
        assert_eq!(Message::parse(" a\r\nb\rc\td\n").unwrap().as_str(), "a\nb\nc d");
        assert_eq!(Message::parse_optional(" \r\n\t"), Ok(None));
        assert_eq!(Message::parse(""), Err(Code::FieldMissing));
    }

    #[test]
    fn bad_messages_are_refused_each_with_its_reason() {
        let long = "é".repeat(501);
        let huge = " ".repeat(1024 * 1024);
        let stacked = format!("A{}", "\u{335}".repeat(40));
        for (bad, code) in [
            (long.as_str(), Code::MessageTooLong),
            (&huge, Code::MessageTooLong),
            (&stacked, Code::MessageForbidden),
            ("a\0b", Code::MessageForbidden),
            ("a\u{1B}[31m", Code::MessageForbidden),
            ("a\u{202E}b", Code::MessageForbidden),
            ("a\u{200B}b", Code::MessageForbidden),
            ("a\u{200D}b", Code::MessageForbidden),
            ("\u{200D}é", Code::MessageForbidden),
            ("é\u{200D}", Code::MessageForbidden),
            ("é\u{200D}\u{200D}é", Code::MessageForbidden),
            ("a\u{FE0F}", Code::MessageForbidden),
            ("a\u{E0041}\u{E0042}", Code::MessageForbidden),
            ("a\u{2028}b", Code::MessageForbidden),
            ("a\u{FEFF}", Code::MessageForbidden),
        ] {
            assert_eq!(Message::parse(bad).err(), Some(code), "{:?}", &bad[..bad.len().min(80)]);
        }
    }
}
