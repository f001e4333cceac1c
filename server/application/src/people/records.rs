//! The audit record as the person it concerns may read it.

use linli_domain::id::AccountId;
use linli_domain::role::Actor;
use linli_domain::time::Instant;
use linli_domain::words::Words;
use linli_store::audit::{self, ActingAs, AuditLine};
use serde_json::Value;

use super::views;
use crate::{App, Result};

/// One line in words.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordView {
    /// Which; the cursor for the next page.
    pub id: i64,
    /// When.
    pub at: Instant,
    /// What, as a stable key.
    pub action: String,
    /// By whom.
    pub by: Words,
    /// What, in words.
    pub detail: Words,
}

/// What was done about the actor's own person, newest first: at most `limit` lines older than `before`.
///
/// # Errors
/// Any failure of the database.
pub async fn list(app: &App, actor: &Actor, before: Option<i64>, limit: u64) -> Result<Vec<RecordView>> {
    let reads = app.store.reads();
    let lines = audit::of_subject(reads, actor.person, before, limit).await?;
    let others = lines.iter().filter_map(|line| line.account).filter(|account| *account != actor.account);
    let names = views::names_of(reads, others).await?;
    let view = |line: AuditLine| {
        let by = by(&line, actor.account, line.account.and_then(|account| names.get(&account)));
        RecordView { id: line.id, at: line.at, by, detail: detail(&line), action: line.action }
    };
    Ok(lines.into_iter().map(view).collect())
}

fn by(line: &AuditLine, own: AccountId, name: Option<&String>) -> Words {
    match (line.acting_as, line.account) {
        (ActingAs::System, _) | (_, None) => Words::new("系统", "The system"),
        (_, Some(account)) if account == own => Words::new("您本人", "You"),
        (ActingAs::Staff, Some(_)) => views::staff_words(name),
        (ActingAs::Guardian, Some(_)) => match name {
            Some(name) if !name.is_empty() => Words::new(format!("监护人 {name}"), format!("Guardian: {name}")),
            _ => Words::new("监护人", "Guardian"),
        },
        (ActingAs::Provider, Some(_)) => match name {
            Some(name) => Words::new(format!("服务人员 {name}"), format!("Provider: {name}")),
            None => Words::new("服务人员", "Provider"),
        },
        (ActingAs::Resident, Some(_)) => Words::new("其他账户", "Another account"),
    }
}

fn detail(line: &AuditLine) -> Words {
    let (zh, en) = match line.action.as_str() {
        "account.opened" => ("开通账户", "Opened the account"),
        "account.closed" => ("注销账户", "Closed the account"),
        "wechat.linked" => ("关联微信", "Linked WeChat"),
        "login.opened" => ("登录", "Logged in"),
        "login.ended" => ("退出一台设备", "Logged one device out"),
        "logins.ended" => ("退出其他设备", "Logged all other devices out"),
        "person.changed" => return changed(&line.detail),
        "person.registered" => ("在服务台登记", "Registered at a desk"),
        "person.looked_up" => ("在服务台查找", "Looked up at a desk"),
        "identity.declared" => ("填写身份证号", "Entered an identity number"),
        "fact.verified" => return about_fact(&line.detail, "核验", "Verified"),
        "fact.revoked" => return about_fact(&line.detail, "撤销核验", "Took back the verification of"),
        "household.added" => ("添加家庭成员", "Added a child to the household"),
        "household.removed" => ("移除家庭成员", "Removed a child from the household"),
        "consent.given" => ("同意处理个人信息", "Agreed to the use of data"),
        "consent.withdrawn" => ("撤回同意", "Withdrew a consent"),
        "calendar.made" => ("开通日历订阅", "Made an address for the calendar"),
        "calendar.removed" => ("关闭日历订阅", "Removed the address of the calendar"),
        "data.exported" => ("导出个人信息", "Exported the data"),
        "channels.changed" => ("修改消息提醒方式", "Changed how messages come"),
        "call.made" => ("工作人员电话联系", "The staff called"),
        "role.given" => ("授予角色", "Was given a role"),
        "role.ended" => ("结束角色", "A role was ended"),
        "courses.looked_at" => ("在服务台查看疗程", "Looked at courses at a desk"),
        "course.recorded" => ("登记在别处完成的一次", "Recorded a visit had elsewhere"),
        "course.left" => ("退出疗程", "Left a course"),
        "care_file.begun" => ("建立居家照护档案", "Opened a home-care file"),
        "care_file.closed" => ("关闭居家照护档案", "Closed the home-care file"),
        "care_file.changed" => ("填写居家照护档案", "Wrote in the home-care file"),
        "card.issued" => ("发放邻里卡", "Gave out a card"),
        "card.printed" => ("查看邻里卡", "Looked at the card to print it"),
        "card.ended" => ("作废邻里卡", "Ended the card"),
        "care_file.opened" => ("查看居家照护档案", "Looked into the home-care file"),
        "care_file.assessed" => ("登记能力评估", "Wrote down an ability assessment"),
        "care_file.health_changed" => ("告知健康有变化", "Said that health had changed"),
        "care_file.due" => ("能力评估到期", "An ability assessment fell due"),
        action if action.starts_with("rating.") => ("评价", "A rating"),
        action if action.starts_with("matter.") => ("投诉、表扬或回访", "A complaint, a praise or a follow-up"),
        action if action.starts_with("contract.") => ("办理签约", "Acted on a contract"),
        action if action.starts_with("order.") => ("办理预约", "Acted on a booking"),
        _ => ("其他操作", "Another action"),
    };
    Words::new(zh, en)
}

fn changed(detail: &Value) -> Words {
    let fields = detail["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut named = fields.iter().filter_map(Value::as_str).filter_map(field).peekable();
    if named.peek().is_none() {
        return Words::new("保存资料", "Saved the profile");
    }
    let Words { zh, en } = Words::listed(named.map(|(zh, en)| Words::new(zh, en)));
    Words::new(format!("修改资料：{zh}"), format!("Changed the profile: {en}"))
}

fn field(key: &str) -> Option<(&'static str, &'static str)> {
    Some(match key {
        "name" => ("姓名", "name"),
        "birth_date" => ("出生日期", "birth date"),
        "community_code" => ("社区", "community"),
        "address" => ("地址", "address"),
        "language" => ("语言", "language"),
        "large_type" => ("大字版", "large type"),
        _ => return None,
    })
}

fn about_fact(detail: &Value, zh: &str, en: &str) -> Words {
    let (fact_zh, fact_en) = match detail["fact"].as_str() {
        Some("identity") => ("身份", "the identity"),
        Some("birth_date") => ("出生日期", "the birth date"),
        Some("residence") => ("居住地", "the residence"),
        _ => ("资料", "the profile"),
    };
    Words::new(format!("{zh}{fact_zh}"), format!("{en} {fact_en}"))
}
