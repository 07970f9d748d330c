//! Times of the API as a field for date and time has them, on the organizer's clock.

use crate::browser::{intl, js};

/// `2027-03-01T08:00` of a time of the API; empty for none.
pub fn local(iso: Option<&str>) -> String {
    iso.and_then(intl::millis).and_then(shown).unwrap_or_default()
}

/// The time at which the organizer's clock shows this; none for what is empty.
pub fn utc(local: &str) -> Option<String> {
    // Browsers read a time into almost anything.
    let whole = local.len() == 16 && local.as_bytes().get(10) == Some(&b'T');
    let wanted = intl::millis(&format!("{local}:00Z")).filter(|_| whole)?;
    // The clock's offset at a first guess, and again at the better one: right on both sides of a
    // change of the clock.
    let offset =
        |at: f64| shown(at).and_then(|text| intl::millis(&format!("{text}:00Z"))).map(|it| it - at);
    let guess = wanted - offset(wanted)?;
    Some(intl::iso(wanted - offset(guess)?))
}

/// What the organizer's clock shows.
fn shown(millis: f64) -> Option<String> {
    let mut options = vec![("timeZone", intl::zone().into())];
    options.extend(["year", "month", "day", "hour", "minute"].map(|part| {
        let kind = if part == "year" { "numeric" } else { "2-digit" };
        (part, kind.into())
    }));
    // Sweden writes dates as ISO 8601 does.
    let args = ["sv-SE".into(), js::object(&options)];
    let format = js::construct(&js::named("Intl"), "DateTimeFormat", &args).ok()?;
    let text = js::call(&format, "format", &[millis.into()]).ok()?.as_string()?;
    Some(text.replacen(' ', "T", 1))
}
