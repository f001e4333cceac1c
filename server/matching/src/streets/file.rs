//! The compact file: what an import makes, so that a server reads nothing else.
//!
//! ```text
//! 8 bytes   LINLIMAP
//! 2 bytes   the version of the format, little-endian
//! 8 bytes   how many bytes of content follow
//! …         content: whole numbers of variable length, coordinates as differences, in the order of `write`
//! 32 bytes  SHA-256 of everything before
//! ```

use sha2::{Digest, Sha256};

use super::network::{Class, Drawn, Edge, NEVER, Name, Network, Point, Time};

pub(crate) const MAGIC: &[u8; 8] = b"LINLIMAP";
const VERSION: u16 = 1;
const HEAD: usize = 8 + 2 + 8;
const SUM: usize = 32;

/// Why a compact file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadFile {
    /// It is something else.
    #[error("this is no street network of Linli")]
    NotANetwork,
    /// It was written by another version.
    #[error("the street network has format {0}, this program reads format {VERSION}: import the extract again")]
    OtherVersion(u16),
    /// It ends in the middle, or something was added.
    #[error("the street network is cut off or longer than it says: import the extract again")]
    WrongLength,
    /// A byte has changed.
    #[error("the street network is damaged, its checksum is wrong: import the extract again")]
    Damaged,
}

/// Writes a network.
pub(crate) fn write(network: &Network) -> Vec<u8> {
    let mut out = Writer(Vec::new());
    out.points(&network.nodes);
    out.count(network.names.len());
    for name in &network.names {
        out.text(&name.zh);
        out.text(&name.en);
    }
    out.points(&network.points);
    out.count(network.edges.len());
    for edge in &network.edges {
        for number in [edge.tail, edge.head, edge.first, edge.count, edge.name] {
            out.number(number.into());
        }
        out.class(edge.class);
        for time in edge.times.as_flattened() {
            // A closed direction is 0, an open one is its time and one more.
            out.number(if time.is_open() { u64::from(time.moving) + 1 } else { 0 });
            if time.is_open() {
                out.number(time.waiting.into());
            }
        }
    }
    out.count(network.lines.len());
    for line in &network.lines {
        out.class(line.class);
        out.number(line.name.into());
        out.points(&line.points);
    }
    out.count(network.order.len());
    for node in &network.order {
        out.number((*node).into());
    }
    let content = out.0;
    let mut file = Vec::with_capacity(HEAD + content.len() + SUM);
    file.extend_from_slice(MAGIC);
    file.extend_from_slice(&VERSION.to_le_bytes());
    file.extend_from_slice(&(content.len() as u64).to_le_bytes());
    file.extend_from_slice(&content);
    let sum = Sha256::digest(&file);
    file.extend_from_slice(&sum);
    file
}

/// Reads a network, and looks at everything it points at.
pub(crate) fn read(bytes: &[u8]) -> Result<Network, BadFile> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(BadFile::NotANetwork)?;
    let (version, rest) = rest.split_first_chunk::<2>().ok_or(BadFile::WrongLength)?;
    let version = u16::from_le_bytes(*version);
    if version != VERSION {
        return Err(BadFile::OtherVersion(version));
    }
    let (length, rest) = rest.split_first_chunk::<8>().ok_or(BadFile::WrongLength)?;
    if (rest.len() as u64).checked_sub(SUM as u64) != Some(u64::from_le_bytes(*length)) {
        return Err(BadFile::WrongLength);
    }
    let (signed, sum) = bytes.split_at(bytes.len() - SUM);
    if Sha256::digest(signed).as_slice() != sum {
        return Err(BadFile::Damaged);
    }
    let network = Reader(&signed[HEAD..]).network().ok_or(BadFile::Damaged)?;
    if network.is_sound() { Ok(network) } else { Err(BadFile::Damaged) }
}

struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push((number & 0x7F) as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    fn signed(&mut self, number: i64) {
        self.number(((number << 1) ^ (number >> 63)) as u64);
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    fn class(&mut self, class: Class) {
        self.0.push(class as u8);
    }

    fn points(&mut self, points: &[Point]) {
        self.count(points.len());
        let mut last = Point { latitude: 0, longitude: 0 };
        for point in points {
            self.signed(i64::from(point.latitude) - i64::from(last.latitude));
            self.signed(i64::from(point.longitude) - i64::from(last.longitude));
            last = *point;
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn number(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    fn small(&mut self) -> Option<u32> {
        self.number().and_then(|number| u32::try_from(number).ok())
    }

    /// How many of something follow; never more than there are bytes, so that nothing is set aside for what is not there.
    fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.0.len()).then_some(count)
    }

    fn signed(&mut self) -> Option<i64> {
        self.number().map(|number| (number >> 1) as i64 ^ -((number & 1) as i64))
    }

    fn text(&mut self) -> Option<String> {
        let count = self.count()?;
        let (text, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        String::from_utf8(text.to_vec()).ok()
    }

    fn class(&mut self) -> Option<Class> {
        Class::ALL.get(usize::from(self.byte()?)).copied()
    }

    fn many<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.count()?;
        (0..count).map(|_| one(self)).collect()
    }

    fn points(&mut self) -> Option<Vec<Point>> {
        let (mut latitude, mut longitude) = (0i64, 0i64);
        self.many(|reader| {
            latitude = latitude.checked_add(reader.signed()?)?;
            longitude = longitude.checked_add(reader.signed()?)?;
            Some(Point { latitude: i32::try_from(latitude).ok()?, longitude: i32::try_from(longitude).ok()? })
        })
    }

    fn time(&mut self) -> Option<Time> {
        match self.small()? {
            0 => Some(Time::CLOSED),
            more => Some(Time { moving: more - 1, waiting: self.small()? }).filter(|time| time.moving != NEVER),
        }
    }

    fn edge(&mut self) -> Option<Edge> {
        let (tail, head, first) = (self.small()?, self.small()?, self.small()?);
        let (count, name, class) = (self.small()?, self.small()?, self.class()?);
        let mut times = [[Time::CLOSED; 2]; 3];
        for time in times.as_flattened_mut() {
            *time = self.time()?;
        }
        Some(Edge { tail, head, first, count, class, name, times })
    }

    fn network(&mut self) -> Option<Network> {
        let nodes = self.points()?;
        let names = self.many(|reader| Some(Name { zh: reader.text()?, en: reader.text()? }))?;
        let points = self.points()?;
        let edges = self.many(Self::edge)?;
        let lines = self
            .many(|reader| Some(Drawn { class: reader.class()?, name: reader.small()?, points: reader.points()? }))?;
        let order = self.many(Self::small)?;
        let sound = self.0.is_empty() && names.first() == Some(&Name::default());
        sound.then_some(Network { nodes, edges, points, names, lines, order })
    }
}
