//! The people of the demo: invented, and as many from each country as in the real initiative.

use countersign_shared::PledgeForm;

/// Invented people, one `first,last,email` a line. Origin and licence: `data/README.md`.
const PEOPLE: &str = include_str!("../../../data/demo/people.csv");
/// Signatures by country of a real initiative. Origin and licence: `data/README.md`.
const COUNTRIES: &str = include_str!("../../../data/demo/countries.csv");

/// A person of the list.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    pub first: &'static str,
    pub last: &'static str,
    pub email: &'static str,
}

/// Everybody on the list, in its order.
pub fn people() -> Vec<Person> {
    PEOPLE
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut cells = line.splitn(3, ',');
            Some(Person { first: cells.next()?, last: cells.next()?, email: cells.next()? })
        })
        .collect()
}

/// `count` countries in the proportions of the real initiative, well mixed, always the same.
///
/// Shares are rounded by the largest remainder (Hamilton's method), so they add up to `count`.
pub fn countries(count: usize) -> Vec<&'static str> {
    let rows: Vec<(&str, u64)> = COUNTRIES
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(','))
        .filter_map(|(code, signatures)| Some((code, signatures.parse().ok()?)))
        .collect();
    let all: u64 = rows.iter().map(|row| row.1).sum();
    let wanted = count as u64;
    let mut shares: Vec<(&str, u64, u64)> = rows
        .iter()
        .map(|&(code, signatures)| (code, signatures * wanted / all, signatures * wanted % all))
        .collect();
    let given: u64 = shares.iter().map(|share| share.1).sum();
    shares.sort_by_key(|share| std::cmp::Reverse(share.2));
    for share in shares.iter_mut().take((wanted - given) as usize) {
        share.1 += 1;
    }
    let mut list: Vec<&'static str> =
        shares.iter().flat_map(|&(code, n, _)| std::iter::repeat_n(code, n as usize)).collect();
    mix(&mut list);
    list
}

/// Reorders a list the same way each time: a Fisher-Yates shuffle over a fixed xorshift sequence.
pub fn mix<T>(list: &mut [T]) {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for last in (1..list.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        list.swap(last, (state % (last as u64 + 1)) as usize);
    }
}

/// The form that a person of the list fills in.
pub fn form(person: Person, country: &str) -> PledgeForm {
    PledgeForm {
        name: format!("{} {}", person.first, person.last),
        email: person.email.to_owned(),
        country: country.to_owned(),
        locale: if country == "FR" || country == "LU" { "fr" } else { "en" }.to_owned(),
        ..PledgeForm::default()
    }
}

/// The form of somebody new: names of the list put together afresh, and a mailbox that nobody had.
///
/// `run` keeps the mailboxes of one start of the demo apart from those of another.
pub fn newcomer(people: &[Person], countries: &[&str], run: u64, number: u64) -> PledgeForm {
    let pick = number as usize;
    let first = people[pick * 7 % people.len()].first;
    let last = people[(pick * 13 + 5) % people.len()].last;
    let mut form = form(Person { first, last, email: "" }, countries[pick % countries.len()]);
    // example.org never takes mail (RFC 2606).
    form.email = format!("person.{run}.{number}@example.org");
    form
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn three_thousand_people_have_three_thousand_mailboxes() {
        let mailboxes: HashSet<_> = people().iter().map(|person| person.email).collect();
        assert_eq!(people().len(), 3000);
        assert_eq!(mailboxes.len(), 3000);
    }

    #[test]
    fn countries_keep_the_proportions_of_the_initiative() {
        let list = countries(3000);
        assert_eq!(list.len(), 3000);
        // 306,399 of 1,448,270 signatures came from Germany.
        assert_eq!(list.iter().filter(|code| **code == "DE").count(), 635);
        assert_eq!(list.iter().collect::<HashSet<_>>().len(), 27);
        assert!(list.windows(5).any(|five| five.iter().collect::<HashSet<_>>().len() == 5));
    }

    #[test]
    fn everybody_keeps_the_rules_of_the_form() {
        let countries = countries(3000);
        for (person, country) in people().into_iter().zip(&countries) {
            form(person, country).parse(countersign_shared::FormFields::default()).unwrap();
        }
        newcomer(&people(), &countries, 1, 5_000)
            .parse(countersign_shared::FormFields::default())
            .unwrap();
    }
}
