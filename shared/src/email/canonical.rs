//! One mailbox, one text.

use super::provider::Provider;
use crate::unicode;

/// What duplicates are told by: never shown, never mailed, and hashed before it is stored.
///
/// Made by these steps, in this order: width folding, NFC and lower case of the local part, the
/// domain in ASCII, and the rules of the provider. Dots count and tags stay where no rule is known.
/// Nobody is merged by likeness: a Cyrillic `а` is not a Latin `a`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CanonicalEmail(String);

impl CanonicalEmail {
    pub(super) fn of(local: &str, domain: &str) -> Self {
        let mut local = fold(local);
        let mut domain = domain;
        if let Some(provider) = Provider::of(domain) {
            domain = provider.domain.unwrap_or(domain);
            local = without_tag(&local, provider.tag).to_owned();
            if provider.dots_are_ignored {
                local.retain(|c| c != '.');
                // Marks that a dot kept apart stand side by side now.
                local = fold(&local);
            }
        }
        local.push('@');
        local.push_str(domain);
        Self(local)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

crate::text::hidden_debug!(CanonicalEmail);

/// Until nothing changes any more: lower case can undo a normal form, and the other way round.
fn fold(local: &str) -> String {
    let mut text = local.to_owned();
    for _ in 0..4 {
        // The sigma at a word's end is the same letter, and depends on what stands beside it.
        let lower = unicode::lowercase(&unicode::nfc(&unicode::fold_width(&text)));
        let next = unicode::nfc(&lower.replace('ς', "σ"));
        if next == text {
            break;
        }
        text = next;
    }
    text
}

/// What stands before the tag; all of it where nothing would be left.
fn without_tag(local: &str, sign: Option<char>) -> &str {
    let at = sign.and_then(|sign| local.find(sign)).unwrap_or(local.len());
    match local[..at].trim_end_matches('.') {
        "" => local,
        base => base,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::Email;

    fn canonical(address: &str) -> String {
        Email::parse(address).unwrap().canonical().as_str().to_owned()
    }

    #[test]
    fn spellings_of_one_mailbox_are_one_text() {
        for (wanted, spellings) in [
            (
                "ab@gmail.com",
                &[
                    "A.B+x@googlemail.com",
                    "ab@gmail.com",
                    "a.b@GMAIL.com",
                    "ab+@gmail.com",
                    "a.b.+x+y@gmail.com",
                    "ＡＢ＠ｇｍａｉｌ．ｃｏｍ",
                    "ab＋x@gmail.com",
                ][..],
            ),
            ("a.b@outlook.com", &["A.B+x@Outlook.com", "a.b@outlook.com"]),
            ("ab@hotmail.co.uk", &["ab+news@hotmail.co.uk"]),
            ("ab@live.fr", &["ab+news@live.fr"]),
            ("ab@icloud.com", &["ab+news@icloud.com"]),
            ("a.b@proton.me", &["a.b+1@proton.me"]),
            ("ab@fastmail.com", &["ab+1@fastmail.com"]),
            ("ab@zoho.eu", &["ab+1@zoho.eu"]),
            ("ab@yandex.ru", &["ab+1@yandex.ru"]),
            ("ab@yahoo.com", &["ab-shop@yahoo.com", "AB@yahoo.com"]),
            ("ab@yahoo.co.uk", &["ab-shop-2@yahoo.co.uk"]),
            ("ab@ymail.com", &["ab-x@ymail.com"]),
            ("zoë@example.org", &["Zoe\u{308}@example.org", "ZOË@EXAMPLE.ORG", "zoë@example.org"]),
            (
                "ada@xn--bcher-kva.example",
                &[
                    "ada@bücher.example",
                    "Ada@BU\u{308}CHER.example",
                    "ada@XN--BCHER-KVA.example",
                    "ada@ｂücher。example",
                ],
            ),
            ("οδοσ@example.org", &["ΟΔΟΣ@example.org", "οδος@example.org"]),
            ("パ@example.org", &["ﾊﾟ@example.org"]),
        ] {
            for spelling in spellings {
                assert_eq!(canonical(spelling), wanted, "{spelling:?}");
            }
        }
    }

    #[test]
    fn other_mailboxes_stay_apart() {
        for (one, other) in [
            ("a.b@example.org", "ab@example.org"),
            ("a.b@outlook.com", "ab@outlook.com"),
            ("a+x@example.org", "a@example.org"),
            ("a-x@gmail.com", "a@gmail.com"),
            ("a+x@yahoo.com", "a@yahoo.com"),
            ("a@icloud.com", "a@me.com"),
            ("ada@exаmple.org", "ada@example.org"),
            ("аda@example.org", "ada@example.org"),
            ("a@gmail.com", "a@gmail.com.example"),
            ("a@gmail.com", "a@mail.gmail.com"),
            ("+a@gmail.com", "+b@gmail.com"),
            ("straße@example.org", "strasse@example.org"),
        ] {
            assert_ne!(canonical(one), canonical(other), "{one:?} {other:?}");
        }
    }
}
