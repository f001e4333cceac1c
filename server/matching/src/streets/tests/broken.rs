//! Files that are broken, empty, cut off, or made to do harm.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use proptest::prelude::*;

use super::*;

/// Packs a small map as an extract.
#[derive(Default)]
pub(crate) struct Extract {
    strings: Vec<String>,
    known: BTreeMap<String, u64>,
    nodes: Vec<Vec<u8>>,
    ways: Vec<Vec<u8>>,
}

fn number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

/// A field of a message: a number, or bytes.
fn field(out: &mut Vec<u8>, tag: u64, value: u64) {
    number(out, tag << 3);
    number(out, value);
}

fn bytes(out: &mut Vec<u8>, tag: u64, value: &[u8]) {
    number(out, tag << 3 | 2);
    number(out, value.len() as u64);
    out.extend_from_slice(value);
}

fn packed(values: impl IntoIterator<Item = u64>) -> Vec<u8> {
    let mut out = Vec::new();
    values.into_iter().for_each(|value| number(&mut out, value));
    out
}

/// A block with its frame.
fn framed(kind: &str, blob: &[u8]) -> Vec<u8> {
    let mut header = Vec::new();
    bytes(&mut header, 1, kind.as_bytes());
    field(&mut header, 3, blob.len() as u64);
    let mut out = (header.len() as u32).to_be_bytes().to_vec();
    out.extend(header);
    out.extend_from_slice(blob);
    out
}

fn zipped(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    let mut blob = Vec::new();
    field(&mut blob, 2, content.len() as u64);
    bytes(&mut blob, 3, &encoder.finish().unwrap());
    blob
}

pub(crate) fn header(feature: &str) -> Vec<u8> {
    let mut content = Vec::new();
    bytes(&mut content, 4, b"OsmSchema-V0.6");
    bytes(&mut content, 4, feature.as_bytes());
    framed("OSMHeader", &zipped(&content))
}

impl Extract {
    fn text(&mut self, text: &str) -> u64 {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        self.strings.push(text.to_owned());
        self.known.insert(text.to_owned(), self.strings.len() as u64);
        self.strings.len() as u64
    }

    fn tags(&mut self, out: &mut Vec<u8>, tags: &[(&str, &str)]) {
        let keys: Vec<u64> = tags.iter().map(|(key, _)| self.text(key)).collect();
        let values: Vec<u64> = tags.iter().map(|(_, value)| self.text(value)).collect();
        bytes(out, 2, &packed(keys));
        bytes(out, 3, &packed(values));
    }

    pub(crate) fn node(&mut self, id: i64, at: Wgs84, tags: &[(&str, &str)]) {
        let mut node = Vec::new();
        field(&mut node, 1, zigzag(id));
        self.tags(&mut node, tags);
        field(&mut node, 8, zigzag((at.latitude * 1e7).round() as i64));
        field(&mut node, 9, zigzag((at.longitude * 1e7).round() as i64));
        self.nodes.push(node);
    }

    pub(crate) fn way(&mut self, nodes: &[i64], tags: &[(&str, &str)]) {
        let mut way = Vec::new();
        field(&mut way, 1, self.ways.len() as u64 + 1);
        self.tags(&mut way, tags);
        let last = std::iter::once(0).chain(nodes.iter().copied());
        bytes(&mut way, 8, &packed(nodes.iter().zip(last).map(|(node, last)| zigzag(node - last))));
        self.ways.push(way);
    }

    fn block(&self) -> Vec<u8> {
        let mut strings = Vec::new();
        bytes(&mut strings, 1, b"");
        self.strings.iter().for_each(|text| bytes(&mut strings, 1, text.as_bytes()));
        let (mut nodes, mut ways) = (Vec::new(), Vec::new());
        self.nodes.iter().for_each(|node| bytes(&mut nodes, 1, node));
        self.ways.iter().for_each(|way| bytes(&mut ways, 3, way));
        let mut content = Vec::new();
        bytes(&mut content, 1, &strings);
        bytes(&mut content, 2, &nodes);
        bytes(&mut content, 2, &ways);
        content
    }

