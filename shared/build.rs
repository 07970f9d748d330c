//! Turns the Fluent files into the compact form of `i18n::catalog`, and refuses what is wrong in
//! them: bad syntax, a construct the compact form lacks, a key or a variable that not every
//! language has.

#[path = "build/fluent.rs"]
mod fluent;

use std::path::Path;
use std::{env, fs, process};

/// The first is the one the others are compared with.
const LOCALES: &[&str] = &["en", "fr", "ar"];

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
    let mut sources = Vec::new();
    for locale in LOCALES {
        let path = format!("locales/{locale}.ftl");
        let text = fs::read_to_string(&path).map_err(|e| vec![format!("{path}: {e}")])?;
        sources.push((*locale, text));
    }
    let mut code = String::from(
        "/// Every language with its messages in the compact form.\n\
         pub const COMPACT: &[(&str, &str)] = &[\n",
    );
    for (locale, compact) in fluent::compile(&sources)? {
        code += &format!("    ({locale:?}, {compact:?}),\n");
    }
    code += "];\n";
    let folder = env::var("OUT_DIR").map_err(|e| vec![format!("OUT_DIR: {e}")])?;
    let path = Path::new(&folder).join("compact.rs");
    fs::write(&path, code).map_err(|e| vec![format!("{}: {e}", path.display())])
}
