//! What visits are paid: written once, corrected by counter-entries, and the same in every statement.

use std::collections::BTreeMap;

use futures::FutureExt;
use futures::future::join_all;
use linli_application::ledger;
use linli_application::{App, Failure};
use linli_domain::geo::Wgs84;
use linli_domain::id::{OrderId, OrganisationId, WorkerId};
use linli_domain::platform::{PriceForm, Way};
use linli_domain::refusal::Code;
use linli_domain::time::{Day, Instant, Span};
use linli_domain::visit::VisitState;
use linli_store::booking::Order;
use linli_store::market::visits::{self, Visit};
use reqwest::StatusCode;
use sea_orm::QueryResult;
use serde_json::{Value, json};

use crate::harness::books::{count, rows};
use crate::harness::people::{CASE_WORKER, COMMUNITY, DISTRICT, MANAGER, NEWCOMER};
use crate::harness::{Client, Offer, World, on_both, wish};

/// A worker's file, for somebody of the demo.
async fn worker(world: &World, phone: &str, organisation: Option<OrganisationId>) -> (WorkerId, Client) {
    let (actor, id) = (world.staff(phone).await, WorkerId(world.app.next_id()));
    let (person, account) = (actor.person.0, actor.account.0);
    let employer = organisation.map_or_else(|| "NULL".to_owned(), |id| id.0.to_string());
    let sql = format!(
        "INSERT INTO workers (id, version, person_id, account_id, organisation_id, state, name, gender, travel, \
         created_at, changed_at) VALUES ({}, 1, {person}, {account}, {employer}, 'verified', '师傅', 'unsaid', 'foot', 0, 0) \
         RETURNING id",
        id.0
    );
    assert_eq!(count(&world.app, &sql).await, 1);
    (id, world.client_of(&actor).await)
}

/// Orders of as many residents, in the order they were placed.
async fn orders(world: &World, number: usize) -> Vec<Order> {
    let offering = world.offer(Offer { capacity: 100, ..Offer::default() }, |_| {}).await;
    let start = world.at(1, "09:30");
    let mut orders = Vec::new();
    for actor in world.residents(number).await {
        let (id, _) = world.app.place(&actor, wish(offering, start), "visit").await.unwrap();
        orders.push(linli_store::booking::orders::one(world.app.store.reads(), id).await.unwrap().unwrap());
    }
    orders
}

/// A visit that was done: on the way for ten minutes, then at work.
fn done(order: &Order, worker: WorkerId, (form, pay_by): (PriceForm, &str), at: Instant, minutes: i64) -> Visit {
    let started = at - Span::minutes(minutes);
    Visit {
        order: order.id,
        kind: order.kind.clone(),
        state: VisitState::Done,
        worker: Some(worker),
        way: Way::Ranked,
        wave: 0,
        next_look: None,
        find_until: at,
        nobody_at: None,
        sought_since: at,
        is_now: false,
        from: started,
        until: at,
        minutes: 60,
        address: "演示小区".into(),
        detail: String::new(),
        compound: None,
        point: Wgs84 { latitude: 38.3, longitude: 116.86 },
        thing: String::new(),
        wider: false,
        wishes: json!({}),
        note: String::new(),
        is_private: true,
        price_form: form,
        pay_by: pay_by.into(),
        quote: (form == PriceForm::Quote).then(|| (1_234, "换一个阀门".into(), "agreed".into())),
        start_code: "1234".into(),
        code_tries: 0,
        accept_by: None,
        arrive_by: None,
        climbed: 0,
        reasons: json!([]),
        travel_seconds: None,
        accepted_at: Some(started - Span::minutes(15)),
        on_way_at: Some(started - Span::minutes(10)),
        arrived_at: Some(started),
        started_at: Some(started),
        done_at: Some(at),
        start_reason: String::new(),
        late_told: false,
        failure: String::new(),
    }
}

