//! What a node says of itself to those who run it.

use std::net::SocketAddr;

use countersign_bench::node::{Setup, free_port};

use crate::ask::get;

/// Where a node serves its metrics.
pub struct Metrics(SocketAddr);

impl Metrics {
    /// The same node, with metrics.
    pub fn of(setup: Setup) -> (Setup, Self) {
        let address = free_port().unwrap();
        (setup.env("COUNTERSIGN_METRICS_LISTEN", address.to_string()), Self(address))
    }

    /// The sum over all lines that begin so: a name, or a name and some labels. `None` where there
    /// is no such line yet.
    pub async fn sum(&self, name: &str) -> Option<f64> {
        let text = get(self.0, "/metrics").await.body;
        let is_it = |line: &&str| {
            let rest = line.strip_prefix(name);
            rest.is_some_and(|rest| rest.starts_with([' ', '{', '}', ',']))
        };
        let values = text.lines().filter(is_it).filter_map(|line| line.rsplit(' ').next());
        values.map(|value| value.parse::<f64>().unwrap()).reduce(|a, b| a + b)
    }
}
