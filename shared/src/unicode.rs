//! The Unicode work that both sides need: tables from crates on the server, the browser's own in
//! the widget, and the same vectors to test both.

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(not(target_arch = "wasm32"))]
mod native;

#[cfg(target_arch = "wasm32")]
use browser as platform;
#[cfg(not(target_arch = "wasm32"))]
use native as platform;

pub use platform::{domain_to_ascii, graphemes, lowercase, nfc, nfkc};

type Ranges = &'static [(u32, u32)];

/// Sorted. From Unicode 17: Cc, Zl, Zp, Default_Ignorable_Code_Point, the bidi controls,
/// annotation marks, what stands for something lost (U+FFFC, U+FFFD), the blank Braille cell,
/// private use and noncharacters.
const INVISIBLE: Ranges = &[
    (0x0000, 0x001F),
    (0x007F, 0x009F),
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xE000, 0xF8FF),
    (0xFDD0, 0xFDEF),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFD),
    (0x13430, 0x1345F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
    (0xF0000, 0x10FFFF),
];

/// Marks made to be stacked on any letter.
const STACKING: Ranges =
    &[(0x0300, 0x036F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F)];

/// More marks than any language puts on one letter, once normalized.
const MOST_STACKED: usize = 4;

pub(crate) fn within(c: char, ranges: Ranges) -> bool {
    ranges.iter().any(|&(first, last)| (first..=last).contains(&(c as u32)))
}

/// True for what nobody sees but what changes a text: controls (the new line too), zero-width and
/// bidi characters, fillers, tags, variation selectors, private use and noncharacters. And for
/// the mark that a wrong decoding leaves behind: what stood there is lost.
pub fn is_invisible(c: char) -> bool {
    // The last two code points of every plane are noncharacters.
    (c as u32 & 0xFFFE) == 0xFFFE || within(c, INVISIBLE)
}

/// Picks between drawings of the character before it, and is seen only by that.
pub(crate) fn is_variation_selector(c: char) -> bool {
    within(c, &[(0xFE00, 0xFE0F), (0xE0100, 0xE01EF)])
}

/// Chinese characters, whose variants are the spelling of some Japanese names.
pub(crate) fn is_ideograph(c: char) -> bool {
    within(c, &[(0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)])
}

/// True where marks are piled up to deface a page.
pub(crate) fn is_defaced(text: &str) -> bool {
    let mut stacked = 0;
    text.chars().any(|c| {
        stacked = if within(c, STACKING) { stacked + 1 } else { 0 };
        stacked > MOST_STACKED
    })
}

/// Full-width letters, digits and signs as plain ones, half-width kana as whole ones; the rest as
/// it stands. People write these by leaving an input method switched on.
pub fn fold_width(text: &str) -> String {
    let is_form = |c: char| within(c, &[(0xFF01, 0xFFEE)]);
    if !text.chars().any(is_form) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let plain = rest.find(is_form).unwrap_or(rest.len());
        out.push_str(&rest[..plain]);
        rest = &rest[plain..];
        let wide = rest.find(|c| !is_form(c)).unwrap_or(rest.len());
        out.push_str(&nfkc(&rest[..wide]));
        rest = &rest[wide..];
    }
    out
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    include!("../tests/common/unicode.rs");

    #[test]
    fn the_vectors_hold() {
        unicode_vectors();
    }

    #[test]
    fn the_ranges_are_sorted() {
        for ranges in [INVISIBLE, STACKING] {
            assert!(ranges.windows(2).all(|pair| pair[0].1 < pair[1].0));
        }
    }
}
