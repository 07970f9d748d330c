//! The statements, each in a file of its own: `queries/table.verb.sql`.

/// Rooms with statements of their own list them beside the code that runs them.
macro_rules! queries {
    ($($name:ident = $file:literal;)*) => {
        $(pub(super) const $name: &str =
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/queries/", $file));)*
    };
}
pub(super) use queries;

queries! {
    CAMPAIGNS_FOR_RECORD = "campaigns.for_record.sql";
    CAMPAIGNS_INSERT = "campaigns.insert.sql";
    CAMPAIGNS_LIST = "campaigns.list.sql";
    CAMPAIGNS_RETENTION = "campaigns.retention.sql";
    CAMPAIGNS_SETTINGS = "campaigns.settings.sql";
    CAMPAIGNS_UPDATE = "campaigns.update.sql";
    CAMPAIGN_TOTALS_ADD = "campaign_totals.add.sql";
    CAMPAIGN_TOTALS_ALL = "campaign_totals.all.sql";
    CAMPAIGN_TOTALS_CREATE = "campaign_totals.create.sql";
    CAMPAIGN_TOTALS_GET = "campaign_totals.get.sql";
    CAMPAIGN_TOTALS_REPAIR = "campaign_totals.repair.sql";
    CAMPAIGN_TOTALS_SEQUENCES = "campaign_totals.sequences.sql";
    CAMPAIGN_TOTALS_TOUCH = "campaign_totals.touch.sql";
    COUNTRY_TOTALS_ADD = "country_totals.add.sql";
    COUNTRY_TOTALS_ALL = "country_totals.all.sql";
    COUNTRY_TOTALS_CLEAR = "country_totals.clear.sql";
    COUNTRY_TOTALS_GET = "country_totals.get.sql";
    COUNTRY_TOTALS_OF = "country_totals.of.sql";
    COUNTRY_TOTALS_REBUILD = "country_totals.rebuild.sql";
    META_CLAIM_HOUR = "meta.claim_hour.sql";
    META_CLAIM_KEY = "meta.claim_key.sql";
    META_KEYS = "meta.keys.sql";
    META_NEW_EPOCH = "meta.new_epoch.sql";
    META_NEXT = "meta.next.sql";
    META_PULSE = "meta.pulse.sql";
    MINUTE_TOTALS_ADD = "minute_totals.add.sql";
    MINUTE_TOTALS_CLEAR = "minute_totals.clear.sql";
    MINUTE_TOTALS_HISTORY = "minute_totals.history.sql";
    MINUTE_TOTALS_REBUILD = "minute_totals.rebuild.sql";
    PEOPLE_ADOPT = "people.adopt.sql";
    PEOPLE_AFTER = "people.after.sql";
    PEOPLE_DELETE = "people.delete.sql";
    PEOPLE_EXPIRED = "people.expired.sql";
    PEOPLE_INSERT = "people.insert.sql";
    PEOPLE_RESEAL = "people.reseal.sql";
    PLEDGES_COUNT = "pledges.count.sql";
    PLEDGES_EXPORT = "pledges.export.sql";
    PLEDGES_INSERT = "pledges.insert.sql";
    PLEDGES_KNOWN = "pledges.known.sql";
    PLEDGES_REKEY = "pledges.rekey.sql";
    PLEDGES_TALLY = "pledges.tally.sql";
    REQUESTS_DELETE = "requests.delete.sql";
    REQUESTS_EXPIRED = "requests.expired.sql";
    REQUESTS_FIND = "requests.find.sql";
    REQUESTS_INSERT = "requests.insert.sql";
}
