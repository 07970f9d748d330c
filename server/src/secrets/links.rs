//! What goes out by e-mail: links that only the server can make, and what names a mailbox.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Keys, Secrets, mac16, same};
use crate::clock::Entropy;
use crate::store::mails::{MailId, NewMail};

impl Keys {
    fn link_mac(&self, id: &MailId) -> [u8; 16] {
        mac16(&self.link, &[id])
    }
}

impl Secrets {
    /// An e-mail to this mailbox. `canonical` is the address in the form that dedupes.
    pub fn new_mail(&self, canonical: &str, entropy: &dyn Entropy) -> NewMail {
        let mut id = [0; 16];
        entropy.fill(&mut id);
        let (local, domain) = canonical.rsplit_once('@').unwrap_or((canonical, ""));
        let local = quota_name(local);
        let mailbox = mac16(&self.current.mailbox, &[local.as_bytes(), domain.as_bytes()]);
        NewMail { id, mailbox }
    }

    /// The secret of an e-mail's link: its id, and a hash of it that needs the key. The store knows
    /// the id alone, so a stolen database opens no link.
    pub fn link_token(&self, id: &MailId) -> String {
        let mac = self.current.link_mac(id);
        URL_SAFE_NO_PAD.encode([id.as_slice(), &mac].concat())
    }

    /// The e-mail whose link this is, by any edition; `None` for what we did not make.
    pub fn read_link(&self, token: &str) -> Option<MailId> {
        // Nothing longer is decoded.
        let bytes = (token.len() == 43).then(|| URL_SAFE_NO_PAD.decode(token).ok())??;
        let (id, mac) = bytes.split_first_chunk::<16>()?;
        self.editions().any(|keys| same(&keys.link_mac(id), mac)).then_some(*id)
    }
}

/// What counts as one mailbox where e-mails are counted: coarser than where signatures are. Tags and
/// dots lead to one mailbox at many servers; where they do not, two people share a day's e-mails.
fn quota_name(local: &str) -> String {
    local.split('+').next().unwrap_or_default().replace('.', "")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::clock::SystemEntropy;
    use crate::secrets::Master;

    #[test]
    fn a_link_is_made_by_us_alone_also_after_a_rotation() {
        let secrets = Secrets::derive(&Master::from_bytes([1; 32]));
        let mail = secrets.new_mail("a@example.org", &SystemEntropy);
        let token = secrets.link_token(&mail.id);
        assert_eq!(secrets.read_link(&token), Some(mail.id));
        let list = format!("2:{}, 1:{}", "02".repeat(32), "01".repeat(32));
        let rotated = Secrets::derive(&Master::from_text(&list).unwrap());
        assert_eq!(rotated.read_link(&token), Some(mail.id));
        let other = Secrets::derive(&Master::from_bytes([3; 32]));
        assert_eq!(other.read_link(&token), None);
        let guessed = URL_SAFE_NO_PAD.encode([mail.id.as_slice(), &[0; 16]].concat());
        for bad in ["", "x", &token[1..], &format!("{token}="), &guessed] {
            assert_eq!(secrets.read_link(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_mailbox_has_one_name_over_all_campaigns() {
        let secrets = Secrets::derive(&Master::from_bytes([1; 32]));
        let of = |address| secrets.new_mail(address, &SystemEntropy);
        let (one, again, other) = (of("a@example.org"), of("a@example.org"), of("b@example.org"));
        assert_eq!(one.mailbox, again.mailbox);
        // However it is dressed up.
        let plain = of("ada.b@corp.example").mailbox;
        for dressed in ["adab@corp.example", "ada.b+1@corp.example", "a.dab+x+y@corp.example"] {
            assert_eq!(of(dressed).mailbox, plain, "{dressed}");
        }
        assert_ne!(of("adab@other.example").mailbox, plain);
        assert_ne!(one.mailbox, other.mailbox);
        assert_ne!(one.id, again.id);
    }
}
