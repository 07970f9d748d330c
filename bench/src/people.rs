//! Signers by number: the same number is the same person, and no two have the same mailbox.

/// How many in a thousand live where. Roughly what a campaign across Europe and Africa sees.
const COUNTRIES: &[(&str, u32)] = &[
    ("DE", 151),
    ("FR", 118),
    ("GB", 97),
    ("IT", 83),
    ("ES", 71),
    ("PL", 56),
    ("KE", 48),
    ("NG", 44),
    ("NL", 37),
    ("BE", 31),
    ("SE", 27),
    ("AT", 25),
    ("ZA", 23),
    ("PT", 21),
    ("RO", 19),
    ("GR", 17),
    ("CZ", 16),
    ("EG", 15),
    ("MA", 14),
    ("DK", 13),
    ("FI", 12),
    ("IE", 11),
    ("HU", 10),
    ("CH", 9),
    ("UG", 8),
    ("GH", 7),
    ("US", 6),
    ("TZ", 5),
    ("BR", 3),
    ("IN", 3),
];

const GIVEN: &[&str] = &[
    "Amina",
    "Björn",
    "Chidi",
    "Dagmar",
    "Elif",
    "Fatou",
    "Giulia",
    "Henrik",
    "Imani",
    "José",
    "Katarzyna",
    "Léa",
    "Mwangi",
    "Noor",
    "Oksana",
    "Pedro",
    "Quentin",
    "Rania",
    "Søren",
    "Teresa",
];

const FAMILY: &[&str] = &[
    "Otieno",
    "Schmidt",
    "Okafor",
    "Novák",
    "Yılmaz",
    "Diop",
    "Rossi",
    "Larsen",
    "García",
    "Kowalska",
    "Moreau",
    "Haddad",
    "Shevchenko",
    "Silva",
    "Janssens",
    "Virtanen",
    "Papadopoulos",
];

/// All the people of one run. Another run has other mailboxes.
#[derive(Clone, Debug)]
pub struct People {
    run: String,
}

/// One signer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub number: u64,
    pub name: String,
    pub email: String,
    /// ISO 3166-1 alpha-2.
    pub country: &'static str,
}

impl People {
    /// `run` becomes part of every address: lower-case letters and digits.
    pub fn of(run: &str) -> Self {
        Self { run: run.to_owned() }
    }

    /// A run that nobody has had.
    pub fn new() -> Self {
        Self { run: random_word() }
    }

    pub fn run(&self) -> &str {
        &self.run
    }

    pub fn person(&self, number: u64) -> Person {
        let dice = scatter(number);
        let pick = |list: &[&str], by: u64| list[(by % list.len() as u64) as usize].to_owned();
        Person {
            number,
            name: format!("{} {}", pick(GIVEN, dice >> 32), pick(FAMILY, dice >> 44)),
            email: format!("p{number}-{}@example.org", self.run),
            country: country(dice),
        }
    }

    /// The Idempotency-Key that this person's page makes up: one a person and run.
    pub fn key(&self, number: u64) -> String {
        format!("{}-{number}", self.run)
    }

    /// What the person's page sends, as JSON.
    pub fn body(&self, number: u64) -> Vec<u8> {
        let Person { name, email, country, .. } = self.person(number);
        // No name or run needs escaping; the test holds this against a JSON parser.
        format!(
            r#"{{"name":"{name}","email":"{email}","country":"{country}","locale":"en","consents":{{"updates":false}},"source":{{"utm_source":"bench"}}}}"#
        )
        .into_bytes()
    }
}

impl Default for People {
    fn default() -> Self {
        Self::new()
    }
}

/// Twelve letters and digits that no other run has.
pub fn random_word() -> String {
    use std::hash::{BuildHasher as _, Hasher as _};
    // The standard library seeds this from the system's entropy, which is as unique as it gets.
    let number = std::hash::RandomState::new().build_hasher().finish();
    format!("{number:016x}")[..12].to_owned()
}

/// The country that `dice` falls on, by weight.
pub fn country(dice: u64) -> &'static str {
    let all: u32 = COUNTRIES.iter().map(|(_, weight)| weight).sum();
    let mut left = (dice % u64::from(all)) as u32;
    for (code, weight) in COUNTRIES {
        if left < *weight {
            return code;
        }
        left -= weight;
    }
    COUNTRIES[0].0
}

/// Spreads consecutive numbers over all 64 bits (the finaliser of SplitMix64).
pub fn scatter(number: u64) -> u64 {
    let mut x = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_number_is_one_person_with_a_mailbox_of_their_own() {
        let people = People::of("run1");
        assert_eq!(people.person(7), People::of("run1").person(7));
        assert_eq!(people.person(7).email, "p7-run1@example.org");
        assert_ne!(people.person(7).email, people.person(8).email);
        assert_ne!(people.key(7), People::of("run2").key(7));
        assert_ne!(random_word(), random_word());
    }

    #[test]
    fn every_body_is_a_form_that_the_server_takes() {
        let people = People::new();
        for number in 0..2_000 {
            let body: serde_json::Value = serde_json::from_slice(&people.body(number)).unwrap();
            assert_eq!(body["email"], people.person(number).email);
            assert_eq!(body["name"], people.person(number).name);
        }
    }

    #[test]
    fn countries_come_by_their_weight() {
        let people = People::of("x");
        let from = |code: &str| (0..20_000).filter(|n| people.person(*n).country == code).count();
        let (germany, india) = (from("DE"), from("IN"));
        assert!((2_700..3_400).contains(&germany), "{germany}");
        assert!((20..120).contains(&india), "{india}");
    }
}
