//! How the dashboard reads what the server answers.
//!
//! serde writes a reader of its own for every type, with an error for each way in which an answer
//! may be wrong: together they were a tenth of the program that a browser loads. Here an answer is
//! parsed once, into a [`Value`], and types pick their fields out of it. What does not fit is only
//! noted, so that no reader has to stop half-way and give back what it has read.

use std::collections::BTreeMap;

use serde_json::Value;

use super::campaigns::{GoalSettings, Stage};
use super::exports::ExportState;
use super::{Page, Role};
use crate::campaign::{FormFields, Privacy, PublicCampaign, Texts, Theme};
use crate::{CampaignStatus, FieldError, Problem, Totals};

/// What an answer can hold.
pub trait FromJson: Sized {
    /// What is absent arrives as null, and is empty where a type can be empty. Sets `wrong` where
    /// the value is none of this type; what is given back then means nothing.
    fn read(value: &Value, wrong: &mut bool) -> Self;
}

/// The value as this type, where it is one.
pub fn from_value<T: FromJson>(value: &Value) -> Option<T> {
    let mut wrong = false;
    let read = T::read(value, &mut wrong);
    (!wrong).then_some(read)
}

pub fn from_text<T: FromJson>(text: &str) -> Option<T> {
    from_value(&serde_json::from_str(text).ok()?)
}

/// One field of an object.
pub fn field<T: FromJson>(value: &Value, name: &str, wrong: &mut bool) -> T {
    T::read(value.get(name).unwrap_or(&Value::Null), wrong)
}

/// Reads a struct field by field.
macro_rules! from_json {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl $crate::admin::json::FromJson for $name {
            // Called rather than copied: most types are read in more than one place.
            #[inline(never)]
            fn read(value: &serde_json::Value, wrong: &mut bool) -> Self {
                *wrong |= !value.is_object();
                Self { $($field: $crate::admin::json::field(value, stringify!($field), wrong),)* }
            }
        }
    };
}
pub(super) use from_json;

from_json!(FieldError { field, code, message });
from_json!(FormFields { message, public_name, updates });
from_json!(Privacy { controller, contact, retention_days, policy_url });
from_json!(PublicCampaign {
    slug,
    status,
    opens_at,
    closes_at,
    default_locale,
    texts,
    fields,
    theme,
    privacy,
    share_url,
    totals,
    rendered
});
from_json!(Texts { title, pledge, lead, thanks, button, privacy });
from_json!(Theme { light, dark, scheme });

impl FromJson for Totals {
    #[inline(never)]
    fn read(value: &Value, wrong: &mut bool) -> Self {
        *wrong |= !value.is_object();
        Self {
            campaign: field(value, "campaign", wrong),
            epoch: field(value, "epoch", wrong),
            seq: field(value, "seq", wrong),
            total: field(value, "total", wrong),
            goal: field(value, "goal", wrong),
            countries: field(value, "countries", wrong),
            as_of: field(value, "as_of", wrong),
            partial: field(value, "partial", wrong),
            reason: field(value, "reason", wrong),
            // Only said where it is not so.
            open: value.get("open").is_none_or(|open| bool::read(open, wrong)),
            revision: field(value, "revision", wrong),
        }
    }
}

impl FromJson for Problem {
    #[inline(never)]
    fn read(value: &Value, wrong: &mut bool) -> Self {
        *wrong |= !value.is_object();
        Self {
            kind: field(value, "type", wrong),
            title: field(value, "title", wrong),
            status: field(value, "status", wrong),
            code: field(value, "code", wrong),
            detail: field(value, "detail", wrong),
            fields: field(value, "fields", wrong),
            retry_after: field(value, "retry_after", wrong),
        }
    }
}

impl<T: FromJson> FromJson for Page<T> {
    fn read(value: &Value, wrong: &mut bool) -> Self {
        *wrong |= !value.is_object();
        Self { items: field(value, "items", wrong), next: field(value, "next", wrong) }
    }
}

