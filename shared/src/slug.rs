//! The short name of a campaign in addresses: `/c/clean-rivers`.

use crate::Code;

/// 1 to 64 of `a`–`z`, `0`–`9` and `-`, with no hyphen at an edge.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// The longest slug, in bytes.
    pub const MAX: usize = 64;

    /// Takes the text as it stands: nothing is trimmed or lowered, because a slug is part of a URL.
    ///
    /// # Errors
    /// [`Code::FieldInvalid`] for anything but the rule above.
    pub fn parse(raw: &str) -> Result<Self, Code> {
        let bytes = raw.as_bytes();
        let fits = !bytes.is_empty()
            && bytes.len() <= Self::MAX
            && bytes.iter().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
            && bytes.first() != Some(&b'-')
            && bytes.last() != Some(&b'-');
        if fits { Ok(Self(raw.to_owned())) } else { Err(Code::FieldInvalid) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

crate::text::string_like!(Slug);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn good_slugs_are_kept_as_they_stand() {
        for good in ["a", "7", "clean-rivers", "a--b", "2026", &"x".repeat(64)] {
            assert_eq!(Slug::parse(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn bad_slugs_are_refused() {
        let long = "x".repeat(65);
        for bad in [
            "", "-", "-a", "a-", "A", "a b", " a", "a\n", "a_b", "a.b", "a/b", "é", "ａ", "a\0",
            "%61", &long,
        ] {
            assert_eq!(Slug::parse(bad), Err(Code::FieldInvalid), "{bad:?}");
        }
    }
}
