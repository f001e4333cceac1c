//! Profiles, households, documents, roles, desks, leaving.

use linli_domain::person::Fact;
use linli_domain::refusal::Code;
use linli_domain::role::{Role, Scope};
use linli_domain::time::Span;
use linli_store::audit;
use linli_store::people::persons;

use super::super::desk::{self, NewPerson, Wanted};
use super::super::household::{self, NewWard};
use super::super::profile::{self, Changes};
use super::super::roles::{self, NewRole};
use super::super::verification::{self, Seen};
use super::super::views::FactStatus;
use super::super::{Relation, closing, consents, export, identity, sessions};
use super::{ALICE, BOB, a_community, appoint, born, code_of, day, enter, world};

const NUMBER: &str = "11010519491231002X";

#[tokio::test]
async fn profiles_change_only_in_the_version_they_were_read() {
    let (app, clock, _folder) = world().await;
    let (_, actor) = enter(&app, &clock, ALICE).await;
    let change = |version, name: &str| Changes { version, name: Some(name.to_owned()), ..Changes::default() };
    let me = profile::change(&app, &actor, change(1, " 林一 ")).await.unwrap();
    assert_eq!((me.person.person.name.as_str(), me.person.person.version), ("林一", 2));
    assert_eq!(code_of(profile::change(&app, &actor, change(1, "林二")).await), Code::StaleVersion);
    assert_eq!(code_of(profile::change(&app, &actor, change(2, "")).await), Code::NameInvalid);
    let tomorrow = Changes { version: 2, birth_date: Some(app.now().day().plus(1)), ..Changes::default() };
    assert_eq!(code_of(profile::change(&app, &actor, tomorrow).await), Code::BirthDateInvalid);
    let street = Changes { version: 2, community: "130903001000".parse().ok(), ..Changes::default() };
    assert_eq!(code_of(profile::change(&app, &actor, street).await), Code::CommunityUnknown);
}

#[tokio::test]
async fn an_identity_number_is_sealed_found_again_and_nobody_elses() {
    let (app, clock, _folder) = world().await;
    let (_, alice) = enter(&app, &clock, ALICE).await;
    let me = identity::declare_own(&app, &alice, "11010519491231002x").await.unwrap();
    assert_eq!(me.person.person.identity_mask.as_deref(), Some("1****************X"));
    assert_eq!(me.person.person.birth_date, Some(day("1949-12-31")), "taken from the number");
    let found = persons::by_identity(app.store.reads(), &identity::hash(&app, &NUMBER.parse().unwrap())).await.unwrap();
    assert_eq!(found.map(|person| person.id), Some(alice.person));

    let (_, bob) = enter(&app, &clock, BOB).await;
    assert_eq!(code_of(identity::declare_own(&app, &bob, NUMBER).await), Code::IdentityNumberTaken);
    assert_eq!(code_of(identity::declare_own(&app, &bob, "110105194912310021").await), Code::IdentityNumberInvalid);
    born(&app, &bob, "王二", "1990-01-01").await;
    assert_eq!(code_of(identity::declare_own(&app, &bob, NUMBER).await), Code::IdentityMismatch);

    let consent = consents::give(&app, &alice, "identity_number").await.unwrap().consent.unwrap();
    consents::withdraw(&app, &alice, consent.id).await.unwrap();
    let me = profile::me(&app, &alice).await.unwrap();
    assert_eq!(me.person.person.identity_mask, None, "without consent the number is deleted");
}

