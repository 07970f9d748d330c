//! People who signed: found, corrected, taken out of the number and put back.
//!
//! Personal data is sealed, so the database cannot search it. A search walks through the rows in
//! the order of signing, the latest first, and opens them here; a walk is bounded, and says where
//! to go on.

pub mod filter;
mod pattern;

pub use filter::Filter;
