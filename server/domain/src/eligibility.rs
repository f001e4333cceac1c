//! Whether somebody may have a kind of service: age on the day, where they live, what is verified.

use crate::area::AreaCode;
use crate::person::{Fact, Person, Verification};
use crate::platform::{Kind, Requirement};
use crate::refusal::{Code, Refusal};
use crate::time::{Day, Instant};
use crate::words::Words;

/// What an offering or a kind asks of its subject.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The kind.
    pub kind: &'a Kind,
    /// Only for residents of this area, with its name.
    pub residents_of: Option<(&'a AreaCode, &'a Words)>,
    /// The district, with its name.
    pub district: (&'a AreaCode, &'a Words),
}

/// Looks at everything that follows from who the subject is.
///
/// # Errors
/// The first thing missing, with words that say how to mend it.
pub fn may_have(
    asked: &Asked<'_>,
    person: &Person,
    verified: &[Verification],
    day: Day,
    now: Instant,
) -> Result<(), Refusal> {
    let is_verified = |fact| verified.iter().any(|v| v.fact == fact && v.holds_at(now));
    for requirement in &asked.kind.requires {
        match requirement {
            Requirement::IdentityVerified if !is_verified(Fact::Identity) => {
                return Err(Code::IdentityNotVerified.into());
            }
            Requirement::IdentityDeclared if !is_verified(Fact::Identity) && !declared(person) => {
                return Err(Code::IdentityNotDeclared.into());
            }
            Requirement::BirthDateVerified if !is_verified(Fact::BirthDate) => {
                return Err(Code::BirthDateNotVerified.into());
            }
            Requirement::BirthDateDeclared if person.birth_date.is_none() => {
                return Err(Code::BirthDateNeeded.into());
            }
            Requirement::ResidenceVerified if !is_verified(Fact::Residence) => {
                return Err(Code::ResidenceNotVerified.into());
            }
            Requirement::LivesInDistrict => lives_in(person, asked.district)?,
            _ => {}
        }
    }
    if let Some(area) = asked.residents_of {
        lives_in(person, area)?;
    }
    if let Some(range) = &asked.kind.age {
        let age = person.age_on(day).ok_or(Code::BirthDateNeeded)?;
        if !range.includes(age) {
            return Err(match (range.min, range.max) {
                (Some(min), _) if age < i32::from(min) => Refusal::new(Code::TooYoung).with("min", min),
                (_, Some(max)) => Refusal::new(Code::TooOld).with("max", max),
                // Not born yet on the day.
                _ => Code::BirthDateNeeded.into(),
            });
        }
    }
    Ok(())
}

/// Whether they have said who they are.
fn declared(person: &Person) -> bool {
    !person.name.is_empty() && person.identity_mask.is_some()
}

/// Whether a kind is given on their word alone: nobody has seen their document yet.
pub fn on_their_word(kind: &Kind, verified: &[Verification], now: Instant) -> bool {
    kind.requires.contains(&Requirement::IdentityDeclared)
        && !verified.iter().any(|one| one.fact == Fact::Identity && one.holds_at(now))
}

fn lives_in(person: &Person, (area, name): (&AreaCode, &Words)) -> Result<(), Refusal> {
    match &person.community {
        Some(home) if home.is_within(area) => Ok(()),
        _ => Err(Refusal::new(Code::WrongCommunity).with("area", name.clone())),
    }
}
