//! Settings: flags over the environment over a TOML file over what is built in.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use ipnet::IpNet;
use secrecy::{ExposeSecret as _, SecretString};

/// The settings that flags and the environment can give. What is absent comes from the file.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Flags {
    /// A TOML file with settings; keys are named like the flags, with underscores.
    #[arg(long, env = "COUNTERSIGN_CONFIG", value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:3000]
    #[arg(long, env = "COUNTERSIGN_LISTEN", value_name = "ADDRESS", global = true)]
    pub listen: Option<SocketAddr>,
    /// `sqlite:///path/file.db` or `postgres://user@host/database` [default: countersign.db in the
    /// data folder]
    #[arg(
        long,
        env = "COUNTERSIGN_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    pub database_url: Option<String>,
    /// Connections to Postgres at once, at least 4 [default: 10]
    #[arg(long, env = "COUNTERSIGN_DATABASE_CONNECTIONS", value_name = "N", global = true)]
    pub database_connections: Option<u32>,
    /// `nats://host:4222` carries totals between nodes [default: the database does]
    #[arg(
        long,
        env = "COUNTERSIGN_RELAY_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    pub relay_url: Option<String>,
    /// The folder of the database and the secret key [default: countersign-data]
    #[arg(long, env = "COUNTERSIGN_DATA_DIR", value_name = "FOLDER", global = true)]
    pub data_dir: Option<PathBuf>,
    /// How people reach this server, such as https://pledge.example.org
    #[arg(long, env = "COUNTERSIGN_PUBLIC_URL", value_name = "URL", global = true)]
    pub public_url: Option<String>,
    /// Where Prometheus metrics are served; not served when absent
    #[arg(long, env = "COUNTERSIGN_METRICS_LISTEN", value_name = "ADDRESS", global = true)]
    pub metrics_listen: Option<SocketAddr>,
    /// Proxies whose X-Forwarded-For is believed, as CIDRs with commas between
    #[arg(
        long,
        env = "COUNTERSIGN_TRUSTED_PROXIES",
        value_name = "CIDRS",
        value_delimiter = ',',
        global = true
    )]
    pub trusted_proxies: Option<Vec<String>>,
    /// `off` switches every rate limit off: for load tests only
    #[arg(long, env = "COUNTERSIGN_RATE_LIMIT", value_name = "on|off", global = true)]
    pub rate_limit: Option<String>,
    /// Open streams in all [default: 15000]
    #[arg(long, env = "COUNTERSIGN_MAX_STREAMS", value_name = "N", global = true)]
    pub max_streams: Option<usize>,
    /// Open streams from one address [default: 300]
    #[arg(long, env = "COUNTERSIGN_MAX_STREAMS_PER_ADDRESS", value_name = "N", global = true)]
    pub max_streams_per_address: Option<usize>,
    /// The server that takes e-mails to those who sign: `smtps://user:password@mail.example.org`, or
    /// `smtp://mail.example.org:587?tls=required`
    #[arg(
        long,
        env = "COUNTERSIGN_SMTP_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    pub smtp_url: Option<String>,
    /// Whom e-mails come from [default: no-reply@ and the host of the public URL]
    #[arg(long, env = "COUNTERSIGN_MAIL_FROM", value_name = "ADDRESS", global = true)]
    pub mail_from: Option<String>,
    /// Webhooks may lead to this machine and speak plain HTTP: for demos and tests only
    #[arg(
        long,
        env = "COUNTERSIGN_ALLOW_LOCAL_WEBHOOKS",
        value_name = "true|false",
        num_args = 0..=1,
        default_missing_value = "true",
        global = true
    )]
    pub allow_local_webhooks: Option<bool>,
}

/// The same settings in the file.
#[derive(serde::Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct File {
    listen: Option<SocketAddr>,
    database_url: Option<String>,
    database_connections: Option<u32>,
    relay_url: Option<String>,
    data_dir: Option<PathBuf>,
    public_url: Option<String>,
    metrics_listen: Option<SocketAddr>,
    trusted_proxies: Option<Vec<String>>,
    rate_limit: Option<String>,
    max_streams: Option<usize>,
    max_streams_per_address: Option<usize>,
    smtp_url: Option<String>,
    mail_from: Option<String>,
    allow_local_webhooks: Option<bool>,
}

/// Where the database is.
#[derive(Clone, Debug)]
pub enum Database {
    /// In this file.
    Sqlite(PathBuf),
    /// At this address, which may hold a password.
    Postgres(SecretString),
}

