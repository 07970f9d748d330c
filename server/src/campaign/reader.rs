//! Reads a TOML document key by key and remembers everything that is wrong with it, with its place.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ConfigError;

/// The errors of one document.
pub(super) struct Errors<'t> {
    text: &'t str,
    found: RefCell<Vec<(usize, ConfigError)>>,
}

impl<'t> Errors<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, found: RefCell::default() }
    }

    pub(super) fn add(&self, at: Range<usize>, key: impl Into<String>, reason: impl Into<String>) {
        let (line, column) = place(self.text, at.start);
        let error = ConfigError { line, column, key: key.into(), reason: reason.into() };
        self.found.borrow_mut().push((at.start, error));
    }

    pub(super) fn none(&self) -> bool {
        self.found.borrow().is_empty()
    }

    /// In the order of the document.
    pub(super) fn into_list(self) -> Vec<ConfigError> {
        let mut found = self.found.into_inner();
        found.sort_by_key(|(start, _)| *start);
        found.into_iter().map(|(_, error)| error).collect()
    }
}

/// Line and column, both from 1; columns count characters.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}

/// A value with its full key and its place.
pub(super) struct Found<'s, T> {
    pub(super) value: T,
    key: String,
    at: Range<usize>,
    errors: &'s Errors<'s>,
}

impl<T> Found<'_, T> {
    pub(super) fn refuse(&self, reason: impl Into<String>) {
        self.errors.add(self.at.clone(), &self.key, reason);
    }

    /// The value as something checked, or an error in its place.
    pub(super) fn check<U, E: Into<String>>(
        self,
        check: impl FnOnce(&T) -> Result<U, E>,
    ) -> Option<U> {
        check(&self.value).map_err(|reason| self.refuse(reason)).ok()
    }
}

