//! `GET …/history`: the total over time.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use countersign_shared::{Code, FieldError, Problem, routes};
use http::request::Parts;
use http::{HeaderValue, header};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use super::campaign::Found;
use super::widget_state::query;
use crate::http::error::ApiError;
use crate::http::web::Web;
use crate::store::{Bucket, CampaignId, HistoryPoint, StoredCampaign};

/// A count over all rows is dear, so one answer serves everyone for this long.
const FRESH: SignedDuration = SignedDuration::from_secs(30);
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=30");

/// Answers made a moment ago. Asking twice at once counts once.
#[derive(Default)]
pub struct HistoryCache(Mutex<HashMap<(CampaignId, Bucket), (Timestamp, Bytes)>>);

/// The total over time.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct History {
    pub campaign: String,
    /// `minute` (the last day), `hour` (the last 90 days) or `day` (all).
    pub bucket: String,
    /// Oldest first; buckets in which nobody signed are left out. Empty while the count is hidden.
    pub points: Vec<Point>,
}

/// What happened within one bucket.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Point {
    /// When the bucket begins, RFC 3339 in UTC.
    pub start: String,
    /// Pledges counted within it.
    pub counted: u64,
    /// The total at its end.
    pub total: u64,
}

/// The `bucket` of the query string.
pub struct Asked(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(query(parts, "bucket")))
    }
}

/// The total over time, in buckets of a minute, an hour or a day.
#[utoipa::path(
    get,
    path = routes::HISTORY,
    tag = "totals",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("bucket" = Option<String>, Query, description = "`minute`, `hour` (the default) or `day`"),
    ),
    responses(
        (status = 200, description = "The total over time", body = History),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No such bucket", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn show(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
    Asked(asked): Asked,
) -> Result<Response, ApiError> {
    let (bucket, name, reach) = match asked.as_deref().unwrap_or("hour") {
        "minute" => (Bucket::Minute, "minute", Some(SignedDuration::from_hours(24))),
        "hour" => (Bucket::Hour, "hour", Some(SignedDuration::from_hours(24 * 90))),
        "day" => (Bucket::Day, "day", None),
        _ => return Err(ApiError::fields(vec![FieldError::new("bucket", Code::FieldInvalid)])),
    };
    let now = web.app.clock.now();
    let mut cache = web.history.0.lock().await;
    let kept = cache.get(&(campaign.id, bucket));
    let json = match kept.filter(|(made, _)| now.duration_since(*made).abs() < FRESH) {
        Some((_, json)) => json.clone(),
        None => {
            let since = reach.and_then(|reach| now.checked_sub(reach).ok());
            let points =
                points(&web, &campaign, bucket, since.unwrap_or(Timestamp::UNIX_EPOCH)).await?;
            let campaign_slug = campaign.campaign.slug.as_str().to_owned();
            let history = History { campaign: campaign_slug, bucket: name.to_owned(), points };
            let json = Bytes::from(serde_json::to_vec(&history).map_err(ApiError::internal)?);
            cache.insert((campaign.id, bucket), (now, json.clone()));
            json
        }
    };
    let content = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    Ok(([(header::CACHE_CONTROL, CACHE)], content, json).into_response())
}

/// None while the campaign hides its count: the buckets would add up to it.
async fn points(
    web: &Web,
    campaign: &StoredCampaign,
    bucket: Bucket,
    since: Timestamp,
) -> Result<Vec<Point>, ApiError> {
    let shown = web.app.hub.snapshot(campaign.id).is_some_and(|now| now.totals.total.is_some());
    if !shown {
        return Ok(Vec::new());
    }
    let points = web.app.store.history(campaign.id, bucket, since).await?;
    Ok(points.into_iter().map(Point::from).collect())
}

impl From<HistoryPoint> for Point {
    fn from(point: HistoryPoint) -> Self {
        Self { start: point.start.to_string(), counted: point.counted, total: point.total }
    }
}
