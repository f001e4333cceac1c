//! What is near: the own community first, then the own street, then the rest by distance.

use crate::area::{AreaCode, AreaLevel};

/// How close an area is to somebody's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Closeness {
    /// In it.
    Own,
    /// In the same street or town.
    Street,
    /// Elsewhere.
    Elsewhere,
}

impl Closeness {
    /// How close a place in one area is to somebody of another.
    pub fn of(place: &AreaCode, own: &AreaCode) -> Self {
        if place.is_within(own) {
            return Self::Own;
        }
        match own.up_to(AreaLevel::Street) {
            Some(street) if place.is_within(&street) => Self::Street,
            _ => Self::Elsewhere,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_community_comes_before_the_own_street() {
        let code = |text: &str| text.parse::<AreaCode>().unwrap();
        let own = code("130903001007");
        assert_eq!(Closeness::of(&code("130903001007-S01"), &own), Closeness::Own);
        assert_eq!(Closeness::of(&code("130903001008"), &own), Closeness::Street);
        assert_eq!(Closeness::of(&code("130903002037"), &own), Closeness::Elsewhere);
        assert_eq!(Closeness::of(&code("130903001008"), &code("130903001000")), Closeness::Own);
        assert_eq!(Closeness::of(&code("130903001008"), &code("130903000000")), Closeness::Own);
        assert!(Closeness::Own < Closeness::Street && Closeness::Street < Closeness::Elsewhere);
    }
}
