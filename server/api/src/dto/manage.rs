//! Running an organisation, as it goes over the wire.

use linli_application::catalogue::Catalogue;
use linli_application::manage::offerings::Detail;
use linli_application::manage::staff::Member;
use linli_application::{App, imports};
use linli_domain::id::{ExceptionId, GrantId, OfferingId, OrganisationId, PlaceId, ProviderId, UnitId};
use linli_domain::platform::{Bound, Deadline, RuleBounds, RuleChanges, Rules};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::words;
use poem_openapi::{Enum, Object};

use super::catalogue::{Offering, ShapeKey};
use super::{At, Clock, Id, InArea, OfKind, On, RoleKey, Text, Words};
use crate::problem::Answer;

/// Words somebody writes; where the English is left out, the Chinese stands for it.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct WrittenWords {
    /// Chinese.
    pub zh: Text<200, 0>,
    /// English.
    pub en: Option<Text<200, 0>>,
}

impl From<WrittenWords> for words::Words {
    fn from(said: WrittenWords) -> Self {
        Self { zh: said.zh.0, en: said.en.map(|en| en.0).unwrap_or_default() }
    }
}

/// As [`WrittenWords`], nothing said.
pub(crate) fn said(words: Option<WrittenWords>) -> words::Words {
    words.map_or_else(|| words::Words::new("", ""), Into::into)
}

/// Until when something may be done: so many minutes before, or at a time so many days before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct DeadlineRule {
    /// So many minutes before the beginning.
    pub minutes_before: Option<u32>,
    /// So many days before the day of the beginning …
    pub days_before: Option<u16>,
    /// … at this time.
    pub at: Option<Clock>,
}

impl From<Deadline> for DeadlineRule {
    fn from(deadline: Deadline) -> Self {
        match deadline {
            Deadline::MinutesBefore(minutes) => Self { minutes_before: Some(minutes), days_before: None, at: None },
            Deadline::DayBefore { days, at } => {
                Self { minutes_before: None, days_before: Some(days), at: Some(Clock(at)) }
            }
        }
    }
}

