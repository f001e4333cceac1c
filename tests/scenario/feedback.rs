//! How it went: both sides speak, somebody sees to what was poor, and figures tell nobody's secret.

use futures::FutureExt;
use linli_domain::id::{OrderId, WorkerId};
use linli_domain::role::Actor;
use linli_domain::time::{Instant, Span};
use linli_store::market::ratings::qualities_of;
use linli_store::{Reads, StoreError};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::{at_desk, book, id, inbox, look, step};
use crate::harness::books::{balance, count};
use crate::harness::people::{CASE_WORKER, CLINIC_DESK, COMMUNITY, DISTRICT, HE, LIN, MANAGER, STREET};
use crate::harness::{Client, Offer, World, on_both};

impl World {
    /// An order of somebody with the clinic, done just now.
    async fn served(&self, client: &Client) -> Value {
        let offer = Offer { beside: "shuiyuesi_gp_chen", capacity: 20, days: Some(0), ..Offer::default() };
        let offering = self.offer(offer, |rules| rules.closes_minutes_before = 0).await;
        let order = book(client, offering, self.at(0, "09:30")).await;
        let desk = self.client_of(&self.staff(DISTRICT).await).await;
        for step in ["check-in", "call", "done"] {
            at_desk(&desk, &order, step).await;
        }
        look(client, &order).await
    }

    /// Makes an order one that somebody came for: the visit was done at `done_at`.
    async fn came(&self, order: &Value, actor: &Actor, kind: &'static str, done_at: Instant) -> WorkerId {
        let worker = WorkerId(self.app.next_id());
        let (person, account, now) = (actor.person.0, actor.account.0, self.app.now().0);
        self.run(format!(
            "INSERT INTO workers (id, version, person_id, account_id, state, name, gender, travel, created_at, \
             changed_at) VALUES ({}, 1, {person}, {account}, 'verified', '演示师傅·测', 'unsaid', 'foot', {now}, {now})",
            worker.0
        ))
        .await;
        self.came_again(order, worker, kind, done_at).await;
        worker
    }

    /// The same, by somebody who has come before.
    async fn came_again(&self, order: &Value, worker: WorkerId, kind: &'static str, done_at: Instant) {
        let order: OrderId = id(order).parse().unwrap();
        let now = self.app.now().0;
        self.run(format!(
            "INSERT INTO visits (order_id, kind, state, worker_id, way, find_until, is_now, window_from, window_until, \
             minutes, address_text, latitude, longitude, price_form, pay_by, start_code, arrived_at, started_at, done_at) \
             VALUES ({}, '{kind}', 'done', {}, 'ranked', {now}, FALSE, {now}, {}, 30, '演示路 1 号', 38.3, 116.83, 'free', \
             'free', '1234', {now}, {now}, {})",
            order.0,
            worker.0,
            now + Span::hours(2).0,
            done_at.0
        ))
        .await;
    }

    async fn run(&self, statement: String) {
        self.app
            .store
            .write(move |tx| {
                async move {
                    tx.connection().execute_unprepared(&statement).await?;
                    Ok::<_, StoreError>(())
                }
                .boxed()
            })
            .await
            .unwrap();
    }

    async fn desk_of(&self, phone: &str) -> Client {
        self.client_of(&self.staff(phone).await).await
    }
}

fn rating(order: &Value) -> String {
    format!("/api/orders/{}/rating", id(order))
}

fn ratings(order: &Value) -> String {
    format!("/api/orders/{}/ratings", id(order))
}

fn of_worker(order: &Value) -> String {
    format!("/api/work/jobs/{}/rating", id(order))
}

fn level(level: u8) -> Value {
    json!({ "level": level })
}

fn matter(one: &Value, step: &str) -> String {
    format!("/api/matters/{}/{step}", id(one))
}

fn desk_matter(one: &Value, step: &str) -> String {
    format!("/api/desk/matters/{}/{step}", id(one))
}

async fn desk_list(desk: &Client, query: &str) -> Vec<Value> {
    desk.get(&format!("/api/desk/matters?{query}")).await.ok()["items"].as_array().unwrap().clone()
}

fn events(one: &Value) -> Vec<&str> {
    one["timeline"].as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap()).collect()
}

