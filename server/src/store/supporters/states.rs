//! How a pledge stands, and what may be decided about it.

use crate::store::Counters;

/// Why a pledge is not in the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Apart {
    Honeypot,
    TooFast,
    /// Its mailbox has not confirmed it yet.
    Unconfirmed,
    Withdrawn,
    Refused,
    Invalidated,
}

impl Apart {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Honeypot => "honeypot",
            Self::TooFast => "too_fast",
            Self::Unconfirmed => "unconfirmed",
            Self::Withdrawn => "withdrawn",
            Self::Refused => "refused",
            Self::Invalidated => "invalidated",
        }
    }
}

/// Whether a mailbox that is asked may say yes to a pledge that is apart for this reason: it waits for
/// that, or was taken for a robot's.
pub fn may_be_confirmed(apart: Option<&str>) -> bool {
    matches!(apart, Some("unconfirmed" | "honeypot" | "too_fast"))
}

/// What is decided about one pledge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The person does not want to be in the number. They may sign again.
    Withdraw,
    /// What was held back, refused or invalidated comes into the number.
    Release,
    /// It never comes into the number.
    Refuse,
    /// Its mailbox says yes.
    Confirm,
}

impl Act {
    /// The state that it leads to.
    pub(in crate::store) fn to(self) -> Option<Apart> {
        match self {
            Self::Withdraw => Some(Apart::Withdrawn),
            Self::Release | Self::Confirm => None,
            Self::Refuse => Some(Apart::Refused),
        }
    }

    /// Whether it can be done from that state. Nobody but the person takes back a withdrawal, nobody
    /// but the mailbox confirms, and by withdrawing nobody comes to sign again after a refusal. What
    /// was held back as a robot's is rescued by its mailbox, where that was asked.
    pub(in crate::store) fn may(self, from: Option<&str>, asked: bool) -> bool {
        // A refusal can be taken back, and so would be a way round the mailbox.
        let mailbox_decides = match from {
            Some("unconfirmed") => true,
            Some("honeypot" | "too_fast") => asked,
            _ => false,
        };
        match self {
            Self::Withdraw => !matches!(from, Some("refused" | "invalidated")),
            Self::Release | Self::Refuse => from != Some("withdrawn") && !mailbox_decides,
            Self::Confirm => may_be_confirmed(from),
        }
    }
}

/// What came of a change to one pledge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acted {
    /// The counters, where they moved.
    Done(Option<Counters>),
    /// It was so already, or cannot be from the state that it is in.
    AlreadySo,
    NotFromHere,
    /// It is another row than the one that was read: read it again.
    Overtaken,
    NotFound,
}
