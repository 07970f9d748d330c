//! Every word that the dashboard says, in tables: another language is another table.
//!
//! A room of pages has a table of its own. `{name}` in a text is filled in by [`fill`].

/// A table of words: a struct with a field a text, and the texts in English.
macro_rules! words {
    ($($key:ident: $text:literal,)*) => {
        #[derive(Clone, Copy, Debug)]
        pub struct Words { $(pub $key: &'static str,)* }

        pub const EN: Words = Words { $($key: $text,)* };

        /// The words in the language of the interface.
        pub const fn w() -> &'static Words {
            &EN
        }
    };
}
pub(crate) use words;

pub mod account;
pub mod live;
pub mod people;
pub mod settings;
pub mod shell;
pub mod team;

/// Puts values where a text has `{name}`.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = tail.split_once('}') else {
            out.push('{');
            rest = tail;
            break;
        };
        if let Some((_, value)) = values.iter().find(|(key, _)| *key == name) {
            out.push_str(value);
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn values_stand_where_their_names_stood() {
        let said = fill("{n} of {all} in {n}", &[("n", "3"), ("all", "{n}")]);
        assert_eq!(said, "3 of {n} in 3");
        assert_eq!(fill("nothing", &[("n", "3")]), "nothing");
        assert_eq!(fill("open { brace", &[]), "open { brace");
    }
}
