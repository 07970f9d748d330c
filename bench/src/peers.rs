//! The programs of others that we are measured beside.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use countersign_bench::node::{Node, free_port, start_other};

/// Where Debian keeps what nginx can load.
const NCHAN: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";

/// Where a program of this name is; also where only root usually looks.
pub fn found(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders =
        std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    folders.map(|folder| folder.join(name)).find(|file| file.is_file())
}

pub fn has_nchan() -> bool {
    found("nginx").is_some() && Path::new(NCHAN).is_file()
}

/// nginx serving the folder `www` below `folder`.
pub async fn nginx_files(folder: &Path) -> Result<Node> {
    let server = format!(
        "root {}; default_type application/json; etag on;\n\
         location = /readyz {{ return 200; }}",
        folder.join("www").display()
    );
    nginx(folder, "", &server).await
}

/// nginx with nchan: POST to `/publish` goes to everyone on `/stream`.
pub async fn nginx_nchan(folder: &Path) -> Result<Node> {
    let server = "location = /readyz { return 200; }\n\
        location = /publish { nchan_publisher; nchan_channel_id totals; \
            nchan_message_buffer_length 1; nchan_message_timeout 1m; }\n\
        location = /stream { nchan_subscriber eventsource; nchan_channel_id totals; \
            nchan_subscriber_first_message newest; nchan_eventsource_event totals; }";
    nginx(folder, &format!("load_module {NCHAN};"), server).await
}

async fn nginx(folder: &Path, top: &str, server: &str) -> Result<Node> {
    let program = found("nginx").context("nginx is not installed")?;
    std::fs::create_dir_all(folder)?;
    let listen = free_port()?;
    let at = folder.display();
    // As root, nginx gives its workers to a user who may not read here.
    let user = if rustix::process::geteuid().is_root() { "user root;" } else { "" };
    let settings = format!(
        "{top}\n{user}\ndaemon off; pid {at}/nginx.pid; error_log {at}/error.log error;\n\
         worker_processes auto; worker_rlimit_nofile 20000;\n\
         events {{ worker_connections 16000; }}\n\
         http {{\n  access_log off; sendfile on; tcp_nodelay on;\n\
         keepalive_requests 100000000; keepalive_timeout 600s;\n\
         client_body_temp_path {at}/body; proxy_temp_path {at}/proxy; fastcgi_temp_path {at}/fcgi;\n\
         uwsgi_temp_path {at}/uwsgi; scgi_temp_path {at}/scgi;\n\
         server {{ listen {listen} backlog=4096;\n{server}\n}}\n}}\n"
    );
    let file = folder.join("nginx.conf");
    std::fs::write(&file, settings)?;
    let mut command = Command::new(program);
    command.arg("-p").arg(folder).arg("-c").arg(&file).arg("-e").arg(folder.join("error.log"));
    start_other(command, listen, &folder.join("error.log"), "/readyz").await
}

/// The same in Node: POST to `/publish` goes to everyone on `/stream`.
pub async fn node(folder: &Path) -> Result<Node> {
    let program = found("node").context("Node is not installed")?;
    std::fs::create_dir_all(folder)?;
    let file = folder.join("node-sse.mjs");
    std::fs::write(&file, include_str!("../peers/node-sse.mjs"))?;
    let listen = free_port()?;
    let mut command = Command::new(program);
    command.arg(&file).arg(listen.port().to_string()).env("NODE_ENV", "production");
    start_other(command, listen, &folder.join("node.log"), "/readyz").await
}

/// This program itself, as a server.
pub async fn ourselves(
    me: &Path,
    folder: &Path,
    args: impl FnOnce(&mut Command, SocketAddr),
) -> Result<Node> {
    std::fs::create_dir_all(folder)?;
    let listen = free_port()?;
    let mut command = Command::new(me);
    args(&mut command, listen);
    start_other(command, listen, &folder.join("server.log"), "/readyz").await
}