/// Writes the visit, if it is new, and what it is paid.
async fn post(app: &App, order: &Order, visit: &Visit, received: Option<i64>, is_new: bool) -> Result<i64, Failure> {
    let (this, order, visit) = (app.clone(), order.clone(), visit.clone());
    app.store
        .write(move |tx| {
            async move {
                if is_new {
                    visits::insert(tx, &[&visit]).await?;
                }
                ledger::post_visit(&this, tx, &order, &visit, received).await
            }
            .boxed()
        })
        .await
}

async fn correct(staff: &Client, order: OrderId, fen: i64) {
    let path = format!("/api/desk/statements/orders/{order}/correct");
    staff.post(&path, json!({ "fen": fen, "reason": "金额记错" })).await.expect(StatusCode::NO_CONTENT);
}

/// What must be true of all entries whatever has happened.
async fn entries_balance(app: &App) {
    let wrong = "SELECT e.id FROM ledger_entries e LEFT JOIN ledger_postings p ON p.entry_id = e.id \
                 GROUP BY e.id HAVING COUNT(p.number) < 2 OR SUM(p.amount_fen) <> 0";
    assert_eq!(count(app, wrong).await, 0, "every entry sums to nothing");
}

fn sum(items: &Value, field: &str) -> i64 {
    items.as_array().unwrap().iter().map(|item| item[field].as_i64().unwrap()).sum()
}

