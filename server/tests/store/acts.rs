//! Any sequence of what people and organizers do: after each step the counters are what the rows
//! say, and the number moves by what the step said.

use countersign::store::offline::{NewImport, NewLabelled};
use countersign::store::supporters::{Act, Acted, Corrected, Lease, NewJob, Place, Progress};
use countersign::store::{Counters, ExportRow};
use countersign_shared::Country;
use proptest::prelude::*;

use crate::harness::{DAY, Engine, Fixture, Said as _, at, check_the_oracle, entry};
use crate::postgres::Postgres;
use crate::property::run;
use crate::sqlite::Sqlite;

#[derive(Clone, Debug)]
enum Step {
    Sign {
        mailbox: u8,
        honest: bool,
        day: i64,
    },
    Act(usize, u8),
    Erase(usize),
    Correct(usize, u8),
    Import(u8, i64),
    UndoImport(usize),
    Label(u8),
    Unlabel(usize),
    /// Those whose place is in the mask.
    Bulk(u8),
    UndoBulk(usize),
}

const COUNTRIES: [&str; 3] = ["KE", "FR", "BR"];

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..8u8, prop::bool::weighted(0.75), -2..2i64)
            .prop_map(|(mailbox, honest, day)| Step::Sign { mailbox, honest, day }),
        4 => (0..8usize, 0..3u8).prop_map(|(row, act)| Step::Act(row, act)),
        1 => (0..8usize).prop_map(Step::Erase),
        2 => (0..8usize, 0..3u8).prop_map(|(row, country)| Step::Correct(row, country)),
        1 => (0..6u8, -2..2i64).prop_map(|(from, day)| Step::Import(from, day)),
        1 => (0..3usize).prop_map(Step::UndoImport),
        1 => (1..50u8).prop_map(Step::Label),
        1 => (0..3usize).prop_map(Step::Unlabel),
        2 => any::<u8>().prop_map(Step::Bulk),
        2 => (0..4usize).prop_map(Step::UndoBulk),
    ]
}

fn counters(acted: Acted) -> Option<Counters> {
    match acted {
        Acted::Done(counters) => counters,
        _ => None,
    }
}

struct World {
    fixture: Fixture,
    imports: Vec<i64>,
    labels: Vec<i64>,
    jobs: Vec<i64>,
}

impl World {
    async fn row(&self, place: usize) -> Option<ExportRow<'static>> {
        self.fixture.rows().await.into_iter().nth(place)
    }

    /// The counters that the step left behind, where it moved them.
    async fn take(&mut self, step: &Step) -> Option<Counters> {
        let (store, id) = (&self.fixture.store, self.fixture.id);
        match *step {
            Step::Sign { mailbox, honest, day } => {
                let pledge = self.fixture.pledge(mailbox);
                let pledge = if honest { pledge } else { pledge.quarantined() };
                let batch = store.record(vec![pledge], at(day * DAY)).await.unwrap();
                batch.changed.into_iter().next().map(|(_, counters)| counters)
            }
            Step::Act(place, act) => {
                let row = self.row(place).await?;
                let act = [Act::Withdraw, Act::Release, Act::Refuse][usize::from(act)];
                counters(store.act(id, row.id, act, at(0), &entry("a change")).await.unwrap())
            }
            Step::Erase(place) => {
                let row = self.row(place).await?;
                counters(store.erase(id, row.id, at(0), &entry("a change")).await.unwrap())
            }
            Step::Correct(place, country) => {
                let row = self.row(place).await?;
                let to = Corrected {
                    id: row.id,
                    fingerprint: row.fingerprint,
                    sealed_before: row.sealed.clone(),
                    sealed: None,
                    country: COUNTRIES[usize::from(country)].into(),
                    updates: row.updates,
                    public_name: row.public_name,
                };
                counters(store.correct(id, to, at(0), &entry("a change")).await.unwrap())
            }
            Step::Import(from, day) => {
                let pledges = (from..from + 3).map(|it| self.fixture.pledge(it).in_country("FR"));
                let file = NewImport {
                    campaign: id,
                    label: "a file".into(),
                    created_by: "me".into(),
                    pledges: pledges.collect(),
                    twice: 0,
                };
                let imported = store.import(file, at(day * DAY), &entry("a change")).await.unwrap();
                self.imports.push(imported.id);
                imported.counters
            }
            Step::UndoImport(place) => {
                let import = *self.imports.get(place)?;
                counters(store.undo_import(id, import, at(0), &entry("a change")).await.unwrap())
            }
            Step::Label(counted) => {
                let new = NewLabelled {
                    campaign: id,
                    label: "a box".into(),
                    country: Country::parse("BR").unwrap(),
                    counted: counted.into(),
                    created_by: "me".into(),
                };
                let (label, counters) =
                    store.add_labelled(new, at(DAY), &entry("a change")).await.unwrap();
                self.labels.push(label);
                Some(counters)
            }
            Step::Unlabel(place) => {
                let label = *self.labels.get(place)?;
                counters(store.delete_labelled(id, label, at(0), &entry("a change")).await.unwrap())
            }
            Step::Bulk(mask) => {
                let rows = self.fixture.rows().await;
                let chosen = rows.iter().enumerate().filter(|(n, _)| mask & (1 << (n % 8)) != 0);
                let matched = chosen.map(|(_, row)| row.id).collect();
                let new = NewJob {
                    campaign: id,
                    preview: false,
                    filter: "{}".into(),
                    reason: "x".into(),
                    out_of: 0,
                    created_by: "me".into(),
                };
                self.jobs.push(store.create_job(new, at(0), &entry("a change")).await.unwrap());
                let lease = Lease { worker: 1, now: at(0), until: at(1) };
                let job = store.claim_job(lease).await.unwrap().unwrap();
                let done = Progress { reached: Place::END, looked_at: 0, matched };
                assert!(store.progress_job(&job, done, lease).await.unwrap());
                store.finish_job(&job, false, lease, &entry("a job")).await.unwrap()
            }
            Step::UndoBulk(place) => {
                let job = *self.jobs.get(place)?;
                counters(store.undo_job(id, job, at(0), &entry("a change")).await.unwrap())
            }
        }
    }
}

async fn keeps_the_oracle(engine: &dyn Engine, steps: Vec<Step>) {
    let fixture = Fixture::on(engine).await;
    let mut world = World { fixture, imports: Vec::new(), labels: Vec::new(), jobs: Vec::new() };
    for step in steps {
        let before = world.fixture.counters().await;
        let moved = world.take(&step).await;
        let after = world.fixture.counters().await;
        match moved {
            Some(moved) => {
                assert_eq!(moved, after, "{step:?}");
                assert_eq!(after.seq, before.seq + 1, "{step:?}");
                let fell = after.total < before.total;
                assert!(!fell || after.reason.as_deref() == Some("removed"), "{step:?}");
            }
            None => assert_eq!(before, after, "{step:?}"),
        }
        check_the_oracle(&*world.fixture.store).await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_the_counters_are_what_the_rows_say(
        steps in prop::collection::vec(step(), 1..24)
    ) {
        run(keeps_the_oracle(&Sqlite::new(), steps));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_the_counters_are_what_the_rows_say_on_postgres(
        steps in prop::collection::vec(step(), 1..24)
    ) {
        run(keeps_the_oracle(&Postgres::new(), steps));
    }
}
