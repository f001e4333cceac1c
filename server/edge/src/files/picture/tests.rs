use super::*;

fn picture(width: u32, height: u32) -> DynamicImage {
    // Red on the left, blue on the right: one sees which way it stands.
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, _| {
        image::Rgb(if x < width / 2 { [220, 20, 20] } else { [20, 20, 220] })
    }))
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn read(kept: &Picture) -> RgbImage {
    image::load_from_memory_with_format(&kept.jpeg, ImageFormat::Jpeg).unwrap().into_rgb8()
}

/// A JPEG with an EXIF block that says which way it stands, where it was taken and by whom.
fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let maker = b"SecretMaker\0";
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let mut bytes = tag.to_le_bytes().to_vec();
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
        bytes
    };
    tiff.extend(entry(0x010F, 2, u32::try_from(maker.len()).unwrap(), 8 + 2 + 24 + 4));
    tiff.extend(entry(0x0112, 3, 1, orientation.into()));
    tiff.extend([0; 4]);
    tiff.extend(maker);
    let mut block = b"Exif\0\0".to_vec();
    block.extend(tiff);
    let length = u16::try_from(block.len() + 2).unwrap();
    [&jpeg[..2], &[0xFF, 0xE1], &length.to_be_bytes(), &block, &jpeg[2..]].concat()
}

#[test]
fn whatever_is_sent_is_kept_as_jpeg() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let kept = made(&encoded(&picture(64, 40), format)).unwrap();
        assert_eq!((kept.width, kept.height), (64, 40), "{format:?}");
        assert_eq!(&kept.jpeg[..3], [0xFF, 0xD8, 0xFF], "{format:?}");
        assert!(read(&kept).get_pixel(5, 20).0[0] > 150, "{format:?}: red is still on the left");
    }
}

#[test]
fn a_picture_stands_upright_and_tells_nothing_about_who_took_it() {
    let sent = with_exif(&encoded(&picture(64, 40), ImageFormat::Jpeg), 6);
    assert!(sent.windows(11).any(|part| part == b"SecretMaker"));
    let kept = made(&sent).unwrap();
    assert_eq!((kept.width, kept.height), (40, 64), "turned by a quarter");
    assert!(read(&kept).get_pixel(20, 5).0[0] > 150, "what was left is on top");
    for gone in [b"SecretMaker".as_slice(), b"Exif"] {
        assert!(!kept.jpeg.windows(gone.len()).any(|part| part == gone));
    }
}

#[test]
fn a_large_picture_becomes_smaller_and_keeps_its_shape() {
    let kept = made(&encoded(&picture(4_096, 64), ImageFormat::Png)).unwrap();
    assert_eq!((kept.width, kept.height), (2_048, 32));
    assert_eq!(made(&encoded(&picture(2_048, 16), ImageFormat::Png)).unwrap().width, 2_048, "and no smaller than said");
}

#[test]
fn what_shines_through_is_white() {
    let clear = DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(16, 16, image::Rgba([0, 0, 0, 0])));
    let kept = made(&encoded(&clear, ImageFormat::Png)).unwrap();
    assert!(read(&kept).get_pixel(8, 8).0.iter().all(|colour| *colour > 250));
}

/// A PNG whose header says it is so large, and that holds nothing.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
        })
    }
    let chunk = |name: &[u8], data: &[u8]| {
        let body = [name, data].concat();
        [&u32::try_from(data.len()).unwrap().to_be_bytes(), body.as_slice(), &crc(&body).to_be_bytes()].concat()
    };
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), chunk(b"IDAT", b"\x78\x9c"), chunk(b"IEND", b"")].concat()
}

#[test]
fn a_bomb_is_refused_by_its_header() {
    for (width, height) in [(60_000, 60_000), (40_000_001, 1), (6_400, 6_400)] {
        assert_eq!(made(&png_header(width, height)), Err(NotKept::TooLarge), "{width}×{height}");
    }
    assert_eq!(made(&png_header(6_000, 6_000)), Err(NotKept::NotAPicture), "small enough, but there is nothing in it");
    assert_eq!(made(&vec![0xFF; MOST_BYTES + 1]), Err(NotKept::TooLarge));
}

#[test]
fn what_is_no_picture_is_refused() {
    let jpeg = encoded(&picture(64, 40), ImageFormat::Jpeg);
    let cut = &encoded(&picture(64, 40), ImageFormat::Png)[..60];
    let mut renamed = jpeg.clone();
    renamed[0] = 0;
    for (what, bytes) in [
        ("nothing", b"".as_slice()),
        ("a page", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("a drawing with scripts", b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>"),
        ("a GIF", b"GIF89a\x01\0\x01\0\0\0\0;"),
        ("a PDF", b"%PDF-1.7"),
        ("half a picture", cut),
        ("something else", &renamed),
    ] {
        assert_eq!(made(bytes), Err(NotKept::NotAPicture), "{what}");
    }
}

#[test]
fn any_bytes_whatsoever_are_refused_in_good_order() {
    let whole = encoded(&picture(48, 32), ImageFormat::WebP);
    for cut in 0..whole.len() {
        let _ = made(&whole[..cut]);
        let mut broken = whole.clone();
        broken[cut] ^= 0x55;
        let _ = made(&broken);
    }
}

#[tokio::test]
async fn decoding_happens_elsewhere() {
    let kept = taken(encoded(&picture(8, 8), ImageFormat::Png)).await.unwrap();
    assert_eq!((kept.width, kept.height), (8, 8));
}
