//! Takes a request's body in: not too much of it, and not for too long.

use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use countersign_shared::Code;
use futures_util::StreamExt as _;

use super::error::ApiError;

/// More than the longest pledge there is, in the widest encoding.
pub const BODY_LIMIT: usize = 64 * 1024;

/// A file that an organizer uploads, in JSON.
pub const FILE_LIMIT: usize = countersign_shared::admin::offline::IMPORT_MOST;

/// A body over the limit is read on to here and thrown away: a client that is still sending when
/// the connection closes would see a reset instead of the answer.
const DRAIN_LIMIT: usize = 32 * 1024 * 1024;

/// The whole body.
///
/// Errors: `body_too_large`, `timeout` where it takes longer than `deadline`, and `bad_request`
/// where it breaks off.
pub async fn read(body: Body, deadline: Duration) -> Result<Bytes, ApiError> {
    read_up_to(BODY_LIMIT, body, deadline).await
}

/// [`read`] with another limit than [`BODY_LIMIT`].
pub async fn read_up_to(limit: usize, body: Body, deadline: Duration) -> Result<Bytes, ApiError> {
    tokio::time::timeout(deadline, collect(body, limit))
        .await
        .unwrap_or_else(|_| Err(ApiError::new(Code::Timeout)))
}

async fn collect(body: Body, limit: usize) -> Result<Bytes, ApiError> {
    let mut chunks = body.into_data_stream();
    let mut taken = BytesMut::new();
    let mut length = 0;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| ApiError::new(Code::BadRequest))?;
        length += chunk.len();
        if length <= limit {
            taken.extend_from_slice(&chunk);
        } else if length > DRAIN_LIMIT {
            break;
        }
    }
    if length > limit {
        return Err(ApiError::new(Code::BodyTooLarge).detail(most(limit)));
    }
    Ok(taken.freeze())
}

/// The limit that held, in words.
fn most(limit: usize) -> String {
    let (size, unit) = match limit {
        1_048_576.. => (limit / 1_048_576, "MiB"),
        _ => (limit / 1_024, "KiB"),
    };
    format!("At most {size} {unit} are taken here.")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const DEADLINE: Duration = Duration::from_secs(10);

    #[tokio::test]
    async fn the_limit_itself_still_fits() {
        let body = Body::from(vec![b'x'; BODY_LIMIT]);
        assert_eq!(read(body, DEADLINE).await.unwrap().len(), BODY_LIMIT);
        let body = Body::from(vec![b'x'; BODY_LIMIT + 1]);
        assert_eq!(read(body, DEADLINE).await.unwrap_err().code(), Code::BodyTooLarge);
    }

    #[tokio::test]
    async fn a_body_that_is_too_long_is_told_the_limit_that_held() {
        for (limit, said) in [
            (BODY_LIMIT, "At most 64 KiB are taken here."),
            (FILE_LIMIT, "At most 20 MiB are taken here."),
        ] {
            let body = Body::from(vec![b'x'; limit + 1]);
            let problem = read_up_to(limit, body, DEADLINE).await.unwrap_err().problem();
            assert_eq!(problem.detail.as_deref(), Some(said));
            assert!(!problem.title.contains("KiB"), "{}", problem.title);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_timed_out() {
        let never = futures_util::stream::pending::<Result<Bytes, std::io::Error>>();
        let answer = read(Body::from_stream(never), DEADLINE).await;
        assert_eq!(answer.unwrap_err().code(), Code::Timeout);
    }

    /// The number before `unit` in the first line after `start` that begins with `setting`.
    fn megabytes(text: &str, start: &str, setting: &str, unit: &str) -> usize {
        let (_, block) = text.split_once(start).unwrap();
        let line = block.lines().map(str::trim).find_map(|line| line.strip_prefix(setting));
        line.unwrap().trim().trim_end_matches(';').strip_suffix(unit).unwrap().parse().unwrap()
    }

    #[test]
    fn the_proxies_of_the_examples_let_organizers_files_through() {
        let nginx = include_str!("../../../deploy/nginx/countersign.conf");
        let nginx = megabytes(nginx, "location /api/v1/admin/ {", "client_max_body_size", "m");
        let caddy = include_str!("../../../deploy/caddy/Caddyfile");
        let caddy = megabytes(caddy, "request_body @admin {", "max_size", "MiB");
        for limit in [nginx, caddy] {
            assert!(limit * 1024 * 1024 > FILE_LIMIT, "{limit} MiB");
        }
    }
}
