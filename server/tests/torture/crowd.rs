//! Many pages at once: those that read, and those that never do.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

use crate::ask::eventually;

/// From one local address: ports are not endless.
const PER_ADDRESS: usize = 2_500;

/// The smallest that Linux gives.
const SMALL: u32 = 2_304;

/// Pages that watch the campaign `example`.
pub struct Crowd {
    tasks: JoinSet<()>,
    ended: Arc<AtomicUsize>,
    count: usize,
}

impl Crowd {
    /// All at once; each has had its first frame when this returns.
    pub async fn open(server: SocketAddr, count: usize) -> Self {
        let (watching, ended): (Arc<AtomicUsize>, Arc<AtomicUsize>) = Default::default();
        let mut tasks = JoinSet::new();
        for number in 0..count {
            let (watching, ended) = (Arc::clone(&watching), Arc::clone(&ended));
            tasks.spawn(async move {
                let mut stream = ask(server, number, None).await;
                watch(&mut stream, &watching).await;
                ended.fetch_add(1, Ordering::SeqCst);
            });
        }
        let all = async || watching.load(Ordering::SeqCst) == count;
        eventually("every page has had a frame", all).await;
        Self { tasks, ended, count }
    }

    /// Waits until the server has ended every stream.
    pub async fn until_ended(&mut self) {
        while self.tasks.join_next().await.is_some() {}
        assert_eq!(self.ended.load(Ordering::SeqCst), self.count);
    }
}

/// Streams that are open and that nobody reads, over the smallest of buffers.
pub async fn deaf(server: SocketAddr, count: usize) -> Vec<TcpStream> {
    let mut streams = Vec::with_capacity(count);
    for number in 0..count {
        streams.push(ask(server, number, Some(SMALL)).await);
    }
    streams
}

async fn ask(server: SocketAddr, number: usize, buffer: Option<u32>) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    if let Some(buffer) = buffer {
        socket.set_recv_buffer_size(buffer).unwrap();
    }
    let last = u8::try_from(2 + number / PER_ADDRESS).unwrap();
    socket.bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 0, last)), 0)).unwrap();
    let mut stream = socket.connect(server).await.unwrap();
    let request =
        format!("GET /api/v1/campaigns/example/stream HTTP/1.1\r\nhost: {server}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Until the stream ends.
async fn watch(stream: &mut TcpStream, watching: &AtomicUsize) {
    let (mut text, mut bytes) = (Vec::new(), [0; 1024]);
    let mut has_frame = false;
    while let Ok(length @ 1..) = stream.read(&mut bytes).await {
        if !has_frame {
            text.extend_from_slice(&bytes[..length]);
            has_frame = text.windows(7).any(|it| it == b"\ndata: ");
            watching.fetch_add(usize::from(has_frame), Ordering::SeqCst);
        }
    }
}
