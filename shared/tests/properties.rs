//! What must hold for every input.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use countersign_shared::i18n::{Arg, number};
use countersign_shared::pledge::{Consents, Source};
use countersign_shared::suggest::did_you_mean;
use countersign_shared::{
    Catalog, Country, Email, FormFields, Locale, Message, PersonName, PledgeForm, Slug, locale,
};
use proptest::prelude::*;

const ALL: FormFields = FormFields { message: true, public_name: true, updates: true };

/// Any text, with more than its share of what breaks parsers.
fn text() -> impl Strategy<Value = String> {
    let awkward = prop::sample::select(
        " \t\r\n\0.-+@_'\"<>(){}[]|;:/\\=,*aZ09éßİςΣǅﬁ①ｅ＠．。＋ﾊﾟ\u{AD}\u{300}\u{301}\u{323}\u{345}\
         \u{200B}\u{200C}\u{200D}\u{202E}\u{2066}\u{FE0F}\u{FEFF}\u{3164}\u{E0041}\u{1F3F4}👩中اд한"
            .chars()
            .collect::<Vec<_>>(),
    );
    prop::collection::vec(prop_oneof![3 => awkward, 1 => any::<char>()], 0..40)
        .prop_map(|chars| chars.into_iter().collect())
}

fn domain() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "gmail.com",
        "GoogleMail.com",
        "outlook.fr",
        "yahoo.co.uk",
        "proton.me",
        "example.org",
        "bücher.example",
        "xn--bcher-kva.example",
        "ｇｍａｉｌ．ｃｏｍ",
        "例え。テスト",
    ]);
    prop_oneof![3 => known.prop_map(str::to_owned), 1 => "[a-z0-9-]{1,12}\\.[a-z]{2,6}", 1 => text()]
}

/// Something like an address, so that many are accepted.
fn address() -> impl Strategy<Value = String> {
    let local = prop_oneof![
        2 => "[A-Za-z0-9.+_-]{1,20}",
        2 => "[a-zà-žΑ-ωа-яＡ-ｚｦ-ﾝ\u{300}-\u{345}가-힣.+-]{1,12}",
        1 => text()
    ];
    (local, prop::sample::select(vec!["@", "＠"]), domain())
        .prop_map(|(local, at, domain)| [local.as_str(), at, &domain].concat())
}

