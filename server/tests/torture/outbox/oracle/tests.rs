//! An oracle that sees nothing would be worth nothing.

use serde_json::json;

use super::{Outboxes, Told};

/// Two have signed: one counts, one waits for their mailbox.
fn well() -> (Outboxes, Told<'static>) {
    let mut outboxes = Outboxes {
        pledges: vec![(1, "counted".into(), "R1".into()), (2, "quarantined".into(), "R2".into())],
        mails: vec![
            (vec![1; 16], 1, "confirm".into(), "sent".into()),
            (vec![2; 16], 2, "confirm".into(), "sent".into()),
        ],
        ..Outboxes::default()
    };
    let mut told = Told { asks: true, goals: &[1], ..Told::default() };
    for (id, event, pledge) in
        [("a", "pledge.signed", 1), ("b", "pledge.confirmed", 1), ("c", "pledge.signed", 2)]
    {
        let data = json!({ "pledge_id": pledge, "receipt": format!("R{pledge}") });
        put(&mut outboxes, &mut told, id, event, json!({ "data": data }));
    }
    put(&mut outboxes, &mut told, "d", "goal.reached", json!({ "data": { "goal": 1 } }));
    for (mailbox, receipt, id) in [("a@x", "R1", "01"), ("b@x", "R2", "02")] {
        told.receipts.insert(mailbox.into(), receipt.into());
        told.letters.insert(mailbox.into(), [format!("<{}@h>", id.repeat(16))].into());
    }
    told.confirmed.insert("a@x".into());
    (outboxes, told)
}

fn put(
    outboxes: &mut Outboxes,
    told: &mut Told<'_>,
    id: &str,
    event: &str,
    payload: serde_json::Value,
) {
    let payload = payload.to_string();
    told.heard.entry(id.to_owned()).or_default().push(payload.clone());
    outboxes.deliveries.push((id.to_owned(), event.to_owned(), payload, "delivered".to_owned()));
}

/// What is found after one thing was done to outboxes that were right.
fn found(harm: impl FnOnce(&mut Outboxes, &mut Told<'static>)) -> String {
    let (mut outboxes, mut told) = well();
    harm(&mut outboxes, &mut told);
    outboxes.violations(&told).join("\n")
}

#[test]
fn what_is_right_is_left_alone_also_where_it_came_twice() {
    assert_eq!(found(|_, _| {}), "");
    let twice = found(|_, told| {
        let bodies = told.heard.get_mut("a").unwrap();
        bodies.push(bodies[0].clone());
    });
    assert_eq!(twice, "");
    assert_eq!(
        found(|it, _| it.mails[0].3 = "dropped".into()),
        "",
        "confirmed before it was noted"
    );
}

#[test]
fn what_is_lost_doubled_or_made_up_is_found() {
    let goal = json!({ "data": { "goal": 1 } });
    let stranger = json!({ "data": { "pledge_id": 3, "receipt": "R3" } });
    let again = json!({ "data": { "pledge_id": 1, "receipt": "R1" } });
    for (what, said) in [
        (found(|it, _| drop(it.deliveries.remove(0))), "0 times pledge.signed, not 1"),
        (found(|it, _| drop(it.deliveries.remove(1))), "0 times pledge.confirmed, not 1"),
        (found(|it, told| put(it, told, "e", "pledge.signed", again)), "2 times pledge.signed"),
        (found(|it, told| put(it, told, "e", "pledge.signed", stranger)), "is not stored"),
        (found(|it, told| put(it, told, "e", "goal.reached", goal)), "and [1, 1] told"),
        (found(|it, _| drop(it.deliveries.pop())), "and [] told"),
        (found(|_, told| drop(told.heard.remove("a"))), "never arrived"),
        (found(|it, _| it.deliveries[0].3 = "pending".into()), "is pending"),
        (found(|_, told| told.heard.get_mut("a").unwrap().push("{}".into())), "arrived as"),
        (found(|_, told| drop(told.heard.insert("z".into(), vec![]))), "is in no outbox"),
        (found(|it, _| drop(it.mails.pop())), "R2 has 0 e-mails"),
        (found(|it, _| it.mails[1].1 = 3), "an e-mail of 3"),
        (found(|it, _| it.mails[1].3 = "waiting".into()), "is waiting"),
        (found(|it, _| it.mails[1].3 = "dropped".into()), "is dropped"),
        (found(|_, told| told.asks = false), "R1 has 1 e-mails"),
        (found(|_, told| drop(told.letters.remove("b@x"))), "arrived as None"),
        (
            found(|_, told| told.letters.get_mut("b@x").unwrap().extend(["<03@h>".into()])),
            "arrived as",
        ),
        (found(|_, told| drop(told.letters.insert("c@x".into(), [].into()))), "c@x got an e-mail"),
        (found(|_, told| told.confirmed.extend(["b@x".into()])), "confirmed: true"),
    ] {
        assert!(what.contains(said), "{said}: {what:?}");
    }
}

#[test]
fn a_message_names_the_number_that_was_acknowledged() {
    let said = found(|it, told| {
        *told = Told { asks: false, receipts: Default::default(), ..std::mem::take(told) };
        it.mails.clear();
        told.letters.clear();
    });
    assert_eq!(said, "");
    let said = found(|_, told| {
        told.asks = false;
        told.numbers.insert("R1".into(), 7);
    });
    assert!(said.contains("acknowledged was Some(7)"), "{said}");
}