/// One table of the document.
pub(super) struct Section<'s> {
    /// `theme`, `texts.en`; empty for the document itself.
    path: String,
    at: Range<usize>,
    table: &'s DeTable<'s>,
    errors: &'s Errors<'s>,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<'s> Section<'s> {
    pub(super) fn document(table: &'s Spanned<DeTable<'s>>, errors: &'s Errors<'s>) -> Self {
        Self::new(String::new(), table.span(), table.get_ref(), errors)
    }

    fn new(path: String, at: Range<usize>, table: &'s DeTable<'s>, errors: &'s Errors<'s>) -> Self {
        Self { path, at, table, errors, asked: RefCell::default() }
    }

    fn full(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn find(&self, key: &'static str) -> Option<&'s Spanned<DeValue<'s>>> {
        self.asked.borrow_mut().insert(key);
        self.table.get(key)
    }

    fn read<T>(
        &self,
        key: &'static str,
        expected: &str,
        read: impl FnOnce(&'s DeValue<'s>) -> Option<T>,
    ) -> Option<Found<'s, T>> {
        self.take(self.full(key), self.find(key)?, expected, read)
    }

    fn take<T>(
        &self,
        key: String,
        value: &'s Spanned<DeValue<'s>>,
        expected: &str,
        read: impl FnOnce(&'s DeValue<'s>) -> Option<T>,
    ) -> Option<Found<'s, T>> {
        let at = value.span();
        match read(value.get_ref()) {
            Some(value) => Some(Found { value, key, at, errors: self.errors }),
            None => {
                let kind = value.get_ref().type_str();
                self.errors.add(at, key, format!("should be {expected}, not {}", article(kind)));
                None
            }
        }
    }

    /// Says that a key without which a campaign cannot be is missing.
    pub(super) fn missing(&self, key: &'static str, what: &str) {
        self.errors.add(self.at.clone(), self.full(key), format!("is missing: {what}"));
    }

    /// Refuses a key that is right by itself and wrong here.
    pub(super) fn refuse(&self, key: &'static str, reason: &str) {
        if let Some(value) = self.table.get(key) {
            self.errors.add(value.span(), self.full(key), reason);
        }
    }

    pub(super) fn has(&self, key: &'static str) -> bool {
        self.table.contains_key(key)
    }

    pub(super) fn string(&self, key: &'static str) -> Option<Found<'s, &'s str>> {
        self.read(key, "a string in quotes", |value| value.as_str())
    }

    pub(super) fn boolean(&self, key: &'static str) -> Option<bool> {
        self.read(key, "true or false", DeValue::as_bool).map(|found| found.value)
    }

    /// A whole number that is not negative.
    pub(super) fn number(&self, key: &'static str) -> Option<Found<'s, u64>> {
        self.read(key, "a whole number from 0", whole)
    }

    pub(super) fn numbers(&self, key: &'static str) -> Option<Found<'s, Vec<u64>>> {
        self.read(key, "a list of whole numbers", |value| {
            value.as_array()?.iter().map(|item| whole(item.get_ref())).collect()
        })
    }

    pub(super) fn share(&self, key: &'static str) -> Option<Found<'s, f64>> {
        self.read(key, "a number such as 0.9", |value| match value {
            DeValue::Float(float) => float.as_str().parse().ok(),
            DeValue::Integer(_) => whole(value).map(|number| number as f64),
            _ => None,
        })
    }

    /// A TOML date-time or a string, in either case its text.
    pub(super) fn datetime(&self, key: &'static str) -> Option<Found<'s, String>> {
        self.read(key, "a time such as 2027-06-30T22:00:00Z", |value| match value {
            DeValue::Datetime(at) => Some(at.to_string()),
            DeValue::String(text) => Some(text.to_string()),
            _ => None,
        })
    }

    /// A list of strings, each with its own place.
    pub(super) fn strings(&self, key: &'static str) -> Option<Vec<Found<'s, &'s str>>> {
        let found = self.read(key, "a list of strings", DeValue::as_array)?;
        let items = found.value.iter().enumerate().filter_map(|(index, item)| {
            let key = format!("{}[{index}]", found.key);
            self.take(key, item, "a string in quotes", |value| value.as_str())
        });
        Some(items.collect())
    }

    pub(super) fn table(&self, key: &'static str) -> Option<Section<'s>> {
        let found = self.read(key, "a table", DeValue::as_table)?;
        Some(Section::new(found.key, found.at, found.value, self.errors))
    }

    /// Every table in this one, by its name: for tables whose names the file chooses.
    pub(super) fn tables(&self) -> Vec<(Found<'s, &'s str>, Section<'s>)> {
        let entries = self.table.iter().filter_map(|(name, value)| {
            let key = self.full(name.get_ref());
            let inside = self.take(key.clone(), value, "a table", DeValue::as_table)?;
            let errors = self.errors;
            let name =
                Found { value: &**name.get_ref(), key: key.clone(), at: name.span(), errors };
            Some((name, Section::new(key, inside.at, inside.value, self.errors)))
        });
        entries.collect()
    }

    /// Refuses keys that nobody asked for: a mistyped key must not be lost silently.
    pub(super) fn finish(self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table {
            let name: &str = key.get_ref();
            if !asked.contains(name) {
                let near = asked.iter().find(|known| distance(known, name) <= 2);
                let reason = match near {
                    Some(near) => format!("is not a key here; did you mean {near}?"),
                    None => {
                        let known = asked.iter().copied().collect::<Vec<_>>().join(", ");
                        format!("is not a key here; the keys are {known}")
                    }
                };
                self.errors.add(key.span(), self.full(name), reason);
            }
        }
    }
}

fn whole(value: &DeValue<'_>) -> Option<u64> {
    let integer = value.as_integer()?;
    u64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

/// How many letters to change, add or drop to get from one word to the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (above, letter) in from.chars().enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (index, other) in to.iter().enumerate() {
            let change = diagonal + usize::from(letter != *other);
            diagonal = row[index + 1];
            row[index + 1] = change.min(row[index] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

fn article(kind: &str) -> String {
    let vowel = kind.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {kind}", if vowel { "an" } else { "a" })
}
