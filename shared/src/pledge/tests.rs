#![allow(clippy::unwrap_used)]

use super::*;

const ALL: FormFields = FormFields { message: true, public_name: true, updates: true };
const NONE: FormFields = FormFields { message: false, public_name: false, updates: false };

fn form() -> PledgeForm {
    PledgeForm {
        name: "Ada Lovelace".into(),
        email: "ada@example.org".into(),
        country: "GB".into(),
        ..PledgeForm::default()
    }
}

fn errors(form: &PledgeForm, asked: FormFields) -> Vec<(String, String)> {
    form.parse(asked).unwrap_err().into_iter().map(|e| (e.field, e.code)).collect()
}

fn pairs(pairs: &[(&str, Code)]) -> Vec<(String, String)> {
    pairs.iter().map(|(field, code)| ((*field).to_owned(), code.as_str().to_owned())).collect()
}

#[test]
fn a_full_form_becomes_a_pledge() {
    let pledge = PledgeForm {
        locale: "en-gb".into(),
        public_name: true,
        message: Some(" For the rivers. ".into()),
        consents: Consents { updates: true },
        source: Source { utm_source: Some("newsletter".into()), ..Source::default() },
        website: Some("the server judges this".into()),
        rendered: Some("and this".into()),
        ..form()
    }
    .parse(ALL)
    .unwrap();
    assert_eq!(pledge.name.as_str(), "Ada Lovelace");
    assert_eq!(pledge.email.as_str(), "ada@example.org");
    assert_eq!(pledge.country.as_str(), "GB");
    assert_eq!(pledge.locale.unwrap().as_str(), "en-GB");
    assert_eq!(pledge.message.unwrap().as_str(), "For the rivers.");
    assert!(pledge.public_name && pledge.updates);
    assert_eq!(pledge.source.utm_source.as_deref(), Some("newsletter"));
}

#[test]
fn an_empty_form_says_all_that_is_missing_in_the_order_of_the_form() {
    assert_eq!(
        errors(&PledgeForm::default(), ALL),
        pairs(&[
            ("name", Code::NameMissing),
            ("email", Code::EmailMissing),
            ("country", Code::CountryMissing),
        ])
    );
}

#[test]
fn every_field_at_fault_is_named_at_once() {
    let bad = PledgeForm {
        name: "Ada\u{202E}".into(),
        email: "ada@".into(),
        country: "XX".into(),
        locale: "english please".into(),
        message: Some("a\0b".into()),
        ..form()
    };
    assert_eq!(
        errors(&bad, ALL),
        pairs(&[
            ("name", Code::NameForbidden),
            ("email", Code::EmailInvalid),
            ("country", Code::CountryUnknown),
            ("message", Code::MessageForbidden),
            ("locale", Code::LocaleInvalid),
        ])
    );
}

#[test]
fn what_a_campaign_does_not_ask_is_refused_unless_it_is_empty() {
    let given = PledgeForm {
        public_name: true,
        message: Some("hello".into()),
        consents: Consents { updates: true },
        ..form()
    };
    assert_eq!(
        errors(&given, NONE),
        pairs(&[
            ("message", Code::FieldNotAsked),
            ("public_name", Code::FieldNotAsked),
            ("consents.updates", Code::FieldNotAsked),
        ])
    );
    let empty = PledgeForm { message: Some(" \n".into()), ..form() };
    assert_eq!(empty.parse(NONE).unwrap().message, None);
    assert_eq!(empty.parse(ALL).unwrap().message, None);
}

#[test]
fn huge_fields_are_refused_without_being_read() {
    let huge = "é".repeat(1024 * 1024);
    let bad = PledgeForm {
        name: huge.clone(),
        email: huge.clone(),
        country: huge.clone(),
        locale: huge.clone(),
        message: Some(huge),
        ..form()
    };
    assert_eq!(
        errors(&bad, ALL),
        pairs(&[
            ("name", Code::NameTooLong),
            ("email", Code::EmailTooLong),
            ("country", Code::FieldTooLong),
            ("message", Code::MessageTooLong),
            ("locale", Code::FieldTooLong),
        ])
    );
}

#[test]
fn a_source_that_could_do_harm_is_dropped_and_the_pledge_stands() {
    let long = "x".repeat(101);
    for bad in [
        "",
        " ",
        "javascript:alert(1)",
        "https://evil.example",
        "//evil.example",
        "\\\\evil",
        "a\r\nSet-Cookie: x=1",
        "a\nb",
        "a\0",
        "a\u{202E}b",
        "data:text/html,x",
        &long,
    ] {
        let source = Source { utm_source: Some(bad.into()), ..Source::default() };
        let parsed = PledgeForm { source, ..form() }.parse(ALL).unwrap();
        assert_eq!(parsed.source, Source::default(), "{bad:?}");
    }
    for good in ["newsletter", "spring/2026", "Été 2026", "a-b_c.d+e", "<b>", &"é".repeat(100)] {
        let source = Source { utm_campaign: Some([" ", good].concat()), ..Source::default() };
        assert_eq!(source.cleaned().utm_campaign.as_deref(), Some(good), "{good:?}");
    }
}

#[test]
fn a_referrer_is_reduced_to_its_host() {
    for (referrer, kept) in [
        ("https://News.Example.org/a/b?email=x@y.example#z", Some("news.example.org")),
        ("http://example.org:8080/", Some("example.org")),
        ("https://user:secret@example.org/", Some("example.org")),
        ("example.org", Some("example.org")),
        ("example.org/path", Some("example.org")),
        ("https://bücher.example/", Some("xn--bcher-kva.example")),
        ("", None),
        ("javascript:alert(1)", None),
        ("javascript://example.org/%0aalert(1)", None),
        ("android-app://com.example/", None),
        ("https://127.0.0.1/", None),
        ("https://[::1]/", None),
        ("https://localhost/", None),
        ("https://exa mple.org/", None),
        ("https://example.org\r\nX: y", None),
        ("https:///path", None),
    ] {
        let source = Source { referrer: Some(referrer.into()), ..Source::default() };
        assert_eq!(source.cleaned().referrer.as_deref(), kept, "{referrer:?}");
    }
}
