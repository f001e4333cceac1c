//! Events, terms and groups of the demo, from the day it is sown on, and what months are about.

use linli_domain::calendar;
use linli_domain::claim::{Change, Claim};
use linli_domain::demo::{Demo, DemoSession};
use linli_domain::holiday::Holidays;
use linli_domain::id::{MeetingId, OrderId, SessionId, UnitId};
use linli_domain::session::{Form, Meeting, Session, SessionState};
use linli_domain::time::{Day, Span};
use linli_domain::words::Words;
use linli_store::Tx;
use linli_store::scarcity::{self, Holding, Needs};
use linli_store::sessions as tables;
use linli_store::themes::{self, Theme};

use super::offers::Offers;
use super::{DemoIds, SOWN};
use crate::Result;
use crate::error::Failure;

/// Sows them, and answers how many events, terms and groups there are.
pub(super) async fn sow(
    tx: &Tx,
    demo: &Demo,
    offers: &Offers,
    holidays: &Holidays,
    today: Day,
    ids: &DemoIds,
) -> Result<usize> {
    let mut sessions = Vec::new();
    for one in &demo.sessions {
        sessions.extend(of(one, offers, &one.days(today, holidays), ids)?);
    }
    tables::insert(tx, &sessions, None, SOWN).await?;
    occupy(tx, offers, &sessions).await?;
    let themes: Vec<Theme> = demo
        .themes
        .iter()
        .map(|one| Theme {
            area: one.area.clone(),
            month: one.month(today),
            title: one.title.clone(),
            about: one.about.clone(),
        })
        .collect();
    themes::insert(tx, &themes, SOWN).await?;
    Ok(sessions.len())
}

/// One session with all days, or an event for each of them.
fn of(one: &DemoSession, offers: &Offers, days: &[Day], ids: &DemoIds) -> Result<Vec<Session>> {
    let offering = offers.offerings.id(&one.offering)?;
    let unit = one.unit.as_deref().map(|key| offers.units.id(key)).transpose()?;
    let session = |key: String, days: &[Day]| {
        let id = SessionId(ids.next());
        let meeting = |(number, (day, topic)): (u32, (&Day, Words))| Meeting {
            id: MeetingId(ids.next()),
            number,
            start: day.at(one.from),
            end: day.at(one.to),
            unit,
            topic,
            cancelled: None,
        };
        let topics = one.topics.iter().cloned().chain(std::iter::repeat(Words::new("", "")));
        Session {
            id,
            version: 1,
            key,
            offering,
            form: one.form,
            state: if one.draft { SessionState::Draft } else { SessionState::Open },
            title: one.title.clone(),
            about: one.about.clone(),
            seats: one.seats,
            age: one.age,
            residents_of: one.residents_of.clone(),
            price_fen: one.price_fen.unwrap_or(offers.rules[&offering].price_fen),
            opens_at: None,
            closes_at: None,
            meetings: (1..).zip(days.iter().zip(topics)).map(meeting).collect(),
        }
    };
    Ok(match one.form {
        Form::Event => (1..).zip(days.chunks(1)).map(|(n, day)| session(format!("{}_{n}", one.key), day)).collect(),
        Form::Term | Form::Group => vec![session(one.key.clone(), days)],
    })
}

/// Occupies the rooms of the meetings, with the gap after each; a meeting holds them under its own number.
async fn occupy(tx: &Tx, offers: &Offers, sessions: &[Session]) -> Result<()> {
    let occupied: Vec<(&Meeting, UnitId)> =
        sessions.iter().flat_map(|session| &session.meetings).filter_map(|one| Some((one, one.unit?))).collect();
    let holdings: Vec<Holding> = occupied
        .into_iter()
        .map(|(meeting, unit)| {
            let end = meeting.end + Span::minutes(i64::from(offers.gaps[&unit]));
            let claims = calendar::busy(meeting.start, end)
                .into_iter()
                .map(|(day, mask)| Claim::Time { owner: unit.0, day, mask })
                .collect();
            Holding { order: OrderId(meeting.id.0), claims, is_new: true }
        })
        .collect();
    let mut needs = Needs::default();
    holdings.iter().flat_map(|holding| &holding.claims).for_each(|claim| needs.claim(claim));
    scarcity::settle(tx, &needs, |ledger| {
        let taken = holdings
            .iter()
            .try_for_each(|one| ledger.apply(&Change { take: one.claims.clone(), ..Change::default() }).map(drop));
        (taken, holdings)
    })
    .await?
    .map_err(|_| Failure::Fault("demo.toml: two meetings are in one room at the same time".to_owned()))
}
