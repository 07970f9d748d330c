//! What to look for, parsed: by lists, by exports, and by what makes pledges invalid in bulk.

use countersign_shared::admin::supporters::SupporterFilter;
use countersign_shared::{Code, Country, Email, FieldError};
use ipnet::IpNet;
use jiff::Timestamp;

use super::pattern::Pattern;
use crate::secrets::Person;
use crate::store::ExportRow;
use crate::store::supporters::Columns;

/// Longer than what anybody looks for.
const MAX_TEXT: usize = 254;

/// How a pledge stands, as organizers see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Counted,
    Quarantined,
    /// Waits for its mailbox.
    Unconfirmed,
    Withdrawn,
    Refused,
    Invalidated,
}

impl Standing {
    pub const ALL: [Self; 6] = [
        Self::Counted,
        Self::Quarantined,
        Self::Unconfirmed,
        Self::Withdrawn,
        Self::Refused,
        Self::Invalidated,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Quarantined => "quarantined",
            Self::Unconfirmed => "unconfirmed",
            Self::Withdrawn => "withdrawn",
            Self::Refused => "refused",
            Self::Invalidated => "invalidated",
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.as_str() == text)
    }
}

/// Everything that is given must hold. The default finds everybody.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub needle: Option<Needle>,
    pub standing: Option<Standing>,
    pub country: Option<Country>,
    /// Signed on paper, or here.
    pub imported: Option<bool>,
    pub updates: Option<bool>,
    pub suspicious: Option<bool>,
    /// Inclusive.
    pub from: Option<Timestamp>,
    /// Exclusive.
    pub to: Option<Timestamp>,
    /// In ASCII and lower case.
    pub domain: Option<String>,
    pub network: Option<IpNet>,
    pub pattern: Option<Pattern>,
}

/// What `q` holds.
#[derive(Clone, Debug)]
pub enum Needle {
    /// A whole address: found by its fingerprint, in one step.
    Mailbox(Box<Email>),
    /// In lower case; looked for in names, addresses and messages.
    Words(String),
}

impl Filter {
    /// An empty text is no condition.
    ///
    /// # Errors
    /// One [`FieldError`] a field at fault.
    pub fn parse(raw: &SupporterFilter) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let filter = Self {
            needle: field(&mut errors, "q", &raw.q, |text| Some(Needle::parse(text))),
            standing: field(&mut errors, "state", &raw.state, Standing::from_text),
            country: field(&mut errors, "country", &raw.country, |it| Country::parse(it).ok()),
            imported: field(&mut errors, "channel", &raw.channel, |it| match it {
                "online" => Some(false),
                "import" => Some(true),
                _ => None,
            }),
            updates: raw.updates,
            suspicious: raw.suspicious,
            from: field(&mut errors, "from", &raw.from, |it| it.parse().ok()),
            to: field(&mut errors, "to", &raw.to, |it| it.parse().ok()),
            domain: field(&mut errors, "domain", &raw.domain, ascii_domain),
            network: field(&mut errors, "network", &raw.network, range),
            pattern: field(&mut errors, "pattern", &raw.pattern, |it| Some(Pattern::new(it))),
        };
        if errors.is_empty() { Ok(filter) } else { Err(errors) }
    }

    /// The conditions that only the personal data can answer, by the names of their fields.
    pub fn personal(&self) -> Vec<&'static str> {
        let asked = [
            ("q", self.needle.is_some()),
            ("domain", self.domain.is_some()),
            ("network", self.network.is_some()),
            ("pattern", self.pattern.is_some()),
        ];
        asked.into_iter().filter(|(_, asked)| *asked).map(|(name, _)| name).collect()
    }

    /// Whether anything is asked beside how a pledge stands.
    pub fn is_a_condition(&self) -> bool {
        !self.personal().is_empty()
            || self.country.is_some()
            || self.imported.is_some()
            || self.updates.is_some()
            || self.suspicious.is_some()
            || self.from.is_some()
            || self.to.is_some()
    }

    /// Whether a row is looked for. `person` is what its seal holds; without one, nothing that
    /// asks for personal data finds the row.
    pub fn matches(&self, row: &ExportRow<'_>, person: Option<&Person>) -> bool {
        self.matches_row(row) && self.matches_person(person)
    }

    /// The part of [`matches`](Self::matches) that needs no seal to be opened.
    pub fn matches_row(&self, row: &ExportRow<'_>) -> bool {
        self.standing.is_none_or(|it| row.standing() == it.as_str())
            && self.country.is_none_or(|it| row.country == it.as_str())
            && self.imported.is_none_or(|it| row.import_id.is_some() == it)
            && self.updates.is_none_or(|it| row.updates == it)
            && self.suspicious.is_none_or(|it| row.suspicious == it)
            && self.from.is_none_or(|from| row.signed_at >= from)
            && self.to.is_none_or(|to| row.signed_at < to)
    }

    /// What the database can pass over by itself: of [`matches_row`](Self::matches_row), all but the
    /// times and the states that have lists of their own. `None` where it would pass over nothing.
    pub fn columns(&self) -> Option<Columns> {
        let columns = Columns {
            counted: (self.standing == Some(Standing::Counted)).then_some(true),
            country: self.country,
            imported: self.imported,
            updates: self.updates,
            suspicious: self.suspicious,
        };
        (columns != Columns::default()).then_some(columns)
    }

    /// The part of [`matches`](Self::matches) that needs the seal to be opened.
    pub fn matches_person(&self, person: Option<&Person>) -> bool {
        if self.personal().is_empty() {
            return true;
        }
        person.is_some_and(|person| {
            self.needle.as_ref().is_none_or(|needle| needle.is_in(person))
                && self.domain.as_ref().is_none_or(|domain| is_of(person, domain))
                && self.network.as_ref().is_none_or(|range| is_from(person, range))
                && self.pattern.as_ref().is_none_or(|pattern| pattern.fits(&person.email))
        })
    }
}

