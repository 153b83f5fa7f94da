//! The master key: from the environment, or a private file made on a truly empty install.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use services::runtime::Runtime;
use thiserror::Error;

use crate::config::Config;

/// Bytes of a master key.
const BYTES: usize = 32;

/// Why there is no usable master key.
#[derive(Debug, Error)]
pub enum MasterKeyError {
    /// There is data, but no key: making a new one would lock its secrets away for ever.
    #[error(
        "there is data, but no master key: set PURSER_MASTER_KEY, or put the file {0} back from where you keep it"
    )]
    Missing(PathBuf),
    /// Not 64 hex digits, or obviously not random.
    #[error("{0} does not hold a master key: 64 hex digits, made by chance")]
    Malformed(String),
    /// Others may read the file.
    #[error("{0} can be read by others: chmod 600 it")]
    Readable(PathBuf),
    /// The file cannot be used.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// Finds the key; `has_data` is whether the database holds anything yet.
///
/// # Errors
/// See [`MasterKeyError`]. Nothing starts without a key.
pub fn load(config: &Config, runtime: &Runtime, has_data: bool) -> Result<Vec<u8>, MasterKeyError> {
    if let Some(text) = &config.master_key {
        return read(text.expose(), "PURSER_MASTER_KEY");
    }
    let path = config
        .master_key_file
        .clone()
        .unwrap_or_else(|| config.data_dir.join("master.key"));
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            check_private(&path)?;
            read(&text, &path.display().to_string())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if has_data {
                return Err(MasterKeyError::Missing(path));
            }
            make(&path, runtime)
        }
        Err(source) => Err(MasterKeyError::File { path, source }),
    }
}

fn read(text: &str, place: &str) -> Result<Vec<u8>, MasterKeyError> {
    let malformed = || MasterKeyError::Malformed(place.to_owned());
    let digits = text.trim();
    if digits.len() != BYTES * 2 || !digits.is_ascii() {
        return Err(malformed());
    }
    let bytes = (0..BYTES)
        .map(|index| u8::from_str_radix(&digits[index * 2..index * 2 + 2], 16))
        .collect::<Result<Vec<u8>, _>>()
        .map_err(|_| malformed())?;
    // A key typed by hand, such as all zeros, a repeated pattern or counting up, is no key. Of 32 bytes
    // made by chance about 30 differ, and always more than half.
    let distinct = bytes.iter().collect::<std::collections::HashSet<_>>().len();
    let step = bytes[1].wrapping_sub(bytes[0]);
    let counts = bytes
        .windows(2)
        .all(|pair| pair[1] == pair[0].wrapping_add(step));
    if distinct <= BYTES / 2 || counts {
        Err(malformed())
    } else {
        Ok(bytes)
    }
}

fn make(path: &Path, runtime: &Runtime) -> Result<Vec<u8>, MasterKeyError> {
    use std::os::unix::fs::OpenOptionsExt;
    let failed = |source| MasterKeyError::File {
        path: path.to_owned(),
        source,
    };
    let bytes: [u8; BYTES] = runtime.random();
    let mut digits = String::with_capacity(BYTES * 2);
    for byte in bytes {
        // Writing into a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(failed)?;
    file.write_all(digits.as_bytes()).map_err(failed)?;
    file.write_all(b"\n").map_err(failed)?;
    // Before anything is sealed with it, the key must survive a power loss.
    file.sync_all().map_err(failed)?;
    tracing::info!(path = %path.display(), "made a master key; keep a copy of this file apart from the data");
    Ok(bytes.to_vec())
}

/// Neither group nor others have any right: the six lowest bits.
fn check_private(path: &Path) -> Result<(), MasterKeyError> {
    use std::os::unix::fs::PermissionsExt;
    let failed = |source| MasterKeyError::File {
        path: path.to_owned(),
        source,
    };
    let mode = std::fs::metadata(path)
        .map_err(failed)?
        .permissions()
        .mode();
    if mode.trailing_zeros() >= 6 {
        Ok(())
    } else {
        Err(MasterKeyError::Readable(path.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sixty_four_digits_of_chance_are_a_key() {
        let good = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        assert_eq!(read(&format!("{good}\n"), "x").unwrap().len(), BYTES);
        let counting =
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f".to_owned();
        for bad in [
            "",
            "00",
            &"0".repeat(64),
            &"ab".repeat(32),
            &good[1..],
            &"zz".repeat(32),
            &"0123456789abcdef".repeat(4),
            &"00112233445566778899aabbccddeeff".repeat(2),
            &counting,
        ] {
            assert!(read(bad, "x").is_err(), "{bad}");
        }
    }
}
