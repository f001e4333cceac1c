//! Who may go where and how fast, read from the tags of OpenStreetMap. `docs/streets.md` lists it with its sources.

use linli_domain::geo::Travel;

use super::network::Class;

/// Microseconds a metre at so many tenths of a kilometre an hour.
pub(crate) const fn pace(tenths: u32) -> u32 {
    36_000_000 / tenths
}

/// 4.5 km/h, 1.25 m/s: a little below what healthy adults walk (GB 50180 counts 15 minutes as 800 to 1,000 m).
pub(crate) const WALKING: u32 = pace(45);
/// 1.8 km/h along the ground (Fruin 1971: 0.5 to 0.6 m/s up and down).
const CLIMBING: u32 = pace(18);
/// 15 km/h: the most the law on road traffic safety (article 58) lets an e-bike ride in the lane for bicycles.
pub(crate) const RIDING: u32 = pace(150);
/// 10 km/h, where one shares the way with people on foot.
const RIDING_SLOWLY: u32 = pace(100);
/// 4 km/h, pushing an e-bike.
const PUSHING: u32 = pace(40);

/// Mean loss at a signal for those who drive and ride: 45 s of 90 are red, which is 11 s on average; 4 s for stopping and starting.
pub(crate) const SIGNAL: u32 = 15_000;
/// Mean wait of people on foot at a crossing with signals: 60 s of 90 are red.
pub(crate) const SIGNAL_ON_FOOT: u32 = 20_000;
/// Looking left and right at a crossing without signals.
const CROSSING_ON_FOOT: u32 = 5_000;
/// Slowing down at a crossing.
const CROSSING: u32 = 1_000;
/// Stopping at a barrier that opens.
const OPENING: u32 = 5_000;

/// What the tags of a way allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rules {
    pub(crate) class: Class,
    /// Whether it is a way for people on foot, which waits where it crosses a road.
    pub(crate) is_path: bool,
    /// By means of travel, there and back: microseconds a metre.
    pub(crate) pace: [[Option<u32>; 2]; 3],
}

/// What is at a vertex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Spot {
    /// A signal for the road.
    pub(crate) signal: bool,
    /// A crossing for people on foot, and whether it has a signal.
    pub(crate) crossing: Option<bool>,
    /// A barrier: who passes, by means of travel, and after how many milliseconds.
    pub(crate) passing: Option<[Option<u32>; 3]>,
}

impl Spot {
    /// How long one waits who arrives here.
    pub(crate) fn waiting(&self, travel: Travel, on_path: bool) -> u32 {
        match (travel, on_path, self.crossing) {
            (_, true, Some(true)) => SIGNAL_ON_FOOT,
            (_, true, Some(false)) => CROSSING_ON_FOOT,
            (Travel::Foot, ..) => 0,
            _ if self.signal => SIGNAL,
            (_, _, Some(_)) => CROSSING,
            _ => 0,
        }
    }
}

/// Tags of one thing.
pub(crate) struct Tags<'a>(pub(crate) Vec<(&'a str, &'a str)>);

