//! A store with a campaign in it, and words to fill it with.

use std::sync::Arc;

use countersign::campaign::Campaign;
use countersign::secrets::{Master, Secrets};
use countersign::store::audit::{Entry, NewLine};
use countersign::store::insight::Days;
use countersign::store::{
    Batch, CampaignId, Counters, ExportRow, Identity, NewPledge, OrganizationId, Outcome,
    QuarantineReason, RequestKey, RowStream, Store, Verdict,
};
use countersign_shared::Country;
use futures_util::TryStreamExt as _;
use jiff::Timestamp;

/// A database engine, for tests that run on all of them.
#[async_trait::async_trait]
pub trait Engine: Send + Sync {
    /// Opens the same database again and again.
    async fn open(&self) -> Arc<dyn Store>;

    /// Runs SQL that no store would, to damage what is stored.
    async fn sql(&self, statements: &'static str);
}

/// 2025-01-01T00:00:00Z and so many milliseconds.
pub fn at(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(1_735_689_600_000 + milliseconds).unwrap()
}

pub fn secrets() -> Secrets {
    Secrets::derive(&Master::from_bytes([1; 32]))
}

/// A line of the first organization, which is written with a change.
pub fn entry(subject: &str) -> Entry {
    let line = NewLine {
        at: at(0),
        organization: OrganizationId(1),
        actor: "ada@example.org".into(),
        action: "campaign.update".into(),
        subject: subject.into(),
        detail: "{\"é\": [1, 2]}".into(),
    };
    Entry { line, link: secrets().audit_link() }
}

pub const DAY: i64 = 24 * 60 * 60 * 1000;

pub fn campaign(slug: &str, extra: &str) -> Campaign {
    Campaign::from_toml(&format!(
        "slug = '{slug}'\ndefault_locale = 'en'\norigins = ['*']\ncontroller = 'Us'\n\
         contact = 'us@example.org'\nretention_days = 30\n{extra}\n[texts.en]\ntitle = 'T'\n\
         pledge = 'P'\nthanks = 'Y'\nbutton = 'B'\nprivacy = 'R'\n"
    ))
    .unwrap()
}

pub struct Fixture {
    pub store: Arc<dyn Store>,
    pub id: CampaignId,
}

impl Fixture {
    pub async fn on(engine: &dyn Engine) -> Self {
        Self::with(engine, "").await
    }

    /// With more lines in the campaign file.
    pub async fn with(engine: &dyn Engine, extra: &str) -> Self {
        let store = engine.open().await;
        let id = apply(&*store, "one", extra).await;
        Self { store, id }
    }

    pub async fn record(&self, batch: Vec<NewPledge>) -> Batch {
        self.store.record(batch, at(0)).await.unwrap()
    }

    pub async fn outcomes(&self, batch: Vec<NewPledge>) -> Vec<Outcome> {
        self.record(batch).await.outcomes
    }

    pub async fn counters(&self) -> Counters {
        self.store.counters(self.id).await.unwrap()
    }

    pub async fn total(&self) -> u64 {
        self.counters().await.total
    }

    pub async fn rows(&self) -> Vec<ExportRow<'static>> {
        exported(self.store.export(self.id).await.unwrap()).await
    }

    /// A pledge by this mailbox, from Kenya.
    pub fn pledge(&self, mailbox: u8) -> NewPledge {
        pledge(self.id, mailbox)
    }
}

pub async fn apply(store: &dyn Store, slug: &str, extra: &str) -> CampaignId {
    store.apply_campaign(&campaign(slug, extra), at(0)).await.unwrap();
    let campaigns = store.campaigns().await.unwrap();
    campaigns.iter().find(|stored| stored.campaign.slug.as_str() == slug).unwrap().id
}

pub fn pledge(campaign: CampaignId, mailbox: u8) -> NewPledge {
    NewPledge {
        campaign,
        identity: identity(1, mailbox),
        earlier: Vec::new(),
        request: None,
        verdict: Verdict::Count,
        country: Country::parse("KE").unwrap(),
        locale: "en".into(),
        public_name: false,
        updates: true,
        suspicious: false,
        source: "{}".into(),
        receipt: format!("RECEIPT{mailbox}"),
        mail: None,
    }
}

/// This mailbox under an edition of the key: to the store, one mailbox is another then.
pub fn identity(key_version: u16, mailbox: u8) -> Identity {
    let mut fingerprint = [mailbox; 16];
    if key_version > 1 {
        fingerprint[0] = !mailbox;
    }
    Identity { key_version, fingerprint, sealed: vec![mailbox, 0, 255] }
}

/// Says a pledge otherwise than [`pledge`] does.
pub trait Said: Sized {
    fn in_country(self, code: &str) -> Self;
    fn with_key(self, key: u8, body: u8) -> Self;
    fn quarantined(self) -> Self;
    fn receipt(self, receipt: &str) -> Self;
}

impl Said for NewPledge {
    fn in_country(mut self, code: &str) -> Self {
        self.country = Country::parse(code).unwrap();
        self
    }

    fn with_key(mut self, key: u8, body: u8) -> Self {
        self.request = Some(RequestKey { key: [key; 16], body: [body; 16] });
        self
    }

    fn quarantined(mut self) -> Self {
        self.verdict = Verdict::Quarantine(QuarantineReason::Honeypot);
        self
    }

    fn receipt(mut self, receipt: &str) -> Self {
        self.receipt = receipt.into();
        self
    }
}

/// All rows of an export.
pub async fn exported(rows: RowStream) -> Vec<ExportRow<'static>> {
    let texts: Vec<_> = rows.try_collect().await.unwrap();
    texts.iter().flat_map(|text| text.rows().map(|row| row.unwrap().into_owned())).collect()
}

/// Everything that must hold at any time.
pub async fn check_the_oracle(store: &dyn Store) {
    for recount in store.recount(false).await.unwrap() {
        assert!(!recount.drifts(), "{recount:?}");
    }
    for stored in store.campaigns().await.unwrap() {
        let counters = store.counters(stored.id).await.unwrap();
        assert_eq!(counters.total, counters.countries.values().sum::<u64>());
        let rows = exported(store.export(stored.id).await.unwrap()).await;
        let counted = rows.iter().filter(|row| row.state == "counted").count() as u64;
        let channels = store.channel_counts(stored.id).await.unwrap();
        assert_eq!(counters.total, counted + channels.labelled);
        let slots = store.minutes(stored.id, 0).await.unwrap().slots;
        let typed: u64 = slots.iter().map(|slot| slot.paper).sum();
        assert_eq!(typed, channels.imported + channels.labelled, "{channels:?}");
        let sources = store.sources(stored.id, Days::ALL).await.unwrap();
        let paper = sources.iter().filter(|sum| sum.signed_here() < sum.signed);
        assert_eq!(paper.map(|sum| sum.signed).sum::<u64>(), typed, "{sources:?}");
        let history = store
            .history(stored.id, countersign::store::Bucket::Minute, Timestamp::UNIX_EPOCH)
            .await
            .unwrap();
        assert_eq!(history.last().map_or(0, |point| point.total), counters.total);
    }
}
