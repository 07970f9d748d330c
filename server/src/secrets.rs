//! Everything that rests on the secret key: fingerprints, seals, receipts, signed stamps, tokens.
//!
//! One master key; each purpose has its own key, derived by BLAKE3's `derive_key` with a context
//! that nothing else uses. A stolen database without the master key shows no address and lets
//! none be guessed. After a rotation there are earlier editions of the key as well: what they
//! made is still recognised, and nothing new is made with them.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use countersign_shared::{Email, Slug};
use jiff::Timestamp;

use crate::clock::Entropy;
use crate::store::Identity;

mod links;
mod master;
mod organizers;

use master::Edition;
pub use master::{KeyError, Master};
pub use organizers::{Fit, Ticket};

const NONCE: usize = 24;

/// The personal data of one pledge, as it lies inside the seal.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Person {
    pub name: String,
    pub email: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The address block that it was sent from: see [`crate::pledge::network`]. Absent for
    /// signatures from paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
}

/// A seal that does not open: another key, another row, or damage.
#[derive(Debug, thiserror::Error)]
#[error("a seal does not open with this key")]
pub struct SealError;

/// The derived keys, current and earlier. Prints nothing of itself.
pub struct Secrets {
    current: Keys,
    /// The latest first.
    earlier: Vec<Keys>,
    request: [u8; 32],
    body: [u8; 32],
    receipt: [u8; 32],
    /// From the first edition, so that a rotation does not part nodes that talk to each other.
    installation: String,
}

/// What is derived from one edition of the master key.
struct Keys {
    version: u16,
    fingerprint: [u8; 32],
    seal: XChaCha20Poly1305,
    rendered: [u8; 32],
    embed: [u8; 32],
    token: [u8; 32],
    hook: XChaCha20Poly1305,
    ticket: [u8; 32],
    audit: [u8; 32],
    check: [u8; 16],
    mailbox: [u8; 32],
    link: [u8; 32],
}

impl Keys {
    fn derive(edition: &Edition) -> Self {
        let key = |purpose: &str| edition.derive(purpose);
        Self {
            version: edition.version(),
            fingerprint: key("countersign 2025-11 v1 fingerprint of campaign and mailbox"),
            seal: XChaCha20Poly1305::new(
                &key("countersign 2025-11 v1 seal of personal data").into(),
            ),
            rendered: key("countersign 2025-11 v1 rendered stamp"),
            embed: key("countersign 2025-11 v1 embed token"),
            token: key("countersign 2025-11 v1 api token hash"),
            hook: XChaCha20Poly1305::new(
                &key("countersign 2025-11 v1 seal of webhook secrets").into(),
            ),
            ticket: key("countersign 2025-11 v1 hash of what an organizer holds"),
            audit: key("countersign 2025-11 v1 audit chain"),
            check: first16(&key("countersign 2025-11 v1 which key this is")),
            mailbox: key("countersign 2026-11 v1 mailbox over all campaigns"),
            link: key("countersign 2026-11 v1 link of an e-mail"),
        }
    }

    fn fingerprint(&self, campaign: &Slug, canonical: &str) -> [u8; 16] {
        mac16(&self.fingerprint, &[campaign.as_str().as_bytes(), canonical.as_bytes()])
    }

    fn identity(
        &self,
        campaign: &Slug,
        canonical: &str,
        person: &Person,
        entropy: &dyn Entropy,
    ) -> Result<Identity, SealError> {
        let fingerprint = self.fingerprint(campaign, canonical);
        let sealed = self.seal(campaign, &fingerprint, person, entropy)?;
        Ok(Identity { key_version: self.version, fingerprint, sealed })
    }

