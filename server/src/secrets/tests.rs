#![allow(clippy::unwrap_used)]
use super::*;
use crate::clock::SystemEntropy;

fn secrets(seed: u8) -> Secrets {
    Secrets::derive(&Master::from_bytes([seed; 32]))
}

fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

fn amina() -> Person {
    Person { name: "Amina".into(), email: "a@example.org".into(), message: None, network: None }
}

#[test]
fn a_fingerprint_differs_by_campaign_mailbox_and_key() {
    let one = secrets(1).fingerprint(&slug("one"), "a@example.org");
    assert_eq!(one, secrets(1).fingerprint(&slug("one"), "a@example.org"));
    assert_ne!(one, secrets(1).fingerprint(&slug("two"), "a@example.org"));
    assert_ne!(one, secrets(1).fingerprint(&slug("one"), "b@example.org"));
    assert_ne!(one, secrets(2).fingerprint(&slug("one"), "a@example.org"));
}

#[test]
fn a_seal_opens_only_in_its_row_and_with_its_key() {
    let secrets1 = secrets(1);
    let sealed = secrets1.seal(&slug("one"), &[7; 16], &amina(), &SystemEntropy).unwrap();
    assert!(secrets1.open(&slug("one"), 1, &[7; 16], &sealed).unwrap() == amina());
    assert!(secrets1.open(&slug("two"), 1, &[7; 16], &sealed).is_err());
    assert!(secrets1.open(&slug("one"), 1, &[8; 16], &sealed).is_err());
    assert!(secrets(2).open(&slug("one"), 1, &[7; 16], &sealed).is_err());
    assert!(secrets1.open(&slug("one"), 1, &[7; 16], &sealed[..20]).is_err());
}

#[test]
fn a_stamp_is_read_back_and_a_changed_one_is_not() {
    let secrets = secrets(1);
    let now = Timestamp::from_millisecond(1_700_000_000_123).unwrap();
    let stamp = secrets.stamp(&slug("one"), now);
    assert_eq!(secrets.read_stamp(&slug("one"), &stamp), Some(now));
    assert_eq!(secrets.read_stamp(&slug("two"), &stamp), None);
    assert_eq!(secrets.read_stamp(&slug("one"), &stamp.replacen('1', "2", 1)), None);
    for bad in ["", ".", "1.", "x.y", "9999999999999999999999.AAAA"] {
        assert_eq!(secrets.read_stamp(&slug("one"), bad), None, "{bad}");
    }
}

#[test]
fn a_receipt_is_short_and_repeatable() {
    let receipt = secrets(1).receipt(&slug("one"), b"key");
    assert_eq!(receipt.len(), 16);
    assert_eq!(receipt, secrets(1).receipt(&slug("one"), b"key"));
    assert_eq!(crockford([0xff; 10]), "ZZZZZZZZZZZZZZZZ");
    assert_eq!(crockford([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), "0000000000000001");
}

#[test]
fn an_embed_token_belongs_to_one_campaign() {
    let secrets = secrets(1);
    let token = secrets.embed_token(&slug("one"));
    assert!(secrets.is_embed_token(&slug("one"), &token));
    assert!(!secrets.is_embed_token(&slug("two"), &token));
    assert!(!secrets.is_embed_token(&slug("one"), ""));
}

#[test]
fn a_webhook_secret_opens_in_its_campaign_and_after_a_rotation() {
    let (before, one) = (secrets(1), slug("one"));
    let secret = before.new_hook_secret(&SystemEntropy);
    assert!(secret.starts_with("whsec_") && secret.len() == 6 + 32);
    let sealed = before.seal_hook(&one, &secret, &SystemEntropy).unwrap();
    assert_eq!(before.open_hook(&one, &sealed).unwrap(), secret);
    assert_eq!(rotated().open_hook(&one, &sealed).unwrap(), secret);
    assert!(before.open_hook(&slug("two"), &sealed).is_err());
    assert!(secrets(2).open_hook(&one, &sealed).is_err());
    assert!(before.open_hook(&one, b"short").is_err());
}

fn rotated() -> Secrets {
    let list = format!("2:{}, 1:{}", "02".repeat(32), "01".repeat(32));
    Secrets::derive(&Master::from_text(&list).unwrap())
}

#[test]
fn a_rotated_key_recognises_what_the_earlier_one_made_and_makes_nothing_with_it() {
    let (before, after) = (secrets(1), rotated());
    let one = slug("one");
    let now = Timestamp::from_millisecond(1_700_000_000_123).unwrap();
    assert_eq!(after.read_stamp(&one, &before.stamp(&one, now)), Some(now));
    assert_eq!(before.read_stamp(&one, &after.stamp(&one, now)), None);
    assert!(after.is_embed_token(&one, &before.embed_token(&one)));
    assert!(after.token_hashes("cs_x").contains(&before.token_hash("cs_x")));
    assert_ne!(after.token_hash("cs_x"), before.token_hash("cs_x"));
    assert_eq!(after.installation(), before.installation());
    assert_eq!(after.checks().iter().map(|it| it.0).collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn a_person_is_the_same_under_either_edition_and_renewed_to_the_current_one() {
    let (before, after) = (secrets(1), rotated());
    let one = slug("one");
    let (kept, none) = before.identities(&one, "a@example.org", &amina(), &SystemEntropy).unwrap();
    assert!(none.is_empty());
    let (new, earlier) = after.identities(&one, "a@example.org", &amina(), &SystemEntropy).unwrap();
    assert_eq!((new.key_version, earlier[0].key_version), (2, 1));
    assert_eq!(earlier[0].fingerprint, kept.fingerprint);
    assert!(after.open(&one, 1, &kept.fingerprint, &kept.sealed).unwrap() == amina());
    let renewed = after.renew(&one, &kept, &SystemEntropy).unwrap().unwrap();
    assert_eq!((renewed.key_version, renewed.fingerprint), (2, new.fingerprint));
    assert!(after.open(&one, 2, &renewed.fingerprint, &renewed.sealed).unwrap() == amina());
    assert!(after.renew(&one, &renewed, &SystemEntropy).unwrap().is_none());
}
