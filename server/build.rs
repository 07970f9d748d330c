//! Takes what browsers load into the binary: every file of `target/widget-dist`, with its brotli
//! form. Where the folder is empty the binary has none, so that the server's tests run
//! without a wasm tool chain.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dist = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../target/widget-dist");
    // Cargo rebuilds again and again for a watched path that does not exist.
    fs::create_dir_all(&dist)?;
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=migrations");
    let mut files: Vec<PathBuf> = fs::read_dir(&dist)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| path.is_file() && is_asset(path));
    files.sort();
    if files.is_empty() {
        println!("cargo::warning=no built widget: this binary serves pages without script");
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut table =
        String::from("/// Every file, sorted by name.\npub static FILES: &[Asset] = &[\n");
    for path in &files {
        write_entry(&mut table, path, &out)?;
    }
    table.push_str("];\n");
    fs::write(out.join("assets.rs"), table)?;
    Ok(())
}

fn is_asset(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ["js", "css", "json", "wasm"].contains(&ending))
}

/// Copies the file beside the table: the folder may be built anew while the compiler reads.
fn write_entry(
    table: &mut String,
    path: &Path,
    out: &Path,
) -> Result<(), Box<dyn std::error::Error>> {
    let name = path.file_name().and_then(|name| name.to_str()).ok_or("a file name is not UTF-8")?;
    let included = |name: &str| format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\"))");
    let compressed = format!("{name}.br");
    let brotli = match path.with_file_name(&compressed).exists() {
        true => {
            fs::copy(path.with_file_name(&compressed), out.join(&compressed))?;
            format!("Some({})", included(&compressed))
        }
        false => "None".to_owned(),
    };
    let content = fs::read(path)?;
    fs::write(out.join(name), &content)?;
    let mut hasher = DefaultHasher::new();
    hasher.write(&content);
    let (hash, bytes) = (hasher.finish(), included(name));
    writeln!(
        table,
        "    Asset {{ name: {name:?}, bytes: {bytes}, brotli: {brotli}, hash: \"{hash:016x}\" }},"
    )?;
    Ok(())
}
