use countersign::campaign::{Campaign, Origin};
use countersign::pledge::limit::Preset;

use super::HOST;

/// An open campaign in English, French and Arabic that [`HOST`] may use, and that asks for
/// everything there is.
pub fn campaign(slug: &str) -> Campaign {
    let texts = |locale: &str, title: &str| {
        format!(
            "[texts.{locale}]\ntitle = \"{title}\"\npledge = \"I will plant a tree.\"\n\
             lead = \"One each.\"\nthanks = \"Thank you!\"\nbutton = \"Sign\"\n\
             privacy = \"We keep your address until the end.\"\n"
        )
    };
    let toml = format!(
        "slug = \"{slug}\"\ndefault_locale = \"en\"\norigins = [\"{HOST}\"]\n\
         controller = \"Trees e. V.\"\ncontact = \"trees@example.org\"\nretention_days = 30\n\
         rate_limit = \"event\"\n\
         [goal]\nsteps = [10, 100, 1000]\n\
         [fields]\nmessage = true\npublic_name = true\nupdates = true\n{}{}{}",
        texts("en", "Plant a tree"),
        texts("fr", "Plantez un arbre"),
        texts("ar", "ازرع شجرة"),
    );
    Campaign::from_toml(&toml).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// Changes to a campaign that read as sentences.
pub trait Change: Sized {
    fn for_sites(self, origins: &[&str]) -> Self;
    fn open_from(self, time: &str) -> Self;
    fn closing_at(self, time: &str) -> Self;
    fn hiding_below(self, total: u64) -> Self;
    fn strictly_limited(self) -> Self;
}

impl Change for Campaign {
    fn for_sites(mut self, origins: &[&str]) -> Self {
        self.origins = origins.iter().map(|origin| Origin::parse(origin).unwrap()).collect();
        self
    }

    fn open_from(mut self, time: &str) -> Self {
        self.opens = Some(time.parse().unwrap());
        self
    }

    fn closing_at(mut self, time: &str) -> Self {
        self.closes = Some(time.parse().unwrap());
        self
    }

    fn hiding_below(mut self, total: u64) -> Self {
        self.hide_count_below = total;
        self
    }

    /// Five pledges an address, then one a minute.
    fn strictly_limited(mut self) -> Self {
        self.rate_limit = Preset::Strict;
        self
    }
}