impl TryFrom<DeadlineRule> for Deadline {
    type Error = Refusal;
    fn try_from(rule: DeadlineRule) -> Result<Self, Refusal> {
        match (rule.minutes_before, rule.days_before, rule.at) {
            (Some(minutes), None, None) => Ok(Self::MinutesBefore(minutes)),
            (None, Some(days), Some(at)) => Ok(Self::DayBefore { days, at: at.0 }),
            _ => {
                let allowed =
                    words::Words::new("minutes_before，或 days_before 加 at", "minutes_before, or days_before with at");
                Err(Refusal::new(Code::ValueInvalid).field("cancel_until").with("allowed", allowed))
            }
        }
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $field:ident: $type:ty = $inner:ident => $out:expr;)*) => {
        /// The rules of an offering.
        #[derive(Debug, Clone, PartialEq, Object)]
        #[oai(deny_unknown_fields)]
        pub struct RulesOut {
            $($(#[$doc])* pub $field: $type,)*
            /// Until when the subject may cancel or move.
            pub cancel_until: DeadlineRule,
        }

        impl From<&Rules> for RulesOut {
            fn from(rules: &Rules) -> Self {
                Self {
                    $($field: { let $inner = rules.$field; $out },)*
                    cancel_until: rules.cancel_until.into(),
                }
            }
        }
    };
}

rules! {
    /// How many days before the day of service its places open.
    opens_days_before: u16 = of => of;
    /// At what time of that day they open.
    opens_at: Clock = of => Clock(of);
    /// Booking ends so many minutes before the beginning.
    closes_minutes_before: u16 = of => of;
    /// How many minutes a place is held for somebody from the line.
    hold_minutes: u16 = of => of;
    /// How long a place lasts, in minutes.
    slot_minutes: u16 = of => of;
    /// Places at each time.
    capacity: u32 = of => of;
    /// The price of one place in fen.
    price_fen: i64 = of => of;
    /// How many minutes before the beginning one may check in.
    check_in_minutes_before: u16 = of => of;
    /// So many minutes after the beginning, somebody who is not there may be counted as not come.
    late_minutes: u16 = of => of;
    /// After so many days of silence an order closes.
    close_after_days: u16 = of => of;
    /// Whether people may wait in line.
    line: bool = of => of;
    /// The longest line, in people.
    max_line: u32 = of => of;
    /// Of a room: minutes that stay free after each use.
    gap_minutes: u16 = of => of;
    /// Of a room: the shortest use in minutes.
    min_minutes: u16 = of => of;
    /// Of a room: the longest use in minutes; 0 is until it closes.
    max_minutes: u16 = of => of;
    /// Whether the place says yes or no to each order.
    approval: bool = of => of;
    /// Of a room: minutes after which it is given back when nobody has come; 0 is never.
    release_minutes: u16 = of => of;
    /// Whoever was served comes again within so many days for the price of a revisit; 0 is never.
    revisit_days: u16 = of => of;
    /// The price of a revisit in fen.
    revisit_price_fen: i64 = of => of;
}

/// Changes to some of the rules; what is not named stays as it is.
#[derive(Debug, Clone, Default, Object)]
#[oai(deny_unknown_fields)]
pub struct RulesIn {
    /// How many days before the day of service its places open.
    pub opens_days_before: Option<u16>,
    /// At what time of that day they open.
    pub opens_at: Option<Clock>,
    /// Booking ends so many minutes before the beginning.
    pub closes_minutes_before: Option<u16>,
    /// Until when the subject may cancel or move.
    pub cancel_until: Option<DeadlineRule>,
    /// How many minutes a place is held for somebody from the line.
    pub hold_minutes: Option<u16>,
    /// How long a place lasts, in minutes.
    pub slot_minutes: Option<u16>,
    /// Places at each time.
    pub capacity: Option<u32>,
    /// The price of one place in fen.
    pub price_fen: Option<i64>,
    /// How many minutes before the beginning one may check in.
    pub check_in_minutes_before: Option<u16>,
    /// So many minutes after the beginning, somebody who is not there may be counted as not come.
    pub late_minutes: Option<u16>,
    /// After so many days of silence an order closes.
    pub close_after_days: Option<u16>,
    /// Whether people may wait in line.
    pub line: Option<bool>,
    /// The longest line, in people.
    pub max_line: Option<u32>,
    /// Of a room: minutes that stay free after each use.
    pub gap_minutes: Option<u16>,
    /// Of a room: the shortest use in minutes.
    pub min_minutes: Option<u16>,
    /// Of a room: the longest use in minutes; 0 is until it closes.
    pub max_minutes: Option<u16>,
    /// Whether the place says yes or no to each order.
    pub approval: Option<bool>,
    /// Of a room: minutes after which it is given back when nobody has come; 0 is never.
    pub release_minutes: Option<u16>,
    /// Whoever was served comes again within so many days for the price of a revisit; 0 is never.
    pub revisit_days: Option<u16>,
    /// The price of a revisit in fen.
    pub revisit_price_fen: Option<i64>,
}

impl TryFrom<RulesIn> for RuleChanges {
    type Error = Refusal;
    fn try_from(rules: RulesIn) -> Result<Self, Refusal> {
        Ok(Self {
            opens_days_before: rules.opens_days_before,
            opens_at: rules.opens_at.map(|at| at.0),
            closes_minutes_before: rules.closes_minutes_before,
            cancel_until: rules.cancel_until.map(Deadline::try_from).transpose()?,
            hold_minutes: rules.hold_minutes,
            slot_minutes: rules.slot_minutes,
            capacity: rules.capacity,
            price_fen: rules.price_fen,
            check_in_minutes_before: rules.check_in_minutes_before,
            late_minutes: rules.late_minutes,
            close_after_days: rules.close_after_days,
            line: rules.line,
            max_line: rules.max_line,
            gap_minutes: rules.gap_minutes,
            min_minutes: rules.min_minutes,
            max_minutes: rules.max_minutes,
            approval: rules.approval,
            release_minutes: rules.release_minutes,
            revisit_days: rules.revisit_days,
            revisit_price_fen: rules.revisit_price_fen,
        })
    }
}

/// The least and the greatest value, both allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct BoundOut {
    /// The least.
    pub min: i64,
    /// The greatest.
    pub max: i64,
}

impl<T: Into<i64>> From<Bound<T>> for BoundOut {
    fn from(bound: Bound<T>) -> Self {
        Self { min: bound.min.into(), max: bound.max.into() }
    }
}

/// How far the rules may be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct BoundsOut {
    /// Of the days ahead that booking opens.
    pub opens_days_before: BoundOut,
    /// Of the minutes before the beginning that booking ends.
    pub closes_minutes_before: BoundOut,
    /// Of the minutes a place is held.
    pub hold_minutes: BoundOut,
    /// Of the minutes of a slot.
    pub slot_minutes: BoundOut,
    /// Of the places at each time.
    pub capacity: BoundOut,
    /// Of the price.
    pub price_fen: BoundOut,
    /// Of the minutes between two uses.
    pub gap_minutes: BoundOut,
    /// Of the longest use.
    pub max_minutes: BoundOut,
}

