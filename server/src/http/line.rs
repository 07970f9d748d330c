//! What a connection hears from the requests on it; each of them carries it.

use tokio::sync::Notify;

#[derive(Default)]
pub struct Line {
    /// A request has come.
    pub asked: Notify,
    /// The answer is a stream: it is the connection's last.
    pub streams: Notify,
}
