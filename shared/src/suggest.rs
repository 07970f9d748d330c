//! What a person probably meant by a mistyped domain. Suggests; never rewrites.

/// A provider: the first label, its endings (the usual one first), how many slips in the label are
/// still read as this one, and whether a label without slips is it under any ending.
struct Known(&'static str, &'static str, usize, bool);

/// Those that carry most mail, the largest first: where two are as near, the first is meant.
const KNOWN: &[Known] = &[
    Known("gmail", "com", 1, true),
    Known(
        "yahoo",
        "com co.uk fr de it es ca in co.in co.jp co.id co.kr co.nz co.th co.za com.ar com.au \
         com.br com.hk com.mx com.my com.ph com.sg com.tr com.tw com.vn com.co com.pe com.ve cl \
         dk fi gr ie nl no pl pt ro ru se at be ch cz hu",
        1,
        true,
    ),
    Known(
        "hotmail",
        "com co.uk fr de it es ca nl be se no dk ch at gr fi cz hu pt cl rs sg my ph com.ar \
         com.au com.br com.tr co.jp co.kr co.th co.il co.nz co.za co.id co.in",
        2,
        true,
    ),
    Known(
        "outlook",
        "com fr de it es be at dk cz hu ie in jp kr lv my ph pt ro sa sg sk cl co.id co.il co.th \
         com.ar com.au com.br com.gr com.tr com.vn",
        2,
        true,
    ),
    Known("icloud", "com", 2, true),
    Known("aol", "com co.uk de fr it es", 1, false),
    Known(
        "live",
        "com co.uk fr de it nl be ca se no dk at cl cn ie in jp pt ru com.ar com.au com.mx com.my \
         com.pt com.sg co.za co.kr",
        0,
        false,
    ),
    Known("me", "com", 0, false),
    Known("mac", "com", 0, false),
    Known("msn", "com", 0, false),
    Known("googlemail", "com", 2, true),
    Known("ymail", "com", 0, false),
    Known("rocketmail", "com", 2, false),
    Known("protonmail", "com ch", 2, false),
    Known("proton", "me", 0, false),
    Known("gmx", "de net com at ch fr es it co.uk us", 0, false),
    Known("web", "de", 0, false),
    Known("t-online", "de", 1, false),
    Known("mail", "com ru de ee", 0, false),
    Known("email", "com de cz it", 0, false),
    Known("yandex", "ru com ua by kz com.tr", 1, false),
    Known("orange", "fr net es", 0, false),
    Known("wanadoo", "fr es nl", 1, false),
    Known("laposte", "net", 1, false),
    Known("libero", "it", 0, false),
    Known("btinternet", "com", 2, true),
    Known("ntlworld", "com", 2, false),
    Known("sky", "com", 0, false),
    Known("comcast", "net", 1, false),
    Known("verizon", "net", 1, false),
    Known("bigpond", "com net.au", 1, false),
    Known("rediffmail", "com", 2, false),
];

/// An address at the domain that was probably meant, or `None` where the domain is a known one or
/// is like none. The local part is left as typed.
///
/// ```
/// use countersign_shared::suggest::did_you_mean;
/// assert_eq!(did_you_mean("ada@gmial.com").as_deref(), Some("ada@gmail.com"));
/// assert_eq!(did_you_mean("ada@gmail.com"), None);
/// ```
pub fn did_you_mean(address: &str) -> Option<String> {
    let (local, domain) = address.trim().rsplit_once('@')?;
    // Nothing longer is near any of them.
    if local.is_empty() || domain.len() > 24 || !domain.is_ascii() {
        return None;
    }
    let domain = domain.to_ascii_lowercase();
    let (label, ending) = domain.split_once('.').unwrap_or((&domain, ""));
    let mut best: Option<(usize, &str, &str)> = None;
    for Known(name, endings, slips, unmistakable) in KNOWN {
        if ending.is_empty() && *unmistakable && run_together(label, name) {
            return Some([local, "@", name, ".com"].concat());
        }
        let Some(slipped) = distance(label, name, *slips) else { continue };
        for candidate in endings.split_whitespace() {
            let cost = match distance(ending, candidate, 1) {
                Some(0) if slipped == 0 => return None,
                Some(0) => slipped,
                // `.fi` is no slip for `.fr`: two letters are another country.
                Some(_) if candidate.len() > 2 => slipped + 1,
                _ if slipped == 0 && *unmistakable => other_ending(ending, candidate),
                _ => continue,
            };
            if best.is_none_or(|(least, ..)| cost < least) {
                best = Some((cost, name, candidate));
            }
        }
    }
    best.map(|(_, name, ending)| [local, "@", name, ".", ending].concat())
}

