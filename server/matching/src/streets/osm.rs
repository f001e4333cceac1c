//! Reads an extract of OpenStreetMap (`.osm.pbf`).
//!
//! A file is not to be trusted: its frame is walked before anything is decoded, every block is unpacked by hand as far as
//! its size goes, and everything counted has a limit, so that no file, however made, takes more than some memory and time.

use std::collections::HashSet;
use std::io::Read;

use flate2::read::ZlibDecoder;
use osmpbf::{BlobDecode, BlobReader, Element, HeaderBlock, PrimitiveBlock};

use super::build::{Builder, Way};
use super::network::{Class, Name, Network, Point};
use super::profile::{self, Tags};

/// The most bytes an extract may have: a country fits, a continent does not.
pub const LARGEST_FILE: usize = 1 << 30;
/// The most a block may unpack to: what the format allows.
const LARGEST_BLOCK: u64 = 32 << 20;
/// The most one block may hold of anything: five times what programs write into one.
const MOST_IN_A_BLOCK: usize = 1 << 20;
/// The most ways and corners of them that are kept.
const MOST_VERTICES: usize = 50_000_000;
/// What the reader of blocks understands.
const UNDERSTOOD: [&str; 2] = ["OsmSchema-V0.6", "DenseNodes"];

/// Why an extract cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadExtract {
    /// It has no bytes.
    #[error("the file is empty")]
    Empty,
    /// It is something else.
    #[error("this is no OpenStreetMap extract (.osm.pbf)")]
    NotAnExtract,
    /// It ends in the middle.
    #[error("the file is cut off: {got} bytes are there, but a part of it goes on until {wanted}")]
    CutOff {
        /// How many bytes there are.
        got: u64,
        /// Where the part that is cut off would end.
        wanted: u64,
    },
    /// A part cannot be decoded.
    #[error("the file is damaged at byte {at}: {why}")]
    Damaged {
        /// Where the part begins.
        at: usize,
        /// What the decoder says.
        why: String,
    },
    /// More than is read.
    #[error("the file is too large: {0}")]
    TooLarge(&'static str),
    /// It needs something that is not understood.
    #[error("the file needs “{0}”, which is not understood; export it as a plain extract")]
    NotUnderstood(String),
    /// Nobody can travel in it.
    #[error("there is no street in the file")]
    NoStreets,
}

/// Makes a network of an extract.
pub(crate) fn read(bytes: &[u8]) -> Result<Network, BadExtract> {
    let blocks = frame(bytes)?;
    let mut builder = Builder::default();
    let mut wanted = HashSet::new();
    let mut lines = Vec::new();
    let mut vertices = 0usize;
    for block in &blocks {
        for way in decode(block)?.groups().flat_map(|group| group.ways().collect::<Vec<_>>()) {
            let tags = Tags(way.tags().collect());
            let rules = profile::way(&tags);
            let class = drawn(&tags);
            if rules.is_none() && class.is_none() {
                continue;
            }
            vertices += way.raw_refs().len();
            if vertices > MOST_VERTICES {
                return Err(BadExtract::TooLarge("more streets than a country has"));
            }
            let name = name(&tags);
            let refs: Vec<i64> = way.refs().collect();
            wanted.extend(refs.iter().copied());
            match (rules, class) {
                (Some(rules), _) => builder.way(Way { vertices: refs, rules, name }),
                (None, Some(class)) => lines.push((class, name, refs)),
                (None, None) => {}
            }
        }
    }
    if wanted.is_empty() {
        return Err(BadExtract::NoStreets);
    }
    let mut places = std::collections::HashMap::new();
    for block in &blocks {
        decode(block)?.for_each_element(|element| {
            let (id, latitude, longitude, tags) = match &element {
                Element::DenseNode(node) if wanted.contains(&node.id()) => {
                    (node.id(), node.nano_lat(), node.nano_lon(), Tags(node.tags().collect()))
                }
                Element::Node(node) if wanted.contains(&node.id()) => {
                    (node.id(), node.nano_lat(), node.nano_lon(), Tags(node.tags().collect()))
                }
                _ => return,
            };
            let (Ok(latitude), Ok(longitude)) = (i32::try_from(latitude / 100), i32::try_from(longitude / 100)) else {
                return;
            };
            let at = Point { latitude, longitude };
            if !at.is_on_earth() {
                return;
            }
            places.insert(id, at);
            builder.vertex(id, at);
            if let Some(spot) = profile::spot(&tags) {
                builder.spot(id, spot);
            }
        });
    }
    for (class, name, refs) in lines {
        for part in refs.split(|vertex| !places.contains_key(vertex)) {
            builder.line(class, name.clone(), part.iter().map(|vertex| places[vertex]).collect());
        }
    }
    let network = builder.build();
    if network.edges.is_empty() { Err(BadExtract::NoStreets) } else { Ok(network) }
}

