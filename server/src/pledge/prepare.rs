//! Makes of a submission what the store keeps: hashes for what is compared, a seal for the rest.

use unicode_security::MixedScript as _;
use unicode_security::confusable_detection::skeleton;

use super::{NewPledge, Rejected, RequestKey, Submission, Verdict, network, writer};
use crate::App;
use crate::secrets::Person;
use crate::store::StoredCampaign;

/// `asks`: an e-mail asks the mailbox.
pub(super) fn prepare(
    app: &App,
    stored: &StoredCampaign,
    submission: &Submission,
    verdict: Verdict,
    asks: bool,
) -> Result<NewPledge, Rejected> {
    let slug = &stored.campaign.slug;
    let form = &submission.form;
    let source = serde_json::to_string(&form.source).unwrap_or_default();
    let body = body_hash(app, submission, &source);
    let idempotency_key = submission.idempotency_key.as_deref();
    let request =
        idempotency_key.map(|key| RequestKey { key: app.secrets.request_key(slug, key), body });
    let receipt = app.secrets.receipt(slug, idempotency_key.map_or(&body, str::as_bytes));
    let person = Person {
        name: form.name.as_str().to_owned(),
        email: form.email.as_str().to_owned(),
        message: form.message.as_ref().map(|message| message.as_str().to_owned()),
        network: Some(network(submission.client).to_string()),
    };
    let canonical = form.email.canonical();
    let (identity, earlier) = app
        .secrets
        .identities(slug, canonical.as_str(), &person, &*app.entropy)
        .map_err(|error| {
            tracing::error!(%error, "a pledge cannot be sealed");
            Rejected::Unavailable { retry_after: writer::RETRY_AFTER }
        })?;
    let locale = form.locale.as_ref().map_or(&*stored.campaign.default_locale, |it| it.as_str());
    Ok(NewPledge {
        campaign: stored.id,
        identity,
        earlier,
        request,
        verdict,
        country: form.country,
        locale: locale.to_owned(),
        public_name: form.public_name,
        updates: form.updates,
        suspicious: looks_alike(form.email.domain_ascii()),
        source,
        receipt,
        mail: asks.then(|| app.secrets.new_mail(canonical.as_str(), &*app.entropy)),
    })
}

/// Everything that the person said. Not the page's stamp: a page that was loaded again carries
/// another, and the pledge is the same.
fn body_hash(app: &App, submission: &Submission, source: &str) -> [u8; 16] {
    let form = &submission.form;
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let choices = [u8::from(form.public_name), u8::from(form.updates)];
    app.secrets.body_hash(&[
        form.name.as_str().as_bytes(),
        form.email.as_str().as_bytes(),
        form.country.as_str().as_bytes(),
        text(form.locale.as_ref().map(|locale| locale.as_str())).as_bytes(),
        text(form.message.as_ref().map(|message| message.as_str())).as_bytes(),
        &choices,
        source.as_bytes(),
        text(submission.website.as_deref()).as_bytes(),
    ])
}

/// Whether a domain can be taken for another: a label that mixes scripts, or that looks like
/// Latin letters and is none (UTS 39). Such an address is its own; organizers see the flag.
pub(crate) fn looks_alike(domain_ascii: &str) -> bool {
    let (domain, _) = idna::domain_to_unicode(domain_ascii);
    domain.split('.').filter(|label| !label.is_ascii()).any(|label| {
        !label.is_single_script() || skeleton(label).all(|character| character.is_ascii())
    })
}

#[cfg(test)]
mod tests {
    use super::looks_alike;

    #[test]
    fn a_look_alike_domain_is_flagged_and_an_honest_one_is_not() {
        // The first is "apple" in Cyrillic letters, the second mixes Latin and Cyrillic.
        for bad in ["xn--80ak6aa92e.com", "xn--pple-43d.com"] {
            assert!(looks_alike(bad), "{bad}");
        }
        // bücher.example, пример.рф, 例え.jp
        for good in
            ["example.org", "xn--bcher-kva.example", "xn--e1afmkfd.xn--p1ai", "xn--r8jz45g.jp"]
        {
            assert!(!looks_alike(good), "{good}");
        }
    }
}