#[tokio::test]
async fn households_hold_ten_minors_with_consent_under_fourteen() {
    let (app, clock, _folder) = world().await;
    let (_, actor) = enter(&app, &clock, ALICE).await;
    let child = |birth_date: &str, consent| NewWard {
        name: "小一".into(),
        birth_date: day(birth_date),
        relation: Relation::Grandparent,
        consent_under_14: consent,
    };
    assert_eq!(code_of(household::add(&app, &actor, child("2020-05-01", true)).await), Code::GuardianTooYoung);
    born(&app, &actor, "林一", "1960-01-01").await;
    assert_eq!(code_of(household::add(&app, &actor, child("2020-05-01", false)).await), Code::ConsentMissing);
    assert_eq!(code_of(household::add(&app, &actor, child("2000-05-01", true)).await), Code::NotAMinor);
    let young = household::add(&app, &actor, child("2020-05-01", true)).await.unwrap();
    household::add(&app, &actor, child("2010-05-01", false)).await.unwrap();
    for _ in 2..10 {
        household::add(&app, &actor, child("2015-05-01", true)).await.unwrap();
    }
    assert_eq!(code_of(household::add(&app, &actor, child("2015-05-01", true)).await), Code::HouseholdFull);

    let (_, stranger) = enter(&app, &clock, BOB).await;
    assert_eq!(code_of(household::remove(&app, &stranger, young.person.id).await), Code::NotFound);
    let given = consents::list(&app, &actor).await.unwrap();
    let for_young = given.iter().filter_map(|view| view.consent.as_ref()).find(|one| one.person == young.person.id);
    consents::withdraw(&app, &actor, for_young.unwrap().id).await.unwrap();
    let left = household::list(&app, &actor).await.unwrap();
    assert_eq!(left.len(), 9, "without consent the child leaves the household");
    let forgotten = persons::persons(app.store.reads(), &[young.person.id]).await.unwrap();
    assert_eq!((forgotten[0].name.as_str(), forgotten[0].birth_date), ("", None));

    clock.advance(Span::days(366 * 3));
    assert_eq!(household::list(&app, &actor).await.unwrap().len(), 8, "who comes of age acts for themselves");
}

#[tokio::test]
async fn staff_verify_whom_they_govern_and_never_themselves() {
    let (app, clock, _folder) = world().await;
    let community = a_community(&app).await;
    let (_, alice) = enter(&app, &clock, ALICE).await;
    born(&app, &alice, "林一", "1949-12-31").await;
    let version = profile::me(&app, &alice).await.unwrap().person.person.version;
    let lives = Changes { version, community: Some(community.clone()), ..Changes::default() };
    profile::change(&app, &alice, lives).await.unwrap();
    let (staff_login, staff) = enter(&app, &clock, BOB).await;
    appoint(&app, &staff, Role::CommunityStaff, Scope::Area("130903002001".parse().unwrap())).await;
    let staff = sessions::authenticate(&app, &staff_login.token).await.unwrap();
    let seen = |fact| Seen { fact, document: "户口簿".into(), expires_on: Some(day("2027-11-23")) };
    let elsewhere = verification::verify(&app, &staff, alice.person, seen(Fact::BirthDate)).await;
    assert_eq!(code_of(elsewhere), Code::RoleMissing);

    appoint(&app, &staff, Role::CommunityStaff, Scope::Area(community)).await;
    let staff = sessions::authenticate(&app, &staff_login.token).await.unwrap();
    assert_eq!(
        code_of(verification::verify(&app, &staff, staff.person, seen(Fact::Identity)).await),
        Code::SelfVerification
    );
    let facts = verification::verify(&app, &staff, alice.person, seen(Fact::BirthDate)).await.unwrap();
    assert_eq!(facts[1].status, FactStatus::Verified);
    verification::verify(&app, &staff, alice.person, seen(Fact::Residence)).await.unwrap();

    let version = profile::me(&app, &alice).await.unwrap().person.person.version;
    let younger = Changes { version, birth_date: Some(day("1960-01-01")), ..Changes::default() };
    assert_eq!(code_of(profile::change(&app, &alice, younger).await), Code::BirthDateLocked);
    let moved = Changes { version, address: Some("甲路 1 号".into()), ..Changes::default() };
    let me = profile::change(&app, &alice, moved).await.unwrap();
    assert_eq!(me.person.facts[2].status, FactStatus::Declared, "another address is not the one that was seen");
    clock.advance(Span::days(366));
    let me = profile::me(&app, &alice).await.unwrap();
    assert_eq!(me.person.facts[1].status, FactStatus::Expired);

    let lines = audit::of_subject(app.store.reads(), alice.person, None, 100).await.unwrap();
    assert_eq!(lines.iter().filter(|line| line.action == "fact.verified").count(), 2);
}