    fn seal(
        &self,
        campaign: &Slug,
        fingerprint: &[u8; 16],
        person: &Person,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, SealError> {
        let plain = serde_json::to_vec(person).map_err(|_| SealError)?;
        let mut nonce = [0; NONCE];
        entropy.fill(&mut nonce);
        let aad = bound_to(campaign, fingerprint);
        let sealed = self
            .seal
            .encrypt(&XNonce::from(nonce), Payload { msg: &plain, aad: &aad })
            .map_err(|_| SealError)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    fn stamp_mac(&self, campaign: &Slug, when: &str) -> [u8; 16] {
        mac16(&self.rendered, &[campaign.as_str().as_bytes(), when.as_bytes()])
    }

    fn embed_token(&self, campaign: &Slug) -> String {
        URL_SAFE_NO_PAD.encode(mac16(&self.embed, &[campaign.as_str().as_bytes()]))
    }
}

impl Secrets {
    pub fn derive(master: &Master) -> Self {
        let current = master.current();
        let check = Keys::derive(master.first()).check;
        Self {
            current: Keys::derive(current),
            earlier: master.earlier().map(Keys::derive).collect(),
            request: current.derive("countersign 2025-11 v1 idempotency key"),
            body: current.derive("countersign 2025-11 v1 request body"),
            receipt: current.derive("countersign 2025-11 v1 receipt"),
            installation: check[..8].iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }

    fn editions(&self) -> impl Iterator<Item = &Keys> {
        std::iter::once(&self.current).chain(&self.earlier)
    }

    /// The edition that makes what is made now.
    pub fn version(&self) -> u16 {
        self.current.version
    }

    /// Names each edition without showing it: a database refuses any other keys than its own.
    pub fn checks(&self) -> Vec<(u16, [u8; 16])> {
        self.editions().map(|keys| (keys.version, keys.check)).collect()
    }

    /// Names the installation to its own nodes, where it shares a messenger with others.
    pub fn installation(&self) -> &str {
        &self.installation
    }

    /// One a campaign and mailbox. `canonical` is the address in the form that dedupes.
    pub fn fingerprint(&self, campaign: &Slug, canonical: &str) -> [u8; 16] {
        self.current.fingerprint(campaign, canonical)
    }

    /// The fingerprints that a mailbox may have, by any edition.
    pub fn fingerprints(&self, campaign: &Slug, canonical: &str) -> Vec<[u8; 16]> {
        self.editions().map(|keys| keys.fingerprint(campaign, canonical)).collect()
    }

    /// Who signs: as the store knows them from now on, and as it may know them from before.
    pub fn identities(
        &self,
        campaign: &Slug,
        canonical: &str,
        person: &Person,
        entropy: &dyn Entropy,
    ) -> Result<(Identity, Vec<Identity>), SealError> {
        let by = |keys: &Keys| keys.identity(campaign, canonical, person, entropy);
        Ok((by(&self.current)?, self.earlier.iter().map(by).collect::<Result<_, _>>()?))
    }

    /// The same person under the current edition; `None` where the row is of the current one.
    pub fn renew(
        &self,
        campaign: &Slug,
        kept: &Identity,
        entropy: &dyn Entropy,
    ) -> Result<Option<Identity>, SealError> {
        if kept.key_version == self.current.version {
            return Ok(None);
        }
        let person = self.open(campaign, kept.key_version, &kept.fingerprint, &kept.sealed)?;
        let email = Email::parse(&person.email).map_err(|_| SealError)?;
        let canonical = email.canonical();
        self.current.identity(campaign, canonical.as_str(), &person, entropy).map(Some)
    }

    /// What stands for an Idempotency-Key in the store. The same key means another request in
    /// another campaign.
    pub fn request_key(&self, campaign: &Slug, idempotency_key: &str) -> [u8; 16] {
        mac16(&self.request, &[campaign.as_str().as_bytes(), idempotency_key.as_bytes()])
    }

    /// Tells whether two requests ask for the same thing. Every part counts, and where it ends.
    pub fn body_hash(&self, parts: &[&[u8]]) -> [u8; 16] {
        mac16(&self.body, parts)
    }

    /// A reference to quote, in Crockford's base 32: the same for the same request, and no key to
    /// anything. `request` is the Idempotency-Key or, without one, the body hash.
    pub fn receipt(&self, campaign: &Slug, request: &[u8]) -> String {
        let mac = mac16(&self.receipt, &[campaign.as_str().as_bytes(), request]);
        let mut bytes = [0; 10];
        bytes.copy_from_slice(&mac[..10]);
        crockford(bytes)
    }

    /// The stamp that a page carries: when it was rendered, and that we said so.
    pub fn stamp(&self, campaign: &Slug, now: Timestamp) -> String {
        let when = now.as_millisecond().to_string();
        let mac = self.current.stamp_mac(campaign, &when);
        format!("{when}.{}", URL_SAFE_NO_PAD.encode(mac))
    }

    /// When the page was rendered, if this is a stamp of ours for this campaign.
    pub fn read_stamp(&self, campaign: &Slug, stamp: &str) -> Option<Timestamp> {
        let (when, mac) = stamp.split_once('.')?;
        let milliseconds: i64 = when.parse().ok()?;
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        if !self.editions().any(|keys| same(&keys.stamp_mac(campaign, when), &mac)) {
            return None;
        }
        Timestamp::from_millisecond(milliseconds).ok()
    }

    /// Lets a sandboxed frame, whose origin is `null`, send pledges for this campaign.
    pub fn embed_token(&self, campaign: &Slug) -> String {
        self.current.embed_token(campaign)
    }

    pub fn is_embed_token(&self, campaign: &Slug, token: &str) -> bool {
        self.editions().any(|keys| same(keys.embed_token(campaign).as_bytes(), token.as_bytes()))
    }

    /// A new API token: `cs_` and 256 random bits.
    pub fn new_token(&self, entropy: &dyn Entropy) -> String {
        let mut bytes = [0; 32];
        entropy.fill(&mut bytes);
        format!("cs_{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// What the store keeps of a token.
    pub fn token_hash(&self, token: &str) -> [u8; 32] {
        *blake3::keyed_hash(&self.current.token, token.as_bytes()).as_bytes()
    }

    /// What the store may have kept of a token, by any edition.
    pub fn token_hashes(&self, token: &str) -> Vec<[u8; 32]> {
        let hash = |keys: &Keys| *blake3::keyed_hash(&keys.token, token.as_bytes()).as_bytes();
        self.editions().map(hash).collect()
    }

    /// A new secret that signs webhooks: `whsec_` and 192 random bits, as Standard Webhooks has it.
    pub fn new_hook_secret(&self, entropy: &dyn Entropy) -> String {
        let mut bytes = [0; 24];
        entropy.fill(&mut bytes);
        format!("whsec_{}", STANDARD.encode(bytes))
    }

    /// Seals the secret of a webhook to its campaign.
    pub fn seal_hook(
        &self,
        campaign: &Slug,
        secret: &str,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE];
        entropy.fill(&mut nonce);
        let payload = Payload { msg: secret.as_bytes(), aad: campaign.as_str().as_bytes() };
        let sealed = self.current.hook.encrypt(&XNonce::from(nonce), payload);
        Ok([nonce.as_slice(), &sealed.map_err(|_| SealError)?].concat())
    }

    /// The secret of a webhook, sealed by any edition.
    pub fn open_hook(&self, campaign: &Slug, sealed: &[u8]) -> Result<String, SealError> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(SealError)?;
        let (nonce, aad) = (XNonce::from(*nonce), campaign.as_str().as_bytes());
        let open = |keys: &Keys| keys.hook.decrypt(&nonce, Payload { msg: sealed, aad }).ok();
        let secret = self.editions().find_map(open).ok_or(SealError)?;
        String::from_utf8(secret).map_err(|_| SealError)
    }

    /// Seals personal data to its row: moved to another row or campaign, it does not open.
    pub fn seal(
        &self,
        campaign: &Slug,
        fingerprint: &[u8; 16],
        person: &Person,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, SealError> {
        self.current.seal(campaign, fingerprint, person, entropy)
    }

    /// Seals personal data anew to a row that the edition `key_version` made.
    pub fn seal_again(
        &self,
        campaign: &Slug,
        key_version: u16,
        fingerprint: &[u8; 16],
        person: &Person,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, SealError> {
        let keys = self.editions().find(|keys| keys.version == key_version).ok_or(SealError)?;
        keys.seal(campaign, fingerprint, person, entropy)
    }

    /// Opens what the edition `key_version` sealed.
    pub fn open(
        &self,
        campaign: &Slug,
        key_version: u16,
        fingerprint: &[u8; 16],
        sealed: &[u8],
    ) -> Result<Person, SealError> {
        let keys = self.editions().find(|keys| keys.version == key_version).ok_or(SealError)?;
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(SealError)?;
        let aad = bound_to(campaign, fingerprint);
        let plain = keys
            .seal
            .decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: &aad })
            .map_err(|_| SealError)?;
        serde_json::from_slice(&plain).map_err(|_| SealError)
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(…)")
    }
}

fn bound_to(campaign: &Slug, fingerprint: &[u8; 16]) -> Vec<u8> {
    [campaign.as_str().as_bytes(), fingerprint].concat()
}

/// A MAC over parts, each with its length, so that no two lists of parts give the same bytes.
fn mac16(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new_keyed(key);
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    first16(hasher.finalize().as_bytes())
}

fn first16(bytes: &[u8; 32]) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&bytes[..16]);
    short
}

/// Equal, in a time that does not tell where they differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differ, (x, y)| differ | (x ^ y)) == 0
}

/// Crockford's base 32: no I, L, O or U, so that it can be read out over the telephone.
fn crockford(bytes: [u8; 10]) -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let number = bytes.iter().fold(0u128, |number, byte| number << 8 | u128::from(*byte));
    (0..16).rev().map(|place| char::from(DIGITS[(number >> (5 * place)) as usize & 31])).collect()
}

#[cfg(test)]
mod tests;
