//! The files that others read: whether they can be read, and whether what they name is there.

use std::collections::BTreeSet;
use std::process::Command;

use yaml_rust2::{Yaml, YamlLoader};

use crate::site::example;

const OPERATIONS: &str = include_str!("../../../docs/operations.md");

/// Variables that are not the server's.
const OTHERS: [&str; 2] = ["COUNTERSIGN_DOMAIN", "COUNTERSIGN_NODES"];

fn yaml(path: &str) -> Yaml {
    let text = example(path);
    let mut documents =
        YamlLoader::load_from_str(&text).unwrap_or_else(|it| panic!("{path}: {it}"));
    assert_eq!(documents.len(), 1, "{path}");
    documents.remove(0)
}

/// The keys of a map.
fn keys(map: &Yaml) -> BTreeSet<&str> {
    map.as_hash().into_iter().flatten().filter_map(|(key, _)| key.as_str()).collect()
}

/// What a list or a map of names holds.
fn names(named: &Yaml) -> BTreeSet<&str> {
    match named.as_vec() {
        Some(list) => list.iter().filter_map(Yaml::as_str).collect(),
        None => keys(named),
    }
}

#[test]
fn compose_names_only_what_it_declares() {
    let compose = yaml("docker/compose.yaml");
    let services = keys(&compose["services"]);
    assert!(services.is_superset(&["db", "migrate", "node1", "node2"].into()), "{services:?}");
    // The nodes take what they share from `x-node`.
    let all = services.iter().map(|name| (*name, &compose["services"][*name]));
    for (name, service) in all.chain([("x-node", &compose["x-node"])]) {
        let after = names(&service["depends_on"]);
        assert!(after.is_subset(&services), "{name}: {after:?}");
        let networks = names(&service["networks"]);
        assert!(networks.is_subset(&keys(&compose["networks"])), "{name}: {networks:?}");
        for volume in names(&service["volumes"]) {
            let from = volume.split(':').next().unwrap();
            let declared = keys(&compose["volumes"]).contains(from);
            assert!(declared || from.starts_with(['.', '/']), "{name}: {volume}");
        }
    }
    let asked = example("docker/compose.yaml");
    for line in example("docker/env.example").lines().filter(|line| !line.starts_with('#')) {
        let Some((variable, _)) = line.split_once('=') else { continue };
        assert!(asked.contains(&format!("${{{variable}:")), "nobody asks for {variable}");
    }
}

#[test]
fn every_alarm_leads_to_a_heading_that_is_there() {
    let alarms = yaml("prometheus/alerts.yaml");
    let groups = alarms["groups"].as_vec().unwrap();
    let rules: Vec<&Yaml> = groups.iter().flat_map(|it| it["rules"].as_vec().unwrap()).collect();
    assert!(rules.len() > 10, "{}", rules.len());
    let anchors: BTreeSet<String> = OPERATIONS
        .lines()
        .filter_map(|line| line.strip_prefix("##").map(|line| line.trim_start_matches('#')))
        .map(|title| title.trim().to_lowercase().replace(' ', "-"))
        .collect();
    for rule in rules {
        assert!(rule["alert"].as_str().is_some() && rule["expr"].as_str().is_some(), "{rule:?}");
        assert!(
            ["page", "ticket"].contains(&rule["labels"]["severity"].as_str().unwrap()),
            "{rule:?}"
        );
        let runbook = rule["annotations"]["runbook"].as_str().unwrap();
        let anchor = runbook.strip_prefix("docs/operations.md#").unwrap();
        assert!(anchors.contains(anchor), "{runbook} is no heading");
        assert!(rule["annotations"]["summary"].as_str().is_some(), "{rule:?}");
    }
}

#[test]
fn litestream_copies_the_file_that_the_server_writes() {
    let litestream = yaml("litestream/litestream.yml");
    let folder = "COUNTERSIGN_DATA_DIR=/var/lib/countersign\n";
    assert!(example("systemd/countersign.env").contains(folder));
    let path = litestream["dbs"][0]["path"].as_str();
    assert_eq!(path, Some("/var/lib/countersign/countersign.db"));
}

#[test]
fn every_panel_of_the_dashboard_asks_something_and_has_a_place_of_its_own() {
    let dashboard: serde_json::Value =
        serde_json::from_str(&example("grafana/countersign.json")).unwrap();
    let (mut ids, mut places) = (BTreeSet::new(), BTreeSet::new());
    for panel in dashboard["panels"].as_array().unwrap() {
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "{panel}");
        let place = &panel["gridPos"];
        assert!(places.insert((place["x"].as_u64(), place["y"].as_u64())), "{panel}");
        assert!(place["x"].as_u64().unwrap() + place["w"].as_u64().unwrap() <= 24, "{panel}");
        if panel["type"] != "row" {
            let targets = panel["targets"].as_array().unwrap();
            let asks =
                |it: &serde_json::Value| it["expr"].as_str().is_some_and(|it| !it.is_empty());
            assert!(!targets.is_empty() && targets.iter().all(asks), "{panel}");
        }
    }
}

#[test]
fn every_setting_in_the_examples_is_one_of_the_server() {
    let help = Command::new(env!("CARGO_BIN_EXE_countersign")).args(["serve", "--help"]).output();
    let help = String::from_utf8(help.unwrap().stdout).unwrap();
    let shown = help.split("[env: ").skip(1).filter_map(|rest| rest.split(['=', ']']).next());
    let mut known: BTreeSet<&str> = shown.collect();
    assert!(known.len() > 10, "{known:?}");
    // They are read before the settings, or never shown.
    known.extend(["COUNTERSIGN_SECRET_KEY", "COUNTERSIGN_LOG_FORMAT"]);
    let mut seen = 0;
    for file in [
        "caddy/Caddyfile",
        "docker/Dockerfile",
        "docker/compose.yaml",
        "docker/env.example",
        "nginx/countersign.conf",
        "systemd/countersign.env",
        "systemd/countersign.service",
    ] {
        let text = example(file);
        let words = text.split(|letter: char| !letter.is_ascii_uppercase() && letter != '_');
        for name in words.filter(|word| word.starts_with("COUNTERSIGN_")) {
            let is_known = known.contains(name) || OTHERS.contains(&name);
            assert!(is_known, "{file}: {name} is no setting");
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
}
