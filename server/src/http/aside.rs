//! A place for streams beside everything else: whoever watches gives way to whoever signs.
//!
//! A frame goes to thousands of viewers at once. From threads of their own, which the kernel runs
//! when little else wants the processor, that many writes hold up no pledge.

use std::io;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;

/// How far these threads stand back, on the kernel's scale up to 19: next to any other thread that
/// has work, they get a tenth of a processor; all of it where nobody else wants it.
const NICE: i32 = 10;

/// What a connection hears from the requests on it; each of them carries it.
#[derive(Default)]
pub struct Line {
    /// A request has come.
    pub asked: Notify,
    /// The answer is a stream: it is the connection's last.
    pub streams: Notify,
}

/// Threads for streams. They start with the first one.
#[derive(Default)]
pub struct Aside(OnceLock<Option<Threads>>);

struct Threads(Option<Runtime>);

impl Aside {
    /// Goes on with a connection that began to stream.
    pub fn take(&self, connection: impl Future<Output = ()> + Send + 'static) {
        let threads = self.0.get_or_init(|| {
            let started = Threads::start();
            let error = started.as_ref().err();
            if let Some(error) = error {
                tracing::warn!(%error, "no threads for streams: they share those of the pledges");
            }
            started.ok()
        });
        match threads.as_ref().and_then(|threads| threads.0.as_ref()) {
            Some(runtime) => drop(runtime.spawn(connection)),
            None => drop(tokio::spawn(connection)),
        }
    }
}

impl Threads {
    fn start() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .thread_name("streams")
            .on_thread_start(stand_back)
            .enable_time()
            .build()?;
        Ok(Self(Some(runtime)))
    }
}

impl Drop for Threads {
    /// Whoever still streams is cut off. Waiting for the threads is not for an asynchronous place.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(target_os = "linux")]
fn stand_back() {
    // To Linux a thread is a process in this, and one's own priority may always be lowered.
    if let Err(error) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICE) {
        tracing::debug!(%error, "streams run like everything else");
    }
}

#[cfg(not(target_os = "linux"))]
fn stand_back() {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use tokio::sync::oneshot;

    use super::*;

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn streams_run_on_threads_that_stand_back() {
        let own = || rustix::process::getpriority_process(Some(rustix::thread::gettid())).unwrap();
        let (aside, before) = (Aside::default(), own());
        let (tell, told) = oneshot::channel();
        aside.take(async move {
            let name = std::thread::current().name().map(str::to_owned);
            tell.send((name, own())).unwrap();
        });
        assert_eq!(told.await.unwrap(), (Some("streams".to_owned()), NICE));
        assert_eq!(own(), before, "whoever signs does not stand back");
    }

    #[tokio::test]
    async fn what_is_under_way_ends_with_the_threads() {
        let aside = Aside::default();
        let (held, gone) = oneshot::channel::<()>();
        aside.take(async move {
            std::future::pending::<()>().await;
            drop(held);
        });
        drop(aside);
        assert!(gone.await.is_err());
    }
}
