//! The server over a real port, one file a subject. Names that begin with `fault_` say a line of
//! the list of what can go wrong.
#![allow(clippy::unwrap_used)]

mod harness;

mod access;
mod addresses;
mod assets;
mod audit;
mod beacons;
mod bulk;
mod campaigns;
mod closing;
mod counting;
mod dashboard;
mod dedupe;
mod exporting;
mod foreign;
mod form;
mod input;
mod mailing;
mod openapi;
mod origins;
mod osdi;
mod pages;
mod paper;
mod passkeys;
mod progress;
mod robots;
mod searching;
mod signing_in;
mod streaming;
mod supporters;
mod team;
mod totals;
mod untrusted;
mod walk;
mod watching;
mod webhooks;
