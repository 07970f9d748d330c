//! The language a person reads.

use crate::Code;

/// A well-formed BCP 47 tag in its usual case: `en`, `pt-BR`, `zh-Hant-TW`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Locale(String);

/// Languages written from right to left unless their tag names another script.
const RIGHT_TO_LEFT: &[&str] = &[
    "ar", "arc", "azb", "bal", "ckb", "dv", "fa", "glk", "he", "iw", "ji", "ks", "lrc", "mzn",
    "nqo", "pnb", "prs", "ps", "sd", "sdh", "skr", "syr", "ug", "ur", "yi",
];

/// Scripts written from right to left.
const RIGHT_TO_LEFT_SCRIPTS: &[&str] =
    &["adlm", "arab", "aran", "hebr", "mand", "mend", "nkoo", "rohg", "samr", "syrc", "thaa"];

impl Locale {
    /// The longest tag, in bytes. RFC 5646 asks for at least 35.
    pub const MAX: usize = 64;

    /// Whole tags for private use and the old irregular ones (`i-klingon`) are no languages that
    /// anything here could speak, and are refused.
    ///
    /// # Errors
    /// [`Code::LocaleInvalid`].
    pub fn parse(raw: &str) -> Result<Self, Code> {
        let raw = raw.trim();
        if raw.len() > Self::MAX {
            return Err(Code::LocaleInvalid);
        }
        tidy(raw).map(Self).ok_or(Code::LocaleInvalid)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first subtag: `pt` of `pt-BR`.
    pub fn language(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }

    /// `rtl` or `ltr`.
    pub fn direction(&self) -> &'static str {
        direction(&self.0)
    }
}

crate::text::string_like!(Locale);

/// `rtl` or `ltr`, of a tag's text, by its script or else by its language.
pub fn direction(tag: &str) -> &'static str {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    let script = parts.next().filter(|part| part.len() == 4 && is_alpha(part));
    let (known, part) = match script {
        Some(script) => (RIGHT_TO_LEFT_SCRIPTS, script),
        None => (RIGHT_TO_LEFT, language),
    };
    if known.iter().any(|known| known.eq_ignore_ascii_case(part)) { "rtl" } else { "ltr" }
}

fn is_alpha(part: &str) -> bool {
    part.bytes().all(|b| b.is_ascii_alphabetic())
}

/// The tag in its usual case, or `None` where it is not well-formed (RFC 5646, section 2.1).
fn tidy(raw: &str) -> Option<String> {
    let mut parts = raw.split('-').peekable();
    let language = parts.next().filter(|p| matches!(p.len(), 2..=3 | 5..=8) && is_alpha(p))?;
    let mut out = language.to_ascii_lowercase();
    if let Some(script) = parts.next_if(|p| p.len() == 4 && is_alpha(p)) {
        out.push('-');
        out.push_str(&script[..1].to_ascii_uppercase());
        out.push_str(&script[1..].to_ascii_lowercase());
    }
    let is_region = |p: &&str| match p.len() {
        2 => is_alpha(p),
        3 => p.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    };
    if let Some(region) = parts.next_if(is_region) {
        out.push('-');
        out.push_str(&region.to_ascii_uppercase());
    }
    // Which extensions were seen, as bits; each may be there once and must hold something.
    let mut seen = 0u64;
    let mut extension: Option<u8> = None;
    let mut is_empty = false;
    for part in parts {
        let bytes = part.as_bytes();
        if !(1..=8).contains(&bytes.len()) || !bytes.iter().all(u8::is_ascii_alphanumeric) {
            return None;
        }
        match (extension, bytes) {
            (Some(b'x'), _) => is_empty = false,
            (_, [singleton]) => {
                let singleton = singleton.to_ascii_lowercase();
                let bit = 1u64 << (singleton & 63);
                if is_empty || seen & bit != 0 {
                    return None;
                }
                seen |= bit;
                extension = Some(singleton);
                is_empty = true;
            }
            (Some(_), _) => is_empty = false,
            // A variant: five letters or digits, or four that begin with a digit.
            (None, [first, _, _, _]) if first.is_ascii_digit() => {}
            (None, [_, _, _, _, _, ..]) => {}
            (None, _) => return None,
        }
        out.push('-');
        out.push_str(&part.to_ascii_lowercase());
    }
    (!is_empty).then_some(out)
}

/// The tags of an Accept-Language header, most wanted first, equals in their order. Those with
/// `q=0` and those that cannot be read are left out, and so is what comes after the first 32.
pub fn accept_language(header: &str) -> Vec<&str> {
    let mut wanted = Vec::new();
    for entry in header.split(',').take(32) {
        let mut parts = entry.split(';').map(str::trim);
        let tag = parts.next().unwrap_or_default();
        let quality = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
        let thousandths = quality.map_or(Some(1000), thousandths).unwrap_or(0);
        let is_tag = tag == "*" || tidy(tag).is_some();
        if thousandths > 0 && is_tag {
            wanted.push((thousandths, tag));
        }
    }
    wanted.sort_by_key(|(thousandths, _)| std::cmp::Reverse(*thousandths));
    wanted.into_iter().map(|(_, tag)| tag).collect()
}

