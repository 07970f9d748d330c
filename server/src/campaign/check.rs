//! What settings would do, before they are saved: faults, contrast, and what lacks in a language.

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
        CampaignCheck { faults, contrast, completeness: completeness(settings), toml }
    }
}

/// Both uses of the accent on each paper that people may see. Empty for what is no colour.
fn contrast(look: &LookSettings) -> Vec<Contrast> {
    let Some(accent) = Colour::parse(&look.accent) else { return Vec::new() };
    let papers =
        [("light", accent, LIGHT_PAPER, DARK_PAPER), ("dark", on_dark(accent), DARK_PAPER, WHITE)];
    let seen = papers.into_iter().filter(|(scheme, ..)| match look.scheme.as_str() {
        "light" | "dark" => *scheme == look.scheme,
        _ => true,
    });
    let both = seen.map(|(scheme, shown, paper, away)| {
        let text = shown.readable_on(paper, away);
        let one = |what: &str, (colour, on): (Colour, Colour), adjusted, chosen: f64| {
            let ratio = colour.contrast(on);
            Contrast {
                scheme: scheme.to_owned(),
                what: what.to_owned(),
                colour: colour.hex(),
                on: on.hex(),
                ratio: hundredths(ratio),
                passes: ratio >= READABLE,
                adjusted,
                chosen: hundredths(chosen),
            }
        };
        let as_chosen = ink_on(accent).contrast(accent);
        let button = one("button", (ink_on(shown), shown), shown != accent, as_chosen);
        [button, one("text", (text, paper), text != accent, accent.contrast(paper))]
    });
    both.flatten().collect()
}

/// Never rounded up: what is shown as 4.5 is 4.5.
fn hundredths(ratio: f64) -> f64 {
    (ratio * 100.0).floor() / 100.0
}

/// The texts of a campaign, by the names of the API.
type Named = (&'static str, fn(&Texts) -> &str);
const TEXTS: [Named; 6] = [
    ("title", |texts| texts.title.trim()),
    ("pledge", |texts| texts.pledge.trim()),
    ("lead", |texts| texts.lead.trim()),
    ("thanks", |texts| texts.thanks.trim()),
    ("button", |texts| texts.button.trim()),
    ("privacy", |texts| texts.privacy.trim()),
];

/// The lead may be left out; but where one language has it, the others should. A new language begins
/// as a copy of the default one: what is still the same word by word is not translated.
fn completeness(settings: &CampaignSettings) -> Vec<Completeness> {
    let (texts, default) = (&settings.texts, &settings.default_locale);
    let leads = texts.values().any(|texts| !texts.lead.trim().is_empty());
    let asked = || TEXTS.iter().filter(move |(name, _)| leads || *name != "lead");
    let names = |is: &dyn Fn(&Named) -> bool| -> Vec<String> {
        asked().filter(|named| is(named)).map(|(name, _)| (*name).to_owned()).collect()
    };
    let of = |(tag, own): (&String, &Texts)| {
        // Of two kinds of English, one may well have every text of the other.
        let from = texts.get(default).filter(|_| language(tag) != language(default));
        let missing = names(&|(_, of)| of(own).is_empty());
        let untranslated =
            names(&|(_, of)| !of(own).is_empty() && from.is_some_and(|from| of(from) == of(own)));
        let all = asked().count();
        Completeness {
            locale: tag.clone(),
            translated: (all - missing.len() - untranslated.len()) as u32,
            of: all as u32,
            missing,
            untranslated,
            widget_speaks_it: locale::negotiate(&[tag], i18n::LOCALES).is_some(),
        }
    };
    texts.iter().map(of).collect()
}

/// `pt` of `pt-BR`.
fn language(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
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
        assert!(text.chosen < 1.3 && text.colour != "#ffee00", "{text:?}");
        assert!(usual.iter().all(|pair| pair.adjusted || pair.chosen == pair.ratio), "{usual:?}");
        // What nobody sees is not spoken of.
        settings.look.scheme = "light".to_owned();
        let light = Campaign::check(&settings).contrast;
        assert!(light.len() == 2 && light.iter().all(|pair| pair.scheme == "light"), "{light:?}");
        settings.look.accent = "yellow".to_owned();
        assert!(Campaign::check(&settings).contrast.is_empty());
    }

    #[test]
    fn a_language_says_what_it_lacks() {
        let mut settings = example();
        settings.texts.get_mut("fr").unwrap().lead.clear();
        settings.texts.get_mut("ar").unwrap().title = " ".to_owned();
        let english = settings.texts["en"].clone();
        settings.texts.insert("en-GB".to_owned(), english.clone());
        let translated = Texts { title: "Kichwa".to_owned(), button: String::new(), ..english };
        settings.texts.insert("sw".to_owned(), translated);
        let check = Campaign::check(&settings);
        let of = |tag: &str| check.completeness.iter().find(|it| it.locale == tag).unwrap();
        assert_eq!(of("en").missing, [""; 0]);
        assert_eq!((of("fr").translated, of("fr").of), (5, 6));
        assert_eq!((of("en").translated, of("en-GB").translated), (6, 6));
        let sw = of("sw");
        assert_eq!((sw.translated, &*sw.missing), (1, &["button".to_owned()][..]));
        assert_eq!(sw.untranslated, ["pledge", "lead", "thanks", "privacy"]);
        assert_eq!((&*of("fr").missing[0], &*of("ar").missing[0]), ("lead", "title"));
        assert!(of("en").widget_speaks_it && !sw.widget_speaks_it);
        assert_eq!(check.faults[0].field, "texts.ar.title");
        assert_eq!(check.toml, None);
    }
}
