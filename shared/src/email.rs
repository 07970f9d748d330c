//! The address a person gives, and what tells one mailbox from another.

mod canonical;
mod provider;

pub use canonical::CanonicalEmail;

use crate::{Code, domain, unicode};

/// An address as it was typed, in the useful part of RFC 5321 and 6531: one `@`, a local part
/// without quotes and a domain name.
///
/// Left out on purpose: quoted local parts, comments, display names and IP literals, which people
/// do not have and robots try.
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    typed: String,
    /// Both with full-width letters folded, otherwise as typed.
    local: String,
    domain: String,
    /// The domain in ASCII, lower case.
    ascii: String,
}

/// Signs, spaces and small forms that no mailbox outside of ASCII is named with.
const SIGNS: &[(u32, u32)] = &[
    (0x0080, 0x00A9),
    (0x00AB, 0x00B4),
    (0x00B6, 0x00B9),
    (0x00BB, 0x00BF),
    (0x037E, 0x037E),
    (0x1FED, 0x1FEF),
    (0x2000, 0x206F),
    (0x20A0, 0x2BFF),
    (0x2E00, 0x2E7F),
    (0x3000, 0x3004),
    (0x3008, 0x3020),
    (0xFD3E, 0xFD3F),
    (0xFE10, 0xFE1F),
    (0xFE30, 0xFE6F),
    (0x1F000, 0x1FAFF),
];

impl Email {
    /// The longest address, in bytes, its domain in ASCII.
    pub const MAX: usize = 254;
    /// The longest local part, in bytes.
    pub const MAX_LOCAL: usize = 64;

    /// Takes an address with blanks around it. Full-width letters, and a full-width `@` and dot,
    /// are what an input method left behind: they are read as plain ones.
    ///
    /// # Errors
    /// [`Code::EmailMissing`], [`Code::EmailTooLong`], [`Code::EmailInvalid`].
    pub fn parse(raw: &str) -> Result<Self, Code> {
        // Full-width letters take three bytes each.
        if raw.len() > 4 * Self::MAX {
            return Err(Code::EmailTooLong);
        }
        let typed = raw.trim();
        if typed.is_empty() {
            return Err(Code::EmailMissing);
        }
        let folded = unicode::fold_width(typed);
        let (local, domain) = folded.split_once('@').ok_or(Code::EmailInvalid)?;
        if !is_local(local) || domain.chars().any(unicode::is_invisible) {
            return Err(Code::EmailInvalid);
        }
        // Mail servers may normalize, and a letter can be longer then.
        let longest = |part: &str| part.len().max(unicode::nfc(part).len());
        if longest(local) > Self::MAX_LOCAL || longest(&folded) > Self::MAX {
            return Err(Code::EmailTooLong);
        }
        let ascii = domain::to_ascii(domain).ok_or(Code::EmailInvalid)?;
        if longest(local) + 1 + ascii.len() > Self::MAX {
            return Err(Code::EmailTooLong);
        }
        Ok(Self {
            typed: typed.to_owned(),
            local: local.to_owned(),
            domain: domain.to_owned(),
            ascii,
        })
    }

    /// As it was typed, without the blanks around it.
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// What stands before the `@`, full-width letters folded.
    pub fn local(&self) -> &str {
        &self.local
    }

    /// What stands after the `@`, full-width letters folded.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The domain in ASCII and lower case: `xn--bcher-kva.example`. Mail goes here.
    pub fn domain_ascii(&self) -> &str {
        &self.ascii
    }

    /// The domain in Unicode, lower case and NFC, for a look at what it resembles.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn domain_unicode(&self) -> String {
        idna::domain_to_unicode(&self.ascii).0
    }

    /// The one text for all spellings of one mailbox. Never fails.
    pub fn canonical(&self) -> CanonicalEmail {
        CanonicalEmail::of(&self.local, &self.ascii)
    }
}

crate::text::string_like!(Email);
crate::text::hidden_debug!(Email);

