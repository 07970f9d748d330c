//! Where a pledge came from, as one short name, and how many such names a day may have.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use countersign_shared::pledge::Source;

use super::CampaignId;

/// Through a link that a supporter shared.
pub const SHARED: &str = "shared";
/// From nowhere that a browser told of.
pub const DIRECT: &str = "direct";
/// Signatures that are only a number.
pub const LABELLED: &str = "labelled";
/// Signatures from paper that were typed or came in a file.
pub const PAPER: &str = "paper";
/// Those beyond [`MOST`].
pub const OTHER: &str = "other";

/// So many sources of a campaign and day are told apart. Anybody can make up names: without an end
/// they would fill the table.
pub const MOST: usize = 1_000;

/// The name of a source: `utm NAME`, `site HOST`, `shared` or `direct`.
///
/// Imports are [`PAPER`], whatever their rows say. `source_days.rebuild.sql` says the same in SQL.
pub fn name(source: &Source) -> String {
    match (source.utm_source.as_deref(), source.referrer.as_deref()) {
        (Some(Source::SHARED), _) => SHARED.to_owned(),
        (Some(utm), _) => format!("utm {utm}"),
        (None, Some(host)) => format!("site {host}"),
        (None, None) => DIRECT.to_owned(),
    }
}

/// Whether what came this way was signed somewhere else, and only counted here.
pub fn is_paper(source: &str) -> bool {
    [LABELLED, PAPER].contains(&source)
}

/// [`name`] of a source as rows have it, in JSON.
pub fn name_of_row(json: &str) -> String {
    // Most have none; nothing is to be parsed then.
    if json == "{}" {
        return DIRECT.to_owned();
    }
    name(&serde_json::from_str(json).unwrap_or_default())
}

/// The days since 1970 of a time in milliseconds, as the tables of days have them.
pub const fn day(milliseconds: i64) -> i64 {
    milliseconds.div_euclid(86_400_000)
}

/// The sources that this node has named, by campaign and day.
///
/// In memory: looking a name up in the database would cost the writer a read for every batch. A node
/// that starts anew, and a second node, may therefore name as many again.
#[derive(Debug, Default)]
pub struct KnownSources(Mutex<HashMap<(CampaignId, i64), HashSet<String>>>);

impl KnownSources {
    /// The name to count under: `name`, or [`OTHER`] where the day has enough names.
    pub fn place(&self, campaign: CampaignId, day: i64, name: String) -> String {
        if [DIRECT, SHARED, LABELLED, OTHER].contains(&name.as_str()) {
            return name;
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.contains_key(&(campaign, day)) {
            // Yesterday's pledges are not signed any more; a clock may be set back by a little.
            known.retain(|(_, kept), _| (kept - day).abs() <= 1);
        }
        let names = known.entry((campaign, day)).or_default();
        if names.contains(&name) {
            return name;
        }
        if names.len() >= MOST {
            return OTHER.to_owned();
        }
        names.insert(name.clone());
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_its_utm_name_or_the_site_that_led_here() {
        let table = [
            ("{}", "direct"),
            ("not even json", "direct"),
            (r#"{"utm_source":"radio","referrer":"news.example"}"#, "utm radio"),
            (r#"{"referrer":"news.example"}"#, "site news.example"),
            (r#"{"utm_source":"share","utm_medium":"x"}"#, "shared"),
            (r#"{"utm_medium":"social"}"#, "direct"),
        ];
        for (json, name) in table {
            assert_eq!(name_of_row(json), name, "{json}");
        }
    }

    #[test]
    fn made_up_names_come_to_an_end_and_known_ones_do_not() {
        let known = KnownSources::default();
        let (one, two) = (CampaignId(1), CampaignId(2));
        for number in 0..MOST {
            let name = format!("utm {number}");
            assert_eq!(known.place(one, 1, name.clone()), name);
        }
        assert_eq!(known.place(one, 1, "utm more".into()), OTHER);
        assert_eq!(known.place(one, 1, "utm 7".into()), "utm 7");
        assert_eq!(known.place(one, 1, DIRECT.into()), DIRECT);
        assert_eq!(known.place(two, 1, "utm more".into()), "utm more");
        assert_eq!(known.place(one, 2, "utm more".into()), "utm more");
        known.place(one, 9, "utm more".into());
        assert_eq!(known.0.lock().map(|known| known.len()).ok(), Some(1));
    }
}
