//! Request bodies that are on their way in: bounded together, or a few senders could fill the memory
//! before any limit has been looked at.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts the bytes of bodies that are being read or worked on, by sender.
#[derive(Debug, Clone)]
pub(crate) struct Uploads<Sender> {
    most_bytes: usize,
    held: Arc<Mutex<Held<Sender>>>,
}

#[derive(Debug)]
struct Held<Sender> {
    together: usize,
    by_sender: HashMap<Sender, usize>,
}

impl<Sender: Copy + Eq + Hash> Uploads<Sender> {
    /// Room for so many bytes at once, a quarter of them for one sender.
    pub(crate) fn new(most_bytes: usize) -> Self {
        Self {
            most_bytes,
            held: Arc::new(Mutex::new(Held {
                together: 0,
                by_sender: HashMap::new(),
            })),
        }
    }

    /// Begins to hold a body.
    pub(crate) fn begin(&self, sender: Sender) -> Upload<Sender> {
        Upload {
            uploads: self.clone(),
            sender,
            bytes: 0,
        }
    }
}

/// One body; its bytes count until it is dropped.
pub(crate) struct Upload<Sender: Copy + Eq + Hash> {
    uploads: Uploads<Sender>,
    sender: Sender,
    bytes: usize,
}

impl<Sender: Copy + Eq + Hash> Upload<Sender> {
    /// Counts bytes that have come; false when there is no room for them now.
    pub(crate) fn add(&mut self, bytes: usize) -> bool {
        let mut held = self
            .uploads
            .held
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let most = self.uploads.most_bytes;
        let own = held.by_sender.get(&self.sender).copied().unwrap_or(0);
        if held.together + bytes > most || own + bytes > most / 4 {
            return false;
        }
        held.together += bytes;
        held.by_sender.insert(self.sender, own + bytes);
        self.bytes += bytes;
        true
    }
}

impl<Sender: Copy + Eq + Hash> Drop for Upload<Sender> {
    fn drop(&mut self) {
        let mut held = self
            .uploads
            .held
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        held.together -= self.bytes;
        if let Some(own) = held.by_sender.get_mut(&self.sender) {
            *own -= self.bytes;
            if *own == 0 {
                held.by_sender.remove(&self.sender);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sender_has_a_quarter_and_all_together_the_whole() {
        let uploads = Uploads::new(1_600);
        let mut held = Vec::new();
        for sender in 0..4 {
            for _ in 0..4 {
                let mut upload = uploads.begin(sender);
                assert!(upload.add(100));
                held.push(upload);
            }
            assert!(!uploads.begin(sender).add(1), "a fifth of the same sender");
        }
        assert!(!uploads.begin(9).add(1), "the house is full");
        held.truncate(15);
        assert!(uploads.begin(9).add(100), "what has ended makes room");
        drop(held);
        assert_eq!(uploads.held.lock().unwrap().together, 0);
        assert!(uploads.held.lock().unwrap().by_sender.is_empty());
    }
}