impl std::fmt::Display for Database {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "{}", path.display()),
            Self::Postgres(url) => {
                let url = url.expose_secret();
                let rest = url.split_once("://").map_or("", |(_, rest)| rest);
                let rest = rest.split('?').next().unwrap_or_default();
                write!(f, "postgres://{}", rest.rsplit('@').next().unwrap_or_default())
            }
        }
    }
}

/// Checked settings.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    pub metrics_listen: Option<SocketAddr>,
    pub database: Database,
    /// Connections to Postgres at once.
    pub database_connections: u32,
    /// Carries totals between nodes instead of the database.
    pub relay_url: Option<SecretString>,
    pub data_dir: PathBuf,
    /// An origin without a slash at the end: `https://pledge.example.org`.
    pub public_url: String,
    /// From COUNTERSIGN_SECRET_KEY; without it the key stands in the data folder.
    pub secret_key: Option<SecretString>,
    pub trusted_proxies: Vec<IpNet>,
    /// False only for load tests.
    pub rate_limit: bool,
    /// Open streams in all.
    pub max_streams: usize,
    /// Open streams from one address: many people may share one.
    pub max_streams_per_address: usize,
    /// Takes e-mails to those who sign; may hold a password.
    pub smtp_url: Option<SecretString>,
    /// Whom they come from; without it, an address at the host of `public_url`.
    pub mail_from: Option<String>,
    /// True only for demos and tests: webhooks may lead to this machine.
    pub allow_local_webhooks: bool,
}

impl Config {
    /// What holds when nothing is set, with everything kept in `data_dir`.
    pub fn for_data_dir(data_dir: impl Into<PathBuf>) -> Self {
        let data_dir = data_dir.into();
        let listen = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3000);
        Self {
            listen,
            metrics_listen: None,
            database: Database::Sqlite(data_dir.join("countersign.db")),
            database_connections: 10,
            relay_url: None,
            data_dir,
            public_url: format!("http://{listen}"),
            secret_key: None,
            trusted_proxies: Vec::new(),
            rate_limit: true,
            max_streams: 15_000,
            max_streams_per_address: 300,
            smtp_url: None,
            mail_from: None,
            allow_local_webhooks: false,
        }
    }

    /// Puts flags, environment and file together. Errors say which setting is wrong and what it
    /// should look like.
    pub fn load(flags: Flags) -> anyhow::Result<Self> {
        let file = match &flags.config {
            Some(path) => read_file(path)?,
            None => File::default(),
        };
        let data_dir =
            flags.data_dir.or(file.data_dir).unwrap_or_else(|| PathBuf::from("countersign-data"));
        let mut config = Self::for_data_dir(data_dir);
        if let Some(listen) = flags.listen.or(file.listen) {
            config.listen = listen;
            config.public_url = format!("http://{listen}");
        }
        if let Some(url) = flags.database_url.or(file.database_url) {
            config.database = database(&url)?;
        }
        if let Some(connections) = flags.database_connections.or(file.database_connections) {
            if connections < 4 {
                bail!("database-connections is 4 at least: one writes, one reads, two relay");
            }
            config.database_connections = connections;
        }
        if let Some(url) = flags.relay_url.or(file.relay_url) {
            config.relay_url = Some(relay_url(url, &config.database)?);
        }
        if let Some(url) = flags.public_url.or(file.public_url) {
            config.public_url = public_url(&url)?;
        }
        config.metrics_listen = flags.metrics_listen.or(file.metrics_listen);
        let proxies = flags.trusted_proxies.or(file.trusted_proxies).unwrap_or_default();
        config.trusted_proxies = trusted_proxies(&proxies)?;
        if let Some(value) = flags.rate_limit.or(file.rate_limit) {
            config.rate_limit = on_or_off(&value)?;
        }
        if let Some(most) = flags.max_streams.or(file.max_streams) {
            config.max_streams = most;
        }
        if let Some(most) = flags.max_streams_per_address.or(file.max_streams_per_address) {
            config.max_streams_per_address = most;
        }
        let smtp_url = flags.smtp_url.or(file.smtp_url).filter(|url| !url.is_empty());
        config.smtp_url = smtp_url.map(SecretString::from);
        config.mail_from = flags.mail_from.or(file.mail_from).filter(|from| !from.is_empty());
        let local = flags.allow_local_webhooks.or(file.allow_local_webhooks);
        config.allow_local_webhooks = local.unwrap_or(false);
        // No flag: other users of a machine can read the command line of a process.
        config.secret_key = std::env::var("COUNTERSIGN_SECRET_KEY")
            .ok()
            .filter(|key| !key.is_empty())
            .map(SecretString::from);
        Ok(config)
    }
}

