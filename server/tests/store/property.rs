//! Any sequence of submissions, in batches of any size, against a model that fits on one screen.

use std::collections::{BTreeMap, HashMap};

use countersign::store::{CampaignId, NewPledge, Outcome, Store, Verdict};
use proptest::prelude::*;

use crate::harness::{Engine, Said as _, apply, at, check_the_oracle, pledge};
use crate::postgres::Postgres;
use crate::sqlite::Sqlite;

#[derive(Clone, Debug)]
struct Submitted {
    campaign: usize,
    mailbox: u8,
    country: usize,
    honest: bool,
    key: Option<(u8, u8)>,
}

const COUNTRIES: [&str; 3] = ["KE", "FR", "BR"];

fn submitted() -> impl Strategy<Value = Submitted> {
    let key = prop::option::of((0..6u8, 0..2u8));
    (0..2usize, 0..8u8, 0..COUNTRIES.len(), prop::bool::weighted(0.75), key).prop_map(
        |(campaign, mailbox, country, honest, key)| Submitted {
            campaign,
            mailbox,
            country,
            honest,
            key,
        },
    )
}

/// What ought to happen, one submission at a time.
#[derive(Default)]
struct Model {
    /// Whether the mailbox of a campaign is counted.
    signed: HashMap<(usize, u8), bool>,
    answers: HashMap<[u8; 16], (u8, u64, String)>,
    totals: [BTreeMap<&'static str, u64>; 2],
}

impl Model {
    fn total(&self, campaign: usize) -> u64 {
        self.totals[campaign].values().sum()
    }

    fn submit(&mut self, sent: &Submitted, receipt: &str) -> Outcome {
        let key = sent.key.map(|(key, body)| ([key; 16], body));
        if let Some((body, number, receipt)) = key.and_then(|(key, _)| self.answers.get(&key)) {
            return match key {
                Some((_, sent)) if sent == *body => {
                    Outcome::Replayed { number: *number, receipt: receipt.clone() }
                }
                _ => Outcome::KeyReused,
            };
        }
        let counted = self.signed.entry((sent.campaign, sent.mailbox)).or_insert(false);
        let is_new = sent.honest && !*counted;
        *counted |= sent.honest;
        if is_new {
            *self.totals[sent.campaign].entry(COUNTRIES[sent.country]).or_default() += 1;
        }
        let number = self.total(sent.campaign);
        if let Some((key, body)) = key {
            self.answers.insert(key, (body, number, receipt.to_owned()));
        }
        match (sent.honest, is_new) {
            (false, _) => Outcome::Quarantined { number },
            (true, true) => Outcome::Counted { number },
            (true, false) => Outcome::Duplicate { number },
        }
    }
}

fn as_pledge(sent: &Submitted, campaigns: &[CampaignId; 2], serial: usize) -> NewPledge {
    let mut made = pledge(campaigns[sent.campaign], sent.mailbox)
        .in_country(COUNTRIES[sent.country])
        .receipt(&format!("R{serial}"));
    if let Some((key, body)) = sent.key {
        made = made.with_key(key, body);
    }
    if !sent.honest {
        made = made.quarantined();
    }
    assert_eq!(made.verdict == Verdict::Count, sent.honest);
    made
}

async fn agree(engine: &dyn Engine, batches: Vec<Vec<Submitted>>) {
    let store = engine.open().await;
    let campaigns = [apply(&*store, "one", "").await, apply(&*store, "two", "").await];
    let mut model = Model::default();
    let mut serial = 0;
    for batch in batches {
        let mut pledges = Vec::new();
        let mut expected = Vec::new();
        for sent in &batch {
            serial += 1;
            expected.push(model.submit(sent, &format!("R{serial}")));
            pledges.push(as_pledge(sent, &campaigns, serial));
        }
        let recorded = store.record(pledges, at(0)).await.unwrap();
        assert_eq!(recorded.outcomes, expected);
        for (id, changed) in recorded.changed {
            let all = store.counters(id).await.unwrap();
            assert_eq!((changed.seq, changed.total), (all.seq, all.total));
            for (country, counted) in changed.countries {
                assert_eq!(all.countries[&country], counted);
            }
        }
    }
    check(&*store, &campaigns, &model).await;
}

async fn check(store: &dyn Store, campaigns: &[CampaignId; 2], model: &Model) {
    check_the_oracle(store).await;
    for (index, id) in campaigns.iter().enumerate() {
        let counters = store.counters(*id).await.unwrap();
        assert_eq!(counters.total, model.total(index));
        let countries: BTreeMap<_, _> =
            counters.countries.iter().map(|(country, n)| (country.as_str(), *n)).collect();
        assert_eq!(countries, model.totals[index]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_batches_count_what_one_by_one_would_count(
        batches in prop::collection::vec(prop::collection::vec(submitted(), 0..12), 0..6)
    ) {
        run(agree(&Sqlite::new(), batches));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_batches_count_what_one_by_one_would_count_on_postgres(
        batches in prop::collection::vec(prop::collection::vec(submitted(), 0..12), 0..6)
    ) {
        run(agree(&Postgres::new(), batches));
    }
}

pub fn run(work: impl Future<Output = ()>) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(work);
}
