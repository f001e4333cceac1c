//! Offerings and their rules from a table. An empty cell leaves what there is.

use std::collections::BTreeSet;

use linli_domain::id::{OfferingId, PlaceId, ProviderId};
use linli_domain::platform::{Deadline, Kind, KindKey, RuleChanges};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::time::Day;
use linli_domain::words::Words;
use linli_sheets::Table;
use linli_store::catalogue::{Offering, OfferingVersion};
use linli_store::managing::offerings::Change;

use super::cells::{Line, money};
use super::columns::Placed;
use super::plan::{Context, Plan, note};
use crate::Result;
use crate::catalogue::Offered;
use crate::manage::offerings::{base, end_of, fits, known_area, offerable};
use crate::manage::rules::bounded;
use crate::manage::{NOTE_MAX, is_key};

pub(super) fn plan(context: &Context<'_>, table: &Table, placed: &Placed) -> Result<Plan> {
    let mut plan = Plan::default();
    let mut seen = BTreeSet::new();
    for row in &table.rows {
        let mut errors = std::mem::take(&mut plan.errors);
        let mut line = Line::new(row, placed, &mut errors);
        let key = line.required("offering", 40);
        if let Some(key) = key {
            if seen.insert(key.clone()) {
                offering(context, &mut line, &key, &mut plan);
            } else {
                line.wrong("offering", Words::new("这个编号在文件里出现了两次。", "This key is in the file twice."));
            }
        }
        plan.errors = errors;
    }
    Ok(plan)
}

fn offering(context: &Context<'_>, line: &mut Line<'_>, key: &str, plan: &mut Plan) {
    let found = context.catalogue.offerings.values().find(|offered| offered.offering.key == key);
    match found {
        Some(offered) if offered.offering.organisation != context.organisation => {
            line.wrong("offering", super::said(&Code::CatalogueKeyTaken.into()));
        }
        Some(offered) => known(context, line, offered, plan),
        None if !is_key(key) => {
            let words = Words::new(
                "编号为 2 到 40 个小写字母、数字、下划线。",
                "A key has 2 to 40 small letters, digits and underscores.",
            );
            line.wrong("offering", words);
        }
        None => unknown(context, line, key, plan),
    }
}

/// An offering that is there: what differs is changed.
fn known(context: &Context<'_>, line: &mut Line<'_>, offered: &Offered, plan: &mut Plan) {
    let now = &offered.offering;
    let kind = match context.app.orderable(offered) {
        Ok(kind) => kind,
        Err(refusal) => return note(line, &refusal, "kind"),
    };
    let fixed = || {
        Words::new(
            "已有服务的这一项不能改。请用新的编号另建一项。",
            "This cannot be changed. Please make another offering under a new key.",
        )
    };
    if self::kind(context, line).is_some_and(|other| other.key != now.kind) {
        line.wrong("kind", fixed());
    }
    if place(context, line).is_some_and(|other| other != now.place) {
        line.wrong("place", fixed());
    }
    let change = Change {
        id: now.id,
        provider: provider(context, line).or(now.provider),
        residents_of: residents_of(context, line).or_else(|| now.residents_of.clone()),
        note: line.words("note", NOTE_MAX).unwrap_or_else(|| now.note.clone()),
    };
    let from = line.day("valid_from").unwrap_or(context.today);
    let changes = rules(line);
    if !line.is_good() {
        return;
    }
    let versions = offered.versions();
    let before = base(versions, kind, from);
    match bounded(kind, &changes, &before) {
        Err(refusal) => note(line, &refusal, "offering"),
        Ok(rules) if rules == before => {}
        Ok(_) if !within(context, from) => late(line),
        Ok(rules) => {
            let number = versions.last().map_or(1, |last| last.version + 1);
            plan.ends.push((now.id, from));
            plan.versions.push(version(context, now.id, number, rules, from, end_of(versions, from)));
        }
    }
    let same = change.provider == now.provider && change.residents_of == now.residents_of && change.note == now.note;
    if !same {
        plan.changed_offerings.push(change);
    }
}

/// An offering that is not there yet.
fn unknown(context: &Context<'_>, line: &mut Line<'_>, key: &str, plan: &mut Plan) {
    if line.text("kind", 60).is_none() {
        line.missing("kind");
    }
    if line.text("place", 60).is_none() {
        line.missing("place");
    }
    let (kind, place) = (kind(context, line), place(context, line));
    let (provider, residents_of) = (provider(context, line), residents_of(context, line));
    let said = line.words("note", NOTE_MAX).unwrap_or_else(|| Words::new("", ""));
    let from = line.day("valid_from").unwrap_or(context.today);
    let changes = rules(line);
    let (Some(kind), Some(place)) = (kind, place) else { return };
    if !line.is_good() {
        return;
    }
    if !within(context, from) {
        return late(line);
    }
    match bounded(kind, &changes, &kind.rules) {
        Err(refusal) => note(line, &refusal, "offering"),
        Ok(rules) => {
            let id = OfferingId(context.app.next_id());
            plan.new_offerings.push(Offering {
                id,
                key: key.to_owned(),
                kind: kind.key.clone(),
                organisation: context.organisation,
                place,
                provider,
                residents_of,
                note: said,
            });
            plan.versions.push(version(context, id, 1, rules, from, None));
        }
    }
}

