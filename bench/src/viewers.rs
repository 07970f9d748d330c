//! Thousands of open streams in one process, and when each frame arrived on each.
//!
//! A frame is known by the `"total":N` that it carries, ours and those of the peers alike.

use std::cell::RefCell;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use countersign_bench::load::{histogram, note_latency};
use hdrhistogram::Histogram;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::{JoinSet, LocalSet};

/// Streams from one local address: a server may cap them, and ports are not endless.
const PER_ADDRESS: usize = 2_500;

/// A frame with this total was read at this time.
type Arrival = (u64, Instant);

/// Streams that are being watched. Lives on one thread, like everything of it.
pub struct Viewers {
    watching: JoinSet<()>,
    seen: Rc<RefCell<Seen>>,
    count: usize,
}

/// What has arrived on all streams.
#[derive(Default)]
struct Seen {
    arrivals: Vec<Arrival>,
    bytes: usize,
}

impl Viewers {
    /// Opens `count` streams; each has been answered with 200 when this returns. Call it within a
    /// [`LocalSet`].
    pub async fn open(server: SocketAddr, path: &str, count: usize) -> Result<Self> {
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: {server}\r\naccept: text/event-stream\r\n\r\n");
        let seen: Rc<RefCell<Seen>> = Rc::default();
        let mut watching = JoinSet::new();
        for number in 0..count {
            let mut stream = connect(server, number).await.context("a stream did not open")?;
            stream.write_all(request.as_bytes()).await?;
            let mut start = Vec::new();
            first(&mut stream, &mut start).await?;
            let mut open = Open { seen: Rc::clone(&seen), tail: Vec::new() };
            open.read(&start);
            watching.spawn_local(async move { open.watch(stream).await });
        }
        Ok(Self { watching, seen, count })
    }

    /// Forgets what has arrived so far, such as the snapshots at the start.
    pub fn forget(&self) {
        *self.seen.borrow_mut() = Seen::default();
    }

    /// Frames that have arrived since.
    pub fn frames(&self) -> usize {
        self.seen.borrow().arrivals.len()
    }

    /// On the wire, marks of chunks included.
    pub fn bytes_per_frame(&self) -> f64 {
        self.seen.borrow().bytes as f64 / self.frames().max(1) as f64
    }

    /// Waits until every stream that is still open has had a frame with this total or a later one.
    pub async fn until(&self, total: u64, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            let arrived = self.seen.borrow().arrivals.iter().filter(|(it, _)| *it >= total).count();
            if arrived >= self.count {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        false
    }

    /// How long after `published` each frame arrived; `published` holds the moment of each total.
    /// A frame that came before its moment took no time.
    pub fn latencies(&self, published: &[Arrival]) -> Histogram<u64> {
        let mut latencies = histogram();
        for (total, arrived) in &self.seen.borrow().arrivals {
            if let Ok(index) = published.binary_search_by_key(total, |(total, _)| *total) {
                note_latency(&mut latencies, arrived.saturating_duration_since(published[index].1));
            }
        }
        latencies
    }

    /// Closes all streams. Fails where one had ended by itself, or broke.
    pub async fn close(mut self) -> Result<()> {
        let ended = std::iter::from_fn(|| self.watching.try_join_next()).count();
        self.watching.shutdown().await;
        if ended > 0 {
            bail!("{ended} of {} streams ended by themselves", self.count);
        }
        Ok(())
    }
}

/// Runs `work` where [`Viewers`] can be opened.
pub async fn watching<T>(work: impl Future<Output = T>) -> T {
    LocalSet::new().run_until(work).await
}

async fn connect(server: SocketAddr, number: usize) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    if server.ip().is_loopback() {
        let last = 2 + u8::try_from(number / PER_ADDRESS).unwrap_or(u8::MAX - 2);
        socket.bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 0, last)), 0))?;
    }
    Ok(socket.connect(server).await?)
}

