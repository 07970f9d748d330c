//! What organizers watch.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use countersign_shared::admin::insight::{
    Alarms, Countries, CountryRow, Funnel, Overview, Series, SourceRow, Sources,
};
use countersign_shared::{Code, FieldError, Problem, routes};
use http::Method;
use http::request::Parts;
use jiff::SignedDuration;
use utoipa_axum::routes;

use super::Routes;
use super::access::Rule;
use crate::hooks;
use crate::http::error::ApiError;
use crate::http::public::campaign::Found;
use crate::http::public::widget_state::query;
use crate::http::web::Web;
use crate::insight::suppress::suppress;
use crate::insight::{alarms, k_of, overview, range, series};
use crate::organizer::{Caller, Permission};
use crate::store::Bucket;
use crate::store::insight::{Days, SourceSum};

mod marks;

/// What each route asks of its caller.
pub const RULES: &[Rule] = &[
    Rule::new(Method::GET, routes::ADMIN_OVERVIEW, Permission::View),
    Rule::new(Method::GET, routes::ADMIN_SERIES, Permission::View),
    Rule::new(Method::GET, routes::ADMIN_COUNTRIES, Permission::View),
    Rule::new(Method::GET, routes::ADMIN_FUNNEL, Permission::View),
    Rule::new(Method::GET, routes::ADMIN_SOURCES, Permission::View),
    Rule::new(Method::GET, routes::ADMIN_ALARMS, Permission::View),
    Rule::new(Method::GET, routes::ADMIN_MARKS, Permission::View),
    Rule::new(Method::POST, routes::ADMIN_MARKS, Permission::Edit),
    Rule::new(Method::PUT, routes::ADMIN_MARK, Permission::Edit),
    Rule::new(Method::DELETE, routes::ADMIN_MARK, Permission::Edit),
];

pub fn routes() -> Routes {
    Routes::new()
        .routes(routes!(show_overview))
        .routes(routes!(show_series))
        .routes(routes!(show_countries))
        .routes(routes!(show_funnel))
        .routes(routes!(show_sources))
        .routes(routes!(show_alarms))
        .routes(routes!(marks::list, marks::add))
        .routes(routes!(marks::change, marks::delete))
}

/// More rows than this are of no use to anybody; what is cut off counts as hidden.
const MOST_SOURCES: usize = 200;
/// A page of minutes: eight days have 11,520.
const MINUTES_REACH: SignedDuration = SignedDuration::from_hours(24 * 8);
/// A page of hours: 400 days have 9,600.
const HOURS_REACH: SignedDuration = SignedDuration::from_hours(24 * 400);

/// What may stand in the query string.
#[derive(Default)]
pub struct Asked {
    from: Option<String>,
    to: Option<String>,
    bucket: Option<String>,
    time_zone: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let text = |name| query(parts, name);
        let (from, to, bucket) = (text("from"), text("to"), text("bucket"));
        Ok(Self { from, to, bucket, time_zone: text("time_zone") })
    }
}

impl Asked {
    fn days(&self) -> Result<Option<Days>, ApiError> {
        range::days(self.from.as_deref(), self.to.as_deref()).map_err(wrong)
    }
}

fn wrong(error: FieldError) -> ApiError {
    ApiError::fields(vec![error])
}

/// The live card: total, last hour by minute, pace, and when the goal falls.
#[utoipa::path(
    get,
    path = routes::ADMIN_OVERVIEW,
    tag = "organizers",
    params(("slug" = String, Path, description = "The campaign's short name")),
    security(("token" = [])),
    responses((status = 200, description = "As of now", body = Overview))
)]
pub async fn show_overview(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
) -> Result<Json<Overview>, ApiError> {
    Ok(Json(overview::overview(&web.app, &campaign).await?))
}

