//! Lists the platform files, so that a tenth platform is a tenth file and nothing else.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    let here = env::var("CARGO_MANIFEST_DIR").expect("cargo says where the package is");
    let folder = Path::new(&here).join("platforms");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<_> = fs::read_dir(&folder)
        .expect("server/platforms can be read")
        .map(|entry| entry.expect("server/platforms can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    let mut list = String::from("&[\n");
    for path in files {
        let name = path.file_name().expect("a file has a name").to_string_lossy();
        writeln!(list, "({name:?}, include_str!({path:?})),").expect("a string can be written to");
    }
    list.push(']');
    let out = env::var("OUT_DIR").expect("cargo says where to write");
    fs::write(Path::new(&out).join("platforms.rs"), list).expect("the output folder can be written to");
}
