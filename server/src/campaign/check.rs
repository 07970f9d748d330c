//! What settings would do, before they are saved: faults, contrast, and what lacks in a language.

use std::collections::BTreeMap;

use countersign_shared::admin::campaigns::{
    CampaignCheck, CampaignSettings, Completeness, Contrast, LookSettings,
};
use countersign_shared::{Texts, i18n, locale};

use super::Campaign;
use super::colour::{Colour, DARK_PAPER, LIGHT_PAPER, READABLE, WHITE};
use super::theme::{ink_on, on_dark};

impl Campaign {
    /// Looks at settings of a form, faulty ones too.
    pub fn check(settings: &CampaignSettings) -> CampaignCheck {
        let (faults, toml) = match Self::from_settings(settings) {
            Ok(campaign) => (Vec::new(), Some(campaign.to_toml())),
            Err(faults) => (faults, None),
        };
        let contrast = contrast(&settings.look);
        CampaignCheck { faults, contrast, completeness: completeness(&settings.texts), toml }
    }
}

/// Both uses of the accent on both papers. Empty for what is no colour.
fn contrast(look: &LookSettings) -> Vec<Contrast> {
    let Some(accent) = Colour::parse(&look.accent) else { return Vec::new() };
    let papers =
        [("light", accent, LIGHT_PAPER, DARK_PAPER), ("dark", on_dark(accent), DARK_PAPER, WHITE)];
    let both = papers.map(|(scheme, shown, paper, away)| {
        let text = shown.readable_on(paper, away);
        let one = |what: &str, colour: Colour, on: Colour, adjusted| {
            let ratio = colour.contrast(on);
            Contrast {
                scheme: scheme.to_owned(),
                what: what.to_owned(),
                colour: colour.hex(),
                on: on.hex(),
                ratio: (ratio * 100.0).floor() / 100.0,
                passes: ratio >= READABLE,
                adjusted,
            }
        };
        let button = one("button", ink_on(shown), shown, shown != accent);
        [button, one("text", text, paper, text != accent)]
    });
    both.into_iter().flatten().collect()
}

/// The lead may be left out; but where one language has it, the others should.
fn completeness(texts: &BTreeMap<String, Texts>) -> Vec<Completeness> {
    let leads = texts.values().any(|texts| !texts.lead.trim().is_empty());
    let of = |(tag, texts): (&String, &Texts)| {
        let mut all = vec![
            ("title", &texts.title),
            ("pledge", &texts.pledge),
            ("thanks", &texts.thanks),
            ("button", &texts.button),
            ("privacy", &texts.privacy),
        ];
        if leads {
            all.insert(2, ("lead", &texts.lead));
        }
        let empty = |(_, text): &&(&str, &String)| text.trim().is_empty();
        let missing: Vec<String> =
            all.iter().filter(empty).map(|(name, _)| (*name).to_owned()).collect();
        Completeness {
            locale: tag.clone(),
            filled: (all.len() - missing.len()) as u32,
            of: all.len() as u32,
            missing,
            widget_speaks_it: locale::negotiate(&[tag], i18n::LOCALES).is_some(),
        }
    };
    texts.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn example() -> CampaignSettings {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../campaigns/example.toml");
        Campaign::from_toml(&std::fs::read_to_string(file).unwrap()).unwrap().settings()
    }

    #[test]
    fn an_accent_that_cannot_be_read_is_adjusted_and_said_to_be() {
        let mut settings = example();
        let usual = Campaign::check(&settings).contrast;
        assert!(usual.iter().all(|pair| pair.passes), "{usual:?}");
        assert!(!usual[1].adjusted, "the usual accent is read as it is on light paper");
        settings.look.accent = "#ffee00".to_owned();
        let yellow = Campaign::check(&settings).contrast;
        let text = &yellow[1];
        assert_eq!((text.scheme.as_str(), text.what.as_str()), ("light", "text"));
        assert!(text.adjusted && text.passes && text.ratio >= READABLE, "{text:?}");
        settings.look.accent = "yellow".to_owned();
        assert!(Campaign::check(&settings).contrast.is_empty());
    }

    #[test]
    fn a_language_says_what_it_lacks() {
        let mut settings = example();
        settings.texts.get_mut("fr").unwrap().lead.clear();
        settings.texts.get_mut("ar").unwrap().title = " ".to_owned();
        let sw = settings.texts["en"].clone();
        settings.texts.insert("sw".to_owned(), sw);
        let check = Campaign::check(&settings);
        let of = |tag: &str| check.completeness.iter().find(|it| it.locale == tag).unwrap();
        assert_eq!(of("en").missing, [""; 0]);
        assert_eq!((of("fr").filled, of("fr").of), (5, 6));
        assert_eq!((&*of("fr").missing[0], &*of("ar").missing[0]), ("lead", "title"));
        assert!(of("en").widget_speaks_it && !of("sw").widget_speaks_it);
        assert_eq!(check.faults[0].field, "texts.ar.title");
        assert_eq!(check.toml, None);
    }
}
