//! Sealing secrets at rest: AES-256-GCM, the key's id in the ciphertext, and the place it belongs
//! to as associated data, so that a value moved to another row does not open.

use std::sync::Arc;

use arc_swap::ArcSwap;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::digest;
use thiserror::Error;
use uuid::Uuid;

use super::hex;
use crate::runtime::Runtime;

/// First byte of every sealed value: which layout follows.
const LAYOUT: u8 = 1;
const KEY_ID_BYTES: usize = 8;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

/// Why a value does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealError {
    /// It was sealed with a key that is not on the ring.
    #[error("sealed with a master key that this server does not have")]
    UnknownKey,
    /// It was changed, cut, or belongs elsewhere.
    #[error("does not open: changed, cut short, or taken from another row")]
    Broken,
    /// The master key is not 32 bytes.
    #[error("a master key has 32 bytes")]
    KeyLength,
}

/// Where a value belongs.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Table.
    pub table: &'a str,
    /// Row.
    pub row: Uuid,
    /// Field.
    pub field: &'a str,
}

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        // Lengths first: no two places may spell the same bytes.
        let mut bytes = Vec::with_capacity(64);
        for part in [
            self.table.as_bytes(),
            self.row.as_bytes(),
            self.field.as_bytes(),
        ] {
            bytes.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        bytes
    }
}

struct RingKey {
    id: [u8; KEY_ID_BYTES],
    key: LessSafeKey,
}

/// One seals, all open.
#[derive(Clone)]
struct Ring {
    /// As they were given: the first is the newest.
    keys: Vec<Arc<RingKey>>,
    active: Arc<RingKey>,
}

impl Ring {
    fn new(keys: &[Vec<u8>]) -> Result<Self, SealError> {
        let keys: Vec<_> = keys
            .iter()
            .map(|key| ring_key(key).map(Arc::new))
            .collect::<Result<_, _>>()?;
        let active = keys.first().cloned().ok_or(SealError::KeyLength)?;
        Ok(Self { keys, active })
    }

    fn find(&self, id: &[u8]) -> Option<&Arc<RingKey>> {
        self.keys.iter().find(|key| key.id == id)
    }
}

/// Where the keys can be read again, because another process may have added one.
pub type KeySource = Box<dyn Fn() -> Result<Vec<Vec<u8>>, String> + Send + Sync>;

/// A ring of master keys: one seals, all open.
///
/// Which one seals is written in the database, so that every process changes at once; which ones
/// there are is known to the process alone.
pub struct Sealer {
    ring: ArcSwap<Ring>,
    source: Option<KeySource>,
    runtime: Runtime,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealer")
            .field("keys", &self.key_ids())
            .finish_non_exhaustive()
    }
}

impl Sealer {
    /// A ring of the active master key and older ones that may still be needed to open.
    ///
    /// # Errors
    /// When a key is not 32 bytes.
    pub fn new(runtime: Runtime, active: &[u8], older: &[Vec<u8>]) -> Result<Self, SealError> {
        let keys: Vec<Vec<u8>> = std::iter::once(active.to_vec())
            .chain(older.iter().cloned())
            .collect();
        Ok(Self {
            ring: ArcSwap::from_pointee(Ring::new(&keys)?),
            source: None,
            runtime,
        })
    }

    /// Reads the keys again from there when one is missing.
    #[must_use]
    pub fn with_source(self, source: KeySource) -> Self {
        Self {
            source: Some(source),
            ..self
        }
    }

    /// The active key's id in hex: kept in the settings, so that a wrong key is noticed at start.
    pub fn active_id(&self) -> String {
        hex(&self.ring.load().active.id)
    }

    /// The ids of all keys in hex, the newest first.
    pub fn key_ids(&self) -> Vec<String> {
        let ring = self.ring.load();
        ring.keys.iter().map(|key| hex(&key.id)).collect()
    }

    /// As [`Self::key_ids`], but the active one first: what a server tells the others.
    pub(crate) fn told_ids(&self) -> Vec<String> {
        let mut ids = self.key_ids();
        let active = self.active_id();
        ids.retain(|id| *id != active);
        ids.insert(0, active);
        ids
    }

    /// Whether a key is on the ring.
    pub fn has(&self, id: &str) -> bool {
        self.key_ids().iter().any(|known| known == id)
    }

    /// Seals with this key from now on.
    ///
    /// # Errors
    /// [`SealError::UnknownKey`] when it is not there, also after the keys were read again.
    pub fn activate(&self, id: &str) -> Result<(), SealError> {
        if !self.has(id) {
            self.read_again();
        }
        let mut ring = Ring::clone(&self.ring.load());
        let active = ring.keys.iter().find(|key| hex(&key.id) == id);
        ring.active = active.cloned().ok_or(SealError::UnknownKey)?;
        self.ring.store(Arc::new(ring));
        Ok(())
    }