on_both! {
    async fn neither_side_reads_the_other_before_both_have_spoken(world) {
        let lin = world.log_in(LIN).await;
        let order = world.served(&lin).await;
        let who = world.resident().await;
        let worker = world.came(&order, &who, "property.home_repair", world.app.now()).await;
        let came = world.client_of(&who).await;
        assert!(order["actions"].as_array().unwrap().contains(&json!("rate")), "{order}");

        // She rates; the worker cannot tell, not even by the mean.
        let said = json!({ "level": 4, "tags": ["on_time"], "words": "谢谢" });
        let mine = lin.post(&rating(&order), said).await.expect(reqwest::StatusCode::CREATED);
        assert_eq!((&mine["resident"]["level"], &mine["resident"]["level_words"]["zh"]), (&json!(4), &json!("满意")));
        assert_eq!((&mine["resident"]["tags"][0]["words"]["en"], &mine["actions"]), (&json!("On time"), &json!(["edit_rating"])));
        let theirs = came.get(&ratings(&order)).await.ok();
        assert_eq!((theirs.get("resident"), &theirs["actions"]), (None, &json!(["rate"])));
        assert!(world.app.reputations(&[worker]).await.unwrap().is_empty());
        came.post(&format!("/api/ratings/{}/answer", id(&order)), json!({ "words": "不客气" })).await.refused(404, "not_found");
        came.post(&format!("/api/ratings/{}/report", id(&order)), json!({ "reason": "不实" })).await.refused(404, "not_found");

        // She changes it, the sum follows; then the worker speaks, and both read both.
        let changed = lin.put(&rating(&order), json!({ "level": 5, "tags": ["friendly"] })).await.ok();
        assert_eq!((&changed["resident"]["level"], changed["resident"].get("words")), (&json!(5), None));
        let sums = qualities_of(world.app.store.reads(), &[worker]).await.unwrap();
        assert_eq!((sums[&worker].count, sums[&worker].sum), (1, 5));
        let theirs = came.post(&of_worker(&order), json!({ "level": 3 })).await.expect(reqwest::StatusCode::CREATED);
        assert_eq!((&theirs["resident"]["level"], &theirs["worker"]["level"]), (&json!(5), &json!(3)));
        let mine = lin.get(&ratings(&order)).await.ok();
        assert_eq!((&mine["worker"]["level"], mine.get("shown_from")), (&json!(3), None));
        assert_eq!(world.app.reputations(&[worker]).await.unwrap()[&worker].count, 1);
        world.work().await;
        assert_eq!((inbox(&lin).await[0].as_str(), inbox(&came).await[0].as_str()), ("rating.shown", "rating.shown"));

        // What each has read of the other is not answered by changing one's own word.
        lin.put(&rating(&order), level(1)).await.refused(409, "rating_shown");
        came.put(&of_worker(&order), level(1)).await.refused(409, "rating_shown");

        // An answer, once; it stands with the order.
        let answer = format!("/api/ratings/{}/answer", id(&order));
        lin.post(&answer, json!({ "words": "我自己答" })).await.refused(404, "not_found");
        let answered = came.post(&answer, json!({ "words": "下次见" })).await.ok();
        assert_eq!(answered["resident"]["answer"], "下次见");
        came.post(&answer, json!({ "words": "再说一句" })).await.refused(409, "rating_answered");
        world.desk_of(CLINIC_DESK).await.post(&answer, json!({ "words": "我们也说" })).await.refused(409, "rating_answered");
        assert_eq!(look(&lin, &order).await["rating"]["answer"], "下次见");
        balance(&world.app).await;
    }

    async fn after_seven_days_one_side_is_read_without_the_other(world) {
        let lin = world.log_in(LIN).await;
        let order = world.served(&lin).await;
        let who = world.resident().await;
        let worker = world.came(&order, &who, "property.home_repair", world.app.now()).await;
        let mine = lin.post(&rating(&order), json!({ "level": 5, "words": "很好" })).await.ok();
        assert_eq!(mine["shown_from"], "2026-11-30T09:00:00+08:00");
        world.advance(Span(Span::days(7).0 - 1)).await;
        let came = world.client_of(&who).await;
        assert_eq!(came.get(&ratings(&order)).await.ok().get("resident"), None);
        world.advance(Span(1)).await;
        assert_eq!(came.get(&ratings(&order)).await.ok()["resident"]["words"], "很好");
        let reviews = world.app.reviews(worker, 10).await.unwrap();
        assert_eq!((reviews.len(), reviews[0].words.as_str()), (1, "很好"));
        // Speaking late still counts, and is read at once.
        came.post(&of_worker(&order), level(5)).await.ok();
        let lin = world.client_of(&world.staff(LIN).await).await;
        assert_eq!(lin.get(&ratings(&order)).await.ok()["worker"]["level"], 5);
    }

    async fn a_worker_reads_what_was_said_of_all_jobs_on_one_list(world) {
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let (first, second) = (world.served(&lin).await, world.served(&he).await);
        let who = world.resident().await;
        world.came(&first, &who, "property.home_repair", world.app.now()).await;
        let came = world.client_of(&who).await;
        let other = world.resident().await;
        world.came(&second, &other, "property.home_repair", world.app.now()).await;
        let list = "/api/work/ratings";
        lin.get(list).await.refused(403, "worker_only");

        // What may not be read yet is not listed, and what was said of others never is.
        lin.post(&rating(&first), json!({ "level": 4, "words": "谢谢" })).await.ok();
        he.post(&rating(&second), json!({ "level": 1 })).await.ok();
        world.client_of(&other).await.post(&of_worker(&second), level(5)).await.ok();
        assert_eq!(came.get(list).await.ok(), json!({ "items": [] }));
        came.post(&of_worker(&first), level(5)).await.ok();
        let page = came.get(list).await.ok();
        assert_eq!((page["items"].as_array().unwrap().len(), page.get("next")), (1, None));
        let one = &page["items"][0];
        // The same as the job itself shows, and what the job was.
        assert_eq!(one["ratings"], came.get(&ratings(&first)).await.ok());
        assert_eq!((&one["kind_name"]["zh"], &one["start"]), (&first["kind_name"]["zh"], &first["start"]));
        assert!(one["ratings"]["actions"].as_array().unwrap().contains(&json!("answer")), "{one}");
        let mut keys: Vec<_> = one.as_object().unwrap().keys().cloned().collect();
        keys.sort_unstable();
        assert_eq!(keys, ["kind_name", "ratings", "start"], "nothing more of the resident");
    }

    async fn ratings_come_in_pages_the_newest_first(world) {
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let who = world.resident().await;
        let (first, second) = (world.served(&lin).await, world.served(&he).await);
        let worker = world.came(&first, &who, "property.home_repair", world.app.now()).await;
        world.came_again(&second, worker, "property.home_repair", world.app.now()).await;
        let came = world.client_of(&who).await;
        for (client, order) in [(&he, &second), (&lin, &first)] {
            client.post(&rating(order), level(5)).await.ok();
            came.post(&of_worker(order), level(5)).await.ok();
            world.advance(Span::minutes(1)).await;
        }
        let (mut seen, mut query) = (vec![], "?limit=1".to_owned());
        loop {
            let page = came.get(&format!("/api/work/ratings{query}")).await.ok();
            seen.extend(page["items"].as_array().unwrap().iter().map(|one| one["ratings"]["order_id"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            query = format!("?limit=1&cursor={next}");
        }
        assert_eq!(seen, [id(&first), id(&second)]);
        came.get("/api/work/ratings?cursor=nonsense").await.refused(400, "malformed");
    }

    async fn ratings_that_cannot_be(world) {
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let advice = world.offering("property_advice").await;
        let coming = book(&lin, advice, world.at(1, "09:00")).await;
        lin.post(&rating(&coming), level(5)).await.refused(409, "rating_too_early");
        let order = world.served(&lin).await;

        // Somebody else's does not exist, nor for a worker who did not come.
        he.post(&rating(&order), level(1)).await.refused(404, "not_found");
        he.put(&rating(&order), level(1)).await.refused(404, "not_found");
        he.get(&ratings(&order)).await.refused(404, "not_found");
        he.post(&of_worker(&order), level(1)).await.refused(403, "worker_only");
        lin.post(&of_worker(&order), level(1)).await.refused(403, "worker_only");
        world.desk_of(CASE_WORKER).await.get(&ratings(&order)).await.refused(404, "not_found");
        lin.put(&rating(&order), level(4)).await.refused(404, "not_found");

        for (wrong, field) in [
            (json!({ "level": 5, "tags": ["late"] }), "tags"),
            (json!({ "level": 5, "tags": ["on_time", "on_time"] }), "tags"),
            (json!({ "level": 5, "tags": ["left_tidy"] }), "tags"),
        ] {
            let no = lin.post(&rating(&order), wrong).await.refused(422, "value_invalid");
            assert_eq!(no["field"], field);
            assert!(no["detail"].as_str().unwrap().contains("friendly"), "{no}");
        }
        for outside in [0, 6, 255] {
            lin.post(&rating(&order), level(outside)).await.expect(reqwest::StatusCode::BAD_REQUEST);
        }
        lin.post(&rating(&order), json!({ "level": 5, "words": "长".repeat(501) })).await.refused(422, "text_too_long");
        lin.post(&rating(&order), json!({ "level": 5, "words": "  " })).await.refused(422, "text_empty");
        let strange = json!({ "level": 5, "picture_ids": ["0000000000000"] });
        lin.post(&rating(&order), strange).await.refused(422, "file_unknown");
        assert_eq!(count(&world.app, "SELECT 1 FROM ratings").await, 0);

        // Once; for a day; and not after thirty days.
        lin.post(&rating(&order), level(5)).await.ok();
        lin.post(&rating(&order), level(4)).await.refused(409, "rating_exists");
        let other = world.served(&he).await;
        world.advance(Span(Span::days(1).0 - 1)).await;
        lin.put(&rating(&order), level(4)).await.ok();
        world.advance(Span(1)).await;
        let late = lin.put(&rating(&order), level(3)).await.refused(409, "rating_edit_late");
        assert!(late["detail"].as_str().unwrap().contains("Tue 24 Nov, 9:00 am"), "{late}");
        world.advance(Span::days(29)).await;
        let he = world.client_of(&world.staff(HE).await).await;
        he.post(&rating(&other), level(5)).await.refused(409, "rating_too_late");
        let actions = look(&he, &other).await["actions"].to_string();
        assert!(actions.contains("complain") && !actions.contains("rat"), "{actions}");
    }

    async fn a_poor_rating_is_somebodys_work_until_it_is_answered(world) {
        let (lin, manager) = (world.log_in(LIN).await, world.desk_of(MANAGER).await);
        let order = world.served(&lin).await;
        lin.post(&rating(&order), json!({ "level": 2, "tags": ["waited_long"], "words": "等了一个小时" })).await.ok();
        world.work().await;

        // The clinic's manager has it, and is told; the number is shown to nobody else.
        assert_eq!(inbox(&manager).await[0], "matter.assigned");
        let mine = desk_list(&manager, "mine=true").await;
        assert_eq!((mine.len(), &mine[0]["form"], &mine[0]["level"], &mine[0]["state"]), (1, &json!("poor_rating"), &json!("organisation"), &json!("open")));
        assert_eq!((&mine[0]["rating"]["level"], &mine[0]["rating"]["words"], &mine[0]["phone"]), (&json!(2), &json!("等了一个小时"), &json!(LIN)));
        assert_eq!((&mine[0]["contact_by"], &mine[0]["answer_by"]), (&json!("2026-11-24T09:00:00+08:00"), &json!("2026-12-08T09:00:00+08:00")));
        let one = &mine[0];
        let colleague = world.desk_of(CLINIC_DESK).await;
        assert_eq!(desk_list(&colleague, "form=poor_rating").await[0].get("phone"), None);
        // The community looks on; the street office and the district when it comes up to them.
        assert_eq!(desk_list(&world.desk_of(COMMUNITY).await, "state=open").await.len(), 1);
        for phone in [STREET, DISTRICT] {
            let desk = world.desk_of(phone).await;
            assert!(desk_list(&desk, "state=open").await.is_empty(), "{phone}");
            desk.post(&desk_matter(one, "take"), json!({})).await.refused(404, "not_found");
            desk.get(&format!("/api/matters/{}", id(one))).await.refused(404, "not_found");
        }

        let contacted = manager.post(&desk_matter(one, "contacted"), json!({ "words": "已电话致歉" })).await.ok();
        assert_eq!((&contacted["state"], &contacted["actions"]), (&json!("contacted"), &json!(["contacted", "answer", "climb"])));
        let hers = lin.get(&format!("/api/matters/{}", id(one))).await.ok();
        assert_eq!((&hers["state"], hers.get("phone"), &hers["actions"]), (&json!("contacted"), None, &json!(["climb", "withdraw"])));
        lin.post(&matter(one, "follow-rating"), level(4)).await.refused(409, "matter_not_possible");
        manager.post(&desk_matter(one, "answer"), json!({ "words": "已增加一名导诊" })).await.ok();
        world.work().await;
        assert_eq!(inbox(&lin).await[0], "matter.answered");
        let closed = lin.post(&matter(one, "follow-rating"), level(2)).await.ok();
        assert_eq!((&closed["state"], &closed["follow_level"]), (&json!("closed"), &json!(2)));
        lin.post(&matter(one, "follow-rating"), level(5)).await.refused(409, "matter_followed");
        let up = lin.post(&matter(one, "climb"), json!({ "words": "仍不满意" })).await.ok();
        assert_eq!((&up["state"], &up["level"], &up["late"]), (&json!("open"), &json!("community"), &json!(false)));
        assert_eq!(events(&up), ["opened", "contacted", "answered", "follow_rated", "climbed"]);
        assert_eq!(up["timeline"][2]["words"], "已增加一名导诊");
        balance(&world.app).await;
    }

    async fn raised_before_anybody_called_it_is_nobodys_work(world) {
        let lin = world.log_in(LIN).await;
        let order = world.served(&lin).await;
        lin.post(&rating(&order), level(1)).await.ok();
        lin.put(&rating(&order), level(4)).await.ok();
        let manager = world.desk_of(MANAGER).await;
        assert_eq!(desk_list(&manager, "form=poor_rating").await[0]["state"], "withdrawn");
        lin.put(&rating(&order), level(2)).await.ok();
        let again = &desk_list(&manager, "form=poor_rating").await[0];
        assert_eq!((&again["state"], events(again)), (&json!("open"), vec!["opened", "withdrawn", "renewed"]));
        assert_eq!(count(&world.app, "SELECT 1 FROM matters").await, 1);
    }

    async fn what_is_late_climbs_rung_by_rung_and_is_listed(world) {
        let lin = world.log_in(LIN).await;
        let order = world.served(&lin).await;
        lin.post(&rating(&order), level(1)).await.ok();
        world.work().await;
        for (phone, rung) in [(COMMUNITY, "community"), (STREET, "street"), (DISTRICT, "district")] {
            world.advance(Span::days(1)).await;
            world.work().await;
            world.work().await;
            let desk = world.desk_of(phone).await;
            let mine = desk_list(&desk, "mine=true&state=open").await;
            assert_eq!((mine.len(), mine[0]["level"].as_str()), (1, Some(rung)));
            assert_eq!(inbox(&desk).await[0], "matter.assigned");
            assert!(mine[0]["climbed_at"].is_string() && mine[0]["late"] == json!(false));
        }
        world.advance(Span::days(1)).await;
        world.work().await;
        let district = world.desk_of(DISTRICT).await;
        let late = desk_list(&district, "state=late").await;
        assert_eq!((late.len(), &late[0]["late"], &late[0]["level"]), (1, &json!(true), &json!("district")));
        district.post(&desk_matter(&late[0], "climb"), json!({ "reason": "上级处理" })).await.refused(409, "matter_at_top");
        district.post(&desk_matter(&late[0], "answer"), json!({ "words": "已处理" })).await.ok();
        assert!(desk_list(&district, "state=late").await.is_empty());
        // Whoever does not rate the outcome has not said that they are satisfied; it is closed all the same.
        world.advance(Span::days(15)).await;
        world.work().await;
        let district = world.desk_of(DISTRICT).await;
        let closed = &desk_list(&district, "state=closed").await[0];
        assert_eq!(closed.get("follow_level"), None);
    }

    async fn a_complaint_about_anything_at_any_time(world) {
        let (lin, he) = (world.log_in(LIN).await, world.log_in(HE).await);
        let said = json!({ "form": "complaint", "words": "楼道灯坏了半个月" });
        let mine = lin.post("/api/matters", said.clone()).await.expect(reqwest::StatusCode::CREATED);
        assert_eq!((&mine["level"], mine.get("order_id"), &mine["state"]), (&json!("community"), None, &json!("open")));
        // The same words again are the same matter.
        assert_eq!(lin.post("/api/matters", said).await.ok()["id"], mine["id"]);
        he.get(&format!("/api/matters/{}", id(&mine))).await.refused(404, "not_found");
        for step in ["climb", "withdraw"] {
            he.post(&matter(&mine, step), json!({})).await.refused(404, "not_found");
        }
        // On an order that has not even begun, by its subject alone.
        let order = book(&lin, world.offering("property_advice").await, world.at(1, "09:00")).await;
        let about = |form: &str| json!({ "form": form, "order_id": id(&order), "words": "电话打不通" });
        he.post("/api/matters", about("complaint")).await.refused(404, "not_found");
        let on_order = lin.post("/api/matters", about("complaint")).await.ok();
        assert_eq!(on_order["order_id"], order["id"]);
        let praise = lin.post("/api/matters", about("praise")).await.ok();
        assert_eq!((praise.get("contact_by"), &praise["actions"]), (None, &json!(["withdraw"])));
        lin.post(&matter(&praise, "climb"), json!({})).await.refused(409, "matter_not_possible");
        lin.post(&matter(&mine, "still-fixed"), json!({ "fixed": true })).await.refused(409, "matter_not_possible");
        let listed = lin.get("/api/matters?limit=2").await.ok();
        assert_eq!((listed["items"].as_array().unwrap().len(), &listed["items"][0]["id"]), (2, &praise["id"]));
        let rest = lin.get(&format!("/api/matters?limit=2&cursor={}", listed["next"].as_str().unwrap())).await.ok();
        assert_eq!((&rest["items"][0]["id"], rest.get("next")), (&mine["id"], None));

        let withdrawn = lin.post(&matter(&mine, "withdraw"), json!({})).await.ok();
        assert_eq!((&withdrawn["state"], &withdrawn["actions"]), (&json!("withdrawn"), &json!([])));
        lin.post(&matter(&mine, "withdraw"), json!({})).await.refused(409, "matter_not_possible");
        lin.post("/api/matters", json!({ "form": "complaint", "words": " " })).await.refused(422, "text_empty");
        let nowhere = json!({ "form": "complaint", "words": "无", "area_code": "999999001001" });
        lin.post("/api/matters", nowhere).await.refused(422, "community_unknown");
        let export = lin.get("/api/me/export").await.ok();
        assert_eq!(export["matters"].as_array().unwrap().len(), 3);
    }

    async fn is_it_still_fixed(world) {
        let lin = world.log_in(LIN).await;
        let holds = world.served(&lin).await;
        // One a day.
        world.clock.set(world.at(1, "09:00"));
        let broken = world.served(&lin).await;
        let month_ago = world.app.now() - Span::days(28);
        for order in [&holds, &broken] {
            step(&lin, order, "agree").await;
            let who = world.resident().await;
            world.came(order, &who, "property.home_repair", month_ago).await;
        }
        world.advance(Span::hours(2)).await;
        world.work().await;
        world.work().await;
        assert_eq!(inbox(&lin).await[..2], ["matter.still_fixed", "matter.still_fixed"]);
        let all = lin.get("/api/matters").await.ok();
        let of = |order: &Value| all["items"].as_array().unwrap().iter().find(|one| one["order_id"] == order["id"]).unwrap().clone();
        assert_eq!((&of(&holds)["state"], &of(&holds)["actions"]), (&json!("asked"), &json!(["still_fixed"])));
        let manager = world.desk_of(MANAGER).await;
        assert!(desk_list(&manager, "").await.is_empty(), "nobody at a desk has to do anything");
        let yes = lin.post(&matter(&of(&holds), "still-fixed"), json!({ "fixed": true })).await.ok();
        assert_eq!((&yes["state"], events(&yes)), (&json!("closed"), vec!["asked", "still_fixed"]));

        // Within the days in which an order can be reopened it is.
        let no = lin.post(&matter(&of(&broken), "still-fixed"), json!({ "fixed": false, "words": "又漏水了" })).await.ok();
        assert_eq!((&no["state"], events(&no)), (&json!("closed"), vec!["asked", "reopened"]));
        assert_eq!(look(&lin, &broken).await["state"], "reopened");
        lin.post(&matter(&of(&broken), "still-fixed"), json!({ "fixed": false })).await.refused(409, "matter_not_possible");
        // Nobody is asked twice.
        world.advance(Span::hours(1)).await;
        world.work().await;
        assert_eq!(count(&world.app, "SELECT 1 FROM matters WHERE form = 'still_fixed'").await, 2);
        balance(&world.app).await;
    }

    async fn too_late_to_reopen_it_is_work_of_its_own(world) {
        let lin = world.log_in(LIN).await;
        let order = world.served(&lin).await;
        step(&lin, &order, "agree").await;
        let who = world.resident().await;
        world.came(&order, &who, "property.home_repair", world.app.now()).await;
        world.advance(Span(Span::days(28).0 + Span::hours(2).0)).await;
        world.work().await;
        let lin = world.client_of(&world.staff(LIN).await).await;
        let asked = lin.get("/api/matters").await.ok()["items"][0].clone();
        let no = lin.post(&matter(&asked, "still-fixed"), json!({ "fixed": false, "words": "又漏水了" })).await.ok();
        assert_eq!((&no["state"], &no["level"], &no["words"]), (&json!("open"), &json!("organisation"), &json!("又漏水了")));
        assert_eq!(look(&lin, &order).await["state"], "closed");
        world.work().await;
        let manager = world.desk_of(MANAGER).await;
        assert_eq!(desk_list(&manager, "mine=true").await[0]["form"], "still_fixed");
    }

    async fn words_are_hidden_and_the_level_counts(world) {
        let lin = world.log_in(LIN).await;
        let order = world.served(&lin).await;
        let who = world.resident().await;
        let worker = world.came(&order, &who, "property.home_repair", world.app.now()).await;
        let came = world.client_of(&who).await;
        lin.post(&rating(&order), json!({ "level": 3, "words": "不该说的话" })).await.ok();
        came.post(&of_worker(&order), level(4)).await.ok();
        let report = format!("/api/ratings/{}/report", id(&order));
        came.post(&report, json!({ "reason": "辱骂" })).await.ok();
        came.post(&report, json!({ "reason": "辱骂" })).await.refused(409, "rating_reported");

        // The organisation does not judge what is said about itself.
        let clinic = world.desk_of(CLINIC_DESK).await;
        clinic.get("/api/desk/rating-reports").await.refused(403, "role_missing");
        let community = world.desk_of(COMMUNITY).await;
        let reports = community.get("/api/desk/rating-reports").await.ok();
        assert_eq!((&reports["items"][0]["reason"], &reports["items"][0]["rating"]["words"]), (&json!("辱骂"), &json!("不该说的话")));
        let decide = format!("/api/desk/rating-reports/{}/decide", id(&reports["items"][0]));
        community.post(&decide, json!({ "hide": true, "reason": "含侮辱性言语" })).await.ok();
        community.post(&decide, json!({ "hide": false, "reason": "x" })).await.refused(404, "not_found");
        assert_eq!(community.get("/api/desk/rating-reports").await.ok()["items"], json!([]));

        let theirs = came.get(&ratings(&order)).await.ok();
        assert_eq!((theirs["resident"].get("words"), &theirs["resident"]["level"]), (None, &json!(3)));
        let mine = lin.get(&ratings(&order)).await.ok();
        assert_eq!((&mine["resident"]["words"], &mine["resident"]["hidden_reason"]), (&json!("不该说的话"), &json!("含侮辱性言语")));
        assert!(world.app.reviews(worker, 10).await.unwrap().is_empty());
        assert_eq!(world.app.reputations(&[worker]).await.unwrap()[&worker].sum, 3);
        world.work().await;
        assert_eq!(inbox(&lin).await[0], "rating.hidden");
    }

    async fn nobody_sees_to_what_is_about_themselves(world) {
        let lin = world.log_in(LIN).await;
        let order = world.served(&lin).await;
        // The only manager of the clinic came to the door in person.
        let manager = world.staff(MANAGER).await;
        world.came(&order, &manager, "property.home_repair", world.app.now()).await;
        lin.post(&rating(&order), json!({ "level": 1, "words": "很差" })).await.ok();
        world.work().await;
        let desk = world.client_of(&manager).await;
        assert!(desk_list(&desk, "").await.is_empty());
        let colleague = world.desk_of(CLINIC_DESK).await;
        let theirs = desk_list(&colleague, "mine=true").await;
        assert_eq!(theirs.len(), 1, "a colleague has it");
        desk.post(&desk_matter(&theirs[0], "take"), json!({})).await.refused(404, "not_found");
        desk.get(&format!("/api/matters/{}", id(&theirs[0]))).await.refused(404, "not_found");
    }

    async fn figures_tell_nobodys_secret(world) {
        let offer = Offer { beside: "shuiyuesi_gp_chen", capacity: 20, days: Some(0), ..Offer::default() };
        let offering = world.offer(offer, |rules| rules.closes_minutes_before = 0).await;
        let district = world.desk_of(DISTRICT).await;
        let mut served = Vec::new();
        for resident in world.residents(6).await {
            let client = world.client_of(&resident).await;
            let order = book(&client, offering, world.at(0, "09:30")).await;
            for step in ["check-in", "call", "done"] {
                at_desk(&district, &order, step).await;
            }
            served.push((client, order));
        }
        for (n, (client, order)) in served.iter().take(4).enumerate() {
            client.post(&rating(order), level(if n == 0 { 1 } else { 5 })).await.ok();
        }
        let of_property = async |desk: &Client| {
            let figures = desk.get("/api/desk/figures?platform=property").await.ok();
            figures["rows"].as_array().unwrap().iter().find(|row| row["platform"] == "property").cloned().unwrap()
        };
        let four = of_property(&district).await;
        assert_eq!((&four["requests"], &four["done"], &four["rated"], &four["unrated"]), (&json!(6), &json!(6), &json!(4), &json!(2)));
        assert_eq!((four.get("satisfied"), &four["median_response_seconds"], &four["reopened"]), (None, &json!(0), &json!(0)));
        served[4].0.post(&rating(&served[4].1), level(3)).await.ok();
        let version = look(&served[5].0, &served[5].1).await["version"].clone();
        let more = json!({ "version": version, "reason": "还没修好" });
        served[5].0.post(&format!("/api/orders/{}/reopen", id(&served[5].1)), more).await.ok();
        let five = of_property(&district).await;
        assert_eq!((&five["rated"], &five["satisfied"], &five["done"], &five["reopened"]), (&json!(5), &json!(4), &json!(5), &json!(1)));

        // By organisation and by community; each desk sees its own.
        let rows = district.get("/api/desk/figures?by=organisation&platform=property").await.ok()["rows"].clone();
        assert_eq!(rows.as_array().unwrap().len(), 1);
        let clinic = rows[0]["organisation"].as_str().unwrap();
        let manager = world.desk_of(MANAGER).await;
        assert_eq!(manager.get("/api/desk/figures?by=community").await.ok()["rows"][0]["requests"], 6);
        manager.get(&format!("/api/desk/figures?organisation={clinic}")).await.ok();
        manager.get("/api/desk/figures?area=130903000000").await.refused(404, "not_found");
        let community = world.desk_of(COMMUNITY).await;
        community.get("/api/desk/figures?area=130903000000").await.refused(404, "not_found");
        district.get("/api/desk/figures?from=2026-11-23&to=2026-11-22").await.refused(422, "date_invalid");
        district.get("/api/desk/figures?from=2025-11-22&to=2026-11-23").await.refused(422, "date_invalid");
        district.get("/api/desk/figures?platform=nonsense").await.refused(422, "value_invalid");
        let none = district.get("/api/desk/figures?from=2026-11-24&to=2026-11-24").await.ok();
        assert_eq!(none["rows"], json!([]));
    }

    async fn whoever_leaves_takes_their_words_along(world) {
        let lin = world.log_in(LIN).await;
        let order = world.served(&lin).await;
        lin.post(&rating(&order), json!({ "level": 2, "words": "我叫林一" })).await.ok();
        step(&lin, &order, "agree").await;
        lin.delete("/api/me").await.ok();
        let kept = "SELECT 1 FROM ratings WHERE words <> ''";
        assert_eq!(count(&world.app, kept).await, 0);
        assert_eq!(count(&world.app, "SELECT 1 FROM ratings WHERE level = 2").await, 1);
        assert_eq!(count(&world.app, "SELECT 1 FROM matters WHERE words <> '' OR state <> 'withdrawn'").await, 0);
        world.work().await;
    }

    async fn the_levels_are_those_of_the_standard(world) {
        let levels = world.client().get("/api/rating-tags?kind=property.home_repair").await.ok();
        let words: Vec<&str> = levels["items"].as_array().unwrap().iter().map(|level| level["words"]["zh"].as_str().unwrap()).collect();
        assert_eq!(words, ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]);
        assert!(!levels["items"][0]["worker"].as_array().unwrap().is_empty());
        let slot = world.client().get("/api/rating-tags?kind=medical.general_practice").await.ok();
        assert_eq!(slot["items"][0]["worker"], json!([]));
        world.client().get("/api/rating-tags?kind=no.such").await.refused(404, "not_found");
    }
}
