mod sessions;

use std::collections::{HashMap, HashSet};
use std::fmt::Debug;

use super::*;
use crate::area::Areas;
use crate::identity::IdentityNumber;
use crate::platform::{Platforms, Requirement, Rules, Shape, load};

fn data(name: &str) -> String {
    std::fs::read_to_string(format!("{}/../data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn demo() -> Demo {
    Demo::parse(&data("demo.toml")).unwrap_or_else(|error| panic!("{error}"))
}

fn platforms() -> Platforms {
    load(&crate::platform::tests::files()).unwrap()
}

fn keyed<T: Debug>(things: &[T], key: impl Fn(&T) -> &String) -> HashMap<String, &T> {
    let map: HashMap<String, &T> = things.iter().map(|thing| (key(thing).clone(), thing)).collect();
    assert_eq!(map.len(), things.len(), "every key once");
    map
}

#[test]
fn everything_named_exists() {
    let (demo, platforms) = (demo(), platforms());
    let areas = Areas::parse("areas.csv", &data("areas.csv")).unwrap();
    let places = keyed(&demo.places, |place| &place.key);
    let organisations = keyed(&demo.organisations, |organisation| &organisation.key);
    let providers = keyed(&demo.providers, |provider| &provider.key);
    let people = keyed(&demo.people, |person| &person.key);
    let staff = keyed(&demo.staff, |staff| &staff.key);
    keyed(&demo.offerings, |offering| &offering.key);
    keyed(&demo.sessions, |session| &session.key);

    let added: HashSet<&AreaCode> = demo.areas.iter().map(|area| &area.code).collect();
    for area in &demo.areas {
        let parent = area.code.parent().unwrap();
        assert!(added.contains(&parent) || areas.get(&parent).is_some(), "{parent}");
        assert_eq!(area.kind.level(), area.code.level());
    }
    for (code, phone) in &demo.area_phones {
        assert!(areas.get(code).is_some() && crate::phone::is_callable(phone), "{code}");
    }
    let homes = demo.people.iter().filter_map(|person| person.community.as_ref());
    let all = demo.places.iter().map(|place| &place.area).chain(homes);
    assert!(
        all.filter(|code| code.level() == crate::area::AreaLevel::Community)
            .all(|code| demo.area_phones.contains_key(code))
    );
    for place in &demo.places {
        let area = areas.get(&place.area).expect("the area of a place");
        assert_eq!(area.kind.level(), crate::area::AreaLevel::Community, "{}", place.key);
        assert!((38.2..38.4).contains(&place.latitude) && (116.7..116.9).contains(&place.longitude), "{}", place.key);
    }
    for organisation in &demo.organisations {
        assert!(areas.get(&organisation.area).is_some(), "{}", organisation.key);
    }
    for provider in &demo.providers {
        assert!(organisations.contains_key(&provider.organisation), "{}", provider.key);
    }
    for offering in &demo.offerings {
        let kind = platforms.kind(&offering.kind).unwrap_or_else(|| panic!("{}", offering.kind));
        assert_eq!(kind.orderable(), Ok(()), "{}", offering.key);
        let organisation = organisations[&offering.organisation];
        let place = places[&offering.place];
        assert!(place.area.is_within(&organisation.area), "{}", offering.key);
        if let Some(provider) = &offering.provider {
            assert_eq!(providers[provider].organisation, offering.organisation, "{}", offering.key);
        }
        assert!(offering.resident_area.as_ref().is_none_or(|area| areas.get(area).is_some()), "{}", offering.key);
    }
    keyed(&demo.compounds, |compound| &compound.key);
    for compound in &demo.compounds {
        let area = areas.get(&compound.area).expect("the area of a compound");
        assert_eq!(area.kind.level(), crate::area::AreaLevel::Community, "{}", compound.key);
        assert!((38.2..38.4).contains(&compound.latitude), "{}", compound.key);
        assert!((116.7..116.9).contains(&compound.longitude), "{}", compound.key);
        assert!(compound.company.as_ref().is_none_or(|key| organisations.contains_key(key)), "{}", compound.key);
    }
    let mut duties = HashSet::new();
    for duty in &demo.responsibilities {
        assert!(areas.get(&duty.area).is_some() && organisations.contains_key(&duty.organisation), "{duty:?}");
        for kind in &duty.kinds {
            assert!(platforms.kind(kind).is_some_and(|kind| kind.visit.is_some()), "{kind}");
            assert!(duties.insert((kind, &duty.area)), "{kind} twice in {}", duty.area);
        }
    }
    for person in &demo.people {
        assert!(person.community.as_ref().is_none_or(|code| areas.get(code).is_some()), "{}", person.key);
        assert!(person.guardian.as_ref().is_none_or(|guardian| people.contains_key(&guardian.person)));
        assert!(person.verified.iter().all(|verified| staff.contains_key(&verified.by)), "{}", person.key);
    }
    for one in &demo.staff {
        assert_eq!(one.role.is_for_area(), one.area.is_some(), "{}", one.key);
        assert_eq!(one.role.is_for_area(), one.organisation.is_none(), "{}", one.key);
        assert!(one.area.as_ref().is_none_or(|area| areas.get(area).is_some()), "{}", one.key);
        assert!(one.organisation.as_ref().is_none_or(|key| organisations.contains_key(key)), "{}", one.key);
    }
}

#[test]
fn offerings_lie_within_bounds_and_their_places_fit_the_week() {
    let (demo, platforms) = (demo(), platforms());
    for offering in &demo.offerings {
        let kind = platforms.kind(&offering.kind).unwrap();
        let rules = offering.rules.apply(&kind.rules);
        assert_eq!(kind.check(&rules), [], "{}", offering.key);
        assert_eq!(
            offering.schedule.is_empty(),
            matches!(kind.shape, Shape::Session | Shape::Dispatch),
            "{}",
            offering.key
        );
        assert!(
            offering.units.is_empty() || (kind.shape == Shape::Resource && rules.capacity == 1),
            "{}",
            offering.key
        );
        for line in &offering.schedule {
            let length = line.slot_minutes.unwrap_or(rules.slot_minutes);
            let of_line = Rules { slot_minutes: length, capacity: line.capacity.unwrap_or(rules.capacity), ..rules };
            assert_eq!(kind.check(&of_line), [], "{}", offering.key);
            assert!(line.from < line.to && (line.to.0 - line.from.0).is_multiple_of(length), "{}", offering.key);
            assert!(line.weekdays.iter().all(|day| (1..=7).contains(day)) && !line.weekdays.is_empty());
        }
    }
}

/// The quarter hours of the week somebody is busy in, by offering.
fn busy(offering: &DemoOffering) -> HashSet<(u8, u16)> {
    let quarters = |line: &DemoSchedule| {
        let (from, to) = (line.from.0 / 15, line.to.0.div_ceil(15));
        line.weekdays.iter().flat_map(move |day| (from..to).map(move |quarter| (*day, quarter))).collect::<Vec<_>>()
    };
    offering.schedule.iter().flat_map(quarters).collect()
}

#[test]
fn nobody_is_in_two_places_and_places_are_open() {
    let demo = demo();
    let places = keyed(&demo.places, |place| &place.key);
    let mut taken: HashMap<(&str, u8, u16), &str> = HashMap::new();
    for offering in &demo.offerings {
        for (day, quarter) in busy(offering) {
            let minute = quarter * 15;
            let open = places[&offering.place]
                .hours
                .iter()
                .any(|hours| hours.weekdays.contains(&day) && hours.from.0 <= minute && minute + 15 <= hours.to.0);
            assert!(open, "{} on {day} at {minute}", offering.key);
            if let Some(provider) = &offering.provider {
                let other = taken.insert((provider, day, quarter), &offering.key);
                assert_eq!(other, None, "{} has {} at the same time", provider, offering.key);
            }
        }
    }
}

#[test]
fn the_demo_has_what_the_first_screens_show() {
    let (demo, platforms) = (demo(), platforms());
    let offered: HashSet<&str> = demo.offerings.iter().map(|offering| offering.kind.as_str()).collect();
    for kind in platforms.kinds().filter(|kind| kind.orderable().is_ok()) {
        assert!(offered.contains(kind.key.as_str()), "{} is offered nowhere", kind.key);
    }
    let is = |kind| demo.places.iter().filter(|place| place.kind == kind).count();
    assert_eq!((is(PlaceKind::HealthCentre), is(PlaceKind::HealthStation)), (8, 6));
    let scarce = |offering: &&DemoOffering| offering.rules.capacity.is_some_and(|capacity| capacity <= 2);
    assert!(demo.offerings.iter().any(|offering| scarce(&offering)), "one doctor with a line");
    assert!(busy(demo.offerings.iter().find(|o| o.key == "shuiyuesi_gp_li").unwrap()).iter().any(|(day, _)| *day == 7));
    let roles: HashSet<Role> = demo.staff.iter().map(|staff| staff.role).collect();
    assert_eq!(roles.len(), Role::ALL.len());
    let can_book = demo.people.iter().filter(|person| person.verified.iter().any(|v| v.fact == Fact::Identity)).count();
    assert!(can_book >= 3 && can_book < demo.people.len(), "some verified, one not");
    assert!(platforms.kinds().any(|kind| kind.requires.contains(&Requirement::IdentityVerified)));
}

#[test]
fn nobody_in_it_is_real() {
    let demo = demo();
    let named = demo.people.iter().map(|person| &person.name).chain(demo.staff.iter().map(|staff| &staff.name));
    assert!(named.chain(demo.providers.iter().map(|one| &one.name.zh)).all(|name| name.starts_with("演示")));
    assert!(
        demo.places.iter().all(|place| place.name.zh.starts_with("演示") && place.address.zh.starts_with("演示路"))
    );
    let phones: Vec<&str> = demo
        .people
        .iter()
        .filter_map(|p| p.phone.as_ref())
        .chain(demo.staff.iter().map(|s| &s.phone))
        .chain(demo.workers.iter().map(|w| &w.phone))
        .map(Phone::digits)
        .collect();
    assert!(phones.iter().all(|phone| phone.starts_with("1990000")));
    assert_eq!(phones.iter().collect::<HashSet<_>>().len(), phones.len());
    assert!(demo.places.iter().all(|place| place.phone.starts_with("0317-000")));
    for person in &demo.people {
        let Some(number) = &person.identity_number else { continue };
        let number: IdentityNumber = number.parse().unwrap_or_else(|error| panic!("{}: {error}", person.key));
        assert!(number.characters().starts_with("99"), "no such region");
        assert_eq!(Some(number.birth_date()), person.birth_date, "{}", person.key);
    }
}

#[test]
fn unknown_fields_are_refused_with_their_line() {
    let text = data("demo.toml").replacen("role = \"case_worker\"", "roll = \"case_worker\"", 1);
    let error = Demo::parse(&text).unwrap_err().to_string();
    assert!(error.contains("line") && error.contains("roll"), "{error}");
}

#[test]
fn workers_do_what_is_done_at_doors_and_have_the_papers_for_it() {
    use crate::worker::{Document, Hours, LANGUAGES};
    let (demo, platforms) = (demo(), platforms());
    let areas = Areas::parse("areas.csv", &data("areas.csv")).unwrap();
    let organisations = keyed(&demo.organisations, |organisation| &organisation.key);
    keyed(&demo.workers, |worker| &worker.key);
    for worker in &demo.workers {
        assert!(worker.name.starts_with("演示"), "{}", worker.key);
        assert!(Hours::daily(worker.from, worker.to).is_ok() && (1..=20).contains(&worker.max_open), "{}", worker.key);
        assert_eq!(areas.get(&worker.area).map(|area| area.kind.level()), Some(crate::area::AreaLevel::Community));
        assert!(
            (38.2..38.4).contains(&worker.latitude) && (116.7..116.9).contains(&worker.longitude),
            "{}",
            worker.key
        );
        assert!(worker.organisation.as_ref().is_none_or(|key| organisations.contains_key(key)), "{}", worker.key);
        assert!(worker.languages.iter().all(|key| LANGUAGES.iter().any(|(known, ..)| known == key)), "{}", worker.key);
        let papers: HashSet<&str> = worker.documents.iter().map(|paper| paper.document.as_str()).collect();
        assert!(papers.contains("identity"), "{}", worker.key);
        for paper in &worker.documents {
            let document = Document::from_key(&paper.document).unwrap_or_else(|| panic!("{}", paper.document));
            assert!(!document.ends() || paper.valid_days.is_some_and(|days| days > 60), "{}", worker.key);
        }
        for key in &worker.services {
            let kind = platforms.kind(key).unwrap_or_else(|| panic!("{key}"));
            let terms = kind.visit.as_ref().unwrap_or_else(|| panic!("{key} is done at no door"));
            assert!(terms.documents.iter().all(|needed| papers.contains(needed.as_str())), "{} {key}", worker.key);
            assert!(terms.travel.contains(&worker.travel) || terms.ways.iter().all(|way| !way.asks_workers()), "{key}");
        }
    }
    let done: HashSet<&KindKey> = demo.workers.iter().flat_map(|worker| &worker.services).collect();
    for kind in platforms.kinds().filter(|kind| kind.visit.is_some()) {
        assert!(done.contains(&kind.key), "nobody does {}", kind.key);
    }
}