fn is_local(local: &str) -> bool {
    let allowed = |c: char| match c {
        '.' => true,
        c if c.is_ascii() => c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c),
        c => !c.is_whitespace() && !unicode::is_invisible(c) && !unicode::within(c, SIGNS),
    };
    // A mark at the start would hang on whatever a page puts before the address.
    let starts_with_mark =
        local.chars().next().is_some_and(|c| unicode::within(c, &[(0x0300, 0x036F)]));
    !local.is_empty()
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && !starts_with_mark
        && !unicode::is_defaced(local)
        && local.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn addresses_are_kept_as_typed() {
        let local = "a".repeat(64);
        for good in [
            "Ada@Example.org",
            "a@b.co",
            "o'brien+x@sub.example.org",
            "!#$%&'*+-/=?^_`{|}~@example.org",
            "иван@пример.рф",
            "उदाहरण.परीक्ष@example.org",
            "ada@bücher.example",
            "ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ",
            &[&local, "@example.org"].concat(),
        ] {
            let typed = [" ", good, "\r\n"].concat();
            assert_eq!(Email::parse(&typed).unwrap().as_str(), good, "{good:?}");
        }
        let wide = Email::parse("Ａｄａ＠Ｅｘａｍｐｌｅ。org").unwrap();
        assert_eq!((wide.local(), wide.domain_ascii()), ("Ada", "example.org"));
        let idn = Email::parse("a@XN--BCHER-KVA.example").unwrap();
        assert_eq!(idn.domain(), "XN--BCHER-KVA.example");
        assert_eq!(idn.domain_ascii(), "xn--bcher-kva.example");
        #[cfg(not(target_arch = "wasm32"))]
        assert_eq!(idn.domain_unicode(), "bücher.example");
        assert_eq!(format!("{idn:?}"), "Email(…)");
    }

    #[test]
    fn bad_addresses_are_refused_each_with_its_reason() {
        let local = ["a".repeat(65).as_str(), "@example.org"].concat();
        let huge_local = ["a".repeat(300).as_str(), "@example.org"].concat();
        let huge = "a@".repeat(512 * 1024);
        let label = "b".repeat(63);
        let domain =
            ["a".repeat(60).as_str(), "@", &[label.as_str(); 3].join("."), ".org"].concat();
        for (bad, code) in [
            ("", Code::EmailMissing),
            (" \r\n", Code::EmailMissing),
            (&local, Code::EmailTooLong),
            (&huge_local, Code::EmailTooLong),
            (&huge, Code::EmailTooLong),
            (&domain, Code::EmailTooLong),
            ("ada", Code::EmailInvalid),
            ("@", Code::EmailInvalid),
            ("@example.org", Code::EmailInvalid),
            ("ada@", Code::EmailInvalid),
            ("ada@@example.org", Code::EmailInvalid),
            ("ada@b@example.org", Code::EmailInvalid),
            ("ada@localhost", Code::EmailInvalid),
            ("ada@127.0.0.1", Code::EmailInvalid),
            ("ada@[127.0.0.1]", Code::EmailInvalid),
            ("ada@[IPv6:::1]", Code::EmailInvalid),
            ("\"ada\"@example.org", Code::EmailInvalid),
            ("\"a b\"@example.org", Code::EmailInvalid),
            ("ada(x)@example.org", Code::EmailInvalid),
            ("Ada <ada@example.org>", Code::EmailInvalid),
            (".ada@example.org", Code::EmailInvalid),
            ("ada.@example.org", Code::EmailInvalid),
            ("a..da@example.org", Code::EmailInvalid),
            ("a da@example.org", Code::EmailInvalid),
            ("ada@exam ple.org", Code::EmailInvalid),
            ("ada@example.org\nBcc: b@example.org", Code::EmailInvalid),
            ("ada\r\n@example.org", Code::EmailInvalid),
            ("a\0da@example.org", Code::EmailInvalid),
            ("a\u{200B}da@example.org", Code::EmailInvalid),
            ("a\u{202E}da@example.org", Code::EmailInvalid),
            ("ada@exam\u{200B}ple.org", Code::EmailInvalid),
            ("ada@exam\u{AD}ple.org", Code::EmailInvalid),
            ("ada@exa\u{202E}mple.org", Code::EmailInvalid),
            ("ada\u{3000}@example.org", Code::EmailInvalid),
            ("ada\u{37E}@example.org", Code::EmailInvalid),
            ("😀@example.org", Code::EmailInvalid),
            ("\u{301}a@example.org", Code::EmailInvalid),
            ("ada@example.org.", Code::EmailInvalid),
            ("ada@-example.org", Code::EmailInvalid),
            ("ada@example.123", Code::EmailInvalid),
            ("ada@xn--0.org", Code::EmailInvalid),
            ("a;b@example.org", Code::EmailInvalid),
            ("a,b@example.org", Code::EmailInvalid),
        ] {
            assert_eq!(Email::parse(bad).err(), Some(code), "{:?}", &bad[..bad.len().min(80)]);
        }
    }
}