/// One of several words; the first where it is none of them.
fn word<T: Copy>(value: &Value, words: &[(&str, T)], wrong: &mut bool) -> T {
    let said = value.as_str().unwrap_or_default();
    match words.iter().find(|(word, _)| *word == said) {
        Some((_, known)) => *known,
        None => {
            *wrong = true;
            words[0].1
        }
    }
}

impl FromJson for Role {
    fn read(value: &Value, wrong: &mut bool) -> Self {
        word(value, &Self::ALL.map(|role| (role.as_str(), role)), wrong)
    }
}

impl FromJson for Stage {
    fn read(value: &Value, wrong: &mut bool) -> Self {
        if value.is_null() {
            return Self::default();
        }
        word(value, &Self::ALL.map(|stage| (stage.as_str(), stage)), wrong)
    }
}

impl FromJson for ExportState {
    fn read(value: &Value, wrong: &mut bool) -> Self {
        word(value, &Self::ALL.map(|state| (state.as_str(), state)), wrong)
    }
}

impl FromJson for CampaignStatus {
    fn read(value: &Value, wrong: &mut bool) -> Self {
        let all = [Self::NotYetOpen, Self::Open, Self::Closed];
        word(value, &all.map(|status| (status.as_str(), status)), wrong)
    }
}

impl FromJson for GoalSettings {
    fn read(value: &Value, wrong: &mut bool) -> Self {
        match value.get("kind").and_then(Value::as_str) {
            Some("fixed") => Self::Fixed { goal: field(value, "goal", wrong) },
            Some("steps") => Self::Steps {
                steps: field(value, "steps", wrong),
                rise_at: field(value, "rise_at", wrong),
            },
            kind => {
                *wrong |= kind != Some("none");
                Self::None
            }
        }
    }
}

/// What a value is, or empty.
fn empty_or<T: Default>(value: &Value, is: Option<T>, wrong: &mut bool) -> T {
    *wrong |= is.is_none() && !value.is_null();
    is.unwrap_or_default()
}

macro_rules! plain {
    ($($kind:ty: $of:expr;)*) => {
        $(impl FromJson for $kind {
            #[inline(never)]
            fn read(value: &Value, wrong: &mut bool) -> Self {
                empty_or(value, $of(value), wrong)
            }
        })*
    };
}

fn whole<T: TryFrom<u64>>(value: &Value) -> Option<T> {
    value.as_u64().and_then(|number| number.try_into().ok())
}

plain! {
    bool: Value::as_bool;
    f64: Value::as_f64;
    u64: Value::as_u64;
    u32: whole;
    u16: whole;
    u8: whole;
    String: |value: &Value| value.as_str().map(str::to_owned);
}

/// Names rows and revisions, which are always there: one that is absent is an answer of another
/// kind.
impl FromJson for i64 {
    #[inline(never)]
    fn read(value: &Value, wrong: &mut bool) -> Self {
        let is = value.as_i64();
        *wrong |= is.is_none();
        is.unwrap_or_default()
    }
}

/// An answer without a body.
impl FromJson for () {
    fn read(value: &Value, wrong: &mut bool) {
        *wrong |= !value.is_null();
    }
}

/// Whatever it is.
impl FromJson for Value {
    fn read(value: &Value, _: &mut bool) -> Self {
        value.clone()
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn read(value: &Value, wrong: &mut bool) -> Self {
        (!value.is_null()).then(|| T::read(value, wrong))
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    #[inline(never)]
    fn read(value: &Value, wrong: &mut bool) -> Self {
        *wrong |= !value.is_array() && !value.is_null();
        value.as_array().into_iter().flatten().map(|one| T::read(one, wrong)).collect()
    }
}

impl<T: FromJson> FromJson for BTreeMap<String, T> {
    fn read(value: &Value, wrong: &mut bool) -> Self {
        *wrong |= !value.is_object() && !value.is_null();
        // One by one: `collect` would bring a sort along for each type.
        let mut all = Self::new();
        for (key, one) in value.as_object().into_iter().flatten() {
            all.insert(key.clone(), T::read(one, wrong));
        }
        all
    }
}

#[cfg(test)]
mod tests;
