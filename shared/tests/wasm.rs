//! The same vectors in a browser, whose own tables do the work there.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use countersign_shared::i18n::{Arg, Catalog, number, percent, plural};
use countersign_shared::suggest::did_you_mean;
use countersign_shared::unicode::{
    domain_to_ascii, fold_width, graphemes, is_invisible, lowercase, nfc, nfkc,
};
use countersign_shared::{Code, Email, FormFields, Message, PersonName, PledgeForm};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

include!("common/unicode.rs");
include!("common/numbers.rs");

#[wasm_bindgen_test]
fn the_unicode_vectors_hold() {
    unicode_vectors();
}

#[wasm_bindgen_test]
fn numbers_and_plurals_are_those_of_the_server() {
    for (locale, value, written) in NUMBERS {
        assert_eq!(number(locale, *value), *written, "{locale} {value}");
    }
    for (locale, value, category) in PLURALS {
        assert_eq!(plural(locale, *value), *category, "{locale} {value}");
    }
    assert_eq!(percent("fr", 42), "42\u{202f}%");
    assert_eq!(percent("ar", 42), "٤٢٪\u{61c}");
}

#[wasm_bindgen_test]
fn messages_are_filled_in() {
    let catalog = Catalog::from_compact(
        "@ar\nsigned={count:zero|لا أحد;one|واحد;two|اثنان;few|{count} أشخاص;other|{count} شخص}\n",
    );
    let signed = |count| catalog.format("signed", &[("count", Arg::Number(count))]);
    assert_eq!(signed(2), "اثنان");
    assert_eq!(signed(3), "٣ أشخاص");
    assert_eq!(signed(1_100), "١٬١٠٠ شخص");
}

#[wasm_bindgen_test]
fn the_form_is_judged_as_on_the_server() {
    let form = PledgeForm {
        name: " Zoe\u{308}  B ".into(),
        email: "zoe@bücher.example".into(),
        country: "ke".into(),
        message: Some("👩‍👩‍👧‍👦 é".repeat(100)),
        ..PledgeForm::default()
    };
    let asked = FormFields { message: true, public_name: true, updates: true };
    let pledge = form.parse(asked).unwrap();
    assert_eq!(pledge.name.as_str(), "Zoë B");
    assert_eq!(pledge.email.domain_ascii(), "xn--bcher-kva.example");
    assert_eq!(pledge.email.canonical().as_str(), "zoe@xn--bcher-kva.example");
    assert_eq!(PersonName::parse(&"é".repeat(121)).err(), Some(Code::NameTooLong));
    assert_eq!(Message::parse(&"👩‍👩‍👧‍👦".repeat(501)).err(), Some(Code::MessageTooLong));
    assert_eq!(PersonName::parse("ｅｖｉｌ．ｃｏｍ").err(), Some(Code::NameUrl));
    for bad in ["ada@xn--0.org", "ada@exa\u{AD}mple.org", "ada@a b.org", "ada@é", "ada@é.1"] {
        assert_eq!(Email::parse(bad).err(), Some(Code::EmailInvalid), "{bad:?}");
    }
    assert_eq!(did_you_mean("ada@gmial.com").as_deref(), Some("ada@gmail.com"));
}

#[wasm_bindgen_test]
fn one_mailbox_is_one_text_in_the_browser_too() {
    for (spelling, wanted) in [
        ("A.B+x@googlemail.com", "ab@gmail.com"),
        ("ＡＢ＠ｇｍａｉｌ．ｃｏｍ", "ab@gmail.com"),
        ("ΟΔΟΣ@example.org", "οδοσ@example.org"),
        ("ﾊﾟ@example.org", "パ@example.org"),
        ("Ada@BU\u{308}CHER.example", "ada@xn--bcher-kva.example"),
    ] {
        assert_eq!(Email::parse(spelling).unwrap().canonical().as_str(), wanted, "{spelling:?}");
    }
}
