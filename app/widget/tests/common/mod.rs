//! A state to paint from: small, and the same for the tests here and in the browser.
#![allow(dead_code)]

use std::collections::BTreeMap;

use countersign_shared::campaign::{Privacy, Texts, Theme};
use countersign_shared::widget::CountryName;
use countersign_shared::{CampaignStatus, FormFields, PublicCampaign, Totals, View, WidgetState};

/// An open campaign in English and French. Its catalog is empty: messages show as their keys, so
/// that no better wording breaks a test.
pub fn state() -> WidgetState {
    let texts = |title: &str| Texts {
        title: title.to_owned(),
        pledge: "I will speak up.".to_owned(),
        lead: "One sentence.".to_owned(),
        thanks: "Thank you for standing up.".to_owned(),
        button: "Sign".to_owned(),
        privacy: "We keep little.".to_owned(),
    };
    let country =
        |(code, name): (&str, &str)| CountryName { code: code.to_owned(), name: name.to_owned() };
    WidgetState {
        server: String::new(),
        view: View::Full,
        locale: "en".to_owned(),
        dir: "ltr".to_owned(),
        catalog: "@en\n".to_owned(),
        countries: [("FR", "France"), ("IN", "India"), ("KE", "Kenya")].map(country).to_vec(),
        campaign: PublicCampaign {
            slug: "fair".to_owned(),
            status: CampaignStatus::Open,
            opens_at: Some("2027-03-01T12:00:00Z".to_owned()),
            closes_at: Some("2027-06-30T22:00:00Z".to_owned()),
            default_locale: "en".to_owned(),
            texts: [("en", "Equal Futures"), ("fr", "Avenirs égaux")]
                .map(|(locale, title)| (locale.to_owned(), texts(title)))
                .into(),
            fields: FormFields { message: true, public_name: true, updates: true },
            theme: Theme { scheme: "auto".to_owned(), ..Theme::default() },
            privacy: Privacy {
                controller: "Equal Futures".to_owned(),
                contact: "privacy@example.org".to_owned(),
                retention_days: 365,
                policy_url: Some("https://example.org/privacy".to_owned()),
            },
            share_url: "https://pledge.example.org/c/fair".to_owned(),
            totals: totals(1, 7, 1200),
            rendered: "stamp".to_owned(),
        },
        embed_token: None,
        posted: None,
    }
}

/// Whole totals, three quarters of them from Kenya.
pub fn totals(epoch: u64, seq: u64, total: u64) -> Totals {
    let abroad = total / 4;
    Totals {
        campaign: "fair".to_owned(),
        epoch,
        seq,
        total: Some(total),
        goal: Some(2000),
        countries: BTreeMap::from([("FR".to_owned(), abroad), ("KE".to_owned(), total - abroad)]),
        as_of: "2027-03-02T12:00:00Z".to_owned(),
        partial: false,
        reason: None,
        open: true,
        revision: 1,
    }
}
