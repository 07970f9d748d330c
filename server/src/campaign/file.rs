//! A campaign file: every key, what it may hold, and what is said when it holds something else.

use std::collections::BTreeMap;

use countersign_shared::campaign::Privacy;
use countersign_shared::{Email, FormFields, Locale, Slug, Texts};
use jiff::Timestamp;
use toml::de::DeTable;

use super::colour::Colour;
use super::reader::{Errors, Found, Section};
use super::{Campaign, Font, Goal, Look, Origin, Scheme, Stage, USUAL_K};
use crate::pledge::limit::Preset;

/// One thing that is wrong with a campaign file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// The full key, such as `theme.accent`.
    pub key: String,
    pub reason: String,
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { line, column, key, reason } = self;
        write!(f, "line {line}, column {column}: {key} {reason}")
    }
}

const STAGES: &[(&str, Stage)] =
    &[("draft", Stage::Draft), ("live", Stage::Live), ("archived", Stage::Archived)];

/// What stands in the organizers' addresses where a campaign's name may.
const RESERVED: &[&str] = &["check", "import", "preview"];

pub(super) static NO_TEXTS: Texts = Texts {
    title: String::new(),
    pledge: String::new(),
    lead: String::new(),
    thanks: String::new(),
    button: String::new(),
    privacy: String::new(),
};

pub(super) fn parse(text: &str) -> Result<Campaign, Vec<ConfigError>> {
    let errors = Errors::new(text);
    let (document, syntax) = DeTable::parse_recoverable(text);
    for error in &syntax {
        errors.add(error.span().unwrap_or(0..0), "TOML", format!("syntax: {}", error.message()));
    }
    // A broken document gives follow-up errors that only confuse.
    let campaign =
        if errors.none() { campaign(Section::document(&document, &errors)) } else { None };
    match campaign {
        Some(campaign) if errors.none() => Ok(campaign),
        _ => Err(errors.into_list()),
    }
}

/// `None` only together with an error.
fn campaign(file: Section<'_>) -> Option<Campaign> {
    let slug = required(&file, "slug", "the campaign's name in URLs, such as equal-futures")
        .and_then(|slug| {
            slug.check(|text| match Slug::parse(text) {
                Ok(slug) if !RESERVED.contains(&slug.as_str()) => Ok(slug),
                Ok(_) => Err("is a word of the API; choose another"),
                Err(_) => Err("should be lower case letters, digits and hyphens"),
            })
        });
    let (default_locale, texts) = locales(&file);
    let fields = file.table("fields").map(fields).unwrap_or_default();
    let goal = file.table("goal").map(goal).unwrap_or_default();
    let look = file.table("theme").map(look).unwrap_or_default();
    let origins = origins(&file);
    let (opens, closes) = times(&file);
    let privacy = privacy(&file);
    let stage = file.string("stage").and_then(|name| one_of(name, STAGES)).unwrap_or_default();
    let hide_count_below = file.number("hide_count_below").map_or(0, |found| found.value);
    let hide_groups_below = file.number("hide_groups_below").and_then(|found| {
        let fits = |k: &u64| (1..=1000).contains(k).then_some(*k);
        found.check(|k| fits(k).ok_or("should be 1 to 1000; 1 hides nothing"))
    });
    let open_data = file.boolean("open_data").unwrap_or(false);
    let rate_limit =
        file.string("rate_limit").and_then(|name| one_of(name, Preset::NAMES)).unwrap_or_default();
    let require_rendered = file.boolean("require_rendered").unwrap_or(false);
    let confirm_email = file.boolean("confirm_email").unwrap_or(false);
    file.finish();
    Some(Campaign {
        slug: slug?,
        stage,
        default_locale: default_locale?,
        texts,
        fields,
        goal,
        look,
        origins,
        opens,
        closes,
        privacy,
        hide_count_below,
        hide_groups_below: hide_groups_below.unwrap_or(USUAL_K),
        open_data,
        rate_limit,
        require_rendered,
        confirm_email,
    })
}

fn required<'s>(
    section: &Section<'s>,
    key: &'static str,
    what: &str,
) -> Option<Found<'s, &'s str>> {
    if !section.has(key) {
        section.missing(key, what);
    }
    section.string(key)
}

