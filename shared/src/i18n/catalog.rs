//! Messages in the compact form: small to send, and read without a parser library.
//!
//! The first line is `@` and the language. Every other line is `key=pattern`. In a pattern `{name}`
//! stands for a value, and `{count:0|none;one|{count} person;other|{count} people}` chooses by a
//! number: an exact number first, then the plural category, else the last. Choices nest.
//! `\n` is a new line, and `\` before `\ { } | ;` takes the character as it stands.

use super::{number, plural};

/// A value for a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arg<'a> {
    /// Written as the language writes numbers, and what plurals are chosen by.
    Number(u64),
    /// Set in as it stands, isolated where it runs the other way than the language.
    Text(&'a str),
}

/// The messages of one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalog {
    text: String,
    /// Of each message: where its key starts, where its pattern starts, where it ends.
    lines: Vec<(usize, usize, usize)>,
}

impl Catalog {
    /// Reads the compact form. Lines that are none are passed over.
    pub fn from_compact(compact: &str) -> Self {
        let mut lines = Vec::new();
        let mut start = 0;
        for line in compact.split('\n') {
            if let Some(equals) = line.find('=') {
                lines.push((start, start + equals + 1, start + line.len()));
            }
            start += line.len() + 1;
        }
        Self { text: compact.to_owned(), lines }
    }

    /// The messages of a language the build took in, or of English for one it did not.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn built_in(locale: &str) -> Self {
        Self::from_compact(super::compact(locale).or_else(|| super::compact("en")).unwrap_or("@en"))
    }

    /// The whole compact form again.
    pub fn as_compact(&self) -> &str {
        &self.text
    }

    /// The language, as a tag.
    pub fn locale(&self) -> &str {
        match self.text.as_bytes().first() {
            Some(b'@') => self.text[1..].split('\n').next().unwrap_or_default(),
            _ => "en",
        }
    }

    /// Every key, in the order of the lines.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(|&(key, pattern, _)| &self.text[key..pattern - 1])
    }

    /// The pattern behind a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.lines
            .iter()
            .find(|&&(start, pattern, _)| &self.text[start..pattern - 1] == key)
            .map(|&(_, pattern, end)| &self.text[pattern..end])
    }

    /// The message behind a key, filled in; the key itself where there is none, so that a gap is
    /// seen. A value that is missing shows as its name.
    pub fn format(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let Some(pattern) = self.get(key) else { return key.to_owned() };
        let mut out = String::with_capacity(pattern.len() + 16);
        fill(self.locale(), pattern, args, &mut out);
        out
    }

    /// A message without values.
    pub fn text(&self, key: &str) -> String {
        self.format(key, &[])
    }
}

