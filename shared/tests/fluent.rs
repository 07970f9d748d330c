//! What the build makes of Fluent files, and what it refuses.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

#[path = "../build/fluent.rs"]
mod fluent;

use countersign_shared::Catalog;
use countersign_shared::i18n::{Arg, COMPACT, LOCALES, MAIL, plural};

fn compile(sources: &[(&str, &str)]) -> Result<Vec<(String, String)>, Vec<String>> {
    let sources: Vec<_> = sources.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
    fluent::compile(&sources)
}

#[test]
fn fluent_becomes_the_compact_form() {
    let source = "# A comment\n\
        hello = Hello, { $name }!\n\
        signed = { NUMBER($count) ->\n    [0] Nobody; yet\n   *[other] {$count} people\n    [one] {$count} person\n  } | signed\n\
        lines =\n    one\n    two { \"{\" } \\ three\n";
    let compiled = compile(&[("en", source)]).unwrap();
    let wanted = "@en\nhello=Hello, {name}!\nlines=one\\ntwo \\{ \\\\ three\n\
        signed={count:0|Nobody\\; yet;one|{count} person;other|{count} people} \\| signed\n";
    assert_eq!(compiled, [("en".to_owned(), wanted.to_owned())]);
    let catalog = Catalog::from_compact(&compiled[0].1);
    assert_eq!(catalog.text("lines"), "one\ntwo { \\ three");
    let signed = |count| catalog.format("signed", &[("count", Arg::Number(count))]);
    assert_eq!([signed(0), signed(1)], ["Nobody; yet | signed", "1 person | signed"]);
}

#[test]
fn what_is_wrong_is_refused_with_file_and_key() {
    for (sources, wanted) in [
        (&[("en", "a = x\nb = y\n"), ("fr", "a = x\n")][..], "fr.ftl: b: missing, but in en.ftl"),
        (&[("en", "a = x\n"), ("fr", "a = x\nb = y\n")], "fr.ftl: b: not in en.ftl"),
        (&[("en", "a = {$n}\n"), ("fr", "a = {$m}\n")], "fr.ftl: a: uses {\"m\"}"),
        (&[("en", "a = {$n}\n"), ("fr", "a = x\n")], "fr.ftl: a: uses {}"),
        (&[("en", "a = x\na = y\n")], "en.ftl: a: given twice"),
        (&[("en", "a = x\nb = { $n\n")], "en.ftl: line"),
        (&[("en", "a = x\nwhat is this\n")], "en.ftl: line"),
        (&[("en", "a = x\n    .title = y\n")], "en.ftl: a: attributes"),
        (&[("en", "-brand = x\na = y\n")], "en.ftl: -brand: terms"),
        (&[("en", "b = x\na = { b }\n")], "en.ftl: a: only variables"),
        (&[("en", "a = { DATETIME($n) }\n")], "en.ftl: a: only variables"),
        (&[("en", "a = { NUMBER($n, style: \"percent\") }\n")], "en.ftl: a: only variables"),
        (&[("en", "a = { $n ->\n   *[male] x\n  }\n")], "en.ftl: a: a variant is"),
        (&[("en", "a = { $n ->\n    [1.5] x\n   *[other] y\n  }\n")], "en.ftl: a: a variant is"),
    ] {
        let errors = compile(sources).unwrap_err();
        assert!(errors.iter().any(|error| error.starts_with(wanted)), "{wanted}: {errors:?}");
    }
}

#[test]
fn every_language_of_the_build_is_one_that_is_offered() {
    assert!(COMPACT.iter().map(|(locale, _)| locale).eq(LOCALES));
    assert!(MAIL.iter().map(|(locale, _)| locale).eq(LOCALES));
    for (locale, compact) in COMPACT.iter().chain(MAIL) {
        assert_eq!(Catalog::from_compact(compact).locale(), *locale);
    }
}

/// Where a message chooses by a number, it has a text for every category its language can ask for.
#[test]
fn every_choice_covers_the_plurals_of_its_language() {
    for (locale, compact) in COMPACT.iter().chain(MAIL) {
        let mut categories: Vec<_> = (0..=200).map(|count| plural(locale, count)).collect();
        categories.sort_unstable();
        categories.dedup();
        for key in Catalog::from_compact(compact).keys() {
            let catalog = Catalog::from_compact(compact);
            let pattern = catalog.get(key).unwrap();
            if !pattern.contains(":") || !pattern.contains("other|") {
                continue;
            }
            for category in categories.iter().filter(|category| **category != "other") {
                assert!(pattern.contains(&format!("{category}|")), "{locale}: {key}: {category}");
            }
        }
    }
}
