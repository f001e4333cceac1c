//! The columns of each table: their names, and where they stand in a file.

use std::collections::BTreeMap;

use linli_domain::refusal::Refusal;

use super::{What, heading};

/// A column a table may have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// The stable key; a heading may say it too.
    pub(super) key: &'static str,
    /// What it is called in Chinese.
    pub(super) zh: &'static str,
    /// What it is called in English.
    pub(super) en: &'static str,
    /// Whether a file without it is refused.
    pub(super) required: bool,
    /// What stands in it, in Chinese.
    pub(super) about_zh: &'static str,
    /// What stands in it, in English.
    pub(super) about_en: &'static str,
    /// An example.
    pub(super) example: &'static str,
}

macro_rules! columns {
    ($($key:literal $zh:literal $en:literal $required:literal $about_zh:literal $about_en:literal $example:literal;)*) => {
        &[$(Column {
            key: $key, zh: $zh, en: $en, required: $required, about_zh: $about_zh, about_en: $about_en,
            example: $example,
        },)*]
    };
}

const SCHEDULES: &[Column] = columns! {
    "offering" "服务编号" "Offering" true "服务的编号，在“服务”里可以看到" "The key of the offering, shown in its page" "shuiyuesi_gp_li";
    "weekdays" "星期" "Weekdays" true "1 是周一，7 是周日；可写 1-5、1,3,5、周一至周五" "1 is Monday, 7 is Sunday: 1-5, or 1,3,5, or Mon-Fri" "1-5";
    "from" "开始" "From" true "第一个时段开始的时间，如 08:00" "When the first slot begins, such as 08:00" "08:00";
    "to" "结束" "To" true "最后一个时段结束的时间，如 11:30" "When the last slot has ended, such as 11:30" "11:30";
    "slot_minutes" "时段分钟" "Slot minutes" false "每个时段多少分钟；不填按服务规则" "Minutes of a slot; as the rules say when empty" "30";
    "capacity" "名额" "Places" false "每个时段的名额；不填按服务规则" "Places of a slot; as the rules say when empty" "6";
    "valid_from" "生效日期" "Valid from" false "从哪天起，如 2026-12-01；不填为今天。该服务这天以后的时间全部换成本表的" "The first day, such as 2026-12-01; today when empty. All hours of the offering from that day on become those of this table" "2026-12-01";
};

const STAFF: &[Column] = columns! {
    "provider" "人员编号" "Provider" false "可预约人员的编号，小写字母、数字、下划线；只设角色时不填" "The key of somebody who can be booked: small letters, digits, underscores; empty when only a role is given" "shuiyuesi_dr_li";
    "name_zh" "姓名" "Name" false "可预约人员的姓名" "The name of somebody who can be booked, in Chinese" "演示医生·李";
    "name_en" "英文姓名" "English name" false "不填与姓名相同" "The same as the Chinese name when empty" "Dr Li";
    "title_zh" "职称" "Title" false "如 主治医师" "The professional title in Chinese" "主治医师";
    "title_en" "英文职称" "English title" false "不填与职称相同" "The same as the Chinese title when empty" "Attending physician";
    "department_zh" "科室" "Department" false "如 全科" "The department in Chinese" "全科";
    "department_en" "英文科室" "English department" false "不填与科室相同" "The same as the Chinese department when empty" "General practice";
    "gender" "性别" "Gender" false "女、男，或不填" "female, male, or empty" "女";
    "phone" "手机号" "Phone" false "要给角色的人的手机号，须登录过一次" "The phone of whoever gets a role; they must have logged in once" "19900000011";
    "role" "角色" "Role" false "工作人员 或 管理员" "staff or manager" "工作人员";
    "valid_until" "有效期至" "Valid until" false "角色的最后一天，不填为长期" "The last day of the role; without end when empty" "2027-12-31";
};

const OFFERINGS: &[Column] = columns! {
    "offering" "服务编号" "Offering" true "小写字母、数字、下划线；已有的编号会更新，新的会新建" "Small letters, digits, underscores; what is there is changed, what is new is made" "shuiyuesi_gp_wang";
    "kind" "服务类别" "Kind" false "类别的编号或名称；新建时必填，之后不能改" "The key or name of the kind; needed for a new offering, and not to be changed" "medical.general_practice";
    "place" "地点" "Place" false "地点的编号或名称；新建时必填，之后不能改" "The key or name of the place; needed for a new offering, and not to be changed" "shuiyuesi_centre";
    "provider" "人员编号" "Provider" false "本单位可预约人员的编号" "The key of somebody of the organisation" "shuiyuesi_dr_li";
    "residents_of" "仅限居民" "Residents of" false "社区、街道的十二位代码，只对那里的居民开放" "The twelve-digit code of a community or street: only its residents may book" "130903001007";
    "note_zh" "说明" "Note" false "给居民的一句话" "A word to residents, in Chinese" "请带医保卡";
    "note_en" "英文说明" "English note" false "不填与说明相同" "The same as the Chinese note when empty" "Please bring your insurance card";
    "valid_from" "生效日期" "Valid from" false "规则从哪天起，如 2026-12-01；不填为今天" "The first day of the rules, such as 2026-12-01; today when empty" "2026-12-01";
    "price" "价格（元）" "Price (yuan)" false "如 10 或 10.50；免费填 0" "Such as 10 or 10.50; 0 is free" "10.00";
    "slot_minutes" "时段分钟" "Slot minutes" false "每个时段多少分钟" "Minutes of a slot" "30";
    "capacity" "名额" "Places" false "每个时段的名额" "Places of a slot" "6";
    "opens_days_before" "提前放号天数" "Opens days before" false "提前几天放号" "Days ahead that booking opens" "7";
    "opens_at" "放号时间" "Opens at" false "如 07:00" "Such as 07:00" "07:00";
    "closes_minutes_before" "停止预约提前分钟" "Closes minutes before" false "开始前多少分钟停止预约" "Minutes before the beginning that booking ends" "30";
    "cancel_minutes_before" "取消提前分钟" "Cancel minutes before" false "开始前多少分钟仍可取消；与下两列二选一" "Until so many minutes before the beginning one may cancel; or the next two columns" "";
    "cancel_days_before" "取消提前天数" "Cancel days before" false "提前几天的某个时间前可取消" "Until a time so many days before" "1";
    "cancel_at" "取消截止时间" "Cancel at" false "如 17:00" "Such as 17:00" "17:00";
    "max_line" "候补人数" "Line" false "候补最多几人；0 为不开放" "The longest waiting line; 0 is none" "10";
};

