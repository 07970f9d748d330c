//! Tables as files that spreadsheets open.

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
    let is_number = cell.parse::<f64>().is_ok();
    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']) && !is_number;
    let cell = if runs { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r', ';', '\'']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::write;

    #[test]
    fn fault_39_a_cell_that_would_run_is_quoted_and_prefixed() {
        let rows = ["=1+1", "+cmd", "-x", "@sum", "\tx", "-12.5", "a,b", "say \"x\"", "é"];
        let rows: Vec<Vec<String>> = rows.map(|cell| vec![cell.to_owned()]).to_vec();
        let expected = "\u{feff}Who\r\n\"'=1+1\"\r\n\"'+cmd\"\r\n\"'-x\"\r\n\"'@sum\"\r\n\"'\tx\"\r\n\
                        -12.5\r\n\"a,b\"\r\n\"say \"\"x\"\"\"\r\né\r\n";
        assert_eq!(write(&["Who"], &rows), expected);
    }
}
