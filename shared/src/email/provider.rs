//! Which spellings reach the same mailbox, by provider: data, with where it is said.

/// What a provider makes of an address.
#[derive(Clone, Copy)]
pub(super) struct Provider {
    /// All its domains are one, named here.
    pub domain: Option<&'static str>,
    /// `a.b` and `ab` are one mailbox.
    pub dots_are_ignored: bool,
    /// What stands between a mailbox and a tag that is ignored.
    pub tag: Option<char>,
}

const PLUS: Provider = Provider { domain: None, dots_are_ignored: false, tag: Some('+') };
const HYPHEN: Provider = Provider { tag: Some('-'), ..PLUS };
/// Google: "Dots don't matter in Gmail addresses"; googlemail.com is the same mailbox.
const GMAIL: Provider = Provider { domain: Some("gmail.com"), dots_are_ignored: true, ..PLUS };

/// Whole domains.
const DOMAINS: &[(&str, Provider)] = &[
    ("gmail.com", GMAIL),
    ("googlemail.com", GMAIL),
    // Microsoft: "Add or remove an email alias", plus addressing.
    ("msn.com", PLUS),
    ("passport.com", PLUS),
    // Apple: mail to name+tag is delivered to name.
    ("icloud.com", PLUS),
    ("me.com", PLUS),
    ("mac.com", PLUS),
    // Fastmail: "Plus addressing".
    ("fastmail.com", PLUS),
    ("fastmail.fm", PLUS),
    ("messagingengine.com", PLUS),
    ("sent.com", PLUS),
    // Proton: "Creating aliases", +aliases.
    ("proton.me", PLUS),
    ("protonmail.com", PLUS),
    ("protonmail.ch", PLUS),
    ("pm.me", PLUS),
    // Zoho: "Plus addressing".
    ("zoho.com", PLUS),
    ("zoho.eu", PLUS),
    ("zohomail.com", PLUS),
    ("zohomail.eu", PLUS),
    // Yandex: mail to login+tag is delivered to login.
    ("ya.ru", PLUS),
    // Others that say so in their help.
    ("hey.com", PLUS),
    ("mailbox.org", PLUS),
    ("posteo.de", PLUS),
    ("posteo.net", PLUS),
    ("runbox.com", PLUS),
    // Yahoo: "disposable addresses", a base name and a keyword with a hyphen between.
    ("ymail.com", HYPHEN),
    ("rocketmail.com", HYPHEN),
    ("myyahoo.com", HYPHEN),
];

/// Providers with a domain in many countries: the first label, and any of [`ENDINGS`].
const FAMILIES: &[(&str, Provider)] =
    &[("outlook", PLUS), ("hotmail", PLUS), ("live", PLUS), ("yandex", PLUS), ("yahoo", HYPHEN)];

/// Under which those providers give out addresses. `live.example` is somebody else.
const ENDINGS: &str = " com at be by ca ch cl cn co.id co.il co.in co.jp co.kr co.nz co.th co.uk \
    co.za com.ar com.au com.br com.co com.hk com.mx com.my com.pe com.ph com.sg com.tr com.tw \
    com.ua com.ve com.vn cz de dk es fi fr gr hk hu ie in it jp kz lv my nl no ph pl pt ro rs ru \
    sa se sg sk ua vn ";

impl Provider {
    /// By a domain in ASCII and lower case.
    pub fn of(domain: &str) -> Option<Self> {
        let find = |table: &[(&str, Self)], name: &str| {
            table.iter().find(|(known, _)| *known == name).map(|(_, provider)| *provider)
        };
        find(DOMAINS, domain).or_else(|| {
            let (label, ending) = domain.split_once('.')?;
            find(FAMILIES, label).filter(|_| ENDINGS.split_whitespace().any(|e| e == ending))
        })
    }
}
