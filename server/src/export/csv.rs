//! CSV that opens in a spreadsheet without running anything.

use std::fmt::Write as _;

use bytes::BytesMut;

use super::Record;

const COLUMNS: [&str; 17] = [
    "id",
    "signed_at",
    "state",
    "name",
    "email",
    "country",
    "locale",
    "public_name",
    "updates",
    "message",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "referrer",
    "receipt",
    "suspicious",
    "quarantine_reason",
];

type Failed = Box<dyn std::error::Error + Send + Sync>;

pub(super) fn head(to: &mut BytesMut) {
    to.extend_from_slice(COLUMNS.join(",").as_bytes());
    to.extend_from_slice(b"\r\n");
}

pub(super) fn line(record: &Record<'_>, to: &mut BytesMut) -> Result<(), Failed> {
    // What we wrote ourselves needs no quotes.
    write!(to, "{},{},{},", record.id, record.signed_at, record.state)?;
    for typed in [record.name, record.email, Some(record.country), Some(record.locale)] {
        cell(typed.unwrap_or_default(), to);
        to.extend_from_slice(b",");
    }
    write!(to, "{},{},", record.public_name, record.updates)?;
    let source = [record.utm_source, record.utm_medium, record.utm_campaign, record.referrer];
    for typed in std::iter::once(record.message).chain(source) {
        cell(typed.unwrap_or_default(), to);
        to.extend_from_slice(b",");
    }
    let reason = record.quarantine_reason.unwrap_or_default();
    write!(to, "{},{},{reason}\r\n", record.receipt, record.suspicious)?;
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
