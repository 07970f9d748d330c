//! What is asked again and again reads an index that holds little more than the answer, however
//! many have signed.

#![allow(clippy::unwrap_used)]

use sqlx::{AssertSqlSafe, SqlitePool};

use super::{export, insight, open, supporters};

/// The index with all pledges of a campaign.
const EVERYBODY: &str = "pledges_listed";

#[tokio::test]
async fn what_a_page_asks_again_and_again_does_not_read_a_whole_campaign() {
    let folder = tempfile::tempdir().unwrap();
    let (_, readers) = open::open(&folder.path().join("plans.sqlite")).await.unwrap();
    for query in [
        insight::PLEDGES_CHANNELS,
        supporters::PLEDGES_IMPORTED,
        supporters::PLEDGES_APART_COUNT,
        supporters::PLEDGES_APART,
    ] {
        let steps = plan(&readers, query).await;
        let whole = |step: &String| step.contains("SCAN pledges") || step.contains(EVERYBODY);
        assert!(!steps.iter().any(whole), "{steps:?}\nin {query}");
        assert!(steps.iter().any(|step| step.contains("INDEX pledges_")), "{steps:?}");
    }
    // This one counts everybody, on purpose.
    let steps = plan(&readers, export::PLEDGES_STORED).await;
    assert!(steps.iter().any(|step| step.contains(EVERYBODY)), "{steps:?}");
}

async fn plan(readers: &SqlitePool, query: &str) -> Vec<String> {
    let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
    let steps: Vec<(i64, i64, i64, String)> =
        sqlx::query_as(explain).fetch_all(readers).await.unwrap();
    steps.into_iter().map(|(.., step)| step).collect()
}
