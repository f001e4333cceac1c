//! Pictures that people send, made into pictures we keep: always JPEG, of a bounded size, upright, and with nothing in
//! them but what is seen. Where a phone wrote down place, time and owner, that is gone.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};
use tokio::sync::Semaphore;

/// The largest picture that is taken, in bytes.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;
/// The largest picture that is taken, in pixels: that of a good phone. A small file may say that it is far larger.
pub const MOST_PIXELS: u64 = 40_000_000;
/// The longest side of a picture that is kept, in pixels.
pub const LONGEST_SIDE: u32 = 2_048;
/// What decoding one picture may take of memory, in bytes: 40 million pixels of four bytes, and as much again.
const MEMORY: u64 = 2 * 4 * MOST_PIXELS;
const QUALITY: u8 = 85;
/// Pictures decoded at the same time in one process, so that many at once do not take its memory.
static DECODING: Semaphore = Semaphore::const_new(2);

/// A picture as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// JPEG.
    pub jpeg: Vec<u8>,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// Why what was sent is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    /// Neither JPEG, PNG nor WebP, or broken.
    #[error("not a picture that can be read")]
    NotAPicture,
    /// More bytes or more pixels than are taken.
    #[error("too large a picture")]
    TooLarge,
}

/// Reads what was sent and makes it a picture to keep, away from the threads that answer requests.
///
/// # Errors
/// [`NotKept`].
pub async fn taken(bytes: Vec<u8>) -> Result<Picture, NotKept> {
    let _turn = DECODING.acquire().await.expect("nobody closes it");
    tokio::task::spawn_blocking(move || made(&bytes)).await.unwrap_or(Err(NotKept::NotAPicture))
}

/// As [`taken`], in this thread. What it is follows from its first bytes, never from what is said of it.
///
/// # Errors
/// [`NotKept`].
pub fn made(bytes: &[u8]) -> Result<Picture, NotKept> {
    if bytes.len() > MOST_BYTES {
        return Err(NotKept::TooLarge);
    }
    let upright = decoded(bytes)?;
    let small = if upright.width().max(upright.height()) > LONGEST_SIDE {
        upright.resize(LONGEST_SIDE, LONGEST_SIDE, FilterType::Triangle)
    } else {
        upright
    };
    let plain = on_white(small);
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&plain).map_err(|_| NotKept::NotAPicture)?;
    Ok(Picture { jpeg, width: plain.width(), height: plain.height() })
}

fn decoded(bytes: &[u8]) -> Result<DynamicImage, NotKept> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| NotKept::NotAPicture)?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) {
        return Err(NotKept::NotAPicture);
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(|_| NotKept::NotAPicture)?;
    // Only the header was read so far: what it says decides whether anything else is.
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(NotKept::TooLarge);
    }
    decoder.set_limits(limits).map_err(|_| NotKept::TooLarge)?;
    let orientation = decoder.orientation().map_err(|_| NotKept::NotAPicture)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| NotKept::NotAPicture)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// JPEG knows no transparency: what shines through is white, as on paper.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let clear = picture.into_rgba8();
    RgbImage::from_fn(clear.width(), clear.height(), |x, y| {
        let [red, green, blue, alpha] = clear.get_pixel(x, y).0;
        let mixed = |colour: u8| {
            let (colour, alpha) = (u16::from(colour), u16::from(alpha));
            u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([mixed(red), mixed(green), mixed(blue)])
    })
}

#[cfg(test)]
mod tests;
