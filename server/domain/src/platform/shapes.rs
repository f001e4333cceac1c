//! What a shape makes of the rules: which of them mean nothing to it, and what the others must be.

use super::model::Shape;
use super::read::Table;
use super::rules::{Bound, BoundChanges, RuleBounds, RuleChanges, Rules};
use crate::time::TimeOfDay;

/// What a rule in minutes says where it says nothing: the shortest that every kind may have.
const NOTHING: u16 = 5;

/// The rules that mean nothing to a shape, each with the one value it has there. Files do not write them, and
/// operators cannot move them.
pub(super) struct Settled {
    pub(super) rules: RuleChanges,
    pub(super) bounds: BoundChanges,
}

impl Settled {
    /// Those of a shape; none where nothing is ordered by rules.
    pub(super) fn of(shape: Shape) -> Option<Self> {
        let no_room = RuleChanges {
            gap_minutes: Some(0),
            min_minutes: Some(0),
            max_minutes: Some(0),
            approval: Some(false),
            release_minutes: Some(0),
            ..RuleChanges::default()
        };
        let no_revisit = RuleChanges { revisit_days: Some(0), revisit_price_fen: Some(0), ..RuleChanges::default() };
        let rules = match shape {
            Shape::Slot => no_room,
            // A session brings its own times along.
            Shape::Session => RuleChanges { slot_minutes: Some(NOTHING), ..no_room.over(&no_revisit) },
            // Nobody waits for a room: another time, or another room, is free.
            Shape::Resource => {
                RuleChanges { hold_minutes: Some(NOTHING), line: Some(false), max_line: Some(0), ..no_revisit }
            }
            // Somebody comes when they can: no places, no line, no desk.
            Shape::Dispatch => RuleChanges {
                opens_at: Some(TimeOfDay(0)),
                hold_minutes: Some(NOTHING),
                capacity: Some(1),
                check_in_minutes_before: Some(0),
                line: Some(false),
                max_line: Some(0),
                ..no_room.over(&no_revisit)
            },
            Shape::Delivery | Shape::Case => return None,
        };
        let only = |value: u16| Bound { min: value, max: value };
        let bounds = BoundChanges {
            hold_minutes: rules.hold_minutes.map(only),
            slot_minutes: rules.slot_minutes.map(only),
            gap_minutes: rules.gap_minutes.map(only),
            max_minutes: rules.max_minutes.map(only),
            capacity: rules.capacity.map(|value| Bound { min: value, max: value }),
            ..BoundChanges::default()
        };
        Some(Self { rules, bounds })
    }

    /// Reads rules, and complains of those that mean nothing to the shape.
    pub(super) fn rules_of(&self, table: &mut Table<'_>, shape: Shape) -> RuleChanges {
        refuse(table, shape, &self.rules.said());
        RuleChanges::read(table, &self.rules)
    }

    /// Reads bounds, and complains of those that mean nothing to the shape.
    pub(super) fn bounds_of(&self, table: &mut Table<'_>, shape: Shape) -> BoundChanges {
        refuse(table, shape, &self.bounds.said());
        BoundChanges::read(table, &self.bounds)
    }
}

fn refuse(table: &mut Table<'_>, shape: Shape, fields: &[&'static str]) {
    table.forbid(fields, &format!("means nothing to the shape `{}`", shape.key()), "leaving it out");
}

/// Every rule that an offering of this shape may not have within these bounds: its field, and what is allowed.
pub(super) fn check(shape: Shape, bounds: &RuleBounds, rules: &Rules) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    if let Some(settled) = Settled::of(shape) {
        for field in settled.rules.moved_in(rules) {
            wrong.push((field, format!("what it is: it means nothing to the shape `{}`", shape.key())));
        }
    }
    if shape == Shape::Resource {
        // Calendars know quarter hours.
        for (field, minutes) in [("slot_minutes", rules.slot_minutes), ("gap_minutes", rules.gap_minutes)] {
            if !minutes.is_multiple_of(15) {
                wrong.push((field, "a multiple of 15".to_owned()));
            }
        }
        for (field, minutes) in [("min_minutes", rules.min_minutes), ("max_minutes", rules.max_minutes)] {
            if !minutes.is_multiple_of(rules.slot_minutes) {
                wrong.push((field, "a multiple of slot_minutes".to_owned()));
            }
        }
    }
    let of_kind = bounds.check(rules);
    wrong.retain(|(field, _)| of_kind.iter().all(|(known, _)| known != field));
    of_kind.into_iter().chain(wrong).collect()
}
