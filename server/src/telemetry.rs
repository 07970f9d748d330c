//! Logs and metrics. No line and no label holds personal data: no name, no address, no IP.

use std::io::IsTerminal as _;
use std::net::SocketAddr;

use anyhow::Context as _;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use tracing_subscriber::EnvFilter;

/// Logs go to standard error: words on a terminal, JSON with `COUNTERSIGN_LOG_FORMAT=json`. What
/// is logged follows `RUST_LOG`.
pub fn start_logs() {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,hyper=warn"));
    let json = std::env::var("COUNTERSIGN_LOG_FORMAT").is_ok_and(|format| format == "json");
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start, such as in a test, keeps the first.
    let _ = if json {
        logs.json().flatten_event(true).try_init()
    } else {
        logs.with_ansi(std::io::stderr().is_terminal()).try_init()
    };
}

/// Serves Prometheus metrics on their own listener, which is not for the public.
pub fn start_metrics(listen: SocketAddr) -> anyhow::Result<()> {
    let batch = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0];
    let seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];
    // A receiver that takes longer is given up.
    let webhook = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0];
    let mail = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 45.0];
    PrometheusBuilder::new()
        .with_http_listener(listen)
        .set_buckets_for_metric(Matcher::Full("countersign_batch_size".into()), &batch)?
        .set_buckets_for_metric(Matcher::Full("countersign_commit_seconds".into()), &seconds)?
        .set_buckets_for_metric(Matcher::Full("countersign_store_seconds".into()), &seconds)?
        .set_buckets_for_metric(Matcher::Full("countersign_http_request_seconds".into()), &seconds)?
        .set_buckets_for_metric(Matcher::Full("countersign_webhook_seconds".into()), &webhook)?
        .set_buckets_for_metric(Matcher::Full("countersign_mail_seconds".into()), &mail)?
        .install()
        .with_context(|| format!("metrics cannot listen on {listen}; set --metrics-listen"))?;
    describe();
    Ok(())
}

fn describe() {
    metrics::describe_counter!("countersign_pledges_total", "Pledges by outcome");
    metrics::describe_gauge!("countersign_queue_depth", "Pledges that wait to be written");
    metrics::describe_histogram!("countersign_batch_size", "Pledges in one transaction");
    metrics::describe_histogram!("countersign_commit_seconds", "Time of one transaction");
    metrics::describe_gauge!("countersign_open_streams", "Streams of totals that are open");
    metrics::describe_counter!("countersign_frames_sent_total", "Frames sent to streams");
    metrics::describe_gauge!(
        "countersign_store_up",
        "Whether the database answers, and takes what is written"
    );
    metrics::describe_histogram!(
        "countersign_store_seconds",
        "Time of an operation of the database"
    );
    metrics::describe_gauge!(
        "countersign_counter_drift",
        "Pledges by which counters and rows differed at the last recount"
    );
    metrics::describe_counter!(
        "countersign_relay_rereads_total",
        "Totals read from the database because they had moved without a message"
    );
    metrics::describe_counter!("countersign_webhook_deliveries_total", "Messages by outcome");
    metrics::describe_gauge!("countersign_webhook_pending", "Messages that wait for a receiver");
    metrics::describe_histogram!("countersign_webhook_seconds", "Time that receivers take");
    metrics::describe_counter!("countersign_mail_total", "E-mails by outcome");
    metrics::describe_gauge!("countersign_mail_waiting", "E-mails that are due and not sent");
    metrics::describe_gauge!("countersign_mail_failing", "Whether the mail server takes nothing");
    metrics::describe_histogram!("countersign_mail_seconds", "Time that the mail server takes");
}