/// The columns of a table.
pub(super) const fn of(what: What) -> &'static [Column] {
    match what {
        What::Schedules => SCHEDULES,
        What::Staff => STAFF,
        What::Offerings => OFFERINGS,
    }
}

/// Where each column stands in a file, and what the file calls it.
#[derive(Debug, Clone)]
pub(super) struct Placed(BTreeMap<&'static str, (usize, String)>);

impl Placed {
    /// Where a column stands.
    pub(super) fn at(&self, key: &str) -> Option<usize> {
        self.0.get(key).map(|(index, _)| *index)
    }

    /// What the file calls the column that stands there.
    pub(super) fn name_at(&self, index: usize) -> Option<String> {
        self.0.values().find(|(at, _)| *at == index).map(|(_, name)| name.clone())
    }

    /// What the file calls a column; its key when the file does not have it.
    pub(super) fn name(&self, key: &str) -> String {
        self.0.get(key).map_or_else(|| key.to_owned(), |(_, name)| name.clone())
    }
}

/// Finds the columns of a heading, in any order, in Chinese, in English or by key.
///
/// # Errors
/// [`linli_domain::refusal::Code::ImportHeading`] for a name nobody knows, one that is there twice, and a column that
/// is missing.
pub(super) fn place(names: &[String], columns: &[Column]) -> Result<Placed, Refusal> {
    let mut placed = BTreeMap::new();
    for (index, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        let wanted = plain(name);
        let known =
            columns.iter().find(|one| [one.key, one.zh, one.en].into_iter().any(|known| plain(known) == wanted));
        let short: String = name.chars().take(40).collect();
        let Some(column) = known else {
            let (zh, en) = (format!("没有“{short}”这一列。"), format!("There is no column \"{short}\"."));
            return Err(heading(&zh, &en));
        };
        if placed.insert(column.key, (index, name.clone())).is_some() {
            return Err(heading(&format!("“{short}”出现了两次。"), &format!("\"{short}\" is there twice.")));
        }
    }
    match columns.iter().find(|column| column.required && !placed.contains_key(column.key)) {
        Some(missing) => {
            let (zh, en) =
                (format!("缺少“{}”这一列。", missing.zh), format!("The column \"{}\" is missing.", missing.en));
            Err(heading(&zh, &en))
        }
        None => Ok(Placed(placed)),
    }
}

/// A name without what people add to it: case, blanks, underscores, a star for "required", kinds of brackets.
fn plain(name: &str) -> String {
    let kept = name.chars().filter(|c| !c.is_whitespace() && !matches!(c, '_' | '*' | '＊' | '(' | ')' | '（' | '）'));
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use linli_domain::refusal::Code;

    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn headings_in_any_order_and_either_language() {
        for heading in [
            ["结束", "服务编号", "星期", "开始 *"],
            ["To", "OFFERING", "weekdays", "from"],
            ["to", "offering", "星期", "From"],
        ] {
            let placed = place(&names(&heading), SCHEDULES).unwrap();
            assert_eq!((placed.at("to"), placed.at("offering"), placed.at("capacity")), (Some(0), Some(1), None));
            assert_eq!(placed.name("from"), heading[3]);
        }
        assert_eq!(place(&names(&["服务编号", "", "价格(元)"]), OFFERINGS).unwrap().at("price"), Some(2));
    }

    #[test]
    fn a_heading_that_is_not_right_says_where() {
        use linli_domain::words::Language::{En, Zh};
        for (heading, word) in [
            (&["offering", "weekdays", "from"][..], "\"To\" is missing"),
            (&["offering", "weekdays", "from", "to", "To"], "there twice"),
            (&["offering", "weekdays", "from", "to", "places left"], "no column \"places left\""),
        ] {
            let refusal = place(&names(heading), SCHEDULES).unwrap_err();
            assert_eq!(refusal.code, Code::ImportHeading);
            assert!(refusal.detail(En).contains(word), "{}", refusal.detail(En));
            assert!(refusal.detail(Zh).contains("模板"));
        }
    }

    #[test]
    fn no_two_columns_of_a_table_share_a_name() {
        for columns in [SCHEDULES, STAFF, OFFERINGS] {
            let all = columns.iter().flat_map(|one| {
                let mut names = vec![plain(one.key), plain(one.zh), plain(one.en)];
                names.sort();
                names.dedup();
                names
            });
            let mut seen = std::collections::HashSet::new();
            assert!(all.into_iter().all(|name| seen.insert(name)));
        }
    }
}
