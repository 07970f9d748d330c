//! A page that is on for days outlives updates of its server.

use leptos::task::spawn_local;

use crate::browser::{api, document, window};

/// Asks for the page anew, and loads it where it names another program than the one that runs here:
/// the names of our files change with what is in them.
pub fn look() {
    spawn_local(async {
        let location = window().location();
        let (Some(own), Ok(path)) = (own_program(), location.pathname()) else { return };
        // No answer, or a server without the dashboard: the next time the stream is back.
        let Ok(page) = api::ask("GET", &path, None).await else { return };
        if page.contains("data-wasm") && !page.contains(&own) {
            let _ = location.reload();
        }
    });
}

/// The address of the program that runs here, as the page names it.
fn own_program() -> Option<String> {
    let link = document().query_selector("link[data-wasm]").ok().flatten()?;
    link.get_attribute("href")
}