impl Needle {
    fn parse(text: &str) -> Self {
        match Email::parse(text) {
            Ok(email) => Self::Mailbox(Box::new(email)),
            Err(_) => Self::Words(text.to_lowercase()),
        }
    }

    fn is_in(&self, person: &Person) -> bool {
        match self {
            Self::Mailbox(email) => Email::parse(&person.email)
                .is_ok_and(|theirs| theirs.canonical().as_str() == email.canonical().as_str()),
            Self::Words(words) => [&person.name, &person.email]
                .into_iter()
                .chain(&person.message)
                .any(|text| text.to_lowercase().contains(words)),
        }
    }
}

fn field<T>(
    errors: &mut Vec<FieldError>,
    name: &str,
    raw: &Option<String>,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let text = raw.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
    let too_long = text.len() > 4 * MAX_TEXT || text.chars().count() > MAX_TEXT;
    let parsed = if too_long { None } else { parse(text) };
    if parsed.is_none() {
        let code = if too_long { Code::FieldTooLong } else { Code::FieldInvalid };
        errors.push(FieldError::new(name, code));
    }
    parsed
}

/// A domain by the rule for addresses, or an ending such as `ru`.
fn ascii_domain(raw: &str) -> Option<String> {
    let raw = raw.trim_start_matches(['@', '.', '*']);
    match Email::parse(&format!("x@{raw}")) {
        Ok(email) => Some(email.domain_ascii().to_owned()),
        Err(_) => {
            let is_ending = raw.len() >= 2 && raw.bytes().all(|byte| byte.is_ascii_alphabetic());
            is_ending.then(|| raw.to_ascii_lowercase())
        }
    }
}

fn range(raw: &str) -> Option<IpNet> {
    let range =
        raw.parse().or_else(|_| raw.parse().map(|address: std::net::IpAddr| address.into()));
    range.ok().map(|range: IpNet| range.trunc())
}

/// The domain itself, or one below it.
fn is_of(person: &Person, domain: &str) -> bool {
    let ends = |theirs: &str| {
        let rest = theirs.strip_suffix(domain);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    match person.email.rsplit_once('@') {
        Some((_, theirs)) if theirs.is_ascii() => ends(&theirs.to_ascii_lowercase()),
        _ => Email::parse(&person.email).is_ok_and(|email| ends(email.domain_ascii())),
    }
}

/// Only the block of an address is kept, so a narrower range finds the block that it is in.
fn is_from(person: &Person, range: &IpNet) -> bool {
    let block = person.network.as_deref().and_then(|text| text.parse::<IpNet>().ok());
    block.is_some_and(|block| range.contains(&block) || block.contains(range))
}

#[cfg(test)]
mod tests;