impl From<&RuleBounds> for BoundsOut {
    fn from(bounds: &RuleBounds) -> Self {
        Self {
            opens_days_before: bounds.opens_days_before.into(),
            closes_minutes_before: bounds.closes_minutes_before.into(),
            hold_minutes: bounds.hold_minutes.into(),
            slot_minutes: bounds.slot_minutes.into(),
            capacity: bounds.capacity.into(),
            price_fen: bounds.price_fen.into(),
            gap_minutes: bounds.gap_minutes.into(),
            max_minutes: bounds.max_minutes.into(),
        }
    }
}

/// An organisation one runs.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct ManagedOrganisation {
    /// Which.
    pub id: Id<OrganisationId>,
    /// Its key in imports.
    pub key: String,
    /// What it is called.
    pub name: Words,
    /// The area it answers to.
    pub area_code: InArea,
    /// Its number.
    pub phone: String,
}

/// An offering, as those who run it list it.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct ManagedOffering {
    /// The offering as residents see it.
    pub offering: Offering,
    /// Its key in imports.
    pub key: String,
    /// How it is ordered; left out when its kind is no longer in the platform file.
    pub shape: Option<ShapeKey>,
    /// Whether nothing is offered any more from today on.
    pub ended: bool,
}

/// The rules from a day on.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct RulesVersion {
    /// 1, 2, 3 …
    pub version: i32,
    /// The rules.
    pub rules: RulesOut,
    /// The first day of service they hold for.
    pub valid_from: On,
    /// The first day they hold no more.
    pub valid_until: Option<On>,
    /// Who set them; left out for those of the beginning.
    pub author_name: Option<String>,
    /// When.
    pub created_at: At,
    /// Orders placed under them that have something to come: they keep these rules and their price.
    pub orders: u32,
}

/// A line of the week.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct LineOut {
    /// 1 (Monday) to 7 (Sunday).
    pub weekdays: Vec<u8>,
    /// The first slot begins.
    pub from: Clock,
    /// The last slot has ended.
    pub to: Clock,
    /// How long a slot is.
    pub slot_minutes: u16,
    /// Places per slot.
    pub capacity: u32,
    /// The first day it holds.
    pub valid_from: On,
    /// The first day it holds no more.
    pub valid_until: Option<On>,
}

/// What a day that differs is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ExceptionWhat {
    /// Time off.
    Closed,
    /// Extra hours.
    Extra,
}

/// A day that differs.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct ExceptionOut {
    /// Which.
    pub id: Id<ExceptionId>,
    /// Time off, or extra hours.
    pub what: ExceptionWhat,
    /// On which day.
    pub day: On,
    /// From.
    pub from: Clock,
    /// To.
    pub to: Clock,
    /// Of extra hours: how long a slot is.
    pub slot_minutes: Option<u16>,
    /// Of extra hours: places per slot.
    pub capacity: Option<u32>,
    /// Why.
    pub reason: String,
    /// Who set it.
    pub author_name: Option<String>,
}

/// A room, a table, a machine.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct UnitOut {
    /// Which.
    pub id: Id<UnitId>,
    /// What it is called.
    pub name: Words,
    /// Its place in lists.
    pub position: i32,
    /// The first day it can be had.
    pub valid_from: On,
    /// The first day it can be had no more.
    pub valid_until: Option<On>,
}

/// Everything of an offering, for those who run it.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct OfferingDetail {
    /// The offering as residents see it.
    pub offering: Offering,
    /// Its key in imports.
    pub key: String,
    /// How it is ordered; left out when its kind is no longer in the platform file.
    pub shape: Option<ShapeKey>,
    /// Raised by every change; send it along to be told when somebody else was faster.
    pub version: i32,
    /// How far the rules may be moved; left out when the kind is no longer in the platform file.
    pub bounds: Option<BoundsOut>,
    /// The rules over time, oldest first.
    pub versions: Vec<RulesVersion>,
    /// Weekly lines that hold today or later.
    pub schedule: Vec<LineOut>,
    /// Days that differ, from today on.
    pub exceptions: Vec<ExceptionOut>,
    /// Rooms, tables, machines; those that have ended too.
    pub units: Vec<UnitOut>,
}

