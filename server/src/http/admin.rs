//! What organizers may ask for. Every route is in a room's `routes`, and every route has a line in
//! that room's `RULES`: what it asks of its caller. A route without a line admits nobody.

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;

use super::web::Web;

pub mod access;
pub mod account;
pub mod audit;
pub mod bulk;
pub mod campaigns;
pub mod cookie;
pub mod csrf;
pub mod export;
pub mod filtered;
pub mod hooks;
pub mod insight;
pub mod invitations;
mod numbered;
pub mod offline;
pub mod osdi;
pub mod passkeys;
pub mod supporters;
pub mod team;
pub mod tokens;

use access::Rule;

type Routes = OpenApiRouter<Arc<Web>>;

/// Every rule, room by room.
pub const RULES: &[&[Rule]] = &[
    account::RULES,
    audit::RULES,
    bulk::RULES,
    campaigns::RULES,
    export::RULES,
    hooks::RULES,
    insight::RULES,
    invitations::RULES,
    offline::RULES,
    osdi::RULES,
    passkeys::RULES,
    supporters::RULES,
    team::RULES,
    tokens::RULES,
];

/// All routes that [`access::admit`] guards.
pub fn routes() -> Routes {
    OpenApiRouter::new()
        .merge(account::routes())
        .merge(audit::routes())
        .merge(bulk::routes())
        .merge(campaigns::routes())
        .merge(export::routes())
        .merge(hooks::routes())
        .merge(insight::routes())
        .merge(invitations::routes())
        .merge(offline::routes())
        .merge(osdi::routes())
        .merge(passkeys::routes())
        .merge(supporters::routes())
        .merge(team::routes())
        .merge(tokens::routes())
}
