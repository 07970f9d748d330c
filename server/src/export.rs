//! Exports: the pledges of a campaign, streamed from one read snapshot.

use std::path::Path;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use countersign_shared::Slug;
use countersign_shared::pledge::Source;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, stream};

use crate::App;
use crate::secrets::{Person, Secrets};
use crate::store::{ExportRow, ExportedRows, RowStream, Store, StoreError, StoredCampaign};
use crate::supporters::Filter;

mod columns;
mod csv;
mod ndjson;
mod xlsx;

pub use columns::{Column, Columns};
pub use xlsx::{Book, ROWS_A_SHEET};

use columns::Record;

/// The file, in chunks of some tens of kilobytes.
pub type Chunks = BoxStream<'static, Result<Bytes, ExportError>>;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Chunks are sent when they reach this size.
const CHUNK: usize = 64 * 1024;

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

/// The campaign's pledges as CSV (RFC 4180), oldest first.
pub async fn csv(
    app: &App,
    campaign: &StoredCampaign,
    columns: Columns,
    filter: Filter,
) -> Result<Chunks, ExportError> {
    let rows = app.store.export(campaign.id).await?;
    Ok(lines(Form::Csv, rows, Opener::of(&app.secrets, campaign, columns, filter)))
}

/// The campaign's pledges as one JSON object a line, oldest first.
pub async fn ndjson(
    app: &App,
    campaign: &StoredCampaign,
    columns: Columns,
    filter: Filter,
) -> Result<Chunks, ExportError> {
    let rows = app.store.export(campaign.id).await?;
    Ok(lines(Form::Ndjson, rows, Opener::of(&app.secrets, campaign, columns, filter)))
}

/// The campaign's pledges as a workbook, oldest first; whole when this returns.
pub async fn xlsx(
    app: &App,
    campaign: &StoredCampaign,
    columns: Columns,
    filter: Filter,
) -> Result<Book, ExportError> {
    let rows = app.store.export(campaign.id).await?;
    let opener = Opener::of(&app.secrets, campaign, columns, filter);
    xlsx::build(rows, opener, app.config.data_dir.clone(), ROWS_A_SHEET).await
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
        Format::Csv => Ok(lines(Form::Csv, rows, opener)),
        Format::Ndjson => Ok(lines(Form::Ndjson, rows, opener)),
        Format::Xlsx => {
            let book = xlsx::build(rows, opener, folder.to_owned(), ROWS_A_SHEET).await?;
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
        Self { secrets, slug, columns, filter, people }
    }

    fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Hands on each row that belongs into the file: the one place that every format goes through.
    fn each(
        &self,
        rows: &ExportedRows,
        mut write: impl FnMut(&Record<'_>) -> Result<(), Failed>,
    ) -> Result<(), ExportError> {
        for row in rows.rows() {
            let row = row?;
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
        }
        Ok(())
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
    Csv,
    Ndjson,
}

fn lines(form: Form, rows: RowStream, opener: Opener) -> Chunks {
    let mut buffer = BytesMut::new();
    if let Form::Csv = form {
        csv::head(opener.columns(), &mut buffer);
    }
    let writing = Writing { form, rows, opener, buffer, ended: false };
    // What compresses it on its way asks once more after its end.
    stream::unfold(writing, Writing::next).fuse().boxed()
}

struct Writing {
    form: Form,
    rows: RowStream,
    opener: Opener,
    buffer: BytesMut,
    ended: bool,
}

impl Writing {
    async fn next(mut self) -> Option<(Result<Bytes, ExportError>, Self)> {
        while !self.ended && self.buffer.len() < CHUNK {
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
        let chunk = self.buffer.split().freeze();
        (!chunk.is_empty()).then_some((Ok(chunk), self))
    }

    fn write(&mut self, rows: &ExportedRows) -> Result<(), ExportError> {
        let (opener, buffer) = (&self.opener, &mut self.buffer);
        opener.each(rows, |record| match self.form {
            Form::Csv => csv::line(record, opener.columns(), buffer),
            Form::Ndjson => ndjson::line(record, opener.columns(), buffer),
        })
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
