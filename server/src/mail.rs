//! E-mails to those who sign: from the outbox to a mail server.
//!
//! They are written in the transaction of their pledge. A mailer on each node takes what is due,
//! opens the seal for the address, writes the e-mail in the language of the signer, and tries again
//! for a day. Nothing that a signer typed stands in one: whoever types somebody else's address gets
//! no message to them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use countersign_shared::CampaignStatus;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior};

use crate::App;
use crate::insight::alarms::{Kind, Level};
use crate::store::StoredCampaign;
use crate::store::mails::{Letter, MailId, SettledMail};
use crate::store::{Result, StoreError};

mod letter;
mod smtp;

pub use smtp::{SendError, Smtp};

/// After the first try and each that failed, in seconds: nine tries in about a day.
pub const RETRIES: [i64; 8] = [30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600];

/// How often the outbox is looked at, where nobody says that there is something in it.
const LOOK: Duration = Duration::from_secs(1);
/// How often it is judged whether e-mails get through.
const JUDGED: Duration = Duration::from_secs(5);
/// So many are taken and sent at once: whom they are to is known no longer than that takes.
const ROUND: u32 = 8;
/// What was claimed is due again after this: longer than a round takes.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// After a round in which the server took nothing it is left alone, twice as long each time.
const PAUSE: Duration = Duration::from_secs(2);
const PAUSE_MOST: Duration = Duration::from_secs(60);
/// At the end, a round that is on its way has so long.
const FAREWELL: Duration = Duration::from_secs(3);
/// A server that takes nothing for so long is told of.
const STUCK: SignedDuration = SignedDuration::from_mins(2);
/// So many in a row that are not taken are no matter of single mailboxes: from there on e-mails are
/// kept, also those that were refused for good.
const IN_A_ROW: u32 = 10;

/// Sends what the outbox holds.
pub struct Mailer {
    /// `None` where no server is set: e-mails wait.
    smtp: Option<Smtp>,
    wake: Notify,
    health: Mutex<Health>,
    /// Held while a round is on its way; closed at the end.
    rounds: Semaphore,
}

/// How sending went lately, on this node.
#[derive(Default)]
struct Health {
    /// Rounds in a row in which the server took nothing, and since when.
    failed_rounds: u32,
    failing_since: Option<Timestamp>,
    paused_until: Option<Instant>,
    /// So many in a row were not taken.
    in_a_row: u32,
    last_error: Option<SendError>,
}

/// An e-mail and what came of it: `None` where there was no more need of it.
struct Tried {
    id: MailId,
    /// How often it was tried before.
    attempts: u32,
    sent: Option<std::result::Result<(), SendError>>,
}

impl Tried {
    fn settle(self, now: Timestamp) -> SettledMail {
        let (state, next_at) = match (&self.sent, RETRIES.get(self.attempts as usize)) {
            (None, _) => ("dropped", now),
            (Some(Ok(())), _) => ("sent", now),
            (Some(Err(error)), _) if error.is_final() => ("failed", now),
            (Some(Err(_)), Some(wait)) => ("waiting", now + SignedDuration::from_secs(*wait)),
            (Some(Err(_)), None) => ("failed", now),
        };
        let outcome = if state == "waiting" { "again" } else { state };
        metrics::counter!("countersign_mail_total", "outcome" => outcome).increment(1);
        let error = self.sent.and_then(|sent| sent.err()).map(|error| error.to_string().into());
        SettledMail { id: self.id, state, attempts: self.attempts + 1, next_at, error }
    }
}

impl Mailer {
    pub fn new(smtp: Option<Smtp>) -> Self {
        Self { smtp, wake: Notify::new(), health: Mutex::default(), rounds: Semaphore::new(1) }
    }

    /// Looks at the outbox at once.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Begins no other round, and lets the one that is on its way be noted: what is cut off is sent again.
    pub async fn stop(&self) {
        if let Ok(last) = tokio::time::timeout(FAREWELL, self.rounds.acquire()).await {
            drop(last);
        }
        self.rounds.close();
    }

    /// Runs until the app is gone.
    pub fn run(app: &Arc<App>) -> JoinHandle<()> {
        let (mailer, app) = (Arc::clone(&app.mailer), Arc::downgrade(app));
        tokio::spawn(mailer.look_again_and_again(app))
    }

