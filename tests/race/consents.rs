//! One consent, one WeChat message, whoever asks at the same time.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::join_all;
use linli_application::App;
use linli_domain::channel::Template;
use linli_domain::id::PersonId;
use linli_store::StoreError;
use linli_store::wechat_ledger::{self as ledger, Entry, Use};
use tokio::sync::Barrier;

use crate::harness::books::consents_balance;
use crate::harness::{World, on_both, on_postgres};

/// What one of many does with the ledger.
#[derive(Clone, Copy)]
enum Act {
    Accept,
    Take,
    GiveBack,
}

async fn act(app: &App, act: Act, person: PersonId, source: String) -> Option<Use> {
    let (id, at) = (app.next_id(), app.now());
    app.store
        .write(move |tx| {
            async move {
                let entry = Entry { id, person, template: Template::HeldPlace, source: &source, at };
                match act {
                    Act::Accept => ledger::accept(tx, entry).await.map(|_| None),
                    Act::Take => ledger::take(tx, entry).await.map(Some),
                    Act::GiveBack => ledger::give_back(tx, entry).await.map(|()| None),
                }
            }
            .boxed()
        })
        .await
        .map_err(|error: StoreError| error.to_string())
        .unwrap()
}

async fn kept(app: &App, person: PersonId) -> i32 {
    ledger::kept(app.store.reads(), person).await.unwrap().first().map_or(0, |(_, kept)| *kept)
}

/// All of it at once, each at one of the doors.
async fn together(doors: &[&App], person: PersonId, acts: &[(Act, String)]) -> Vec<Option<Use>> {
    let gate = Arc::new(Barrier::new(acts.len()));
    let tasks = acts.iter().enumerate().map(|(n, (what, source))| {
        let (app, gate, what, source) = (doors[n % doors.len()].clone(), gate.clone(), *what, source.clone());
        tokio::spawn(async move {
            gate.wait().await;
            act(&app, what, person, source).await
        })
    });
    join_all(tasks).await.into_iter().map(Result::unwrap).collect()
}

fn taken(outcomes: &[Option<Use>]) -> usize {
    outcomes.iter().filter(|outcome| matches!(outcome, Some(Use::Taken { .. }))).count()
}

async fn storm(world: &World, doors: &[&App]) {
    let person = world.resident().await.person;
    act(doors[0], Act::Accept, person, "one".into()).await;
    // Two messages, one consent: one of them goes.
    let outcomes = together(doors, person, &[(Act::Take, "a".into()), (Act::Take, "b".into())]).await;
    assert_eq!((taken(&outcomes), kept(doors[0], person).await), (1, 0));

    // Thirty messages and ten consents given at the same time, and ten before: never more messages than consents.
    let person = world.resident().await.person;
    for n in 0..10 {
        act(doors[0], Act::Accept, person, format!("before-{n}")).await;
    }
    let mut acts: Vec<(Act, String)> = (0..30).map(|n| (Act::Take, format!("message-{n}"))).collect();
    acts.extend((0..10).map(|n| (Act::Accept, format!("now-{n}"))));
    let outcomes = together(doors, person, &acts).await;
    let left = usize::try_from(kept(doors[0], person).await).unwrap();
    assert!((10..=20).contains(&taken(&outcomes)));
    assert_eq!(taken(&outcomes) + left, 20);

    // One message handled by many at once uses one consent, and gives one back.
    let person = world.resident().await.person;
    for n in 0..3 {
        act(doors[0], Act::Accept, person, format!("again-{n}")).await;
    }
    let same: Vec<(Act, String)> = (0..12).map(|_| (Act::Take, "same".to_owned())).collect();
    assert_eq!(taken(&together(doors, person, &same).await), 12);
    assert_eq!(kept(doors[0], person).await, 2);
    let back: Vec<(Act, String)> = (0..12).map(|_| (Act::GiveBack, "same".to_owned())).collect();
    together(doors, person, &back).await;
    assert_eq!(kept(doors[0], person).await, 3);
    assert_eq!(act(doors[0], Act::Take, person, "same".into()).await, Some(Use::None), "it was given up");
    consents_balance(doors[0]).await;
}

on_both! {
    async fn a_consent_is_good_for_one_message(world) {
        storm(world, &[&world.app]).await;
    }
}

on_postgres! {
    async fn a_consent_is_good_for_one_message_of_all_processes(world) {
        let other = world.another().await;
        storm(world, &[&world.app, &other.app]).await;
        other.end().await;
    }
}
