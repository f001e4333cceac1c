//! Where platform files come from: built in, or a folder named in the configuration.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use linli_domain::platform::{self, Platforms};

/// The files under `server/platforms/` at the time of building: name and text.
static BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/platforms.rs"));

/// The files that are built in: name and text.
pub fn built_in() -> Vec<(String, String)> {
    BUILT_IN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

/// All `*.toml` of a folder: name and text.
///
/// # Errors
/// When the folder or a file cannot be read, or there is none.
pub fn in_folder(folder: &Path) -> Result<Vec<(String, String)>> {
    let list =
        fs::read_dir(folder).with_context(|| format!("`platforms`: the folder {} cannot be read", folder.display()))?;
    let mut files = Vec::new();
    for entry in list {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            files.push((path.display().to_string(), text));
        }
    }
    if files.is_empty() {
        bail!("`platforms`: the folder {} holds no platform file (*.toml)", folder.display());
    }
    files.sort();
    Ok(files)
}

/// Reads and checks the platform files.
///
/// # Errors
/// Every problem of every file, a line each, with file, line, field and what is allowed.
pub fn load(folder: Option<&Path>) -> Result<Platforms> {
    let files = match folder {
        Some(folder) => in_folder(folder)?,
        None => built_in(),
    };
    platform::load(&files).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("the platform files are not in order:\n{}", lines.join("\n"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_files_are_in_order() {
        let platforms = load(None).unwrap();
        assert_eq!(platforms.platforms.len(), BUILT_IN.len());
        assert!(platforms.platform("medical").is_some());
    }
}
