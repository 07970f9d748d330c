//! One JSON object a line. What is absent or deleted is `null`.

use bytes::{BufMut as _, BytesMut};

use super::Failed;
use super::columns::{Columns, Object, Record};

pub(super) fn line(
    record: &Record<'_>,
    columns: &Columns,
    to: &mut BytesMut,
) -> Result<(), Failed> {
    serde_json::to_writer(to.writer(), &Object(record, columns))?;
    to.extend_from_slice(b"\n");
    Ok(())
}
