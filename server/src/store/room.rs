//! How a room of the store is written down: each operation once.

/// A trait with operations of the store, and the same on [`Measured`](super::Measured), which times
/// them. A store that keeps nothing of the kind, such as that of a benchmark, implements none of
/// them and refuses all.
macro_rules! room {
    (
        $(#[$doc:meta])*
        pub trait $name:ident {
            $(
                $(#[$method_doc:meta])*
                async fn $method:ident(&self $(, $argument:ident: $kind:ty)* $(,)?) -> $result:ty;
            )*
        }
    ) => {
        $(#[$doc])*
        #[async_trait::async_trait]
        pub trait $name: Send + Sync + 'static {
            $(
                $(#[$method_doc])*
                async fn $method(&self $(, $argument: $kind)*) -> $result {
                    $(let _ = $argument;)*
                    Err($crate::store::StoreError::Refused("this store keeps no organizers"))
                }
            )*
        }

        #[async_trait::async_trait]
        impl $name for $crate::store::Measured {
            $(
                async fn $method(&self $(, $argument: $kind)*) -> $result {
                    let work = self.0.$method($($argument),*);
                    $crate::store::measured::timed(stringify!($method), work).await
                }
            )*
        }
    };
}
pub(super) use room;
