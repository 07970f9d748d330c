//! `countersign demo`: a campaign with people in it, on this machine, in a minute.
//!
//! It is the product and nothing else: the same server, the same write path. Only the people are
//! invented, and the site that embeds the widget.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use countersign_shared::PledgeForm;
use futures_util::{StreamExt as _, stream};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::campaign::Campaign;
use crate::clock::SystemEntropy;
use crate::pledge::{self, Rejected, Submission};
use crate::{App, Config};

mod hostsite;
mod keys;
mod pace;
mod past;
mod people;
pub mod post;

const SLUG: &str = "equal-futures";
const CLOSED_SLUG: &str = "closed-demo";
/// How many people had signed the campaign that is over.
const CLOSED_PEOPLE: usize = 412;
const CLOSED: &str = include_str!("../../data/demo/closed.toml");
const CAMPAIGNS: [&str; 4] = [
    include_str!("../../data/demo/campaign.toml"),
    CLOSED,
    include_str!("../../data/demo/soon.toml"),
    include_str!("../../data/demo/strict.toml"),
];
/// Signatures under way at once while the demo fills up: enough for the writer to batch.
const AT_ONCE: usize = 64;
/// How often the demo looks whether somebody should have signed.
const TICK: Duration = Duration::from_millis(100);

/// What `countersign demo` takes.
#[derive(clap::Args, Clone, Debug)]
pub struct DemoArgs {
    /// The server's port; the site that embeds the widget gets the next one.
    #[arg(long, default_value_t = 3000)]
    pub port: u16,
    /// How many times faster than the real petition its week is played.
    #[arg(long, default_value_t = 60.0)]
    pub speed: f64,
    /// How many people have signed when the demo opens, up to 3000.
    #[arg(long, default_value_t = 3000)]
    pub seed_people: usize,
    /// Since how many days they have been signing; 0 for all of them now.
    #[arg(long, default_value_t = 30)]
    pub days: u16,
    /// Nobody signs by themselves after that.
    #[arg(long)]
    pub no_people: bool,
}

