//! What the outboxes must hold after any fault, and a list of what they do not.
//!
//! Each signature that is stored is told once, each that counts is told of once more, and none that
//! is not stored is told of. Whatever was told arrived, under one id and with one body. A mailbox
//! that is asked has one e-mail, and nobody else has one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use sqlx::{Connection as _, PgConnection, SqliteConnection};

use crate::receiver::{Heard, Letters};

const PLEDGES: &str = "SELECT id, state, receipt FROM pledges";
const DELIVERIES: &str = "SELECT id, event, payload, state FROM deliveries";
const MAILS: &str = "SELECT id, pledge_id, kind, state FROM mails";

/// What of the outboxes is in the database.
#[derive(Default)]
pub struct Outboxes {
    pub pledges: Vec<(i64, String, String)>,
    pub deliveries: Vec<(String, String, String, String)>,
    pub mails: Vec<(Vec<u8>, i64, String, String)>,
}

/// What went out, and to whom it belongs.
#[derive(Default)]
pub struct Told<'a> {
    pub heard: Heard,
    /// Whether the campaign asks mailboxes.
    pub asks: bool,
    pub letters: Letters,
    /// Mailboxes that were told that their signature counts.
    pub confirmed: BTreeSet<String>,
    /// Receipts, by mailbox.
    pub receipts: BTreeMap<String, String>,
    /// Numbers that were acknowledged, by receipt.
    pub numbers: BTreeMap<String, u64>,
    /// The goals that were passed.
    pub goals: &'a [u64],
}

