//! Which column of a file holds what, and how its cells are read.

use std::collections::HashMap;
use std::sync::LazyLock;

use countersign_shared::admin::offline::ImportMapping;
use countersign_shared::pledge::Consents;
use countersign_shared::{Code, Country, FieldError, PledgeForm, i18n};
use csv::StringRecord;

/// A column: its place, and its name in the first line.
struct Column {
    at: usize,
    name: String,
}

pub(super) struct Columns {
    name: Column,
    email: Column,
    country: Option<Column>,
    country_default: String,
    message: Option<Column>,
    updates: Option<Column>,
}

impl Columns {
    /// # Errors
    /// One a column that the file does not have, by the names of the mapping.
    pub(super) fn of(
        head: &StringRecord,
        mapping: &ImportMapping,
    ) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut find = |field: &str, wanted: Option<&str>| {
            let wanted = wanted.map(str::trim).filter(|wanted| !wanted.is_empty())?;
            let at = head.iter().position(|name| name.to_lowercase() == wanted.to_lowercase());
            if at.is_none() {
                errors.push(FieldError::new(format!("mapping.{field}"), Code::FieldUnknown));
            }
            at.map(|at| Column { at, name: wanted.to_owned() })
        };
        let name = find("name", Some(&mapping.name));
        let email = find("email", Some(&mapping.email));
        let country = find("country", mapping.country.as_deref());
        let message = find("message", mapping.message.as_deref());
        let updates = find("updates", mapping.updates.as_deref());
        for (field, given) in [("name", &mapping.name), ("email", &mapping.email)] {
            if given.trim().is_empty() {
                errors.push(FieldError::new(format!("mapping.{field}"), Code::FieldMissing));
            }
        }
        let default = mapping.country_default.as_deref().unwrap_or_default();
        let known = default.trim().is_empty() || code(default).is_some();
        if !known {
            errors.push(FieldError::new("mapping.country_default", Code::CountryUnknown));
        } else if default.trim().is_empty() && mapping.country.is_none() {
            errors.push(FieldError::new("mapping.country", Code::FieldMissing));
        }
        match (name, email) {
            (Some(name), Some(email)) if errors.is_empty() => {
                let country_default = code(default).unwrap_or_default();
                Ok(Self { name, email, country, country_default, message, updates })
            }
            _ => Err(errors),
        }
    }

    /// The row as the form would have sent it, and a choice that is neither yes nor no.
    pub(super) fn form(&self, row: &StringRecord) -> (PledgeForm, Option<FieldError>) {
        let cell = |column: &Option<Column>| column.as_ref().and_then(|it| row.get(it.at));
        let typed = cell(&self.country).map(str::trim).filter(|it| !it.is_empty());
        let country = match typed {
            Some(typed) => code(typed).unwrap_or_else(|| typed.to_owned()),
            None => self.country_default.clone(),
        };
        let updates = choice(cell(&self.updates).unwrap_or_default());
        let unclear = || FieldError::new("consents.updates", Code::FieldInvalid);
        let form = PledgeForm {
            name: row.get(self.name.at).unwrap_or_default().to_owned(),
            email: row.get(self.email.at).unwrap_or_default().to_owned(),
            country,
            message: cell(&self.message).filter(|it| !it.is_empty()).map(str::to_owned),
            consents: Consents { updates: updates == Some(true) },
            ..PledgeForm::default()
        };
        (form, updates.is_none().then(unclear))
    }

    /// The column that a field of the form came from, and what stands there.
    pub(super) fn blame(&self, field: &str, row: &StringRecord) -> (String, String) {
        let column = match field {
            "name" => Some(&self.name),
            "email" => Some(&self.email),
            "country" => self.country.as_ref(),
            "message" => self.message.as_ref(),
            "consents.updates" => self.updates.as_ref(),
            _ => None,
        };
        let Some(column) = column else { return (field.to_owned(), String::new()) };
        let value = row.get(column.at).unwrap_or_default();
        (column.name.clone(), value.chars().take(100).collect())
    }
}

/// What people tick a box with. An empty cell is no.
fn choice(cell: &str) -> Option<bool> {
    match cell.trim().to_lowercase().as_str() {
        "" | "0" | "no" | "n" | "false" | "non" | "-" | "لا" => Some(false),
        "1" | "yes" | "y" | "true" | "x" | "oui" | "✓" | "نعم" => Some(true),
        _ => None,
    }
}

/// A country by its code, or by its name in one of our languages.
fn code(raw: &str) -> Option<String> {
    static NAMES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
        let names = i18n::LOCALES.iter().flat_map(|locale| i18n::countries(locale));
        names.map(|it| (it.name.to_lowercase(), it.code)).collect()
    });
    match Country::parse(raw) {
        Ok(country) => Some(country.as_str().to_owned()),
        Err(_) => NAMES.get(&raw.trim().to_lowercase()).cloned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{choice, code};

    #[test]
    fn countries_are_known_by_code_and_by_name() {
        for (raw, known) in [
            ("ke", Some("KE")),
            (" Kenya ", Some("KE")),
            ("allemagne", Some("DE")),
            ("Atlantis", None),
            ("", None),
        ] {
            assert_eq!(code(raw).as_deref(), known, "{raw}");
        }
    }

    #[test]
    fn a_box_is_ticked_or_not_and_anything_else_is_asked_about() {
        assert_eq!(
            [choice(" X "), choice("No"), choice(""), choice("maybe")],
            [Some(true), Some(false), Some(false), None]
        );
    }
}