impl OfferingDetail {
    /// Everything of one offering.
    ///
    /// # Errors
    /// Those of the catalogue.
    pub fn of(app: &App, catalogue: &Catalogue, id: OfferingId, detail: Detail) -> Answer<Self> {
        let offered = catalogue.offered(id)?;
        let kind = app.platforms.kind(&offered.offering.kind);
        let name = |author| detail.authors.get(&author).cloned();
        Ok(Self {
            offering: Offering::of(app, catalogue, offered)?,
            key: offered.offering.key.clone(),
            shape: kind.map(|kind| kind.shape.into()),
            version: detail.version,
            bounds: kind.map(|kind| (&kind.bounds).into()),
            versions: detail
                .history
                .iter()
                .map(|one| RulesVersion {
                    version: one.set.version,
                    rules: (&one.set.rules).into(),
                    valid_from: On(one.set.valid_from),
                    valid_until: one.set.valid_until.map(On),
                    author_name: one.set.author.and_then(name),
                    created_at: At(one.set.created_at),
                    orders: one.orders,
                })
                .collect(),
            schedule: detail
                .lines
                .iter()
                .map(|line| LineOut {
                    weekdays: (1..=7).filter(|number| line.weekdays >> (number - 1) & 1 == 1).collect(),
                    from: Clock(line.from),
                    to: Clock(line.to),
                    slot_minutes: line.slot_minutes,
                    capacity: line.capacity,
                    valid_from: On(line.valid_from),
                    valid_until: line.valid_until.map(On),
                })
                .collect(),
            exceptions: detail
                .exceptions
                .iter()
                .map(|one| ExceptionOut {
                    id: Id(one.id),
                    what: if one.exception.extra.is_some() { ExceptionWhat::Extra } else { ExceptionWhat::Closed },
                    day: On(one.exception.day),
                    from: Clock(one.exception.from),
                    to: Clock(one.exception.to),
                    slot_minutes: one.exception.extra.map(|extra| extra.slot_minutes),
                    capacity: one.exception.extra.map(|extra| extra.capacity),
                    reason: one.reason.clone(),
                    author_name: one.author.and_then(name),
                })
                .collect(),
            units: detail
                .units
                .iter()
                .map(|unit| UnitOut {
                    id: Id(unit.id),
                    name: (&unit.name).into(),
                    position: unit.position,
                    valid_from: On(unit.valid_from),
                    valid_until: unit.valid_until.map(On),
                })
                .collect(),
        })
    }
}

/// Something to put on offer.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct OfferingIn {
    /// Its key in imports: 2 to 40 small letters, digits and underscores; made up when it is left out.
    pub key: Option<Text<40>>,
    /// The kind of service.
    pub kind: OfKind,
    /// Who serves.
    pub organisation_id: Id<OrganisationId>,
    /// Where.
    pub place_id: Id<PlaceId>,
    /// With whom.
    pub provider_id: Option<Id<ProviderId>>,
    /// Only for residents of this area.
    pub residents_of: Option<InArea>,
    /// A word to residents.
    pub note: Option<WrittenWords>,
    /// What differs from the rules of the kind.
    #[oai(default)]
    pub rules: RulesIn,
    /// The first day of service.
    pub valid_from: On,
}

/// New rules from a day on.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct VersionIn {
    /// What changes.
    pub rules: RulesIn,
    /// The first day of service they hold for.
    pub valid_from: On,
    /// The version of the offering that was seen.
    pub version: Option<i32>,
}

/// What new rules would be, and whom they would not touch.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct VersionPreview {
    /// The rules.
    pub rules: RulesOut,
    /// Orders from that day on that keep their price and rules.
    pub standing_orders: u32,
}

/// A line of the week to be set.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct LineIn {
    /// 1 (Monday) to 7 (Sunday).
    #[oai(validator(max_items = 7))]
    pub weekdays: Vec<u8>,
    /// The first slot begins.
    pub from: Clock,
    /// The last slot has ended.
    pub to: Clock,
    /// How long a slot is; as the rules say when it is left out.
    pub slot_minutes: Option<u16>,
    /// Places per slot; as the rules say when it is left out.
    pub capacity: Option<u32>,
}

/// A week to be set from a day on.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct ScheduleIn {
    /// The first day it holds.
    pub valid_from: On,
    /// Its lines, at most 100; none closes the weekly hours.
    pub lines: Vec<LineIn>,
    /// Orders whose time would vanish stay as they are.
    #[oai(default)]
    pub keep_orders: bool,
    /// The version of the offering that was seen.
    pub version: Option<i32>,
}

/// Extra hours on a day.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct ExtraIn {
    /// On which day.
    pub day: On,
    /// From.
    pub from: Clock,
    /// To.
    pub to: Clock,
    /// How long a slot is.
    pub slot_minutes: u16,
    /// Places per slot.
    pub capacity: u32,
    /// Why, at most 100 characters.
    pub reason: Text<100>,
}