impl Outboxes {
    pub async fn of_file(path: &Path) -> sqlx::Result<Self> {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).read_only(true);
        let mut connection = SqliteConnection::connect_with(&options).await?;
        let read = Self {
            pledges: sqlx::query_as(PLEDGES).fetch_all(&mut connection).await?,
            deliveries: sqlx::query_as(DELIVERIES).fetch_all(&mut connection).await?,
            mails: sqlx::query_as(MAILS).fetch_all(&mut connection).await?,
        };
        connection.close().await?;
        Ok(read)
    }

    pub async fn of_postgres(url: &str) -> sqlx::Result<Self> {
        let mut connection = PgConnection::connect(url).await?;
        let read = Self {
            pledges: sqlx::query_as(PLEDGES).fetch_all(&mut connection).await?,
            deliveries: sqlx::query_as(DELIVERIES).fetch_all(&mut connection).await?,
            mails: sqlx::query_as(MAILS).fetch_all(&mut connection).await?,
        };
        connection.close().await?;
        Ok(read)
    }

    /// Whether nothing waits to be sent.
    pub fn are_empty(&self) -> bool {
        self.deliveries.iter().all(|(.., state)| state != "pending")
            && self.mails.iter().all(|(.., state)| state != "waiting")
    }

    /// Everything that is not as it should be once nothing waits any more, as sentences.
    pub fn violations(&self, told: &Told<'_>) -> Vec<String> {
        let mut wrong = self.events(told);
        wrong.extend(self.goals(told));
        wrong.extend(self.arrivals(told));
        wrong.extend(self.mails(told));
        wrong
    }

    fn events(&self, told: &Told<'_>) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut events: BTreeMap<(i64, &str), u32> = BTreeMap::new();
        for (id, event, payload, _) in &self.deliveries {
            let payload: Value = serde_json::from_str(payload).unwrap_or_default();
            if event == "goal.reached" {
                continue;
            }
            let (pledge, receipt) = (&payload["data"]["pledge_id"], &payload["data"]["receipt"]);
            let row = self.pledges.iter().find(|(id, ..)| pledge.as_i64() == Some(*id));
            match row {
                Some((_, _, stored)) if receipt == stored => {}
                _ => wrong.push(format!("{id} tells of {receipt}, which is not stored")),
            }
            let number = payload["data"]["number"].as_u64();
            let given = told.numbers.get(receipt.as_str().unwrap_or_default()).copied();
            if !told.asks && number != given {
                wrong.push(format!("{id} tells number {number:?}, acknowledged was {given:?}"));
            }
            *events.entry((pledge.as_i64().unwrap_or_default(), event)).or_default() += 1;
        }
        for (pledge, state, receipt) in &self.pledges {
            let counts = u32::from(state == "counted");
            for (event, wanted) in [("pledge.signed", 1), ("pledge.confirmed", counts)] {
                let have = events.remove(&(*pledge, event)).unwrap_or_default();
                if have != wanted {
                    wrong.push(format!("{receipt}, {state}: {have} times {event}, not {wanted}"));
                }
            }
        }
        wrong.extend(events.keys().map(|(pledge, event)| format!("{event} of {pledge}: why?")));
        wrong
    }

    fn goals(&self, told: &Told<'_>) -> Vec<String> {
        let goal = |payload: &String| {
            let payload: Value = serde_json::from_str(payload).unwrap_or_default();
            payload["data"]["goal"].as_u64().unwrap_or_default()
        };
        let is_goal = |event: &str| event == "goal.reached";
        let rows = self.deliveries.iter().filter(|(_, event, ..)| is_goal(event));
        let mut rows: Vec<u64> = rows.map(|(_, _, payload, _)| goal(payload)).collect();
        rows.sort_unstable();
        if rows == told.goals {
            return Vec::new();
        }
        vec![format!("the goals {:?} were passed, and {rows:?} told", told.goals)]
    }

    fn arrivals(&self, told: &Told<'_>) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut heard = told.heard.clone();
        for (id, event, payload, state) in &self.deliveries {
            if state != "delivered" {
                wrong.push(format!("{id}, {event}, is {state}"));
            }
            match heard.remove(id) {
                None => wrong.push(format!("{id}, {event}, never arrived")),
                Some(bodies) if bodies.iter().all(|body| body == payload) => {}
                Some(bodies) => wrong.push(format!("{id}, {payload}, arrived as {bodies:?}")),
            }
        }
        wrong.extend(heard.keys().map(|id| format!("{id} arrived, and is in no outbox")));
        wrong
    }

    fn mails(&self, told: &Told<'_>) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut mails: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        let counted = self.pledges.iter().filter(|(_, state, _)| state == "counted");
        let counts: BTreeSet<i64> = counted.map(|(id, ..)| *id).collect();
        for (id, pledge, kind, state) in &self.mails {
            let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
            // Who confirmed before it was noted that it had arrived needs no other.
            let done = state == "sent" || (state == "dropped" && counts.contains(pledge));
            if kind != "confirm" || !done {
                wrong.push(format!("e-mail {id}, {kind}, is {state}"));
            }
            mails.entry(*pledge).or_default().push(id);
        }
        let mailbox_of: BTreeMap<&str, &str> =
            told.receipts.iter().map(|(mailbox, receipt)| (&**receipt, &**mailbox)).collect();
        for (pledge, state, receipt) in &self.pledges {
            let rows = mails.remove(pledge).unwrap_or_default();
            if rows.len() != usize::from(told.asks) {
                wrong.push(format!("{receipt} has {} e-mails", rows.len()));
            }
            let mailbox = mailbox_of.get(&**receipt).copied().unwrap_or_default();
            let yes = told.confirmed.contains(mailbox);
            if told.asks && yes != (state == "counted") {
                wrong.push(format!("{receipt} is {state}; confirmed: {yes}"));
            }
            for id in rows {
                let arrived = told.letters.get(mailbox);
                let start = format!("<{id}@");
                let alike = |ids: &BTreeSet<String>| {
                    ids.len() == 1 && ids.iter().all(|arrived| arrived.starts_with(&start))
                };
                if !arrived.is_some_and(alike) {
                    wrong.push(format!("{receipt}: e-mail {id} arrived as {arrived:?}"));
                }
            }
        }
        wrong.extend(mails.keys().map(|pledge| format!("an e-mail of {pledge}: why?")));
        let strangers = told.letters.keys().filter(|mailbox| !told.receipts.contains_key(*mailbox));
        wrong
            .extend(strangers.map(|mailbox| format!("{mailbox} got an e-mail, and is not stored")));
        wrong
    }
}

#[cfg(test)]
mod tests;
