#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use countersign_shared::PledgeForm;
use futures_util::future::join_all;
use futures_util::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::campaign::Campaign;
use crate::clock::{Clock as _, ManualClock, SystemEntropy};
use crate::config::Config;
use crate::export;
use crate::organizer::{Caller, audit};

struct Fixture {
    _folder: tempfile::TempDir,
    clock: ManualClock,
    app: Arc<App>,
    campaign: Arc<StoredCampaign>,
}

const CAMPAIGN: &str = "slug = 'c'\ndefault_locale = 'en'\norigins = ['*']\ncontroller = 'Us'\n\
    contact = 'us@example.org'\nretention_days = 30\n[fields]\nmessage = true\n[texts.en]\n\
    title = 'T'\npledge = 'P'\nthanks = 'Y'\nbutton = 'B'\nprivacy = 'R'\n";

impl Fixture {
    async fn new() -> Self {
        Self::with("").await
    }

    async fn with(extra: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = ManualClock::at(Timestamp::from_second(1_735_689_600).unwrap());
        let config = Config::for_data_dir(folder.path());
        let app =
            App::start(config, Arc::new(clock.clone()), Arc::new(SystemEntropy)).await.unwrap();
        let campaign = Campaign::from_toml(&format!("{extra}\n{CAMPAIGN}")).unwrap();
        app.store.apply_campaign(&campaign, clock.now()).await.unwrap();
        app.refresh().await.unwrap();
        let campaign = app.campaigns.get("c").unwrap();
        Self { _folder: folder, clock, app, campaign }
    }

    fn submission(&self, email: &str) -> Submission {
        let form = PledgeForm {
            name: "=Amina".into(),
            email: email.into(),
            country: "KE".into(),
            message: Some("Hello, \"you\"".into()),
            ..PledgeForm::default()
        };
        Submission {
            form: form.parse(self.campaign.campaign.fields).unwrap(),
            website: None,
            rendered: None,
            idempotency_key: None,
            client: "203.0.113.7".parse().unwrap(),
        }
    }

    fn rendered(&self, mut submission: Submission) -> Submission {
        submission.rendered =
            Some(self.app.secrets.stamp(&self.campaign.campaign.slug, self.clock.now()));
        submission
    }

    async fn accept(&self, submission: Submission) -> Result<Accepted, Rejected> {
        accept(&self.app, &self.campaign, submission).await
    }

    fn total(&self) -> u64 {
        self.app.hub.snapshot(self.campaign.id).unwrap().counters.total
    }
}

#[tokio::test]
async fn double_click_50_identical_posts_in_parallel_one_row_plus_one_one_receipt() {
    for key in [None, Some("a-key")] {
        let fixture = Fixture::new().await;
        let posts = (0..50).map(|_| {
            let mut submission = fixture.submission("amina@example.org");
            submission.idempotency_key = key.map(Into::into);
            fixture.accept(submission)
        });
        let answers: Vec<_> = join_all(posts).await.into_iter().map(Result::unwrap).collect();
        assert!(answers.iter().all(|it| it.receipt == answers[0].receipt && it.number == 1));
        assert_eq!(fixture.total(), 1);
    }
}

#[tokio::test]
async fn people_who_are_turned_away_raise_an_alarm() {
    let fixture = Fixture::new().await;
    let (app, campaign) = (&fixture.app, &fixture.campaign);
    let submission = fixture.submission("amina@example.org");
    let pledge = prepare::prepare(app, campaign, &submission, Verdict::Count, false).unwrap();
    let alarms = || app.alarms.of(campaign.id, false, fixture.clock.now());
    assert!(alarms().is_empty());
    // This test has one thread and does not wait here, so nothing is written meanwhile.
    for _ in 0..writer::QUEUE {
        assert!(app.writer.record(pledge.clone()).now_or_never().is_none());
    }
    let answer = fixture.accept(submission).now_or_never().unwrap();
    assert!(matches!(answer, Err(Rejected::Busy { .. })), "{answer:?}");
    let raised: Vec<_> = alarms().into_iter().map(|it| (it.kind, it.level)).collect();
    assert_eq!(raised, [("queue_full".to_owned(), "bad".to_owned())]);
}

