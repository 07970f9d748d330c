//! The form as a browser without script sends it.

use bytes::Bytes;
use countersign_shared::PledgeForm;
use countersign_shared::pledge::Source;
use http::HeaderMap;
use http::header;

/// A posted form, and what names this very posting.
pub struct PostedForm {
    pub form: PledgeForm,
    /// The same bytes give the same key: the page carries the moment it was rendered, so a reload
    /// is the same pledge, and a corrected form is another.
    pub key: String,
}

/// Reads an urlencoded form. Fields that we do not know are left aside: extensions add some.
pub fn parse(body: &Bytes) -> PostedForm {
    let mut form = PledgeForm::default();
    let mut key = None;
    for (name, value) in form_urlencoded::parse(body) {
        let value = value.into_owned();
        match &*name {
            "name" => form.name = value,
            "email" => form.email = value,
            "country" => form.country = value,
            "locale" => form.locale = value,
            "message" => form.message = filled(value),
            "public_name" => form.public_name = is_ticked(&value),
            "updates" => form.consents.updates = is_ticked(&value),
            "website" => form.website = filled(value),
            "rendered" => form.rendered = filled(value),
            "key" => key = filled(value),
            _ => set_source(&mut form.source, &name, value),
        }
    }
    let key = key.filter(|key| key.len() <= 255 && key.bytes().all(|byte| byte.is_ascii_graphic()));
    PostedForm { form, key: key.unwrap_or_else(|| blake3::hash(body).to_hex().to_string()) }
}

/// Fills in where the person came from: the page's own address carries it, and the browser names
/// that address as the referrer of the post.
pub fn add_source(form: &mut PledgeForm, headers: &HeaderMap, own_origin: &str) {
    let referrer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let own = referrer.and_then(|url| url.strip_prefix(own_origin));
    let Some((_, query)) = own.and_then(|rest| rest.split_once('?')) else { return };
    let query = query.split('#').next().unwrap_or_default();
    let mut source = Source::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        set_source(&mut source, &name, value.into_owned());
    }
    let ours = &mut form.source;
    ours.utm_source = ours.utm_source.take().or(source.utm_source);
    ours.utm_medium = ours.utm_medium.take().or(source.utm_medium);
    ours.utm_campaign = ours.utm_campaign.take().or(source.utm_campaign);
}

fn set_source(source: &mut Source, name: &str, value: String) {
    match name {
        "utm_source" => source.utm_source = filled(value),
        "utm_medium" => source.utm_medium = filled(value),
        "utm_campaign" => source.utm_campaign = filled(value),
        _ => {}
    }
}

/// A browser sends empty fields, too.
fn filled(value: String) -> Option<String> {
    (!value.trim().is_empty()).then_some(value)
}

fn is_ticked(value: &str) -> bool {
    matches!(value, "true" | "on")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_form_is_read_as_a_browser_sends_it() {
        let body = "name=Ana+%C5%BD&email=a%40example.org&country=SI&message=&public_name=true\
                    &website=&rendered=1.x&strange=1&utm_source=leaflet";
        let posted = parse(&Bytes::from_static(body.as_bytes()));
        assert_eq!(posted.form.name, "Ana Ž");
        assert_eq!(posted.form.email, "a@example.org");
        assert_eq!((posted.form.message, posted.form.website), (None, None));
        assert!(posted.form.public_name && !posted.form.consents.updates);
        assert_eq!(posted.form.source.utm_source.as_deref(), Some("leaflet"));
    }

    #[test]
    fn the_same_posting_has_the_same_key_and_another_another() {
        let key = |body: &'static str| parse(&Bytes::from_static(body.as_bytes())).key;
        assert_eq!(key("name=a&rendered=1"), key("name=a&rendered=1"));
        assert_ne!(key("name=a&rendered=1"), key("name=b&rendered=1"));
        assert_eq!(key("name=a&key=chosen"), "chosen");
    }

    #[test]
    fn the_source_is_read_from_our_own_address_only() {
        for (referrer, expected) in [
            ("https://p.example/c/x?utm_source=mail&q=1", Some("mail")),
            ("https://p.example/c/x", None),
            ("https://evil.example/?utm_source=mail", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::REFERER, referrer.parse().unwrap());
            let mut form = PledgeForm::default();
            add_source(&mut form, &headers, "https://p.example");
            assert_eq!(form.source.utm_source.as_deref(), expected, "{referrer}");
        }
    }
}
