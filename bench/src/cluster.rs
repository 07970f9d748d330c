//! A Postgres of one's own: in a temporary folder, reached over a socket in it, gone when this
//! process ends, however it ends.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result, bail, ensure};
use sqlx::{ConnectOptions as _, Connection as _};

/// Names a server whose databases tests may make and drop, such as `postgres://me@localhost/`.
pub const GIVEN: &str = "COUNTERSIGN_TEST_POSTGRES";

/// Where Debian puts the programs; the highest version is taken.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Cleans up when its standard input ends, which it does with the process that holds it.
const CARETAKER: &str = r#"trap '' INT TERM; cat >/dev/null
"$1/pg_ctl" -D "$2/data" -m immediate -w stop >/dev/null 2>&1; rm -rf "$2""#;

/// A server, and how to reach it.
pub struct Cluster {
    /// Ends with `/`; a database's name follows, and then `suffix`.
    base: String,
    suffix: String,
    own: Option<Own>,
    made: AtomicU64,
}

struct Own {
    programs: PathBuf,
    folder: PathBuf,
    user: Option<(u32, u32)>,
    _caretaker: ChildStdin,
}

/// Whether acknowledged means on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// As Debian installs it.
    Usual,
    /// Nothing is synced: for tests that only care what is stored.
    None,
}

impl Cluster {
    /// The server that [`GIVEN`] names, or a new one.
    pub fn given_or_start(durability: Durability) -> Result<Self> {
        match std::env::var(GIVEN) {
            Ok(url) if !url.is_empty() => {
                let (url, suffix) = match url.split_once('?') {
                    Some((url, query)) => (url.to_owned(), format!("?{query}")),
                    None => (url, String::new()),
                };
                let after_scheme = url.find("://").map_or(0, |at| at + 3);
                let host_ends = url[after_scheme..].find('/').map(|at| after_scheme + at);
                let base = format!("{}/", host_ends.map_or(&*url, |end| &url[..end]));
                Ok(Self { base, suffix, own: None, made: AtomicU64::new(0) })
            }
            _ => Self::start(durability),
        }
    }

    /// A new server in a temporary folder.
    pub fn start(durability: Durability) -> Result<Self> {
        Self::start_in(&std::env::temp_dir(), durability)
    }