/// What is only drawn.
fn drawn(tags: &Tags<'_>) -> Option<Class> {
    match (tags.get("waterway"), tags.get("railway")) {
        (Some("river" | "canal"), _) => Some(Class::Water),
        (_, Some("rail" | "light_rail" | "subway")) if tags.get("tunnel").is_none() => Some(Class::Rail),
        _ => None,
    }
}

fn name(tags: &Tags<'_>) -> Name {
    let text = |key: &str| tags.get(key).map_or(String::new(), |name| name.chars().take(100).collect());
    let mut zh = text("name:zh");
    if zh.is_empty() {
        zh = text("name");
    }
    Name { zh, en: text("name:en") }
}

/// A block of the file: where it begins, and itself with its frame.
struct Block<'a> {
    at: usize,
    framed: &'a [u8],
}

/// Walks the frame of the file: each block is four bytes of length, a header that says how long the block is, the block.
/// Gives the blocks with data.
fn frame(bytes: &[u8]) -> Result<Vec<Block<'_>>, BadExtract> {
    if bytes.is_empty() {
        return Err(BadExtract::Empty);
    }
    if bytes.len() > LARGEST_FILE {
        return Err(BadExtract::TooLarge("more than a gigabyte; cut out the district first"));
    }
    let cut_off = |wanted: u64| BadExtract::CutOff { got: bytes.len() as u64, wanted };
    let (mut blocks, mut at, mut headers) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        let damaged = |why: &str| {
            if at == 0 { BadExtract::NotAnExtract } else { BadExtract::Damaged { at, why: why.to_owned() } }
        };
        let Some(length) = bytes[at..].first_chunk::<4>() else { return Err(cut_off(at as u64 + 4)) };
        let length = u32::from_be_bytes(*length) as usize;
        if length as u64 >= osmpbf::MAX_BLOB_HEADER_SIZE {
            return Err(damaged("its header is too long"));
        }
        let Some(header) = bytes[at + 4..].get(..length) else {
            return Err(if at == 0 { BadExtract::NotAnExtract } else { cut_off((at + 4 + length) as u64) });
        };
        let (mut kind, mut size) = (None, None);
        for field in Fields(header) {
            match field.ok_or_else(|| damaged("its header cannot be read"))? {
                (1, Value::Bytes(text)) => kind = Some(text),
                (3, Value::Number(number)) => size = Some(number),
                _ => {}
            }
        }
        let (Some(kind), Some(size)) = (kind, size) else {
            return Err(damaged("its header says neither kind nor size"));
        };
        if at == 0 && kind != b"OSMHeader" {
            return Err(BadExtract::NotAnExtract);
        }
        if size > LARGEST_BLOCK {
            return Err(damaged("it is larger than the format allows"));
        }
        let begin = at + 4 + length;
        let end = begin + size as usize;
        let Some(body) = bytes.get(begin..end) else { return Err(cut_off(end as u64)) };
        weigh(body).map_err(damaged)?;
        let block = Block { at, framed: &bytes[at..end] };
        match kind {
            b"OSMHeader" => {
                understand(&block)?;
                headers += 1;
            }
            b"OSMData" => blocks.push(block),
            _ => {}
        }
        at = end;
    }
    debug_assert!(headers > 0, "the first block is a header");
    Ok(blocks)
}

