//! Loads a server over real connections, keeps a ledger of what was sent and acknowledged, and
//! holds the server to it.
//!
//! [`people`] makes the signers, [`load`] sends them, [`ledger`] remembers every key and every
//! answer, [`node`] starts and kills servers, [`cluster`] a Postgres for them, and [`oracle`] says afterwards what is not as it was
//! acknowledged. These know the server only from outside. The benchmarks are built on them.

pub mod cluster;
pub mod ledger;
pub mod load;
pub mod node;
pub mod oracle;
pub mod people;
pub mod proc;
pub mod stats;
pub mod wire;
