//! Numbers, dates and names of countries as the organizer reads them.

use std::cell::RefCell;
use std::collections::HashMap;

use wasm_bindgen::JsValue;

use super::js;
use crate::day::Day;
use crate::range::Span;

/// How the organizer reads. Empty texts stand for the browser's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Reader {
    locale: String,
    time_zone: String,
}

thread_local! {
    static READER: RefCell<Reader> = RefCell::default();
    /// Making a formatter costs a hundred times what using one does.
    static FORMATTERS: RefCell<HashMap<&'static str, JsValue>> = RefCell::default();
}

/// Takes over what the organizer chose. What the browser does not know is left aside.
pub fn read_as(locale: &str, time_zone: &str) {
    let locale = Some(locale).filter(|locale| knows_locale(locale)).unwrap_or_default();
    let zone = Some(time_zone).filter(|zone| knows_zone(zone)).unwrap_or_default();
    READER.replace(Reader { locale: locale.to_owned(), time_zone: zone.to_owned() });
    FORMATTERS.take();
}

/// Whether the browser formats by this language tag.
pub fn knows_locale(locale: &str) -> bool {
    !locale.is_empty()
        && js::construct(&js::named("Intl"), "NumberFormat", &[locale.into()]).is_ok()
}

pub fn knows_zone(zone: &str) -> bool {
    let options = js::object(&[("timeZone", zone.into())]);
    let made = js::construct(&js::named("Intl"), "DateTimeFormat", &["en".into(), options]);
    !zone.is_empty() && made.is_ok()
}

/// The names of all time zones that the browser knows.
pub fn zones() -> Vec<String> {
    let all = js::call(&js::named("Intl"), "supportedValuesOf", &["timeZone".into()]);
    let all = js_sys::Array::from(&all.unwrap_or(JsValue::UNDEFINED));
    all.iter().filter_map(|zone| zone.as_string()).collect()
}

/// The organizer's time zone: the chosen one, or the browser's.
pub fn zone() -> String {
    let chosen = READER.with_borrow(|reader| reader.time_zone.clone());
    if chosen.is_empty() { browser_zone() } else { chosen }
}

pub fn browser_zone() -> String {
    let format = js::construct(&js::named("Intl"), "DateTimeFormat", &[]);
    let options = format.and_then(|format| js::call(&format, "resolvedOptions", &[]));
    let zone = options.ok().and_then(|options| js::get(&options, "timeZone").as_string());
    zone.unwrap_or_else(|| "UTC".to_owned())
}

/// `297,418`.
pub fn number(number: u64) -> String {
    format("number", "NumberFormat", &[], number as f64)
}

/// One digit after the point: `12.4`.
pub fn decimal(number: f64) -> String {
    let options = [("maximumFractionDigits", JsValue::from(1))];
    format("decimal", "NumberFormat", &options, number)
}

/// `+1,284`.
pub fn signed(number: i64) -> String {
    let options = [("signDisplay", "exceptZero".into())];
    format("signed", "NumberFormat", &options, number as f64)
}

/// `2.41M`.
pub fn compact(number: u64) -> String {
    let options = [("notation", "compact".into()), ("maximumSignificantDigits", JsValue::from(3))];
    format("compact", "NumberFormat", &options, number as f64)
}

/// `14.1 %`, of a share from 0 to 1.
pub fn percent(share: f64) -> String {
    let options = [("style", "percent".into()), ("maximumFractionDigits", JsValue::from(1))];
    format("percent", "NumberFormat", &options, share)
}

/// A time of the API as `25 Nov 2026, 14:05`.
pub fn date_time(iso: &str) -> String {
    let options = [("dateStyle", "medium".into()), ("timeStyle", "short".into())];
    date("date-time", &options, iso)
}

/// `25 Nov 2026`.
pub fn long_day(iso: &str) -> String {
    date("long-day", &[("dateStyle", "medium".into())], iso)
}

/// `25 Nov`.
pub fn short_day(iso: &str) -> String {
    date("short-day", &[("day", "numeric".into()), ("month", "short".into())], iso)
}

/// `14:05`.
pub fn clock(iso: &str) -> String {
    date("clock", &[("timeStyle", "short".into())], iso)
}

/// `25 Nov, 14:05`.
pub fn short_time(iso: &str) -> String {
    let options = [
        ("day", "numeric".into()),
        ("month", "short".into()),
        ("hour", "2-digit".into()),
        ("minute", "2-digit".into()),
    ];
    date("short-time", &options, iso)
}

/// Today where the organizer is.
pub fn today() -> Day {
    day_of(js_sys::Date::now())
}

/// The day of a time of the API, where the organizer is.
pub fn day(iso: &str) -> Option<Day> {
    millis(iso).map(day_of)
}

fn day_of(millis: f64) -> Day {
    // Sweden writes dates as ISO 8601 does.
    let options = js::object(&[
        ("timeZone", zone().into()),
        ("year", "numeric".into()),
        ("month", "2-digit".into()),
        ("day", "2-digit".into()),
    ]);
    let format = js::construct(&js::named("Intl"), "DateTimeFormat", &["sv-SE".into(), options]);
    let text = format.and_then(|format| js::call(&format, "format", &[millis.into()]));
    let text = text.ok().and_then(|text| text.as_string()).unwrap_or_default();
    Day::parse(&text).unwrap_or(Day((millis / 86_400_000.0).floor() as i64))
}