/// The total over time, by minute, hour or day of a time zone, with the marks.
#[utoipa::path(
    get,
    path = routes::ADMIN_SERIES,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("bucket" = Option<String>, Query, description = "`minute` (8 days at most; else the last day), `hour` (400 days at most; else the last 30) or `day` (the default)"),
        ("from" = Option<String>, Query, description = "A day of the time zone, or RFC 3339: the whole bucket in which it lies"),
        ("to" = Option<String>, Query, description = "The same, exclusive"),
        ("time_zone" = Option<String>, Query, description = "IANA name; UTC without it"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "Oldest first", body = Series),
        (status = 422, description = "No such bucket, time or time zone, or too many points", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn show_series(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
    asked: Asked,
) -> Result<Json<Series>, ApiError> {
    let (time_zone, zone) = range::zone(asked.time_zone.as_deref()).map_err(wrong)?;
    let (from, to) =
        range::moments(asked.from.as_deref(), asked.to.as_deref(), &zone).map_err(wrong)?;
    let name = asked.bucket.as_deref().unwrap_or("day");
    let (bucket, reach, usual) = match name {
        "minute" => (Bucket::Minute, Some(MINUTES_REACH), SignedDuration::from_hours(24)),
        "hour" => (Bucket::Hour, Some(HOURS_REACH), SignedDuration::from_hours(24 * 30)),
        "day" => (Bucket::Day, None, SignedDuration::ZERO),
        _ => return Err(wrong(FieldError::new("bucket", Code::FieldInvalid))),
    };
    let end = to.unwrap_or(web.app.clock.now());
    let from = match (from, reach) {
        (None, None) => None,
        (None, Some(_)) => end.checked_sub(usual).ok(),
        (Some(from), Some(reach)) if end.duration_since(from) > reach => {
            return Err(wrong(FieldError::new("from", Code::FieldInvalid)));
        }
        (from, _) => from,
    };
    let asked = series::Asked { bucket, zone, from, to };
    let points = series::series(&web.app, campaign.id, &asked).await?;
    Ok(Json(Series {
        bucket: name.to_owned(),
        time_zone,
        points,
        marks: marks::all(&web, &campaign).await?,
    }))
}

/// Signatures by country. Groups under the campaign's k are hidden, and others with them where one
/// could be computed.
#[utoipa::path(
    get,
    path = routes::ADMIN_COUNTRIES,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("from" = Option<String>, Query, description = "A day in UTC, inclusive"),
        ("to" = Option<String>, Query, description = "A day in UTC, exclusive"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "The largest first", body = Countries),
        (status = 422, description = "No such day", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn show_countries(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
    asked: Asked,
) -> Result<Json<Countries>, ApiError> {
    let (days, k) = (asked.days()?, k_of(&campaign.campaign));
    let groups = web.app.store.countries(campaign.id, days.unwrap_or(Days::ALL)).await?;
    let total = groups.iter().map(|(_, counted)| counted).sum();
    // Ranges may be subtracted from each other; all of time is the public total.
    let steps_of = days.map_or(0, |_| k);
    let list = suppress(groups, k).in_steps(steps_of);
    let row = |(country, counted)| CountryRow { country, counted };
    Ok(Json(Countries {
        rows: list.shown.into_iter().map(row).collect(),
        hidden_countries: list.hidden,
        hidden_counted: list.rest,
        total,
        k,
        steps_of,
    }))
}

/// From seen to shared. Views and starts are counted without cookies, addresses or identifiers.
#[utoipa::path(
    get,
    path = routes::ADMIN_FUNNEL,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("from" = Option<String>, Query, description = "A day in UTC, inclusive"),
        ("to" = Option<String>, Query, description = "A day in UTC, exclusive"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "Some seconds old at most", body = Funnel),
        (status = 422, description = "No such day", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn show_funnel(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
    asked: Asked,
) -> Result<Json<Funnel>, ApiError> {
    let days = asked.days()?.unwrap_or(Days::ALL);
    let sums = web.app.store.sources(campaign.id, days).await?;
    let since = web.app.store.first_visit(campaign.id).await?;
    let sum = |number: fn(&SourceSum) -> u64| sums.iter().map(number).sum();
    Ok(Json(Funnel {
        seen: sum(|it| it.seen),
        started: sum(|it| it.started),
        signed: sum(SourceSum::signed_here),
        shared: sum(|it| it.shared),
        since: since.map(range::date),
    }))
}

/// Where people came from, and how many of those who saw it signed.
#[utoipa::path(
    get,
    path = routes::ADMIN_SOURCES,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("from" = Option<String>, Query, description = "A day in UTC, inclusive"),
        ("to" = Option<String>, Query, description = "A day in UTC, exclusive"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "The largest first, 200 at most", body = Sources),
        (status = 422, description = "No such day", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn show_sources(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
    asked: Asked,
) -> Result<Json<Sources>, ApiError> {
    let (days, k) = (asked.days()?, k_of(&campaign.campaign));
    let sums = web.app.store.sources(campaign.id, days.unwrap_or(Days::ALL)).await?;
    let steps_of = days.map_or(0, |_| k);
    let signed = sums.iter().map(|sum| (sum.source.clone(), sum.signed)).collect();
    let list = suppress(signed, k).in_steps(steps_of);
    // Those through which nobody signed hide nobody.
    let unsigned = sums.iter().filter(|sum| sum.signed == 0).map(|sum| (sum.source.clone(), 0));
    let mut shown: Vec<_> = list.shown.into_iter().chain(unsigned).collect();
    let seen = |name: &str| sums.iter().find(|sum| sum.source == name).map_or(0, |sum| sum.seen);
    let cut = shown.split_off(shown.len().min(MOST_SOURCES));
    let row = |(name, signed): (String, u64)| {
        let seen = seen(&name);
        let (kind, name) = name.split_once(' ').unwrap_or((&name, ""));
        SourceRow { kind: kind.to_owned(), name: name.to_owned(), seen, signed }
    };
    Ok(Json(Sources {
        rows: shown.into_iter().map(row).collect(),
        hidden_signed: list.rest + cut.iter().map(|(_, signed)| signed).sum::<u64>(),
        steps_of,
    }))
}

/// What wants to be looked at on this node. Networks and domains only for whoever may see people.
#[utoipa::path(
    get,
    path = routes::ADMIN_ALARMS,
    tag = "organizers",
    params(("slug" = String, Path, description = "The campaign's short name")),
    security(("token" = [])),
    responses((status = 200, description = "The worst first", body = Alarms))
)]
pub async fn show_alarms(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
    caller: Caller,
) -> Result<Json<Alarms>, ApiError> {
    let (app, now) = (&web.app, web.app.clock.now());
    let mut alarms = app.alarms.of(campaign.id, caller.may(Permission::SeePeople), now);
    let failing = hooks::failing(app, campaign.id).await?;
    alarms.extend(failing.into_iter().map(|failing| alarms::webhook(failing, now)));
    Ok(Json(Alarms { alarms }))
}