    pub(crate) fn pack(&self) -> Vec<u8> {
        [header("DenseNodes"), framed("OSMData", &zipped(&self.block()))].concat()
    }
}

fn small() -> Extract {
    let mut extract = Extract::default();
    let start = Wgs84::new(38.3, 116.83).unwrap();
    for id in 1..=4 {
        extract.node(id, start.moved(id as f64 * 200.0, 0.0), &[]);
    }
    extract.way(&[1, 2, 3, 4], &[("highway", "residential"), ("name", "演示路")]);
    extract
}

fn refused(bytes: &[u8]) -> NoStreets {
    Streets::open(bytes).expect_err("it must be refused")
}

#[test]
fn a_file_that_is_none_is_refused_in_words() {
    assert!(Streets::open(&small().pack()).is_ok());
    assert_eq!(refused(b""), NoStreets::Extract(BadExtract::Empty));
    for other in [&b"PK\x03\x04 some archive"[..], b"<?xml version=\"1.0\"?><osm/>", &[0; 40], &[0xFF; 400], b"\0\0"] {
        let refused = refused(other);
        let known = matches!(refused, NoStreets::Extract(BadExtract::NotAnExtract | BadExtract::CutOff { .. }));
        assert!(known, "{refused:?}");
    }
    assert_eq!(refused(&header("DenseNodes")), NoStreets::Extract(BadExtract::NoStreets));
    let history = [header("HistoricalInformation"), framed("OSMData", &zipped(&small().block()))].concat();
    assert_eq!(refused(&history), NoStreets::Extract(BadExtract::NotUnderstood("HistoricalInformation".to_owned())));
    let mut nowhere = Extract::default();
    nowhere.way(&[1, 2, 3], &[("highway", "residential")]);
    assert_eq!(refused(&nowhere.pack()), NoStreets::Extract(BadExtract::NoStreets));
    let mut nobody = Extract::default();
    nobody.node(1, Wgs84::new(38.0, 116.0).unwrap(), &[]);
    nobody.node(2, Wgs84::new(38.1, 116.0).unwrap(), &[]);
    nobody.way(&[1, 2], &[("highway", "proposed")]);
    assert_eq!(refused(&nobody.pack()), NoStreets::Extract(BadExtract::NoStreets));
}

#[test]
fn a_file_cut_off_anywhere_is_refused_or_read_as_far_as_it_goes() {
    let whole = small().pack();
    let first = header("DenseNodes").len();
    for end in 0..whole.len() {
        let refused = refused(&whole[..end]);
        if end > first {
            assert!(matches!(refused, NoStreets::Extract(BadExtract::CutOff { .. })), "{end}: {refused:?}");
        }
    }
    if let Some(bytes) = map("beijing_haidian.osm.pbf") {
        for end in (0..bytes.len()).step_by(9_973) {
            refused(&bytes[..end]);
        }
    }
}

#[test]
fn bombs_do_not_go_off() {
    // 200 MB of nothing in 200 KB.
    let zeros = zipped(&vec![0; 200 << 20]);
    let bomb = [header("DenseNodes"), framed("OSMData", &zeros)].concat();
    assert!(bomb.len() < 2 << 20);
    assert!(matches!(refused(&bomb), NoStreets::Extract(BadExtract::Damaged { .. })));
    // A block of the size that is allowed, full of empty ways: each would become a value of some hundred bytes.
    let mut ways = Vec::new();
    for _ in 0..(12 << 20) {
        bytes(&mut ways, 3, b"");
    }
    let mut content = Vec::new();
    bytes(&mut content, 2, &ways);
    let bomb = [header("DenseNodes"), framed("OSMData", &zipped(&content))].concat();
    let NoStreets::Extract(BadExtract::Damaged { why, .. }) = refused(&bomb) else { panic!("not damaged") };
    assert!(why.contains("more things"), "{why}");
    // A header that promises more than there is.
    let mut promise = Vec::new();
    bytes(&mut promise, 1, b"OSMHeader");
    field(&mut promise, 3, u64::MAX);
    let promise = [(promise.len() as u32).to_be_bytes().to_vec(), promise].concat();
    assert!(matches!(refused(&promise), NoStreets::Extract(_)));
}

