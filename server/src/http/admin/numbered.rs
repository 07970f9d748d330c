//! The `{id}` of a path.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use countersign_shared::Code;
use http::request::Parts;

use crate::http::error::ApiError;
use crate::http::web::Web;

/// What is no number is nowhere: 404.
pub struct Numbered(pub i64);

impl FromRequestParts<Arc<Web>> for Numbered {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, ApiError> {
        let missing = || ApiError::new(Code::NotFound);
        let params = RawPathParams::from_request_parts(parts, web).await.map_err(|_| missing())?;
        let id = params.iter().find(|(name, _)| *name == "id").and_then(|(_, id)| id.parse().ok());
        id.map(Self).ok_or_else(missing)
    }
}
