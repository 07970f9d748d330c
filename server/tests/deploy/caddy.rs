//! `deploy/caddy/Caddyfile`, in Debian's Caddy. Its certificate is by an authority of its own, since
//! nobody else is asked for one.

use std::process::Command;

use countersign_bench::node::free_port;

use crate::checks;
use crate::proxy::Proxy;
use crate::site::{HOST, Site, changed, example, program, visitor};

#[tokio::test(flavor = "multi_thread")]
async fn caddy_passes_frames_of_the_totals_on_at_once() {
    let Some((_site, proxy)) = start().await else { return };
    checks::streams_at_once(&proxy).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_27_behind_caddy_limits_are_by_the_visitors_address_and_a_forged_one_is_ignored() {
    let Some((_site, proxy)) = start().await else { return };
    checks::knows_visitors_by_their_address(&proxy).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn caddy_takes_as_much_as_its_example_says() {
    let Some((site, proxy)) = start().await else { return };
    // Debian's Caddy 2.6 says 502; what is right is 413.
    checks::takes_as_much_as_it_says(&site, &proxy, &[413, 502]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn caddy_shows_what_is_public() {
    let Some((site, proxy)) = start().await else { return };
    checks::shows_what_is_public(&site, &proxy).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_node_is_gone_its_visitors_go_to_the_other_through_caddy() {
    let other = Site::start().await;
    let Some((mut site, proxy)) = before(&[&other]).await else { return };
    let visitors: Vec<_> = (20..40).map(|last| proxy.visitor(visitor(last))).collect();
    site.node.kill_9().unwrap();
    for visitor in visitors {
        let page = visitor.get(proxy.url("/c/example")).send().await.unwrap();
        assert_eq!(page.status(), 200);
    }
}

/// Before one node. `None` where there is no Caddy.
async fn start() -> Option<(Site, Proxy)> {
    before(&[]).await
}

/// Before a node, and others beside it.
async fn before(others: &[&Site]) -> Option<(Site, Proxy)> {
    let caddy = program("caddy", "caddy")?;
    let site = Site::start().await;
    let nodes = others.iter().copied().chain([&site]).map(|site| site.node.address.to_string());
    let nodes = nodes.collect::<Vec<_>>().join(" ");
    let [http, https] = [free_port().unwrap(), free_port().unwrap()];
    let storage = site.folder("storage");
    let here = format!(
        "\n{{\n\thttp_port {}\n\thttps_port {}\n\tdefault_bind {}\n\tadmin off\n\tlocal_certs\n\
         \tskip_install_trust\n\tstorage file_system {storage}\n\n\t# Without addresses",
        http.port(),
        https.port(),
        https.ip(),
    );
    let text = changed(&example("caddy/Caddyfile"), [("\n{\n\t# Without addresses", here)]);
    let file = site.folder.path().join("Caddyfile");
    std::fs::write(&file, text).unwrap();
    let mut command = Command::new(caddy);
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(&file);
    command.env("COUNTERSIGN_DOMAIN", HOST);
    command.env("COUNTERSIGN_NODES", nodes);
    command.env("HOME", site.folder.path()).env("XDG_CONFIG_HOME", site.folder("config"));
    let authority = std::path::Path::new(&storage).join("pki/authorities/local/root.crt");
    let log = site.folder.path().join("caddy.log");
    let proxy = Proxy::start(command, &log, [http, https], authority).await;
    Some((site, proxy))
}