impl Tags<'_> {
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == key).map(|(_, value)| *value)
    }

    fn is(&self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }

    /// What the most particular of some keys says, from the general to the particular. A general yes opens nothing that
    /// is closed by its kind: `access=yes` puts nobody on foot onto a motorway.
    fn access(&self, keys: &[&str]) -> Access {
        let said = keys.iter().rev().find_map(|key| Some((key, self.get(key).and_then(Access::of)?)));
        match said {
            Some((&("access" | "vehicle"), Access::Yes)) | None => Access::Unsaid,
            Some((_, access)) => access,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Unsaid,
    Yes,
    Dismount,
    No,
}

impl Access {
    fn of(value: &str) -> Option<Self> {
        match value {
            "yes" | "permissive" | "designated" | "public" | "official" | "destination" | "customers" | "delivery" => {
                Some(Self::Yes)
            }
            "dismount" => Some(Self::Dismount),
            "no" | "private" | "military" | "agricultural" | "forestry" | "use_sidepath" | "emergency" => {
                Some(Self::No)
            }
            _ => None,
        }
    }
}

const FOOT_KEYS: [&str; 2] = ["access", "foot"];
const BICYCLE_KEYS: [&str; 3] = ["access", "vehicle", "bicycle"];
const CAR_KEYS: [&str; 4] = ["access", "vehicle", "motor_vehicle", "motorcar"];

/// What a kind of way allows by itself.
struct Kind {
    class: Class,
    is_path: bool,
    foot: Option<u32>,
    bicycle: Option<u32>,
    /// Tenths of a kilometre an hour.
    car: Option<u32>,
}

impl Kind {
    const fn road(class: Class, car: u32) -> Self {
        Self { class, is_path: false, foot: Some(WALKING), bicycle: Some(RIDING), car: Some(car) }
    }

    const fn path(class: Class, foot: u32, bicycle: Option<u32>) -> Self {
        Self { class, is_path: true, foot: Some(foot), bicycle, car: None }
    }

    fn of(highway: &str) -> Option<Self> {
        let highway = highway.strip_suffix("_link").unwrap_or(highway);
        Some(match highway {
            "motorway" => Self { foot: None, bicycle: None, ..Self::road(Class::Main, 800) },
            "trunk" => Self::road(Class::Main, 500),
            "primary" => Self::road(Class::Main, 400),
            "secondary" => Self::road(Class::Main, 350),
            "tertiary" => Self::road(Class::Street, 300),
            "unclassified" | "road" => Self::road(Class::Street, 250),
            "residential" => Self::road(Class::Street, 200),
            "living_street" => Self { bicycle: Some(RIDING_SLOWLY), ..Self::road(Class::Lane, 100) },
            "service" | "track" => Self::road(Class::Lane, 100),
            "cycleway" => Self::path(Class::Path, WALKING, Some(RIDING)),
            "path" => Self::path(Class::Path, WALKING, Some(RIDING_SLOWLY)),
            "footway" | "pedestrian" => Self::path(Class::Path, WALKING, Some(PUSHING)),
            "corridor" | "elevator" | "bridleway" | "platform" => Self::path(Class::Path, WALKING, None),
            "steps" => Self::path(Class::Steps, CLIMBING, None),
            _ => return None,
        })
    }
}

/// Which of the two directions a way has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Directions {
    Both,
    There,
    Back,
}

impl Directions {
    fn of(value: &str) -> Option<Self> {
        match value {
            "yes" | "true" | "1" => Some(Self::There),
            "-1" | "reverse" => Some(Self::Back),
            "no" | "false" | "0" => Some(Self::Both),
            _ => None,
        }
    }

    fn apply(self, pace: Option<u32>) -> [Option<u32>; 2] {
        match self {
            Self::Both => [pace, pace],
            Self::There => [pace, None],
            Self::Back => [None, pace],
        }
    }
}

/// What the tags of a way allow; none when nobody can use it.
pub(crate) fn way(tags: &Tags<'_>) -> Option<Rules> {
    let highway = tags.get("highway")?;
    let mut kind = Kind::of(highway)?;
    if tags.is("motorroad", "yes") {
        (kind.foot, kind.bicycle) = (None, None);
    }
    let foot = match tags.access(&FOOT_KEYS) {
        Access::No => None,
        Access::Yes | Access::Dismount if highway != "steps" => Some(WALKING),
        _ => kind.foot,
    };
    let bicycle = match tags.access(&BICYCLE_KEYS) {
        Access::No => None,
        Access::Dismount => Some(PUSHING),
        Access::Yes if kind.is_path => Some(kind.bicycle.map_or(RIDING_SLOWLY, |own| own.min(RIDING_SLOWLY))),
        Access::Yes => kind.bicycle.or(Some(RIDING)),
        Access::Unsaid => kind.bicycle,
    };
    let car = match tags.access(&CAR_KEYS) {
        Access::No | Access::Dismount => None,
        Access::Yes => kind.car.or(Some(100)),
        Access::Unsaid => kind.car,
    };
    let car = car.map(|usual| pace(limit(tags).map_or(usual, |limit| usual.min(limit))));
    if foot.is_none() && bicycle.is_none() && car.is_none() {
        return None;
    }
    let all = directions(tags, highway);
    let by_car = tags.get("oneway:motor_vehicle").and_then(Directions::of).unwrap_or(all);
    let on_foot = tags.get("oneway:foot").and_then(Directions::of).unwrap_or(Directions::Both);
    let by_bicycle = tags.get("oneway:bicycle").and_then(Directions::of).unwrap_or_else(|| {
        let against = ["cycleway", "cycleway:left", "cycleway:right", "cycleway:both"]
            .iter()
            .any(|key| tags.get(key).is_some_and(|value| value.starts_with("opposite")));
        if against { Directions::Both } else { all }
    });
    let pace = [on_foot.apply(foot), by_bicycle.apply(bicycle), by_car.apply(car)];
    Some(Rules { class: kind.class, is_path: kind.is_path, pace })
}

