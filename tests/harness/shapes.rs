//! Rooms and sessions of a test's own.

use futures::FutureExt;
use linli_application::App;
use linli_domain::id::{MeetingId, OfferingId, SessionId, UnitId};
use linli_domain::platform::{AgeRange, Deadline, Rules};
use linli_domain::session::{Form, Meeting, Session, SessionState};
use linli_domain::time::{Instant, Span, TimeOfDay};
use linli_domain::words::Words;
use linli_store::StoreError;
use linli_store::catalogue::{self as tables, Unit};
use linli_store::sessions;

use super::offers::{Offer, clock, offer_on};
use super::world::World;

/// What a new resource is like.
pub(crate) struct Room<'a> {
    /// The kind of service.
    pub(crate) kind: &'a str,
    /// Rooms or tables that are told apart; none where places are only counted.
    pub(crate) units: &'a [&'a str],
    /// Places that are counted.
    pub(crate) places: u32,
}

impl Default for Room<'_> {
    fn default() -> Self {
        Self { kind: "culture.activity_room", units: &["一号室"], places: 1 }
    }
}

/// What a new session is like.
pub(crate) struct Seats<'a> {
    /// The kind of service.
    pub(crate) kind: &'a str,
    /// What sort.
    pub(crate) form: Form,
    /// How many.
    pub(crate) seats: u32,
    /// Ages beside those of the kind.
    pub(crate) age: Option<AgeRange>,
    /// Days from now and times of its meetings, each of ninety minutes.
    pub(crate) meetings: &'a [(i32, &'a str)],
}

impl Default for Seats<'_> {
    fn default() -> Self {
        Self {
            kind: "education.painting",
            form: Form::Term,
            seats: 2,
            age: None,
            meetings: &[(3, "14:00"), (10, "14:00"), (17, "14:00")],
        }
    }
}

/// The rules they start with: open a month ahead, a line, half-hour steps.
fn rules() -> Rules {
    Rules {
        opens_days_before: 60,
        opens_at: TimeOfDay(0),
        closes_minutes_before: 0,
        cancel_until: Deadline::MinutesBefore(60),
        hold_minutes: 60,
        slot_minutes: 30,
        capacity: 1,
        price_fen: 0,
        check_in_minutes_before: 30,
        late_minutes: 15,
        close_after_days: 3,
        line: true,
        max_line: 10,
        ..Rules::NONE
    }
}

impl World {
    /// A room, or several, open from nine to nine every day.
    pub(crate) async fn room(&self, room: Room<'_>, change: impl FnOnce(&mut Rules)) -> (OfferingId, Vec<UnitId>) {
        room_on(&self.app, room, change).await
    }

    /// A session that can be booked.
    pub(crate) async fn session(&self, seats: Seats<'_>, change: impl FnOnce(&mut Rules)) -> (OfferingId, SessionId) {
        session_on(&self.app, seats, change).await
    }
}

/// As [`World::room`], for an application of its own.
pub(crate) async fn room_on(app: &App, room: Room<'_>, change: impl FnOnce(&mut Rules)) -> (OfferingId, Vec<UnitId>) {
    let offer = Offer { kind: room.kind, hours: ("09:00", "21:00"), capacity: room.places, ..Offer::default() };
    let offering = offer_on(app, offer, |now| {
        *now = Rules { line: false, max_line: 0, capacity: room.places, ..rules() };
        change(now);
    })
    .await;
    let since = app.now().day().plus(-30);
    let units: Vec<Unit> = room
        .units
        .iter()
        .zip(0..)
        .map(|(name, position)| Unit {
            id: UnitId(app.next_id()),
            offering,
            name: Words::new(*name, *name),
            position,
            valid_from: since,
            valid_until: None,
        })
        .collect();
    let ids = units.iter().map(|unit| unit.id).collect();
    app.store
        .write(move |tx| {
            async move {
                tables::insert_units(tx, &units).await?;
                tables::touch(tx).await
            }
            .boxed()
        })
        .await
        .unwrap();
    app.forget_catalogue().await;
    (offering, ids)
}

/// As [`World::session`], for an application of its own.
pub(crate) async fn session_on(
    app: &App,
    seats: Seats<'_>,
    change: impl FnOnce(&mut Rules),
) -> (OfferingId, SessionId) {
    let offer = Offer { kind: seats.kind, ..Offer::default() };
    let offering = offer_on(app, offer, |now| {
        *now = rules();
        change(now);
    })
    .await;
    let at = |day: i32, time: &str| -> Instant { app.now().day().plus(day).at(clock(time)) };
    let meetings = seats.meetings.iter().zip(1..).map(|((day, time), number)| Meeting {
        id: MeetingId(app.next_id()),
        number,
        start: at(*day, time),
        end: at(*day, time) + Span::minutes(90),
        unit: None,
        topic: Words::new("", ""),
        cancelled: None,
    });
    let id = SessionId(app.next_id());
    let session = Session {
        id,
        version: 1,
        key: format!("test_{id}"),
        offering,
        form: seats.form,
        state: SessionState::Open,
        title: Words::new("演示班", "Demo class"),
        about: Words::new("", ""),
        seats: seats.seats,
        age: seats.age,
        residents_of: None,
        price_fen: 0,
        opens_at: None,
        closes_at: None,
        meetings: meetings.collect(),
    };
    let now = app.now();
    app.store
        .write(move |tx| {
            async move {
                sessions::insert(tx, &[session], None, now).await?;
                tables::touch(tx).await?;
                Ok::<_, StoreError>(())
            }
            .boxed()
        })
        .await
        .unwrap();
    app.forget_catalogue().await;
    (offering, id)
}