#[tokio::test]
async fn the_answer_holds_totals_that_hold_the_pledge() {
    let fixture = Fixture::new().await;
    for number in 1..=3 {
        let answer = fixture.accept(fixture.submission(&format!("p{number}@example.org"))).await;
        let answer = answer.unwrap();
        assert_eq!((answer.number, answer.totals.totals.total), (number, Some(number)));
        assert_eq!(answer.totals.totals.countries["KE"], number);
    }
}

#[tokio::test]
async fn the_same_mailbox_in_other_letters_is_one_pledge() {
    let fixture = Fixture::new().await;
    for typed in ["A.B+x@googlemail.com", "ab@gmail.com", "AB@GMAIL.COM"] {
        assert_eq!(fixture.accept(fixture.submission(typed)).await.unwrap().number, 1);
    }
    fixture.accept(fixture.submission("a.b@example.org")).await.unwrap();
    fixture.accept(fixture.submission("ab@example.org")).await.unwrap();
    assert_eq!(fixture.total(), 3);
}

#[tokio::test]
async fn honeypot_filled_or_sent_within_a_second_the_same_friendly_answer_and_not_counted() {
    let fixture = Fixture::new().await;
    let honest = fixture.accept(fixture.submission("a@example.org")).await.unwrap();
    let mut robot = fixture.submission("b@example.org");
    robot.website = Some("http://spam.example".into());
    let trapped = fixture.accept(robot).await.unwrap();
    assert_eq!((trapped.number, trapped.receipt.len()), (1, honest.receipt.len()));
    let fast = fixture.rendered(fixture.submission("c@example.org"));
    fixture.clock.advance_ms(999);
    fixture.accept(fast).await.unwrap();
    assert_eq!(fixture.total(), 1);
    let human = fixture.rendered(fixture.submission("c@example.org"));
    fixture.clock.advance_ms(1_000);
    assert_eq!(fixture.accept(human).await.unwrap().number, 2);
}

#[tokio::test]
async fn a_page_from_before_the_clock_was_set_back_is_no_robot() {
    let fixture = Fixture::new().await;
    let page = fixture.rendered(fixture.submission("a@example.org"));
    fixture.clock.advance_ms(-24 * 3600 * 1000);
    assert_eq!(fixture.accept(page).await.unwrap().number, 1);
    assert_eq!(fixture.total(), 1);
}

