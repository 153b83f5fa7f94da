//! What many share and one must not take: bytes on their way in, live connections, sockets.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts what is taken, together and by whom.
#[derive(Debug, Clone)]
pub(crate) struct Shares<Who> {
    most: usize,
    most_of_one: usize,
    taken: Arc<Mutex<Taken<Who>>>,
}

#[derive(Debug)]
struct Taken<Who> {
    together: usize,
    by_one: HashMap<Who, usize>,
}

impl<Who: Copy + Eq + Hash> Shares<Who> {
    /// So much in all, and so much of it for one.
    pub(crate) fn new(most: usize, most_of_one: usize) -> Self {
        Self {
            most,
            most_of_one,
            taken: Arc::new(Mutex::new(Taken {
                together: 0,
                by_one: HashMap::new(),
            })),
        }
    }

    /// A share of nothing yet.
    pub(crate) fn begin(&self, who: Who) -> Share<Who> {
        Share {
            shares: self.clone(),
            who,
            taken: 0,
        }
    }

    /// A share of one; `None` when there is no room.
    pub(crate) fn take_one(&self, who: Who) -> Option<Share<Who>> {
        let mut share = self.begin(who);
        share.add(1).then_some(share)
    }
}

/// What one has taken; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Share<Who: Copy + Eq + Hash> {
    shares: Shares<Who>,
    who: Who,
    taken: usize,
}

impl<Who: Copy + Eq + Hash> Share<Who> {
    /// Takes more; false, and nothing is taken, when there is no room.
    pub(crate) fn add(&mut self, more: usize) -> bool {
        let Shares {
            most, most_of_one, ..
        } = self.shares;
        let mut taken = self
            .shares
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let own = taken.by_one.get(&self.who).copied().unwrap_or(0);
        if more > most.saturating_sub(taken.together) || more > most_of_one.saturating_sub(own) {
            return false;
        }
        taken.together += more;
        taken.by_one.insert(self.who, own + more);
        self.taken += more;
        true
    }
}

impl<Who: Copy + Eq + Hash> Drop for Share<Who> {
    fn drop(&mut self) {
        let mut taken = self
            .shares
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        taken.together -= self.taken;
        if let Some(own) = taken.by_one.get_mut(&self.who) {
            *own -= self.taken;
            if *own == 0 {
                taken.by_one.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_its_share_and_all_together_the_whole() {
        let shares = Shares::new(1_600, 400);
        let mut held = Vec::new();
        for who in 0..4 {
            for _ in 0..4 {
                let mut share = shares.begin(who);
                assert!(share.add(100));
                held.push(share);
            }
            assert!(shares.take_one(who).is_none(), "more than one's share");
        }
        assert!(shares.take_one(9).is_none(), "nothing is left");
        held.truncate(15);
        assert!(shares.begin(9).add(100), "what has ended makes room");
        drop(held);
        assert_eq!(shares.taken.lock().unwrap().together, 0);
        assert!(shares.taken.lock().unwrap().by_one.is_empty());
    }
}
