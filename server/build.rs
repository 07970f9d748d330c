//! Sees to it that there is a list of what browsers load, empty where nothing was packed yet: the
//! server builds, and its pages work without script, on a machine without a wasm tool chain.

use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=migrations");
    let dist = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../target/widget-dist");
    let list = dist.join("assets.rs");
    if !list.exists() {
        println!("cargo::warning=no packed widget: this program serves pages without script");
        fs::create_dir_all(&dist)?;
        fs::write(list, "&[]\n")?;
    }
    Ok(())
}
