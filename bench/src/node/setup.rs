//! How a server is started, and the commands that work on its data.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::{Node, PATIENCE, free_port, said};

/// How a server is started.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The binary `countersign`.
    pub program: PathBuf,
    /// The folder of the database, the key and the log.
    pub data_dir: PathBuf,
    /// Another database than the file in `data_dir`.
    pub database_url: Option<String>,
    /// Where to listen; a free port of 127.0.0.1 where absent.
    pub listen: Option<SocketAddr>,
    /// Beside those: `("COUNTERSIGN_RATE_LIMIT", "off")` is set already.
    pub env: Vec<(String, String)>,
    /// Added after `serve`.
    pub args: Vec<String>,
}

impl Setup {
    pub fn new(program: impl Into<PathBuf>, data_dir: impl Into<PathBuf>) -> Self {
        let env = [("COUNTERSIGN_RATE_LIMIT", "off"), ("RUST_LOG", "warn")];
        Self {
            program: program.into(),
            data_dir: data_dir.into(),
            database_url: None,
            listen: None,
            env: env.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
            args: Vec::new(),
        }
    }

    /// Adds a variable to the environment.
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.push((name.to_owned(), value.into()));
        self
    }

    /// Where the servers of this setup write what they have to say.
    pub fn log(&self) -> PathBuf {
        self.data_dir.join("server.log")
    }

    /// A command of the binary on this data, such as `["recount"]`, not yet started.
    pub fn command<S: Into<OsString>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(&self.program);
        command.args(args.into_iter().map(Into::into)).arg("--data-dir").arg(&self.data_dir);
        if let Some(url) = &self.database_url {
            command.args(["--database-url", url]);
        }
        command.envs(self.env.iter().map(|(name, value)| (name, value))).stdin(Stdio::null());
        command
    }

    /// Runs a command to its end and returns what it printed; fails with what it complained of.
    pub fn run(&self, args: &[&str]) -> Result<String> {
        std::fs::create_dir_all(&self.data_dir)?;
        let output = self
            .command(args.iter().copied())
            .output()
            .with_context(|| format!("{} does not start", self.program.display()))?;
        if !output.status.success() {
            bail!("{args:?} ended with {}: {}", output.status, said(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Creates or updates a campaign from its file.
    pub fn apply(&self, campaign: &Path) -> Result<()> {
        self.run(&["campaign", "apply", &campaign.to_string_lossy()]).map(drop)
    }

    /// A new API token.
    pub fn token(&self) -> Result<String> {
        self.run(&["token", "create", &crate::people::random_word()])
    }

    /// Starts the server and returns once `/readyz` says 200.
    pub async fn start(&self) -> Result<Node> {
        self.start_within(PATIENCE).await
    }

    /// The same, with another deadline: a server that is not ready by then is killed.
    pub async fn start_within(&self, patience: Duration) -> Result<Node> {
        let mut node = self.spawn()?;
        node.until("/readyz", patience).await?;
        Ok(node)
    }

    /// Starts the server and does not wait for it: for servers that are to die while they start.
    pub fn spawn(&self) -> Result<Node> {
        std::fs::create_dir_all(&self.data_dir)?;
        let address = match self.listen {
            Some(address) => address,
            None => free_port()?,
        };
        let log = std::fs::File::options().create(true).append(true).open(self.log())?;
        let mut command = self.command(["serve", "--listen", &address.to_string()]);
        command.args(&self.args).stdout(log.try_clone()?).stderr(log);
        let child = command
            .spawn()
            .with_context(|| format!("{} does not start", self.program.display()))?;
        Ok(Node { child, address, log: self.log(), gently: false })
    }
}
