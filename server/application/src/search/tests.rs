use linli_domain::id::OfferingId;

use super::*;
use crate::{seed, testing};

async fn world() -> (App, tempfile::TempDir) {
    let (app, _, folder) = testing::app().await;
    seed::demo(&app).await.unwrap();
    (app, folder)
}

async fn asked(app: &App, asked: Asked) -> Vec<Hit> {
    search(app, &Asked { limit: 500, ..asked }).await.unwrap().items
}

async fn titles(app: &App, text: &str) -> Vec<String> {
    asked(app, Asked { text: text.into(), ..Asked::default() }).await.into_iter().map(|hit| hit.card.title.zh).collect()
}

fn code<T>(outcome: Result<T>) -> (Code, Option<&'static str>) {
    let refusal = outcome.err().expect("it should have been refused").refusal();
    (refusal.code, refusal.field)
}

#[tokio::test]
async fn kinds_offerings_places_and_organisations_are_found() {
    let (app, _folder) = world().await;
    for query in ["全科", "全", "quanke", "quan ke", "qk", "QK", "ｑｋ", "General practice"] {
        let found = titles(&app, query).await;
        assert!(found.iter().any(|title| title.starts_with("全科")), "{query}: {found:?}");
    }
    let sorts: BTreeSet<What> = asked(&app, Asked::default()).await.iter().map(|hit| hit.target.what()).collect();
    assert_eq!(sorts, [What::Kind, What::Offering, What::Place, What::Organisation, What::Session].into());
    for what in sorts {
        let found = asked(&app, Asked { what: Some(what), ..Asked::default() }).await;
        assert!(found.iter().all(|hit| hit.target.what() == what) && !found.is_empty(), "{what:?}");
    }
    assert!(titles(&app, "没有这种东西").await.is_empty());
}

#[tokio::test]
async fn a_confidential_kind_is_a_phone_number() {
    let (app, _folder) = world().await;
    let found = asked(&app, Asked { text: "帮扶人".into(), ..Asked::default() }).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].target.what(), found[0].phone.as_deref()), (What::Kind, Some("12348")));
    assert!(found[0].next.is_none() && found[0].price_fen.is_none() && found[0].card.line.zh.contains("12348"));
}

#[tokio::test]
async fn filters_leave_out_what_does_not_fit() {
    let (app, _folder) = world().await;
    let catalogue = app.catalogue().await.unwrap();
    let offering =
        |hit: &Hit| -> Option<OfferingId> { if let Target::Offering(id) = hit.target { Some(id) } else { None } };
    let free = asked(&app, Asked { free: true, ..Asked::default() }).await;
    assert!(free.iter().filter(|hit| hit.target.what() == What::Session).all(|hit| hit.price_fen == Some(0)));
    let all = asked(&app, Asked::default()).await;
    assert!(all.iter().any(|hit| hit.price_fen.is_some_and(|fen| fen > 0)), "something costs money");
    // Today is a Monday: what has places today is open today.
    let today = asked(&app, Asked { today: true, ..Asked::default() }).await;
    assert!(!today.is_empty());
    for hit in &today {
        if let Some(id) = offering(hit) {
            // Where seats are booked, the day is that of a session.
            let day = hit.next.map_or(app.now().day(), |next| next.day);
            assert_eq!(day, app.now().day(), "{}", hit.card.title.zh);
            assert!(catalogue.offerings.contains_key(&id));
        }
        assert_ne!((hit.target.what(), hit.phone.is_some()), (What::Kind, true), "nothing by phone has places today");
    }
    let children =
        asked(&app, Asked { audience: Some(Audience::Children), what: Some(What::Kind), ..Asked::default() });
    let children: Vec<String> = children.await.iter().map(|hit| hit.target.to_string()).collect();
    assert!(children.contains(&"medical.child_care".into()) && !children.contains(&"medical.general_practice".into()));
    let elders = asked(&app, Asked { audience: Some(Audience::Elders), what: Some(What::Kind), ..Asked::default() });
    let elders: Vec<String> = elders.await.iter().map(|hit| hit.target.to_string()).collect();
    assert!(
        elders.contains(&"education.seniors_school".into()) && !elders.contains(&"medical.general_practice".into())
    );
}

#[tokio::test]
async fn the_own_community_comes_first_and_then_the_nearer_place() {
    let (app, _folder) = world().await;
    let own: AreaCode = "130903002037".parse().unwrap();
    let area = Asked { what: Some(What::Place), area: Some(own.clone()), ..Asked::default() };
    let found = asked(&app, area.clone()).await;
    assert_eq!(found[0].card.area.as_ref(), Some(&own));
    assert!(found.iter().all(|hit| hit.distance_m.is_some()), "measured from the middle of the community's places");
    // Somebody stands beside another place: their own community still comes first, the rest follows by distance.
    let there = Asked { latitude: Some(38.3226), longitude: Some(116.8512), ..area };
    let found = asked(&app, there).await;
    assert_eq!(found[0].card.area.as_ref(), Some(&own));
    let rest: Vec<i64> = found
        .iter()
        .filter(|hit| !hit.card.area.as_ref().unwrap().is_within(&"130903002000".parse().unwrap()))
        .filter_map(|hit| hit.distance_m)
        .collect();
    assert!(rest.is_sorted() && rest[0] == 0, "{rest:?}");
    // Nobody says where they are: no distances.
    let found = asked(&app, Asked { what: Some(What::Place), ..Asked::default() }).await;
    assert!(found.iter().all(|hit| hit.distance_m.is_none()));
}

#[tokio::test]
async fn bad_questions_are_refused() {
    let (app, _folder) = world().await;
    let ask = |change: fn(&mut Asked)| {
        let mut asked = Asked::default();
        change(&mut asked);
        asked
    };
    for (asked, expected) in [
        (ask(|asked| asked.text = "长".repeat(QUERY_MAX + 1)), (Code::TextTooLong, Some("q"))),
        (ask(|asked| asked.text = "健\u{0}身".into()), (Code::TextControl, Some("q"))),
        (ask(|asked| asked.latitude = Some(38.0)), (Code::ValueInvalid, Some("lon"))),
        (ask(|asked| asked.longitude = Some(116.0)), (Code::ValueInvalid, Some("lat"))),
        (ask(|asked| (asked.latitude, asked.longitude) = (Some(91.0), Some(116.0))), (Code::ValueInvalid, Some("lat"))),
        (
            ask(|asked| (asked.latitude, asked.longitude) = (Some(38.0), Some(f64::NAN))),
            (Code::ValueInvalid, Some("lon")),
        ),
    ] {
        assert_eq!(code(search(&app, &asked).await), expected);
    }
}
