//! What stands in a file: its columns, and what each holds.

use jiff::Timestamp;
use serde::Serializer;
use serde::ser::SerializeMap as _;

/// A column, in the order in which all of them stand.
macro_rules! columns {
    ($($variant:ident = $name:literal;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Column { $($variant,)* }

        impl Column {
            pub const ALL: &'static [Column] = &[$(Column::$variant,)*];

            /// Its name in the head of a file, and in the API.
            pub const fn name(self) -> &'static str {
                match self { $(Column::$variant => $name,)* }
            }
        }
    };
}

columns! {
    Id = "id";
    SignedAt = "signed_at";
    State = "state";
    Name = "name";
    Email = "email";
    Country = "country";
    Locale = "locale";
    PublicName = "public_name";
    Updates = "updates";
    Message = "message";
    UtmSource = "utm_source";
    UtmMedium = "utm_medium";
    UtmCampaign = "utm_campaign";
    Referrer = "referrer";
    Receipt = "receipt";
    Suspicious = "suspicious";
    QuarantineReason = "quarantine_reason";
}

impl Column {
    /// Whether it says who somebody is, or what they wrote.
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Name | Self::Email | Self::Message)
    }
}

/// The columns of a file, in their order. Never none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns(Vec<Column>);

impl Columns {
    pub fn all() -> Self {
        Self(Column::ALL.to_vec())
    }

    /// Names with commas between, in the order that is wanted; `None` where one is unknown or there
    /// twice, or where there is none.
    pub fn parse(names: &str) -> Option<Self> {
        let mut columns = Vec::new();
        for name in names.split(',').map(str::trim) {
            let column = Column::ALL.iter().find(|column| column.name() == name)?;
            if columns.contains(column) {
                return None;
            }
            columns.push(*column);
        }
        Some(Self(columns))
    }

    /// Those that name nobody; `None` where all of them do.
    pub fn without_people(self) -> Option<Self> {
        let rest: Vec<_> = self.0.into_iter().filter(|column| !column.is_personal()).collect();
        (!rest.is_empty()).then_some(Self(rest))
    }

    pub fn iter(&self) -> impl Iterator<Item = Column> {
        self.0.iter().copied()
    }

    pub fn names(&self) -> Vec<&'static str> {
        self.iter().map(Column::name).collect()
    }

    /// Whether a seal must be opened for them.
    pub fn hold_people(&self) -> bool {
        self.iter().any(Column::is_personal)
    }
}

/// What a record holds in a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    Absent,
    Number(i64),
    Time(Timestamp),
    Flag(bool),
    /// A word of ours: nothing in it is to be escaped.
    Word(&'a str),
    /// What somebody typed, or sent.
    Typed(&'a str),
}

/// One pledge, opened.
pub(super) struct Record<'a> {
    pub(super) id: i64,
    pub(super) signed_at: Timestamp,
    pub(super) state: &'a str,
    pub(super) name: Option<&'a str>,
    pub(super) email: Option<&'a str>,
    pub(super) country: &'a str,
    pub(super) locale: &'a str,
    pub(super) public_name: bool,
    pub(super) updates: bool,
    pub(super) message: Option<&'a str>,
    pub(super) utm_source: Option<&'a str>,
    pub(super) utm_medium: Option<&'a str>,
    pub(super) utm_campaign: Option<&'a str>,
    pub(super) referrer: Option<&'a str>,
    pub(super) receipt: &'a str,
    pub(super) suspicious: bool,
    pub(super) quarantine_reason: Option<&'a str>,
}

impl<'a> Record<'a> {
    pub(super) fn cell(&self, column: Column) -> Cell<'a> {
        let typed = |text: Option<&'a str>| text.map_or(Cell::Absent, Cell::Typed);
        match column {
            Column::Id => Cell::Number(self.id),
            Column::SignedAt => Cell::Time(self.signed_at),
            Column::State => Cell::Word(self.state),
            Column::Name => typed(self.name),
            Column::Email => typed(self.email),
            Column::Country => Cell::Typed(self.country),
            Column::Locale => Cell::Typed(self.locale),
            Column::PublicName => Cell::Flag(self.public_name),
            Column::Updates => Cell::Flag(self.updates),
            Column::Message => typed(self.message),
            Column::UtmSource => typed(self.utm_source),
            Column::UtmMedium => typed(self.utm_medium),
            Column::UtmCampaign => typed(self.utm_campaign),
            Column::Referrer => typed(self.referrer),
            Column::Receipt => Cell::Word(self.receipt),
            Column::Suspicious => Cell::Flag(self.suspicious),
            Column::QuarantineReason => self.quarantine_reason.map_or(Cell::Absent, Cell::Word),
        }
    }
}

/// A record as an object of its columns.
pub(super) struct Object<'a>(pub(super) &'a Record<'a>, pub(super) &'a Columns);

impl serde::Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.1.0.len()))?;
        for column in self.1.iter() {
            let name = column.name();
            match self.0.cell(column) {
                Cell::Absent => map.serialize_entry(name, &()),
                Cell::Number(number) => map.serialize_entry(name, &number),
                Cell::Time(at) => map.serialize_entry(name, &at),
                Cell::Flag(flag) => map.serialize_entry(name, &flag),
                Cell::Word(text) | Cell::Typed(text) => map.serialize_entry(name, text),
            }?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn columns_are_those_that_were_named_in_that_order() {
        let columns = Columns::parse("email, id").unwrap();
        assert_eq!(columns.names(), ["email", "id"]);
        assert!(columns.hold_people());
        let without = columns.without_people().unwrap();
        assert_eq!(without.names(), ["id"]);
        assert!(!without.hold_people());
        assert_eq!(Columns::parse("name,message").unwrap().without_people(), None);
        for bad in ["", "id,id", "id,", "fingerprint", "Id"] {
            assert_eq!(Columns::parse(bad), None, "{bad:?}");
        }
        let all = Columns::all().names().join(",");
        assert_eq!(Columns::parse(&all), Some(Columns::all()));
    }
}