#[tokio::test]
async fn streets_appoint_below_them_and_the_district_everywhere() {
    let (app, clock, _folder) = world().await;
    let community = a_community(&app).await;
    let street = community.parent().unwrap();
    let (login, boss) = enter(&app, &clock, ALICE).await;
    appoint(&app, &boss, Role::StreetStaff, Scope::Area(street.clone())).await;
    let boss = sessions::authenticate(&app, &login.token).await.unwrap();
    let (colleague, _) = enter(&app, &clock, BOB).await;
    let role =
        |role, area| NewRole { phone: BOB.into(), role, area: Some(area), organisation: None, valid_until: None };
    for wrong in [
        role(Role::StreetStaff, street.clone()),
        role(Role::CommunityStaff, street),
        role(Role::CaseWorker, community.clone()),
    ] {
        assert_eq!(code_of(roles::give(&app, &boss, wrong).await), Code::GrantUnknown);
    }
    let given = roles::give(&app, &boss, role(Role::CommunityStaff, community)).await.unwrap();
    let actor = sessions::authenticate(&app, &colleague.token).await.unwrap();
    assert!(actor.has(Role::CommunityStaff), "known at once, also where the actor was remembered");
    roles::end(&app, &boss, given.id).await.unwrap();
    let actor = sessions::authenticate(&app, &colleague.token).await.unwrap();
    assert!(!actor.has(Role::CommunityStaff));
    assert_eq!(code_of(roles::end(&app, &boss, given.id).await), Code::NotFound);
}

#[tokio::test]
async fn desks_find_whole_phones_and_register_people_without_one() {
    let (app, clock, _folder) = world().await;
    let (_, alice) = enter(&app, &clock, ALICE).await;
    let (_, staff) = enter(&app, &clock, BOB).await;
    let new = NewPerson { name: "赵奶奶".into(), phone: Some(ALICE.into()), birth_date: None, community: None };
    let registered = desk::register(&app, &staff, new).await.unwrap();
    let found = desk::find(&app, &staff, Wanted::Phone(ALICE)).await.unwrap();
    let ids: Vec<_> = found.iter().map(|one| one.view.person.id).collect();
    assert_eq!(ids, [alice.person, registered.view.person.id]);
    assert_eq!(code_of(desk::find(&app, &staff, Wanted::Phone("1991111")).await), Code::PhoneInvalid);
    let lines = audit::of_subject(app.store.reads(), alice.person, None, 1).await.unwrap();
    assert_eq!(lines[0].action, "person.looked_up");
}

#[tokio::test]
async fn a_closed_account_is_about_nobody_and_its_phone_is_free() {
    let (app, clock, _folder) = world().await;
    let (login, alice) = enter(&app, &clock, ALICE).await;
    identity::declare_own(&app, &alice, NUMBER).await.unwrap();
    let document = export::document(&app, &alice).await.unwrap();
    assert_eq!(document["account"]["phone"], ALICE);
    assert!(!document.to_string().contains(NUMBER) && !document.to_string().contains("null"));
    closing::close(&app, &alice).await.unwrap();
    assert_eq!(code_of(sessions::authenticate(&app, &login.token).await), Code::TokenInvalid);
    let row = &persons::persons(app.store.reads(), &[alice.person]).await.unwrap()[0];
    assert_eq!((row.name.as_str(), row.identity_mask.as_deref(), row.birth_date), ("", None, None));
    assert!(!audit::of_subject(app.store.reads(), alice.person, None, 1).await.unwrap().is_empty(), "the record stays");
    let (_, again) = enter(&app, &clock, ALICE).await;
    assert_ne!(again.person, alice.person);
}
