//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand};

use crate::campaign::StoredCampaign;
use crate::clock::{SystemClock, SystemEntropy};
use crate::config::{Config, Flags};
use crate::demo::DemoArgs;
use crate::export::Format;
use crate::organizer::{Caller, Role};
use crate::secrets::Secrets;
use crate::state;
use crate::store::Store;
use crate::store::audit::Entry;

mod campaign;
mod data;
mod health;
mod organizer;
mod serve;

/// Collects public commitments and makes them count.
#[derive(Parser, Debug)]
#[command(version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    pub settings: Flags,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Runs the server until it is interrupted
    Serve,
    /// Makes the database, or brings it to this version
    Migrate,
    /// Creates and lists campaigns
    #[command(subcommand)]
    Campaign(CampaignCommand),
    /// Invites organizers, lists them, and lets them in again
    #[command(subcommand)]
    Organizer(OrganizerCommand),
    /// Reads the log of what organizers did
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Makes API tokens for scripts
    #[command(subcommand)]
    Token(TokenCommand),
    /// Writes every pledge of a campaign, from one snapshot
    Export {
        /// The campaign's slug
        campaign: String,
        #[arg(long, value_enum, default_value = "csv")]
        format: Format,
        /// A new file, readable by its owner alone; without it, standard output
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Holds the counters against the rows; ends with 1 where they differ
    Recount {
        /// Sets the counters to what the rows say
        #[arg(long)]
        repair: bool,
    },
    /// Brings everything that is sealed to the current edition of the secret key
    Rekey,
    /// Writes a consistent copy of the database to a new file, while people sign
    Backup { file: PathBuf },
    /// Asks the running server whether it can take pledges; ends with 1 where it cannot
    Healthcheck,
    /// Runs a demo with people in it
    Demo(DemoArgs),
}

#[derive(Subcommand, Debug)]
pub enum CampaignCommand {
    /// Creates the campaign of a file, or updates the one with its slug
    Apply { file: PathBuf },
    /// Lists the campaigns and their totals
    List,
}

#[derive(Subcommand, Debug)]
pub enum TokenCommand {
    /// Makes a token and shows it, once
    Create {
        name: String,
        /// What it may do: owner, editor, moderator or analyst
        #[arg(long, default_value = "moderator", value_parser = role)]
        role: Role,
        /// Days until it ends; without it, it does not
        #[arg(long, value_name = "N")]
        days: Option<u32>,
    },
}

#[derive(Subcommand, Debug)]
pub enum OrganizerCommand {
    /// Prints a one-time link that makes EMAIL a member
    Invite {
        email: String,
        /// What they may do: owner, editor, moderator or analyst
        #[arg(long, default_value = "owner", value_parser = role)]
        role: Role,
        /// Of which organization, made where it is missing [default: the first]
        #[arg(long, value_name = "NAME")]
        organization: Option<String>,
    },
    /// Lists the organizers: address, role, organization, name
    List,
    /// Signs EMAIL out everywhere and prints a one-time link that sets another password
    Reset {
        email: String,
        /// Takes all passkeys away: for an account that was in other hands
        #[arg(long)]
        forget_passkeys: bool,
    },
}

#[derive(Subcommand, Debug)]
pub enum AuditCommand {
    /// Prints the log, oldest first, one JSON object a line
    List,
    /// Holds every line against the one before; ends with 1 where the log was edited
    Verify,
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_text(text).ok_or_else(|| "a role is owner, editor, moderator or analyst".to_owned())
}

/// Runs the command. What went wrong is said in words on standard error.
pub fn run(cli: Cli) -> ExitCode {
    // Test builds fail where FAILPOINTS says; in any other build this does nothing.
    let _fail_points = fail::FailScenario::setup();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: the runtime does not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(dispatch(cli)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {}", said_once(&error));
            ExitCode::FAILURE
        }
    }
}

/// The error and its causes, without those that an outer one has already quoted.
fn said_once(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |said, cause| {
        if said.is_empty() {
            cause
        } else if said.contains(&cause) {
            said
        } else {
            format!("{said}: {cause}")
        }
    })
}

