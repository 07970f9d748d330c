//! What `docs/scaling.md` says about partitions: its statements as they stand there, and then what
//! the contract asks of pledges.

use std::sync::Arc;

use countersign::store::Store;
use countersign::store::supporters::Acted;
use countersign_bench::cluster;
use tokio::sync::OnceCell;

use crate::harness::{Engine, Fixture, at, check_the_oracle, entry};
use crate::postgres::Postgres;

const DOCUMENT: &str = include_str!("../../../docs/scaling.md");

/// The one block of the document that begins a transaction.
fn statements() -> &'static str {
    let blocks = DOCUMENT.split("```sql\n").skip(1).filter_map(|rest| rest.split("\n```").next());
    blocks.into_iter().find(|block| block.starts_with("BEGIN;")).unwrap()
}

/// A Postgres whose pledges are partitioned before anybody signs.
struct Partitioned {
    whole: Postgres,
    parted: OnceCell<()>,
}

impl Partitioned {
    fn new() -> Self {
        Self { whole: Postgres::new(), parted: OnceCell::new() }
    }
}

#[async_trait::async_trait]
impl Engine for Partitioned {
    async fn open(&self) -> Arc<dyn Store> {
        let part = async {
            self.whole.open().await.close().await;
            self.whole.sql(statements()).await;
        };
        self.parted.get_or_init(|| part).await;
        self.whole.open().await
    }

    async fn sql(&self, statements: &'static str) {
        self.whole.sql(statements).await;
    }
}

crate::contract::run_on!(Partitioned::new();
    fifty_identical_posts_make_one_row_plus_one_and_one_receipt,
    a_request_sent_again_gets_its_first_answer,
    a_second_signature_by_the_same_mailbox_adds_nothing,
    numbers_rise_through_a_batch_and_over_batches,
    a_batch_may_hold_several_campaigns,
    an_honest_signature_takes_over_from_a_quarantined_one,
    personal_data_past_its_retention_is_deleted_and_the_count_stays,
    a_seeded_counter_drift_is_found_and_repaired,
    an_export_is_one_snapshot_in_the_order_of_signing,
    an_export_has_what_was_recorded,
    a_list_walks_in_the_order_of_signing_and_misses_nobody,
    those_apart_are_found_by_why_and_people_by_their_fingerprint,
    rows_that_do_not_fit_are_passed_over_and_each_is_looked_at_once,
    every_column_of_a_search_is_asked,
    fault_11_erasure_or_withdrawal_while_counting_exactly_minus_1_once,
    a_job_takes_all_it_found_out_of_the_number_in_one_step_and_puts_them_back,
    a_job_undoes_only_what_it_did_itself,
    a_file_adds_those_who_had_not_signed_and_is_undone_once,
    what_was_counted_is_told_to_those_who_listen_and_nothing_else_is,
);

#[tokio::test]
async fn what_was_there_before_the_partitions_is_there_afterwards_and_erasure_takes_the_person() {
    let engine = Postgres::new();
    let before = Fixture::on(&engine).await;
    before.record((0..5).map(|mailbox| before.pledge(mailbox)).collect()).await;
    let (rows, indexed) = (before.rows().await, indexes(&engine).await);
    before.store.close().await;

    engine.sql(statements()).await;
    let after = Fixture::on(&engine).await;
    assert_eq!(format!("{:?}", after.rows().await), format!("{rows:?}"));
    assert_eq!(after.total().await, 5);
    let indexes = indexes(&engine).await;
    for index in indexed {
        assert!(indexes.contains(&index), "{index} is lost: {indexes:?}");
    }
    let bulk = "INSERT INTO bulk_jobs (id, campaign_id, preview, filter, reason, state, created_by, created_at)
                VALUES (1, 1, false, '{}', '', 'done', '', 0);
                INSERT INTO bulk_pledges SELECT 1, id FROM pledges";
    engine.sql(bulk).await;
    let erased = after.store.erase(after.id, rows[0].id, at(0), &entry("a change")).await.unwrap();
    assert!(matches!(erased, Acted::Done(Some(_))), "{erased:?}");
    for table in ["people", "bulk_pledges"] {
        assert_eq!(count(&engine, table).await, 4, "{table} forgets who was erased");
    }
    check_the_oracle(&*after.store).await;
}

/// What is looked up by an index, however the index is called.
async fn indexes(engine: &Postgres) -> Vec<String> {
    let sql = "SELECT substring(indexdef FROM 'USING.*') FROM pg_indexes
               WHERE tablename = 'pledges' AND indexname <> 'pledges_pkey'";
    sqlx::query_scalar(sql).fetch_all(&mut engine.connect().await).await.unwrap()
}

async fn count(engine: &Postgres, table: &str) -> i64 {
    let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
    sqlx::query_scalar(sql).fetch_one(&mut engine.connect().await).await.unwrap()
}

#[tokio::test]
async fn the_statements_are_all_or_nothing() {
    let engine = Partitioned::new();
    engine.open().await.close().await;
    let again = cluster::execute(engine.whole.url().await, statements()).await;
    assert!(again.is_err(), "a table that is partitioned is left alone");
    engine.open().await;
}