fn locales(file: &Section<'_>) -> (Option<String>, BTreeMap<String, Texts>) {
    let mut all = BTreeMap::new();
    if let Some(section) = file.table("texts") {
        for (name, texts_of) in section.tables() {
            let texts = texts(texts_of);
            let locale = name.check(|tag| match Locale::parse(tag) {
                Ok(locale) => Ok(locale.as_str().to_owned()),
                Err(_) => Err("is not a language tag such as en, fr or pt-BR"),
            });
            if let Some(locale) = locale {
                all.insert(locale, texts);
            }
        }
    }
    if all.is_empty() && !file.has("texts") {
        file.missing("texts", "a table [texts.en] with the campaign's texts");
    }
    let default = required(file, "default_locale", "the language to fall back to, such as \"en\"");
    let default = default.and_then(|found| {
        found.check(|tag| {
            let locale = Locale::parse(tag)
                .map_err(|_| "is not a language tag such as en, fr or pt-BR".to_owned())?;
            match all.contains_key(locale.as_str()) {
                true => Ok(locale.as_str().to_owned()),
                false => Err(format!("has no texts: add a table [texts.{}]", locale.as_str())),
            }
        })
    });
    (default, all)
}

/// An empty text stands where there is an error.
fn texts(section: Section<'_>) -> Texts {
    let must = |key, most| {
        let found = required(&section, key, "a text in this language");
        found.and_then(|found| found.check(|text| plain(text, 1, most))).unwrap_or_default()
    };
    let may = |key, most| {
        let found = section.string(key);
        found.and_then(|found| found.check(|text| plain(text, 0, most))).unwrap_or_default()
    };
    let texts = Texts {
        title: must("title", 120),
        pledge: must("pledge", 300),
        lead: may("lead", 1000),
        thanks: must("thanks", 500),
        button: must("button", 40),
        privacy: must("privacy", 2000),
    };
    section.finish();
    texts
}

/// Plain text: it is shown as it stands, so markup would only look broken.
fn plain(text: &str, least: usize, most: usize) -> Result<String, String> {
    let text = text.trim();
    let length = text.chars().count();
    if length < least {
        return Err("is empty".to_owned());
    }
    if length > most {
        return Err(format!("has {length} characters; at most {most} fit"));
    }
    if let Some(bad) = text.chars().find(|c| *c != '\n' && (c.is_control() || is_bidi_control(*c)))
    {
        return Err(format!("holds the invisible character U+{:04X}", u32::from(bad)));
    }
    if text.contains('<') && text.contains('>') {
        return Err("holds markup; texts are plain".to_owned());
    }
    Ok(text.to_owned())
}

/// Unicode bidirectional controls (UAX 9): they can make a text read other than it is written.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn fields(section: Section<'_>) -> FormFields {
    let asks = |key| section.boolean(key).unwrap_or(false);
    let fields = FormFields {
        message: asks("message"),
        public_name: asks("public_name"),
        updates: asks("updates"),
    };
    section.finish();
    fields
}

fn goal(section: Section<'_>) -> Goal {
    let fixed = section.number("fixed").and_then(|found| {
        found.check(
            |goal| if *goal == 0 { Err("is 0; leave it out for no goal") } else { Ok(*goal) },
        )
    });
    let steps = section.numbers("steps").and_then(|found| {
        found.check(|steps| {
            let rises = steps.windows(2).all(|pair| pair[0] < pair[1]);
            match steps.first() {
                Some(first) if *first > 0 && rises => Ok(steps.clone()),
                _ => Err("should be rising numbers above 0, such as [1000, 5000, 10000]"),
            }
        })
    });
    let rise_at = section.share("rise_at").and_then(|found| {
        found.check(|share| {
            let fits = (0.1..=1.0).contains(share);
            if fits { Ok((share * 1000.0).round() as u32) } else { Err("should be 0.1 to 1.0") }
        })
    });
    if section.has("fixed") && section.has("steps") {
        section.refuse("steps", "stands beside `fixed`: give one of them");
    }
    section.finish();
    match (fixed, steps) {
        (Some(goal), _) => Goal::Fixed(goal),
        (None, Some(steps)) => Goal::Steps { steps, rise_at: rise_at.unwrap_or(900) },
        (None, None) => Goal::None,
    }
}

