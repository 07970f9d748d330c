//! The server's side: tables from crates.

use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

/// How many characters a person sees: extended grapheme clusters.
pub fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

/// Normalization form C.
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// Normalization form KC.
pub fn nfkc(text: &str) -> String {
    text.nfkc().collect()
}

/// Lower case by the full Unicode mapping, of no particular language.
pub fn lowercase(text: &str) -> String {
    text.to_lowercase()
}

/// A domain name in its ASCII form, lower case; `None` where IDNA (UTS 46) refuses it.
pub fn domain_to_ascii(domain: &str) -> Option<String> {
    idna::domain_to_ascii_cow(domain.as_bytes(), idna::AsciiDenyList::URL)
        .ok()
        .map(std::borrow::Cow::into_owned)
        .filter(|ascii| !ascii.is_empty())
}