/// Reads until the head is whole; what came behind it stays at the end of `start`.
async fn first(stream: &mut TcpStream, start: &mut Vec<u8>) -> Result<()> {
    loop {
        if let Some(end) = start.windows(4).position(|it| it == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&start[..end]).into_owned();
            if !head.starts_with("HTTP/1.1 200") {
                bail!("a stream was answered: {head}");
            }
            start.drain(..end + 4);
            return Ok(());
        }
        stream.readable().await?;
        let mut bytes = [0; 2048];
        match stream.try_read(&mut bytes) {
            Ok(0) => bail!("a stream was closed at once"),
            Ok(length) => start.extend_from_slice(&bytes[..length]),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
    }
}

thread_local! {
    /// One place to read into for all streams: it is empty again before anyone else reads.
    static PLACE: RefCell<Vec<u8>> = RefCell::new(vec![0; 64 * 1024]);
}

struct Open {
    seen: Rc<RefCell<Seen>>,
    /// The beginning of a line that is not whole yet.
    tail: Vec<u8>,
}

impl Open {
    /// Until the stream ends or breaks.
    async fn watch(mut self, stream: TcpStream) {
        while stream.readable().await.is_ok() {
            let ended = PLACE.with_borrow_mut(|place| match stream.try_read(place) {
                Ok(0) => true,
                Ok(length) => {
                    self.read(&place[..length]);
                    false
                }
                Err(error) => error.kind() != std::io::ErrorKind::WouldBlock,
            });
            if ended {
                return;
            }
        }
    }

    fn read(&mut self, bytes: &[u8]) {
        let now = Instant::now();
        let mut seen = self.seen.borrow_mut();
        seen.bytes += bytes.len();
        let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n') else {
            self.tail.extend_from_slice(bytes);
            return;
        };
        if self.tail.is_empty() {
            seen.arrivals.extend(totals(&bytes[..end]).map(|total| (total, now)));
        } else {
            self.tail.extend_from_slice(&bytes[..end]);
            seen.arrivals.extend(totals(&self.tail).map(|total| (total, now)));
            self.tail.clear();
        }
        self.tail.extend_from_slice(&bytes[end + 1..]);
    }
}

/// The total of every `data:` line in `text`.
fn totals(text: &[u8]) -> impl Iterator<Item = u64> {
    const NAME: &[u8] = b"\"total\":";
    text.split(|byte| *byte == b'\n').filter_map(|line| {
        let data = line.strip_prefix(b"data: ")?;
        let at = data.windows(NAME.len()).position(|it| it == NAME)? + NAME.len();
        let digits = data[at..].iter().take_while(|byte| byte.is_ascii_digit());
        Some(digits.fold(0, |number: u64, digit| {
            number.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
        }))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn totals_are_found_wherever_a_read_ends() {
        let frames: &[u8] =
            b"event: totals\r\nid: 1:2\ndata: {\"seq\":2,\"total\":41,\"goal\":9}\n\n\
              d\r\ndata: {\"total\":42}\n\nid: 9\n: \"total\":7\n\n";
        for cut in 0..frames.len() {
            let mut open = Open { seen: Rc::default(), tail: Vec::new() };
            open.read(&frames[..cut]);
            open.read(&frames[cut..]);
            let seen: Vec<u64> =
                open.seen.borrow().arrivals.iter().map(|(total, _)| *total).collect();
            assert_eq!(seen, [41, 42], "cut at {cut}");
        }
    }

    #[test]
    fn a_latency_is_from_its_own_publication() {
        let start = Instant::now();
        let later = |ms| start + Duration::from_millis(ms);
        let arrivals = vec![(1, later(5)), (2, later(30)), (9, later(99))];
        let seen = Rc::new(RefCell::new(Seen { arrivals, bytes: 0 }));
        let viewers = Viewers { watching: JoinSet::new(), seen, count: 1 };
        let latencies = viewers.latencies(&[(1, later(0)), (2, later(40))]);
        assert_eq!(latencies.len(), 2, "nobody published the third");
        assert!((4_990..=5_010).contains(&latencies.max()), "{}", latencies.max());
    }
}
