//! Signatures from paper.

use super::Routes;
use super::access::Rule;

/// What each route asks of its caller.
pub const RULES: &[Rule] = &[];

pub fn routes() -> Routes {
    Routes::new()
}
