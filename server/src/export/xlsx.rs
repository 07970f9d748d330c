//! A workbook for spreadsheets. Rows go to files as they come, so that memory stays what it is.

use std::fs::File;
use std::io::{BufWriter, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::StreamExt as _;
use jiff::Timestamp;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use tokio::sync::mpsc;

use super::board::Counted;
use super::columns::{Cell, Column, Record};
use super::{Chunks, ExportError, Failed, Opener};
use crate::store::{ExportedRows, Result as Stored, RowStream};

/// More than these a sheet does not have (ECMA-376, Excel's limits). The head is one of them.
pub const ROWS_A_SHEET: u32 = 1_048_576;

/// With more rows than this, a sheet may be too large for the old form of ZIP.
const LARGE: u64 = 1_000_000;

/// How a sheet shows a date, whatever country it is opened in.
const TIME: &str = "yyyy-mm-dd hh:mm:ss";

/// So many texts of rows wait for the thread that writes.
const AHEAD: usize = 2;

/// So much of the file is read at once.
const CHUNK: usize = 64 * 1024;

/// The whole workbook, in a file without a name that is gone once it is closed.
#[derive(Debug)]
pub struct Book {
    pub file: File,
    /// In bytes.
    pub length: u64,
    /// Without the heads.
    pub rows: u64,
}

/// Where a workbook is written, and who hears how far it is.
pub(super) struct Building {
    /// Where the database is: elsewhere there may be no room for a million rows, and other eyes.
    pub(super) folder: PathBuf,
    pub(super) counted: Arc<Counted>,
}

/// Writes the workbook.
pub(super) async fn build(
    rows: RowStream,
    opener: Opener,
    building: Building,
) -> Result<Book, ExportError> {
    build_with(rows, opener, building, ROWS_A_SHEET).await
}

async fn build_with(
    mut rows: RowStream,
    opener: Opener,
    building: Building,
    rows_a_sheet: u32,
) -> Result<Book, ExportError> {
    let (send, received) = mpsc::channel(AHEAD);
    let writing =
        tokio::task::spawn_blocking(move || write(received, &opener, &building, rows_a_sheet));
    loop {
        let some = rows.next().await;
        let is_end = some.is_none();
        // Whoever writes has given up, and says why.
        if send.send(some).await.is_err() || is_end {
            break;
        }
    }
    drop(send);
    writing.await.map_err(|error| ExportError::Book(error.into()))?
}

/// Writes until `None`. Where nothing comes any more before that, nobody waits for the workbook.
fn write(
    mut received: mpsc::Receiver<Option<Stored<ExportedRows>>>,
    opener: &Opener,
    building: &Building,
    rows_a_sheet: u32,
) -> Result<Book, ExportError> {
    let Building { folder, counted } = building;
    let mut sheets = Sheets::begin(opener, folder, rows_a_sheet).map_err(book)?;
    loop {
        match received.blocking_recv() {
            Some(Some(rows)) => {
                let written =
                    opener.each(&rows?, |record| sheets.row(record).map_err(Failed::from));
                let (read, written) = written?;
                counted.add(read, written);
            }
            Some(None) => return sheets.end(folder),
            None => return Err(book("nobody waits for it")),
        }
    }
}

fn book(error: impl Into<Failed>) -> ExportError {
    ExportError::Book(error.into())
}

struct Sheets {
    workbook: Workbook,
    columns: Vec<Column>,
    rows_a_sheet: u32,
    /// Rows of the last sheet, its head among them.
    rows: u32,
    sheets: usize,
    all: u64,
    time: Format,
}

impl Sheets {
    fn begin(opener: &Opener, folder: &Path, rows_a_sheet: u32) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(folder)?;
        let columns = opener.columns().iter().collect();
        let time = Format::new().set_num_format(TIME);
        let mut sheets = Self { workbook, columns, rows_a_sheet, rows: 0, sheets: 0, all: 0, time };
        sheets.next()?;
        Ok(sheets)
    }

    /// Another sheet, with the same head.
    fn next(&mut self) -> Result<(), XlsxError> {
        self.sheets += 1;
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(match self.sheets {
            1 => "Pledges".to_owned(),
            n => format!("Pledges {n}"),
        })?;
        for (at, column) in (0..).zip(&self.columns) {
            if *column == Column::SignedAt {
                // Dates have no zone in a sheet: the head says which it is.
                sheet.write_string(0, at, format!("{} (UTC)", column.name()))?;
                // Narrower, and there are crosses instead of a date.
                sheet.set_column_width(at, 20)?;
            } else {
                sheet.write_string(0, at, column.name())?;
            }
        }
        self.rows = 1;
        Ok(())
    }

    fn row(&mut self, record: &Record<'_>) -> Result<(), XlsxError> {
        if self.rows == self.rows_a_sheet {
            self.next()?;
        }
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1)?;
        for (at, column) in (0..).zip(&self.columns) {
            match record.cell(*column) {
                Cell::Absent => {}
                // Exact up to 2^53.
                Cell::Number(number) => {
                    sheet.write_number(self.rows, at, number as f64)?;
                }
                Cell::Flag(flag) => {
                    sheet.write_boolean(self.rows, at, flag)?;
                }
                Cell::Time(time) => {
                    sheet.write_number_with_format(self.rows, at, serial(time), &self.time)?;
                }
                // A string is never a formula, whatever it begins with.
                Cell::Word(text) | Cell::Typed(text) => {
                    sheet.write_string(self.rows, at, text)?;
                }
            }
        }
        self.rows += 1;
        self.all += 1;
        Ok(())
    }

    fn end(mut self, folder: &Path) -> Result<Book, ExportError> {
        self.workbook.use_zip_large_file(self.all > LARGE);
        let mut file = tempfile::tempfile_in(folder).map_err(book)?;
        self.workbook.save_to_writer(BufWriter::new(&file)).map_err(book)?;
        let length = file.stream_position().map_err(book)?;
        file.seek(SeekFrom::Start(0)).map_err(book)?;
        Ok(Book { file, length, rows: self.all })
    }
}

/// A date as spreadsheets keep it: days since the end of 1899, in UTC.
fn serial(at: Timestamp) -> f64 {
    /// The day on which 1970 begins.
    const EPOCH: i64 = 25_569;
    const DAY: i64 = 86_400_000;
    // Exact: both numbers are far below 2^53.
    (at.as_millisecond() + EPOCH * DAY) as f64 / DAY as f64
}

impl Book {
    /// The file, in chunks.
    pub fn chunks(self) -> Chunks {
        let file = tokio::fs::File::from_std(self.file);
        let next = |mut file: tokio::fs::File| async move {
            use tokio::io::AsyncReadExt as _;
            let mut chunk = bytes::BytesMut::with_capacity(CHUNK);
            match file.read_buf(&mut chunk).await {
                Ok(0) => None,
                Ok(_) => Some((Ok(chunk.freeze().into()), file)),
                Err(error) => Some((Err(book(error)), file)),
            }
        };
        futures_util::stream::unfold(file, next).fuse().boxed()
    }
}

#[cfg(test)]
mod tests;
