//! Whatever day the demo is sown on, its programme holds together.

use super::*;
use crate::holiday::{DayKind, Holidays};
use crate::platform::AgeRange;
use crate::session::Form;

/// An ordinary Monday, a Friday before National Day, a Sunday before the Spring Festival, a day of an unknown year.
const SOWN: [&str; 4] = ["2026-11-23", "2026-09-18", "2026-02-08", "2027-05-20"];

fn holidays() -> Holidays {
    Holidays::parse("holidays.csv", &data("holidays.csv")).unwrap()
}

fn sown() -> impl Iterator<Item = Day> {
    SOWN.into_iter().map(|day| day.parse().unwrap())
}

#[test]
fn sessions_fit_their_kind_and_their_room() {
    let (demo, platforms) = (demo(), platforms());
    let areas = Areas::parse("areas.csv", &data("areas.csv")).unwrap();
    let offerings = keyed(&demo.offerings, |offering| &offering.key);
    let units: Vec<(&String, &DemoOffering)> =
        demo.offerings.iter().flat_map(|one| one.units.iter().map(move |unit| (&unit.key, one))).collect();
    let rooms: HashMap<&String, &DemoOffering> = units.iter().copied().collect();
    assert_eq!(rooms.len(), units.len(), "every unit once");
    for session in &demo.sessions {
        let (key, offering) = (&session.key, offerings[&session.offering]);
        let kind = platforms.kind(&offering.kind).unwrap();
        let rules = offering.rules.apply(&kind.rules);
        let price_fen = session.price_fen.unwrap_or(rules.price_fen);
        assert_eq!(
            (kind.shape, kind.check(&Rules { capacity: session.seats, price_fen, ..rules })),
            (Shape::Session, vec![]),
            "{key}"
        );
        assert!(session.times > 0 && session.topics.len() <= session.times && session.from < session.to, "{key}");
        assert!(session.weekdays.iter().all(|day| (1..=7).contains(day)), "{key}");
        assert!(session.residents_of.as_ref().is_none_or(|area| areas.get(area).is_some()), "{key}");
        if let Some(unit) = &session.unit {
            assert_eq!(rooms[unit].place, offering.place, "{key}: the room is at the place");
        }
    }
    for theme in &demo.themes {
        assert!(areas.get(&theme.area).is_some(), "{}", theme.area);
    }
    let now: HashSet<&AreaCode> = demo.themes.iter().filter(|one| one.in_months == 0).map(|one| &one.area).collect();
    let next: HashSet<&AreaCode> = demo.themes.iter().filter(|one| one.in_months == 1).map(|one| &one.area).collect();
    assert!(now == next && now.len() * 2 == demo.themes.len(), "this month and the next");
}

#[test]
fn nobody_and_no_room_is_asked_twice_and_places_are_open() {
    let (demo, holidays) = (demo(), holidays());
    let offerings = keyed(&demo.offerings, |offering| &offering.key);
    let places = keyed(&demo.places, |place| &place.key);
    let weekly: HashSet<(&String, u8, u16)> = demo
        .offerings
        .iter()
        .filter_map(|offering| Some((offering.provider.as_ref()?, offering)))
        .flat_map(|(provider, offering)| busy(offering).into_iter().map(move |(day, quarter)| (provider, day, quarter)))
        .collect();
    for sown in sown() {
        let mut taken: HashMap<(&String, Day, u16), &String> = HashMap::new();
        for session in &demo.sessions {
            let offering = offerings[&session.offering];
            let days = session.days(sown, &holidays);
            assert_eq!(days.len(), session.times, "{}: as many on every day of sowing", session.key);
            assert!(days.iter().all(|day| *day >= sown.plus(session.in_days)), "{}", session.key);
            for day in days {
                let weekday = day.weekday();
                let open = places[&offering.place].hours.iter().any(|hours| {
                    hours.weekdays.contains(&weekday) && hours.from <= session.from && session.to <= hours.to
                });
                assert!(open, "{} on {day}", session.key);
                assert!(
                    session.on_holidays || !matches!(holidays.kind_of(day), DayKind::Holiday(_)),
                    "{}",
                    session.key
                );
                // A room is left alone for a quarter of an hour afterwards.
                for quarter in session.from.0 / 15..=session.to.0 / 15 {
                    for busy in offering.provider.iter().chain(&session.unit) {
                        let other = taken.insert((busy, day, quarter), &session.key);
                        assert_eq!(other, None, "{busy} has {} too on {day}", session.key);
                    }
                }
                for quarter in session.from.0 / 15..session.to.0.div_ceil(15) {
                    let provider = offering.provider.as_ref();
                    assert!(provider.is_none_or(|who| !weekly.contains(&(who, weekday, quarter))), "{}", session.key);
                }
            }
        }
    }
}

#[test]
fn there_is_something_every_day_of_this_week_and_the_next() {
    let (demo, holidays) = (demo(), holidays());
    let offerings = keyed(&demo.offerings, |offering| &offering.key);
    let places = keyed(&demo.places, |place| &place.key);
    let dahua: AreaCode = "130903001007".parse().unwrap();
    for sown in sown() {
        let there: HashSet<Day> = demo
            .sessions
            .iter()
            .filter(|session| places[&offerings[&session.offering].place].area == dahua)
            .filter(|session| !session.draft && session.residents_of.is_none() && session.seats > 2)
            .flat_map(|session| session.days(sown, &holidays))
            .collect();
        for n in 0..14 {
            assert!(there.contains(&sown.plus(n)), "{n} days after {sown}");
        }
    }
}

#[test]
fn the_programme_has_what_the_screens_show() {
    let (demo, holidays) = (demo(), holidays());
    let sessions = keyed(&demo.sessions, |session| &session.key);
    let forms: HashSet<Form> = demo.sessions.iter().map(|session| session.form).collect();
    assert_eq!(forms.len(), Form::ALL.len());
    assert!(
        demo.sessions.iter().any(|session| session.draft) && demo.sessions.iter().any(|one| one.residents_of.is_some())
    );
    assert!(demo.sessions.iter().any(|session| session.seats == 1), "soon full, with a line");
    assert!(demo.sessions.iter().any(|session| session.form == Form::Term && session.in_days < 0), "one under way");
    assert_eq!(sessions["children_painting"].age, Some(AgeRange { min: Some(6), max: Some(12) }));

    let term = sessions["calligraphy_term"];
    assert_eq!((term.form, term.times, term.topics.len()), (Form::Term, 12, 12));
    // Sown before National Day, a lesson would fall on it: the term ends a week later instead.
    let days = term.days("2026-09-01".parse().unwrap(), &holidays);
    let saturday: Day = "2026-10-03".parse().unwrap();
    assert!(!days.contains(&saturday) && days.contains(&saturday.plus(7)) && days.contains(&saturday.plus(-14)));
    assert_eq!(days[11].0 - days[0].0, 13 * 7, "Mid-Autumn Festival and National Day are left out");
}

#[test]
fn months_turn_with_the_year() {
    let theme = |in_months| DemoTheme { in_months, ..demo().themes[0].clone() };
    assert_eq!(theme(0).month("2026-12-31".parse().unwrap()), 202_612);
    assert_eq!(theme(1).month("2026-12-31".parse().unwrap()), 202_701);
    assert_eq!(theme(1).month("2026-01-01".parse().unwrap()), 202_602);
}

#[test]
fn a_form_is_one_of_three() {
    let text = data("demo.toml").replacen("form = \"group\"", "form = \"club\"", 1);
    let error = Demo::parse(&text).unwrap_err().to_string();
    assert!(error.contains("`event`, `term` or `group`"), "{error}");
}
