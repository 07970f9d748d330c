//! Postgres: the contract, and what only this engine, or two nodes on it, can get wrong.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use countersign::organizer::audit::verify;
use countersign::store::postgres::PostgresStore;
use countersign::store::supporters::Act;
use countersign::store::{Outcome, Store, StoreError};
use countersign_bench::cluster::{self, Cluster, Durability};
use futures_util::future::join_all;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::sync::OnceCell;

use crate::harness::{
    Engine, Fixture, Said as _, apply, at, campaign, check_the_oracle, entry, pledge, secrets,
};

/// One server for all tests of this process. What is stored matters here, not the disk.
fn server() -> &'static Cluster {
    static SERVER: OnceLock<Cluster> = OnceLock::new();
    SERVER.get_or_init(|| Cluster::given_or_start(Durability::None).unwrap())
}

#[derive(Default)]
pub struct Postgres(OnceCell<String>);

impl Postgres {
    pub fn new() -> Self {
        Self::default()
    }

    /// A database of this test alone.
    pub async fn url(&self) -> &str {
        self.0.get_or_init(|| async { server().database().await.unwrap() }).await
    }

    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect(self.url().await).await.unwrap()
    }
}

impl Postgres {
    /// Where a deadlock stays, and nobody is told to try again. Who may not set that tests without.
    async fn breaks_no_deadlock(&self) {
        let mut connection = self.connect().await;
        let name = "SELECT current_database()";
        let name: String = sqlx::query_scalar(name).fetch_one(&mut connection).await.unwrap();
        let change = format!("ALTER DATABASE \"{name}\" SET deadlock_timeout = '1h'");
        if let Err(error) = sqlx::query(AssertSqlSafe(change)).execute(&mut connection).await {
            println!("deadlocks are broken here, and not seen: {error}");
        }
    }
}

/// Ends what would hang.
async fn without_deadlock<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), work).await.expect("a deadlock")
}

#[async_trait::async_trait]
impl Engine for Postgres {
    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(PostgresStore::open(self.url().await, 4).await.unwrap())
    }

    async fn sql(&self, statements: &'static str) {
        cluster::execute(self.url().await, statements).await.unwrap();
    }
}

crate::contract::run_on!(Postgres::new());

#[tokio::test]
async fn very_many_ceremonies_keep_nobody_out() {
    let fill = "INSERT INTO ceremonies (hash, state, expires_at)
        SELECT decode(lpad(to_hex(n), 64, '0'), 'hex'), '{}', 1735689600000 + 1000 + n
        FROM generate_series(1, 10000) AS n";
    crate::contract::very_many_ceremonies_keep_nobody_out(&Postgres::new(), fill).await;
}

#[tokio::test]
async fn fault_08_an_older_binary_on_a_newer_schema_refuses_to_start() {
    let engine = Postgres::new();
    engine.open().await.close().await;
    engine
        .sql(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (9999, 'from the future', true, '\\x00', 0)",
        )
        .await;
    let error = PostgresStore::open(engine.url().await, 4).await.err().unwrap();
    assert!(matches!(error, StoreError::NewerSchema(_)), "{error}");
    assert!(error.to_string().contains("migration 9999"), "{error}");
}

