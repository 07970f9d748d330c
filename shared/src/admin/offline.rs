//! Signatures from paper: files with a row each, and labelled counts.

use super::account::wire;

/// The longest body of an import, in bytes: the whole file as JSON, which writes a quotation mark or
/// the end of a line as two characters.
pub const IMPORT_MOST: usize = 20 * 1024 * 1024;

wire! {
/// Which column holds what, by its name in the first line of the file.
pub struct ImportMapping {
    pub name: String,
    pub email: String,
    /// Absent where everybody is from `country_default`.
    #[serde(default)]
    pub country: Option<String>,
    #[serde(default)]
    pub country_default: Option<String>,
    #[serde(default)]
    pub message: Option<String>,
    #[serde(default)]
    pub updates: Option<String>,
}
}

wire! {
/// A file to import. With `dry_run` nothing is stored.
pub struct ImportRequest {
    pub label: String,
    /// The whole file: CSV in UTF-8, the first line holds the names of the columns.
    pub csv: String,
    pub mapping: ImportMapping,
    #[serde(default)]
    pub dry_run: bool,
}
}

wire! {
/// Why a row cannot be taken.
pub struct BadRow {
    /// The line of the file, from 1.
    pub line: u64,
    pub column: String,
    pub value: String,
    /// A stable code, and the same in words.
    pub code: String,
    pub message: String,
}
}

wire! {
pub struct ImportReport {
    /// Absent in a dry run.
    pub id: Option<i64>,
    pub label: String,
    pub rows: u64,
    pub good: u64,
    /// Of `good`, those who had signed, or stand twice in the file.
    pub duplicates: u64,
    /// Of `good`, those that were or would be added.
    pub added: u64,
    /// What is wrong, row by row: all of a row or nothing of it, and up to about a thousand in all.
    pub bad: Vec<BadRow>,
    /// How many bad rows there are in all, those that `bad` does not hold among them.
    pub bad_rows: u64,
}
}

wire! {
/// A batch that was imported.
pub struct Import {
    pub id: i64,
    pub label: String,
    pub added: u64,
    pub duplicates: u64,
    pub created_by: String,
    pub created_at: String,
    pub undone_at: Option<String>,
}
}

wire! {
/// Signatures that are only a number: a box of paper at the town hall.
pub struct NewLabelledCount {
    pub label: String,
    pub country: String,
    pub counted: u64,
}
}

wire! {
pub struct LabelledCount {
    pub id: i64,
    pub label: String,
    pub country: String,
    pub counted: u64,
    pub created_by: String,
    pub created_at: String,
}
}

wire! {
pub struct Offline {
    pub imports: Vec<Import>,
    pub counts: Vec<LabelledCount>,
}
}