#[tokio::test]
async fn a_forged_stamp_is_refused_and_a_missing_one_where_it_is_asked_for() {
    let fixture = Fixture::new().await;
    let mut forged = fixture.submission("a@example.org");
    forged.rendered = Some("1735689600000.AAAAAAAAAAAAAAAAAAAAAA".into());
    assert_eq!(fixture.accept(forged).await.unwrap_err(), Rejected::RenderedInvalid);

    let asking = Fixture::with("require_rendered = true").await;
    let without = asking.submission("a@example.org");
    assert_eq!(asking.accept(without).await.unwrap_err(), Rejected::RenderedInvalid);
    let old = asking.rendered(asking.submission("a@example.org"));
    let fresh = |fixture: &Fixture| fixture.rendered(fixture.submission("a@example.org"));
    asking.clock.advance_ms(24 * 3600 * 1000 + 1);
    assert_eq!(asking.accept(old).await.unwrap_err(), Rejected::RenderedInvalid);
    let page = fresh(&asking);
    asking.clock.advance_ms(5_000);
    assert!(asking.accept(page).await.is_ok());
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused_and_a_fresh_stamp_is_the_same_body() {
    let fixture = Fixture::new().await;
    let keyed = |email: &str| {
        let mut submission = fixture.submission(email);
        submission.idempotency_key = Some("k".into());
        submission
    };
    let first = fixture.accept(keyed("a@example.org")).await.unwrap();
    assert_eq!(fixture.accept(keyed("b@example.org")).await.unwrap_err(), Rejected::KeyReused);
    let again = fixture.rendered(keyed("a@example.org"));
    fixture.clock.advance_ms(2_000);
    let again = fixture.accept(again).await.unwrap();
    assert_eq!((again.number, again.receipt), (first.number, first.receipt));
}

#[tokio::test]
async fn closed_and_not_yet_open_campaigns_take_nothing() {
    let times = "opens = 2025-01-01T00:00:10Z\ncloses = 2025-01-01T00:00:20Z";
    let fixture = Fixture::with(times).await;
    let send = || fixture.accept(fixture.submission("a@example.org"));
    assert_eq!(send().await.unwrap_err(), Rejected::NotYetOpen);
    fixture.clock.advance_ms(10_000);
    send().await.unwrap();
    fixture.clock.advance_ms(10_000);
    assert_eq!(send().await.unwrap_err(), Rejected::Closed);
}

#[tokio::test]
async fn one_address_meets_its_limit_and_is_told_how_long_to_wait() {
    let fixture = Fixture::with("rate_limit = 'strict'").await;
    for number in 0..5 {
        fixture.accept(fixture.submission(&format!("p{number}@example.org"))).await.unwrap();
    }
    let limited = fixture.accept(fixture.submission("q@example.org")).await.unwrap_err();
    let Rejected::RateLimited { retry_after } = limited else { panic!("{limited:?}") };
    assert!((1..=60).contains(&retry_after.as_secs()));
    assert_eq!(fixture.total(), 5);
}

#[tokio::test]
async fn an_export_opens_what_was_sealed_and_leaves_deleted_people_empty() {
    let fixture = Fixture::new().await;
    fixture.accept(fixture.submission("a@example.org")).await.unwrap();
    fixture.clock.advance_ms(31 * 24 * 3600 * 1000);
    let server = Caller::server(fixture.campaign.organization);
    let entry = audit::entry(&fixture.app, &server, "retention.delete", "", json!({}));
    fixture.app.store.expire(fixture.clock.now(), &entry).await.unwrap();
    fixture.accept(fixture.submission("b@example.org")).await.unwrap();

    let app = &fixture.app;
    let exported = async |format| {
        let (store, secrets) = (&*app.store, Arc::clone(&app.secrets));
        export::stream(format, store, secrets, &fixture.campaign, &app.config.data_dir)
            .await
            .unwrap()
    };
    let chunks: Vec<_> = exported(export::Format::Csv).await.try_collect().await.unwrap();
    let chunks: Vec<_> = chunks.into_iter().map(|chunk| chunk.bytes).collect();
    let file = String::from_utf8(chunks.concat()).unwrap();
    let lines: Vec<_> = file.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 3);
    assert!(
        lines[1].starts_with("1,2025-01-01T00:00:00Z,counted,,,KE,en,false,false,,"),
        "{}",
        lines[1]
    );
    assert!(lines[2].contains(",counted,\"'=Amina\",b@example.org,KE,"), "{}", lines[2]);
    assert!(lines[2].contains(",\"Hello, \"\"you\"\"\","), "{}", lines[2]);

    let mut lines = exported(export::Format::Ndjson).await;
    let chunk = lines.next().await.unwrap().unwrap();
    let rows: Vec<serde_json::Value> = chunk
        .bytes
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect();
    assert_eq!(rows[0]["email"], serde_json::Value::Null);
    assert_eq!((&rows[1]["name"], &rows[1]["id"]), (&"=Amina".into(), &2.into()));
}

#[tokio::test]
async fn no_name_and_no_address_stands_readable_in_the_files() {
    let fixture = Fixture::new().await;
    let mut submission = fixture.submission("canary-mailbox@example.org");
    submission.idempotency_key = Some("canary-key".into());
    fixture.accept(submission).await.unwrap();
    fixture.app.stop().await;
    for entry in std::fs::read_dir(fixture._folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for canary in ["canary", "Amina", "Hello"] {
            assert!(!bytes.windows(canary.len()).any(|it| it == canary.as_bytes()), "{canary}");
        }
    }
}

#[tokio::test]
async fn another_secret_key_is_refused_and_the_same_one_dedupes_after_a_restart() {
    let fixture = Fixture::new().await;
    fixture.accept(fixture.submission("a@example.org")).await.unwrap();
    fixture.app.stop().await;
    let start = |config: Config| {
        App::start(config, Arc::new(fixture.clock.clone()), Arc::new(SystemEntropy))
    };
    let mut other = fixture.app.config.clone();
    other.secret_key = Some("another passphrase of more than 32 characters".into());
    let error = start(other).await.err().unwrap();
    assert!(error.to_string().contains("another secret key"), "{error}");

    let app = start(fixture.app.config.clone()).await.unwrap();
    let before = fixture.app.hub.snapshot(fixture.campaign.id).unwrap().totals.epoch;
    let campaign = app.campaigns.get("c").unwrap();
    let again = accept(&app, &campaign, fixture.submission("A@example.org")).await.unwrap();
    assert_eq!((again.number, again.totals.totals.total), (1, Some(1)));
    assert!(again.totals.totals.epoch > before);
}
