//! CSV that opens in a spreadsheet without running anything.

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

pub(super) fn line(record: &Record, to: &mut BytesMut) -> Result<(), Failed> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let cells: [String; COLUMNS.len()] = [
        record.id.to_string(),
        record.signed_at.clone(),
        record.state.clone(),
        text(&record.name),
        text(&record.email),
        record.country.clone(),
        record.locale.clone(),
        record.public_name.to_string(),
        record.updates.to_string(),
        text(&record.message),
        text(&record.utm_source),
        text(&record.utm_medium),
        text(&record.utm_campaign),
        text(&record.referrer),
        record.receipt.clone(),
        record.suspicious.to_string(),
        text(&record.quarantine_reason),
    ];
    for (index, value) in cells.iter().enumerate() {
        if index > 0 {
            to.extend_from_slice(b",");
        }
        cell(value, to);
    }
    to.extend_from_slice(b"\r\n");
    Ok(())
}

/// RFC 4180, and harmless in a spreadsheet: what could be taken for a formula gets an apostrophe
/// in front and stands in quotes (OWASP, "CSV Injection").
fn cell(value: &str, to: &mut BytesMut) {
    let formula =
        value.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠']);
    if !formula && !value.contains(['"', ',', '\r', '\n', '\0', '\'']) {
        to.extend_from_slice(value.as_bytes());
        return;
    }
    to.extend_from_slice(if formula { b"\"'" } else { b"\"" });
    to.extend_from_slice(value.replace('"', "\"\"").as_bytes());
    to.extend_from_slice(b"\"");
}

#[cfg(test)]
mod tests;
