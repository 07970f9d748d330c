//! The form: what was wrong, what is being sent, and what came of it.

use countersign_shared::WidgetState;
use countersign_shared::widget::Signed;

/// How far a pledge has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Waiting for the person.
    #[default]
    Ready,
    /// On its way.
    Sending,
    /// Kept; sent by itself once the network is back.
    Offline,
    /// Kept; sent by itself after [`Form::wait`] seconds.
    Retrying,
    /// The address has sent too much; the person may try after [`Form::wait`] seconds.
    Limited,
}

/// What the form shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    pub phase: Phase,
    /// Field and code, in the order of the fields.
    pub errors: Vec<(String, String)>,
    /// The code of a problem that belongs to no field.
    pub problem: Option<String>,
    /// Seconds until something happens, or may be tried, again.
    pub wait: u64,
    /// True once the wait has begun to count down.
    pub ticking: bool,
    /// The address that was probably meant.
    pub suggestion: Option<String>,
    pub signed: Option<Signed>,
    /// True once script runs: shows what needs it.
    pub live: bool,
    /// True where the browser can share by itself.
    pub can_share: bool,
    /// True for a moment after the link was copied.
    pub copied: bool,
}

impl Form {
    pub fn of(state: &WidgetState) -> Self {
        let Some(posted) = &state.posted else { return Self::default() };
        let limited =
            posted.retry_after.is_some() && posted.problem.as_deref() == Some("rate_limited");
        Self {
            phase: if limited { Phase::Limited } else { Phase::Ready },
            errors: posted.errors.iter().map(|e| (e.field.clone(), e.code.clone())).collect(),
            problem: posted.problem.clone(),
            wait: posted.retry_after.unwrap_or(0).into(),
            signed: posted.signed.clone(),
            ..Self::default()
        }
    }

    /// The code of what is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|(name, _)| name == field).map(|(_, code)| code.as_str())
    }

    /// Whether a pledge is on its way or waits to be sent by itself.
    pub fn busy(&self) -> bool {
        matches!(self.phase, Phase::Sending | Phase::Offline | Phase::Retrying)
    }
}