/// Unpacks a block and counts what it holds, without keeping any of it: what the decoder would make of it must be bounded
/// before the decoder sees it.
fn weigh(body: &[u8]) -> Result<(), &'static str> {
    let (mut raw, mut packed) = (None, None);
    for field in Fields(body) {
        match field.ok_or("it cannot be read")? {
            (1, Value::Bytes(bytes)) => raw = Some(bytes),
            (3, Value::Bytes(bytes)) => packed = Some(bytes),
            _ => {}
        }
    }
    let mut unpacked = Vec::new();
    let content = match (raw, packed) {
        (Some(raw), _) => raw,
        (None, Some(packed)) => {
            let mut reader = ZlibDecoder::new(packed).take(LARGEST_BLOCK);
            reader.read_to_end(&mut unpacked).map_err(|_| "it cannot be unpacked")?;
            &unpacked
        }
        (None, None) => return Err("it is packed in a way that is not understood"),
    };
    if content.len() as u64 >= LARGEST_BLOCK {
        return Err("it unpacks to more than the format allows");
    }
    // Strings, groups, and what is in the groups: each becomes a value of some hundred bytes.
    let mut held = 0;
    for field in Fields(content) {
        let (_, value) = field.ok_or("its content cannot be read")?;
        held += 1;
        if let Value::Bytes(bytes) = value {
            held += Fields(bytes).take_while(Option::is_some).take(MOST_IN_A_BLOCK).count();
        }
        if held >= MOST_IN_A_BLOCK {
            return Err("it holds more things than any program writes into one block");
        }
    }
    Ok(())
}

fn understand(block: &Block<'_>) -> Result<(), BadExtract> {
    let header: Box<HeaderBlock> = match decoded(block)? {
        Decoded::Header(header) => header,
        Decoded::Data(_) => return Err(BadExtract::NotAnExtract),
    };
    match header.required_features().iter().find(|feature| !UNDERSTOOD.contains(&feature.as_str())) {
        Some(feature) => Err(BadExtract::NotUnderstood(feature.chars().take(40).collect())),
        None => Ok(()),
    }
}

fn decode(block: &Block<'_>) -> Result<PrimitiveBlock, BadExtract> {
    match decoded(block)? {
        Decoded::Data(data) => Ok(data),
        Decoded::Header(_) => Err(BadExtract::Damaged { at: block.at, why: "it is a header".to_owned() }),
    }
}

enum Decoded {
    Header(Box<HeaderBlock>),
    Data(PrimitiveBlock),
}

fn decoded(block: &Block<'_>) -> Result<Decoded, BadExtract> {
    let damaged = |why: String| BadExtract::Damaged { at: block.at, why };
    let blob = BlobReader::new(block.framed).next().ok_or_else(|| damaged("it is empty".to_owned()))?;
    let blob = blob.map_err(|error| damaged(error.to_string()))?;
    match blob.decode().map_err(|error| damaged(error.to_string()))? {
        BlobDecode::OsmHeader(header) => Ok(Decoded::Header(header)),
        BlobDecode::OsmData(data) => Ok(Decoded::Data(data)),
        BlobDecode::Unknown(_) => Err(damaged("it is of a kind that is not known".to_owned())),
    }
}

/// A field of a message of protocol buffers.
enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Other,
}

/// The fields of a message; none in the place of one that is broken, and then no more.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn number(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn bytes(&mut self, length: u64) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(bytes)
    }

    fn field(&mut self) -> Option<(u64, Value<'a>)> {
        let key = self.number()?;
        let value = match key & 7 {
            0 => Value::Number(self.number()?),
            1 => self.bytes(8).map(|_| Value::Other)?,
            2 => {
                let length = self.number()?;
                Value::Bytes(self.bytes(length)?)
            }
            5 => self.bytes(4).map(|_| Value::Other)?,
            _ => return None,
        };
        Some((key >> 3, value))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Option<(u64, Value<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field)
    }
}