/// Runs the demo until it is interrupted.
///
/// Without `data_dir` everything goes to a folder that is deleted at the end. Of the other settings only
/// `local_webhooks` holds: made-up people never reach a database, a relay or a mail server that is real.
pub async fn run(
    args: DemoArgs,
    data_dir: Option<PathBuf>,
    local_webhooks: bool,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    if !(args.speed.is_finite() && args.speed > 0.0) {
        bail!("--speed is a number above 0, such as 60");
    }
    let Some(host_port) = args.port.checked_add(1) else { bail!("--port is 65534 at most") };
    let throw_away = data_dir.is_none().then(ThrowAway::new).transpose()?;
    let data_dir = match (&throw_away, data_dir) {
        (Some(folder), _) => folder.0.clone(),
        (None, Some(folder)) => folder,
        (None, None) => bail!("no data folder"),
    };

    let listener = listen(args.port).await?;
    let host_listener = listen(host_port).await?;
    let mut config = Config::for_data_dir(data_dir.clone());
    config.listen = listener.local_addr()?;
    config.public_url = format!("http://127.0.0.1:{}", args.port);
    config.allow_local_webhooks = local_webhooks;
    let post = post::Post::open().await.context("the demo's mail server did not start")?;
    config.smtp_url = Some(post.url().to_owned().into());
    let server = config.public_url.clone();
    let host = format!("http://127.0.0.1:{host_port}");

    let clock = Arc::new(past::DemoClock::default());
    let on = Arc::clone(&clock);
    let app = App::start(config, on, Arc::new(SystemEntropy)).await?;
    apply_campaigns(&app, &host, &format!("http://localhost:{host_port}")).await?;
    println!("{} people sign …", args.seed_people.min(people::people().len()));
    let mut shutdown = std::pin::pin!(shutdown);
    tokio::select! {
        played = past::play(&app, &clock, args.seed_people, args.days) => played?,
        () = &mut shutdown => return Ok(()),
    }
    let token = keys::export_token(&app).await?;
    let invitation = keys::invite(&app, args.port).await?;
    let organizers = match invitation {
        Some(link) => format!("{link}\n                  (once, within 72 hours)"),
        None => format!("http://localhost:{}/admin  (as {})", args.port, keys::ORGANIZER),
    };

    let (stop, stopped) = watch::channel(false);
    let host_site =
        hostsite::router(hostsite::HostSite { server: server.clone(), campaign: SLUG.to_owned() });
    let host_site = host_site.merge(post.router());
    let host_task = tokio::spawn(
        axum::serve(host_listener, host_site)
            .with_graceful_shutdown(until(stopped.clone()))
            .into_future(),
    );
    let server_task =
        tokio::spawn(crate::serve(listener, Arc::clone(&app), until(stopped.clone())));

    let fill = async {
        fill(&app, SLUG, args.seed_people).await?;
        print_links(&server, &host, &data_dir, throw_away.is_some(), &token, &organizers);
        if args.no_people {
            std::future::pending::<()>().await;
        }
        keep_signing(&app, args.speed).await
    };
    let outcome = tokio::select! {
        outcome = fill => outcome,
        () = &mut shutdown => Ok(()),
    };
    stop.send_replace(true);
    server_task.await??;
    host_task.await??;
    outcome
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is a stop as well.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

async fn listen(port: u16) -> anyhow::Result<TcpListener> {
    let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
    TcpListener::bind(address).await.with_context(|| {
        format!("port {port} is taken. Choose another pair with --port, such as --port 4000")
    })
}

async fn apply_campaigns(app: &App, host: &str, localhost: &str) -> anyhow::Result<()> {
    if app.campaigns.get(CLOSED_SLUG).is_none() {
        let is_window = |line: &&str| line.starts_with("opens") || line.starts_with("closes");
        let open: Vec<&str> = CLOSED.lines().filter(|line| !is_window(line)).collect();
        apply(app, &[&open.join("\n")], host, localhost).await?;
        fill(app, CLOSED_SLUG, CLOSED_PEOPLE).await?;
    }
    apply(app, &CAMPAIGNS, host, localhost).await
}

async fn apply(app: &App, texts: &[&str], host: &str, localhost: &str) -> anyhow::Result<()> {
    for text in texts {
        let text = text.replace("{host}", host).replace("{localhost}", localhost);
        let campaign = Campaign::from_toml(&text)
            .map_err(|errors| anyhow::anyhow!("a campaign of the demo is not valid: {errors:?}"))?;
        app.store.apply_campaign(&campaign, app.clock.now()).await?;
    }
    app.refresh().await?;
    Ok(())
}

/// Fills the campaign, through the same door as everybody else. A folder that was filled before
/// keeps its people and gets no others.
async fn fill(app: &App, slug: &str, wanted: usize) -> anyhow::Result<()> {
    let campaign = app.campaigns.get(slug).context("the demo's campaign is missing")?;
    if app.store.counters(campaign.id).await?.total > 0 {
        return Ok(());
    }
    let people = people::people();
    let countries = people::countries(people.len());
    let forms: Vec<PledgeForm> = people
        .iter()
        .zip(&countries)
        .take(wanted)
        .map(|(person, country)| people::form(*person, country))
        .collect();
    let mut signing = stream::iter(forms.into_iter().enumerate())
        .map(|(number, form)| sign(app, slug, form, number as u64))
        .buffer_unordered(AT_ONCE);
    while let Some(signed) = signing.next().await {
        signed?;
    }
    Ok(())
}

/// Lets newcomers sign at the pace of the real petition.
async fn keep_signing(app: &App, speed: f64) -> anyhow::Result<()> {
    let pace = pace::Pace::of_the_petition();
    let people = people::people();
    let countries = people::countries(people.len());
    let run = app.clock.now().as_second().unsigned_abs();
    let begun = tokio::time::Instant::now();
    let mut tick = tokio::time::interval(TICK);
    let mut signed = 0;
    loop {
        tick.tick().await;
        let due = pace.signed_after(begun.elapsed().as_secs_f64(), speed);
        while signed < due {
            let form = people::newcomer(&people, &countries, run, signed);
            sign(app, SLUG, form, signed).await?;
            signed += 1;
        }
    }
}

/// An address of the documentation range (RFC 3849), the next one in another /48: what looks for
/// many that sign from one network is not to find the demo.
fn network(number: u64) -> Ipv6Addr {
    let (network, part) = (u128::from(number & 0xffff), u128::from(number >> 16 & 0xffff));
    Ipv6Addr::from((0x2001_0db8_u128 << 96) | (network << 80) | (part << 64) | 1)
}

/// One signature, from an address of its own, so that the limits, which hold here as everywhere, do
/// not take the crowd for one person.
async fn sign(app: &App, slug: &str, form: PledgeForm, number: u64) -> anyhow::Result<()> {
    let campaign = app.campaigns.get(slug).context("the demo's campaign is missing")?;
    let pledge = form.parse(campaign.campaign.fields).map_err(|errors| {
        anyhow::anyhow!("person {number} of the demo breaks a rule: {errors:?}")
    })?;
    let network = network(number);
    loop {
        let submission = Submission {
            form: pledge.clone(),
            website: None,
            rendered: None,
            idempotency_key: None,
            client: IpAddr::V6(network),
        };
        match pledge::accept(app, &campaign, submission).await {
            Ok(_) => return Ok(()),
            // A busy moment passes; a limit that two networks happen to share does, too.
            Err(Rejected::Busy { retry_after } | Rejected::RateLimited { retry_after }) => {
                tokio::time::sleep(retry_after).await;
            }
            Err(rejected) => bail!("person {number} of the demo was refused: {rejected:?}"),
        }
    }
}

fn print_links(
    server: &str,
    host: &str,
    data: &std::path::Path,
    throw_away: bool,
    token: &str,
    organizers: &str,
) {
    let data = data.display();
    let keep = if throw_away { "deleted at the end; keep it with --data-dir" } else { "kept" };
    println!(
        "
  Countersign is running. Ctrl-C stops it.

  Organizers      {organizers}
  Campaign page   {server}/c/{SLUG}
  Another site    {host}/            (another origin, an ugly style sheet, two widgets)
  E-mails         {host}/mail        (where a campaign asks signers to confirm; none is sent)
  Live stream     curl -N {server}/api/v1/campaigns/{SLUG}/stream
  History         {server}/api/v1/campaigns/{SLUG}/history?bucket=minute
  API             {server}/docs
  Export          curl -H 'Authorization: Bearer {token}' \\
                    {server}/api/v1/admin/campaigns/{SLUG}/pledges.csv
  Data            {data}  ({keep})
"
    );
}

/// A folder that goes when the demo goes.
struct ThrowAway(PathBuf);

impl ThrowAway {
    fn new() -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("countersign-demo-{}", std::process::id()));
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for ThrowAway {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
