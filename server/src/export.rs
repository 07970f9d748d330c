//! Exports: the pledges of a campaign, streamed from one read snapshot.

use std::path::Path;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use countersign_shared::Slug;
use countersign_shared::pledge::Source;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, stream};
use tokio::time::{Instant, timeout_at};

use crate::App;
use crate::secrets::{Person, Secrets};
use crate::store::{ExportRow, ExportedRows, RowStream, Store, StoreError, StoredCampaign};
use crate::supporters::Filter;

mod board;
mod columns;
mod csv;
mod ndjson;
mod places;
mod within;
mod xlsx;

pub use board::{Board, ExportId, KNOWN_FOR, MOST_KNOWN, MOST_KNOWN_EACH, Tally};
pub use columns::{Column, Columns};
pub use places::{Full, LATER, MOST, MOST_EACH, Place, Places};
pub use xlsx::{Book, ROWS_A_SHEET};

use columns::Record;
use within::within;
use xlsx::Building;

/// The file, in chunks of some tens of kilobytes.
pub type Chunks = BoxStream<'static, Result<Chunk, ExportError>>;

/// A part of a file. One without bytes only tells of rows that a filter passed over.
#[derive(Debug, Default)]
pub struct Chunk {
    pub bytes: Bytes,
    /// How many rows of the campaign were looked at for it.
    pub read: u64,
    /// How many it holds.
    pub rows: u64,
}

impl From<Bytes> for Chunk {
    fn from(bytes: Bytes) -> Self {
        Self { bytes, ..Self::default() }
    }
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Chunks are sent when they reach this size.
const CHUNK: usize = 64 * 1024;

/// Or, empty or not, once so many rows were looked at: a filter may find few.
const LOOKED_AT: u64 = 10_000;

/// Why an export ended before its end. What was sent until then must not be taken for whole.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("pledge {0} does not open with this secret key")]
    Sealed(i64),
    #[error("pledge {0} cannot be written: {1}")]
    Row(i64, Failed),
    #[error("the workbook cannot be written: {0}")]
    Book(Failed),
    /// An export keeps a snapshot of the database, which cannot be kept for ever.
    #[error("it took longer than an export may take")]
    TooLong,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    Csv,
    Ndjson,
    Xlsx,
}

impl Format {
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// Of the file's name, and what the audit log calls it.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Xlsx => "xlsx",
        }
    }
}

/// What somebody wants to take away.
pub struct Wish {
    pub format: Format,
    pub columns: Columns,
    pub filter: Filter,
    /// Whether CSV begins with the mark of UTF-8 (BOM), as Excel wants it.
    pub mark: bool,
}

/// A file on its way.
pub struct Download {
    pub chunks: Chunks,
    /// In bytes, and how many rows: known where the whole file was written before.
    pub length: Option<u64>,
    pub rows: Option<u64>,
}

/// The campaign's pledges, oldest first: CSV (RFC 4180) and NDJSON as they are read, a workbook once
/// it is whole. `place` is held until then, or until the last chunk. A workbook tells `tally` how far
/// it is written.
///
/// # Errors
/// What went wrong before the first chunk, and [`ExportError::TooLong`] for a workbook that is not
/// written by `deadline`.
pub async fn download(
    app: &App,
    campaign: &StoredCampaign,
    wish: Wish,
    deadline: Instant,
    place: Place,
    tally: &Tally,
) -> Result<Download, ExportError> {
    let Wish { format, columns, filter, mark } = wish;
    let rows = app.store.export(campaign.id).await?;
    let opener = Opener::of(&app.secrets, campaign, columns, filter);
    let opener = Opener { _place: Some(place.clone()), ..opener };
    let (chunks, length, rows) = match format {
        Format::Csv => (lines(Form::Csv { mark }, rows, opener), None, None),
        Format::Ndjson => (lines(Form::Ndjson, rows, opener), None, None),
        Format::Xlsx => {
            let building =
                Building { folder: app.config.data_dir.clone(), counted: tally.counted() };
            let built = timeout_at(deadline, xlsx::build(rows, opener, building)).await;
            let book = built.map_err(|_| ExportError::TooLong)??;
            let (length, rows) = (book.length, book.rows);
            (book.chunks(), Some(length), Some(rows))
        }
    };
    Ok(Download { chunks: within(chunks, deadline, place), length, rows })
}

/// Opens the rows of `campaign` with `secrets` and writes all of them as `format`. What must be
/// kept meanwhile lies in `folder`.
pub async fn stream(
    format: Format,
    store: &dyn Store,
    secrets: Arc<Secrets>,
    campaign: &StoredCampaign,
    folder: &Path,
) -> Result<Chunks, ExportError> {
    let rows = store.export(campaign.id).await?;
    let opener = Opener::of(&secrets, campaign, Columns::all(), Filter::default());
    match format {
        Format::Csv => Ok(lines(Form::Csv { mark: false }, rows, opener)),
        Format::Ndjson => Ok(lines(Form::Ndjson, rows, opener)),
        Format::Xlsx => {
            let building = Building { folder: folder.to_owned(), counted: Arc::default() };
            let book = xlsx::build(rows, opener, building).await?;
            Ok(book.chunks())
        }
    }
}

