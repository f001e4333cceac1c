//! `linli streets`: travel times on streets, for experts and other tools.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::Subcommand;
use linli_domain::geo::{Travel, Wgs84};
use linli_matching::streets::{Direction, LARGEST_FILE, Seconds, Snapped, Streets as Network};

use crate::print;

const SEMANTICS: &str = "\
How times are counted:
  foot    4.5 km/h; steps 1.8 km/h; 20 s at a crossing with signals, 5 s at one without, when the way is a footway
  ebike   15 km/h; 10 km/h on paths and in living streets; pushed (4 km/h) on footways; 15 s at a signal
  car     by kind of road, 10 to 80 km/h, not above maxspeed; 15 s at a signal; turn restrictions are not read
  One-ways, access and barriers count: gates let people on foot through unless they are private, bollards stop cars.
  A point is put onto the nearest street of its kind, at most 200 m away; the way there is walked at 4.5 km/h and counts at
  both ends. Islands and streets without a way back are left out. From a point to itself it is 0.
  Times are the shortest of all ways, in whole seconds, rounded up. docs/streets.md says it all, with its sources.";

const REACH_HELP: &str = "\
Prints one GeoJSON Feature (RFC 7946) on one line: a Polygon or a MultiPolygon, longitude before latitude, WGS-84, with the
properties travel, seconds, direction (from, to) and origin. A point belongs to it if its own way to the nearest street, at
most 200 m, is within the time as well. Ends with code 1, and a message on standard error, when there is no street within
200 m of the point.

Example:
  linli streets reach shanghai.osm.pbf 31.2304,121.4737 --minutes 15 --by foot > circle.geojson";

const TABLE_HELP: &str = "\
POINTS.csv has one point per line, `lat,lon` in degrees (WGS-84); a first line that is no numbers is a header; empty lines
are skipped. Prints CSV without a header: a row for each point as the start, a column for each point as the end, both in
the order of the file; whole seconds, nothing where there is no way. A point without a street within 200 m has an empty row and
an empty column and is told on standard error; with --strict it ends the command with code 1 before anything is printed.

Example:
  linli streets table shanghai.osm.pbf points.csv --by ebike > seconds.csv";

