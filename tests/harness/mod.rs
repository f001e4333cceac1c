//! A running Linli for one test: its own database, a clock turned by hand, repeatable randomness, and an outside that
//! keeps what it is given.

pub(crate) mod books;
mod client;
pub(crate) mod crew;
mod database;
mod offers;
pub(crate) mod people;
pub(crate) mod pictures;
mod proxy;
pub(crate) mod reports;
mod shapes;
mod world;

pub(crate) use client::{Answer, Client};
pub(crate) use database::Database;
pub(crate) use offers::{Offer, clock, offer_on, wait, wish};
pub(crate) use proxy::Wire;
pub(crate) use shapes::{Room, Seats, room_on, session_on};
pub(crate) use world::{OPEN311_KEY, Process, START, World, run};

/// Makes two tests out of one body: `NAME::sqlite`, and `NAME::postgres` with Redis. The body is given a [`World`]
/// with the demo district in it.
///
/// ```ignore
/// on_both! {
///     async fn a_resident_sees_the_clinic(world) {
///         world.client().get("/api/platforms").await.ok();
///     }
/// }
/// ```
macro_rules! on_both {
    ($($(#[$attribute:meta])* async fn $name:ident($world:ident) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports, reason = "not every test needs what its file imports")]
            use super::*;

            async fn body($world: &$crate::harness::World) $body

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                $crate::harness::run($crate::harness::Database::Sqlite, |world| Box::pin(body(world))).await;
            }

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                $crate::harness::run($crate::harness::Database::Postgres, |world| Box::pin(body(world))).await;
            }
        }
    )+};
}
pub(crate) use on_both;

/// As [`on_both`], for what only several processes can do: they share PostgreSQL and Redis.
macro_rules! on_postgres {
    ($($(#[$attribute:meta])* async fn $name:ident($world:ident) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports, reason = "not every test needs what its file imports")]
            use super::*;

            async fn body($world: &$crate::harness::World) $body

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                $crate::harness::run($crate::harness::Database::Postgres, |world| Box::pin(body(world))).await;
            }
        }
    )+};
}
pub(crate) use on_postgres;
