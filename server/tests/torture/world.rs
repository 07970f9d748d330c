//! An installation to hurt: its data, its people, the ledger of what they were told, and the
//! oracle that is asked after each fault.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use countersign_bench::cluster::{self, Cluster, Durability};
use countersign_bench::ledger::Ledger;
use countersign_bench::load::{Load, Report};
use countersign_bench::node::{Node, Setup, free_port};
use countersign_bench::oracle::{Depth, Site, examine};
use countersign_bench::people::People;
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::{JoinHandle, block_in_place};

use crate::follower::Follower;
use crate::numbers;

/// Whatever a test waits for comes within this, or the test fails.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub const SLUG: &str = "example";

pub const CAMPAIGN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../campaigns/example.toml");

/// An installation. Nothing of it is left behind, unless its test failed: then all is kept.
pub struct World {
    folder: Option<TempDir>,
    /// For one node: its port stays the same through all restarts.
    pub setup: Setup,
    pub ledger: Arc<Ledger>,
    people: People,
    next: AtomicU64,
    token: String,
}

impl World {
    /// On SQLite.
    pub fn sqlite() -> Self {
        Self::new(None)
    }

    /// On a database of its own on `cluster`.
    pub async fn postgres(cluster: &Cluster) -> Self {
        Self::new(Some(cluster.database().await.unwrap()))
    }

    fn new(database_url: Option<String>) -> Self {
        let folder = tempfile::Builder::new().prefix("countersign-torture-").tempdir().unwrap();
        let mut setup = Setup::new(program(), folder.path().join("data"));
        setup.database_url = database_url;
        setup.listen = Some(free_port().unwrap());
        setup.apply(Path::new(CAMPAIGN)).unwrap();
        let token = setup.token().unwrap();
        Self {
            folder: Some(folder),
            setup,
            ledger: Arc::default(),
            people: People::new(),
            next: AtomicU64::new(0),
            token,
        }
    }

    /// Where everything of this installation lies.
    pub fn folder(&self) -> &Path {
        self.folder.as_ref().unwrap().path()
    }

    /// The file of a SQLite.
    pub fn file(&self) -> PathBuf {
        self.setup.data_dir.join("countersign.db")
    }

    /// The node, starting, with these fail points.
    pub fn with_fail_points(&self, fail_points: &str) -> Setup {
        self.setup.clone().env("FAILPOINTS", fail_points)
    }

    /// A second node on the same database, with the same key, on a port of its own.
    pub fn second_node(&self) -> Setup {
        let mut setup = self.setup.clone();
        setup.data_dir = self.folder().join("data-2");
        setup.listen = Some(free_port().unwrap());
        std::fs::create_dir_all(&setup.data_dir).unwrap();
        let key = Path::new("secret.key");
        std::fs::copy(self.setup.data_dir.join(key), setup.data_dir.join(key)).unwrap();
        setup
    }

    /// `count` people who have not signed yet, and who try until they are taken; set what is not
    /// as you want it, and run it.
    pub fn load(&self, node: &Setup, count: u64) -> Load {
        let first = self.next.fetch_add(count, Ordering::SeqCst);
        let ledger = Some(Arc::clone(&self.ledger));
        Load {
            count: Some(count),
            connections: 32,
            resend: true,
            time: Some(PATIENCE),
            ..Load::pledges(node.listen.unwrap(), SLUG, self.people.clone(), first, ledger)
        }
    }

    /// One person after the other, over `connections` connections, for as long as the fleet sails.
    pub fn fleet(&self, node: &Setup, connections: usize) -> Fleet {
        Fleet::of(Load { connections, time: None, ..self.load(node, 1_000_000) })
    }

    /// Everybody who was not taken yet tries again until all are. Returns how many have signed.
    pub async fn resent(&self, node: &Node) -> u64 {
        let load = Load::again(node.address, SLUG, Arc::clone(&self.ledger));
        Load { time: Some(PATIENCE), ..load }.run().await;
        assert!(self.ledger.unacknowledged().is_empty(), "some are never taken");
        self.ledger.len() as u64
    }