on_both! {
    async fn statements_say_what_was_paid_to_the_fen(world) {
        const VISITS: usize = 36;
        let orders = orders(world, VISITS).await;
        let company = orders[0].organisation;
        let (alone, by_herself) = worker(world, NEWCOMER, None).await;
        let (employed, of_the_company) = worker(world, CASE_WORKER, Some(company)).await;
        let district = world.client_of(&world.staff(DISTRICT).await).await;
        let draw = |below: u64| world.app.random.below(below) as usize;

        // By worker and week: cash, what the district pays, minutes.
        let mut expected: BTreeMap<(WorkerId, Day), (i64, i64, i64)> = BTreeMap::new();
        let now = world.app.now();
        for mut order in orders {
            let form = PriceForm::ALL[draw(4)];
            let pay_by = if form == PriceForm::Free { "free" } else { ["cash", "district"][draw(2)] };
            let who = [alone, employed][draw(2)];
            let (minutes, at) = (1 + draw(200) as i64, now - Span::days(7 * draw(3) as i64) + Span::minutes(draw(300) as i64));
            order.price_fen = 1 + draw(20_000) as i64;
            let due = if pay_by == "free" { 0 } else { order.price_fen };
            let visit = done(&order, who, (form, pay_by), at, minutes);
            let paid = post(&world.app, &order, &visit, None, true).await.unwrap();
            assert_eq!(paid, due, "{form:?} by {pay_by}");
            let week = expected.entry((who, at.day().monday())).or_default();
            week.2 += minutes + 10;
            if due > 0 {
                if pay_by == "cash" { week.0 += due } else { week.1 += due }
                if draw(4) == 0 {
                    let right = draw(10_000) as i64;
                    correct(&district, order.id, right).await;
                    correct(&district, order.id, right).await;
                    let week = expected.entry((who, now.day().monday())).or_default();
                    if pay_by == "cash" { week.0 += right - due } else { week.1 += right - due }
                }
            }
        }
        entries_balance(&world.app).await;

        let mut all = 0;
        for ((who, monday), (cash, paid_by_district, minutes)) in &expected {
            let (client, owed) = if *who == alone { (&by_herself, *paid_by_district) } else { (&of_the_company, 0) };
            let week = client.get(&format!("/api/work/earnings?week={}", monday.plus(3))).await.ok();
            let said = |field: &str| week[field].as_i64().unwrap();
            assert_eq!(
                (said("cash_fen"), said("district_fen"), said("owed_fen"), said("minutes_active")),
                (*cash, *paid_by_district, owed, *minutes)
            );
            assert_eq!((said("total_fen"), week["week"].as_str()), (cash + paid_by_district, Some(&*monday.to_string())));
            assert_eq!(sum(&week["jobs"], "fen"), cash + paid_by_district, "the lines are what the sum is made of");
            all += cash + paid_by_district;

            let file = client.get(&format!("/api/work/statements/{monday}/file?format=csv")).await.ok();
            let fen = |line: &str| {
                let cell = |n: usize| line.split(',').nth(n).unwrap().replace('.', "").parse::<i64>().unwrap_or(0);
                cell(5) - cell(6)
            };
            let lines: Vec<&str> = file.as_str().unwrap().lines().skip(1).collect();
            let (jobs, sums) = lines.split_at(lines.len() - 3);
            assert_eq!((jobs.iter().map(|line| fen(line)).sum::<i64>(), fen(sums[2])), (said("total_fen"), said("total_fen")));
        }

        // Week by week the same, newest first, over pages.
        let mut weeks = Vec::new();
        let mut next = Some(String::new());
        while let Some(before) = next {
            let page = by_herself.get(&format!("/api/work/statements?limit=1{before}")).await.ok();
            next = page["next"].as_str().map(|day| format!("&before={day}"));
            weeks.extend(page["items"].as_array().unwrap().clone());
        }
        let mine: Vec<(String, i64)> = expected
            .iter()
            .rev()
            .filter(|((who, _), (cash, district, _))| *who == alone && (*cash, *district) != (0, 0))
            .map(|((_, monday), (cash, district, _))| (monday.to_string(), cash + district))
            .collect();
        let listed = weeks.iter().map(|week| (week["week"].as_str().unwrap().to_owned(), week["total_fen"].as_i64().unwrap()));
        assert_eq!(listed.collect::<Vec<_>>(), mine);

        // And so the desk: for the district, for the organisation, by page.
        let mut seen = 0;
        for monday in expected.keys().map(|(_, monday)| *monday).collect::<std::collections::BTreeSet<_>>() {
            let of = |scope: String| format!("/api/desk/statements?week={monday}&{scope}");
            let whole = district.get(&of("area=130903000000".into())).await.ok();
            for statement in whole["items"].as_array().unwrap() {
                seen += sum(&statement["lines"], "fen");
                let employed = statement["worker_id"] == employed.to_string();
                for line in statement["lines"].as_array().unwrap() {
                    let to_company = line["organisation_id"] == company.to_string();
                    assert_eq!(to_company, employed && line["pay_by"] == "district", "{line}");
                    assert_eq!(line.get("budget").is_some(), line["pay_by"] == "district", "{line}");
                }
            }
            let by_company = district.get(&of(format!("organisation={company}"))).await.ok();
            assert_eq!(by_company["items"], whole["items"]);
            let first = district.get(&of("area=130903000000&limit=1".into())).await.ok();
            if let Some(cursor) = first["next"].as_str() {
                let second = district.get(&of(format!("area=130903000000&limit=1&cursor={cursor}"))).await.ok();
                let both = [first["items"].clone(), second["items"].clone()].map(|items| items.as_array().unwrap().clone());
                assert_eq!(both.concat(), *whole["items"].as_array().unwrap());
            }
        }
        assert_eq!(seen, all);

        let since = now.day().plus(-100);
        let paces = linli_store::market::paces::since(world.app.store.reads(), since).await.unwrap();
        let of = |who| expected.iter().filter(move |((one, _), _)| *one == who).map(|(_, week)| week);
        assert_eq!(paces.len(), 2);
        for who in [alone, employed] {
            let fen: i64 = of(who).map(|week| week.0 + week.1).sum();
            let pace = paces.iter().find(|pace| pace.worker == who).unwrap();
            assert_eq!((pace.fen, pace.active_minutes), (fen, 0), "they were never looked for");
        }
    }

    async fn a_visit_is_paid_once_and_never_too_much(world) {
        let orders = orders(world, 3).await;
        let (who, client) = worker(world, NEWCOMER, None).await;
        let now = world.app.now();
        let (mut one, mut other) = (orders[0].clone(), orders[1].clone());
        (one.price_fen, other.price_fen) = (6_000, 6_000);
        let cash = done(&one, who, (PriceForm::Fixed, "cash"), now, 30);
        let refusal = post(&world.app, &one, &cash, Some(6_001), true).await.unwrap_err().refusal();
        assert_eq!((refusal.code, refusal.field), (Code::PaymentTooMuch, Some("pay_received")));
        assert_eq!(post(&world.app, &one, &cash, Some(5_000), true).await.unwrap(), 5_000);
        // Reopened, and done once more.
        post(&world.app, &one, &cash, None, false).await.unwrap();
        assert_eq!(client.get("/api/work/earnings").await.ok()["cash_fen"], 5_000);

        // What the district pays is no cash: whatever they say they were given does not count.
        let owed = done(&other, who, (PriceForm::Hourly, "district"), now, 30);
        assert_eq!(post(&world.app, &other, &owed, Some(1), true).await.unwrap(), 6_000);
        assert_eq!(client.get("/api/work/earnings").await.ok()["owed_fen"], 6_000);

        // Nobody else reads or corrects it.
        let (community, manager) = (world.client_of(&world.staff(COMMUNITY).await).await, world.client_of(&world.staff(MANAGER).await).await);
        let resident = world.client_of(&world.resident().await).await;
        resident.get("/api/work/earnings").await.refused(404, "not_found");
        resident.get("/api/desk/statements?area=130903000000").await.refused(403, "role_missing");
        community.get("/api/desk/statements?area=130903000000").await.refused(404, "not_found");
        manager.get(&format!("/api/desk/statements?organisation={}", one.organisation)).await.refused(404, "not_found");
        let district = world.client_of(&world.staff(DISTRICT).await).await;
        district.get("/api/desk/statements").await.refused(422, "value_invalid");
        let path = |order: &Order| format!("/api/desk/statements/orders/{}/correct", order.id);
        let body = json!({ "fen": 1, "reason": "x" });
        manager.post(&path(&one), body.clone()).await.refused(403, "role_missing");
        district.post(&path(&orders[2]), body.clone()).await.refused(404, "not_found");
        district.post(&path(&one), json!({ "fen": -1, "reason": "x" })).await.refused(400, "malformed");
        district.post(&path(&one), json!({ "fen": 1, "reason": " " })).await.refused(422, "text_empty");
    }

    async fn many_corrections_at_once_leave_one_sum(world) {
        let mut order = orders(world, 1).await.remove(0);
        order.price_fen = 6_000;
        let (who, client) = worker(world, NEWCOMER, None).await;
        let visit = done(&order, who, (PriceForm::Fixed, "cash"), world.app.now(), 30);
        post(&world.app, &order, &visit, None, true).await.unwrap();
        let district = world.client_of(&world.staff(DISTRICT).await).await;
        join_all((0..12).map(|n| correct(&district, order.id, 1_000 * (n % 4)))).await;
        entries_balance(&world.app).await;
        let earnings = client.get("/api/work/earnings").await.ok();
        let total = earnings["total_fen"].as_i64().unwrap();
        assert!((0..4).any(|n| total == 1_000 * n), "{earnings}");
        assert_eq!(sum(&earnings["jobs"], "fen"), total);
        // All the way back, and again: nothing is erased.
        correct(&district, order.id, 0).await;
        correct(&district, order.id, 700).await;
        assert_eq!(client.get("/api/work/earnings").await.ok()["total_fen"], 700);
        let kept = |row: &QueryResult| row.try_get::<String>("", "what").unwrap();
        let first = rows(&world.app, "SELECT what FROM ledger_entries ORDER BY id LIMIT 1").await;
        assert_eq!(kept(&first[0]), "visit.paid");
    }
}
