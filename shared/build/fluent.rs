//! From Fluent to the compact form. Part of the build script, and of a test.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{
    CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement, Variant,
    VariantKey,
};
use fluent_syntax::unicode::unescape_unicode_to_string;

/// What CLDR knows of plurals; a whole number may stand beside them.
const CATEGORIES: &[&str] = &["zero", "one", "two", "few", "many", "other"];

/// One message: its compact pattern, and the variables it uses.
struct Compiled {
    pattern: String,
    variables: BTreeSet<String>,
}

/// The compact catalog of each `(locale, Fluent text)`. The first locale sets keys and variables.
///
/// # Errors
/// Every fault that was found, with file and key.
pub fn compile(sources: &[(&str, String)]) -> Result<Vec<(String, String)>, Vec<String>> {
    let mut errors = Vec::new();
    let mut catalogs = Vec::new();
    for (locale, text) in sources {
        catalogs.push((*locale, messages(locale, text, &mut errors)));
    }
    if let Some(((first, wanted), others)) = catalogs.split_first() {
        for (locale, found) in others {
            compare(first, wanted, locale, found, &mut errors);
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let compact = |(locale, messages): (&str, BTreeMap<String, Compiled>)| {
        let mut text = format!("@{locale}\n");
        for (key, message) in messages {
            text += &format!("{key}={}\n", message.pattern);
        }
        (locale.to_owned(), text)
    };
    Ok(catalogs.into_iter().map(compact).collect())
}

fn compare(
    first: &str,
    wanted: &BTreeMap<String, Compiled>,
    locale: &str,
    found: &BTreeMap<String, Compiled>,
    errors: &mut Vec<String>,
) {
    for (key, message) in wanted {
        match found.get(key) {
            None => errors.push(format!("{locale}.ftl: {key}: missing, but in {first}.ftl")),
            Some(other) if other.variables != message.variables => errors.push(format!(
                "{locale}.ftl: {key}: uses {:?}, but {first}.ftl uses {:?}",
                other.variables, message.variables
            )),
            Some(_) => {}
        }
    }
    for key in found.keys().filter(|key| !wanted.contains_key(*key)) {
        errors.push(format!("{locale}.ftl: {key}: not in {first}.ftl"));
    }
}

fn messages(locale: &str, text: &str, errors: &mut Vec<String>) -> BTreeMap<String, Compiled> {
    let mut found = BTreeMap::new();
    let resource = match fluent_syntax::parser::parse(text) {
        Ok(resource) => resource,
        Err((resource, faults)) => {
            for fault in faults {
                let line = text[..fault.pos.start.min(text.len())].lines().count();
                errors.push(format!("{locale}.ftl: line {line}: {}", fault.kind));
            }
            resource
        }
    };
    for entry in resource.body {
        match entry {
            Entry::Message(message) => {
                let key = message.id.name;
                let mut compiled = Compiled { pattern: String::new(), variables: BTreeSet::new() };
                let outcome = match &message.value {
                    _ if !message.attributes.is_empty() => Err("attributes are not supported"),
                    None => Err("has no text"),
                    Some(value) => pattern(value, &mut compiled),
                };
                if let Err(reason) = outcome {
                    errors.push(format!("{locale}.ftl: {key}: {reason}"));
                }
                if found.insert(key.to_owned(), compiled).is_some() {
                    errors.push(format!("{locale}.ftl: {key}: given twice"));
                }
            }
            Entry::Term(term) => {
                errors.push(format!("{locale}.ftl: -{}: terms are not supported", term.id.name));
            }
            Entry::Comment(_)
            | Entry::GroupComment(_)
            | Entry::ResourceComment(_)
            | Entry::Junk { .. } => {}
        }
    }
    found
}

fn pattern(pattern: &Pattern<&str>, out: &mut Compiled) -> Result<(), &'static str> {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => escape(value, &mut out.pattern),
            PatternElement::Placeable { expression } => placeable(expression, out)?,
        }
    }
    Ok(())
}

fn placeable(expression: &Expression<&str>, out: &mut Compiled) -> Result<(), &'static str> {
    match expression {
        Expression::Inline(InlineExpression::StringLiteral { value }) => {
            escape(&unescape_unicode_to_string(value), &mut out.pattern);
        }
        Expression::Inline(InlineExpression::Placeable { expression }) => {
            placeable(expression, out)?;
        }
        Expression::Inline(inline) => {
            let name = variable(inline)?;
            out.variables.insert(name.to_owned());
            out.pattern += &format!("{{{name}}}");
        }
        Expression::Select { selector, variants } => select(variable(selector)?, variants, out)?,
    }
    Ok(())
}

/// The default stands last, whatever its name: the reader takes the last where none fits.
fn select(name: &str, variants: &[Variant<&str>], out: &mut Compiled) -> Result<(), &'static str> {
    out.variables.insert(name.to_owned());
    out.pattern += &format!("{{{name}:");
    let mut sorted: Vec<_> = variants.iter().collect();
    sorted.sort_by_key(|variant| variant.default);
    for (index, variant) in sorted.into_iter().enumerate() {
        let key = match variant.key {
            VariantKey::Identifier { name } if CATEGORIES.contains(&name) => name,
            VariantKey::NumberLiteral { value } if value.parse::<u64>().is_ok() => value,
            _ => return Err("a variant is a plural category or a whole number"),
        };
        if index > 0 {
            out.pattern.push(';');
        }
        out.pattern += key;
        out.pattern.push('|');
        pattern(&variant.value, out)?;
    }
    out.pattern.push('}');
    Ok(())
}

/// `$count`, or `NUMBER($count)`, which says the same: numbers are always formatted.
fn variable<'a>(inline: &InlineExpression<&'a str>) -> Result<&'a str, &'static str> {
    match inline {
        InlineExpression::VariableReference { id } => Ok(id.name),
        InlineExpression::FunctionReference {
            id,
            arguments: CallArguments { positional, named },
        } if id.name == "NUMBER" && named.is_empty() => match positional.as_slice() {
            [InlineExpression::VariableReference { id }] => Ok(id.name),
            _ => Err("NUMBER takes one variable"),
        },
        _ => Err("only variables, NUMBER, quoted text and plural selects are supported"),
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\\' | '{' | '}' | '|' | ';' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
}
