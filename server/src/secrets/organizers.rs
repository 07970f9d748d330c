//! What organizers hold and we keep a hash of; and what binds the lines of the audit log.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Keys, Secrets, same};
use crate::clock::Entropy;
use crate::store::audit::{Line, Link, NewLine};

/// What a secret opens. One that opens a session is no invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ticket {
    Session,
    Invitation,
    /// The second half of making or showing a passkey.
    Ceremony,
}

impl Ticket {
    fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Invitation => "invitation",
            Self::Ceremony => "ceremony",
        }
    }
}

impl Keys {
    fn ticket_hash(&self, kind: Ticket, ticket: &str) -> [u8; 32] {
        hash(&self.ticket, &[kind.name().as_bytes(), ticket.as_bytes()])
    }
}

impl Secrets {
    /// 256 random bits, fit for a cookie and a URL.
    pub fn new_ticket(&self, entropy: &dyn Entropy) -> String {
        let mut bytes = [0; 32];
        entropy.fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What the store keeps of a ticket.
    pub fn ticket_hash(&self, kind: Ticket, ticket: &str) -> [u8; 32] {
        self.current.ticket_hash(kind, ticket)
    }

    /// What the store may have kept of a ticket, by any edition. None for what cannot be one.
    pub fn ticket_hashes(&self, kind: Ticket, ticket: &str) -> Vec<[u8; 32]> {
        if ticket.len() != 43 {
            return Vec::new();
        }
        self.editions().map(|keys| keys.ticket_hash(kind, ticket)).collect()
    }

    /// Binds new lines of the audit log.
    pub fn audit_link(&self) -> Link {
        let key = self.current.audit;
        Arc::new(move |before, id, line| link(&key, before, id, line))
    }

    /// Whether a line is as it was written, after the line with this hash, under any edition.
    pub fn fits(&self, before: &[u8; 32], line: &Line) -> bool {
        let fits = |keys: &Keys| same(&link(&keys.audit, before, line.id, &line.line), &line.hash);
        self.editions().any(fits)
    }
}

fn link(key: &[u8; 32], before: &[u8; 32], id: i64, line: &NewLine) -> [u8; 32] {
    hash(
        key,
        &[
            before,
            &id.to_le_bytes(),
            &line.at.as_millisecond().to_le_bytes(),
            &line.organization.0.to_le_bytes(),
            line.actor.as_bytes(),
            line.action.as_bytes(),
            line.subject.as_bytes(),
            line.detail.as_bytes(),
        ],
    )
}

/// Each part with its length, so that no two lists of parts give the same bytes.
fn hash(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_keyed(key);
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::Timestamp;

    use super::*;
    use crate::clock::SystemEntropy;
    use crate::secrets::Master;
    use crate::store::OrganizationId;

    fn line() -> NewLine {
        NewLine {
            at: Timestamp::UNIX_EPOCH,
            organization: OrganizationId(1),
            actor: "ada@example.org".into(),
            action: "campaign.update".into(),
            subject: "trees".into(),
            detail: "{}".into(),
        }
    }

    #[test]
    fn a_ticket_opens_one_kind_of_thing() {
        let secrets = Secrets::derive(&Master::from_bytes([1; 32]));
        let ticket = secrets.new_ticket(&SystemEntropy);
        let session = secrets.ticket_hash(Ticket::Session, &ticket);
        assert_eq!(secrets.ticket_hashes(Ticket::Session, &ticket), [session]);
        assert_ne!(secrets.ticket_hash(Ticket::Invitation, &ticket), session);
        assert!(secrets.ticket_hashes(Ticket::Session, "short").is_empty());
    }

    #[test]
    fn a_line_fits_after_its_own_line_only_also_when_the_key_was_rotated() {
        let before = Secrets::derive(&Master::from_bytes([1; 32]));
        let list = format!("2:{}, 1:{}", "02".repeat(32), "01".repeat(32));
        let after = Secrets::derive(&Master::from_text(&list).unwrap());
        let hash = before.audit_link()(&[7; 32], 3, &line());
        let kept = Line { id: 3, line: line(), hash };
        assert!(before.fits(&[7; 32], &kept) && after.fits(&[7; 32], &kept));
        assert!(!before.fits(&[8; 32], &kept));
        assert!(!before.fits(&[7; 32], &Line { id: 4, ..kept.clone() }));
        let mut edited = kept.clone();
        edited.line.actor = "eve@example.org".into();
        assert!(!before.fits(&[7; 32], &edited));
        // What moves from one field to the next is another line.
        edited.line =
            NewLine { action: "campaign.updat".into(), subject: "etrees".into(), ..line() };
        assert!(!before.fits(&[7; 32], &edited));
        assert!(!Secrets::derive(&Master::from_bytes([2; 32])).fits(&[7; 32], &kept));
    }
}
