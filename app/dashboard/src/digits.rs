//! Numbers as files and pictures spell them: with a point, whatever the reader's language.
//!
//! Not by `format!`: what the standard library needs to spell and to read any fraction to its last
//! digit, tables of powers above all, would be a twentieth of what a browser loads.

/// Rounded to so many digits behind the point.
pub fn fixed(value: f64, digits: u32) -> String {
    let scale = 10_u64.pow(digits);
    let all = (value.abs() * scale as f64).round() as u64;
    let sign = if value < 0.0 && all > 0 { "-" } else { "" };
    let (whole, behind) = (all / scale, all % scale);
    match digits {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{behind:0width$}", width = digits as usize),
    }
}

/// A place in a picture, to the tenth of a pixel.
pub fn px(place: f64) -> String {
    let tenths = (place * 10.0).round();
    fixed(place, u32::from(tenths % 10.0 != 0.0))
}

/// Whether a text is a plain number: digits, a sign before them and a fraction after them at most.
pub fn is_number(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.strip_prefix('-').unwrap_or(text);
    match number.split_once('.') {
        Some((whole, behind)) => digits(whole) && digits(behind),
        None => digits(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_rounded_and_keep_their_noughts() {
        assert_eq!(fixed(0.25, 4), "0.2500");
        assert_eq!(fixed(2.0 / 3.0, 4), "0.6667");
        assert_eq!(fixed(0.999_96, 4), "1.0000");
        assert_eq!(fixed(-1.5, 1), "-1.5");
        assert_eq!(fixed(-0.01, 1), "0.0");
        assert_eq!(fixed(1234.5, 0), "1235");
        for value in [0.0, 0.126, 7.04, 99.96, 1_000.3, -3.26] {
            assert_eq!(fixed(value, 2), format!("{value:.2}"));
        }
    }

    #[test]
    fn places_have_a_tenth_where_they_need_one() {
        assert_eq!(
            [px(10.0), px(9.96), px(0.04), px(-2.25), px(-0.04)],
            ["10", "10", "0", "-2.3", "0"]
        );
    }

    #[test]
    fn numbers_are_told_from_what_a_spreadsheet_would_run() {
        for number in ["0", "12", "-12", "0.2500", "-3.5"] {
            assert!(is_number(number), "{number}");
        }
        for other in ["", "-", ".", "1.", ".5", "+5", "1e5", "inf", "NaN", "-1+2", "=1", "1.2.3"] {
            assert!(!is_number(other), "{other}");
        }
    }
}
