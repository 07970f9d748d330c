//! The rule for names of hosts, in addresses and in what led here.

use crate::unicode;

/// A domain in ASCII and lower case, or `None` where it is none that mail or a page comes from: at
/// least two labels of 1 to 63 bytes without hyphens at their edges, 253 bytes in all, IDNA-valid
/// (UTS 46), and an ending of letters.
pub(crate) fn to_ascii(domain: &str) -> Option<String> {
    let ldh = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
    let ascii = if !domain.bytes().all(ldh) || domain.to_ascii_lowercase().contains("xn--") {
        unicode::domain_to_ascii(domain)?
    } else {
        domain.to_ascii_lowercase()
    };
    let tld = ascii.rsplit('.').next().unwrap_or_default();
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    let fits = ascii.len() <= 253
        && ascii.contains('.')
        && ascii.bytes().all(ldh)
        && ascii.split('.').all(label)
        && tld.len() >= 2
        && (tld.starts_with("xn--") || tld.bytes().all(|b| b.is_ascii_lowercase()));
    fits.then_some(ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_told_from_what_is_none() {
        let label = |length| "a".repeat(length);
        let long = [label(63), label(63), label(63), label(61), "com".to_owned()].join(".");
        for (domain, ascii) in [
            ("Example.ORG", Some("example.org")),
            ("bücher.example", Some("xn--bcher-kva.example")),
            ("XN--BCHER-KVA.example", Some("xn--bcher-kva.example")),
            ("a-b.1.example", Some("a-b.1.example")),
            ("例え.テスト", Some("xn--r8jz45g.xn--zckzah")),
            ("r3---sn.example", Some("r3---sn.example")),
            (&[&label(63), "com"].join("."), Some(&[&label(63), "com"].join("."))),
            (&[&label(64), "com"].join("."), None),
            (&long, None),
            ("localhost", None),
            ("", None),
            (".", None),
            (".org", None),
            ("a..org", None),
            ("example.org.", None),
            ("-a.org", None),
            ("a-.org", None),
            ("127.0.0.1", None),
            ("a.b1", None),
            ("a.c", None),
            ("[::1]", None),
            ("a_b.org", None),
            ("a b.org", None),
            ("xn--0.org", None),
            ("a\u{202E}.org", None),
        ] {
            assert_eq!(to_ascii(domain).as_deref(), ascii, "{domain:?}");
        }
    }
}
