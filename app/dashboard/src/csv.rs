//! Tables as files that spreadsheets open.

use crate::digits::is_number;

/// RFC 4180, with a mark of UTF-8 for Excel. A cell that a spreadsheet would run as a formula is
/// prefixed by an apostrophe, as the server's exports do.
pub fn write(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = String::from('\u{feff}');
    let head = head.iter().map(|cell| (*cell).to_owned()).collect();
    for row in std::iter::once(&head).chain(rows) {
        let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

fn quoted(cell: &str) -> String {
    if is_number(cell) {
        return cell.to_owned();
    }
    let mut safe = String::with_capacity(cell.len());
    // At the beginning, blanks that split lines are as bad.
    let mut begins = true;
    if cell.starts_with(['\t', '\r', '\n']) {
        safe.push('\'');
        begins = false;
    }
    for (at, c) in cell.char_indices() {
        if begins && runs(&cell[at..]) {
            safe.push('\'');
        }
        safe.push(c);
        begins = SEAMS.contains(&c);
    }
    if safe.contains([',', '"', '\'']) || safe.contains(SEAMS) {
        safe = format!("\"{}\"", safe.replace('"', "\"\""));
    }
    safe
}

/// Where another cell may begin inside of a value: not everywhere do commas separate.
const SEAMS: [char; 4] = [';', '\t', '\r', '\n'];

/// Whether a cell that begins like this is a formula, behind quotes and blanks.
fn runs(text: &str) -> bool {
    let text = text.trim_start_matches(['"', ' ']);
    text.starts_with(['=', '+', '-', '@', '\0', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::{quoted, write};

    #[test]
    fn fault_39_a_cell_that_would_run_is_quoted_and_prefixed() {
        let rows = ["=1+1", "+cmd", "-x", "@sum", "\tx", "-12.5", "a,b", "say \"x\"", "é"];
        let rows: Vec<Vec<String>> = rows.map(|cell| vec![cell.to_owned()]).to_vec();
        let expected = "\u{feff}Who\r\n\"'=1+1\"\r\n\"'+cmd\"\r\n\"'-x\"\r\n\"'@sum\"\r\n\"'\tx\"\r\n\
                        -12.5\r\n\"a,b\"\r\n\"say \"\"x\"\"\"\r\né\r\n";
        assert_eq!(write(&["Who"], &rows), expected);
    }

    #[test]
    fn a_formula_behind_another_separator_is_prefixed_too() {
        for (cell, safe) in [
            ("x;=1", "\"x;'=1\""),
            ("x\t\"@A1", "\"x\t'\"\"@A1\""),
            ("x; -1", "\"x;' -1\""),
            ("a; b", "\"a; b\""),
            ("-1", "-1"),
        ] {
            assert_eq!(quoted(cell), safe);
        }
    }
}
