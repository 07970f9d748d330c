//! `deploy/nginx/countersign.conf`, in Debian's nginx.

use std::process::Command;

use countersign_bench::node::free_port;

use crate::proxy::Proxy;
use crate::site::{HOST, Site, changed, eventually, example, program, visitor};
use crate::{checks, proxy};

#[tokio::test(flavor = "multi_thread")]
async fn nginx_passes_frames_of_the_totals_on_at_once() {
    let Some((_site, proxy)) = start().await else { return };
    checks::streams_at_once(&proxy).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_27_behind_nginx_limits_are_by_the_visitors_address_and_a_forged_one_is_ignored() {
    let Some((_site, proxy)) = start().await else { return };
    checks::knows_visitors_by_their_address(&proxy).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_takes_as_much_as_its_example_says() {
    let Some((site, proxy)) = start().await else { return };
    checks::takes_as_much_as_it_says(&site, &proxy, &[413]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_shows_what_is_public() {
    let Some((site, proxy)) = start().await else { return };
    checks::shows_what_is_public(&site, &proxy).await;
    // Kept for a second, for all who ask: it names nobody's request.
    let totals = proxy.url("/api/v1/campaigns/example/totals");
    let totals = proxy.visitor(visitor(6)).get(totals).send().await.unwrap();
    assert!(totals.headers().get("x-request-id").is_none(), "{totals:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_37_no_link_of_an_e_mail_and_no_address_is_in_the_log_of_nginx() {
    let Some((site, proxy)) = start().await else { return };
    let visitor = proxy.visitor(visitor(6));
    for path in ["/confirm/canary1", "/manage/canary2", "/c/example?name=canary3"] {
        visitor.get(proxy.url(path)).send().await.unwrap();
    }
    visitor.get(proxy.url("/c/last")).send().await.unwrap();
    let log = site.folder.path().join("log/countersign.log");
    let read = || std::fs::read_to_string(&log).unwrap();
    eventually("all is in the log", async || read().contains("/c/last")).await;
    assert!(read().contains("/confirm/-") && read().contains("/manage/-"), "{}", read());
    assert!(!read().contains("canary") && !read().contains("127.0.0.6"), "{}", read());
}

/// What stands around the example in `/etc/nginx/nginx.conf`. All it writes goes into one folder.
const AROUND: &str = "user root;
daemon off;
worker_processes 1;
pid FOLDER/nginx.pid;
error_log stderr;
worker_rlimit_nofile 4096;
events { worker_connections 1024; }
http {
    client_body_temp_path FOLDER/body;
    proxy_temp_path FOLDER/proxy;
    fastcgi_temp_path FOLDER/fastcgi;
    uwsgi_temp_path FOLDER/uwsgi;
    scgi_temp_path FOLDER/scgi;
    include FOLDER/countersign.conf;
}
";

/// Before one node. `None` where there is no nginx.
async fn start() -> Option<(Site, Proxy)> {
    let nginx = program("nginx", "nginx-light")?;
    let site = Site::start().await;
    let [http, https] = [free_port().unwrap(), free_port().unwrap()];
    let certified = rcgen::generate_simple_self_signed([HOST.to_owned()]).unwrap();
    let (certificate, key) =
        (site.folder.path().join("cert.pem"), site.folder.path().join("key.pem"));
    std::fs::write(&certificate, certified.cert.pem()).unwrap();
    std::fs::write(&key, certified.signing_key.serialize_pem()).unwrap();
    let letsencrypt = "/etc/letsencrypt/live/pledge.example.org";
    let text = changed(
        &example("nginx/countersign.conf"),
        [
            ("server 127.0.0.1:3001 ", format!("server {} ", site.node.address)),
            // One node, as the example says; and not every machine has IPv6.
            ("    server 127.0.0.1:3002 max_fails=3 fail_timeout=10s;\n", String::new()),
            ("    listen [::]:80;\n", String::new()),
            ("    listen [::]:443 ssl http2;\n", String::new()),
            ("listen 80;", format!("listen {http};")),
            ("listen 443 ", format!("listen {https} ")),
            ("/etc/letsencrypt/live/pledge.example.org/fullchain.pem", path(&certificate)),
            ("/etc/letsencrypt/live/pledge.example.org/privkey.pem", path(&key)),
            ("/var/cache/nginx-countersign", site.folder("cache")),
            ("/var/log/nginx", site.folder("log")),
            ("/var/www/html", site.folder("www")),
        ],
    );
    assert!(!text.contains(letsencrypt) && !text.contains(" /var/"), "{text}");
    std::fs::write(site.folder.path().join("countersign.conf"), text).unwrap();
    let conf = site.folder.path().join("nginx.conf");
    std::fs::write(&conf, AROUND.replace("FOLDER", &path(site.folder.path()))).unwrap();
    let mut command = Command::new(nginx);
    command.arg("-p").arg(site.folder.path()).arg("-c").arg(&conf).args(["-e", "stderr"]);
    let log = site.folder.path().join("nginx.log");
    let proxy = proxy::Proxy::start(command, &log, [http, https], certificate).await;
    Some((site, proxy))
}

fn path(path: &std::path::Path) -> String {
    path.to_str().unwrap().to_owned()
}
