use linli_domain::claim::{Change, Claim, Line, Pool};
use linli_domain::slot::Left;
use linli_domain::time::{Instant, Span};
use linli_store::scarcity::{Needs, settle};

use super::*;
use crate::{seed, testing};

fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// A slot of ten places on Tuesday at 08:00, opening seven days before at 07:00.
fn slot() -> (Slot, Rules) {
    let start = instant("2026-11-24T08:00:00+08:00");
    let rules = Rules {
        opens_days_before: 7,
        opens_at: TimeOfDay(420),
        closes_minutes_before: 30,
        cancel_until: Deadline::DayBefore { days: 1, at: TimeOfDay(1020) },
        line: true,
        max_line: 2,
        ..Rules::NONE
    };
    (Slot { start, end: start + Span::minutes(30), capacity: 10, off: false }, rules)
}

#[test]
fn a_time_says_what_is_left_and_why_not() {
    let (slot, rules) = slot();
    let now = instant("2026-11-23T09:00:00+08:00");
    let seen = |taken, waiting, now| {
        let pool = Pool { taken, waiting, ..Pool::fresh(10) };
        let view = availability::time(&slot, &rules, Some(&pool), Door::Online, now);
        (view.left, view.free, view.is_bookable(), view.can_wait(), view.why_not)
    };
    assert_eq!(seen(2, 0, now), (Left::Many, 8, true, false, None));
    assert_eq!(seen(9, 0, now), (Left::Few, 1, true, false, None));
    assert_eq!(seen(10, 0, now), (Left::Line, 0, false, true, Some(Code::SlotFull)));
    assert_eq!(seen(9, 1, now), (Left::Line, 1, false, true, Some(Code::SlotHasLine)));
    assert_eq!(seen(10, 2, now), (Left::None, 0, false, false, Some(Code::LineFull)));
    let late = instant("2026-11-24T07:40:00+08:00");
    assert_eq!(seen(2, 0, late), (Left::Past, 0, false, false, Some(Code::SlotBookingClosed)));
    let early = instant("2026-11-17T06:59:00+08:00");
    assert_eq!(seen(0, 0, early), (Left::NotOpen, 10, false, false, Some(Code::SlotNotOpen)));

    let view = availability::time(&slot, &rules, None, Door::Online, early);
    assert_eq!(view.opens_at, Some(instant("2026-11-17T07:00:00+08:00")));
    assert_eq!(view.changes_until, instant("2026-11-23T17:00:00+08:00"));
    let off = availability::time(&Slot { off: true, ..slot }, &rules, None, Door::Online, now);
    assert_eq!((off.left, off.free, off.why_not), (Left::Closed, 0, Some(Code::SlotClosed)));
    let no_line = Rules { line: false, max_line: 0, ..rules };
    let full = availability::time(&slot, &no_line, Some(&Pool { taken: 10, ..Pool::fresh(10) }), Door::Online, now);
    assert_eq!((full.left, full.why_not), (Left::None, Some(Code::SlotFull)));
    let at_the_desk = availability::time(&slot, &rules, None, Door::WalkIn, instant("2026-11-24T08:10:00+08:00"));
    assert!(at_the_desk.is_bookable(), "staff still seat people while the time lasts");
}

#[test]
fn deadlines_are_said_in_sentences() {
    let said = |cancel_until| {
        let words = cancel_sentence(&Rules { cancel_until, ..Rules::NONE });
        (words.zh, words.en)
    };
    let expected = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
    assert_eq!(
        said(Deadline::DayBefore { days: 1, at: TimeOfDay(1020) }),
        expected("前一天下午5:00前可以取消或改期。", "You can cancel or move it until 5:00 pm on the day before.")
    );
    assert_eq!(
        said(Deadline::DayBefore { days: 2, at: TimeOfDay(1440) }),
        expected(
            "2 天前的24:00前可以取消或改期。",
            "You can cancel or move it until the end of the day 2 days before."
        )
    );
    assert_eq!(
        said(Deadline::MinutesBefore(60)),
        expected("最晚开始前 1 小时可以取消或改期。", "You can cancel or move it until 1 hour before it begins.")
    );
    assert_eq!(
        said(Deadline::MinutesBefore(0)),
        expected("开始前可以取消或改期。", "You can cancel or move it until it begins.")
    );
}