async fn dispatch(cli: Cli) -> anyhow::Result<ExitCode> {
    crate::telemetry::start_logs();
    let data_dir = cli.settings.data_dir.clone();
    let config = Config::load(cli.settings)?;
    match cli.command {
        Command::Serve => serve::run(config).await?,
        Command::Migrate => data::migrate(config).await?,
        Command::Campaign(CampaignCommand::Apply { file }) => {
            campaign::apply(config, &file).await?
        }
        Command::Campaign(CampaignCommand::List) => campaign::list(config).await?,
        Command::Organizer(OrganizerCommand::Invite { email, role, organization }) => {
            organizer::invite(config, &email, role, organization.as_deref()).await?;
        }
        Command::Organizer(OrganizerCommand::List) => organizer::list(config).await?,
        Command::Organizer(OrganizerCommand::Reset { email, forget_passkeys }) => {
            organizer::reset(config, &email, forget_passkeys).await?;
        }
        Command::Audit(AuditCommand::List) => organizer::audit(config).await?,
        Command::Audit(AuditCommand::Verify) => return organizer::verify(config).await,
        Command::Token(TokenCommand::Create { name, role, days }) => {
            organizer::create_token(config, name, role, days).await?;
        }
        Command::Export { campaign, format, output } => {
            data::export(config, &campaign, format, output.as_deref()).await?;
        }
        Command::Recount { repair } => return data::recount(config, repair).await,
        Command::Rekey => data::rekey(config).await?,
        Command::Backup { file } => data::backup(config, &file).await?,
        Command::Healthcheck => health::check(&config).await?,
        Command::Demo(args) => {
            let local = config.allow_local_webhooks;
            crate::demo::run(args, data_dir, local, serve::interrupted()).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The store without a server around it: the commands of organizers work beside a running one.
struct Opened {
    config: Config,
    store: Arc<dyn Store>,
    secrets: Arc<Secrets>,
}

impl Opened {
    async fn with(config: Config) -> anyhow::Result<Self> {
        let state::Opened { store, secrets, .. } = state::open(&config, &SystemEntropy).await?;
        Ok(Self { config, store, secrets: Arc::new(secrets) })
    }

    /// Writes into the audit log what the command line did.
    async fn note(
        &self,
        caller: &Caller,
        action: &str,
        subject: &str,
        detail: serde_json::Value,
    ) -> anyhow::Result<()> {
        let (store, secrets) = (&*self.store, &self.secrets);
        let written =
            crate::organizer::audit::write(store, secrets, now(), caller, action, subject, &detail);
        Ok(written.await?)
    }

    /// A line to be written with what the command line does.
    fn entry(
        &self,
        caller: &Caller,
        action: &str,
        subject: &str,
        detail: &serde_json::Value,
    ) -> Entry {
        crate::organizer::audit::entry_at(now(), &self.secrets, caller, action, subject, detail)
    }

    /// [`note`](Self::note) for what the command line did to all campaigns at once: each organization
    /// reads it.
    async fn note_everywhere(&self, action: &str, subject: &str) -> anyhow::Result<()> {
        let campaigns = self.store.campaigns().await.context("the campaigns cannot be read")?;
        let first = Caller::command_line().organization;
        let mut all: Vec<_> = campaigns.iter().map(|it| it.organization).chain([first]).collect();
        all.sort_unstable();
        all.dedup();
        for organization in all {
            let caller = Caller { organization, ..Caller::command_line() };
            self.note(&caller, action, subject, serde_json::json!({})).await?;
        }
        Ok(())
    }

    async fn campaign(&self, slug: &str) -> anyhow::Result<StoredCampaign> {
        let campaigns = self.store.campaigns().await.context("the campaigns cannot be read")?;
        let known: Vec<_> =
            campaigns.iter().map(|it| it.campaign.slug.as_str().to_owned()).collect();
        let found = campaigns.into_iter().find(|it| it.campaign.slug.as_str() == slug);
        match found {
            Some(campaign) => Ok(campaign),
            None if known.is_empty() => {
                bail!("there is no campaign yet: make one with `countersign campaign apply FILE`")
            }
            None => bail!("there is no campaign {slug:?}; there are: {}", known.join(", ")),
        }
    }
}

/// What the command line does to a campaign is read by those whose campaign it is.
fn for_owners_of(campaign: &StoredCampaign) -> Caller {
    Caller { organization: campaign.organization, ..Caller::command_line() }
}

fn now() -> jiff::Timestamp {
    crate::clock::Clock::now(&SystemClock)
}
