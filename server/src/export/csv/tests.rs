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
    for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\0x", "\n=1"] {
        assert_eq!(written(formula), format!("\"'{formula}\""));
    }
    assert_eq!(written("=\"a\""), "\"'=\"\"a\"\"\"");
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

proptest::proptest! {
    /// An honest reader gets back what was typed, and no cell begins like a formula.
    #[test]
    fn any_text_survives_and_runs_nothing(name in "(?s).{0,20}", message in "[=+@\t\r\n\0\",'a-]{0,12}") {
        let mut to = BytesMut::new();
        head(&Columns::all(), &mut to);
        line(&record(&name, Some(&message)), &Columns::all(), &mut to).unwrap();
        let mut reader = ::csv::ReaderBuilder::new().from_reader(&to[..]);
        let rows: Vec<::csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        proptest::prop_assert_eq!(rows.len(), 1);
        proptest::prop_assert_eq!(rows[0].len(), Column::ALL.len());
        for (cell, typed) in [(&rows[0][3], &name), (&rows[0][9], &message)] {
            proptest::prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0']));
            let unprefixed = cell.strip_prefix('\'').unwrap_or(cell);
            proptest::prop_assert!(cell == typed || unprefixed == typed);
        }
    }
}
