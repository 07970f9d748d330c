//! CSV that opens in a spreadsheet without running anything.

use std::fmt::Write as _;

use bytes::BytesMut;

use super::Failed;
use super::columns::{Cell, Columns, Record};

pub(super) fn head(columns: &Columns, to: &mut BytesMut) {
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
/// in front and stands in quotes (OWASP, "CSV Injection").
fn cell(value: &str, to: &mut BytesMut) {
    let formula =
        value.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠']);
    let quoted = |byte| matches!(byte, b'"' | b',' | b'\r' | b'\n' | b'\0' | b'\'');
    if !formula && !value.bytes().any(quoted) {
        to.extend_from_slice(value.as_bytes());
        return;
    }
    to.extend_from_slice(if formula { b"\"'" } else { b"\"" });
    to.extend_from_slice(value.replace('"', "\"\"").as_bytes());
    to.extend_from_slice(b"\"");
}

#[cfg(test)]
mod tests;
