//! What organizers may ask for.

pub mod export;
