//! Where something is, and how somebody travels there.
//!
//! Inside, every point is [`Wgs84`], the coordinates of GPS and of OpenStreetMap. Maps in mainland China, WeChat's among
//! them, show [`Gcj02`], which is shifted by some hundreds of metres. They are two types, so that one never passes for
//! the other; whoever speaks to WeChat converts at the edge.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::words::Words;

/// In which of the two a map is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Datum {
    /// As [`Wgs84`].
    #[default]
    Wgs84,
    /// As [`Gcj02`].
    Gcj02,
}

/// The mean radius of the Earth in metres (IUGG).
const RADIUS: f64 = 6_371_008.8;

/// A point on Earth as GPS and OpenStreetMap give it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wgs84 {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
}

/// The same place in the coordinates of maps in mainland China (国测局坐标), as `wx.getLocation` and WeChat's maps have it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gcj02 {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
}

impl Wgs84 {
    /// A point on Earth; none for numbers that name no such point.
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let on_earth = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        on_earth.then_some(Self { latitude, longitude })
    }

    /// The middle of some points that lie close together; none of none.
    pub fn middle(points: impl IntoIterator<Item = Self>) -> Option<Self> {
        let (mut count, mut latitude, mut longitude) = (0.0, 0.0, 0.0);
        for point in points {
            (count, latitude, longitude) = (count + 1.0, latitude + point.latitude, longitude + point.longitude);
        }
        (count > 0.0).then(|| Self { latitude: latitude / count, longitude: longitude / count })
    }

    /// Metres as the crow flies, on the sphere: within half a percent of the ellipsoid.
    pub fn distance(self, other: Self) -> f64 {
        let (a, b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let half = |angle: f64| (angle / 2.0).sin().powi(2);
        let h = half(b - a) + a.cos() * b.cos() * half((other.longitude - self.longitude).to_radians());
        2.0 * RADIUS * h.clamp(0.0, 1.0).sqrt().asin()
    }

    /// Whole metres as the crow flies. To put places in order and to say how far they are roughly; never to promise a
    /// time on foot.
    pub fn metres_to(self, other: Self) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "half the way around the Earth is 20 million metres")]
        let metres = self.distance(other).round() as i64;
        metres
    }

    /// The point so many metres further north and east; for distances of a few kilometres away from the poles.
    pub fn moved(self, north: f64, east: f64) -> Self {
        let latitude = self.latitude + (north / RADIUS).to_degrees();
        let longitude = self.longitude + (east / (RADIUS * self.latitude.to_radians().cos())).to_degrees();
        Self { latitude, longitude }
    }

    /// The same place on a map of mainland China. Outside China nothing is shifted.
    pub fn to_gcj02(self) -> Gcj02 {
        let (north, east) = shift(self.latitude, self.longitude);
        Gcj02 { latitude: self.latitude + north, longitude: self.longitude + east }
    }
}

impl Gcj02 {
    /// A point on Earth; none for numbers that name no such point.
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        Wgs84::new(latitude, longitude).map(|_| Self { latitude, longitude })
    }

    /// The same place as GPS has it: the point whose shifted image this is, to a hundredth of a millimetre.
    ///
    /// The shift has no inverse in closed form. It changes by less than a hundredth from a point to its image, so
    /// taking it off again and again closes in on the point by two digits each time.
    pub fn to_wgs84(self) -> Wgs84 {
        let mut guess = Wgs84 { latitude: self.latitude, longitude: self.longitude };
        for _ in 0..ROUNDS {
            let image = guess.to_gcj02();
            guess.latitude += self.latitude - image.latitude;
            guess.longitude += self.longitude - image.longitude;
        }
        guess
    }
}

/// Two digits a round: enough for the last digit of a coordinate.
const ROUNDS: usize = 8;

/// The shift of GCJ-02 in degrees north and east, as everybody computes it: a polynomial and some waves around 105° E,
/// 35° N on the ellipsoid of Krassowsky (1940). It is not published; this is what the maps agree with.
fn shift(latitude: f64, longitude: f64) -> (f64, f64) {
    use std::f64::consts::PI;
    const AXIS: f64 = 6_378_245.0;
    const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;
    if !(0.8293..=55.8271).contains(&latitude) || !(72.004..=137.8347).contains(&longitude) {
        return (0.0, 0.0);
    }
    let (x, y) = (longitude - 105.0, latitude - 35.0);
    let wave = |amplitude: f64, angle: f64| amplitude * (angle * PI).sin();
    let common = (wave(20.0, 6.0 * x) + wave(20.0, 2.0 * x)) * 2.0 / 3.0;
    let root = x.abs().sqrt();
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + common
        + (wave(20.0, y) + wave(40.0, y / 3.0) + wave(160.0, y / 12.0) + wave(320.0, y / 30.0)) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + common
        + (wave(20.0, x) + wave(40.0, x / 3.0) + wave(150.0, x / 12.0) + wave(300.0, x / 30.0)) * 2.0 / 3.0;
    let radians = latitude.to_radians();
    let curve = 1.0 - ECCENTRICITY_SQUARED * radians.sin().powi(2);
    let meridian = AXIS * (1.0 - ECCENTRICITY_SQUARED) / (curve * curve.sqrt());
    let parallel = AXIS / curve.sqrt() * radians.cos();
    ((north / meridian).to_degrees(), (east / parallel).to_degrees())
}

