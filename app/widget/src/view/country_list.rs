//! The lines of the country field.

use countersign_shared::widget::CountryName;

use super::attrs::escape;

/// The lines as HTML. Not as views: a list of 250 lines is dear to hydrate, and no line of it ever
/// changes by itself.
pub fn options(choose: &str, countries: &[CountryName], chosen: &str) -> String {
    let mut html = String::with_capacity(countries.len() * 48);
    option(&mut html, "", choose, false);
    for country in countries {
        option(&mut html, &country.code, &country.name, country.code == chosen);
    }
    html
}

fn option(html: &mut String, value: &str, text: &str, chosen: bool) {
    html.push_str("<option value=\"");
    escape(html, value);
    html.push_str(if chosen { "\" selected>" } else { "\">" });
    escape(html, text);
    html.push_str("</option>");
}
