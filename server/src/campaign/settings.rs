//! A campaign as the organizers' form has it. There is one set of rules, that of the campaign file:
//! the form's settings are written as a file, and read as one.

use countersign_shared::admin::campaigns::{
    CampaignSettings, GoalSettings, LookSettings, SettingsFault,
};
use jiff::Timestamp;

use super::{Campaign, ConfigError, Font, Goal, Scheme, write};
use crate::pledge::limit::Preset;

impl Campaign {
    /// Checks what a form holds. Returns everything that is wrong at once, by the form's names.
    pub fn from_settings(settings: &CampaignSettings) -> Result<Self, Vec<SettingsFault>> {
        Self::from_toml(&write::toml(settings))
            .map_err(|errors| errors.into_iter().map(fault).collect())
    }

    /// The same as the form has it.
    pub fn settings(&self) -> CampaignSettings {
        let time = |at: Option<Timestamp>| at.map(|at| at.to_string());
        CampaignSettings {
            slug: self.slug.as_str().to_owned(),
            stage: self.stage,
            default_locale: self.default_locale.clone(),
            texts: self.texts.clone(),
            fields: self.fields,
            goal: match &self.goal {
                Goal::None => GoalSettings::None,
                Goal::Fixed(goal) => GoalSettings::Fixed { goal: *goal },
                Goal::Steps { steps, rise_at } => GoalSettings::Steps {
                    steps: steps.clone(),
                    rise_at: f64::from(*rise_at) / 1000.0,
                },
            },
            look: LookSettings {
                accent: self.look.accent.clone(),
                radius: self.look.radius,
                font: name_of(Font::NAMES, self.look.font),
                scheme: name_of(Scheme::NAMES, self.look.scheme),
            },
            origins: self.origins.iter().map(|origin| origin.as_str().to_owned()).collect(),
            opens: time(self.opens),
            closes: time(self.closes),
            privacy: self.privacy.clone(),
            hide_count_below: self.hide_count_below,
            hide_groups_below: self.hide_groups_below,
            open_data: self.open_data,
            rate_limit: name_of(Preset::NAMES, self.rate_limit),
            require_rendered: self.require_rendered,
            confirm_email: self.confirm_email,
        }
    }

    /// The same as a campaign file.
    pub fn to_toml(&self) -> String {
        write::toml(&self.settings())
    }
}

fn name_of<T: PartialEq>(names: &[(&'static str, T)], value: T) -> String {
    let found = names.iter().find(|(_, named)| *named == value);
    found.map_or("", |(name, _)| name).to_owned()
}

/// A fault of a file, under the name that the form has for the place.
pub(super) fn fault(error: ConfigError) -> SettingsFault {
    let key = error.key.as_str();
    let field = match key {
        "controller" | "contact" | "retention_days" | "policy_url" => format!("privacy.{key}"),
        "goal.fixed" => "goal.goal".to_owned(),
        _ => match key.strip_prefix("theme") {
            Some(rest) => format!("look{rest}"),
            None => key.to_owned(),
        },
    };
    SettingsFault { field, reason: error.reason }
}

#[cfg(test)]
mod tests;