/// Milliseconds since 1970.
pub fn millis(iso: &str) -> Option<f64> {
    Some(js_sys::Date::parse(iso)).filter(|millis| millis.is_finite())
}

/// A time as the API writes it.
pub fn iso(millis: f64) -> String {
    js_sys::Date::new(&millis.into()).to_iso_string().into()
}

/// The name of a country, from its two letters.
pub fn country(code: &str) -> String {
    let made = formatter("country", "DisplayNames", &[("type", "region".into())]);
    let name = js::call(&made, "of", &[code.into()]).ok().and_then(|name| name.as_string());
    name.unwrap_or_else(|| code.to_owned())
}

/// The name of a language, from its tag.
pub fn language(tag: &str) -> String {
    let made = formatter("language", "DisplayNames", &[("type", "language".into())]);
    let name = js::call(&made, "of", &[tag.into()]).ok().and_then(|name| name.as_string());
    name.unwrap_or_else(|| tag.to_owned())
}

fn date(key: &'static str, options: &[(&str, JsValue)], iso: &str) -> String {
    let Some(millis) = millis(iso) else { return iso.to_owned() };
    let mut options = options.to_vec();
    options.push(("timeZone", zone().into()));
    format(key, "DateTimeFormat", &options, millis)
}

fn format(key: &'static str, kind: &str, options: &[(&str, JsValue)], value: f64) -> String {
    let made = formatter(key, kind, options);
    let text = js::call(&made, "format", &[value.into()]).ok().and_then(|text| text.as_string());
    text.unwrap_or_else(|| js::number_text(value))
}

fn formatter(key: &'static str, kind: &str, options: &[(&str, JsValue)]) -> JsValue {
    if let Some(made) = FORMATTERS.with_borrow(|all| all.get(key).cloned()) {
        return made;
    }
    let locale = READER.with_borrow(|reader| reader.locale.clone());
    // The browser's languages, where none was chosen: undefined.
    let locale = if locale.is_empty() {
        js::get(&js::named("navigator"), "language")
    } else {
        locale.into()
    };
    let made = js::construct(&js::named("Intl"), kind, &[locale, js::object(options)]);
    let made = made.unwrap_or(JsValue::UNDEFINED);
    FORMATTERS.with_borrow_mut(|all| all.insert(key, made.clone()));
    made
}

/// A day of the calendar, whatever the time zone: `25 Nov 2026`.
pub fn plain_day(day: Day) -> String {
    let options = [("dateStyle", "medium".into()), ("timeZone", "UTC".into())];
    format("plain-day", "DateTimeFormat", &options, day.0 as f64 * 86_400_000.0)
}

/// Days of the calendar, the last of them named too: `24 Nov 2026 – 25 Nov 2026`.
pub fn plain_days(span: Span) -> String {
    let (from, to) = (plain_day(span.from), plain_day(span.to.plus(-1)));
    if from == to { from } else { format!("{from} – {to}") }
}

/// The moment at which a clock on the organizer's wall shows this (`2026-11-25T14:05`). Where the
/// clock is put forward over it, the moment after.
pub fn moment(wall: &str) -> Option<f64> {
    let wanted = millis(&format!("{wall}Z"))?;
    let mut moment = wanted;
    // Twice: the first guess may lie on the other side of a change of the clock.
    for _ in 0..2 {
        moment += wanted - millis(&format!("{}Z", wall_at(moment)))?;
    }
    Some(moment)
}

/// What a clock on the organizer's wall shows: `2026-11-25T14:05`.
pub fn wall_at(moment: f64) -> String {
    let options = js::object(&[
        ("timeZone", zone().into()),
        ("dateStyle", "short".into()),
        ("timeStyle", "short".into()),
    ]);
    // Sweden writes times as ISO 8601 does, but for the T.
    let format = js::construct(&js::named("Intl"), "DateTimeFormat", &["sv-SE".into(), options]);
    let text = format.and_then(|format| js::call(&format, "format", &[moment.into()]));
    text.ok().and_then(|text| text.as_string()).unwrap_or_default().replace(' ', "T")
}

/// When a day begins where the organizer is, in milliseconds.
pub fn midnight(day: Day) -> f64 {
    moment(&format!("{day}T00:00")).unwrap_or(day.0 as f64 * 86_400_000.0)
}

/// A number as this locale writes it, to choose by.
pub fn sample(locale: &str, number: f64) -> String {
    sampled("NumberFormat", locale, js::object(&[]), number)
}

/// The present moment as this locale writes it, where this time zone is.
pub fn sample_date(locale: &str, zone: &str) -> String {
    let options = js::object(&[("dateStyle", "medium".into()), ("timeStyle", "short".into())]);
    if knows_zone(zone) {
        js::set(&options, "timeZone", &zone.into());
    }
    sampled("DateTimeFormat", locale, options, js_sys::Date::now())
}

fn sampled(kind: &str, locale: &str, options: JsValue, value: f64) -> String {
    let locale = if knows_locale(locale) { locale.into() } else { browser_locale() };
    let made = js::construct(&js::named("Intl"), kind, &[locale, options]);
    let text = made.and_then(|made| js::call(&made, "format", &[value.into()]));
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

fn browser_locale() -> JsValue {
    js::get(&js::named("navigator"), "language")
}
