#![allow(clippy::unwrap_used)]

use super::*;
use crate::export::Column;

fn written(value: &str) -> String {
    let mut to = BytesMut::new();
    cell(value, &mut to);
    String::from_utf8(to.to_vec()).unwrap()
}

#[test]
fn a_cell_starting_with_equals_plus_minus_at_tab_nul_is_quoted_and_prefixed() {
    for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\0x", "\nx"] {
        assert_eq!(written(formula), format!("\"'{formula}\""));
    }
    assert_eq!(written("=\"a\""), "\"'=\"\"a\"\"\"");
}

#[test]
fn a_formula_behind_another_separator_is_prefixed_too() {
    for (typed, safe) in [
        ("x;=cmd|'/C calc'!A0;", "\"x;'=cmd|'/C calc'!A0;\""),
        ("x\t+1", "\"x\t'+1\""),
        ("x\n=1\r\n@A1", "\"x\n'=1\r\n'@A1\""),
        ("x;\"=1\"", "\"x;'\"\"=1\"\"\""),
        ("x; -1", "\"x;' -1\""),
        ("x;＝1", "\"x;'＝1\""),
        ("\"=1", "\"'\"\"=1\""),
        (";=1", "\";'=1\""),
        ("\n=1", "\"'\n'=1\""),
    ] {
        assert_eq!(written(typed), safe);
    }
    for plain in ["a; b", "a;\nb", "one\ttwo", "1;2"] {
        assert_eq!(written(plain), format!("\"{plain}\""));
    }
}

#[test]
fn a_plain_cell_stays_plain() {
    for plain in ["", "Amina Otieno", "a@example.org", "2026-01-01T00:00:00Z", "أمينة"] {
        assert_eq!(written(plain), plain);
    }
    assert_eq!(written("a,b"), "\"a,b\"");
    assert_eq!(written("say \"hi\""), "\"say \"\"hi\"\"\"");
    assert_eq!(written("two\r\nlines"), "\"two\r\nlines\"");
}

fn record<'a>(name: &'a str, message: Option<&'a str>) -> Record<'a> {
    Record {
        id: 1,
        signed_at: "2026-01-01T00:00:00Z".parse().unwrap(),
        state: "counted",
        name: Some(name),
        email: None,
        country: "KE",
        locale: "en",
        public_name: false,
        updates: true,
        message,
        utm_source: None,
        utm_medium: None,
        utm_campaign: None,
        referrer: None,
        receipt: "0123456789ABCDEF",
        suspicious: false,
        quarantine_reason: None,
    }
}

/// Whether only apostrophes were added.
fn is_typed(cell: &str, typed: &str) -> bool {
    let mut typed = typed.chars().peekable();
    cell.chars().all(|c| typed.next_if_eq(&c).is_some() || c == '\'') && typed.next().is_none()
}

fn runs(cell: &str) -> bool {
    begins_a_formula(cell.trim_start_matches(['"', ' ', '\t', '\r', '\n']))
}

/// The cells as a reader sees them who takes `separator` for the separator.
fn cells(file: &[u8], separator: u8) -> Vec<String> {
    let mut reader = ::csv::ReaderBuilder::new();
    let reader = reader.delimiter(separator).flexible(true).has_headers(false);
    let rows = reader.from_reader(file).into_records();
    rows.flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect()
}

proptest::proptest! {
    /// An honest reader gets back what was typed, and no cell begins like a formula: neither for
    /// whom commas separate nor for whom something else does, with quotes or without.
    #[test]
    fn any_text_survives_and_runs_nothing(
        name in "(?s).{0,20}",
        message in "[=+@;; \t\r\n\0\",'a-]{0,14}",
    ) {
        let mut to = BytesMut::new();
        head(&Columns::all(), false, &mut to);
        line(&record(&name, Some(&message)), &Columns::all(), &mut to).unwrap();
        let mut reader = ::csv::ReaderBuilder::new().from_reader(&to[..]);
        let rows: Vec<::csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        proptest::prop_assert_eq!(rows.len(), 1);
        proptest::prop_assert_eq!(rows[0].len(), Column::ALL.len());
        for (cell, typed) in [(&rows[0][3], &name), (&rows[0][9], &message)] {
            proptest::prop_assert!(!runs(cell) && !cell.starts_with(['\t', '\r', '\n']));
            proptest::prop_assert!(is_typed(cell, typed), "{:?} {:?}", cell, typed);
        }
        for separator in [b';', b'\t'] {
            for cell in cells(&to, separator) {
                proptest::prop_assert!(!runs(&cell), "{:?}", cell);
            }
        }
        let text = String::from_utf8(to.to_vec()).unwrap();
        for cell in text.split([';', '\t', '\r', '\n']) {
            proptest::prop_assert!(!runs(cell), "{:?}", cell);
        }
    }
}

#[test]
fn the_mark_of_utf_8_stands_first_where_it_is_wanted() {
    let mut to = BytesMut::new();
    head(&Columns::parse("id,name").unwrap(), true, &mut to);
    assert_eq!(&to[..], "\u{feff}id,name\r\n".as_bytes());
}
