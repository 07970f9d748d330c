//! A campaign that is not there yet: the same form, and what it begins with.

use std::collections::BTreeMap;

use countersign_shared::FormFields;
use countersign_shared::admin::campaigns::{CampaignSettings, GoalSettings, LookSettings, Stage};
use countersign_shared::campaign::{Privacy, Texts};
use leptos::prelude::*;

use super::super::kit::press;
use super::{Editor, form, part, rules};
use crate::parts::heading;
use crate::words::settings::w;
use crate::words::shell;

pub fn page() -> AnyView {
    let editor = Editor::new(beginning(), None);
    editor.watch();
    let form_part = editor.form;
    let slug = form_part.field(
        part(w().slug, "slug", "text").hint(w().slug_hint),
        Box::new(|settings| settings.slug.clone()),
        Box::new(|settings, text| settings.slug = text.trim().to_owned()),
    );
    view! {
        <header class="top">
            {heading(shell::w().new_campaign)}
            <div class="acts">{press(w().make, "btn primary", editor.busy, move || editor.save(false))}</div>
        </header>
        <p class="sub">{w().new_lead}</p>
        <section class="card"><div class="form">
            {slug}
            {rules::controller(form_part)}
            {rules::contact(form_part)}
        </div></section>
        {form(editor)}
    }
    .into_any()
}

/// What a new campaign begins with.
fn beginning() -> CampaignSettings {
    let empty = Texts {
        title: String::new(),
        pledge: String::new(),
        lead: String::new(),
        thanks: String::new(),
        button: "Sign the pledge".to_owned(),
        privacy: String::new(),
    };
    CampaignSettings {
        slug: String::new(),
        stage: Stage::Draft,
        default_locale: "en".to_owned(),
        texts: BTreeMap::from([("en".to_owned(), empty)]),
        fields: FormFields { message: false, public_name: false, updates: true },
        goal: GoalSettings::Steps {
            steps: vec![100, 500, 1000, 5000, 10_000, 50_000, 100_000],
            rise_at: 0.9,
        },
        look: LookSettings {
            accent: "#b3125f".to_owned(),
            radius: 14,
            font: "system".to_owned(),
            scheme: "auto".to_owned(),
        },
        origins: Vec::new(),
        opens: None,
        closes: None,
        privacy: Privacy { retention_days: 365, ..Privacy::default() },
        hide_count_below: 0,
        hide_groups_below: 5,
        open_data: false,
        rate_limit: "class".to_owned(),
        require_rendered: false,
        confirm_email: false,
    }
}