/// What to do with streets.
#[derive(Debug, Subcommand)]
pub(crate) enum Streets {
    /// Reads an OpenStreetMap extract into a compact file
    ///
    /// The file loads many times faster than the extract and can stand wherever an EXTRACT is asked for.
    #[command(after_help = SEMANTICS)]
    Import {
        /// The extract, .osm.pbf
        #[arg(value_name = "FILE.osm.pbf")]
        file: PathBuf,
        /// Where to write it [default: the extract's name with .streets]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Draws everything within some minutes of a point, as GeoJSON
    #[command(after_help = REACH_HELP, after_long_help = format!("{REACH_HELP}\n\n{SEMANTICS}"))]
    Reach {
        /// An OpenStreetMap extract (.osm.pbf), what `linli streets import` has made of it, or the word demo
        extract: PathBuf,
        /// The point in degrees, WGS-84
        #[arg(value_name = "LAT,LON", allow_hyphen_values = true, value_parser = point)]
        point: Wgs84,
        /// The most it may take, 1 to 120
        #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=120))]
        minutes: u32,
        /// How one travels: foot, ebike or car
        #[arg(long, default_value_t = Travel::Foot)]
        by: Travel,
        /// Who gets to the point within the time, instead of who is reached from it
        #[arg(long)]
        to: bool,
    },
    /// Prints the seconds between all points of a file, as CSV
    #[command(after_help = TABLE_HELP, after_long_help = format!("{TABLE_HELP}\n\n{SEMANTICS}"))]
    Table {
        /// An OpenStreetMap extract (.osm.pbf), what `linli streets import` has made of it, or the word demo
        extract: PathBuf,
        /// The points, one `lat,lon` per line
        #[arg(value_name = "POINTS.csv")]
        points: PathBuf,
        /// How one travels: foot, ebike or car
        #[arg(long, default_value_t = Travel::Foot)]
        by: Travel,
        /// Refuses points without a street within 200 m instead of leaving their cells empty
        #[arg(long)]
        strict: bool,
    },
}

/// Points of a table at most; their cells are a hundred million.
const MOST_POINTS: usize = 10_000;
/// Rows that are computed at once.
const ROWS: usize = 256;

pub(crate) fn run(what: &Streets) -> Result<()> {
    match what {
        Streets::Import { file, out } => import(file, out.as_deref()),
        Streets::Reach { extract, point, minutes, by, to } => {
            let streets = open(extract)?;
            let origin = streets.snap(*by, *point).with_context(|| said(*point))?;
            let direction = if *to { Direction::To } else { Direction::From };
            print::line(streets.reach(&origin, Seconds::minutes(*minutes), direction).geojson().to_string());
            Ok(())
        }
        Streets::Table { extract, points, by, strict } => table(extract, points, *by, *strict),
    }
}

fn import(file: &Path, out: Option<&Path>) -> Result<()> {
    let streets = open(file)?;
    let out = out.map_or_else(|| beside(file), Path::to_path_buf);
    let bytes = streets.to_bytes();
    fs::write(&out, &bytes).with_context(|| format!("{} cannot be written", out.display()))?;
    let (corners, stretches) = streets.size();
    print::line(format!("{corners} corners, {stretches} stretches between them"));
    for travel in Travel::ALL {
        print::line(format!("{travel:<6} {:>8} stretches can be used", streets.stretches(travel)));
    }
    print::line(format!("{} ({} bytes)", out.display(), bytes.len()));
    Ok(())
}

/// The name of the compact file beside the extract's.
fn beside(file: &Path) -> PathBuf {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = name.strip_suffix(".pbf").unwrap_or(&name);
    file.with_file_name(format!("{}.streets", stem.strip_suffix(".osm").unwrap_or(stem)))
}

fn open(file: &Path) -> Result<Network> {
    if file == Path::new("demo") && !file.exists() {
        return Ok(Network::demo());
    }
    let unreadable = || format!("{} cannot be read", file.display());
    let length = fs::metadata(file).with_context(unreadable)?.len();
    ensure!(length <= LARGEST_FILE as u64, "{} has more than a gigabyte; cut out the district first", file.display());
    let bytes = fs::read(file).with_context(unreadable)?;
    Network::open(&bytes).with_context(|| format!("{} cannot be used", file.display()))
}

fn table(extract: &Path, points: &Path, by: Travel, strict: bool) -> Result<()> {
    let text = fs::read_to_string(points).with_context(|| format!("{} cannot be read", points.display()))?;
    let points = parse(&text).with_context(|| points.display().to_string())?;
    let streets = open(extract)?;
    let mut places = Vec::with_capacity(points.len());
    for (line, point) in &points {
        places.push(streets.snap(by, *point).map_err(|far| format!("line {line}: {}: {far}", said(*point))));
    }
    let lost: Vec<&String> = places.iter().filter_map(|place| place.as_ref().err()).collect();
    lost.iter().for_each(print::complaint);
    ensure!(!strict || lost.is_empty(), "{} of {} points have no street near them", lost.len(), points.len());
    rows(&streets, &places.into_iter().map(Result::ok).collect::<Vec<_>>(), print::line);
    Ok(())
}

/// Shows a row for each point: seconds, or nothing where there is no way or no street.
fn rows(streets: &Network, places: &[Option<Snapped>], mut show: impl FnMut(String)) {
    let known: Vec<Snapped> = places.iter().flatten().copied().collect();
    // What number each point has among those on a street.
    let numbers: Vec<Option<usize>> =
        places.iter().scan(0, |next, place| Some(place.map(|_| std::mem::replace(next, *next + 1)))).collect();
    for (places, rows) in places.chunks(ROWS).zip(numbers.chunks(ROWS)) {
        let from: Vec<Snapped> = places.iter().flatten().copied().collect();
        let first = rows.iter().flatten().next().copied().unwrap_or(0);
        let table = streets.table(&from, &known);
        for row in rows {
            let cell = |column: &Option<usize>| {
                let time = row.zip(*column).and_then(|(row, column)| table.get(row - first, column));
                time.map_or(String::new(), |time| time.0.to_string())
            };
            show(numbers.iter().map(cell).collect::<Vec<_>>().join(","));
        }
    }
}

/// The points of a file, each with its line.
fn parse(text: &str) -> Result<Vec<(usize, Wgs84)>> {
    let mut points = Vec::new();
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        match point(line) {
            Ok(point) => points.push((number + 1, point)),
            // The first line may be a header, but only if it does not look like a point gone wrong.
            Err(_) if number == 0 && !line.contains(|c: char| c.is_ascii_digit()) => {}
            Err(problem) => bail!("line {}: {problem}", number + 1),
        }
        ensure!(points.len() <= MOST_POINTS, "more than {MOST_POINTS} points");
    }
    ensure!(!points.is_empty(), "there is no point in it");
    Ok(points)
}

