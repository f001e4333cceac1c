//! The part of a kind that only ordering needs: who may order, what is asked, how much, by which rules.

use std::collections::{HashMap, HashSet};

use super::courses::{OfSlot, own_key};
use super::model::{AgeRange, FormField, NoShow, PersonLimits, Requirement, Shape};
use super::read::Table;
use super::rules::{Bound, BoundChanges, RuleBounds, RuleChanges, Rules};
use super::shapes::{self, Settled};
use super::visit::{self, VisitTerms};

/// Fields of a kind that only ordering needs.
pub(super) const FIELDS: [&str; 14] = [
    "orderable",
    "takes_subject_time",
    "requires",
    "age",
    "form",
    "limits",
    "no_show",
    "rules",
    "bounds",
    "price_fen",
    "courses",
    "contract",
    "attendance",
    "visit",
];

/// What all kinds of one shape start with.
pub(super) struct Defaults {
    settled: Settled,
    rules: RuleChanges,
    bounds: BoundChanges,
    limits: Option<PersonLimits>,
    no_show: Option<NoShow>,
    /// Something in them could not be read, so that nothing can be said to be missing.
    broken: bool,
}

impl Defaults {
    /// Reads what a platform says of a shape, if it says anything.
    pub(super) fn read(table: Option<Table<'_>>, shape: Shape, settled: Settled) -> Self {
        let (rules, bounds) = (RuleChanges::default(), BoundChanges::default());
        let mut read = Self { settled, rules, bounds, limits: None, no_show: None, broken: false };
        let Some(mut table) = table else { return read };
        if let Some(mut rules) = table.table("rules") {
            read.rules = read.settled.rules_of(&mut rules, shape);
            rules.finish();
        }
        if let Some(mut bounds) = table.table("bounds") {
            read.bounds = read.settled.bounds_of(&mut bounds, shape);
            bounds.finish();
        }
        read.limits = table.table("limits").map(|of| limits(of, Some(shape)));
        read.no_show = table.table("no_show").and_then(no_show);
        read.broken = table.file().is_bad();
        table.finish();
        read
    }
}

/// What only kinds have that can be ordered, today or once their shape is built.
pub(super) struct Ordering {
    pub(super) takes_subject_time: bool,
    pub(super) requires: Vec<Requirement>,
    pub(super) age: Option<AgeRange>,
    pub(super) form: Vec<FormField>,
    pub(super) limits: PersonLimits,
    pub(super) rules: Rules,
    pub(super) bounds: RuleBounds,
    pub(super) no_show: Option<NoShow>,
    pub(super) of_slot: OfSlot,
    pub(super) visit: Option<VisitTerms>,
}

impl Ordering {
    /// That of a kind which is never ordered.
    pub(super) const NONE: Self = Self {
        takes_subject_time: false,
        requires: Vec::new(),
        age: None,
        form: Vec::new(),
        limits: PersonLimits { per_day: None, per_week: None, open: None, hours_per_week: None },
        rules: Rules::NONE,
        bounds: RuleBounds::NONE,
        no_show: None,
        of_slot: OfSlot { courses: Vec::new(), contract: None, attendance: false },
        visit: None,
    };

    /// Reads it from the table of a kind; none when something was wrong with it.
    pub(super) fn read(
        table: &mut Table<'_>,
        shape: Option<Shape>,
        free: bool,
        defaults: &HashMap<Shape, Defaults>,
    ) -> Option<Self> {
        let takes_subject_time = table.required("takes_subject_time");
        let requires = requires(table);
        let age = table.table("age").map(age);
        let told = |one: &Requirement| matches!(one, Requirement::BirthDateDeclared | Requirement::BirthDateVerified);
        if age.is_some() && requires.as_ref().is_some_and(|requires| !requires.iter().any(told)) {
            let allowed = "with it, `birth_date_declared` or `birth_date_verified` in `requires`";
            table.problem("age", "an age can only be told from a birth date", allowed);
        }
        let form = form(table);
        let limits = table.table("limits").map(|of| limits(of, shape));
        let no_show = table.table("no_show").and_then(no_show);
        let of_slot = OfSlot::read(table, shape);
        let visit = visit::read(table, shape, free);
        let of_shape = match shape.map(|shape| (shape, defaults.get(&shape))) {
            Some((shape, Some(defaults))) => {
                let (rules, bounds) = rules_and_bounds(table, shape, free, defaults)?;
                let limits = defaults.limits.unwrap_or_default();
                Self { rules, bounds, limits, no_show: defaults.no_show, ..Self::NONE }
            }
            Some((_, None)) => {
                table.forbid(
                    &["rules", "bounds"],
                    "belongs to the shapes slot, session, resource, dispatch",
                    "leaving it out",
                );
                Self::NONE
            }
            None => {
                table.pass_over(&["rules", "bounds"]);
                return None;
            }
        };
        Some(Self {
            takes_subject_time: takes_subject_time?,
            requires: requires?,
            age,
            form,
            limits: limits.unwrap_or(of_shape.limits),
            no_show: no_show.or(of_shape.no_show),
            of_slot,
            visit,
            ..of_shape
        })
    }
}

