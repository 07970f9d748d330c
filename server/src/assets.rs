//! What browsers load, inside the binary, and nothing else: `build.rs` takes them in.

/// A file as the build made it.
pub struct Asset {
    /// Such as `widget-1f2e3d.css`.
    pub name: &'static str,
    pub bytes: &'static [u8],
    /// The same, compressed.
    pub brotli: Option<&'static [u8]>,
    /// Names the content.
    pub hash: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Whether this build can show a living widget. Without it pages and forms still work.
pub fn has_widget() -> bool {
    FILES.iter().any(|file| file.name == "embed.js")
        && FILES.iter().any(|file| file.name.starts_with("widget-") && file.name.ends_with(".wasm"))
}
