//! People from a table: those who are booked, by key, and those who work at the desk, by phone.

use std::collections::{BTreeMap, BTreeSet};

use linli_domain::id::{GrantId, ProviderId};
use linli_domain::phone::Phone;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::{Grant, Role, Scope};
use linli_domain::words::Words;
use linli_sheets::Table;
use linli_store::Reads;
use linli_store::catalogue::Provider;
use linli_store::managing::providers::Change;
use linli_store::managing::staff;
use linli_store::people::grants::GrantRecord;

use super::cells::Line;
use super::columns::Placed;
use super::plan::{Context, Plan};
use super::said;
use crate::Result;
use crate::manage::{NAME_MAX, is_key};

pub(super) async fn plan(context: &Context<'_>, reads: &impl Reads, table: &Table, placed: &Placed) -> Result<Plan> {
    let mut plan = Plan::default();
    let mut errors = Vec::new();
    let (mut keys, mut roles) = (BTreeSet::new(), BTreeMap::new());
    for row in &table.rows {
        let mut line = Line::new(row, placed, &mut errors);
        let (key, phone) = (line.text("provider", 40), phone(&mut line));
        if !line.is_good() {
            continue;
        }
        if key.is_none() && phone.is_none() {
            line.wrong(
                "provider",
                Words::new("“人员编号”和“手机号”至少填一个。", "Please fill in the key of a provider, or a phone."),
            );
        }
        if let Some(key) = key {
            if keys.insert(key.clone()) {
                provider(context, &mut line, key, &mut plan);
            } else {
                line.wrong("provider", Words::new("这个编号在文件里出现了两次。", "This key is in the file twice."));
            }
        }
        if let Some(phone) = phone
            && let Some((role, until)) = role(context, &mut line)
            && roles.insert((phone.digits().to_owned(), role), (row, phone, until)).is_some()
        {
            line.wrong(
                "phone",
                Words::new("同一个人的同一角色出现了两次。", "The same role of the same person is in the file twice."),
            );
        }
    }
    grants(
        context,
        reads,
        roles.into_iter().map(|((_, role), (row, phone, until))| Wish { row, phone, role, until }).collect(),
        placed,
        &mut errors,
        &mut plan,
    )
    .await?;
    plan.errors = errors;
    Ok(plan)
}

fn phone(line: &mut Line<'_>) -> Option<Phone> {
    line.read("phone", |text| text.parse().ok(), "11 位手机号", "an 11-digit mobile number")
}

fn role(context: &Context<'_>, line: &mut Line<'_>) -> Option<(Role, Option<linli_domain::time::Instant>)> {
    if line.text("role", 40).is_none() {
        line.missing("role");
        return None;
    }
    let read = |text: &str| match text.to_lowercase().as_str() {
        "工作人员" | "单位工作人员" | "staff" | "organisation_staff" => Some(Role::OrganisationStaff),
        "管理员" | "单位管理员" | "manager" | "organisation_manager" => Some(Role::OrganisationManager),
        _ => None,
    };
    let role = line.read("role", read, "工作人员、管理员", "staff, manager")?;
    let until = line.day("valid_until");
    if until.is_some_and(|day| day < context.today) {
        line.wrong("valid_until", Words::new("有效期不能早于今天。", "The last day cannot be before today."));
    }
    line.is_good().then_some((role, until.map(|day| day.plus(1).start())))
}

fn provider(context: &Context<'_>, line: &mut Line<'_>, key: String, plan: &mut Plan) {
    let now = context.catalogue.providers.values().find(|one| one.key == key);
    if now.is_some_and(|one| one.organisation != context.organisation) {
        return line.wrong("provider", said(&Code::CatalogueKeyTaken.into()));
    }
    if now.is_none() && !is_key(&key) {
        let words = Words::new(
            "编号为 2 到 40 个小写字母、数字、下划线。",
            "A key has 2 to 40 small letters, digits and underscores.",
        );
        return line.wrong("provider", words);
    }
    let name = line.words("name", NAME_MAX);
    let (title, department) = (line.words("title", NAME_MAX), line.words("department", NAME_MAX));
    let read = |text: &str| match text.to_lowercase().as_str() {
        "女" | "female" => Some("female"),
        "男" | "male" => Some("male"),
        "不填" | "unsaid" => Some("unsaid"),
        _ => None,
    };
    let gender = line.read("gender", read, "女、男", "female, male").map(str::to_owned);
    if now.is_none() && name.is_none() && line.is_good() {
        line.missing("name_zh");
    }
    if !line.is_good() {
        return;
    }
    let nothing = || Words::new("", "");
    match now {
        None => plan.new_providers.push(Provider {
            id: ProviderId(context.app.next_id()),
            key,
            organisation: context.organisation,
            name: name.unwrap_or_else(nothing),
            title: title.unwrap_or_else(nothing),
            department: department.unwrap_or_else(nothing),
            gender: gender.unwrap_or_else(|| "unsaid".to_owned()),
        }),
        Some(now) => {
            let change = Change {
                id: now.id,
                name: name.unwrap_or_else(|| now.name.clone()),
                title: title.unwrap_or_else(|| now.title.clone()),
                department: department.unwrap_or_else(|| now.department.clone()),
                gender: gender.unwrap_or_else(|| now.gender.clone()),
            };
            let is = (&change.name, &change.title, &change.department, &change.gender);
            if is != (&now.name, &now.title, &now.department, &now.gender) {
                plan.changed_providers.push(change);
            }
        }
    }
}

/// A role the table gives.
struct Wish<'t> {
    row: &'t linli_sheets::Row,
    phone: Phone,
    role: Role,
    until: Option<linli_domain::time::Instant>,
}

async fn grants(
    context: &Context<'_>,
    reads: &impl Reads,
    wishes: Vec<Wish<'_>>,
    placed: &Placed,
    errors: &mut Vec<super::Problem>,
    plan: &mut Plan,
) -> Result<()> {
    if wishes.is_empty() {
        return Ok(());
    }
    let now = context.app.now();
    let phones: Vec<Phone> = wishes.iter().map(|wish| wish.phone.clone()).collect();
    let accounts = staff::accounts(reads, &phones).await?;
    let held = staff::of_organisation(reads, context.organisation, now).await?;
    for wish in wishes {
        let mut line = Line::new(wish.row, placed, errors);
        let Some((_, account, _)) = accounts.iter().find(|(phone, _, _)| *phone == wish.phone) else {
            let words = Words::new(
                "这个手机号还没有登录过。请先让本人登录一次。",
                "This phone has not logged in yet. Please let them log in once.",
            );
            line.wrong("phone", words);
            continue;
        };
        let grant = Grant { role: wish.role, scope: Scope::Organisation(context.organisation) };
        let same = held.iter().filter(|held| held.account == *account && held.grant == grant);
        if same.clone().any(|held| held.valid_until == wish.until) {
            continue;
        }
        if *account == context.actor.account {
            line.wrong("phone", said(&Refusal::new(Code::SelfGrant)));
            continue;
        }
        plan.ended_grants.extend(same.map(|held| held.id));
        plan.new_grants.push(GrantRecord {
            id: GrantId(context.app.next_id()),
            account: *account,
            grant,
            granted_by: Some(context.actor.account),
            valid_from: now,
            valid_until: wish.until,
        });
    }
    Ok(())
}