    async fn look_again_and_again(self: Arc<Self>, app: Weak<App>) {
        let mut ticks = tokio::time::interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut judge = tokio::time::interval(JUDGED);
        judge.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let judges = tokio::select! {
                _ = ticks.tick() => false,
                _ = judge.tick() => true,
                () = self.wake.notified() => false,
            };
            let Some(app) = app.upgrade() else { return };
            let done = match judges {
                true => self.judge(&app).await,
                false => self.send_some(&app).await,
            };
            match done {
                // A store without e-mails, or an outage that others speak of.
                Ok(()) | Err(StoreError::Refused(_)) => {}
                Err(error) => tracing::warn!(%error, "the outbox of e-mails was not looked at"),
            }
        }
    }

    /// Sends a round of what is due.
    async fn send_some(&self, app: &App) -> Result<()> {
        let Some(smtp) = &self.smtp else { return Ok(()) };
        let Ok(_round) = self.rounds.try_acquire() else { return Ok(()) };
        if self.is_paused() {
            return Ok(());
        }
        let now = app.clock.now();
        let letters = app.store.claim_mails(now, now + LEASE, ROUND).await?;
        if letters.is_empty() {
            return Ok(());
        }
        let full = letters.len() == ROUND as usize;
        let tried = letters.iter().map(|letter| send(app, smtp, letter));
        let tried: Vec<Tried> = futures_util::future::join_all(tried).await;
        fail::fail_point!("after_letter", |_| std::process::abort());
        let settled = self.note(tried, app.clock.now());
        app.store.settle_mails(settled).await?;
        if full {
            self.wake();
        }
        Ok(())
    }

    fn is_paused(&self) -> bool {
        self.lock().paused_until.is_some_and(|until| Instant::now() < until)
    }

    /// What a round says about the server, and with that about the e-mails of the round.
    fn note(&self, mut round: Vec<Tried>, now: Timestamp) -> Vec<SettledMail> {
        let mut health = self.lock();
        if round.iter().any(|tried| tried.sent == Some(Ok(()))) {
            *health = Health::default();
        }
        for tried in &mut round {
            let Some(Err(error)) = &mut tried.sent else { continue };
            if !error.is_of_the_server() {
                health.in_a_row = health.in_a_row.saturating_add(1);
                if health.in_a_row >= IN_A_ROW {
                    *error = SendError::Nothing(error.to_string());
                }
            }
        }
        let mut errors = round.iter().filter_map(|tried| tried.sent.as_ref()?.as_ref().err());
        if let Some(error) = errors.rfind(|error| error.is_of_the_server()) {
            let pause = PAUSE.saturating_mul(1 << health.failed_rounds.min(10)).min(PAUSE_MOST);
            health.failed_rounds = health.failed_rounds.saturating_add(1);
            health.failing_since = health.failing_since.or(Some(now));
            health.paused_until = Some(Instant::now() + pause);
            health.last_error = Some(error.clone());
        }
        drop(health);
        round.into_iter().map(|tried| tried.settle(now)).collect()
    }

    /// Nothing waits: sent by another node, confirmed, erased or given up. There is nothing to say any
    /// more; but how many were refused in a row is remembered, or a server that refuses a few a day would
    /// never be found out.
    fn rest(&self) {
        let mut health = self.lock();
        *health = Health { in_a_row: health.in_a_row, ..Health::default() };
    }

    /// Tells organizers and operators where e-mails do not get through.
    async fn judge(&self, app: &App) -> Result<()> {
        let now = app.clock.now();
        let waiting = app.store.waiting_mails(now).await?;
        let asks = |it: &Arc<StoredCampaign>| {
            it.campaign.confirm_email && it.campaign.status(now) == CampaignStatus::Open
        };
        if waiting == 0 {
            self.rest();
        }
        let unset = self.smtp.is_none() && (waiting > 0 || app.campaigns.all().iter().any(asks));
        let trouble = if unset { Some(unset_text(waiting)) } else { self.trouble(waiting, now) };
        metrics::gauge!("countersign_mail_waiting").set(waiting as f64);
        metrics::gauge!("countersign_mail_failing").set(f64::from(u8::from(trouble.is_some())));
        match trouble {
            Some(text) => app.alarms.raise((Kind::MailFailing, Level::Bad), None, "", text, now),
            None => app.alarms.clear(Kind::MailFailing, None, ""),
        }
        Ok(())
    }

    fn trouble(&self, waiting: u64, now: Timestamp) -> Option<String> {
        let health = self.lock();
        let error = health.last_error.as_ref()?;
        let since = health.failing_since?;
        (now.duration_since(since) >= STUCK)
            .then(|| format!("E-mails do not get through, and {waiting} wait: {error}."))
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
    Tried { id: letter.id, attempts: letter.attempts, sent }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A round of one, and what became of its e-mail.
    fn tried(mailer: &Mailer, sent: std::result::Result<(), SendError>) -> &'static str {
        let round = vec![Tried { id: [1; 16], attempts: 0, sent: Some(sent) }];
        mailer.note(round, Timestamp::UNIX_EPOCH)[0].state
    }

    #[test]
    fn a_server_that_refuses_one_by_one_with_quiet_between_is_found_out() {
        let mailer = Mailer::new(None);
        for number in 1..IN_A_ROW {
            assert_eq!(tried(&mailer, Err(SendError::Refused(550))), "failed", "{number}");
            mailer.rest();
        }
        assert_eq!(tried(&mailer, Err(SendError::Refused(550))), "waiting");
        let later = Timestamp::UNIX_EPOCH + STUCK;
        assert!(mailer.trouble(1, later).is_some_and(|text| text.contains("550")));
        assert_eq!(tried(&mailer, Ok(())), "sent");
        assert_eq!(mailer.trouble(1, later), None);
        assert_eq!(tried(&mailer, Err(SendError::Refused(550))), "failed", "it began anew");
    }

    #[test]
    fn one_mailbox_pauses_nobody_and_the_server_everybody() {
        let mailer = Mailer::new(None);
        assert_eq!(tried(&mailer, Err(SendError::Later(450))), "waiting");
        assert!(!mailer.is_paused());
        assert_eq!(tried(&mailer, Err(SendError::Unreachable)), "waiting");
        assert!(mailer.is_paused());
    }
}