#[test]
fn the_smallest_towns_work() {
    let start = Wgs84::new(38.3, 116.83).unwrap();
    let mut extract = Extract::default();
    for (id, north, east) in [(1, 0.0, 0.0), (2, 100.0, 0.0), (3, 100.0, 100.0)] {
        extract.node(id, start.moved(north, east), &[]);
    }
    // A single round course with a single corner.
    extract.way(&[1, 2, 3, 1], &[("highway", "residential")]);
    let streets = Streets::open(&extract.pack()).unwrap();
    assert_eq!(streets.size(), (1, 1));
    let [a, b] =
        [(100.0, 20.0), (0.0, 0.0)].map(|(north, east)| streets.snap(Travel::Foot, start.moved(north, east)).unwrap());
    assert_eq!(streets.seconds(&a, &b), Some(Seconds(96)));
    assert!(!streets.reach(&a, Seconds::minutes(5), Direction::To).polygon().is_empty());
    assert_eq!(Streets::open(&streets.to_bytes()).unwrap().network, streets.network);
}

#[test]
fn coordinates_off_the_earth_are_left_out() {
    let mut extract = small();
    let mut node = Vec::new();
    field(&mut node, 1, zigzag(9));
    field(&mut node, 8, zigzag(i64::MAX / 3));
    field(&mut node, 9, zigzag(i64::MIN / 3));
    extract.nodes.push(node);
    extract.way(&[4, 9], &[("highway", "residential")]);
    let streets = Streets::open(&extract.pack()).unwrap();
    assert_eq!(streets.size(), (2, 1));
}

#[test]
fn a_changed_byte_of_the_compact_file_is_noticed() {
    let bytes = Streets::open(&small().pack()).unwrap().to_bytes();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        refused(&changed);
        refused(&bytes[..at]);
    }
    refused(&[bytes.clone(), vec![0]].concat());
    let mut newer = bytes;
    newer[8] = 9;
    assert_eq!(refused(&newer), NoStreets::File(BadFile::OtherVersion(9)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn noise_never_harms(noise in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = Streets::open(&noise);
        let _ = Streets::open(&[header("DenseNodes"), noise.clone()].concat());
        let _ = Streets::open(&[header("DenseNodes"), framed("OSMData", &noise)].concat());
        let _ = Streets::open(&[header("DenseNodes"), framed("OSMData", &zipped(&noise))].concat());
    }

    #[test]
    fn a_changed_byte_of_an_extract_never_harms(at in 0usize..400, bit in 0u8..8) {
        // Not packed, so that the change gets past the checksum of the packing.
        let mut blob = Vec::new();
        bytes(&mut blob, 1, &small().block());
        let mut file = [header("DenseNodes"), framed("OSMData", &blob)].concat();
        let at = at % file.len();
        file[at] ^= 1 << bit;
        if let Ok(streets) = Streets::open(&file) {
            let _ = streets.snap(Travel::Foot, Wgs84::new(38.3, 116.83).unwrap());
        }
    }

    #[test]
    fn a_sealed_file_of_noise_is_refused(noise in prop::collection::vec(any::<u8>(), 0..200)) {
        use sha2::{Digest, Sha256};
        let mut bytes = [&b"LINLIMAP\x01\0"[..], &(noise.len() as u64).to_le_bytes(), &noise].concat();
        let sum = Sha256::digest(&bytes);
        bytes.extend_from_slice(&sum);
        prop_assert!(Streets::open(&bytes).is_err());
    }
}
