//! Whose turn it is: tests that compare times run alone, all others run together.

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

static MACHINE: RwLock<()> = RwLock::const_new(());

/// Held by a test that others may run beside.
pub async fn together() -> RwLockReadGuard<'static, ()> {
    MACHINE.read().await
}

/// Held by a test that needs the machine for itself.
pub async fn alone() -> RwLockWriteGuard<'static, ()> {
    MACHINE.write().await
}