    /// Waits until so many have the server's word.
    pub async fn until_acknowledged(&self, count: usize) {
        let enough = async {
            while self.ledger.acknowledged_count() < count {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, enough).await;
        let have = self.ledger.acknowledged_count();
        waited.unwrap_or_else(|_| panic!("only {have} of {count} were acknowledged"));
    }

    /// Somebody who has not signed yet: their key, their number and their form.
    pub fn somebody(&self) -> (String, u64, Vec<u8>) {
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        (self.people.key(number), number, self.people.body(number))
    }

    /// Runs statements past the product.
    pub async fn sql(&self, statements: &'static str) {
        self.try_sql(statements).await.unwrap();
    }

    /// The same, for statements that may get in the way of a server.
    pub async fn try_sql(&self, statements: &'static str) -> anyhow::Result<()> {
        match &self.setup.database_url {
            None => Ok(numbers::change_file(&self.file(), statements).await?),
            Some(url) => cluster::execute(url, statements).await,
        }
    }

    /// Changes the campaign, by changing the text of its file.
    pub fn change_campaign(&self, change: impl FnOnce(String) -> String) {
        let file = self.folder().join("changed.toml");
        std::fs::write(&file, change(std::fs::read_to_string(CAMPAIGN).unwrap())).unwrap();
        block_in_place(|| self.setup.apply(&file)).unwrap();
    }

    pub fn site(&self, node: &Node) -> Site {
        Site::new(node.address, SLUG, &self.token)
    }

    /// Holds a node to everything that was acknowledged; nobody may be signing meanwhile.
    pub async fn check(&self, node: &Node, followers: &[&Follower]) {
        let wrong = self.violations(node, followers).await;
        if !wrong.is_empty() {
            let log = node.complaint();
            panic!("{}\n\nthe end of the server's log:\n{log}", wrong.join("\n"));
        }
    }

    /// Everything that is not as it should be, as sentences.
    pub async fn violations(&self, node: &Node, followers: &[&Follower]) -> Vec<String> {
        let mut wrong = match examine(&self.ledger, &self.site(node), Depth::default()).await {
            Ok(wrong) => wrong,
            Err(error) => vec![format!("the oracle was not answered: {error:#}")],
        };
        let total = self.site(node).totals().await.map(|totals| totals.total);
        for follower in followers {
            match &total {
                Ok(total) if follower.until(|seen| seen.total == *total).await => {}
                _ => wrong.push(format!("a page shows {:?}, the API {total:?}", follower.last())),
            }
            wrong.extend(follower.wrong());
        }
        let asked = match &self.setup.database_url {
            None => numbers::of_file(&self.file()).await,
            Some(url) => numbers::of_postgres(url).await,
        };
        match asked {
            Ok(more) => wrong.extend(more),
            Err(error) => wrong.push(format!("the database was not answered: {error}")),
        }
        if let Err(error) = self.setup.run(&["recount"]) {
            wrong.push(format!("recount: {error:#}"));
        }
        wrong
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let Some(folder) = self.folder.take().filter(|_| std::thread::panicking()) else {
            let database = self.setup.database_url.take();
            return database.into_iter().for_each(forget);
        };
        let folder = folder.keep();
        let _ = self.ledger.write(&folder.join("ledger.ndjson"));
        eprintln!("ledger, data and log are kept in {}", folder.display());
    }
}

/// Long runs make thousands of databases: each goes with its world.
fn forget(database: String) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let gone = move || runtime.map(|it| it.block_on(cluster::drop_database(&database)));
    let _ = std::thread::spawn(gone).join();
}

/// A load that runs until it is called back.
pub struct Fleet {
    stop: watch::Sender<bool>,
    task: JoinHandle<Report>,
}

impl Fleet {
    pub fn of(load: Load) -> Self {
        let (stop, stopped) = watch::channel(false);
        let load = Load { stop: Some(stopped), grace: Duration::from_secs(15), ..load };
        Self { stop, task: tokio::spawn(load.run()) }
    }

    /// Sends nothing new, and waits for the answers that are under way.
    pub async fn home(self) -> Report {
        let _ = self.stop.send(true);
        self.task.await.unwrap()
    }
}

/// One Postgres for all tests that leave it alone. Acknowledged means on its disk.
pub fn postgres() -> &'static Cluster {
    static SERVER: OnceLock<Cluster> = OnceLock::new();
    SERVER.get_or_init(|| Cluster::given_or_start(Durability::Usual).unwrap())
}

/// The server that was built for these tests. A link of its own, so that a build that runs
/// meanwhile does not change what is tested.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let built = Path::new(env!("CARGO_BIN_EXE_countersign"));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        for old in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = old.file_name().to_string_lossy().into_owned();
            let owner = name.strip_prefix("countersign-");
            if owner.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
                let _ = std::fs::remove_file(old.path());
            }
        }
        let link = folder.join(format!("countersign-{}", std::process::id()));
        let _ = std::fs::remove_file(&link);
        std::fs::hard_link(built, &link).unwrap();
        link
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_world_takes_its_database_with_it() {
    let world = World::postgres(postgres()).await;
    let url = world.setup.database_url.clone().unwrap();
    cluster::execute(&url, "SELECT 1").await.unwrap();
    drop(world);
    let said = cluster::execute(&url, "SELECT 1").await.unwrap_err().to_string();
    assert!(said.contains("does not exist"), "{said}");
}
