//! Turns `text/*.json` into Rust functions, native tables and one browser bundle a locale; a fault in a text stops the build.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

mod generator;
#[path = "src/languages.rs"]
#[expect(dead_code, reason = "names and grouping are for the library only")]
mod languages;
#[path = "src/number.rs"]
#[expect(dead_code, reason = "formatting is for the library only")]
mod number;
#[path = "src/plural.rs"]
#[expect(
    dead_code,
    reason = "choosing a form's position is for the library only"
)]
mod plural;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=text");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=generator");
    println!("cargo::rerun-if-changed=src/languages.rs");
    println!("cargo::rerun-if-changed=src/number.rs");
    println!("cargo::rerun-if-changed=src/plural.rs");

    let out_dir = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    match generator::compile(&text_files(Path::new("text"))?) {
        Ok(catalog) => {
            for (name, content) in generator::output(&catalog) {
                fs::write(out_dir.join(name), content)?;
            }
        }
        // `cargo::error` makes cargo fail after the whole list has been shown.
        Err(faults) => {
            for fault in faults {
                println!("cargo::error={fault}");
            }
        }
    }
    Ok(())
}

/// The tag (file stem) and content of every locale file, sorted by tag.
fn text_files(folder: &Path) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let tag = path.file_stem().unwrap_or_default().to_string_lossy();
            files.push((tag.into_owned(), fs::read_to_string(&path)?));
        }
    }
    files.sort();
    Ok(files)
}
