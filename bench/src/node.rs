//! A server in a process of its own: started, watched, killed.
//!
//! A [`Setup`] says how, [`Setup::start`] starts a [`Node`]; a node that was killed is started
//! again from the same setup, with the same data and, with `listen` set, on the same port.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::proc::Usage;
use crate::wire;

mod setup;

pub use setup::Setup;

/// A server, or a command of it, has so long to start or to end.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Starts any other server that `command` describes, and returns once `path` says 200.
pub async fn start_other(
    mut command: Command,
    address: SocketAddr,
    log: &Path,
    path: &str,
) -> Result<Node> {
    let file = std::fs::File::options().create(true).append(true).open(log)?;
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let child = command
        .spawn()
        .with_context(|| format!("{} does not start", command.get_program().to_string_lossy()))?;
    // Some have processes of their own to end, which outlive a kill.
    let mut node = Node { child, address, log: log.to_owned(), gently: true };
    node.until(path, PATIENCE).await?;
    Ok(node)
}

/// A port that was free a moment ago.
pub fn free_port() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

/// A running process that listens. Dropping it kills it.
#[derive(Debug)]
pub struct Node {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    log: PathBuf,
    /// Dropping it asks it to end before it is killed.
    gently: bool,
}

impl Node {
    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether `/readyz` says 200 now.
    pub async fn is_ready(&self) -> bool {
        self.answers("/readyz").await
    }

    /// Whether this path says 200 now.
    pub async fn answers(&self, path: &str) -> bool {
        let ask = wire::ask(self.address, path, &[]);
        let answer = tokio::time::timeout(Duration::from_secs(5), ask).await;
        matches!(answer, Ok(Ok(answer)) if answer.status == 200)
    }

    /// Waits until this path says 200.
    async fn until(&mut self, path: &str, patience: Duration) -> Result<()> {
        let deadline = Instant::now() + patience;
        while !self.answers(path).await {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status}:\n{}", self.complaint());
            }
            if Instant::now() > deadline {
                bail!("the server was not ready within {patience:?}:\n{}", self.complaint());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    /// Processor time and memory of this process and those below it.
    pub fn usage(&self) -> Result<Usage> {
        Usage::of_tree(self.pid())
    }

    /// Whether the process still runs.
    pub fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// SIGKILL: the process has no chance to do anything more. Returns when it is gone.
    pub fn kill_9(&mut self) -> Result<ExitStatus> {
        self.child.kill()?;
        Ok(self.child.wait()?)
    }

    /// SIGTERM: asks the process to end, and returns at once.
    pub fn ask_to_end(&self) -> Result<()> {
        let pid = rustix::process::Pid::from_child(&self.child);
        Ok(rustix::process::kill_process(pid, rustix::process::Signal::TERM)?)
    }

    /// SIGTERM, and waits for the end. A process that does not end in time is killed, and that is
    /// an error.
    pub async fn terminate(&mut self) -> Result<ExitStatus> {
        self.ask_to_end()?;
        self.ended_within(PATIENCE).await
    }

    /// Waits for the process to end by itself.
    pub async fn ended_within(&mut self, patience: Duration) -> Result<ExitStatus> {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if Instant::now() > deadline {
                self.kill_9()?;
                bail!("the process did not end within {patience:?}:\n{}", self.complaint());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// The end of what the process wrote into its log.
    pub fn complaint(&self) -> String {
        let log = std::fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if self.gently && self.ask_to_end().is_ok() {
            let deadline = Instant::now() + Duration::from_secs(5);
            while self.lives() && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        let _ = self.kill_9();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn sleeper(folder: &Path) -> Node {
        let child = Command::new("sleep").arg("600").spawn().unwrap();
        Node { child, address: free_port().unwrap(), log: folder.join("log"), gently: false }
    }

    #[tokio::test]
    async fn a_node_is_killed_terminated_or_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let mut node = sleeper(folder.path());
        assert!(node.lives() && node.usage().is_ok());
        assert!(!node.kill_9().unwrap().success());
        assert!(!node.lives());
        let mut node = sleeper(folder.path());
        assert!(node.terminate().await.unwrap().code().is_none(), "ended by the signal");
        let dropped = sleeper(folder.path()).pid();
        assert!(Usage::of(dropped).is_err(), "nothing is left of it");
    }

    #[tokio::test]
    async fn a_server_that_dies_at_once_is_an_error_with_its_words() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("server");
        std::fs::write(&program, "#!/bin/sh\necho the disk is gone >&2\nexit 3\n").unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&program, mode).unwrap();
        let error = Setup::new(&program, folder.path()).start().await.unwrap_err().to_string();
        assert!(error.contains("the disk is gone") && error.contains('3'), "{error}");
    }
}
