//! What is near: the own community first, then the own street, then the rest by distance.

use crate::area::{AreaCode, AreaLevel};

/// A point, WGS-84.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
}

/// The mean radius of the Earth in metres (IUGG).
const RADIUS: f64 = 6_371_008.8;

impl Spot {
    /// A point on Earth; none for numbers that name no such point.
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let on_earth = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        on_earth.then_some(Self { latitude, longitude })
    }

    /// The middle of some points that lie close together; none of none.
    pub fn middle(spots: impl IntoIterator<Item = Self>) -> Option<Self> {
        let (mut count, mut latitude, mut longitude) = (0.0, 0.0, 0.0);
        for spot in spots {
            (count, latitude, longitude) = (count + 1.0, latitude + spot.latitude, longitude + spot.longitude);
        }
        (count > 0.0).then(|| Self { latitude: latitude / count, longitude: longitude / count })
    }

    /// Whole metres as the crow flies. To put places in order and to say how far they are roughly; never to promise a
    /// time on foot.
    pub fn metres_to(self, other: Self) -> i64 {
        let (a, b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let half = |angle: f64| (angle / 2.0).sin().powi(2);
        let h = half(b - a) + a.cos() * b.cos() * half((other.longitude - self.longitude).to_radians());
        #[expect(clippy::cast_possible_truncation, reason = "half the way around the Earth is 20 million metres")]
        let metres = (2.0 * RADIUS * h.clamp(0.0, 1.0).sqrt().asin()).round() as i64;
        metres
    }
}

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
    fn distances_are_those_of_the_earth() {
        let spot = |latitude, longitude| Spot::new(latitude, longitude).unwrap();
        // A degree of latitude is 111.2 km; at 38.3 degrees north a degree of longitude is 87.3 km.
        assert_eq!(spot(38.0, 116.8).metres_to(spot(39.0, 116.8)), 111_195);
        let east = spot(38.3, 116.8).metres_to(spot(38.3, 117.8));
        assert!((87_200..87_300).contains(&east), "{east}");
        assert_eq!(spot(38.3, 116.8).metres_to(spot(38.3, 116.8)), 0);
        assert_eq!(spot(0.0, 179.5).metres_to(spot(0.0, -179.5)), 111_195);
        assert!(Spot::new(91.0, 0.0).is_none() && Spot::new(0.0, f64::NAN).is_none());
        assert_eq!(Spot::middle([spot(1.0, 2.0), spot(3.0, 4.0)]), Spot::new(2.0, 3.0));
        assert_eq!(Spot::middle([]), None);
    }

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