fn point(text: &str) -> Result<Wgs84, String> {
    let wrong = || format!("“{}” is not LAT,LON in degrees, such as 38.3045,116.8388", text.trim());
    let (latitude, longitude) = text.split_once(',').ok_or_else(wrong)?;
    let number = |text: &str| text.trim().trim_matches('"').parse::<f64>().map_err(|_| wrong());
    let (latitude, longitude) = (number(latitude)?, number(longitude)?);
    Wgs84::new(latitude, longitude).ok_or_else(|| {
        format!("{latitude},{longitude} is no point on Earth: latitude is -90 to 90, longitude -180 to 180")
    })
}

fn said(point: Wgs84) -> String {
    format!("{},{}", point.latitude, point.longitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_with_and_without_a_header() {
        let read = |text: &str| parse(text).map(|points| points.iter().map(|(line, _)| *line).collect::<Vec<_>>());
        assert_eq!(read("38.3,116.8\n38.4, 116.9\n").unwrap(), [1, 2]);
        assert_eq!(read("\u{feff}lat,lon\r\n\r\n38.3,116.8\r\n").unwrap(), [3]);
        assert!(read("lat,lon\n").is_err());
        assert!(read("").is_err());
        for wrong in ["38.3;116.8", "38.3,116.8\nx,y", "38.3x,116.8", "91,0", "nan,0", "38.3,116.8,5"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert!(parse("38.3,116.8\n\n95,1").unwrap_err().to_string().starts_with("line 3"));
        assert_eq!(parse("-33.9,151.2").unwrap()[0].1, Wgs84::new(-33.9, 151.2).unwrap());
    }

    #[test]
    fn the_compact_file_lies_beside_the_extract() {
        assert_eq!(beside(Path::new("maps/city.osm.pbf")), Path::new("maps/city.streets"));
        assert_eq!(beside(Path::new("city")), Path::new("city.streets"));
    }
    #[test]
    fn a_table_has_a_row_and_a_column_for_every_point() {
        let streets = Network::demo();
        let at = |latitude, longitude| streets.snap(Travel::Foot, Wgs84 { latitude, longitude }).ok();
        let mut places = vec![at(38.3226, 116.8512), at(39.9, 116.4), at(38.2874, 116.8403)];
        // More rows than are computed at once.
        places.resize(ROWS + 2, places[2]);
        let mut shown = Vec::new();
        rows(&streets, &places, |line| shown.push(line));
        assert_eq!(shown.len(), ROWS + 2);
        let cells: Vec<Vec<&str>> = shown.iter().map(|line| line.split(',').collect()).collect();
        assert!(cells.iter().all(|row| row.len() == ROWS + 2 && row[1].is_empty()));
        assert!(cells[1].iter().all(|cell| cell.is_empty()));
        assert_eq!((cells[0][0], cells[2][2], cells[ROWS + 1][2]), ("0", "0", "0"));
        assert_eq!(cells[0][2], cells[0][ROWS + 1]);
        let seconds = streets.seconds(&places[0].unwrap(), &places[2].unwrap()).unwrap();
        assert_eq!(cells[0][2], seconds.0.to_string());
    }

    #[test]
    fn what_was_imported_stands_for_the_extract() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("demo.streets"), folder.path().join("again.streets"));
        import(Path::new("demo"), Some(&first)).unwrap();
        import(&first, Some(&second)).unwrap();
        assert_eq!(fs::read(&first).unwrap(), fs::read(&second).unwrap());
        fs::write(&second, b"no map").unwrap();
        let refused = format!("{:#}", open(&second).unwrap_err());
        assert!(refused.contains("again.streets cannot be used: this is no OpenStreetMap extract"), "{refused}");
        assert!(open(&folder.path().join("missing")).is_err());
    }

    #[test]
    fn a_broken_or_empty_map_is_refused_in_words_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let (map, out) = (folder.path().join("city.osm.pbf"), folder.path().join("city.streets"));
        import(Path::new("demo"), Some(&out)).unwrap();
        let whole = fs::read(&out).unwrap();
        fs::remove_file(&out).unwrap();
        let mut changed = whole.clone();
        changed[whole.len() / 2] ^= 1;
        for (bytes, why) in [
            (&b""[..], "empty"),
            (b"<html>404</html>", "no OpenStreetMap extract"),
            (&whole[..whole.len() / 2], ""),
            (&changed, ""),
        ] {
            fs::write(&map, bytes).unwrap();
            let refused = format!("{:#}", import(&map, None).unwrap_err());
            assert!(refused.contains("city.osm.pbf cannot be used") && refused.contains(why), "{refused}");
            assert!(!out.exists(), "{refused}");
        }
    }
}
