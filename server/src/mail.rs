//! E-mails to those who sign: from the outbox to a mail server.
//!
//! They are written in the transaction of their pledge. A mailer on each node takes what is due,
//! opens the seal for the address, writes the e-mail in the language of the signer, and tries again
//! for a day. Nothing that a signer typed stands in one: whoever types somebody else's address gets
//! no message to them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use countersign_shared::CampaignStatus;
use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior};

use crate::App;
use crate::insight::alarms::{Kind, Level};
use crate::store::StoredCampaign;
use crate::store::mails::{Letter, MailQueue, SettledMail};
use crate::store::{Result, StoreError};

mod letter;
mod smtp;

pub use smtp::{SendError, Smtp};

/// After the first try and each that failed, in seconds: nine tries in about a day.
pub const RETRIES: [i64; 8] = [30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600];

/// How often the outbox is looked at, where nobody says that there is something in it.
const LOOK: Duration = Duration::from_secs(1);
/// Every so many looks it is judged whether e-mails get through.
const JUDGE_LOOKS: u64 = 5;
/// So many are taken at once, and so many of them sent at once.
const ROUND: u32 = 32;
const AT_ONCE: usize = 4;
/// What was claimed is due again after this: longer than a round takes.
const LEASE: SignedDuration = SignedDuration::from_mins(10);
/// After a round in which the server took nothing it is left alone, twice as long each time.
const PAUSE: Duration = Duration::from_secs(2);
const PAUSE_MOST: Duration = Duration::from_secs(60);
/// E-mails that waited for so long after a try tell that something is wrong.
const STUCK: SignedDuration = SignedDuration::from_mins(2);
/// So many refusals in a row are no matter of single mailboxes.
const REFUSALS: u32 = 10;

/// Sends what the outbox holds.
pub struct Mailer {
    /// `None` where no server is set: e-mails wait.
    smtp: Option<Smtp>,
    wake: Notify,
    health: Mutex<Health>,
}

/// How sending went lately, on this node.
#[derive(Default)]
struct Health {
    /// Rounds in a row in which the server took nothing.
    failed_rounds: u32,
    paused_until: Option<Instant>,
    /// Refusals in a row.
    refused: u32,
    last_error: Option<String>,
}

/// An e-mail and what came of it.
struct Tried {
    mail: SettledMail,
    /// Why it was not sent.
    error: Option<SendError>,
}

impl Mailer {
    pub fn new(smtp: Option<Smtp>) -> Self {
        Self { smtp, wake: Notify::new(), health: Mutex::default() }
    }

    /// Looks at the outbox at once.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Runs until the app is gone.
    pub fn run(app: &Arc<App>) -> JoinHandle<()> {
        let (mailer, app) = (Arc::clone(&app.mailer), Arc::downgrade(app));
        tokio::spawn(mailer.look_again_and_again(app))
    }

    async fn look_again_and_again(self: Arc<Self>, app: Weak<App>) {
        let mut ticks = tokio::time::interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut looks = 0u64;
        loop {
            tokio::select! {
                _ = ticks.tick() => looks += 1,
                () = self.wake.notified() => {}
            }
            let Some(app) = app.upgrade() else { return };
            let mut done = self.look(&app).await;
            if looks.is_multiple_of(JUDGE_LOOKS) && done.is_ok() {
                done = self.judge(&app).await;
            }
            match done {
                // A store without e-mails, or an outage that others speak of.
                Ok(()) | Err(StoreError::Refused(_)) => {}
                Err(error) => tracing::warn!(%error, "the outbox of e-mails was not looked at"),
            }
        }
    }

    /// Sends what is due.
    async fn look(&self, app: &App) -> Result<()> {
        let Some(smtp) = &self.smtp else { return Ok(()) };
        while !self.is_paused() {
            let now = app.clock.now();
            let letters = app.store.claim_mails(now, now + LEASE, ROUND).await?;
            let more = letters.len() == ROUND as usize;
            if letters.is_empty() {
                return Ok(());
            }
            let send = |letter: Letter| async move { send(app, smtp, &letter).await };
            let tried: Vec<Tried> =
                stream::iter(letters).map(send).buffer_unordered(AT_ONCE).collect().await;
            self.note(&tried);
            app.store.settle_mails(tried.into_iter().map(|tried| tried.mail).collect()).await?;
            if !more {
                return Ok(());
            }
        }
        Ok(())
    }