fn rules_and_bounds(
    table: &mut Table<'_>,
    shape: Shape,
    free: bool,
    defaults: &Defaults,
) -> Option<(Rules, RuleBounds)> {
    let settled = &defaults.settled;
    let mut own_rules = table.table("rules");
    let mut own_bounds = table.table("bounds");
    let rules = own_rules.as_mut().map(|own| settled.rules_of(own, shape)).unwrap_or_default();
    let rules = rules.over(&defaults.rules).over(&settled.rules).complete();
    let bounds = own_bounds.as_mut().map(|own| settled.bounds_of(own, shape)).unwrap_or_default();
    let bounds = bounds.over(&defaults.bounds).over(&settled.bounds).complete();
    for (part, own, missing) in
        [("rules", &own_rules, rules.as_ref().err()), ("bounds", &own_bounds, bounds.as_ref().err())]
    {
        for field in missing.into_iter().flatten() {
            // A field that is there but cannot be read has been complained of already.
            if !defaults.broken && !own.as_ref().is_some_and(|own| own.has(field)) {
                let allowed = format!("`{field}` here or in `{}.{part}` of the platform", shape.key());
                table.problem(part, format!("`{field}` is missing"), allowed);
            }
        }
    }
    let both = rules.ok().zip(bounds.ok());
    if let Some((rules, bounds)) = &both {
        // A mistake points to the kind's own field or, where the platform's value does not suit the kind, to the kind.
        let complain = |own: &Option<Table<'_>>, part: &str, field: &str, message: &str, allowed: String| match own
            .as_ref()
            .filter(|own| own.has(field))
        {
            Some(own) => own.problem(field, message, allowed),
            None => table.problem(part, format!("`{field}` {message}"), allowed),
        };
        for (field, allowed) in bounds.impossible() {
            complain(&own_bounds, "bounds", field, "cannot be", allowed);
        }
        for (field, allowed) in shapes::check(shape, bounds, rules) {
            complain(&own_rules, "rules", field, "is out of bounds", allowed);
        }
        if free && bounds.price_fen.max != 0 {
            complain(
                &own_bounds,
                "bounds",
                "price_fen",
                "does not suit a free kind",
                "{ min = 0, max = 0 }".to_owned(),
            );
        }
    }
    own_rules.into_iter().chain(own_bounds).for_each(Table::finish);
    both
}

/// The requirements; none when they cannot be read.
fn requires(table: &mut Table<'_>) -> Option<Vec<Requirement>> {
    if !table.has("requires") {
        table.pass_over(&["requires"]);
        return Some(Vec::new());
    }
    let requires: Vec<Requirement> = table.optional("requires")?;
    if requires.iter().enumerate().any(|(index, one)| requires[..index].contains(one)) {
        table.problem("requires", "names a requirement twice", "each requirement once");
    }
    Some(requires)
}

fn age(mut table: Table<'_>) -> AgeRange {
    let oldest = Bound { min: 0, max: 130 };
    let range = AgeRange { min: table.number("min", oldest), max: table.number("max", oldest) };
    if let AgeRange { min: Some(min), max: Some(max) } = range
        && min > max
    {
        table.problem("min", format!("{min} is above {max}, the `max`"), "min ≤ max");
    }
    if !table.has("min") && !table.has("max") {
        table.problem("min", "neither `min` nor `max` is given", "one of them or both");
    }
    table.finish();
    range
}

fn limits(mut table: Table<'_>, shape: Option<Shape>) -> PersonLimits {
    let sensible = Bound { min: 1, max: 100 };
    if shape.is_some_and(|shape| shape != Shape::Resource) {
        table.forbid(&["hours_per_week"], "belongs to the shape `resource`", "leaving it out");
    }
    let limits = PersonLimits {
        per_day: table.number("per_day", sensible),
        per_week: table.number("per_week", sensible),
        open: table.number("open", sensible),
        hours_per_week: table.number("hours_per_week", sensible),
    };
    table.finish();
    limits
}

fn no_show(mut table: Table<'_>) -> Option<NoShow> {
    let days = Bound { min: 1, max: 366 };
    let count: Option<u8> = table.required_number("count", Bound { min: 1, max: 20 });
    let within_days = table.required_number("within_days", days);
    let blocked_days = table.required_number("blocked_days", days);
    table.finish();
    Some(NoShow { count: count?, within_days: within_days?, blocked_days: blocked_days? })
}

fn form(table: &mut Table<'_>) -> Vec<FormField> {
    let tables = table.tables("form");
    if tables.len() > 8 {
        table.problem("form", format!("asks {} questions", tables.len()), "8 at most: ask only what is needed");
    }
    let mut seen = HashSet::new();
    let mut form = Vec::new();
    for mut field in tables {
        let key = own_key(&mut field, &mut seen);
        let label = field.words("label", 20, 60);
        let example = field.words("example", 60, 160);
        let required = field.flag("required");
        let max_length = field.required_number("max_length", Bound { min: 1, max: 1000 });
        field.finish();
        if let (Some(key), Some(label), Some(example), Some(max_length)) = (key, label, example, max_length) {
            form.push(FormField { key, label, example, required, max_length });
        }
    }
    form
}
