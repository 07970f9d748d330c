//! The first line of a CSV file, for choosing columns before the server reads the rest.

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
    let lower: Vec<String> = heads.iter().map(|head| head.to_lowercase()).collect();
    let fits = |word: &str| lower.iter().position(|head| head.contains(word));
    let at = words.iter().find_map(|word| fits(word));
    at.and_then(|at| heads.get(at)).cloned().unwrap_or_default()
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
    fn columns_are_guessed_by_their_names() {
        let heads = ["Nom", "Adresse e-mail", "Pays"].map(str::to_owned);
        assert_eq!(guess(&heads, &["email", "mail"]), "Adresse e-mail");
        assert_eq!(guess(&heads, &["country", "pays"]), "Pays");
        assert_eq!(guess(&heads, &["message"]), "");
    }
}