fn look(section: Section<'_>) -> Look {
    let usual = Look::default();
    let accent = section.string("accent").and_then(|found| {
        found.check(|text| match Colour::parse(text) {
            Some(colour) => Ok(colour.hex()),
            None => Err("should be a colour such as #b3125f"),
        })
    });
    let radius = section.number("radius").and_then(|found| {
        let fits = |radius: &u64| u8::try_from(*radius).ok().filter(|radius| *radius <= 32);
        found.check(|radius| fits(radius).ok_or("should be 0 to 32, in px"))
    });
    let font = section.string("font").and_then(|name| one_of(name, Font::NAMES));
    let scheme = section.string("scheme").and_then(|name| one_of(name, Scheme::NAMES));
    section.finish();
    Look {
        accent: accent.unwrap_or(usual.accent),
        radius: radius.unwrap_or(usual.radius),
        font: font.unwrap_or_default(),
        scheme: scheme.unwrap_or_default(),
    }
}

fn one_of<T: Copy>(found: Found<'_, &str>, names: &[(&str, T)]) -> Option<T> {
    found.check(|text| {
        let known = names.iter().find(|(name, _)| name == text).map(|(_, value)| *value);
        known.ok_or_else(|| {
            let names: Vec<_> = names.iter().map(|(name, _)| *name).collect();
            format!("should be one of {}", names.join(", "))
        })
    })
}

fn origins(file: &Section<'_>) -> Vec<Origin> {
    if !file.has("origins") {
        file.missing("origins", "the sites that embed it, such as [\"https://example.org\"]");
    }
    let listed = file.strings("origins").unwrap_or_default();
    listed
        .into_iter()
        .filter_map(|found| {
            found.check(|text| {
                Origin::parse(text).map_err(|reason| format!("is not an origin: one {reason}"))
            })
        })
        .collect()
}

fn times(file: &Section<'_>) -> (Option<Timestamp>, Option<Timestamp>) {
    let opens = file.datetime("opens").and_then(|found| found.check(|text| time(text)));
    let closes = file.datetime("closes").and_then(|found| {
        found.check(|text| match (opens, time(text)?) {
            (Some(opens), closes) if closes <= opens => Err("is not after `opens`"),
            (_, closes) => Ok(closes),
        })
    });
    (opens, closes)
}

/// RFC 3339 with an offset. The store counts milliseconds, and so must what is compared with it.
fn time(text: &str) -> Result<Timestamp, &'static str> {
    text.parse::<Timestamp>()
        .and_then(|at| Timestamp::from_millisecond(at.as_millisecond()))
        .map_err(|_| "should be a time with its offset, such as 2027-06-30T22:00:00Z")
}

fn privacy(file: &Section<'_>) -> Privacy {
    let controller = required(file, "controller", "who answers for the data")
        .and_then(|found| found.check(|text| plain(text, 1, 200)));
    let contact =
        required(file, "contact", "an e-mail address or https URL to write to").and_then(|found| {
            found.check(|text| match Email::parse(text).is_ok() || is_https(text) {
                true => Ok((*text).to_owned()),
                false => Err("should be an e-mail address or an https URL"),
            })
        });
    let policy_url = file.string("policy_url").and_then(|found| {
        found.check(|text| match is_https(text) {
            true => Ok((*text).to_owned()),
            false => Err("should be a URL that begins with https://"),
        })
    });
    if !file.has("retention_days") {
        file.missing("retention_days", "how long personal data is kept after the end");
    }
    let retention_days = file.number("retention_days").and_then(|found| {
        let fits = |days: &u64| u32::try_from(*days).ok().filter(|days| (1..=3650).contains(days));
        found.check(|days| fits(days).ok_or("should be 1 to 3650 days"))
    });
    Privacy {
        controller: controller.unwrap_or_default(),
        contact: contact.unwrap_or_default(),
        retention_days: retention_days.unwrap_or(1),
        policy_url,
    }
}

/// A link that a page may hold: https, a host, printable ASCII (RFC 3986).
fn is_https(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    text.len() <= 500
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"\\^`{|}".contains(&byte))
        && Origin::parse(&format!("https://{host}")).is_ok()
}
