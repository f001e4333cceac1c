use proptest::prelude::*;

use super::*;
use crate::words::Language;

const PLAIN: Weights = Weights {
    own_trade: 0,
    quiet_day: 0,
    job_today: 0,
    tight_hours: 0,
    tight_minutes: 30,
    same_carer: 0,
    wish: 0,
    quality: 0,
    quality_prior_milli: 4_500,
    quality_prior_count: 10,
    newcomer: 0,
    newcomer_jobs: 0,
    earnings_per_percent: 0,
    earnings_most: 0,
    earnings_prior_hours: 1,
    waited_percent: 0,
};

fn earning(fen_per_hour: i64, hours: i64) -> Option<Earnings> {
    Some(Earnings {
        fen: fen_per_hour * hours,
        active_minutes: hours * 60,
        median_fen_per_hour: 3_000,
        pay_percent: 100,
    })
}

fn first<'a>(ranked: &[(&'a str, Score)]) -> &'a str {
    ranked[0].0
}

#[test]
fn a_point_is_a_second_of_way() {
    let weights = Weights { same_carer: 300, ..PLAIN };
    let knows = |seconds| Facts { same_carer: true, ..Facts::at(seconds) };
    assert_eq!(first(&rank(&[("near", Facts::at(120)), ("knows", knows(400))], &weights)), "knows");
    assert_eq!(first(&rank(&[("near", Facts::at(120)), ("knows", knows(440))], &weights)), "near");
    assert_eq!(knows(400).score(&weights).cost(), 100);
}

#[test]
fn between_jobs_a_wait_counts_as_much_as_the_file_says() {
    let score = Facts::at(200).score(&PLAIN);
    assert_eq!(score.cost_after(600, &PLAIN), 200);
    assert_eq!(score.cost_after(600, &Weights { waited_percent: 30, ..PLAIN }), 20);
    assert_eq!(score.cost_after(-600, &Weights { waited_percent: 30, ..PLAIN }), 200, "nobody waits before asking");
}