    fn is_paused(&self) -> bool {
        self.lock().paused_until.is_some_and(|until| Instant::now() < until)
    }

    fn note(&self, round: &[Tried]) {
        let mut health = self.lock();
        let errors: Vec<&SendError> = round.iter().filter_map(|it| it.error.as_ref()).collect();
        if let Some(error) = errors.last() {
            health.last_error = Some(error.to_string());
        }
        if round.iter().any(|tried| tried.mail.state == "sent") {
            (health.failed_rounds, health.refused, health.paused_until) = (0, 0, None);
            return;
        }
        let refused = errors.iter().filter(|error| error.is_final()).count();
        health.refused = health.refused.saturating_add(u32::try_from(refused).unwrap_or(u32::MAX));
        if refused < errors.len() {
            let pause = PAUSE.saturating_mul(1 << health.failed_rounds.min(10)).min(PAUSE_MOST);
            health.failed_rounds = health.failed_rounds.saturating_add(1);
            health.paused_until = Some(Instant::now() + pause);
        }
    }

    /// Tells organizers and operators where e-mails do not get through.
    async fn judge(&self, app: &App) -> Result<()> {
        let queue = app.store.mail_queue().await?;
        metrics::gauge!("countersign_mail_waiting").set(queue.waiting as f64);
        let now = app.clock.now();
        let asks = |it: &Arc<StoredCampaign>| {
            it.campaign.confirm_email && it.campaign.status(now) == CampaignStatus::Open
        };
        let unset =
            self.smtp.is_none() && (queue.waiting > 0 || app.campaigns.all().iter().any(asks));
        let trouble = match unset {
            true => Some(unset_text(queue.waiting)),
            false => self.trouble(queue, now),
        };
        match trouble {
            Some(text) => app.alarms.raise((Kind::MailFailing, Level::Bad), None, "", text, now),
            None => app.alarms.clear(Kind::MailFailing, None, ""),
        }
        Ok(())
    }

    fn trouble(&self, queue: MailQueue, now: Timestamp) -> Option<String> {
        let waiting = queue.waiting;
        let health = self.lock();
        let error = health.last_error.as_deref().unwrap_or("no answer");
        if queue.stuck_since.is_some_and(|since| now.duration_since(since) > STUCK) {
            return Some(format!("E-mails do not get through, and {waiting} wait: {error}."));
        }
        (health.refused >= REFUSALS).then(|| {
            format!("The mail server refused the last {} e-mails: {error}.", health.refused)
        })
    }

    fn lock(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unset_text(waiting: u64) -> String {
    format!(
        "Pledges are to be confirmed by e-mail, and no mail server is set: an operator sets \
         COUNTERSIGN_SMTP_URL. {waiting} e-mails wait, and nobody can confirm until then."
    )
}

async fn send(app: &App, smtp: &Smtp, letter: &Letter) -> Tried {
    let began = Instant::now();
    let sent = match letter::compose(app, smtp, letter) {
        Ok(Some(message)) => Some(smtp.send(message).await),
        Ok(None) => None,
        Err(error) => Some(Err(error)),
    };
    metrics::histogram!("countersign_mail_seconds").record(began.elapsed().as_secs_f64());
    let now = app.clock.now();
    let attempts = letter.attempts.saturating_add(1);
    let (state, next_at) = match (&sent, RETRIES.get(letter.attempts as usize)) {
        (None, _) => ("dropped", now),
        (Some(Ok(())), _) => ("sent", now),
        (Some(Err(error)), _) if error.is_final() => ("failed", now),
        (Some(Err(_)), Some(wait)) => ("waiting", now + SignedDuration::from_secs(*wait)),
        (Some(Err(_)), None) => ("failed", now),
    };
    let outcome = if state == "waiting" { "again" } else { state };
    metrics::counter!("countersign_mail_total", "outcome" => outcome).increment(1);
    let error = sent.and_then(|sent| sent.err());
    let said = error.as_ref().map(|error| error.to_string().into());
    Tried { mail: SettledMail { id: letter.id, state, attempts, next_at, error: said }, error }
}