#[tokio::test]
async fn many_nodes_that_start_at_once_on_a_new_database_all_come_up() {
    let engine = Postgres::new();
    engine.url().await;
    let opened = join_all((0..6).map(|_| engine.open())).await;
    for store in opened {
        store.close().await;
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable_and_a_wrong_database_is_not() {
    let gone = PostgresStore::open("postgres://x@localhost/x?host=/nowhere", 4).await;
    assert!(matches!(gone.err().unwrap(), StoreError::Unavailable(_)));
    let wrong = PostgresStore::open(&server().url("no_such_database"), 4).await;
    assert!(matches!(wrong.err().unwrap(), StoreError::Broken(_)));
}

#[tokio::test]
async fn two_nodes_that_sign_the_same_mailboxes_at_once_count_each_once_and_never_deadlock() {
    let engine = Postgres::new();
    engine.breaks_no_deadlock().await;
    let (one, two) = (Fixture::on(&engine).await, Fixture::on(&engine).await);
    let rounds = async |node: &Fixture, forward: bool| {
        let mut counted = 0;
        for round in 0..20u8 {
            let mut mailboxes: Vec<u8> = (0..10).map(|n| round * 10 + n).collect();
            if !forward {
                mailboxes.reverse();
            }
            let batch = mailboxes.iter().map(|mailbox| node.pledge(*mailbox)).collect();
            let outcomes = node.outcomes(batch).await;
            counted += outcomes.iter().filter(|it| matches!(it, Outcome::Counted { .. })).count();
        }
        counted
    };
    let both = async { tokio::join!(rounds(&one, true), rounds(&two, false)) };
    let (first, second) = without_deadlock(both).await;
    assert_eq!(first + second, 200, "{first} and {second}");
    assert_eq!(one.total().await, 200);
    check_the_oracle(&*one.store).await;
}

#[tokio::test]
async fn numbers_are_given_once_over_all_nodes() {
    let engine = Postgres::new();
    let nodes = join_all((0..3).map(|_| Fixture::on(&engine))).await;
    let sign = async |node: usize| {
        let mut numbers = Vec::new();
        for n in 0..20u8 {
            let mailbox = node as u8 * 20 + n;
            match nodes[node].outcomes(vec![nodes[node].pledge(mailbox)]).await[0] {
                Outcome::Counted { number } => numbers.push(number),
                ref other => panic!("{other:?}"),
            }
        }
        numbers
    };
    let mut numbers: Vec<u64> = join_all((0..3).map(sign)).await.concat();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=60).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_same_request_at_two_nodes_at_once_is_one_pledge_with_one_answer() {
    let engine = Postgres::new();
    let (one, two) = (Fixture::on(&engine).await, Fixture::on(&engine).await);
    for key in 0..20 {
        let sent = one.pledge(key).with_key(key, 0);
        let (a, b) =
            tokio::join!(one.outcomes(vec![sent.clone()]), two.outcomes(vec![sent.clone()]));
        let number = u64::from(key) + 1;
        let again = Outcome::Replayed { number, receipt: format!("RECEIPT{key}") };
        let mut both = [a[0].clone(), b[0].clone()];
        both.sort_by_key(|outcome| *outcome == again);
        assert_eq!(both, [Outcome::Counted { number }, again]);
    }
    assert_eq!(one.total().await, 20);
    check_the_oracle(&*one.store).await;
}

#[tokio::test]
async fn the_same_key_with_another_body_at_two_nodes_at_once_stores_one() {
    let engine = Postgres::new();
    let (one, two) = (Fixture::on(&engine).await, Fixture::on(&engine).await);
    for key in 0..20 {
        let first = one.pledge(key).with_key(key, 0);
        let other = two.pledge(100 + key).with_key(key, 1);
        let (a, b) = tokio::join!(one.outcomes(vec![first]), two.outcomes(vec![other]));
        let refused = [&a[0], &b[0]].iter().filter(|it| ***it == Outcome::KeyReused).count();
        assert_eq!(refused, 1, "{a:?} {b:?}");
    }
    assert_eq!((one.total().await, one.rows().await.len()), (20, 20));
    check_the_oracle(&*one.store).await;
}

#[tokio::test]
async fn fault_10_a_campaign_that_one_node_closes_is_closed_for_the_other() {
    let engine = Postgres::new();
    let (one, two) = (Fixture::on(&engine).await, Fixture::on(&engine).await);
    assert_eq!(two.outcomes(vec![two.pledge(1)]).await, [Outcome::Counted { number: 1 }]);
    apply(&*one.store, "one", "closes = 2025-01-01T00:00:00Z").await;
    assert_eq!(two.outcomes(vec![two.pledge(2)]).await, [Outcome::Closed]);
    assert_eq!(two.total().await, 1);
}

#[tokio::test]
async fn a_campaign_is_not_closed_before_the_pledges_that_found_it_open() {
    let engine = Postgres::new();
    let fixture = Fixture::on(&engine).await;
    let mut batch = engine.connect().await;
    let mut open = batch.begin().await.unwrap();
    sqlx::query("SELECT FROM campaigns FOR SHARE").execute(&mut *open).await.unwrap();
    let store = Arc::clone(&fixture.store);
    let mut closing = tokio::spawn(async move {
        apply(&*store, "one", "closes = 2025-01-01T00:00:00Z").await;
    });
    let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted";
    let mut watcher = engine.connect().await;
    loop {
        let waiting: i64 = sqlx::query_scalar(waiting).fetch_one(&mut watcher).await.unwrap();
        if waiting > 0 {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert!(!closing.is_finished());
    open.commit().await.unwrap();
    (&mut closing).await.unwrap();
}

#[tokio::test]
async fn two_campaigns_in_either_order_at_two_nodes_never_deadlock() {
    let engine = Postgres::new();
    engine.breaks_no_deadlock().await;
    let (one, two) = (Fixture::on(&engine).await, Fixture::on(&engine).await);
    let other = apply(&*one.store, "two", "").await;
    let rounds = async |node: &Fixture, offset: u8| {
        for n in 0..30 {
            let mailbox = offset + n;
            let mut batch = vec![node.pledge(mailbox), pledge(other, mailbox)];
            if offset > 0 {
                batch.reverse();
            }
            node.record(batch).await;
        }
    };
    without_deadlock(async { tokio::join!(rounds(&one, 0), rounds(&two, 100)) }).await;
    assert_eq!(one.total().await, 60);
    check_the_oracle(&*one.store).await;
}

#[tokio::test]
async fn nodes_that_change_things_at_once_write_one_log_and_never_deadlock() {
    let engine = Postgres::new();
    engine.breaks_no_deadlock().await;
    let (one, two) = (Fixture::on(&engine).await, Fixture::on(&engine).await);
    one.record((0..40).map(|mailbox| one.pledge(mailbox)).collect()).await;
    let rows: Vec<i64> = one.rows().await.iter().map(|row| row.id).collect();
    let rounds = async |node: &Fixture, forward: bool| {
        let (store, id, line) = (&node.store, node.id, entry("a change"));
        for n in 0..20 {
            // The same people from either end, and each node some of its own.
            let row = rows[if forward { n } else { 19 - n }];
            store.act(id, row, Act::Withdraw, at(0), &line).await.unwrap();
            let own = rows[if forward { 20 + n % 10 } else { 30 + n % 10 }];
            for act in [Act::Refuse, Act::Release] {
                store.act(id, own, act, at(0), &line).await.unwrap();
            }
            let mark = store.add_mark(id, at(0), "a mark", 999, &line).await.unwrap().unwrap();
            store.append_line(&line.line, Arc::clone(&line.link)).await.unwrap();
            assert!(store.delete_mark(id, mark, &line).await.unwrap());
            let mut changed = campaign("one", "");
            changed.hide_count_below = 1 + u64::from(forward) + 2 * n as u64;
            store.save_campaign(&changed, None, at(0), &line).await.unwrap();
            node.record(vec![node.pledge(100 + n as u8)]).await;
        }
    };
    without_deadlock(async { tokio::join!(rounds(&one, true), rounds(&two, false)) }).await;
    assert_eq!(one.total().await, 40);
    let proof = verify(&*one.store, &secrets()).await.unwrap();
    // Each withdrew once, whoever was first.
    let changes = 20 + 2 * 20 * 6;
    assert_eq!((proof.broken_at, proof.lines), (None, changes));
    check_the_oracle(&*one.store).await;
}

#[tokio::test]
async fn fault_07_a_lost_connection_fails_one_batch_and_the_next_goes_through() {
    let engine = Postgres::new();
    let fixture = Fixture::on(&engine).await;
    fixture.record(vec![fixture.pledge(1)]).await;
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
    // Idle connections are asked before they are used; this one dies in the middle of its work.
    let mut lock = engine.connect().await;
    let mut held = lock.begin().await.unwrap();
    sqlx::query("LOCK TABLE pledges").execute(&mut *held).await.unwrap();
    let recording = fixture.store.record(vec![fixture.pledge(2).with_key(2, 2)], at(0));
    let killing = async {
        let mut watcher = engine.connect().await;
        let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted";
        while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut watcher).await.unwrap() == 0 {
            tokio::task::yield_now().await;
        }
        sqlx::query(kill).execute(&mut watcher).await.unwrap();
    };
    let (recorded, ()) = tokio::join!(recording, killing);
    assert!(matches!(recorded, Err(StoreError::Unavailable(_))));
    drop(held);
    let again = fixture.outcomes(vec![fixture.pledge(2).with_key(2, 2)]).await;
    assert_eq!(again, [Outcome::Counted { number: 2 }]);
    check_the_oracle(&*fixture.store).await;
}

#[tokio::test]
async fn a_recount_while_another_node_signs_finds_no_drift() {
    let engine = Postgres::new();
    let (one, two) = (Fixture::on(&engine).await, Fixture::on(&engine).await);
    let signing = async {
        for mailbox in 0..100 {
            two.record(vec![two.pledge(mailbox)]).await;
        }
    };
    let counting = async {
        for repair in [false, true].repeat(10) {
            for recount in one.store.recount(repair).await.unwrap() {
                assert!(!recount.drifts(), "{recount:?}");
            }
        }
    };
    tokio::join!(signing, counting);
    assert_eq!(one.total().await, 100);
}