/// `gmail.co.uk` means `gmail.com`, and `hotmail.uk` means `hotmail.co.uk`.
fn other_ending(typed: &str, candidate: &str) -> usize {
    if typed.ends_with("uk") && candidate == "co.uk" { 2 } else { 3 }
}

/// The dot was left out: `gmailcom`.
fn run_together(label: &str, name: &str) -> bool {
    label.strip_suffix("com") == Some(name)
}

/// How many letters were added, lost, changed or swapped with the next, up to `most`; `None`
/// beyond. (Damerau and Levenshtein's distance, where no letter is edited twice.)
fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    /// Longer than any name or ending above and its slips; what is longer is far away.
    const WIDTH: usize = 26;
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a == b {
        return Some(0);
    }
    if most == 0 || a.len().abs_diff(b.len()) > most || a.len().max(b.len()) >= WIDTH {
        return None;
    }
    let mut before = [0; WIDTH];
    let mut above = [0; WIDTH];
    for (column, cell) in above.iter_mut().enumerate() {
        *cell = column;
    }
    for row in 1..=a.len() {
        let mut here = [row; WIDTH];
        for column in 1..=b.len() {
            let changed = usize::from(a[row - 1] != b[column - 1]);
            let mut least =
                (above[column] + 1).min(here[column - 1] + 1).min(above[column - 1] + changed);
            let swapped =
                row > 1 && column > 1 && a[row - 1] == b[column - 2] && a[row - 2] == b[column - 1];
            if swapped {
                least = least.min(before[column - 2] + 1);
            }
            here[column] = least;
        }
        before = above;
        above = here;
    }
    (above[b.len()] <= most).then_some(above[b.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_bounded() {
        for (a, b, most, wanted) in [
            ("gmail", "gmail", 0, Some(0)),
            ("gmial", "gmail", 1, Some(1)),
            ("gmai", "gmail", 1, Some(1)),
            ("gmaill", "gmail", 1, Some(1)),
            ("hotmial", "hotmail", 2, Some(1)),
            ("hitmeil", "hotmail", 2, Some(2)),
            ("abcdefg", "hotmail", 2, None),
            ("", "a", 1, Some(1)),
            ("gmail", "gmial", 0, None),
        ] {
            assert_eq!(distance(a, b, most), wanted, "{a} {b}");
        }
    }

    #[test]
    fn slips_are_understood() {
        for (typed, meant) in [
            ("Ada.L+x@GMIAL.com", "Ada.L+x@gmail.com"),
            ("a@gmail", "a@gmail.com"),
            ("a@gmailcom", "a@gmail.com"),
            ("a@gmail.fr", "a@gmail.com"),
            ("a@gnail.con", "a@gmail.com"),
            ("a@yaho.fr", "a@yahoo.fr"),
            ("a@protonmial.com", "a@protonmail.com"),
        ] {
            assert_eq!(did_you_mean(typed).as_deref(), Some(meant), "{typed:?}");
        }
    }

    #[test]
    fn known_and_unlike_domains_are_left_alone() {
        for address in [
            "a@gmail.com",
            "a@GMAIL.COM",
            "a@outlook.fr",
            "a@yahoo.com.vn",
            "a@hotmail.co.uk",
            "a@mail.com",
            "a@mail.ru",
            "a@email.com",
            "a@gmx.net",
            "a@aol.de",
            "a@ymail.com",
            "a@example.org",
            "a@me.mit.example",
            "a@live.example",
            "a@orange.fi",
            "a@sky.de",
            "a@ge.com",
            "a@man.com",
            "a@bücher.example",
            "a@",
            "@gmial.com",
            "gmial.com",
            "",
            "a@proton.me",
            "a@protonmail.com",
            "a@web.de",
            "a@mac.com",
            "a@wanadoo.fr",
        ] {
            assert_eq!(did_you_mean(address), None, "{address:?}");
        }
        assert_eq!(did_you_mean(&["a@", &"x".repeat(1_000_000)].concat()), None);
    }
}
