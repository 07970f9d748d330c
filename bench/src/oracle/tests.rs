//! The oracle sees every kind of lie.

#![allow(clippy::unwrap_used)]

use super::*;

fn row(receipt: &str, email: &str, country: &str) -> Row {
    Row {
        state: "counted".into(),
        country: country.into(),
        receipt: receipt.into(),
        email: Some(email.into()),
    }
}

fn totals(total: u64, countries: &[(&str, u64)]) -> Totals {
    let countries = countries.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect();
    Totals { total, countries, ..Totals::default() }
}

fn ledger(entries: &[(&str, &str, Option<&str>)]) -> Vec<Entry> {
    let ledger = Ledger::default();
    for (key, email, receipt) in entries {
        ledger.sent(key, 1, format!(r#"{{"email":"{email}"}}"#).as_bytes());
        if let Some(receipt) = receipt {
            ledger.acknowledged(key, receipt, Some(1));
        }
    }
    ledger.entries()
}

#[test]
fn numbers_that_agree_are_fine_and_quarantined_rows_do_not_count() {
    let mut aside = row("R3", "c@x", "FR");
    aside.state = "quarantined".into();
    let rows = [row("R1", "a@x", "DE"), row("R2", "b@x", "KE"), aside];
    let right = totals(2, &[("DE", 1), ("KE", 1), ("FR", 0)]);
    assert!(differences(&rows, &right, &right).is_empty());
}

#[test]
fn each_number_that_differs_is_named() {
    let rows = [row("R1", "a@x", "DE"), row("R2", "b@x", "KE")];
    let right = totals(2, &[("DE", 1), ("KE", 1)]);
    let more = totals(3, &[("DE", 2), ("KE", 1)]);
    let swapped = totals(2, &[("DE", 2)]);
    assert!(!differences(&rows[..1], &right, &right).is_empty(), "a row too few");
    assert!(!differences(&rows, &more, &more).is_empty(), "a total too high");
    assert!(!differences(&rows, &swapped, &swapped).is_empty(), "a wrong country");
    assert!(!differences(&rows, &right, &more).is_empty(), "another total in the stream");
}

#[test]
fn an_acknowledged_key_without_a_row_is_a_lie_and_an_open_one_is_not() {
    let entries = ledger(&[("a", "a@x", Some("R1")), ("b", "b@x", None)]);
    assert!(kept(&[row("R1", "a@x", "DE")], &entries).is_empty());
    assert_eq!(kept(&[], &entries).len(), 1);
}

#[test]
fn two_rows_of_one_receipt_or_one_mailbox_are_found() {
    let same_receipt = [row("R1", "a@x", "DE"), row("R1", "b@x", "DE")];
    let same_mailbox = [row("R1", "a@x", "DE"), row("R2", "a@x", "DE")];
    assert_eq!(kept(&same_receipt, &[]).len(), 1);
    assert_eq!(kept(&same_mailbox, &[]).len(), 1);
}

#[test]
fn several_keys_of_one_person_share_a_row() {
    let entries = ledger(&[("a", "a@x", Some("R1")), ("b", "a@x", Some("R2"))]);
    assert!(kept(&[row("R2", "a@x", "DE")], &entries).is_empty());
    assert_eq!(kept(&[], &entries).len(), 2);
}

#[test]
fn a_row_that_vanishes_while_checking_is_named() {
    let rows = [row("R1", "a@x", "DE"), row("R2", "b@x", "DE")];
    assert!(none_lost(&rows[..1], &rows).is_empty());
    assert_eq!(none_lost(&rows, &rows[..1]).len(), 1);
}
