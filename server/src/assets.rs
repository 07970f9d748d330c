//! What browsers load, and nothing else. It is packed by `cargo xtask widget` and is part of the
//! program, which hands it over at its start: so this library does not wait for it when it is
//! built, and stays as it is when it changes.

use std::sync::OnceLock;

/// A file as it was packed.
pub struct Asset {
    /// Such as `widget-1f2e3d.css`.
    pub name: &'static str,
    pub bytes: &'static [u8],
    /// The same, compressed.
    pub brotli: Option<&'static [u8]>,
    /// Names the content.
    pub hash: &'static str,
}

static FILES: OnceLock<&'static [Asset]> = OnceLock::new();

/// Hands over what browsers load. The first call counts.
pub fn install(files: &'static [Asset]) {
    let _ = FILES.set(files);
}

/// Every file; none in a build without a widget.
pub fn files() -> &'static [Asset] {
    FILES.get().copied().unwrap_or_default()
}

/// Whether this build can show a living widget. Without it pages and forms still work.
pub fn has_widget() -> bool {
    files().iter().any(|file| file.name == "embed.js")
        && files()
            .iter()
            .any(|file| file.name.starts_with("widget-") && file.name.ends_with(".wasm"))
}