/// `0`, `0.8`, `1.000` in thousandths.
fn thousandths(quality: &str) -> Option<u32> {
    let (whole, part) = quality.split_once('.').unwrap_or((quality, ""));
    if part.len() > 3 || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part =
        part.bytes().chain([b'0'; 3]).take(3).fold(0, |sum, b| sum * 10 + u32::from(b - b'0'));
    match whole {
        "0" => Some(part),
        "1" if part == 0 => Some(1000),
        _ => None,
    }
}

/// The entry of `available` that serves the first of the wishes that any serves: the tag itself,
/// then the tag with its end cut off bit by bit, then another of the same language. `*` is served
/// by the first entry.
pub fn negotiate<'a>(wanted: &[&str], available: &[&'a str]) -> Option<&'a str> {
    let same = |tag: &str| available.iter().copied().find(|entry| entry.eq_ignore_ascii_case(tag));
    wanted.iter().find_map(|wish| {
        if *wish == "*" {
            return available.first().copied();
        }
        let mut tag = *wish;
        loop {
            if let Some(entry) = same(tag) {
                return Some(entry);
            }
            match tag.rsplit_once('-') {
                Some((shorter, _)) => tag = shorter,
                None => break,
            }
        }
        available.iter().copied().find(|entry| {
            entry.split('-').next().is_some_and(|language| language.eq_ignore_ascii_case(tag))
        })
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn tags_are_kept_in_their_usual_case() {
        for (typed, kept) in [
            ("en", "en"),
            ("EN", "en"),
            (" fr-ca ", "fr-CA"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("sl-rozaj-biske-1994", "sl-rozaj-biske-1994"),
            ("ar-EG-u-NU-arab", "ar-EG-u-nu-arab"),
            ("en-x-private-a", "en-x-private-a"),
            ("de-CH-1996", "de-CH-1996"),
            ("haw", "haw"),
        ] {
            assert_eq!(Locale::parse(typed).unwrap().as_str(), kept, "{typed:?}");
        }
    }

    #[test]
    fn bad_tags_are_refused() {
        let long = ["en", &"-abcdefgh".repeat(10)].concat();
        for bad in [
            "",
            " ",
            "e",
            "en_GB",
            "en-",
            "-en",
            "en--GB",
            "english please",
            "abcdefghi",
            "en-u",
            "en-u-x-a",
            "en-a-bbb-a-ccc",
            "en-abc",
            "en-GB-US",
            "i-klingon",
            "x-private",
            "é",
            "en\0",
            "en\n-GB",
            "<script>",
            "1en",
            "*",
            "en-abcdefghi",
            &long,
        ] {
            assert_eq!(Locale::parse(bad).err(), Some(Code::LocaleInvalid), "{bad:?}");
        }
    }

    #[test]
    fn directions_follow_the_script() {
        for (tag, wanted) in [
            ("ar", "rtl"),
            ("ar-EG", "rtl"),
            ("AR", "rtl"),
            ("he", "rtl"),
            ("fa-IR", "rtl"),
            ("ur", "rtl"),
            ("en", "ltr"),
            ("fr-CA", "ltr"),
            ("az-Arab", "rtl"),
            ("ar-Latn", "ltr"),
            ("ks-Deva", "ltr"),
            ("", "ltr"),
        ] {
            assert_eq!(direction(tag), wanted, "{tag}");
        }
        assert_eq!(Locale::parse("yi").unwrap().direction(), "rtl");
    }

    #[test]
    fn accept_language_is_read_in_the_order_of_wishes() {
        for (header, wanted) in [
            ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", &["fr-CH", "fr", "en", "de", "*"][..]),
            ("en;q=0.1, ar", &["ar", "en"]),
            ("en; q=0.5 , ar ;q=0.5", &["en", "ar"]),
            ("en;q=0, fr;q=0.000", &[]),
            ("en;q=2, fr;q=x, ar;q=1.0", &["ar"]),
            ("en;level=1;q=0.3, fr;Q=0.4", &["fr", "en"]),
            ("", &[]),
            (",,;,q=1", &[]),
            ("é, en", &["en"]),
        ] {
            assert_eq!(accept_language(header), wanted, "{header:?}");
        }
    }

    #[test]
    fn the_best_language_is_found() {
        let available = ["en", "fr", "ar", "pt-BR"];
        for (wanted, found) in [
            (&["fr-CA"][..], Some("fr")),
            (&["FR"], Some("fr")),
            (&["pt"], Some("pt-BR")),
            (&["pt-PT"], Some("pt-BR")),
            (&["ar-EG-u-nu-latn"], Some("ar")),
            (&["sw", "ar"], Some("ar")),
            (&["sw", "*"], Some("en")),
            (&["sw"], None),
            (&[""], None),
            (&[], None),
        ] {
            assert_eq!(negotiate(wanted, &available), found, "{wanted:?}");
        }
        assert_eq!(negotiate(&["en"], &[]), None);
    }
}
