//! `countersign healthcheck`: for containers, which have no curl.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context as _, bail};
use countersign_shared::routes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::config::Config;

const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn check(config: &Config) -> anyhow::Result<()> {
    let address = reachable(config.listen);
    let status = tokio::time::timeout(PATIENCE, status(address))
        .await
        .with_context(|| format!("no answer from {address} in {PATIENCE:?}"))?
        .with_context(|| format!("no server answers on {address}; is it --listen?"))?;
    if status != 200 {
        bail!("the server on {address} is up and cannot take pledges ({status}): see its log");
    }
    println!("ready");
    Ok(())
}

/// A server that listens everywhere is asked at home.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

async fn status(address: SocketAddr) -> anyhow::Result<u16> {
    let mut stream = TcpStream::connect(address).await?;
    let request =
        format!("GET {} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n", routes::READY);
    stream.write_all(request.as_bytes()).await?;
    // "HTTP/1.1 200"
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await?;
    let answer = std::str::from_utf8(&answer)?;
    answer.rsplit(' ').next().and_then(|code| code.parse().ok()).context("no HTTP is spoken there")
}