#[test]
fn equals_stand_by_the_way_then_by_load_then_as_they_were_named() {
    let busy = Facts { jobs_today: 3, ..Facts::at(60) };
    let free = Facts::at(60);
    let names = |ranked: Vec<(&'static str, Score)>| ranked.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(names(rank(&[("busy", busy), ("a", free), ("b", free)], &PLAIN)), ["a", "b", "busy"]);
    assert_eq!(names(rank(&[("b", free), ("a", free), ("busy", busy)], &PLAIN)), ["b", "a", "busy"]);
}

#[test]
fn a_wish_met_weighs_and_a_wish_unmet_costs_nothing_more() {
    let weights = Weights::default();
    let met = Facts { gender: Wish::Met, ..Facts::at(300) };
    let unmet = Facts { gender: Wish::Unmet, ..Facts::at(300) };
    assert_eq!(met.score(&weights).points - unmet.score(&weights).points, weights.wish);
    assert_eq!(unmet.score(&weights), Facts::at(300).score(&weights));
}

#[test]
fn few_ratings_move_little_and_somebody_new_stands_where_the_usual_stands() {
    let weights = Weights::default();
    let settled = |mean_milli, count| Quality { mean_milli, count }.settled_milli(&weights);
    assert_eq!(settled(5_000, 0), weights.quality_prior_milli);
    assert_eq!(settled(1_000, 1), 4_181);
    assert!(settled(4_800, 500) > 4_790);
    let of = |quality| Facts { quality, ..Facts::at(300) }.score(&weights).points;
    let usual = of(Some(Quality { mean_milli: 4_500, count: 50 }));
    assert_eq!(of(None) - usual, weights.newcomer, "somebody new gets a chance, and no more");
    assert!(of(Some(Quality { mean_milli: 2_000, count: 50 })) < usual);
}

#[test]
fn who_earned_less_comes_first_within_bounds() {
    let weights = Weights { earnings_per_percent: 5, earnings_most: 150, earnings_prior_hours: 4, ..PLAIN };
    let of = |earnings| Facts { earnings, ..Facts::at(0) }.score(&weights).points;
    assert_eq!(of(earning(3_000, 40)), 0, "in the middle");
    assert_eq!(of(earning(0, 0)), 0, "somebody new is in the middle");
    assert_eq!(of(earning(2_700, 36)), 45, "a tenth less in 36 hours, four more at the middle: 9 of a hundred");
    assert_eq!(of(earning(0, 40)), 150, "never more than the most");
    assert_eq!(of(earning(9_000, 40)), -150);
    let double = Earnings { pay_percent: 200, ..earning(2_700, 36).unwrap() };
    assert_eq!(of(Some(double)), 90, "what pays twice counts twice");
}

#[test]
fn no_number_is_too_large() {
    let weights = Weights::default();
    let earnings =
        Earnings { fen: i64::MAX, active_minutes: i64::MAX, median_fen_per_hour: i64::MAX, pay_percent: i64::MAX };
    for sign in [1, -1] {
        let earnings = Some(Earnings { fen: earnings.fen * sign, ..earnings });
        let facts = Facts { jobs_today: u32::MAX, minutes_left: Some(0), earnings, ..Facts::at(u32::MAX) };
        assert_eq!(facts.score(&weights).cost(), -facts.score(&weights).points);
    }
    assert_eq!(
        Facts { earnings: earning(5, 5).map(|e| Earnings { median_fen_per_hour: 0, ..e }), ..Facts::at(9) }
            .score(&PLAIN)
            .points,
        -9
    );
}

#[test]
fn reasons_are_said_to_whom_they_concern() {
    let facts = Facts {
        same_carer: true,
        gender: Wish::Met,
        quality: Some(Quality { mean_milli: 4_850, count: 120 }),
        earnings: earning(1_000, 40),
        minutes_left: Some(5),
        ..Facts::at(341)
    };
    let score = facts.score(&Weights::default());
    let say = |words: Vec<crate::words::Words>, language| {
        words.iter().map(|words| words.in_language(language).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        say(score.words_for_resident(), Language::Zh),
        [
            "离您约 6 分钟",
            "这是师傅的本行",
            "今天单子不多",
            "上次也是这位师傅",
            "性别符合您的希望",
            "居民评价 4.9 分（120 人评）"
        ]
    );
    assert_eq!(
        say(score.words_for_desk(), Language::Zh),
        [
            "过去约 6 分钟",
            "这是师傅的本行",
            "今天单子不多",
            "上次也是这位师傅",
            "性别符合居民的希望",
            "居民评价 4.9 分（120 人评）",
            "最近每小时的收入比大家少"
        ]
    );
    let provider = say(score.words_for_provider(), Language::En);
    assert_eq!(provider.first().map(String::as_str), Some("About 6 minutes from you"));
    assert_eq!(
        provider.last().map(String::as_str),
        Some("You have earned less per hour than most lately, so you come first")
    );
    assert!(score.parts.iter().any(|part| part.reason == Reason::TightHours(5) && part.points < 0));
    assert!(!provider.iter().any(|words| words.contains("day once")), "what spoke against somebody is no reason");
}

#[test]
fn a_score_is_stored_by_stable_keys() {
    let facts = Facts { quality: Some(Quality { mean_milli: 4_900, count: 30 }), own_trade: false, ..Facts::at(59) };
    let score = facts.score(&Weights { quality: 1_000, same_carer: 5, ..PLAIN });
    let stored = serde_json::to_string(&score).unwrap();
    assert_eq!(
        stored,
        r#"{"points":241,"parts":[{"key":"near","value":1,"points":-59},{"key":"quality","value":{"mean_milli":4900,"count":30},"points":300}]}"#
    );
    assert_eq!(serde_json::from_str::<Score>(&stored).unwrap(), score);
    let plain = Facts { same_carer: true, ..facts }.score(&Weights { same_carer: 5, ..PLAIN });
    assert_eq!(serde_json::from_str::<Score>(&serde_json::to_string(&plain).unwrap()).unwrap(), plain);
    for part in &plain.parts {
        assert!(serde_json::to_string(part).unwrap().contains(&format!("\"key\":\"{}\"", part.reason.key())));
    }
}

#[test]
fn weights_are_read_from_a_file_and_held_to_their_bounds() {
    let read = |text: &str| toml::from_str::<Weights>(text);
    assert_eq!(read("").unwrap(), Weights::default());
    assert_eq!(read("same_carer = 0").unwrap(), Weights { same_carer: 0, ..Weights::default() });
    assert!(read("declined = 5").unwrap_err().to_string().contains("unknown field `declined`"));
    assert!(Weights::default().check().is_empty());
    assert!(PLAIN.check().is_empty());
    let wrong = Weights { wish: -1, earnings_most: 901, quality_prior_milli: 999, ..Weights::default() };
    assert_eq!(
        wrong.check(),
        [
            ("wish", "0 to 3600".to_owned()),
            ("quality_prior_milli", "1000 to 5000".to_owned()),
            ("earnings_most", "0 to 900".to_owned())
        ]
    );
}

proptest! {
    #[test]
    fn points_are_the_sum_of_their_parts_and_order_goes_by_points(
        people in prop::collection::vec((0_u32..2_000, 0_u32..12, any::<bool>(), 0_i64..9_000, 0_i64..60), 0..30)
    ) {
        let weights = Weights::default();
        let candidates: Vec<(usize, Facts)> = people.into_iter().enumerate().map(|(id, (way, jobs, same, per_hour, hours))| {
            (id, Facts { jobs_today: jobs, same_carer: same, earnings: earning(per_hour, hours), ..Facts::at(way) })
        }).collect();
        let ranked = rank(&candidates, &weights);
        prop_assert_eq!(ranked.len(), candidates.len());
        prop_assert!(ranked.is_sorted_by_key(|(_, score)| score.cost()));
        for (id, score) in &ranked {
            prop_assert_eq!(score.points, score.parts.iter().map(|part| part.points).sum::<i64>());
            prop_assert_eq!(score, &candidates[*id].1.score(&weights));
        }
    }
}