    /// A new server in a temporary folder within `place`, for whoever cares which disk it is on.
    pub fn start_in(place: &Path, durability: Durability) -> Result<Self> {
        let programs = programs()?;
        let user = user()?;
        let folder = tempfile::Builder::new().prefix("countersign-pg-").tempdir_in(place)?.keep();
        if let Some((user, group)) = user {
            std::os::unix::fs::chown(&folder, Some(user), Some(group))?;
        }
        let mut caretaker = Command::new("sh");
        caretaker
            .args(["-c", CARETAKER, "caretaker"])
            .args([programs.as_os_str(), folder.as_os_str()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A Ctrl-C for the tests must not end it before its work is done.
            .process_group(0);
        let mut caretaker = as_user(&mut caretaker, user).spawn().context("sh does not start")?;
        let stdin = caretaker.stdin.take().context("no standard input")?;
        let own = Own { programs, folder, user, _caretaker: stdin };
        own.run("initdb", &["-A", "trust", "-U", "countersign", "-E", "UTF8", "--locale=C", "-N"])?;
        let cluster = Self {
            base: "postgres://countersign@localhost/".into(),
            suffix: format!("?host={}", own.folder.display()),
            own: Some(own),
            made: AtomicU64::new(0),
        };
        cluster.own()?.configure(durability)?;
        cluster.up()?;
        Ok(cluster)
    }

    fn own(&self) -> Result<&Own> {
        self.own.as_ref().context("this server is not ours to start and stop")
    }

    /// Starts the server again after [`stop`](Self::stop).
    pub fn up(&self) -> Result<()> {
        self.own()?.run("pg_ctl", &["-w", "-t", "60", "-l", "log", "start"])
    }

    /// `mode` is pg_ctl's: `immediate` is what a crash is.
    pub fn stop(&self, mode: &str) -> Result<()> {
        self.own()?.run("pg_ctl", &["-w", "-t", "60", "-m", mode, "stop"])
    }

    /// The address of a database by its name.
    pub fn url(&self, database: &str) -> String {
        format!("{}{database}{}", self.base, self.suffix)
    }

    /// A new, empty database, and its address.
    pub async fn database(&self) -> Result<String> {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let name = format!("countersign_test_{}_{number}", std::process::id());
        self.execute("postgres", &format!("DROP DATABASE IF EXISTS {name}")).await?;
        self.execute("postgres", &format!("CREATE DATABASE {name} TEMPLATE template0")).await?;
        Ok(self.url(&name))
    }

    /// Runs statements in a database, outside of any transaction.
    pub async fn execute(&self, database: &str, sql: &str) -> Result<()> {
        execute(&self.url(database), sql).await
    }

    /// The process id of the server, for whoever measures it.
    pub fn pid(&self) -> Result<u32> {
        let file = self.own()?.folder.join("data/postmaster.pid");
        let text = std::fs::read_to_string(file)?;
        Ok(text.lines().next().unwrap_or_default().trim().parse()?)
    }
}

/// Runs statements in the database at this address.
pub async fn execute(url: &str, sql: &str) -> Result<()> {
    let options: sqlx::postgres::PgConnectOptions = url.parse()?;
    let mut connection = options.connect().await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// Deletes the database at this address, whoever is still connected.
pub async fn drop_database(url: &str) -> Result<()> {
    let options: sqlx::postgres::PgConnectOptions = url.parse()?;
    let name = options.get_database().context("the address names no database")?.to_owned();
    let mut connection = options.database("postgres").connect().await?;
    let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    sqlx::raw_sql(sqlx::AssertSqlSafe(drop)).execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

impl Own {
    fn run(&self, program: &str, args: &[&str]) -> Result<()> {
        let mut command = Command::new(self.programs.join(program));
        command.arg("-D").arg(self.folder.join("data")).args(args).current_dir(&self.folder);
        // The server must not hold a pipe of ours open.
        let output = self.folder.join("output");
        let file = std::fs::File::create(&output)?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let status = as_user(&mut command, self.user).status()?;
        if !status.success() {
            let said = std::fs::read_to_string(&output).unwrap_or_default();
            let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            bail!("{program} ended with {status}: {said}{log}");
        }
        Ok(())
    }

    fn configure(&self, durability: Durability) -> Result<()> {
        let mut settings = format!(
            "\nlisten_addresses = ''\nunix_socket_directories = '{}'\nmax_connections = 300\n\
             shared_buffers = 256MB\nmax_wal_size = 4GB\n",
            self.folder.display()
        );
        if durability == Durability::None {
            settings += "fsync = off\nfull_page_writes = off\n";
        }
        let file = self.folder.join("data/postgresql.conf");
        let usual = std::fs::read_to_string(&file)?;
        Ok(std::fs::write(file, usual + &settings)?)
    }
}

/// The folder of the newest `initdb`, `psql` and their like: Debian's, or those on the path.
pub fn programs() -> Result<PathBuf> {
    let versions = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let version = |path: &Path| path.file_name().and_then(OsStr::to_str)?.parse::<u32>().ok();
    let newest = versions
        .map(|entry| entry.path())
        .filter(|path| path.join("bin/initdb").is_file())
        .max_by_key(|path| version(path));
    if let Some(found) = newest {
        return Ok(found.join("bin"));
    }
    let on_path = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file());
    on_path.with_context(|| {
        format!("Postgres is missing: apt-get install postgresql, or set {GIVEN} to a server")
    })
}

/// The server refuses to run as root: then it runs as the user that the package made.
fn user() -> Result<Option<(u32, u32)>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd")?;
    let line = users.lines().find(|line| line.starts_with("postgres:"));
    let fields: Vec<&str> = line.context("there is no user `postgres`")?.split(':').collect();
    ensure!(fields.len() > 3, "the user `postgres` has no number");
    Ok(Some((fields[2].parse()?, fields[3].parse()?)))
}

fn as_user(command: &mut Command, user: Option<(u32, u32)>) -> &mut Command {
    match user {
        Some((user, group)) => command.uid(user).gid(group),
        None => command,
    }
}
