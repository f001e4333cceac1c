//! Many tell at once while listeners come and go: nobody misses anything, nobody hears anything twice.

use std::collections::BTreeMap;

use futures::FutureExt;
use futures::future::join_all;
use linli_application::live::{self, Tell};
use linli_application::{App, Failure};
use linli_domain::id::PersonId;
use linli_domain::refusal::Code;
use serde_json::json;

use super::socket::Socket;
use super::somebody;
use crate::harness::people::{HE, LIN};
use crate::harness::{Client, World, on_both, on_postgres};

const WRITERS: usize = 12;
const EACH: usize = 25;

/// One writer: transactions that tell both people, in one order or the other and in two breaths. Every fifth fails.
async fn write(app: App, writer: usize, people: [PersonId; 2]) {
    for n in 0..EACH {
        let this = app.clone();
        let done: Result<(), Failure> = app
            .store
            .write(move |tx| {
                async move {
                    let [one, other] = if (writer + n).is_multiple_of(2) { people } else { [people[1], people[0]] };
                    let say = |person, part| {
                        vec![Tell {
                            person,
                            event: "visit.changed",
                            payload: json!({ "writer": writer, "n": n, "part": part }),
                        }]
                    };
                    live::tell(&this, tx, this.now(), say(one, 0)).await?;
                    live::tell(&this, tx, this.now(), say(other, 0)).await?;
                    live::tell(&this, tx, this.now(), say(one, 1)).await?;
                    live::tell(&this, tx, this.now(), say(other, 1)).await?;
                    if n % 5 == 4 { Err(Code::Internal.into()) } else { Ok(()) }
                }
                .boxed()
            })
            .await;
        assert_eq!(done.is_err(), n % 5 == 4);
    }
}

/// Hears a number of things over connections that break after every few, each at the next door.
async fn listen(doors: Vec<Client>, count: i64) {
    let mut after = 0;
    let mut heard: BTreeMap<u64, Vec<(u64, u64)>> = BTreeMap::new();
    let mut connections = 0;
    while after < count {
        let door = &doors[connections % doors.len()];
        connections += 1;
        let (mut socket, begin) = Socket::open(door, &format!("?after={after}")).await;
        assert_eq!(begin, after);
        for _ in 0..(connections * 7 % 41 + 1) {
            if after == count {
                break;
            }
            let news = socket.news().await;
            after += 1;
            assert_eq!(news["number"], after, "without a hole, and once: {news}");
            let said = |name: &str| news["payload"][name].as_u64().unwrap();
            heard.entry(said("writer")).or_default().push((said("n"), said("part")));
        }
    }
    assert!(connections > 5);
    let kept: Vec<(u64, u64)> = (0..EACH as u64).filter(|n| n % 5 != 4).flat_map(|n| [(n, 0), (n, 1)]).collect();
    assert_eq!(heard.len(), WRITERS);
    for (writer, order) in heard {
        assert_eq!(order, kept, "all that writer {writer} committed, in order, and nothing else");
    }
}

async fn storm(world: &World, writers: &[&App], doors: Vec<(Client, Client)>) {
    let people = [world.staff(LIN).await.person, world.staff(HE).await.person];
    let tasks = (0..WRITERS).map(|writer| {
        let app = writers[writer % writers.len()].clone();
        tokio::spawn(write(app, writer, people))
    });
    let count = (WRITERS * EACH * 4 / 5 * 2) as i64;
    let (lins, hes): (Vec<Client>, Vec<Client>) = doors.into_iter().unzip();
    let listeners = [lins, hes].map(|doors| tokio::spawn(listen(doors, count)));
    for task in join_all(tasks.chain(listeners)).await {
        task.unwrap();
    }
}

on_both! {
    async fn nobody_misses_anything_among_many_who_tell(world) {
        let doors = vec![(somebody(world, LIN).await.0, somebody(world, HE).await.0)];
        storm(world, &[&world.app], doors).await;
    }
}

on_postgres! {
    async fn two_processes_tell_and_two_are_listened_to(world) {
        let mut other = world.another().await;
        let there = other.serve(linli_api::Options::default()).await;
        let here = (somebody(world, LIN).await.0, somebody(world, HE).await.0);
        let doors = vec![(there.clone().with_token(here.0.token()), there.with_token(here.1.token())), here];
        storm(world, &[&world.app, &other.app], doors).await;
        other.end().await;
    }
}