async fn by_key(app: &App, key: &str) -> OfferingId {
    let catalogue = app.catalogue().await.unwrap();
    catalogue.offerings.values().find(|offered| offered.offering.key == key).unwrap().offering.id
}

/// Takes so many places of every time of a day.
async fn take(app: &App, id: OfferingId, on: Day, places: u32, and_wait: bool) {
    let slots: Vec<Slot> = times(app, id, on).await.unwrap().into_iter().map(|time| time.slot).collect();
    app.store
        .write(move |tx| {
            Box::pin(async move {
                let claims: Vec<Claim> = slots
                    .iter()
                    .map(|slot| Claim::Place {
                        pool: PoolKey::slot(id, slot.start),
                        capacity: slot.capacity,
                        amount: 1,
                    })
                    .collect();
                let mut needs = Needs::default();
                claims.iter().for_each(|claim| needs.claim(claim));
                let all = Change { take: claims.clone(), ..Change::default() };
                settle(tx, &needs, move |ledger| {
                    for _ in 0..places {
                        ledger.apply(&all).unwrap();
                    }
                    for claim in claims.iter().filter(|_| and_wait) {
                        let Claim::Place { pool, capacity, .. } = claim.clone() else { continue };
                        let line = Some(Line::Join { pool, capacity, max: 9 });
                        ledger.apply(&Change { line, ..Change::default() }).unwrap();
                    }
                    ((), Vec::new())
                })
                .await?;
                Ok::<_, Failure>(())
            })
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_resident_finds_the_first_day_with_places() {
    let (app, clock, _folder) = testing::app().await;
    seed::demo(&app).await.unwrap();
    let gp = by_key(&app, "nanhuan_gp").await;
    let wanted = Wanted { kind: Some("medical.general_practice".parse().unwrap()), ..Wanted::default() };
    let next = async |wanted: &Wanted| {
        let listing = offerings(&app, wanted).await.unwrap();
        listing.offerings.into_iter().find(|listed| listed.id == gp).unwrap().next
    };
    // Monday 09:00: booking of the last times of today is still open.
    assert_eq!(next(&wanted).await, Some(Next { day: day("2026-11-23"), left: Left::Many }));
    clock.set(instant("2026-11-23T13:00:00+08:00"));
    app.forget_catalogue().await;
    assert_eq!(next(&wanted).await.unwrap().day, day("2026-11-24"));
    for full in ["2026-11-24", "2026-11-25", "2026-11-26"] {
        take(&app, gp, day(full), 6, full == "2026-11-25").await;
    }
    take(&app, gp, day("2026-11-27"), 5, false).await;
    assert_eq!(next(&wanted).await, Some(Next { day: day("2026-11-27"), left: Left::Few }));
    let from_monday = Wanted { day: Some(day("2026-11-30")), ..wanted.clone() };
    assert_eq!(next(&from_monday).await.unwrap().day, day("2026-11-30"));
    take(&app, gp, day("2026-11-27"), 1, false).await;
    take(&app, gp, day("2026-11-30"), 6, false).await;
    assert_eq!(next(&wanted).await, None, "what opens later is not promised");

    let seen = days(&app, gp, None, 10).await.unwrap();
    let words: Vec<&str> = seen.iter().map(|day| day.left.key()).collect();
    let expected = ["past", "line", "line", "line", "line", "closed", "closed", "line", "not_open", "not_open"];
    assert_eq!(words, expected);
    assert_eq!((seen[1].free, seen[2].waiting), (0, 8), "eight times a morning, one person waiting at each");
    assert_eq!(seen[8].opens_at, Some(instant("2026-11-24T07:00:00+08:00")));
    assert_eq!(seen[8].free, 48);
}

#[tokio::test]
async fn days_know_holidays_make_up_days_and_what_nobody_knows() {
    let (app, _clock, _folder) = testing::app().await;
    seed::demo(&app).await.unwrap();
    let gp = by_key(&app, "nanhuan_gp").await;
    let one = async |text: &str| days(&app, gp, Some(day(text)), 1).await.unwrap().remove(0);
    let national = one("2026-10-01").await;
    assert_eq!((national.left, national.holiday.unwrap().en.as_str()), (Left::Past, "National Day"));
    assert!(one("2026-10-10").await.make_up_workday);
    let unknown = one("2027-01-04").await;
    assert!(unknown.calendar_unknown && unknown.holiday.is_none() && !unknown.make_up_workday);
    assert_eq!(unknown.left, Left::NotOpen);
    for wrong in [0, 32] {
        let refused = days(&app, gp, None, wrong).await.unwrap_err().refusal();
        assert_eq!((refused.code, refused.field), (Code::ValueInvalid, Some("days")));
    }
    let nobody = days(&app, OfferingId(i64::MAX), None, 1).await.unwrap_err().refusal();
    assert_eq!(nobody.code, Code::NotFound);
}

#[tokio::test]
async fn what_is_looked_for_is_found_and_nothing_else() {
    let (app, _clock, _folder) = testing::app().await;
    seed::demo(&app).await.unwrap();
    let everything = offerings(&app, &Wanted::default()).await.unwrap();
    assert_eq!(everything.offerings.len(), everything.catalogue.offerings.len());
    let keys = async |wanted: Wanted| -> Vec<String> {
        let found = offerings(&app, &wanted).await.unwrap();
        found.offerings.iter().map(|one| found.catalogue.offered(one.id).unwrap().offering.key.clone()).collect()
    };
    let police = keys(Wanted { platform: Some("security".into()), ..Wanted::default() }).await;
    assert_eq!(police.len(), 6, "{police:?}");
    let village = keys(Wanted { area: Some("130903101000".parse().unwrap()), ..Wanted::default() }).await;
    assert_eq!(village, ["nanchentun_gp", "nanchentun_vaccination"]);
    let saturday = Wanted { day: Some(day("2026-11-28")), platform: Some("medical".into()), ..Wanted::default() };
    let saturday = keys(saturday).await;
    assert!(saturday.contains(&"nanhu_prevention".to_owned()) && !saturday.contains(&"nanhu_gp".to_owned()));
    assert!(keys(Wanted { day: Some(day("2026-11-20")), ..Wanted::default() }).await.is_empty(), "the past is over");
    let refused = async |wanted: Wanted| offerings(&app, &wanted).await.unwrap_err().refusal();
    let nowhere = refused(Wanted { platform: Some("nothing".into()), ..Wanted::default() }).await;
    assert_eq!((nowhere.code, nowhere.field), (Code::ValueInvalid, Some("platform")));
    assert!(nowhere.detail(Language::En).contains("medical"), "{nowhere:?}");
    let unheard_of = refused(Wanted { kind: Some("medical.magic".parse().unwrap()), ..Wanted::default() }).await;
    assert!(unheard_of.detail(Language::En).contains("medical.general_practice"), "{unheard_of:?}");

    let street = "130903001000".parse().unwrap();
    let clinics = places(&app, Some("medical"), Some(&street)).await.unwrap();
    let clinics: Vec<&str> = clinics.iter().map(|place| place.key.as_str()).collect();
    assert_eq!(clinics, ["shuiyuesi_centre", "dahua_station", "hongwei_station", "services_centre"]);
    assert!(places(&app, Some("reintegration"), None).await.unwrap().is_empty());
    assert_eq!(places(&app, None, None).await.unwrap().len(), everything.catalogue.places.len());
}