fn fill(locale: &str, pattern: &str, args: &[(&str, Arg<'_>)], out: &mut String) {
    let bytes = pattern.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let from = at;
        while at < bytes.len() && !matches!(bytes[at], b'\\' | b'{') {
            at += 1;
        }
        out.push_str(&pattern[from..at]);
        match bytes.get(at) {
            Some(b'\\') => {
                let next = pattern[at + 1..].chars().next();
                at += 1 + next.map_or(0, char::len_utf8);
                out.extend(next.map(|c| if c == 'n' { '\n' } else { c }));
            }
            Some(_) => {
                let end = until(bytes, at + 1, b'}');
                place(locale, &pattern[at + 1..end], args, out);
                at = end + 1;
            }
            None => {}
        }
    }
}

/// Where `stop` stands outside of nested braces, from `at` on; the end where it does not.
fn until(bytes: &[u8], mut at: usize, stop: u8) -> usize {
    let mut depth = 0u32;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            c if c == stop && depth == 0 => return at,
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

fn place(locale: &str, inside: &str, args: &[(&str, Arg<'_>)], out: &mut String) {
    let colon = inside.as_bytes().iter().position(|b| *b == b':');
    let name = &inside[..colon.unwrap_or(inside.len())];
    let value = args.iter().find(|(given, _)| *given == name).map(|(_, value)| *value);
    match (colon, value) {
        (Some(colon), value) => {
            let count = if let Some(Arg::Number(count)) = value { Some(count) } else { None };
            fill(locale, choose(locale, &inside[colon + 1..], count), args, out);
        }
        (None, Some(Arg::Number(value))) => out.push_str(&number(locale, value)),
        (None, Some(Arg::Text(text))) if runs_right_to_left(text) != (locale_is_rtl(locale)) => {
            out.push('\u{2068}');
            out.push_str(text);
            out.push('\u{2069}');
        }
        (None, Some(Arg::Text(text))) => out.push_str(text),
        (None, None) => out.push_str(name),
    }
}

fn choose<'a>(locale: &str, variants: &'a str, count: Option<u64>) -> &'a str {
    let category = count.map_or("", |count| plural(locale, count));
    let mut by_category = None;
    let mut rest = variants;
    loop {
        let end = until(rest.as_bytes(), 0, b';');
        let (key, text) = rest[..end].split_once('|').unwrap_or(("", &rest[..end]));
        if count.is_some() && key.parse().ok() == count {
            return text;
        }
        if key == category && by_category.is_none() {
            by_category = Some(text);
        }
        match rest.get(end + 1..) {
            Some(more) if !more.is_empty() => rest = more,
            _ => return by_category.unwrap_or(text),
        }
    }
}

fn locale_is_rtl(locale: &str) -> bool {
    crate::locale::direction(locale) == "rtl"
}

/// By the first letter that has a direction: Hebrew, Arabic and their neighbours, or any other.
fn runs_right_to_left(text: &str) -> bool {
    text.chars().find(|c| c.is_alphabetic()).is_some_and(|c| {
        matches!(c as u32, 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF
            | 0x10800..=0x10FFF | 0x1E800..=0x1EFFF)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPACT: &str = "@en\n\
        hello=Hello, {name}!\n\
        escaped=a\\nb \\{c\\} \\| \\; \\\\ = d\n\
        signed={count:0|Nobody yet;one|{count} person;other|{count} people} signed\n\
        nested={a:one|{b:one|1-1;other|1-n};other|{b:one|n-1;other|n-n ({a}, {b})}}\n\
        empty=\n\
        not a line\n";

    #[test]
    fn texts_numbers_and_plurals_are_filled_in() {
        let catalog = Catalog::from_compact(COMPACT);
        let signed = |count| catalog.format("signed", &[("count", Arg::Number(count))]);
        assert_eq!(catalog.locale(), "en");
        assert_eq!(catalog.format("hello", &[("name", Arg::Text("Ada"))]), "Hello, Ada!");
        assert_eq!(catalog.text("escaped"), "a\nb {c} | ; \\ = d");
        assert_eq!(signed(0), "Nobody yet signed");
        assert_eq!(signed(1), "1 person signed");
        assert_eq!(signed(12_345), "12,345 people signed");
        let nested =
            |a, b| catalog.format("nested", &[("a", Arg::Number(a)), ("b", Arg::Number(b))]);
        assert_eq!([nested(1, 1), nested(1, 2), nested(2, 1)], ["1-1", "1-n", "n-1"]);
        assert_eq!(nested(2, 3000), "n-n (2, 3,000)");
        assert_eq!(catalog.text("empty"), "");
        assert_eq!(catalog.keys().count(), 5);
    }

    #[test]
    fn gaps_show_their_names() {
        let catalog = Catalog::from_compact(COMPACT);
        assert_eq!(catalog.text("no-such-key"), "no-such-key");
        assert_eq!(catalog.text("hello"), "Hello, name!");
        assert_eq!(catalog.text("signed"), "count people signed");
    }

    #[test]
    fn broken_patterns_harm_nothing() {
        for pattern in ["{", "}", "{:", "{a:", "{a:|", "{a:;;}", "\\", "{a\\", "{{}", "{a:one|{;}"]
        {
            let catalog = Catalog::from_compact(&["@en\nk=", pattern].concat());
            let _ = catalog.format("k", &[("a", Arg::Number(1))]);
        }
    }

    #[test]
    fn a_text_of_the_other_direction_is_isolated() {
        let hello = |locale: &str, name| {
            Catalog::from_compact(&["@", locale, "\nhello={name}"].concat())
                .format("hello", &[("name", Arg::Text(name))])
        };
        assert_eq!(hello("en", "Ada"), "Ada");
        assert_eq!(hello("ar", "Ada"), "\u{2068}Ada\u{2069}");
        assert_eq!(hello("ar", "ليلى"), "ليلى");
        assert_eq!(hello("en", "ליאת"), "\u{2068}ליאת\u{2069}");
    }
}
