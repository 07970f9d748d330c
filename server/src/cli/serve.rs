//! `countersign serve`.

use std::sync::Arc;

use anyhow::Context as _;
use tokio::net::TcpListener;

use crate::clock::{SystemClock, SystemEntropy};
use crate::config::Config;
use crate::{App, telemetry};

pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    if let Some(listen) = config.metrics_listen {
        telemetry::start_metrics(listen)?;
    }
    let listen = config.listen;
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("{listen} is taken or not ours; choose another with --listen"))?;
    let app = App::start(config, Arc::new(SystemClock), Arc::new(SystemEntropy)).await?;
    tracing::info!(%listen, url = app.config.public_url, "countersign listens");
    if app.campaigns.all().is_empty() {
        tracing::warn!("there is no campaign yet: `countersign campaign apply FILE` makes one");
    }
    crate::serve(listener, app, interrupted()).await
}

/// Ends with Ctrl-C, or with the SIGTERM of whoever runs the server.
pub(super) async fn interrupted() {
    let ctrl_c = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = ctrl_c => {}
        () = terminate => {}
    }
}
