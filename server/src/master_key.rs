//! The master keys: from the environment, or a private file made on a truly empty install. While
//! the key is being turned there are several, the newest first.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use services::runtime::Runtime;
use services::secrets::hex;
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
    /// Another command changes the file.
    #[error("another command changes {0} at this moment; wait until it has ended")]
    Busy(PathBuf),
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

/// Finds the keys, the newest first; `has_data` is whether the database holds anything yet.
///
/// # Errors
/// See [`MasterKeyError`]. Nothing starts without a key.
pub fn load(
    config: &Config,
    runtime: &Runtime,
    has_data: bool,
) -> Result<Vec<Vec<u8>>, MasterKeyError> {
    match find(config) {
        Err(MasterKeyError::Missing(path)) if !has_data => Ok(vec![make(&path, runtime)?]),
        found => found,
    }
}

/// Reads the keys that are there, the newest first.
///
/// # Errors
/// See [`MasterKeyError`].
pub fn find(config: &Config) -> Result<Vec<Vec<u8>>, MasterKeyError> {
    if let Some(text) = &config.master_key {
        return read(text.expose(), "PURSER_MASTER_KEY");
    }
    let path = place(config);
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            check_private(&path)?;
            read(&text, &path.display().to_string())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(MasterKeyError::Missing(path))
        }
        Err(source) => Err(MasterKeyError::File { path, source }),
    }
}

/// The file that the keys are read from, unless the environment says them.
fn place(config: &Config) -> PathBuf {
    config
        .master_key_file
        .clone()
        .unwrap_or_else(|| config.data_dir.join("master.key"))
}

/// The file of keys, changed by one command at a time.
pub struct KeyFile {
    path: PathBuf,
    _lock: std::fs::File,
}

impl KeyFile {
    /// Takes the file; `None` when the keys come from the environment.
    ///
    /// # Errors
    /// [`MasterKeyError::Busy`] when another command changes it.
    pub fn take(config: &Config) -> Result<Option<Self>, MasterKeyError> {
        if config.master_key.is_some() {
            return Ok(None);
        }
        let path = place(config);
        let failed = |source| MasterKeyError::File {
            path: path.clone(),
            source,
        };
        // Locked and not a file beside it: the folder may be one that holds the key alone.
        let lock = std::fs::File::open(&path).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { path, _lock: lock })),
            Err(std::fs::TryLockError::WouldBlock) => Err(MasterKeyError::Busy(path)),
            Err(std::fs::TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// Makes a new key and puts it before the others.
    ///
    /// # Errors
    /// When the file cannot be written; it is as before then.
    pub fn add(&self, runtime: &Runtime, keys: &[Vec<u8>]) -> Result<(), MasterKeyError> {
        let fresh: [u8; BYTES] = runtime.random();
        let mut all = vec![fresh.to_vec()];
        all.extend_from_slice(keys);
        self.replace(&all)
    }

    /// Writes these keys, whole or not at all.
    ///
    /// # Errors
    /// When the file cannot be written; it is as before then.
    pub fn replace(&self, keys: &[Vec<u8>]) -> Result<(), MasterKeyError> {
        let growing = self.path.with_extension("key.new");
        let failed = |source| MasterKeyError::File {
            path: self.path.clone(),
            source,
        };
        match std::fs::remove_file(&growing) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(failed(error));
            }
            _ => {}
        }
        write(&growing, keys)?;
        std::fs::rename(&growing, &self.path).map_err(failed)?;
        let folder = self.path.parent().filter(|path| *path != Path::new(""));
        std::fs::File::open(folder.unwrap_or(Path::new(".")))
            .and_then(|folder| folder.sync_all())
            .map_err(failed)
    }
}

/// One key, or several with spaces, commas or lines between.
fn read(text: &str, place: &str) -> Result<Vec<Vec<u8>>, MasterKeyError> {
    let malformed = || MasterKeyError::Malformed(place.to_owned());
    let words = text.split(|c: char| c.is_whitespace() || c == ',');
    let keys: Vec<Vec<u8>> = words
        .filter(|word| !word.is_empty())
        .map(|word| read_one(word).ok_or_else(malformed))
        .collect::<Result<_, _>>()?;
    if keys.is_empty() {
        return Err(malformed());
    }
    Ok(keys)
}

fn read_one(digits: &str) -> Option<Vec<u8>> {
    if digits.len() != BYTES * 2 || !digits.is_ascii() {
        return None;
    }
    let bytes = (0..BYTES)
        .map(|index| u8::from_str_radix(&digits[index * 2..index * 2 + 2], 16).ok())
        .collect::<Option<Vec<u8>>>()?;
    // A key typed by hand, such as all zeros, a repeated pattern or counting up, is no key. Of 32 bytes
    // made by chance about 30 differ, and always more than half.
    let distinct = bytes.iter().collect::<std::collections::HashSet<_>>().len();
    let step = bytes[1].wrapping_sub(bytes[0]);
    let counts = bytes
        .windows(2)
        .all(|pair| pair[1] == pair[0].wrapping_add(step));
    (distinct > BYTES / 2 && !counts).then_some(bytes)
}

fn make(path: &Path, runtime: &Runtime) -> Result<Vec<u8>, MasterKeyError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|source| MasterKeyError::File {
            path: path.to_owned(),
            source,
        })?;
    }
    let bytes: [u8; BYTES] = runtime.random();
    write(path, &[bytes.to_vec()])?;
    tracing::info!(path = %path.display(), "made a master key; keep a copy of this file apart from the data");
    Ok(bytes.to_vec())
}

/// A new private file with a key a line.
fn write(path: &Path, keys: &[Vec<u8>]) -> Result<(), MasterKeyError> {
    use std::os::unix::fs::OpenOptionsExt;
    let failed = |source| MasterKeyError::File {
        path: path.to_owned(),
        source,
    };
    let mut text = String::new();
    for key in keys {
        text.push_str(&hex(key));
        text.push('\n');
    }
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    // Before anything is sealed with it, the key must survive a power loss.
    file.sync_all().map_err(failed)
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
        assert_eq!(read(&format!("{good}\n"), "x").unwrap()[0].len(), BYTES);
        let other = good.replace('9', "5");
        let two = read(&format!("{other},{good}"), "x").unwrap();
        assert_eq!(two, read(&format!("{other}\n{good}\n"), "x").unwrap());
        assert_eq!(two.len(), 2, "the newest first");
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
