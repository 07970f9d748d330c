//! An end for exports that would not end by themselves.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::{StreamExt as _, stream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::{Chunk, Chunks, ExportError, Place};

/// The same chunks, until `deadline`. Reading stops then, whether or not anybody takes what was
/// read: somebody who takes a few bytes now and then would keep the snapshot for as long as they
/// like. It stops as well when nobody listens any more. `place` is held until then.
pub(super) fn within(chunks: Chunks, deadline: Instant, place: Place) -> Chunks {
    let (send, received) = mpsc::channel(1);
    let whole = Arc::new(AtomicBool::new(false));
    tokio::spawn(read(chunks, send, deadline, Arc::clone(&whole), place));
    let next = |(mut received, whole): (mpsc::Receiver<_>, Arc<AtomicBool>)| async move {
        match received.recv().await {
            Some(chunk) => Some((chunk, (received, whole))),
            None if whole.swap(true, Ordering::AcqRel) => None,
            None => Some((Err(ExportError::TooLong), (received, whole))),
        }
    };
    stream::unfold((received, whole), next).fuse().boxed()
}

async fn read(
    mut chunks: Chunks,
    send: mpsc::Sender<Result<Chunk, ExportError>>,
    deadline: Instant,
    whole: Arc<AtomicBool>,
    _place: Place,
) {
    let all = async {
        while let Some(chunk) = chunks.next().await {
            if send.send(chunk).await.is_err() {
                return;
            }
        }
        whole.store(true, Ordering::Release);
    };
    tokio::select! {
        biased;
        () = sleep_until(deadline) => {}
        () = send.closed() => {}
        () = all => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use bytes::Bytes;

    use super::*;
    use crate::export::{Format, Full, Places};
    use crate::organizer::Caller;

    const LIMIT: Duration = Duration::from_secs(30 * 60);

    /// An export of so many chunks, and the places it is in.
    fn export(chunks: usize) -> (Chunks, Places) {
        let (places, caller) = (Places::default(), Caller::command_line());
        let place = places.take(&caller, Format::Xlsx).unwrap();
        let all = stream::iter((0..chunks).map(|_| Ok(Bytes::from_static(b"x").into()))).boxed();
        (within(all, Instant::now() + LIMIT, place), places)
    }

    fn is_free(places: &Places) -> bool {
        match places.take(&Caller::command_line(), Format::Xlsx) {
            Ok(_) => true,
            Err(full) => {
                assert_eq!(full, Full::Books);
                false
            }
        }
    }

    async fn until_free(places: &Places) {
        while !is_free(places) {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_export_that_is_taken_in_time_is_whole() {
        let (mut chunks, places) = export(5);
        for _ in 0..5 {
            tokio::time::sleep(LIMIT / 10).await;
            assert_eq!(chunks.next().await.unwrap().unwrap().bytes, Bytes::from_static(b"x"));
        }
        assert!(chunks.next().await.is_none());
        until_free(&places).await;
    }

    #[tokio::test(start_paused = true)]
    async fn who_reads_slowly_or_not_at_all_gets_no_whole_file_and_the_place_is_free_in_the_end() {
        for pause in [LIMIT / 3, LIMIT * 2] {
            let (mut chunks, places) = export(100);
            tokio::time::sleep(LIMIT / 2).await;
            assert!(!is_free(&places));
            tokio::time::sleep(LIMIT).await;
            assert!(is_free(&places), "though nobody has asked for a chunk");
            let mut last = None;
            while let Some(chunk) = chunks.next().await {
                tokio::time::sleep(pause).await;
                last = Some(chunk);
            }
            assert!(matches!(last, Some(Err(ExportError::TooLong))), "{last:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_went_away_leaves_the_place_at_once() {
        let (chunks, places) = export(100);
        let began = Instant::now();
        drop(chunks);
        until_free(&places).await;
        assert_eq!(began.elapsed(), Duration::ZERO);
    }
}
