//! The rules of an offering, held within what the platform allows.

use linli_domain::platform::{Kind, RuleChanges, Rules};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::words::Words;

/// Changes laid over rules, when the result lies within the bounds of the kind.
///
/// # Errors
/// [`Code::KindIsFree`], [`Code::RulesOutOfBounds`] with the field and what is allowed.
pub fn bounded(kind: &Kind, changes: &RuleChanges, base: &Rules) -> Result<Rules, Refusal> {
    let rules = changes.apply(base);
    if kind.free && (rules.price_fen != 0 || rules.revisit_price_fen != 0) {
        return Err(Refusal::new(Code::KindIsFree).field("price_fen"));
    }
    match kind.check(&rules).into_iter().next() {
        None => Ok(rules),
        Some((field, allowed)) => Err(out_of_bounds(field, &allowed)),
    }
}

/// The refusal of a rule outside its bounds.
pub(crate) fn out_of_bounds(field: &'static str, allowed: &str) -> Refusal {
    Refusal::new(Code::RulesOutOfBounds).field(field).with("rule", name(field)).with("allowed", in_words(allowed))
}

/// What is allowed, in words.
pub(crate) fn in_words(allowed: &str) -> Words {
    let range = allowed.split_once(" to ").filter(|_| allowed.starts_with(|c: char| c.is_ascii_digit()));
    let zh = match range {
        Some((min, max)) => format!("{min} 到 {max}"),
        None => match allowed {
            "a multiple of 15" => "15 的倍数".to_owned(),
            "a multiple of slot_minutes" => "每个时段分钟数的倍数".to_owned(),
            nothing if nothing.starts_with("what it is") => "原来的值：这类服务没有这一项".to_owned(),
            "a multiple of 5" => "5 的倍数".to_owned(),
            "a time after the places open" => "放号之后的时间".to_owned(),
            "0, since there is no line" => "0（没有开放候补）".to_owned(),
            "at most max_minutes" => "不超过最长使用时间".to_owned(),
            "at most price_fen" => "不超过价格".to_owned(),
            other => other.to_owned(),
        },
    };
    Words::new(zh, allowed)
}

/// What a rule is called.
pub fn name(field: &str) -> Words {
    let (zh, en) = match field {
        "opens_days_before" => ("提前放号天数", "Days ahead that booking opens"),
        "opens_at" => ("放号时间", "Time at which booking opens"),
        "closes_minutes_before" => ("停止预约提前分钟数", "Minutes before the beginning that booking ends"),
        "cancel_until" => ("最晚取消时间", "Until when one may cancel"),
        "hold_minutes" => ("候补保留分钟数", "Minutes a place is held for the line"),
        "slot_minutes" => ("每个时段分钟数", "Minutes of a slot"),
        "capacity" => ("每个时段名额", "Places of a slot"),
        "price_fen" => ("价格（分）", "Price in fen"),
        "check_in_minutes_before" => ("可提前签到分钟数", "Minutes before the beginning that check-in opens"),
        "late_minutes" => ("迟到多少分钟算未到", "Minutes late that count as not come"),
        "close_after_days" => ("服务后自动完成天数", "Days of silence after which an order closes"),
        "line" => ("开放候补", "Whether people may wait in line"),
        "max_line" => ("候补人数上限", "The longest line"),
        "gap_minutes" => ("使用间隔分钟数", "Minutes between two uses"),
        "min_minutes" => ("最短使用分钟数", "The shortest use in minutes"),
        "max_minutes" => ("最长使用分钟数", "The longest use in minutes"),
        "approval" => ("需要场地同意", "Whether each order is approved"),
        "release_minutes" => ("未到多少分钟释放", "Minutes after which a room is given back"),
        "revisit_days" => ("复诊天数", "Days within which a revisit counts"),
        "revisit_price_fen" => ("复诊价格（分）", "Price of a revisit in fen"),
        other => (other, other),
    };
    Words::new(zh, en)
}

#[cfg(test)]
mod tests {
    use linli_domain::words::Language;

    use super::*;
    use crate::testing;

    #[test]
    fn rules_stay_within_what_the_platform_allows_and_the_refusal_says_what_that_is() {
        let platforms = testing::platforms();
        let kind = platforms.kind(&"medical.general_practice".parse().unwrap()).unwrap();
        let most = kind.bounds.capacity.max;
        let change = |capacity| RuleChanges { capacity: Some(capacity), ..RuleChanges::default() };
        assert_eq!(bounded(kind, &change(most), &kind.rules).unwrap().capacity, most);
        let refused = bounded(kind, &change(most + 1), &kind.rules).unwrap_err();
        assert_eq!((refused.code, refused.field), (Code::RulesOutOfBounds, Some("capacity")));
        assert!(refused.detail(Language::Zh).contains(&format!("到 {most}")), "{}", refused.detail(Language::Zh));
        let free = platforms.kinds().find(|kind| kind.free && kind.orderable().is_ok()).unwrap();
        let price = RuleChanges { price_fen: Some(100), ..RuleChanges::default() };
        assert_eq!(bounded(free, &price, &free.rules).unwrap_err().code, Code::KindIsFree);
    }

    #[test]
    fn every_rule_has_a_name() {
        let all = serde_json::to_value(Rules::NONE).unwrap();
        for field in all.as_object().unwrap().keys() {
            assert_ne!(name(field).zh, *field, "{field}");
        }
    }
}
