//! Pledges on their way into the store, and what became of them.

use countersign_shared::Country;

use super::mails::NewMail;
use super::{CampaignId, Counters};

/// How the screen judged a pledge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Count,
    /// Kept, counted nowhere, answered like any other.
    Quarantine(QuarantineReason),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuarantineReason {
    /// The field that people do not see was filled.
    Honeypot,
    /// Sent within a second of rendering.
    TooFast,
    /// It counts once the mailbox has confirmed it.
    Unconfirmed,
}

impl QuarantineReason {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Honeypot => "honeypot",
            Self::TooFast => "too_fast",
            Self::Unconfirmed => "unconfirmed",
        }
    }
}

/// A mailbox and its person, as one edition of the secret key makes them unreadable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Which edition made the fingerprint and the seal.
    pub key_version: u16,
    /// Keyed hash of campaign and canonical address: one a mailbox and campaign.
    pub fingerprint: [u8; 16],
    /// Name, address and message, sealed and bound to the fingerprint.
    pub sealed: Vec<u8>,
}

/// A pledge on its way into the store. Holds no readable personal data.
#[derive(Clone, Debug)]
pub struct NewPledge {
    pub campaign: CampaignId,
    pub identity: Identity,
    /// The same person under earlier editions of the key, whose rows may be there still.
    pub earlier: Vec<Identity>,
    /// Keyed hash of the Idempotency-Key; `None` where the client sent none.
    pub request: Option<RequestKey>,
    pub verdict: Verdict,
    pub country: Country,
    pub locale: String,
    pub public_name: bool,
    pub updates: bool,
    /// The domain mixes scripts in the way look-alike domains do (UTS 39).
    pub suspicious: bool,
    /// JSON of `shared::pledge::Source`.
    pub source: String,
    /// A reference that the person may quote. Opens nothing.
    pub receipt: String,
    /// The e-mail that goes to them, where the campaign asks for confirmation.
    pub mail: Option<NewMail>,
}

/// Names one request, so that sending it again gives the first answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestKey {
    /// Keyed hash of campaign and Idempotency-Key.
    pub key: [u8; 16],
    /// Keyed hash of the parsed body.
    pub body: [u8; 16],
}

/// What became of one pledge of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A new row, counted; `number` is the total with it.
    Counted { number: u64 },
    /// This mailbox had signed: nothing added. `number` is the total as it stands.
    Duplicate { number: u64 },
    /// Stored, counted nowhere. `number` is the total as it stands.
    Quarantined { number: u64 },
    /// Stored, and counted once the mailbox has confirmed it; or the mailbox had signed before.
    Asked { number: u64 },
    /// The same request came before; this is the number it was given, and its receipt.
    Replayed { number: u64, receipt: String },
    /// The same Idempotency-Key with another body: nothing stored.
    KeyReused,
    /// Decided inside the transaction.
    NotYetOpen,
    /// Decided inside the transaction.
    Closed,
}

/// The result of [`Store::record`](super::Store::record): one outcome a pledge, in order, and what moved.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    pub outcomes: Vec<Outcome>,
    /// All counters of the campaigns whose counters moved.
    pub changed: Vec<(CampaignId, Counters)>,
}

impl Identity {
    /// `None` for what no version of ours has written.
    pub(super) fn read(key_version: i64, fingerprint: Vec<u8>, sealed: Vec<u8>) -> Option<Self> {
        let key_version = u16::try_from(key_version).ok()?;
        Some(Self { key_version, fingerprint: fingerprint.try_into().ok()?, sealed })
    }
}