/// Somebody who is booked within an offering.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct ProviderOut {
    /// Which.
    pub id: Id<ProviderId>,
    /// The key in imports.
    pub key: String,
    /// The name.
    pub name: Words,
    /// The professional title; may be empty.
    pub title: Words,
    /// The department; may be empty.
    pub department: Words,
    /// `female`, `male` or `unsaid`.
    pub gender: String,
    /// Raised by every change.
    pub version: i32,
}

/// Somebody who works for an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct StaffMember {
    /// The grant.
    pub grant_id: Id<GrantId>,
    /// The name; may be empty.
    pub name: String,
    /// The phone, masked.
    pub phone_masked: Option<String>,
    /// As what.
    pub role: RoleKey,
    /// The role's name.
    pub role_name: Words,
    /// The last day on which it holds.
    pub valid_until: Option<On>,
}

impl From<Member> for StaffMember {
    fn from(member: Member) -> Self {
        Self {
            grant_id: Id(member.id),
            name: member.name,
            phone_masked: member.phone.map(|phone| phone.masked()),
            role: member.role.into(),
            role_name: member.role_name.into(),
            // The end is the first instant that no longer counts.
            valid_until: member.valid_until.map(|until| On(until.day().plus(-1))),
        }
    }
}

/// What an imported table is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ImportWhat {
    /// Weekly hours.
    Schedules,
    /// People: those who are booked, and those who work at the desk.
    Staff,
    /// Offerings and their rules.
    Offerings,
}

impl From<ImportWhat> for imports::What {
    fn from(what: ImportWhat) -> Self {
        match what {
            ImportWhat::Schedules => Self::Schedules,
            ImportWhat::Staff => Self::Staff,
            ImportWhat::Offerings => Self::Offerings,
        }
    }
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum SheetFormat {
    /// Comma-separated lines.
    Csv,
    /// A workbook.
    Xlsx,
}

/// How a text was encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
pub enum SheetEncoding {
    /// UTF-8.
    Utf8,
    /// GB 18030, and with it GBK and GB 2312.
    Gb18030,
    /// UTF-16.
    Utf16,
}

/// Something wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct ImportError {
    /// The row, as the spreadsheet counts.
    pub row: u64,
    /// The column, by the name the file gives it.
    pub column: Option<String>,
    /// What stands there.
    pub value: Option<String>,
    /// What is wrong, and what is allowed.
    pub problem: Words,
}

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct ImportReport {
    /// What it was about.
    pub what: ImportWhat,
    /// What the file was.
    pub format: SheetFormat,
    /// How its text was encoded; left out for workbooks.
    pub encoding: Option<SheetEncoding>,
    /// Rows under the heading.
    pub rows: usize,
    /// Rows without a mistake.
    pub good: usize,
    /// How many things would change, or did.
    pub changes: usize,
    /// Whether it was written: everything, or there was nothing to write.
    pub applied: bool,
    /// The first 200 mistakes, by row.
    pub errors: Vec<ImportError>,
    /// How many more there are.
    pub more_errors: usize,
}

impl From<imports::Report> for ImportReport {
    fn from(report: imports::Report) -> Self {
        let what = match report.what {
            imports::What::Schedules => ImportWhat::Schedules,
            imports::What::Staff => ImportWhat::Staff,
            imports::What::Offerings => ImportWhat::Offerings,
        };
        let format = match report.format {
            imports::Format::Csv => SheetFormat::Csv,
            imports::Format::Xlsx => SheetFormat::Xlsx,
        };
        let encoding = report.encoding.map(|encoding| match encoding {
            imports::Encoding::Utf8 => SheetEncoding::Utf8,
            imports::Encoding::Gb18030 => SheetEncoding::Gb18030,
            imports::Encoding::Utf16 => SheetEncoding::Utf16,
        });
        let error = |problem: imports::Problem| ImportError {
            row: problem.row,
            column: problem.column,
            value: problem.value,
            problem: problem.words.into(),
        };
        Self {
            what,
            format,
            encoding,
            rows: report.rows,
            good: report.good,
            changes: report.changes,
            applied: report.applied,
            errors: report.errors.into_iter().map(error).collect(),
            more_errors: report.more_errors,
        }
    }
}

impl From<SheetFormat> for imports::Format {
    fn from(format: SheetFormat) -> Self {
        match format {
            SheetFormat::Csv => Self::Csv,
            SheetFormat::Xlsx => Self::Xlsx,
        }
    }
}
