//! The server that the proxies stand before, and what a test needs around it.

use std::fmt::Debug;
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use countersign_bench::node::{Node, Setup};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The name in the examples.
pub const HOST: &str = "pledge.example.org";

/// Whatever a test waits for comes within this.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What the campaign takes from one address at once; then one a minute.
pub const BURST: usize = 5;

const DEPLOY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy");
const CAMPAIGN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../campaigns/example.toml");

/// A server with limits that believes a proxy at 127.0.0.1.
pub struct Site {
    pub folder: TempDir,
    pub node: Node,
    /// Of an owner.
    pub token: String,
}

impl Site {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let setup =
            Setup::new(env!("CARGO_BIN_EXE_countersign"), folder.path().join("server-data"))
                .env("COUNTERSIGN_RATE_LIMIT", "on")
                .env("COUNTERSIGN_PUBLIC_URL", format!("https://{HOST}"))
                .env("COUNTERSIGN_TRUSTED_PROXIES", "127.0.0.1/32");
        let file = folder.path().join("campaign.toml");
        let campaign = std::fs::read_to_string(CAMPAIGN).unwrap();
        let preset = [("rate_limit = \"class\"", "rate_limit = \"strict\"")];
        std::fs::write(&file, changed(&campaign, preset)).unwrap();
        setup.apply(&file).unwrap();
        let token = setup.run(&["token", "create", "test", "--role", "owner"]).unwrap();
        let node = setup.start().await.unwrap();
        Self { folder, node, token }
    }

    /// A folder that is made.
    pub fn folder(&self, name: &str) -> String {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        folder.to_str().unwrap().to_owned()
    }
}

/// A file of `deploy/`.
pub fn example(path: &str) -> String {
    let path = Path::new(DEPLOY).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The same text with other paths, ports and names. Each must be there, or the test is not of what is
/// in the example any more.
pub fn changed<T: AsRef<str> + Debug>(
    text: &str,
    changes: impl IntoIterator<Item = (&'static str, T)>,
) -> String {
    changes.into_iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the example has no {from:?} for {to:?}");
        text.replace(from, to.as_ref())
    })
}

/// Where a program is; without it the test is skipped, and says how to get it.
pub fn program(name: &str, package: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Debian puts servers where only root looks.
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into()]);
    let found = folders.map(|folder| folder.join(name)).find(|file| file.is_file());
    if found.is_none() {
        // Not by a macro: it is to be seen though the test passes.
        let said = format!("SKIPPED: {name} is not here; to mend it: apt-get install {package}\n");
        let _ = std::io::stderr().write_all(said.as_bytes());
    }
    found
}

pub fn person(number: usize) -> Value {
    json!({ "name": "Amina Otieno", "email": format!("p{number}@example.org"), "country": "KE" })
}

/// One of the addresses of this machine that no proxy has.
pub fn visitor(last: u8) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 0, last)
}

/// Asks until the answer is yes.
pub async fn eventually(what: &str, mut ask: impl AsyncFnMut() -> bool) {
    let asking = async {
        while !ask().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.unwrap_or_else(|_| panic!("never: {what}"));
}