/// How somebody gets somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Travel {
    /// On foot.
    Foot,
    /// By e-bike (电动自行车), where bicycles may go.
    EBike,
    /// By car or van.
    Car,
}

impl Travel {
    /// All of them, the slowest first.
    pub const ALL: [Self; 3] = [Self::Foot, Self::EBike, Self::Car];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Foot => "foot",
            Self::EBike => "ebike",
            Self::Car => "car",
        }
    }

    /// What it is called.
    pub fn words(self) -> Words {
        match self {
            Self::Foot => Words::new("步行", "on foot"),
            Self::EBike => Words::new("骑电动车", "by e-bike"),
            Self::Car => Words::new("开车", "by car"),
        }
    }

    /// Its place among [`Travel::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Travel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

/// A text that names no way to travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("one travels by foot, ebike or car")]
pub struct NotATravel;

impl FromStr for Travel {
    type Err = NotATravel;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|travel| travel.key() == text).ok_or(NotATravel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(latitude: f64, longitude: f64) -> Wgs84 {
        Wgs84::new(latitude, longitude).unwrap()
    }

    #[test]
    fn distances_are_those_of_the_earth() {
        // A degree of latitude is 111.2 km; at 38.3 degrees north a degree of longitude is 87.3 km.
        assert_eq!(point(38.0, 116.8).metres_to(point(39.0, 116.8)), 111_195);
        let east = point(38.3, 116.8).metres_to(point(38.3, 117.8));
        assert!((87_200..87_300).contains(&east), "{east}");
        assert_eq!(point(38.3, 116.8).metres_to(point(38.3, 116.8)), 0);
        assert_eq!(point(0.0, 179.5).metres_to(point(0.0, -179.5)), 111_195);
        assert!(Wgs84::new(91.0, 0.0).is_none() && Wgs84::new(0.0, f64::NAN).is_none());
        assert_eq!(Wgs84::middle([point(1.0, 2.0), point(3.0, 4.0)]), Wgs84::new(2.0, 3.0));
        assert_eq!(Wgs84::middle([]), None);
        let start = point(38.3, 116.83);
        assert!((start.distance(start.moved(300.0, -400.0)) - 500.0).abs() < 0.05);
    }

    #[test]
    fn at_cangzhou_the_two_lie_514_metres_apart() {
        let apart = |gps: Wgs84| {
            let shifted = gps.to_gcj02();
            gps.distance(point(shifted.latitude, shifted.longitude))
        };
        let west = apart(point(38.3045, 116.81));
        assert!((west - 514.0).abs() < 1.0, "{west}");
        for east in 0..10 {
            assert!((500.0..520.0).contains(&apart(point(38.3, 116.78 + f64::from(east) * 0.01))));
        }
        // Tiananmen, as the maps have it.
        let shifted = point(39.907_333, 116.391_253).to_gcj02();
        assert!((shifted.latitude - 39.908_737).abs() < 1e-5 && (shifted.longitude - 116.397_497).abs() < 1e-5);
    }

    #[test]
    fn there_and_back_is_the_same_point() {
        for step in 0..2_000 {
            let at = f64::from(step);
            let gps = point(1.0 + (at * 0.37) % 54.0, 73.0 + (at * 1.13) % 64.0);
            let back = gps.to_gcj02().to_wgs84();
            assert!(gps.distance(back) < 1e-4, "{gps:?} {back:?}");
            let map = Gcj02::new(gps.latitude, gps.longitude).unwrap();
            let image = map.to_wgs84().to_gcj02();
            assert!((image.latitude - map.latitude).abs() < 1e-9 && (image.longitude - map.longitude).abs() < 1e-9);
        }
    }

    #[test]
    fn outside_china_nothing_is_shifted() {
        let paris = point(48.8566, 2.3522);
        assert_eq!(paris.to_gcj02(), Gcj02::new(48.8566, 2.3522).unwrap());
        assert_eq!(paris.to_gcj02().to_wgs84(), paris);
    }

    #[test]
    fn ways_to_travel_keep_their_keys() {
        for travel in Travel::ALL {
            assert_eq!(travel.key().parse(), Ok(travel));
            assert_eq!(serde_json::to_value(travel).unwrap(), travel.key());
            assert_eq!(Travel::ALL[travel.index()], travel);
        }
        assert!("horse".parse::<Travel>().is_err());
    }
}
