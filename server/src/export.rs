//! Exports: every pledge of a campaign, streamed from one read snapshot.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use countersign_shared::Slug;
use countersign_shared::pledge::Source;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;

use crate::App;
use crate::secrets::{Person, Secrets};
use crate::store::{ExportRow, ExportedRows, RowStream, Store, StoreError, StoredCampaign};

mod csv;
mod ndjson;

/// The file, in chunks of some tens of kilobytes.
pub type Chunks = BoxStream<'static, Result<Bytes, ExportError>>;

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
    Row(i64, Box<dyn std::error::Error + Send + Sync>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    Csv,
    Ndjson,
}

impl Format {
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
        }
    }

    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }
}

/// The campaign's pledges as CSV (RFC 4180), oldest first.
pub async fn csv(app: &App, campaign: &StoredCampaign) -> Result<Chunks, ExportError> {
    stream(Format::Csv, &*app.store, Arc::clone(&app.secrets), campaign).await
}

/// The campaign's pledges as one JSON object a line, oldest first.
pub async fn ndjson(app: &App, campaign: &StoredCampaign) -> Result<Chunks, ExportError> {
    stream(Format::Ndjson, &*app.store, Arc::clone(&app.secrets), campaign).await
}

/// One pledge, opened. Fields are in the order of the columns.
#[derive(serde::Serialize)]
struct Record<'a> {
    id: i64,
    signed_at: Timestamp,
    state: &'a str,
    name: Option<&'a str>,
    email: Option<&'a str>,
    country: &'a str,
    locale: &'a str,
    public_name: bool,
    updates: bool,
    message: Option<&'a str>,
    utm_source: Option<&'a str>,
    utm_medium: Option<&'a str>,
    utm_campaign: Option<&'a str>,
    referrer: Option<&'a str>,
    receipt: &'a str,
    suspicious: bool,
    quarantine_reason: Option<&'a str>,
}

/// Opens the rows of `campaign` with `secrets` and writes them as `format`.
pub async fn stream(
    format: Format,
    store: &dyn Store,
    secrets: Arc<Secrets>,
    campaign: &StoredCampaign,
) -> Result<Chunks, ExportError> {
    let rows = store.export(campaign.id).await?;
    let slug = campaign.campaign.slug.clone();
    let mut head = BytesMut::new();
    if format == Format::Csv {
        csv::head(&mut head);
    }
    let writing = Writing { format, rows, secrets, slug, buffer: head, ended: false };
    Ok(stream::unfold(writing, Writing::next).boxed())
}

struct Writing {
    format: Format,
    rows: RowStream,
    secrets: Arc<Secrets>,
    slug: Slug,
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
        for row in rows.rows() {
            self.line(&row?)?;
        }
        Ok(())
    }

    fn line(&mut self, row: &ExportRow<'_>) -> Result<(), ExportError> {
        let person = match &row.sealed {
            Some(sealed) => {
                let opened =
                    self.secrets.open(&self.slug, row.key_version, &row.fingerprint, sealed);
                Some(opened.map_err(|_| ExportError::Sealed(row.id))?)
            }
            None => None,
        };
        let source = match &*row.source {
            "{}" => Source::default(),
            source => serde_json::from_str(source).unwrap_or_default(),
        };
        let record = record(row, person.as_ref(), &source);
        match self.format {
            Format::Csv => csv::line(&record, &mut self.buffer),
            Format::Ndjson => ndjson::line(&record, &mut self.buffer),
        }
        .map_err(|error| ExportError::Row(row.id, error))
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
        state: &row.state,
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