fn within(context: &Context<'_>, from: Day) -> bool {
    (context.today..=context.today.plus(366)).contains(&from)
}

fn late(line: &mut Line<'_>) {
    line.wrong(
        "valid_from",
        Words::new("生效日期须在今天起一年之内。", "The first day lies within a year from today."),
    );
}

fn version(
    context: &Context<'_>,
    offering: OfferingId,
    version: i32,
    rules: linli_domain::platform::Rules,
    valid_from: Day,
    valid_until: Option<Day>,
) -> OfferingVersion {
    let (author, created_at) = (Some(context.actor.account), context.app.now());
    OfferingVersion { offering, version, rules, valid_from, valid_until, author, created_at }
}

/// A kind by its key, or by its name where only one has it.
fn kind<'a>(context: &Context<'a>, line: &mut Line<'_>) -> Option<&'a Kind> {
    let text = line.text("kind", 60)?;
    let mut named = context.app.platforms.kinds().filter(|kind| kind.name.zh == text || kind.name.en == text);
    let key: Option<KindKey> = match (named.next(), named.next()) {
        (Some(kind), None) => Some(kind.key.clone()),
        _ => text.parse().ok(),
    };
    let found = key
        .ok_or_else(|| {
            Refusal::new(Code::ValueInvalid).with(
                "allowed",
                Words::new(
                    "类别的编号，如 medical.general_practice",
                    "the key of a kind, such as medical.general_practice",
                ),
            )
        })
        .and_then(|key| offerable(context.app, &key));
    found.map_err(|refusal| note(line, &refusal, "kind")).ok()
}

/// A place in the area of the organisation, by its key, or by its name where only one has it.
fn place(context: &Context<'_>, line: &mut Line<'_>) -> Option<PlaceId> {
    let text = line.text("place", 60)?;
    let owner = context.catalogue.organisations.get(&context.organisation)?;
    let of = |place: &&crate::catalogue::Place| fits(context.catalogue, owner, place.id).is_ok();
    let places = || context.catalogue.places.values().filter(of);
    let keyed = places().find(|place| place.key == text).map(|place| place.id);
    let mut named = places().filter(|place| place.name.zh == text || place.name.en == text);
    let found = keyed.or_else(|| match (named.next(), named.next()) {
        (Some(place), None) => Some(place.id),
        _ => None,
    });
    if found.is_none() {
        line.wrong(
            "place",
            Words::new("本单位所在区域没有这个地点。", "There is no such place in the area of the organisation."),
        );
    }
    found
}

fn provider(context: &Context<'_>, line: &mut Line<'_>) -> Option<ProviderId> {
    let text = line.text("provider", 40)?;
    let found =
        context.catalogue.providers.values().find(|one| one.key == text && one.organisation == context.organisation);
    if found.is_none() {
        line.wrong("provider", Words::new("本单位没有这个编号的人员。", "The organisation has nobody with this key."));
    }
    found.map(|one| one.id)
}

fn residents_of(context: &Context<'_>, line: &mut Line<'_>) -> Option<linli_domain::area::AreaCode> {
    let read = |text: &str| {
        let code = text.parse().ok()?;
        known_area(context.catalogue, Some(&code)).is_ok().then_some(code)
    };
    line.read("residents_of", read, "列表中社区或街道的代码", "the code of a community or street of the list")
}

fn rules(line: &mut Line<'_>) -> RuleChanges {
    let minutes = line.number("cancel_minutes_before").map(Deadline::MinutesBefore);
    let days = match (line.small("cancel_days_before"), line.time("cancel_at")) {
        (Some(days), Some(at)) => Some(Deadline::DayBefore { days, at }),
        (None, None) => None,
        _ => {
            let words = Words::new(
                "“取消提前天数”和“取消截止时间”要一起填。",
                "The days before and the time of cancelling go together.",
            );
            line.wrong("cancel_days_before", words);
            None
        }
    };
    if minutes.is_some() && days.is_some() {
        line.wrong(
            "cancel_minutes_before",
            Words::new("取消期限只能用一种写法。", "Only one way to say until when one may cancel."),
        );
    }
    let max_line = line.number("max_line");
    RuleChanges {
        price_fen: line.read("price", money, "10 或 10.50 这样的金额", "an amount such as 10 or 10.50"),
        slot_minutes: line.small("slot_minutes"),
        capacity: line.number("capacity"),
        opens_days_before: line.small("opens_days_before"),
        opens_at: line.time("opens_at"),
        closes_minutes_before: line.small("closes_minutes_before"),
        cancel_until: minutes.or(days),
        line: max_line.map(|most| most > 0),
        max_line,
        ..RuleChanges::default()
    }
}
