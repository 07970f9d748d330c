//! The first line of a CSV file, for choosing columns before the server reads the rest.

use countersign_shared::unicode::lowercase;

/// The names of the columns: RFC 4180, separated by comma, semicolon or tab, whichever the line has
/// most of.
pub fn heads(text: &str) -> Vec<String> {
    let text = text.trim_start_matches('\u{feff}');
    let separator = separator(text);
    let mut heads = Vec::new();
    let (mut head, mut quoted) = (String::new(), false);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if quoted && rest.peek() == Some(&'"') => {
                head.push('"');
                rest.next();
            }
            '"' => quoted = !quoted,
            '\n' | '\r' if !quoted => break,
            c if c == separator && !quoted => heads.push(std::mem::take(&mut head)),
            c => head.push(c),
        }
    }
    heads.push(head);
    let heads: Vec<String> = heads.into_iter().map(|head| head.trim().to_owned()).collect();
    if heads.iter().all(String::is_empty) { Vec::new() } else { heads }
}

fn separator(text: &str) -> char {
    let line = text.lines().next().unwrap_or_default();
    let count = |separator: char| line.chars().filter(|c| *c == separator).count();
    let (commas, semicolons, tabs) = (count(','), count(';'), count('\t'));
    if tabs > commas && tabs > semicolons {
        '\t'
    } else if semicolons > commas {
        ';'
    } else {
        ','
    }
}

/// The column that probably holds this: the first whose name has one of the words in it.
pub fn guess(heads: &[String], words: &[&str]) -> String {
    let lower: Vec<String> = heads.iter().map(|head| lowercase(head)).collect();
    let fits = |word: &str| lower.iter().position(|head| head.contains(word));
    let at = words.iter().find_map(|word| fits(word));
    at.and_then(|at| heads.get(at)).cloned().unwrap_or_default()
}

/// The encoding that a file says it has, by its first bytes: spreadsheets save "Unicode text" so.
pub fn marked(first: &[u8]) -> Option<&'static str> {
    match first {
        [0xFF, 0xFE, ..] => Some("utf-16le"),
        [0xFE, 0xFF, ..] => Some("utf-16be"),
        _ => None,
    }
}

/// A line whose letters tell whether the encoding is right, shortened.
pub fn telling(text: &str) -> Option<String> {
    let line = text.lines().find(|line| !line.is_ascii())?;
    let before = line.find(|c: char| !c.is_ascii()).map_or(0, |at| line[..at].chars().count());
    Some(line.chars().skip(before.saturating_sub(40)).take(100).collect())
}

/// How many bytes a text has as JSON, without the quotation marks around it.
pub fn as_json(text: &str) -> usize {
    let more = |byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0C => 2,
        0..0x20 => 6,
        _ => 1,
    };
    text.bytes().map(more).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_read_as_rfc_4180_has_it() {
        for (text, expected) in [
            ("Name,E-mail\r\nA,a@b.c", vec!["Name", "E-mail"]),
            ("\u{feff}\"Full, name\";Mail;Land\n", vec!["Full, name", "Mail", "Land"]),
            ("a\tb\tc", vec!["a", "b", "c"]),
            ("\"say \"\"hi\"\"\",x", vec!["say \"hi\"", "x"]),
            ("\"two\nlines\",x\n1,2", vec!["two\nlines", "x"]),
            ("", vec![]),
            ("\n\n", vec![]),
        ] {
            assert_eq!(heads(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_file_is_as_long_as_json_has_it() {
        for text in ["", "a,b\r\n", "\"say \"\"hi\"\"\"\t\\", "\u{0}\u{8}\u{c}\u{1f}\u{7f}é🙂"] {
            let written = serde_json::to_string(text).unwrap_or_default();
            assert_eq!(as_json(text), written.len() - 2, "{text:?}");
        }
    }

    #[test]
    fn a_line_with_letters_tells_the_encoding() {
        let long = format!("Name\n{}Chloé Dupont{}", "x".repeat(200), "y".repeat(200));
        let shown = telling(&long).unwrap_or_default();
        assert!(shown.contains("Chloé Dupont") && shown.chars().count() == 100, "{shown}");
        assert_eq!(telling("Name\nAda,ada@example.org"), None);
        assert_eq!(marked(b"\xFF\xFEN\0"), Some("utf-16le"));
        assert_eq!(marked(b"\xFE\xFF\0N"), Some("utf-16be"));
        assert_eq!((marked(b"Na"), marked(b"")), (None, None));
    }

    #[test]
    fn columns_are_guessed_by_their_names() {
        let heads = ["Nom", "Adresse e-mail", "Pays"].map(str::to_owned);
        assert_eq!(guess(&heads, &["email", "mail"]), "Adresse e-mail");
        assert_eq!(guess(&heads, &["country", "pays"]), "Pays");
        assert_eq!(guess(&heads, &["message"]), "");
    }
}
