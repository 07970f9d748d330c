//! The benchmarks, one file each, and the list of them.

use anyhow::Result;

use crate::context::Context;
use crate::outcome::Outcome;

mod admin;
mod export;
mod memory;
mod million;
mod nodes;
mod pledges;
mod postgres;
mod sqlite;
mod stream;
mod totals;

/// Every benchmark by name, in the order in which they are run and shown.
pub const NAMES: [&str; 12] = [
    "sqlite",
    "memory",
    "million",
    "postgres",
    "stream",
    "totals",
    "export",
    "export-large",
    "export-postgres",
    "export-postgres-large",
    "nodes",
    "admin",
];

pub async fn run(name: &str, context: &Context) -> Result<Outcome> {
    match name {
        "sqlite" => sqlite::run(context).await,
        "memory" => memory::run(context).await,
        "million" => million::run(context).await,
        "postgres" => postgres::run(context).await,
        "stream" => stream::run(context).await,
        "totals" => totals::run(context).await,
        "export" => export::sqlite(context, false).await,
        "export-large" => export::sqlite(context, true).await,
        "export-postgres" => export::postgres(context, false).await,
        "export-postgres-large" => export::postgres(context, true).await,
        "nodes" => nodes::run(context).await,
        "admin" => admin::run(context).await,
        _ => anyhow::bail!("there is no benchmark {name:?}; there are {}", NAMES.join(", ")),
    }
}
