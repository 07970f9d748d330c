#![allow(clippy::unwrap_used)]

use super::*;

fn asked(change: impl FnOnce(&mut SupporterFilter)) -> Result<Filter, Vec<FieldError>> {
    let mut raw = SupporterFilter::default();
    change(&mut raw);
    Filter::parse(&raw)
}

fn row() -> ExportRow<'static> {
    ExportRow {
        id: 1,
        signed_at: "2027-03-01T12:00:00Z".parse().unwrap(),
        state: "quarantined".into(),
        quarantine_reason: Some("honeypot".into()),
        country: "KE".into(),
        locale: "en".into(),
        public_name: false,
        updates: true,
        suspicious: false,
        source: "{}".into(),
        receipt: "R".into(),
        import_id: None,
        key_version: 1,
        fingerprint: [1; 16],
        sealed: None,
    }
}

fn person() -> Person {
    Person {
        name: "Amina Otieno".into(),
        email: "Amina.O@Mail.Example.org".into(),
        message: Some("Für die Bäume".into()),
        network: Some("203.0.113.0/24".into()),
    }
}

fn finds(change: impl FnOnce(&mut SupporterFilter)) -> bool {
    asked(change).unwrap().matches(&row(), Some(&person()))
}

#[test]
fn everything_that_is_given_must_hold() {
    let text = |text: &str| Some(text.to_owned());
    assert!(finds(|_| {}));
    assert!(finds(|it| it.q = text(" otIENO ")));
    assert!(finds(|it| it.q = text("BÄUME")));
    assert!(finds(|it| it.q = text("amina.o@mail.example.org")));
    assert!(!finds(|it| it.q = text("amina@mail.example.org")));
    assert!(!finds(|it| it.q = text("nobody")));
    assert!(finds(|it| it.state = text("quarantined")));
    assert!(!finds(|it| it.state = text("withdrawn")));
    assert!(finds(|it| it.country = text("ke")));
    assert!(!finds(|it| it.country = text("FR")));
    assert!(finds(|it| it.channel = text("online")));
    assert!(!finds(|it| it.channel = text("import")));
    assert!(finds(|it| it.updates = Some(true)));
    assert!(!finds(|it| it.suspicious = Some(true)));
    assert!(finds(|it| it.from = text("2027-03-01T12:00:00Z")));
    assert!(!finds(|it| it.to = text("2027-03-01T13:00:00+01:00")));
    assert!(finds(|it| it.domain = text("example.org")));
    assert!(finds(|it| it.domain = text("@mail.EXAMPLE.org")));
    assert!(finds(|it| it.domain = text("org")));
    assert!(!finds(|it| it.domain = text("ample.org")));
    assert!(finds(|it| it.pattern = text("amina.?@*")));
    assert!(!finds(|it| (it.country, it.domain) = (text("KE"), text("example.com"))));
}

#[test]
fn a_range_finds_the_blocks_in_it_and_the_block_that_it_is_in() {
    for (range, found) in [
        ("203.0.113.0/24", true),
        ("203.0.112.0/20", true),
        ("203.0.113.7", true),
        ("203.0.113.128/25", true),
        ("203.0.114.0/24", false),
        ("2001:db8::/32", false),
        ("0.0.0.0/0", true),
    ] {
        assert_eq!(finds(|it| it.network = Some(range.to_owned())), found, "{range}");
    }
}

#[test]
fn what_cannot_be_looked_for_is_named() {
    let errors = asked(|it| {
        it.q = Some("x".repeat(300));
        it.state = Some("gone".into());
        it.country = Some("XX".into());
        it.channel = Some("fax".into());
        it.from = Some("yesterday".into());
        it.domain = Some("not a domain".into());
        it.network = Some("203.0.113.0/33".into());
    });
    let errors = errors.unwrap_err();
    let named: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(named, ["q", "state", "country", "channel", "from", "domain", "network"]);
    assert_eq!(errors[0].code, "field_too_long");
}

#[test]
fn without_a_person_nothing_personal_is_found() {
    let nobody = |change: fn(&mut SupporterFilter)| asked(change).unwrap().matches(&row(), None);
    assert!(nobody(|it| it.country = Some("KE".into())));
    assert!(!nobody(|it| it.pattern = Some("*".into())));
    assert!(!nobody(|it| it.network = Some("0.0.0.0/0".into())));
}

#[test]
fn a_state_alone_is_no_condition() {
    assert!(!asked(|it| it.q = Some("  ".into())).unwrap().is_a_condition());
    assert!(!asked(|it| it.state = Some("counted".into())).unwrap().is_a_condition());
    assert!(asked(|it| it.updates = Some(false)).unwrap().is_a_condition());
}
