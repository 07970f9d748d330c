//! CSV that opens in a spreadsheet without running anything.

use std::fmt::Write as _;

use bytes::BytesMut;

use super::Failed;
use super::columns::{Cell, Columns, Record};

/// The mark of UTF-8 (BOM): without it Excel takes a file that is opened by a double click for one
/// of an old code page.
const MARK: &str = "\u{feff}";

pub(super) fn head(columns: &Columns, mark: bool, to: &mut BytesMut) {
    if mark {
        to.extend_from_slice(MARK.as_bytes());
    }
    to.extend_from_slice(columns.names().join(",").as_bytes());
    to.extend_from_slice(b"\r\n");
}

pub(super) fn line(
    record: &Record<'_>,
    columns: &Columns,
    to: &mut BytesMut,
) -> Result<(), Failed> {
    let mut first = true;
    for column in columns.iter() {
        if !std::mem::take(&mut first) {
            to.extend_from_slice(b",");
        }
        match record.cell(column) {
            Cell::Absent => {}
            Cell::Number(number) => write!(to, "{number}")?,
            Cell::Time(at) => write!(to, "{at}")?,
            Cell::Flag(flag) => to.extend_from_slice(if flag { b"true" } else { b"false" }),
            Cell::Word(word) => to.extend_from_slice(word.as_bytes()),
            Cell::Typed(text) => cell(text, to),
        }
    }
    to.extend_from_slice(b"\r\n");
    Ok(())
}

/// RFC 4180, and harmless in a spreadsheet: what could be taken for a formula gets an apostrophe
/// in front and stands in quotes (OWASP, "CSV Injection"). Where lists are separated by semicolons
/// or tabs, a spreadsheet splits the line there and sees no quotes in its middle, so that a formula
/// may begin inside of a value as well.
fn cell(value: &str, to: &mut BytesMut) {
    let formula = value.starts_with(['\t', '\r', '\n']) || begins_a_formula(value);
    let quoted = |c| matches!(c, '"' | ',' | '\r' | '\n' | '\0' | '\'') || SEAMS.contains(&c);
    if !formula && !value.contains(quoted) {
        to.extend_from_slice(value.as_bytes());
        return;
    }
    to.extend_from_slice(if formula { b"\"'" } else { b"\"" });
    let mut rest = value;
    while let Some(seam) = rest.find(SEAMS) {
        let (piece, after) = rest.split_at(seam + 1);
        doubled(piece, to);
        if begins_a_formula(after) {
            to.extend_from_slice(b"'");
        }
        rest = after;
    }
    doubled(rest, to);
    to.extend_from_slice(b"\"");
}

/// What makes a spreadsheet compute, also in the wide forms of East Asia.
const TRIGGERS: [char; 9] = ['=', '+', '-', '@', '\0', '＝', '＋', '－', '＠'];

/// Where another cell may begin inside of a value.
const SEAMS: [char; 4] = [';', '\t', '\r', '\n'];

/// Whether a cell that begins here is a formula: behind quotes and blanks, which readers take off.
fn begins_a_formula(text: &str) -> bool {
    text.trim_start_matches(['"', ' ', '\u{a0}', '\u{feff}']).starts_with(TRIGGERS)
}

fn doubled(text: &str, to: &mut BytesMut) {
    to.extend_from_slice(text.replace('"', "\"\"").as_bytes());
}

#[cfg(test)]
mod tests;
