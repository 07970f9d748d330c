//! A proxy that runs, and those who come through it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::{Certificate, Client};

use crate::site::{HOST, PATIENCE, eventually};

/// Asked to end when it is dropped.
pub struct Proxy {
    child: Child,
    pub http: SocketAddr,
    https: SocketAddr,
    authority: PathBuf,
}

impl Proxy {
    /// Starts it; `authority` is the file of the certificate that visitors trust. What it says goes to
    /// `log`.
    pub async fn start(
        mut command: Command,
        log: &Path,
        [http, https]: [SocketAddr; 2],
        authority: PathBuf,
    ) -> Self {
        let file = std::fs::File::create(log).unwrap();
        command.stdin(Stdio::null()).stdout(file.try_clone().unwrap()).stderr(file);
        let child = command.spawn().unwrap();
        let mut proxy = Self { child, http, https, authority };
        eventually("the proxy answers", async || {
            if let Some(status) = proxy.child.try_wait().unwrap() {
                panic!("it ended with {status}: {}", std::fs::read_to_string(log).unwrap());
            }
            if !proxy.authority.exists() {
                return false;
            }
            let asked = proxy.visitor(Ipv4Addr::LOCALHOST).get(proxy.url("/healthz")).send().await;
            asked.is_ok_and(|answer| answer.status() == 200)
        })
        .await;
        proxy
    }

    /// Somebody at this address.
    pub fn visitor(&self, from: Ipv4Addr) -> Client {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let pem = std::fs::read(&self.authority).unwrap();
        Client::builder()
            .no_proxy()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .tls_certs_only([Certificate::from_pem(&pem).unwrap()])
            .resolve(HOST, self.https)
            .local_address(Some(from.into()))
            .build()
            .unwrap()
    }

    /// Where a path is, as visitors see it.
    pub fn url(&self, path: &str) -> String {
        format!("https://{HOST}:{}{path}", self.https.port())
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Its children end with it, which they do not where it is killed.
        let pid = rustix::process::Pid::from_child(&self.child);
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        let deadline = Instant::now() + Duration::from_secs(5);
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
