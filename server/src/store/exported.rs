//! Pledges on their way out of the database, many in one text.
//!
//! A driver hands over value by value what a database writes as one text at once; for an export
//! of millions that is most of the time. The statements `pledges.export` write the text, this
//! reads it.

use std::borrow::Cow;

use futures_util::stream::BoxStream;
use jiff::Timestamp;

use super::{Result, StoreError};

/// A field ends with this (ASCII's unit separator), a row with the next.
const FIELD: char = '\u{1f}';
const ROW: char = '\u{1e}';

/// So many rows are read at once.
pub(super) const AT_ONCE: i64 = 1_000;

/// So many texts wait for a slow reader.
pub(super) const AHEAD: usize = 2;

/// Every pledge of a campaign in the order of signing, from one read snapshot.
pub type RowStream = BoxStream<'static, Result<ExportedRows>>;

/// Some rows of an export.
#[derive(Clone, Debug)]
pub struct ExportedRows(String);

/// One row of an export, personal data still sealed.
#[derive(Clone, Debug)]
pub struct ExportRow<'a> {
    pub id: i64,
    pub signed_at: Timestamp,
    /// `counted` or `quarantined`.
    pub state: Cow<'a, str>,
    pub quarantine_reason: Option<Cow<'a, str>>,
    pub country: Cow<'a, str>,
    pub locale: Cow<'a, str>,
    pub public_name: bool,
    pub updates: bool,
    pub suspicious: bool,
    pub source: Cow<'a, str>,
    pub receipt: Cow<'a, str>,
    /// The file that it was imported with; `None` where it was signed here.
    pub import_id: Option<i64>,
    pub key_version: u16,
    /// What the seal is bound to, beside the campaign.
    pub fingerprint: [u8; 16],
    /// `None` once the personal data was deleted.
    pub sealed: Option<Vec<u8>>,
}

impl ExportedRows {
    pub(super) fn new(text: String) -> Self {
        Self(text)
    }

    /// Rows as the database writes them, for tests of what reads them.
    #[cfg(test)]
    pub(crate) fn from_text(text: String) -> Self {
        Self(text)
    }

    /// The rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = Result<ExportRow<'_>>> {
        self.0.split(ROW).map(|line| {
            row(line).ok_or_else(|| StoreError::Broken("a row that cannot be is stored".into()))
        })
    }
}

fn row(line: &str) -> Option<ExportRow<'_>> {
    let mut fields = line.split(FIELD);
    let mut next = || fields.next();
    let row = ExportRow {
        id: next()?.parse().ok()?,
        signed_at: Timestamp::from_millisecond(next()?.parse().ok()?).ok()?,
        state: next()?.into(),
        quarantine_reason: Some(next()?).filter(|reason| !reason.is_empty()).map(Cow::from),
        country: next()?.into(),
        locale: next()?.into(),
        public_name: flag(next()?)?,
        updates: flag(next()?)?,
        suspicious: flag(next()?)?,
        source: next()?.into(),
        receipt: next()?.into(),
        import_id: match next()? {
            "" => None,
            id => Some(id.parse().ok()?),
        },
        key_version: next()?.parse().ok()?,
        fingerprint: bytes(next()?)?.try_into().ok()?,
        sealed: Some(bytes(next()?)?).filter(|sealed| !sealed.is_empty()),
    };
    // One more field would mean that another one held the separator.
    fields.next().is_none().then_some(row)
}

fn flag(text: &str) -> Option<bool> {
    match text {
        "0" => Some(false),
        "1" => Some(true),
        _ => None,
    }
}

/// Hexadecimal digits of either case.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pair = |pair: &[u8]| u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok();
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|it| pair(it)).collect())?
}

impl ExportRow<'_> {
    /// `counted`, `quarantined`, `unconfirmed`, `withdrawn`, `refused` or `invalidated`: the state as
    /// organizers see it.
    pub fn standing(&self) -> &str {
        match self.quarantine_reason.as_deref() {
            None => "counted",
            Some(decided @ ("unconfirmed" | "withdrawn" | "refused" | "invalidated")) => decided,
            Some(_) => "quarantined",
        }
    }

    /// A row that outlives the text it was read from.
    pub fn into_owned(self) -> ExportRow<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        ExportRow {
            state: owned(self.state),
            quarantine_reason: self.quarantine_reason.map(owned),
            country: owned(self.country),
            locale: owned(self.locale),
            source: owned(self.source),
            receipt: owned(self.receipt),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: [&str; 15] =
        ["7", "1000", "counted", "", "KE", "en", "0", "1", "0", "{}", "R", "", "1", "", "00Ff"];

    fn read(change: impl Fn(&mut Vec<String>)) -> Option<(i64, Option<Vec<u8>>)> {
        let mut fields: Vec<String> = LINE.iter().map(|&field| field.to_owned()).collect();
        fields[13] = "ab".repeat(16);
        change(&mut fields);
        let rows = ExportedRows::new(fields.join("\u{1f}"));
        let mut read = rows.rows().map(|row| row.ok().map(|row| (row.id, row.sealed)));
        read.next()?
    }

    #[test]
    fn a_row_is_read_and_a_damaged_one_is_refused() {
        assert_eq!(read(|_| {}), Some((7, Some(vec![0, 255]))));
        assert_eq!(read(|fields| fields[14].clear()), Some((7, None)));
        assert_eq!(read(|fields| fields[13].truncate(30)), None);
        assert_eq!(read(|fields| fields[14].truncate(3)), None);
        assert_eq!(read(|fields| fields[6] = "2".into()), None);
        assert_eq!(read(|fields| fields[11] = "x".into()), None);
        assert_eq!(read(|fields| fields.truncate(14)), None);
        assert_eq!(read(|fields| fields[9] = "a\u{1f}b".into()), None);
    }
}
