//! What people do with themselves, from the first code to the closed account, on a file of its own.

mod entering;
mod themselves;

use std::sync::Arc;

use linli_domain::area::AreaCode;
use linli_domain::context::ManualClock;
use linli_domain::id::GrantId;
use linli_domain::refusal::Code;
use linli_domain::role::{Actor, Grant, Role, Scope};
use linli_domain::time::{Day, Span};
use linli_store::people::grants::{self, GrantRecord};
use tempfile::TempDir;

use super::login::{self, LoggedIn, Origin};
use super::profile::{self, Changes};
use super::sessions;
use crate::{App, Failure, Result, seed, testing};

/// Phones that the demo does not use.
const ALICE: &str = "19911110001";
const BOB: &str = "19911110002";

async fn world() -> (App, Arc<ManualClock>, TempDir) {
    let (app, clock, folder) = testing::app().await;
    seed::district(&app).await.unwrap();
    (app, clock, folder)
}

fn home() -> Origin {
    Origin([192, 0, 2, 1].into())
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn code_of<T>(outcome: Result<T>) -> Code {
    match outcome {
        Ok(_) => panic!("it should have been refused"),
        Err(failure) => failure.refusal().code,
    }
}

async fn enter(app: &App, clock: &ManualClock, phone: &str) -> (LoggedIn, Arc<Actor>) {
    clock.advance(Span::minutes(2));
    let code = login::request_code(app, phone, home()).await.unwrap().demo_code.unwrap();
    let logged_in = login::with_code(app, phone, &code, Some("a test"), home()).await.unwrap();
    let actor = sessions::authenticate(app, &logged_in.token).await.unwrap();
    (logged_in, actor)
}

async fn born(app: &App, actor: &Actor, name: &str, birth_date: &str) {
    let version = profile::me(app, actor).await.unwrap().person.person.version;
    let changes =
        Changes { version, name: Some(name.to_owned()), birth_date: Some(day(birth_date)), ..Changes::default() };
    profile::change(app, actor, changes).await.unwrap();
}

/// The code of the first community below the first street.
async fn a_community(app: &App) -> AreaCode {
    let district = super::areas::branch(app, None).await.unwrap();
    let street = district.children[0].area.code.clone();
    super::areas::branch(app, Some(street)).await.unwrap().children[0].area.code.clone()
}

async fn appoint(app: &App, actor: &Actor, role: Role, scope: Scope) {
    let record = GrantRecord {
        id: GrantId(app.next_id()),
        account: actor.account,
        grant: Grant { role, scope },
        granted_by: None,
        valid_from: app.now(),
        valid_until: None,
    };
    app.store
        .write(move |tx| Box::pin(async move { Ok::<_, Failure>(grants::insert(tx, &record).await?) }))
        .await
        .unwrap();
    sessions::changed(app, actor.account).await;
}
