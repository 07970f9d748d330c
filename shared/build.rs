//! Turns the Fluent files into the compact form of `i18n::catalog`, and refuses what is wrong in
//! them: bad syntax, a construct the compact form lacks, a key or a variable that not every
//! language has.

#[path = "build/fluent.rs"]
mod fluent;

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, process};

/// The first is the one the others are compared with.
const LOCALES: &[&str] = &["en", "fr", "ar"];

/// What the build takes in: the constant, its folder, and what it is.
const CATALOGS: &[(&str, &str, &str)] = &[
    ("COMPACT", "locales", "Every language with its messages in the compact form."),
    ("MAIL", "locales/mail", "The same for e-mails and the pages that they lead to."),
];

fn main() {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=locales");
    if let Err(errors) = generate() {
        for error in errors {
            println!("cargo::error={error}");
        }
        process::exit(1);
    }
}

fn generate() -> Result<(), Vec<String>> {
    let mut code = String::new();
    for (name, folder, what) in CATALOGS {
        let mut sources = Vec::new();
        for locale in LOCALES {
            let path = format!("{folder}/{locale}.ftl");
            let text = fs::read_to_string(&path).map_err(|e| vec![format!("{path}: {e}")])?;
            sources.push((*locale, text));
        }
        let _ = writeln!(code, "/// {what}\npub const {name}: &[(&str, &str)] = &[");
        for (locale, compact) in fluent::compile(&sources)? {
            let _ = writeln!(code, "    ({locale:?}, {compact:?}),");
        }
        code += "];\n";
    }
    let folder = env::var("OUT_DIR").map_err(|e| vec![format!("OUT_DIR: {e}")])?;
    let path = Path::new(&folder).join("compact.rs");
    fs::write(&path, code).map_err(|e| vec![format!("{}: {e}", path.display())])
}
