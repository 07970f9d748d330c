//! From the server's JSON to the shared types, by hand: a JSON crate would double the widget.

use std::collections::BTreeMap;

use countersign_shared::campaign::{Privacy, Texts, Theme};
use countersign_shared::pledge::Consents;
use countersign_shared::widget::{CountryName, Posted, Signed};
use countersign_shared::{
    CampaignStatus, FieldError, FormFields, PledgeForm, PublicCampaign, Totals, View, WidgetState,
};
use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};

use super::js::{get, number, text, truthy};

/// The state the widget was painted from.
pub fn state(from: &JsValue) -> WidgetState {
    WidgetState {
        server: string(from, "server"),
        view: View::from_text(&string(from, "view")),
        locale: string(from, "locale"),
        dir: string(from, "dir"),
        catalog: string(from, "catalog"),
        countries: countries(from),
        campaign: campaign(&get(from, "campaign")),
        embed_token: text(from, "embed_token"),
        posted: some(from, "posted", posted),
    }
}

/// The country list of a state, or of a locale.
pub fn countries(from: &JsValue) -> Vec<CountryName> {
    list(from, "countries", |line| CountryName {
        code: string(line, "code"),
        name: string(line, "name"),
    })
}

fn campaign(from: &JsValue) -> PublicCampaign {
    let fields = get(from, "fields");
    let theme = get(from, "theme");
    let privacy = get(from, "privacy");
    PublicCampaign {
        slug: string(from, "slug"),
        status: match string(from, "status").as_str() {
            "open" => CampaignStatus::Open,
            "closed" => CampaignStatus::Closed,
            _ => CampaignStatus::NotYetOpen,
        },
        opens_at: text(from, "opens_at"),
        closes_at: text(from, "closes_at"),
        default_locale: string(from, "default_locale"),
        texts: map(from, "texts", |texts| Texts {
            title: string(texts, "title"),
            pledge: string(texts, "pledge"),
            lead: string(texts, "lead"),
            thanks: string(texts, "thanks"),
            button: string(texts, "button"),
            privacy: string(texts, "privacy"),
        }),
        fields: FormFields {
            message: truthy(&fields, "message"),
            public_name: truthy(&fields, "public_name"),
            updates: truthy(&fields, "updates"),
        },
        theme: Theme {
            light: String::new(),
            dark: String::new(),
            scheme: string(&theme, "scheme"),
        },
        privacy: Privacy {
            controller: string(&privacy, "controller"),
            contact: string(&privacy, "contact"),
            retention_days: number(&privacy, "retention_days").unwrap_or(0) as u32,
            policy_url: text(&privacy, "policy_url"),
        },
        share_url: string(from, "share_url"),
        totals: totals(&get(from, "totals")),
        rendered: string(from, "rendered"),
    }
}

/// A frame of the stream, or the answer of the totals.
pub fn totals(from: &JsValue) -> Totals {
    Totals {
        campaign: String::new(),
        epoch: number(from, "epoch").unwrap_or(0),
        seq: number(from, "seq").unwrap_or(0),
        total: number(from, "total"),
        goal: number(from, "goal"),
        countries: map(from, "countries", |n| n.as_f64().unwrap_or(0.0) as u64),
        as_of: String::new(),
        partial: truthy(from, "partial"),
        reason: text(from, "reason"),
        open: get(from, "open").as_bool().unwrap_or(true),
        revision: number(from, "revision").unwrap_or(0),
    }
}

fn posted(from: &JsValue) -> Posted {
    let form = get(from, "form");
    Posted {
        form: PledgeForm {
            name: string(&form, "name"),
            email: string(&form, "email"),
            country: string(&form, "country"),
            public_name: truthy(&form, "public_name"),
            message: text(&form, "message"),
            consents: Consents { updates: truthy(&get(&form, "consents"), "updates") },
            ..PledgeForm::default()
        },
        errors: field_errors(from, "errors"),
        problem: text(from, "problem"),
        retry_after: number(from, "retry_after").map(|n| n as u32),
        signed: some(from, "signed", |signed| Signed {
            name: string(signed, "name"),
            number: number(signed, "number"),
            receipt: text(signed, "receipt"),
        }),
    }
}

/// The fields at fault, from a posted form or a problem.
pub fn field_errors(from: &JsValue, key: &str) -> Vec<FieldError> {
    list(from, key, |error| FieldError {
        field: string(error, "field"),
        code: string(error, "code"),
        message: String::new(),
    })
}

fn string(from: &JsValue, key: &str) -> String {
    text(from, key).unwrap_or_default()
}

fn some<T>(from: &JsValue, key: &str, read: impl Fn(&JsValue) -> T) -> Option<T> {
    let value = get(from, key);
    value.is_object().then(|| read(&value))
}

fn list<T>(from: &JsValue, key: &str, read: impl Fn(&JsValue) -> T) -> Vec<T> {
    let value = get(from, key);
    value.dyn_ref::<Array>().map_or(Vec::new(), |lines| lines.iter().map(|l| read(&l)).collect())
}

fn map<T>(from: &JsValue, key: &str, read: impl Fn(&JsValue) -> T) -> BTreeMap<String, T> {
    let object = get(from, key);
    let Some(object) = object.dyn_ref::<Object>() else { return BTreeMap::new() };
    let mut map = BTreeMap::new();
    // Not `collect`: that sorts first, and brings a sort with it.
    for key in Object::keys(object).iter().filter_map(|key| key.as_string()) {
        let value = read(&get(object, &key));
        map.insert(key, value);
    }
    map
}
