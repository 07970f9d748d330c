//! How far an export is.

use super::account::wire;

/// What an export is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "server", derive(serde::Deserialize, utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExportState {
    /// Nothing of it is sent yet: a workbook is written as a whole before that.
    Preparing,
    Sending,
    /// The connection has taken all of it.
    Done,
    /// Whoever took it left before its end, and so has no whole file.
    CutOff,
    /// The server could not give it, or not all of it: `reason` says why.
    Failed,
}

impl ExportState {
    pub const ALL: [Self; 5] =
        [Self::Preparing, Self::Sending, Self::Done, Self::CutOff, Self::Failed];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Sending => "sending",
            Self::Done => "done",
            Self::CutOff => "cut_off",
            Self::Failed => "failed",
        }
    }
}

wire! {
/// How far an export is. Rows count once the connection has taken them; those of a workbook once
/// they are written into it.
pub struct ExportProgress {
    pub state: ExportState,
    /// Why it failed, and what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Rows in the file.
    pub rows: u64,
    /// Rows of the campaign that were looked at, of which the filter may pass over some.
    pub read: u64,
    /// How many the campaign has, roughly: people sign meanwhile.
    pub of: u64,
    /// Bytes that the connection has taken, before they are packed for their way.
    pub sent: u64,
    /// Of how many, where that is known: of a workbook that is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<u64>,
}
}
