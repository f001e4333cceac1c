use linli_domain::calendar::Mask;
use linli_domain::claim::Claim;
use linli_domain::id::{MeetingId, OfferingId, OrderId, SessionId};
use linli_domain::identity::IdentityNumber;
use linli_domain::person::Fact;
use linli_domain::platform::Shape;
use linli_domain::role::Role;
use linli_domain::session::{Form, Session};
use linli_store::people::{accounts, grants, household, persons, verifications};
use linli_store::scarcity;
use linli_store::sessions;

use super::*;
use crate::people::identity;
use crate::testing;

#[tokio::test]
async fn the_demo_is_sown_once_and_is_the_same_everywhere() {
    let (app, _clock, _folder) = testing::app().await;
    let (other, _clock, _other_folder) = testing::app().await;
    other.next_id();
    let first = demo(&app).await.unwrap();
    let demo_file = demo_file();
    assert_eq!(first.offerings, demo_file.offerings.len());
    assert!(first.areas > 150 && first.holidays > 50 && first.staff == 8, "{first:?}");
    assert!(demo(&app).await.unwrap().is_nothing(), "the second start leaves everything as it is");
    assert!(district(&app).await.unwrap().is_nothing());
    demo(&other).await.unwrap();

    let (one, two) = (app.catalogue().await.unwrap(), other.catalogue().await.unwrap());
    let named = |catalogue: &crate::catalogue::Catalogue| -> Vec<(OfferingId, String)> {
        catalogue.offerings.values().map(|offered| (offered.offering.id, offered.offering.key.clone())).collect()
    };
    assert_eq!(named(&one), named(&two), "the same ids in every demo");
    assert_eq!(one.offerings.len(), first.offerings);
    let today = app.now().day();
    for offered in one.offerings.values() {
        assert!(offered.rules_on(today).is_some(), "{}", offered.offering.key);
        let shape = app.platforms.kind(&offered.offering.kind).unwrap().shape;
        assert!(
            matches!(shape, Shape::Session | Shape::Dispatch)
                || (0..7).any(|n| !offered.slots(&one.holidays, today.plus(n)).is_empty()),
            "{}",
            offered.offering.key
        );
    }
}

#[tokio::test]
async fn the_programme_begins_with_the_day_the_demo_is_sown() {
    let (app, _clock, _folder) = testing::app().await;
    let (later, clock, _other_folder) = testing::app().await;
    clock.set("2027-05-20T21:30:00+08:00".parse().unwrap());
    let report = demo(&app).await.unwrap();
    demo(&later).await.unwrap();
    let all = async |app: &App| -> Vec<Session> {
        let ids: Vec<SessionId> = app.catalogue().await.unwrap().sessions.keys().copied().collect();
        sessions::by_ids(app.store.reads(), &ids).await.unwrap()
    };
    let (now, then) = (all(&app).await, all(&later).await);
    assert!(now.len() == report.sessions && report.sessions > 80, "{report:?}");
    let ids = |sessions: &[Session]| -> Vec<(SessionId, String, Vec<MeetingId>)> {
        let meetings = |one: &Session| one.meetings.iter().map(|meeting| meeting.id).collect();
        sessions.iter().map(|one| (one.id, one.key.clone(), meetings(one))).collect()
    };
    assert_eq!(ids(&now), ids(&then), "the same ids on whatever day");
    for (app, sessions) in [(&app, &now), (&later, &then)] {
        let today = app.now().day();
        for n in 0..14 {
            let there = sessions.iter().any(|one| one.form == Form::Event && one.meeting_on(today.plus(n)).is_some());
            assert!(there, "{n} days after {today}");
        }
    }
    let term = now.iter().find(|one| one.key == "calligraphy_term").unwrap();
    assert_eq!((term.meetings.len(), term.meetings[11].topic.en.as_str()), (12, "New Year couplets"));
    let catalogue = app.catalogue().await.unwrap();
    let unit = |key: &str, unit: &str| {
        let offered = catalogue.offerings.values().find(|one| one.offering.key == key).unwrap();
        offered.units_on(app.now().day()).find(|one| one.name.en.starts_with(unit)).unwrap().id
    };
    let hall = unit("culture_activity_room", "Hall");
    let film = &now.iter().find(|one| one.key == "film_1").unwrap().meetings[0];
    assert_eq!(film.unit, Some(hall));
    let held = scarcity::holdings(app.store.reads(), &[OrderId(film.id.0)]).await.unwrap();
    let mask = Mask::covering(film.start.time_of_day(), "21:00".parse().unwrap());
    let room = Claim::Time { owner: hall.0, day: film.start.day(), mask };
    assert_eq!(held[&OrderId(film.id.0)], [room], "the room and the quarter of an hour after");
}

#[tokio::test]
async fn people_of_the_demo_are_who_the_file_says() {
    let (app, _clock, _folder) = testing::app().await;
    demo(&app).await.unwrap();
    let reads = app.store.reads();
    let number: IdentityNumber = "990101199006180084".parse().unwrap();
    let found = persons::by_identity(reads, &identity::to_keep(&app, &number).hash).await.unwrap().unwrap();
    let account = accounts::by_phone(reads, &"19900000001".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(account.person, found.id);
    assert_eq!(found.identity_mask.as_deref(), Some(number.masked().as_str()));
    let seen = verifications::of_persons(reads, &[found.id]).await.unwrap();
    assert_eq!(seen.iter().map(|one| one.fact).collect::<Vec<_>>(), Fact::ALL);
    let wards = household::wards(reads, found.id).await.unwrap();
    assert_eq!(wards.len(), 1);

    let logins = demo_logins();
    assert_eq!(logins.len(), 26, "three residents, eight of the staff and fifteen workers; the child has no phone");
    for login in &logins {
        let account = accounts::by_phone(reads, &login.phone).await.unwrap().unwrap();
        let held = grants::of_account(reads, account.id, app.now()).await.unwrap();
        let words = held.first().map_or_else(|| Words::new("居民", "Resident"), |record| role_name(record.grant.role));
        let comes = login.role == Words::new("服务人员", "Provider");
        assert!(comes || words == login.role, "{}", login.name);
    }
    let held = grants::all(reads, app.now()).await.unwrap();
    let mut roles: Vec<Role> = held.iter().map(|record| record.grant.role).collect();
    roles.sort_unstable();
    roles.dedup();
    assert_eq!(roles, Role::ALL, "each of them");
}

#[tokio::test]
async fn a_live_district_has_areas_and_holidays_and_nothing_invented() {
    let (app, _clock, _folder) = testing::app().await;
    let report = district(&app).await.unwrap();
    assert_eq!((report.offerings, report.residents, report.staff), (0, 0, 0));
    let catalogue = app.catalogue().await.unwrap();
    assert_eq!(catalogue.areas.iter().count(), report.areas);
    assert!(catalogue.holidays.knows(2026) && catalogue.offerings.is_empty());
    assert!(accounts::by_phone(app.store.reads(), &"19900000001".parse().unwrap()).await.unwrap().is_none());
}
