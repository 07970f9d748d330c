//! What organizers hold and we keep a hash of; and what binds the lines of the audit log.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Keys, Secrets, same};
use crate::clock::Entropy;
use crate::store::audit::{Chain, Head, Line, Link, NewLine};

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
        Arc::new(AuditKey(self.current.audit))
    }

    /// How a line fits after the line with this hash, under any edition.
    pub fn fits(&self, before: &[u8; 32], line: &Line) -> Fit {
        let is = |era: &[&[u8]]| {
            self.editions()
                .any(|keys| same(&link(&keys.audit, before, line.id, &line.line, era), &line.hash))
        };
        if is(SEALED) {
            Fit::Sealed
        } else if is(&[]) {
            Fit::Unsealed
        } else {
            Fit::No
        }
    }

    /// Whether the log was left to end there, under any edition.
    pub fn is_sealed(&self, head: &Head) -> bool {
        let Some(seal) = head.seal else { return false };
        self.editions().any(|keys| same(&AuditKey(keys.audit).seal(head.id, &head.hash), &seal))
    }
}

/// Whether a line is as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    No,
    /// It is from before there were seals: it says nothing about the end of the log.
    Unsealed,
    /// With it the end of the log was sealed.
    Sealed,
}

/// What lines say beside themselves since the end of the log is sealed. Without it somebody could
/// cut the log, leave the seal away, and call it an early one.
const SEALED: &[&[u8]] = &[b"sealed"];

struct AuditKey([u8; 32]);

impl Chain for AuditKey {
    fn link(&self, before: &[u8; 32], id: i64, line: &NewLine) -> [u8; 32] {
        link(&self.0, before, id, line, SEALED)
    }

    fn seal(&self, id: i64, last: &[u8; 32]) -> [u8; 32] {
        hash(&self.0, &[b"head", &id.to_le_bytes(), last])
    }
}

fn link(key: &[u8; 32], before: &[u8; 32], id: i64, line: &NewLine, era: &[&[u8]]) -> [u8; 32] {
    let (id, organization) = (id.to_le_bytes(), line.organization.0.to_le_bytes());
    let at = line.at.as_millisecond().to_le_bytes();
    let says = [&line.actor, &line.action, &line.subject, &line.detail].map(|it| it.as_bytes());
    let parts: [&[&[u8]]; 3] = [&[before, &id, &at, &organization], &says, era];
    hash(key, &parts.concat())
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
        let hash = before.audit_link().link(&[7; 32], 3, &line());
        let kept = Line { id: 3, line: line(), hash };
        assert_eq!(before.fits(&[7; 32], &kept), Fit::Sealed);
        assert_eq!(after.fits(&[7; 32], &kept), Fit::Sealed);
        assert_eq!(before.fits(&[8; 32], &kept), Fit::No);
        assert_eq!(before.fits(&[7; 32], &Line { id: 4, ..kept.clone() }), Fit::No);
        let mut edited = kept.clone();
        edited.line.actor = "eve@example.org".into();
        assert_eq!(before.fits(&[7; 32], &edited), Fit::No);
        // What moves from one field to the next is another line.
        edited.line =
            NewLine { action: "campaign.updat".into(), subject: "etrees".into(), ..line() };
        assert_eq!(before.fits(&[7; 32], &edited), Fit::No);
        let other = Secrets::derive(&Master::from_bytes([2; 32]));
        assert_eq!(other.fits(&[7; 32], &kept), Fit::No);
        // The end of the log is vouched for by the same keys.
        let seal = Some(before.audit_link().seal(3, &hash));
        let head = Head { id: 3, hash, seal };
        assert!(before.is_sealed(&head) && after.is_sealed(&head) && !other.is_sealed(&head));
        assert!(!before.is_sealed(&Head { id: 2, ..head }));
        assert!(!before.is_sealed(&Head { seal: None, ..head }));
    }

    #[test]
    fn a_line_from_before_there_were_seals_still_fits() {
        let secrets = Secrets::derive(&Master::from_bytes([1; 32]));
        let hash = link(&secrets.current.audit, &[7; 32], 3, &line(), &[]);
        let kept = Line { id: 3, line: line(), hash };
        assert_eq!(secrets.fits(&[7; 32], &kept), Fit::Unsealed);
    }
}
