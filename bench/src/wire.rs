//! Just enough HTTP/1.1 to load a server from the very cores that it runs on.
//!
//! A general client costs several times what the server under test does; this one writes bytes
//! that were rendered before and reads an answer with one pass over its head.

use std::io::{Error, ErrorKind, Result};
use std::net::{SocketAddr, ToSocketAddrs as _};

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

/// One connection, kept alive between requests.
pub struct Wire {
    stream: TcpStream,
    /// Bytes that came and were not read yet.
    buffer: BytesMut,
    rest: Rest,
}

/// The head of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub status: u16,
    /// The server will close this connection after the answer.
    pub closes: bool,
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub closes: bool,
    pub body: Bytes,
}

/// What is left of the body that is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    Exactly(u64),
    /// Before the line that says how long the next chunk is.
    Size,
    Chunk(u64),
    /// Before the line break after a chunk.
    ChunkEnd,
    UntilClose,
}

/// The address of a plain `http://host:port` URL.
pub fn address(url: &str) -> Result<SocketAddr> {
    let bad = || Error::new(ErrorKind::InvalidInput, format!("{url:?} is not http://HOST:PORT"));
    let host = url.strip_prefix("http://").ok_or_else(bad)?.trim_end_matches('/');
    let host = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
    host.to_socket_addrs()?.next().ok_or_else(bad)
}

/// The bytes of a GET.
pub fn get(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let headers: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n{headers}\r\n").into_bytes()
}

/// Asks once, on a connection of its own.
pub async fn ask(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Result<Answer> {
    Wire::connect(address).await?.exchange(&get(address, path, headers)).await
}

impl Wire {
    pub async fn connect(address: SocketAddr) -> Result<Self> {
        Ok(Self::over(TcpStream::connect(address).await?))
    }

    /// From a local address of choice: a server sees another client, and ports do not run out.
    pub async fn connect_from(local: SocketAddr, address: SocketAddr) -> Result<Self> {
        let socket = if local.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.bind(local)?;
        Ok(Self::over(socket.connect(address).await?))
    }

    fn over(stream: TcpStream) -> Self {
        // Requests are written whole; waiting for more would only add latency.
        let _ = stream.set_nodelay(true);
        Self { stream, buffer: BytesMut::new(), rest: Rest::Exactly(0) }
    }

    /// False once the other end has hung up, which a server may do to a connection that idles.
    pub fn is_open(&self) -> bool {
        let mut byte = [0];
        matches!(self.stream.try_read(&mut byte), Err(error) if error.kind() == ErrorKind::WouldBlock)
    }

    /// Sends a request and reads the whole answer.
    pub async fn exchange(&mut self, request: &[u8]) -> Result<Answer> {
        let head = self.send(request).await?;
        let body = self.body().await?;
        Ok(Answer { status: head.status, closes: head.closes, body })
    }

    /// Sends a request and reads the head; [`Wire::piece`] reads the body as it comes.
    pub async fn send(&mut self, request: &[u8]) -> Result<Head> {
        self.stream.write_all(request).await?;
        loop {
            if let Some((head, rest, length)) = parse(&self.buffer)? {
                self.buffer.advance(length);
                self.rest = rest;
                return Ok(head);
            }
            self.fill().await?;
        }
    }

    async fn body(&mut self) -> Result<Bytes> {
        // The common case first: a short body that came with its head.
        if let Rest::Exactly(length) = self.rest {
            let length = length as usize;
            while self.buffer.len() < length {
                self.fill().await?;
            }
            self.rest = Rest::Exactly(0);
            return Ok(self.buffer.split_to(length).freeze());
        }
        let mut body = BytesMut::new();
        while let Some(piece) = self.piece().await? {
            body.extend_from_slice(&piece);
        }
        Ok(body.freeze())
    }

    /// The next bytes of the body, without the marks of chunks; `None` at its end.
    pub async fn piece(&mut self) -> Result<Option<Bytes>> {
        loop {
            match self.rest {
                Rest::Exactly(0) => return Ok(None),
                Rest::Exactly(left) => {
                    let piece = self.take(left).await?;
                    self.rest = Rest::Exactly(left - piece.len() as u64);
                    return Ok(Some(piece));
                }
                Rest::Size => {
                    let line = self.line().await?;
                    let digits = line.split(|byte| *byte == b';').next().unwrap_or_default();
                    let size = std::str::from_utf8(digits)
                        .ok()
                        .and_then(|text| u64::from_str_radix(text.trim(), 16).ok())
                        .ok_or_else(|| invalid("a chunk without a size"))?;
                    if size == 0 {
                        while !self.line().await?.is_empty() {}
                        self.rest = Rest::Exactly(0);
                        return Ok(None);
                    }
                    self.rest = Rest::Chunk(size);
                }
                Rest::Chunk(left) => {
                    let piece = self.take(left).await?;
                    let left = left - piece.len() as u64;
                    self.rest = if left == 0 { Rest::ChunkEnd } else { Rest::Chunk(left) };
                    return Ok(Some(piece));
                }
                Rest::ChunkEnd => {
                    self.line().await?;
                    self.rest = Rest::Size;
                }
                Rest::UntilClose => match self.take(u64::MAX).await {
                    Ok(piece) => return Ok(Some(piece)),
                    Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                        self.rest = Rest::Exactly(0);
                        return Ok(None);
                    }
                    Err(error) => return Err(error),
                },
            }
        }
    }

    /// At least one byte, at most `most`.
    async fn take(&mut self, most: u64) -> Result<Bytes> {
        if self.buffer.is_empty() {
            self.fill().await?;
        }
        let length = self.buffer.len().min(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(self.buffer.split_to(length).freeze())
    }

    /// Up to the next line break, without it.
    async fn line(&mut self) -> Result<Bytes> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\r\n") {
                let line = self.buffer.split_to(end).freeze();
                self.buffer.advance(2);
                return Ok(line);
            }
            self.fill().await?;
        }
    }

    async fn fill(&mut self) -> Result<()> {
        // Only as much as is needed: ten thousand of these are open at once.
        self.buffer.reserve(1024);
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(Error::new(ErrorKind::UnexpectedEof, "the connection was closed")),
            _ => Ok(()),
        }
    }
}

fn invalid(what: &'static str) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}

/// The head, what its body is like, and how long the head is; `None` while it is not whole.
fn parse(bytes: &[u8]) -> Result<Option<(Head, Rest, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    let parsed =
        response.parse(bytes).map_err(|error| Error::new(ErrorKind::InvalidData, error))?;
    let httparse::Status::Complete(length) = parsed else { return Ok(None) };
    let status = response.code.unwrap_or(0);
    let mut rest = Rest::UntilClose;
    let mut closes = false;
    for header in response.headers.iter() {
        if header.name.eq_ignore_ascii_case("content-length") && rest != Rest::Size {
            let number = std::str::from_utf8(header.value).ok().and_then(|text| text.parse().ok());
            rest = Rest::Exactly(number.ok_or_else(|| invalid("a bad content-length"))?);
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            rest = Rest::Size;
        } else if header.name.eq_ignore_ascii_case("connection") {
            closes = header.value.eq_ignore_ascii_case(b"close");
        }
    }
    if matches!(status, 204 | 304) {
        rest = Rest::Exactly(0);
    }
    closes |= rest == Rest::UntilClose;
    Ok(Some((Head { status, closes }, rest, length)))
}

#[cfg(test)]
mod tests;