fn read_file(path: &Path) -> anyhow::Result<File> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the settings file {} cannot be read", path.display()))?;
    toml::from_str(&text)
        .map_err(|error| anyhow::anyhow!("the settings file {}: {error}", path.display()))
}

fn database(url: &str) -> anyhow::Result<Database> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(Database::Postgres(url.to_owned().into()));
    }
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
    match path {
        Some(path) if !path.is_empty() && !path.contains('?') && !path.contains(":memory:") => {
            Ok(Database::Sqlite(PathBuf::from(path)))
        }
        _ => bail!(
            "database-url must look like sqlite:///path/file.db or postgres://user@host/database"
        ),
    }
}

fn relay_url(url: String, database: &Database) -> anyhow::Result<SecretString> {
    if !["nats://", "tls://"].iter().any(|scheme| url.starts_with(scheme)) {
        bail!("relay-url must look like nats://host:4222");
    }
    if let Database::Sqlite(_) = database {
        bail!("relay-url is for several nodes on one Postgres: set database-url too, or drop it");
    }
    Ok(url.into())
}

/// An origin: scheme, host, port, and nothing after.
fn public_url(url: &str) -> anyhow::Result<String> {
    let url = url.strip_suffix('/').unwrap_or(url);
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let fits = host.is_some_and(|host| {
        !host.is_empty() && !host.contains(|c: char| "/?#@\\".contains(c) || c.is_whitespace())
    });
    if !fits {
        bail!("public-url must look like https://pledge.example.org, without a path");
    }
    Ok(url.to_owned())
}

fn trusted_proxies(values: &[String]) -> anyhow::Result<Vec<IpNet>> {
    values
        .iter()
        .map(|value| value.trim())
        .filter(|value| !value.is_empty())
        .map(|value| {
            value.parse::<IpNet>().or_else(|_| value.parse::<IpAddr>().map(IpNet::from)).map_err(
                |_| anyhow::anyhow!("trusted-proxies: {value:?} is no CIDR such as 10.0.0.0/8"),
            )
        })
        .collect()
}

fn on_or_off(value: &str) -> anyhow::Result<bool> {
    match value {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => bail!("rate-limit must be `on` or `off`"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn flags_win_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, "listen = \"127.0.0.1:1\"\nmax_streams = 7\n").unwrap();
        let flags = Flags {
            config: Some(path),
            listen: Some("127.0.0.1:2".parse().unwrap()),
            ..Flags::default()
        };
        let config = Config::load(flags).unwrap();
        assert_eq!(config.listen.port(), 2);
        assert_eq!(config.public_url, "http://127.0.0.1:2");
        assert_eq!(config.max_streams, 7);
    }

    #[test]
    fn an_unknown_key_in_the_file_is_refused_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, "\nlissten = \"127.0.0.1:1\"\n").unwrap();
        let error = Config::load(Flags { config: Some(path), ..Flags::default() }).unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
    }

    #[test]
    fn bad_values_are_refused() {
        for bad in ["mysql://x/y", "sqlite:", "/tmp/x.db", "sqlite::memory:"] {
            assert!(database(bad).is_err(), "{bad}");
        }
        let postgres = database("postgres://u@h/d").unwrap();
        assert!(relay_url("nats://h:4222".into(), &postgres).is_ok());
        assert!(relay_url("http://h".into(), &postgres).is_err());
        assert!(relay_url("nats://h".into(), &database("sqlite://a.db").unwrap()).is_err());
        for bad in ["pledge.example.org", "https://a/b", "javascript:alert(1)", "https://u@h"] {
            assert!(public_url(bad).is_err(), "{bad}");
        }
        assert!(trusted_proxies(&["10.0.0.0/33".into()]).is_err());
        assert_eq!(trusted_proxies(&["10.0.0.1".into(), " ::1/128".into()]).unwrap().len(), 2);
    }

    #[test]
    fn a_database_url_has_three_slashes_for_an_absolute_path() {
        assert_eq!(database("sqlite:///a/b.db").unwrap().to_string(), "/a/b.db");
        assert_eq!(database("sqlite://b.db").unwrap().to_string(), "b.db");
    }

    #[test]
    fn a_database_is_named_without_its_password() {
        let database =
            database("postgres://me:pass@word@db.example/pledges?sslmode=require").unwrap();
        assert_eq!(database.to_string(), "postgres://db.example/pledges");
        assert!(!format!("{database:?}").contains("word"));
    }
}
