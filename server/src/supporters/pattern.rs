//! Patterns for addresses: `*` is any text, `?` any one character.

/// A pattern, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<char>);

impl Pattern {
    pub fn new(text: &str) -> Self {
        let mut pattern: Vec<char> = text.to_lowercase().chars().collect();
        pattern.dedup_by(|a, b| *a == '*' && *b == '*');
        Self(pattern)
    }

    /// Whether the whole text fits, whatever its case. Steps are bounded by the product of both
    /// lengths: nobody can make a pattern that takes for ever.
    pub fn fits(&self, text: &str) -> bool {
        let text: Vec<char> = text.to_lowercase().chars().collect();
        let pattern = &self.0;
        let (mut t, mut p) = (0, 0);
        // Where the last star stands, and how much of the text it has taken so far.
        let mut star: Option<(usize, usize)> = None;
        while t < text.len() {
            match pattern.get(p) {
                Some('*') => {
                    star = Some((p, t));
                    p += 1;
                }
                Some(&one) if one == '?' || one == text[t] => {
                    p += 1;
                    t += 1;
                }
                _ => match &mut star {
                    Some((at, taken)) => {
                        *taken += 1;
                        (p, t) = (*at + 1, *taken);
                    }
                    None => return false,
                },
            }
        }
        pattern[p..].iter().all(|rest| *rest == '*')
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_pattern_fits_the_whole_address() {
        for (pattern, text, fits) in [
            ("user??@*", "user42@example.org", true),
            ("user??@*", "user421@example.org", false),
            ("*+*@gmail.com", "A+B@Gmail.com", true),
            ("*a*b*c", "xaybzc", true),
            ("*a*b*c", "xaybzcd", false),
            ("**", "", true),
            ("?", "", false),
            ("é*", "Élan@example.org", true),
            ("", "a", false),
        ] {
            assert_eq!(Pattern::new(pattern).fits(text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn no_pattern_takes_for_ever() {
        let pattern = Pattern::new(&"*a".repeat(127));
        assert!(!pattern.fits(&format!("{}b", "a".repeat(10_000))));
    }
}
