//! E-mails to those who sign: the outbox, and what the links in them open.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};

use super::measured::timed;
use super::supporters::{Acted, may_be_confirmed};
use super::{CampaignId, Measured, Result, StoreError};

/// So many e-mails a mailbox gets in [`COUNTED_FOR`], over all campaigns: whoever types somebody
/// else's address fills no mailbox. As many again are put off until they fit, so that this does not
/// keep anybody from signing either.
pub const MAILS_MOST: i64 = 3;
pub const COUNTED_FOR: SignedDuration = SignedDuration::from_hours(24);
/// For so long a link confirms. What is not confirmed by then is deleted.
pub const CONFIRM_DAYS: u32 = 7;
pub(super) const CONFIRM_FOR: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Names an e-mail, and is the public half of its link.
pub type MailId = [u8; 16];

/// An e-mail that a pledge brings along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewMail {
    pub id: MailId,
    /// Keyed hash of the mailbox alone.
    pub mailbox: [u8; 16],
}

/// What an e-mail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailKind {
    /// Asks to confirm.
    Confirm,
    /// Tells that this mailbox has signed already.
    Known,
}

impl MailKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Known => "known",
        }
    }
}

/// An e-mail that this node is to send.
#[derive(Clone, Debug)]
pub struct Letter {
    pub id: MailId,
    pub kind: MailKind,
    /// How often it was tried before.
    pub attempts: u32,
    pub created_at: Timestamp,
    pub campaign: CampaignId,
    /// Why the pledge is not counted; `None` where it is.
    pub apart: Option<String>,
    pub locale: String,
    pub key_version: u16,
    pub fingerprint: [u8; 16],
    pub sealed: Vec<u8>,
}

/// A row of `mails.letters.sql`.
pub(super) type LetterRow =
    (Vec<u8>, String, i32, i64, i64, Option<String>, String, i64, Vec<u8>, Vec<u8>);

impl Letter {
    /// `None` for what no version of ours has written.
    pub(super) fn read(row: LetterRow) -> Option<Self> {
        let (id, kind, attempts, created_at, campaign, apart, locale, version, mailbox, sealed) =
            row;
        Some(Self {
            id: id.try_into().ok()?,
            kind: if kind == "known" { MailKind::Known } else { MailKind::Confirm },
            attempts: u32::try_from(attempts).ok()?,
            created_at: Timestamp::from_millisecond(created_at).ok()?,
            campaign: CampaignId(campaign),
            apart,
            locale,
            key_version: u16::try_from(version).ok()?,
            fingerprint: mailbox.try_into().ok()?,
            sealed,
        })
    }

    /// Whether it still says what is so: nobody is asked to confirm what counts, or cannot count.
    pub fn is_needed(&self, now: Timestamp) -> bool {
        match self.kind {
            MailKind::Known => self.apart.is_none(),
            MailKind::Confirm => {
                may_be_confirmed(self.apart.as_deref())
                    && now.duration_since(self.created_at) < CONFIRM_FOR
            }
        }
    }
}

/// What became of an e-mail.
#[derive(Clone, Debug)]
pub struct SettledMail {
    pub id: MailId,
    /// `waiting`, `sent`, `failed` or `dropped`.
    pub state: &'static str,
    pub attempts: u32,
    pub next_at: Timestamp,
    /// Without any address in it.
    pub error: Option<Cow<'static, str>>,
}

/// What a link opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredMail {
    pub campaign: CampaignId,
    pub pledge: i64,
    pub created_at: Timestamp,
}

impl StoredMail {
    pub(super) fn read((campaign, pledge, created_at): (i64, i64, i64)) -> Option<Self> {
        let created_at = Timestamp::from_millisecond(created_at).ok()?;
        Some(Self { campaign: CampaignId(campaign), pledge, created_at })
    }

    /// Whether the link may still confirm. What it shows and changes, it shows and changes for as
    /// long as the person's data is kept.
    pub fn confirms(&self, now: Timestamp) -> bool {
        now.duration_since(self.created_at) < CONFIRM_FOR
    }
}

fn none<T>() -> Result<T> {
    Err(StoreError::Refused("this store sends no e-mails"))
}

/// The outbox of e-mails. They are written by `record`, in the transaction of their pledge.
#[async_trait::async_trait]
pub trait Mails: Send + Sync + 'static {
    /// Takes e-mails for this node to send. Should it die, they are due again at `lease`.
    async fn claim_mails(
        &self,
        _now: Timestamp,
        _lease: Timestamp,
        _limit: u32,
    ) -> Result<Vec<Letter>> {
        none()
    }

    async fn settle_mails(&self, _settled: Vec<SettledMail>) -> Result<()> {
        none()
    }

    /// How many are to be sent by now and are not yet.
    async fn waiting_mails(&self, _now: Timestamp) -> Result<u64> {
        none()
    }

    /// `None` where there is no such e-mail, or its person is deleted.
    async fn mail(&self, _id: MailId) -> Result<Option<StoredMail>> {
        none()
    }

    /// The mailbox says yes: the pledge counts from now on. Whether the link is young enough is
    /// decided in the transaction.
    async fn confirm(&self, _id: MailId, _now: Timestamp) -> Result<Acted> {
        none()
    }
}

#[async_trait::async_trait]
impl Mails for Measured {
    async fn claim_mails(
        &self,
        now: Timestamp,
        lease: Timestamp,
        limit: u32,
    ) -> Result<Vec<Letter>> {
        timed("claim_mails", self.0.claim_mails(now, lease, limit)).await
    }

    async fn settle_mails(&self, settled: Vec<SettledMail>) -> Result<()> {
        timed("settle_mails", self.0.settle_mails(settled)).await
    }

    async fn waiting_mails(&self, now: Timestamp) -> Result<u64> {
        timed("waiting_mails", self.0.waiting_mails(now)).await
    }

    async fn mail(&self, id: MailId) -> Result<Option<StoredMail>> {
        timed("mail", self.0.mail(id)).await
    }

    async fn confirm(&self, id: MailId, now: Timestamp) -> Result<Acted> {
        timed("confirm", self.0.confirm(id, now)).await
    }
}
