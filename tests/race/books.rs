//! Whatever happens in whatever order, the books balance.

use linli_application::orders::act::{Ask, Side};
use linli_application::orders::closure::ClosureRequest;
use linli_application::orders::queue::DeskAsk;
use linli_application::{Failure, Result};
use linli_domain::id::{OfferingId, OrderId};
use linli_domain::role::Actor;
use linli_domain::time::{Instant, Span};
use linli_store::booking::{Order, orders};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use tokio::runtime::Handle;

use crate::harness::people::DISTRICT;
use crate::harness::{Database, Offer, World, books, wait, wish};

const PEOPLE: usize = 5;
const TIMES: [&str; 4] = ["09:00", "09:30", "10:00", "10:30"];

/// One thing somebody does. Numbers choose among those there are.
#[derive(Debug, Clone)]
enum Deed {
    Place {
        who: usize,
        offering: usize,
        time: usize,
        waits: bool,
    },
    /// The same request with the same key once more.
    Again,
    Cancel(usize),
    Accept(usize),
    Decline(usize),
    Move {
        order: usize,
        time: usize,
    },
    Agree(usize),
    Reopen(usize),
    StaffCancel(usize),
    StaffMove {
        order: usize,
        time: usize,
    },
    CheckIn(usize),
    Done(usize),
    NoShow(usize),
    Close {
        offering: usize,
        time: usize,
    },
    /// Time goes by, and the worker does what is due.
    Wait {
        minutes: i64,
    },
}

fn deed() -> impl Strategy<Value = Deed> {
    let any_order = || 0..32_usize;
    let time = || 0..TIMES.len();
    prop_oneof![
        10 => (0..PEOPLE, 0..2_usize, time(), any::<bool>())
            .prop_map(|(who, offering, time, waits)| Deed::Place { who, offering, time, waits }),
        1 => Just(Deed::Again),
        4 => any_order().prop_map(Deed::Cancel),
        3 => any_order().prop_map(Deed::Accept),
        2 => any_order().prop_map(Deed::Decline),
        4 => (any_order(), time()).prop_map(|(order, time)| Deed::Move { order, time }),
        1 => any_order().prop_map(Deed::Agree),
        1 => any_order().prop_map(Deed::Reopen),
        1 => any_order().prop_map(Deed::StaffCancel),
        1 => (any_order(), time()).prop_map(|(order, time)| Deed::StaffMove { order, time }),
        3 => any_order().prop_map(Deed::CheckIn),
        2 => any_order().prop_map(Deed::Done),
        2 => any_order().prop_map(Deed::NoShow),
        1 => (0..2_usize, time()).prop_map(|(offering, time)| Deed::Close { offering, time }),
        3 => prop_oneof![Just(10), Just(35), Just(240), Just(23 * 60)].prop_map(|minutes| Deed::Wait { minutes }),
    ]
}

struct Story<'w> {
    world: &'w World,
    people: Vec<Actor>,
    staff: Actor,
    offerings: [OfferingId; 2],
    day: i32,
    placed: Vec<(OrderId, usize)>,
    last: Option<(usize, linli_application::orders::place::PlaceRequest, String)>,
    keys: usize,
}

