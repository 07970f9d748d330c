//! Threads for streams beside all others: whoever watches gives way to whoever signs.
//!
//! A frame goes to thousands of viewers at once. From threads of their own, which the kernel runs
//! when little else wants the processor, that many writes hold up no pledge.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::runtime::{Builder, Runtime};

/// How far these threads stand back, on the kernel's scale up to 19: next to any other thread that
/// has work, they get a tenth of a processor; all of it where nobody else wants it.
const NICE: i32 = 10;

/// The threads. They start with the first work.
#[derive(Default)]
pub struct Aside(Mutex<Threads>);

#[derive(Default)]
enum Threads {
    #[default]
    NotYet,
    Running(Runtime),
    /// They could not be started: streams run on the threads of everything else.
    None,
    Ended,
}

impl Aside {
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut threads = self.lock();
        if matches!(*threads, Threads::NotYet) {
            *threads = start().map_or_else(
                |error| {
                    tracing::warn!(%error, "no threads for streams: they share those of pledges");
                    Threads::None
                },
                Threads::Running,
            );
        }
        match &*threads {
            Threads::Running(runtime) => drop(runtime.spawn(work)),
            Threads::Ended => {}
            Threads::NotYet | Threads::None => drop(tokio::spawn(work)),
        }
    }

    /// Cuts off what is under way; what comes later is dropped.
    pub fn end(&self) {
        let threads = std::mem::replace(&mut *self.lock(), Threads::Ended);
        if let Threads::Running(runtime) = threads {
            // Waiting for the threads is not for an asynchronous place.
            runtime.shutdown_background();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Threads> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.end();
    }
}

fn start() -> io::Result<Runtime> {
    Builder::new_multi_thread()
        .thread_name("streams")
        .on_thread_start(stand_back)
        .enable_time()
        .build()
}

#[cfg(target_os = "linux")]
fn stand_back() {
    // To Linux a thread is a process in this, and one's own priority may always be lowered.
    if let Err(error) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICE) {
        tracing::warn!(%error, "streams cannot give way to pledges: setpriority is not allowed");
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
        aside.spawn(async move {
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
        aside.spawn(async move {
            std::future::pending::<()>().await;
            drop(held);
        });
        aside.end();
        assert!(gone.await.is_err());
        let (held, late) = oneshot::channel::<()>();
        aside.spawn(async move { drop(held) });
        assert!(late.await.is_err(), "dropped, and nobody panics");
    }
}
