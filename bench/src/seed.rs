//! Fills a database with millions of pledges in minutes: straight into the tables, counters and
//! all, so that a recount finds nothing amiss.

use std::path::Path;

use anyhow::Result;
use countersign::clock::SystemEntropy;
use countersign::secrets::{Master, Person, Secrets};
use countersign_bench::people::People;
use countersign_shared::Slug;

pub mod postgres;
pub mod sqlite;

/// The campaign of all benchmarks.
pub const CAMPAIGN: &str = "example";

/// Signatures are spread over so many milliseconds before now: ninety days.
const SPAN: i64 = 90 * 24 * 3600 * 1000;

/// Rows are sealed so many at a time.
const CHUNK: usize = 5_000;

/// Seals what a form would have brought, with the key of a data folder.
struct Sealer {
    secrets: Secrets,
    slug: Slug,
    people: People,
}

impl Sealer {
    fn of(data_dir: &Path) -> Result<Self> {
        let master = Master::load(None, data_dir, &SystemEntropy)?;
        let slug = Slug::parse(CAMPAIGN).map_err(|code| anyhow::anyhow!("{code:?}"))?;
        Ok(Self { secrets: Secrets::derive(&master), slug, people: People::new() })
    }

    fn seal(&self, id: i64, fingerprint: &[u8]) -> Result<Vec<u8>> {
        let person = self.people.person(u64::try_from(id)?);
        let person =
            Person { name: person.name, email: person.email, message: None, network: None };
        let fingerprint: [u8; 16] = fingerprint.try_into()?;
        Ok(self.secrets.seal(&self.slug, &fingerprint, &person, &SystemEntropy)?)
    }
}

fn now() -> i64 {
    use countersign::clock::{Clock as _, SystemClock};
    SystemClock.now().as_millisecond()
}

/// The middle thirty of the days that signatures are spread over, as a query.
pub fn thirty_days() -> String {
    let day = |part: i64| {
        let at = jiff::Timestamp::from_millisecond(now() - SPAN + SPAN * part / 3);
        at.map(|at| at.strftime("%F").to_string()).unwrap_or_default()
    };
    format!("from={}&to={}", day(1), day(2))
}