impl Story<'_> {
    fn key(&mut self) -> String {
        self.keys += 1;
        format!("k{}", self.keys)
    }

    fn start(&self, time: usize) -> Instant {
        linli_domain::time::Day(self.day).at(crate::harness::clock(TIMES[time]))
    }

    async fn pick(&self, n: usize) -> Option<(Order, Actor)> {
        let (id, who) = *self.placed.get(n % self.placed.len().max(1))?;
        let order = orders::one(self.world.app.store.reads(), id).await.unwrap().unwrap();
        Some((order, self.people[who].clone()))
    }

    async fn ask(&mut self, n: usize, ask: Ask, side: Side) -> Result<()> {
        let key = self.key();
        let Some((order, owner)) = self.pick(n).await else { return Ok(()) };
        let actor = if side == Side::Staff { self.staff.clone() } else { owner };
        self.world.app.ask(&actor, order.id, order.version, ask, side, &key).await.map(drop)
    }

    async fn shift(&mut self, n: usize, time: usize, side: Side) -> Result<()> {
        let (key, to) = (self.key(), self.start(time));
        let Some((order, owner)) = self.pick(n).await else { return Ok(()) };
        let actor = if side == Side::Staff { self.staff.clone() } else { owner };
        self.world.app.move_order(&actor, order.id, order.version, (None, to.into()), side, &key).await.map(drop)
    }

    async fn desk(&mut self, n: usize, ask: DeskAsk) -> Result<()> {
        let (key, staff) = (self.key(), self.staff.clone());
        let Some((order, _)) = self.pick(n).await else { return Ok(()) };
        self.world.app.at_desk(&staff, order.id, order.version, ask, &key).await.map(drop)
    }

    async fn carry_out(&mut self, deed: &Deed) -> Result<()> {
        let app = self.world.app.clone();
        match *deed {
            Deed::Place { who, offering, time, waits } => {
                let (key, start) = (self.key(), self.start(time));
                let asked = if waits { wait } else { wish }(self.offerings[offering], start);
                self.last = Some((who, asked.clone(), key.clone()));
                let (order, made) = app.place(&self.people[who], asked, &key).await?;
                assert!(made);
                self.placed.push((order, who));
                Ok(())
            }
            Deed::Again => match self.last.clone() {
                Some((who, asked, key)) => {
                    let (order, made) = app.place(&self.people[who], asked, &key).await?;
                    if made {
                        self.placed.push((order, who));
                    } else {
                        assert_eq!(self.placed.iter().filter(|(id, _)| *id == order).count(), 1);
                    }
                    Ok(())
                }
                None => Ok(()),
            },
            Deed::Cancel(n) => self.ask(n, Ask::Cancel { reason: None }, Side::Resident).await,
            Deed::Accept(n) => self.ask(n, Ask::Accept, Side::Resident).await,
            Deed::Decline(n) => self.ask(n, Ask::Decline, Side::Resident).await,
            Deed::Move { order, time } => self.shift(order, time, Side::Resident).await,
            Deed::Agree(n) => self.ask(n, Ask::Agree, Side::Resident).await,
            Deed::Reopen(n) => self.ask(n, Ask::Reopen { reason: "还没有好".into() }, Side::Resident).await,
            Deed::StaffCancel(n) => self.ask(n, Ask::Cancel { reason: Some("设备故障".into()) }, Side::Staff).await,
            Deed::StaffMove { order, time } => self.shift(order, time, Side::Staff).await,
            Deed::CheckIn(n) => self.desk(n, DeskAsk::CheckIn).await,
            Deed::Done(n) => self.desk(n, DeskAsk::Done).await,
            Deed::NoShow(n) => self.desk(n, DeskAsk::NoShow).await,
            Deed::Close { offering, time } => {
                let from = crate::harness::clock(TIMES[time]);
                let request = ClosureRequest {
                    offering: self.offerings[offering],
                    day: linli_domain::time::Day(self.day),
                    from,
                    to: linli_domain::time::TimeOfDay(from.0 + 30),
                    reason: "医生外出".into(),
                };
                let key = self.key();
                app.close_time(&self.staff, request, &key).await.map(drop)
            }
            Deed::Wait { minutes } => {
                self.world.advance(Span::minutes(minutes)).await;
                self.world.work().await;
                Ok(())
            }
        }
    }
}

/// Tells the story in a world of its own. Refusals are part of it; faults and unbalanced books are not.
async fn tell(database: Database, deeds: &[Deed]) -> Result<(), String> {
    let world = World::start(database).await;
    let offer = |kind, beside| Offer { kind, beside, hours: ("09:00", "11:00"), capacity: 1, ..Offer::default() };
    let advice = world.offer(offer("property.advice", "property_advice"), |_| {}).await;
    let doctor = world.offer(offer("medical.general_practice", "dahua_gp"), |_| {}).await;
    let mut story = Story {
        people: world.residents(PEOPLE).await,
        staff: world.staff(DISTRICT).await,
        offerings: [advice, doctor],
        day: world.day(1).0,
        placed: Vec::new(),
        last: None,
        keys: 0,
        world: &world,
    };
    let mut told = Vec::new();
    let mut outcome = Ok(());
    for deed in deeds {
        let answer = match story.carry_out(deed).await {
            Ok(()) => "done".to_owned(),
            Err(Failure::Refused(refusal)) => refusal.code.key().to_owned(),
            Err(fault) => {
                outcome = Err(format!("{deed:?}: {fault}"));
                break;
            }
        };
        told.push(format!("{deed:?}: {answer}"));
        let mut wrong = books::faults(&world.app).await;
        let dead = books::count(&world.app, "SELECT 1 FROM jobs WHERE state = 'dead' OR attempts > 1").await;
        if dead > 0 {
            wrong.push(format!("{dead} jobs failed"));
        }
        if !wrong.is_empty() {
            outcome = Err(wrong.join("\n"));
            break;
        }
    }
    world.end().await;
    outcome.map_err(|wrong| format!("{wrong}\nafter\n{}", told.join("\n")))
}

fn explore(database: Database, cases: u32, rng: TestRng) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 100, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let stories = proptest::collection::vec(deed(), 10..40);
    let outcome = tokio::task::block_in_place(|| {
        runner.run(&stories, |deeds| Handle::current().block_on(tell(database, &deeds)).map_err(TestCaseError::fail))
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

fn the_same() -> TestRng {
    TestRng::deterministic_rng(RngAlgorithm::ChaCha)
}

mod any_sequence_of_deeds_keeps_the_books {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn sqlite() {
        explore(Database::Sqlite, 24, the_same());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn postgres() {
        explore(Database::Postgres, 8, the_same());
    }

    /// Other stories each time.
    #[tokio::test(flavor = "multi_thread")]
    #[ignore = "make long"]
    async fn many_more() {
        explore(Database::Sqlite, 300, TestRng::from_seed(RngAlgorithm::ChaCha, &seed()));
    }

    fn seed() -> [u8; 32] {
        let mut seed = [0; 32];
        linli_domain::context::Random::fill(&linli::assemble::OsRandom, &mut seed);
        seed
    }
}
