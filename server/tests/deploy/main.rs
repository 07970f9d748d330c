//! The examples in `deploy/`: proxies before a real server, and files that others read. What is
//! missing on this machine is skipped, and that is said.

#![allow(clippy::unwrap_used)]

mod caddy;
mod checks;
mod files;
mod nginx;
mod proxy;
mod site;
mod systemd;