/// Makes records of stored rows.
struct Opener {
    secrets: Arc<Secrets>,
    slug: Slug,
    columns: Columns,
    filter: Filter,
    /// Whether seals are opened at all.
    people: bool,
    /// Kept for as long as rows are read.
    _place: Option<Place>,
}

impl Opener {
    fn of(
        secrets: &Arc<Secrets>,
        campaign: &StoredCampaign,
        columns: Columns,
        filter: Filter,
    ) -> Self {
        let (secrets, slug) = (Arc::clone(secrets), campaign.campaign.slug.clone());
        let people = columns.hold_people() || !filter.personal().is_empty();
        Self { secrets, slug, columns, filter, people, _place: None }
    }

    fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Hands on each row that belongs into the file: the one place that every format goes through.
    /// Says how many rows there were, and how many belong.
    fn each(
        &self,
        rows: &ExportedRows,
        mut write: impl FnMut(&Record<'_>) -> Result<(), Failed>,
    ) -> Result<(u64, u64), ExportError> {
        let (mut read, mut written) = (0, 0);
        for row in rows.rows() {
            let row = row?;
            read += 1;
            if !self.filter.matches_row(&row) {
                continue;
            }
            let person = self.person(&row)?;
            if !self.filter.matches_person(person.as_ref()) {
                continue;
            }
            let source = match &*row.source {
                "{}" => Source::default(),
                source => serde_json::from_str(source).unwrap_or_default(),
            };
            write(&record(&row, person.as_ref(), &source))
                .map_err(|error| ExportError::Row(row.id, error))?;
            written += 1;
        }
        Ok((read, written))
    }

    fn person(&self, row: &ExportRow<'_>) -> Result<Option<Person>, ExportError> {
        let Some(sealed) = row.sealed.as_ref().filter(|_| self.people) else { return Ok(None) };
        let opened = self.secrets.open(&self.slug, row.key_version, &row.fingerprint, sealed);
        opened.map(Some).map_err(|_| ExportError::Sealed(row.id))
    }
}

/// The formats that are written line by line.
#[derive(Clone, Copy)]
enum Form {
    Csv { mark: bool },
    Ndjson,
}

fn lines(form: Form, rows: RowStream, opener: Opener) -> Chunks {
    let mut buffer = BytesMut::new();
    if let Form::Csv { mark } = form {
        csv::head(opener.columns(), mark, &mut buffer);
    }
    let writing = Writing { form, rows, opener, buffer, counts: (0, 0), ended: false };
    // What compresses it on its way asks once more after its end.
    stream::unfold(writing, Writing::next).fuse().boxed()
}

struct Writing {
    form: Form,
    rows: RowStream,
    opener: Opener,
    buffer: BytesMut,
    /// Rows that were looked at for the buffer, and rows in it.
    counts: (u64, u64),
    ended: bool,
}

impl Writing {
    async fn next(mut self) -> Option<(Result<Chunk, ExportError>, Self)> {
        while !self.ended && self.buffer.len() < CHUNK && self.counts.0 < LOOKED_AT {
            let written = match self.rows.next().await {
                Some(Ok(rows)) => self.write(&rows),
                Some(Err(error)) => Err(error.into()),
                None => {
                    self.ended = true;
                    Ok(())
                }
            };
            if let Err(error) = written {
                self.ended = true;
                self.buffer.clear();
                return Some((Err(error), self));
            }
        }
        let (read, rows) = std::mem::take(&mut self.counts);
        let chunk = Chunk { bytes: self.buffer.split().freeze(), read, rows };
        (!chunk.bytes.is_empty() || read > 0).then_some((Ok(chunk), self))
    }

    fn write(&mut self, rows: &ExportedRows) -> Result<(), ExportError> {
        let (opener, buffer) = (&self.opener, &mut self.buffer);
        let (read, written) = opener.each(rows, |record| match self.form {
            Form::Csv { .. } => csv::line(record, opener.columns(), buffer),
            Form::Ndjson => ndjson::line(record, opener.columns(), buffer),
        })?;
        self.counts.0 += read;
        self.counts.1 += written;
        Ok(())
    }
}

fn record<'a>(
    row: &'a ExportRow<'_>,
    person: Option<&'a Person>,
    source: &'a Source,
) -> Record<'a> {
    Record {
        id: row.id,
        signed_at: row.signed_at,
        state: row.standing(),
        name: person.map(|it| it.name.as_str()),
        email: person.map(|it| it.email.as_str()),
        country: &row.country,
        locale: &row.locale,
        public_name: row.public_name,
        updates: row.updates,
        message: person.and_then(|it| it.message.as_deref()),
        utm_source: source.utm_source.as_deref(),
        utm_medium: source.utm_medium.as_deref(),
        utm_campaign: source.utm_campaign.as_deref(),
        referrer: source.referrer.as_deref(),
        receipt: &row.receipt,
        suspicious: row.suspicious,
        quarantine_reason: row.quarantine_reason.as_deref(),
    }
}
