//! Sealing secrets at rest: AES-256-GCM, the key's id in the ciphertext, and the place it belongs
//! to as associated data, so that a value moved to another row does not open.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::digest;
use thiserror::Error;
use uuid::Uuid;

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

/// A ring of master keys: one seals, all open.
pub struct Sealer {
    active: RingKey,
    older: Vec<RingKey>,
    runtime: Runtime,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealer")
            .field("older_keys", &self.older.len())
            .finish_non_exhaustive()
    }
}

impl Sealer {
    /// A ring of the active master key and older ones that may still be needed to open.
    ///
    /// # Errors
    /// When a key is not 32 bytes.
    pub fn new(runtime: Runtime, active: &[u8], older: &[Vec<u8>]) -> Result<Self, SealError> {
        Ok(Self {
            active: ring_key(active)?,
            older: older
                .iter()
                .map(|key| ring_key(key))
                .collect::<Result<_, _>>()?,
            runtime,
        })
    }

    /// The active key's id in hex: kept in the settings, so that a wrong key is noticed at start.
    pub fn active_id(&self) -> String {
        format!("{:016x}", u64::from_be_bytes(self.active.id))
    }

    /// Seals a value for its place.
    ///
    /// # Errors
    /// When the cipher refuses, which it does only for absurd lengths.
    pub fn seal(&self, place: Place<'_>, value: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce: [u8; NONCE_BYTES] = self.runtime.random();
        let mut sealed = vec![LAYOUT];
        sealed.extend_from_slice(&self.active.id);
        sealed.extend_from_slice(&nonce);
        let mut body = value.to_vec();
        self.active
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

    /// Opens a value at its place.
    ///
    /// # Errors
    /// When the key is unknown, or the value is not what was sealed for this place.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let head = 1 + KEY_ID_BYTES + NONCE_BYTES;
        if sealed.len() < head + TAG_BYTES || sealed[0] != LAYOUT {
            return Err(SealError::Broken);
        }
        let id = &sealed[1..=KEY_ID_BYTES];
        let key = std::iter::once(&self.active)
            .chain(&self.older)
            .find(|key| key.id == id)
            .ok_or(SealError::UnknownKey)?;
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