fn form() -> impl Strategy<Value = PledgeForm> {
    let name = prop_oneof!["[A-Za-zéøñ ']{1,30}", text()];
    let country =
        prop_oneof![prop::sample::select(vec!["KE", "fr", " GB "]).prop_map(str::to_owned), text()];
    let tag = prop_oneof!["", "[a-z]{2}(-[A-Z]{2})?", text()];
    (
        (name, address(), country, tag, any::<bool>()),
        (
            prop::option::of(text()),
            any::<bool>(),
            prop::option::of(text()),
            prop::option::of(text()),
        ),
    )
        .prop_map(
            |((name, email, country, locale, public_name), (message, updates, utm, referrer))| {
                PledgeForm {
                    name,
                    email,
                    country,
                    locale,
                    public_name,
                    message,
                    consents: Consents { updates },
                    source: Source { utm_source: utm, referrer, ..Source::default() },
                    website: None,
                    rendered: None,
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parsing_never_panics_and_what_parses_parses_to_itself(raw in text()) {
        if let Ok(slug) = Slug::parse(&raw) {
            prop_assert_eq!(Slug::parse(slug.as_str()).unwrap(), slug);
        }
        if let Ok(name) = PersonName::parse(&raw) {
            prop_assert_eq!(PersonName::parse(name.as_str()).unwrap(), name);
        }
        if let Ok(message) = Message::parse(&raw) {
            prop_assert_eq!(Message::parse(message.as_str()).unwrap(), message);
        }
        if let Ok(country) = Country::parse(&raw) {
            prop_assert_eq!(Country::parse(country.as_str()).unwrap(), country);
        }
        if let Ok(tag) = Locale::parse(&raw) {
            prop_assert_eq!(Locale::parse(tag.as_str()).unwrap(), tag);
        }
        let wanted = locale::accept_language(&raw);
        let _ = locale::negotiate(&wanted, &["en", "fr"]);
        let _ = locale::direction(&raw);
        let _ = did_you_mean(&raw);
        let _ = Email::parse(&raw);
    }

    #[test]
    fn tags_are_stable(raw in "[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-[a-zA-Z]{2})?(-[0-9a-zA-Z]{1,8}){0,3}") {
        if let Ok(tag) = Locale::parse(&raw) {
            prop_assert!(tag.as_str().eq_ignore_ascii_case(&raw));
            prop_assert_eq!(Locale::parse(tag.as_str()).unwrap(), tag);
        }
    }

    #[test]
    fn canonical_is_idempotent(raw in address()) {
        if let Ok(email) = Email::parse(&raw) {
            prop_assert_eq!(&Email::parse(email.as_str()).unwrap(), &email);
            let canonical = email.canonical();
            prop_assert!(canonical.as_str().ends_with(|c: char| c.is_ascii_alphanumeric()));
            // Lower case can make a long local part longer than an address may have.
            if let Ok(again) = Email::parse(canonical.as_str()) {
                let again = again.canonical();
                prop_assert_eq!(again.as_str(), canonical.as_str());
            } else {
                prop_assert!(canonical.as_str().rsplit_once('@').unwrap().0.len() > Email::MAX_LOCAL
                    || canonical.as_str().len() > Email::MAX);
            }
        }
    }

    #[test]
    fn case_and_width_do_not_make_another_mailbox(local in "[a-z0-9.+_-]{1,20}", domain in domain()) {
        let typed = [local.as_str(), "@", &domain].concat();
        if let Ok(email) = Email::parse(&typed) {
            let wide: String = local
                .chars()
                .map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap())
                .chain("＠".chars())
                .chain(domain.chars())
                .collect();
            prop_assert_eq!(Email::parse(&typed.to_ascii_uppercase()).unwrap().canonical(), email.canonical());
            prop_assert_eq!(Email::parse(&wide).unwrap().canonical(), email.canonical());
        }
    }

    #[test]
    fn suggestions_keep_the_local_part_and_are_final(raw in address()) {
        if let Some(suggested) = did_you_mean(&raw) {
            prop_assert_eq!(raw.trim().rsplit_once('@').unwrap().0, suggested.rsplit_once('@').unwrap().0);
            prop_assert_eq!(did_you_mean(&suggested), None);
        }
    }

    #[test]
    fn what_the_form_accepts_the_api_accepts(form in form()) {
        match form.parse(ALL) {
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                let mut fields: Vec<_> = errors.iter().map(|error| &error.field).collect();
                fields.dedup();
                prop_assert_eq!(fields.len(), errors.len());
            }
            Ok(pledge) => {
                let sent = PledgeForm {
                    name: pledge.name.to_string(),
                    email: pledge.email.to_string(),
                    country: pledge.country.to_string(),
                    locale: pledge.locale.as_ref().map(ToString::to_string).unwrap_or_default(),
                    public_name: pledge.public_name,
                    message: pledge.message.as_ref().map(ToString::to_string),
                    consents: Consents { updates: pledge.updates },
                    source: pledge.source.clone(),
                    website: None,
                    rendered: None,
                };
                prop_assert_eq!(
                    sent.parse(ALL).unwrap(),
                    pledge,
                    "{:?} {:?} {:?} {:?}",
                    form.name,
                    form.email,
                    form.message,
                    form.source
                );
            }
        }
    }

    #[test]
    fn a_catalog_survives_its_compact_form(texts in prop::collection::vec(text(), 1..5), count in any::<u64>()) {
        let mut compact = String::from("@en\n");
        for (index, text) in texts.iter().enumerate() {
            compact += &format!("key-{index}=");
            for c in text.chars() {
                match c {
                    '\n' => compact += "\\n",
                    '\\' | '{' | '}' | '|' | ';' => compact.extend(['\\', c]),
                    c => compact.push(c),
                }
            }
            compact += "{n:0|;other|{n}}\n";
        }
        let catalog = Catalog::from_compact(&compact);
        prop_assert_eq!(&Catalog::from_compact(catalog.as_compact()), &catalog);
        for (index, text) in texts.iter().enumerate() {
            let count_text = if count == 0 { String::new() } else { number("en", count) };
            let shown = catalog.format(&format!("key-{index}"), &[("n", Arg::Number(count))]);
            prop_assert_eq!(shown, [text.as_str(), &count_text].concat());
        }
    }

    #[test]
    fn any_pattern_can_be_filled(pattern in "[a{}|;:\\\\# n0-2one]{0,40}", count in 0u64..5) {
        let catalog = Catalog::from_compact(&["@ar\nk=", &pattern].concat());
        let _ = catalog.format("k", &[("a", Arg::Number(count)), ("n", Arg::Text("x"))]);
    }
}
