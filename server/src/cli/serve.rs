//! `countersign serve`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::{TcpListener, TcpSocket};

use crate::clock::{SystemClock, SystemEntropy};
use crate::config::{Config, Database};
use crate::http::waiting::Waiting;
use crate::store::StoreError;
use crate::{App, telemetry};

/// Between tries to reach a database that does not answer.
const TRY_AGAIN: Duration = Duration::from_secs(1);

pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    if let Some(listen) = config.metrics_listen {
        telemetry::start_metrics(listen)?;
    }
    let listen = config.listen;
    let listener = bind(listen)
        .with_context(|| format!("{listen} is taken or not ours; choose another with --listen"))?;
    let (listener, app) = tokio::select! {
        started = start(config, listener) => started?,
        () = interrupted() => return Ok(()),
    };
    tracing::info!(%listen, url = app.config.public_url, "countersign listens");
    if app.campaigns.all().is_empty() {
        tracing::warn!("there is no campaign yet: `countersign campaign apply FILE` makes one");
    }
    crate::serve(listener, app, interrupted()).await
}

/// So many connections may wait to be accepted, as far as the kernel allows: thousands of pages that
/// come back at once find their place.
const BACKLOG: u32 = 16_384;

fn bind(listen: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if listen.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // As `TcpListener::bind` does: a server that starts again need not wait for old connections.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(listen)?;
    socket.listen(BACKLOG)
}

/// Starts once the database answers. Until then this process lives, says that it is not ready, and
/// tries again: a database that starts later than we do is no reason to give up.
async fn start(config: Config, listener: TcpListener) -> anyhow::Result<(TcpListener, Arc<App>)> {
    let socket = listener.into_std()?;
    let listener = || anyhow::Ok(TcpListener::from_std(socket.try_clone()?)?);
    let mut waiting = None;
    loop {
        let started = App::start(config.clone(), Arc::new(SystemClock), Arc::new(SystemEntropy));
        match started.await {
            Ok(app) => {
                if let Some(waiting) = waiting.take() {
                    Waiting::stop(waiting).await;
                }
                return Ok((listener()?, app));
            }
            Err(error) if may_come_back(&config, &error) => {
                if waiting.is_none() {
                    let error = format!("{error:#}");
                    tracing::warn!(
                        error,
                        "waiting for the database; /readyz says when it is there"
                    );
                    waiting = Some(Waiting::start(listener()?));
                }
                tokio::time::sleep(TRY_AGAIN).await;
            }
            Err(error) => return Err(error),
        }
    }
}

/// A server elsewhere may come back; a file of our own that cannot be used is for people to mend.
fn may_come_back(config: &Config, error: &anyhow::Error) -> bool {
    let elsewhere = matches!(config.database, Database::Postgres(_));
    elsewhere && matches!(error.downcast_ref(), Some(StoreError::Unavailable(_)))
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