fn directions(tags: &Tags<'_>, highway: &str) -> Directions {
    if let Some(said) = tags.get("oneway").and_then(Directions::of) {
        return said;
    }
    let round = matches!(tags.get("junction"), Some("roundabout" | "circular"));
    if round || highway == "motorway" { Directions::There } else { Directions::Both }
}

/// The speed limit in tenths of a kilometre an hour.
fn limit(tags: &Tags<'_>) -> Option<u32> {
    let text = tags.get("maxspeed")?;
    let (number, miles) = match text.strip_suffix("mph") {
        Some(number) => (number, true),
        None => (text, false),
    };
    let number: u32 = number.trim().parse().ok().filter(|number| (5..=200).contains(number))?;
    Some(if miles { number * 16 } else { number * 10 })
}

/// What the tags of a point say; none when it is like any other.
pub(crate) fn spot(tags: &Tags<'_>) -> Option<Spot> {
    let highway = tags.get("highway");
    let by_signal = tags.is("crossing", "traffic_signals") || tags.is("crossing:signals", "yes");
    let crossing = match highway {
        Some("crossing") => Some(by_signal),
        Some("traffic_signals") if tags.get("crossing").is_some_and(|crossing| crossing != "no") => Some(true),
        _ => None,
    };
    let spot = Spot { signal: highway == Some("traffic_signals"), crossing, passing: barrier(tags) };
    (spot != Spot::default()).then_some(spot)
}

/// Who passes a barrier. A gate lets everybody through unless it says that it is private.
fn barrier(tags: &Tags<'_>) -> Option<[Option<u32>; 3]> {
    let (foot, bicycle, car) = match tags.get("barrier")? {
        "gate" | "lift_gate" | "swing_gate" | "sliding_gate" | "hampshire_gate" | "wicket_gate" => {
            (Some(0), Some(OPENING), Some(OPENING))
        }
        "bollard" | "block" | "chain" | "rope" | "planter" | "jersey_barrier" | "motorcycle_barrier" | "bus_trap" => {
            (Some(0), Some(0), None)
        }
        "cycle_barrier" => (Some(0), Some(OPENING), None),
        "turnstile" | "full-height_turnstile" | "kissing_gate" | "stile" | "horse_stile" => (Some(OPENING), None, None),
        "wall" | "fence" | "hedge" | "ditch" | "retaining_wall" | "debris" | "log" => (None, None, None),
        _ => (Some(0), Some(0), Some(0)),
    };
    let decide = |keys: &[&str], usual: Option<u32>| match tags.access(keys) {
        Access::No => None,
        Access::Yes | Access::Dismount => Some(usual.unwrap_or(0)),
        Access::Unsaid => usual,
    };
    let passing = [decide(&FOOT_KEYS, foot), decide(&BICYCLE_KEYS, bicycle), decide(&CAR_KEYS, car)];
    (passing != [Some(0); 3]).then_some(passing)
}
