//! One JSON object a line. What is absent or deleted is `null`.

use bytes::{BufMut as _, BytesMut};

use super::Record;

pub(super) fn line(
    record: &Record<'_>,
    to: &mut BytesMut,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    serde_json::to_writer(to.writer(), record)?;
    to.extend_from_slice(b"\n");
    Ok(())
}
