//! Other people's address vectors, run through our rules, on the server's tables and on a browser's.
//! Where we differ, the reason stands here.
#![allow(clippy::unwrap_used)]

use countersign_shared::suggest::did_you_mean;
use countersign_shared::{Code, Email};
use serde_json::Value;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// Each vector's address, and what its file expects of it. A lone surrogate, which no Rust string
/// can hold, cannot reach us either: JSON with one is refused before.
fn vectors(group: &str) -> Vec<(String, String)> {
    let text =
        include_str!("data/address_syntax_vectors.json").replace("\"\\ud800\"", "\"\\ufdd0\"");
    let all: Value = serde_json::from_str(&text).unwrap();
    let list = all[group].as_array().unwrap();
    assert!(!list.is_empty());
    list.iter()
        .map(|vector| {
            let text = |index: usize| vector[index].as_str().unwrap_or_default().to_owned();
            (text(0), text(1))
        })
        .collect()
}

/// Written in a way that we leave out on purpose: a quoted local part, a comment, a display name,
/// angle brackets, or an IP literal.
fn is_left_out(address: &str) -> bool {
    address.contains(['"', '<', '(', '['])
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn valid_addresses_are_accepted_but_for_the_forms_left_out() {
    for group in ["test_email_valid", "test_email_valid_intl_local_part"] {
        for (address, _) in vectors(group) {
            // A full-width `@` with nothing before it is no name but a slip.
            let fits = !is_left_out(&address) && !address.starts_with('＠');
            assert_eq!(Email::parse(&address).is_ok(), fits, "{address:?}");
        }
    }
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn quoted_local_parts_are_refused() {
    for (address, _) in vectors("test_email_valid_only_if_quoted_local_part") {
        assert_eq!(Email::parse(&address).err(), Some(Code::EmailInvalid), "{address:?}");
    }
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn invalid_addresses_are_refused_but_for_what_mail_takes() {
    for group in [
        "test_email_invalid_syntax",
        "test_email_invalid_syntax_strict",
        "test_email_invalid_character_smtputf8_off",
    ] {
        for (address, _) in vectors(group) {
            let deliberate = match address.as_str() {
                // Blanks and line ends at the edges come from copying: they are cut off.
                "my@example.com\n" | "\nmy@example.com" => true,
                // Two hyphens in third place are a reserved form, but no resolver minds.
                "me@yy--0.tld" | "me@yy－－0.tld" => true,
                _ => false,
            };
            assert_eq!(Email::parse(&address).is_ok(), deliberate, "{address:?}");
        }
    }
}

/// We ask no list of reserved names: what cannot be mailed shows when mail is sent.
#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn reserved_domains_are_accepted() {
    for (address, _) in vectors("test_email_invalid_reserved_domain") {
        assert!(Email::parse(&address).is_ok(), "{address:?}");
    }
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn unsafe_characters_are_refused_in_both_parts() {
    for (unsafe_text, name) in vectors("test_email_unsafe_character") {
        let local = Email::parse(&format!("{unsafe_text}x@test.example"));
        assert_eq!(
            local.err(),
            if is_blank(&unsafe_text) { None } else { Some(Code::EmailInvalid) },
            "{name}"
        );
        for address in
            [format!("a{unsafe_text}x@test.example"), format!("a@te{unsafe_text}st.example")]
        {
            let fits = name == "COMBINING GRAVE ACCENT";
            assert_eq!(Email::parse(&address).is_ok(), fits, "{name}");
        }
    }
}

/// At an edge a blank is cut off.
fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn the_pyisemail_vectors_hold() {
    for (address, category) in vectors("test_pyisemail_tests") {
        let fits = match category.as_str() {
            "ISEMAIL_VALID" => true,
            // Only blanks around the address, which are cut off.
            _ if is_blank_around(&address) => true,
            _ => false,
        };
        let parsed = Email::parse(&address);
        assert_eq!(parsed.is_ok(), fits, "{address:?} {category} {:?}", parsed.err());
    }
}

fn is_blank_around(address: &str) -> bool {
    let trimmed = address.trim();
    trimmed != address && matches!(trimmed, "test@iana.org")
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn mistyped_domains_are_suggested_and_right_ones_left_alone() {
    let all: Value = serde_json::from_str(include_str!("data/domain_typo_vectors.json")).unwrap();
    for vector in all.as_array().unwrap() {
        let (typed, meant) =
            (vector["input"].as_str().unwrap(), vector["expected"].as_str().unwrap());
        let expected = (typed != meant).then_some(meant);
        assert_eq!(did_you_mean(typed).as_deref(), expected, "{typed}");
    }
}