    /// Reads the keys from where they come from. When that fails, or the active one is no longer
    /// among them, the ring stays as it is.
    pub fn read_again(&self) {
        let Some(source) = &self.source else { return };
        let read = source().and_then(|keys| Ring::new(&keys).map_err(|error| error.to_string()));
        match read {
            Ok(mut ring) => {
                let active = self.ring.load().active.id;
                if let Some(active) = ring.find(&active).cloned() {
                    ring.active = active;
                    self.ring.store(Arc::new(ring));
                } else {
                    tracing::error!(
                        "the active master key is gone from its place; it is kept in memory"
                    );
                }
            }
            Err(error) => {
                tracing::error!(%error, "the master keys cannot be read again; the known ones stay");
            }
        }
    }

    /// Which key a value was sealed with, in hex.
    pub fn key_id_of(sealed: &[u8]) -> Option<String> {
        let id = sealed.get(1..=KEY_ID_BYTES)?;
        Some(hex(id)).filter(|_| sealed[0] == LAYOUT)
    }

    /// Seals a value for its place.
    ///
    /// # Errors
    /// When the cipher refuses, which it does only for absurd lengths.
    pub fn seal(&self, place: Place<'_>, value: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce: [u8; NONCE_BYTES] = self.runtime.random();
        let active = self.ring.load().active.clone();
        let mut sealed = vec![LAYOUT];
        sealed.extend_from_slice(&active.id);
        sealed.extend_from_slice(&nonce);
        let mut body = value.to_vec();
        active
            .key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(place.bytes()),
                &mut body,
            )
            .map_err(|_| SealError::Broken)?;
        sealed.extend_from_slice(&body);
        Ok(sealed)
    }

    /// Opens a value at its place. A key that is not there is looked for again where the keys come
    /// from: another process may have turned the master key a moment ago.
    ///
    /// # Errors
    /// When the key is unknown, or the value is not what was sealed for this place.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let head = 1 + KEY_ID_BYTES + NONCE_BYTES;
        if sealed.len() < head + TAG_BYTES || sealed[0] != LAYOUT {
            return Err(SealError::Broken);
        }
        let id = &sealed[1..=KEY_ID_BYTES];
        if self.ring.load().find(id).is_none() {
            self.read_again();
        }
        let key = self.ring.load().find(id).cloned();
        let key = key.ok_or(SealError::UnknownKey)?;
        let nonce = Nonce::try_assume_unique_for_key(&sealed[1 + KEY_ID_BYTES..head])
            .map_err(|_| SealError::Broken)?;
        let mut body = sealed[head..].to_vec();
        let opened = key
            .key
            .open_in_place(nonce, Aad::from(place.bytes()), &mut body)
            .map_err(|_| SealError::Broken)?;
        Ok(opened.to_vec())
    }
}

fn ring_key(bytes: &[u8]) -> Result<RingKey, SealError> {
    let key = UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| SealError::KeyLength)?;
    let mut id = [0; KEY_ID_BYTES];
    let mut labelled = b"purser master key id".to_vec();
    labelled.extend_from_slice(bytes);
    id.copy_from_slice(&digest::digest(&digest::SHA256, &labelled).as_ref()[..KEY_ID_BYTES]);
    Ok(RingKey {
        id,
        key: LessSafeKey::new(key),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place<'static> = Place {
        table: "connections",
        row: Uuid::nil(),
        field: "key",
    };

    fn sealer(byte: u8) -> Sealer {
        Sealer::new(Runtime::system(), &[byte; 32], &[]).unwrap()
    }

    #[test]
    fn a_sealed_value_opens_only_whole_and_only_in_its_place() {
        let sealer = sealer(1);
        let sealed = sealer.seal(PLACE, b"sk-secret").unwrap();
        assert_eq!(sealer.open(PLACE, &sealed).unwrap(), b"sk-secret");
        let elsewhere = Place {
            row: Uuid::max(),
            ..PLACE
        };
        assert_eq!(sealer.open(elsewhere, &sealed), Err(SealError::Broken));
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(sealer.open(PLACE, &changed).is_err(), "flipped byte {at}");
            assert!(sealer.open(PLACE, &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn the_same_value_never_looks_the_same_and_never_shows() {
        let sealer = sealer(1);
        let one = sealer.seal(PLACE, b"sk-secret").unwrap();
        assert_ne!(one, sealer.seal(PLACE, b"sk-secret").unwrap());
        assert!(!one.windows(9).any(|window| window == b"sk-secret"));
    }

    #[test]
    fn an_older_key_on_the_ring_still_opens_and_a_stranger_does_not() {
        let sealed = sealer(1).seal(PLACE, b"sk-secret").unwrap();
        let turned = Sealer::new(Runtime::system(), &[2; 32], &[vec![1; 32]]).unwrap();
        assert_eq!(turned.open(PLACE, &sealed).unwrap(), b"sk-secret");
        assert_eq!(sealer(3).open(PLACE, &sealed), Err(SealError::UnknownKey));
    }
}
