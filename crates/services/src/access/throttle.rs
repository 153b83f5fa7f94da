//! Guessing is limited before anything expensive happens, per account and per address.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use domain::{AppError, MemberId};

/// Tries of one kind: `burst` at once, then one per `refill_ms`.
#[derive(Debug, Clone, Copy)]
struct Rule {
    burst: i64,
    refill_ms: i64,
}

/// Per address: an office behind one address still gets in, a guesser gets 30 tries, then 12 an hour.
const PER_ADDRESS: Rule = Rule {
    burst: 30,
    refill_ms: 5 * 60_000,
};
/// Per account, wherever the tries come from: 10 tries, then one in five minutes.
const PER_ACCOUNT: Rule = Rule {
    burst: 10,
    refill_ms: 5 * 60_000,
};
/// Most entries kept of each kind; when there are more, those that are nearest to forgiven go.
const MOST_ENTRIES: usize = 100_000;

/// What is guessed at. One kind never counts against another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Guessed {
    /// The password behind an address; kept as a hash, because anything may be entered as one.
    Password([u8; 32]),
    /// The password of a member who is signed in.
    StepUp(MemberId),
}

/// Counts failed tries. Kept in memory: a restart forgives, which a guesser cannot cause.
#[derive(Debug, Default)]
pub struct Throttles {
    addresses: Mutex<HashMap<IpAddr, i64>>,
    accounts: Mutex<HashMap<Guessed, i64>>,
}

impl Throttles {
    /// Refuses when an address or an account has used up its tries. Takes nothing. One-time tokens
    /// belong to no account: they are too long to guess, and a stranger must not block them.
    ///
    /// # Errors
    /// [`AppError::Throttled`] with the time until the next try.
    pub fn check(
        &self,
        now_ms: i64,
        address: IpAddr,
        account: Option<&Guessed>,
    ) -> Result<(), AppError> {
        let waits = [
            wait(&self.addresses, &canonical(address), PER_ADDRESS, now_ms),
            account.map_or(0, |account| {
                wait(&self.accounts, account, PER_ACCOUNT, now_ms)
            }),
        ];
        match waits.into_iter().max() {
            Some(retry_after_ms) if retry_after_ms > 0 => {
                Err(AppError::Throttled { retry_after_ms })
            }
            _ => Ok(()),
        }
    }

    /// Counts a try. Every one counts before its outcome is known; [`Self::forgive`] gives the
    /// account's back when it was right, so that guesses in parallel cannot slip through.
    pub fn count(&self, now_ms: i64, address: IpAddr, account: Option<&Guessed>) {
        take(&self.addresses, canonical(address), PER_ADDRESS, now_ms);
        if let Some(account) = account {
            take(&self.accounts, account.clone(), PER_ACCOUNT, now_ms);
        }
    }

    /// The right password was entered: the account's failures are forgotten. The address gets this one
    /// try back, or an office behind it would lock itself out; its failures stay.
    pub fn forgive(&self, address: IpAddr, account: &Guessed) {
        self.accounts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(account);
        let mut addresses = self
            .addresses
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(full_at) = addresses.get_mut(&canonical(address)) {
            *full_at = full_at.saturating_sub(PER_ADDRESS.refill_ms);
        }
    }
}

/// IPv6 users own whole networks: a /64 counts as one address. Mapped IPv4 counts as IPv4.
fn canonical(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let mut octets = v6.octets();
            octets[8..].fill(0);
            IpAddr::from(octets)
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

fn wait<K: Hash + Eq>(entries: &Mutex<HashMap<K, i64>>, key: &K, rule: Rule, now_ms: i64) -> i64 {
    let entries = entries.lock().unwrap_or_else(PoisonError::into_inner);
    let full_at = entries.get(key).copied().unwrap_or(0);
    // The bucket is full again at `full_at`; each try moved that one refill further away.
    full_at - now_ms - (rule.burst - 1) * rule.refill_ms
}

fn take<K: Hash + Eq + Clone>(entries: &Mutex<HashMap<K, i64>>, key: K, rule: Rule, now_ms: i64) {
    let mut entries = entries.lock().unwrap_or_else(PoisonError::into_inner);
    if entries.len() >= MOST_ENTRIES && !entries.contains_key(&key) {
        make_room(&mut entries, now_ms);
    }
    let full_at = entries.entry(key).or_insert(0);
    *full_at = (*full_at).max(now_ms).saturating_add(rule.refill_ms);
}

/// Drops what is forgiven anyway, and at least half: the next sweep is as many tries away.
fn make_room<K: Hash + Eq>(entries: &mut HashMap<K, i64>, now_ms: i64) {
    let mut times: Vec<i64> = entries.values().copied().collect();
    let middle = times.len() / 2;
    let (_, middle, _) = times.select_nth_unstable(middle);
    let forgiven = (*middle).max(now_ms);
    entries.retain(|_, full_at| *full_at > forgiven);
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_790_000_000_000;

    fn tries(throttles: &Throttles, address: &str, account: &str) -> usize {
        let address: IpAddr = address.parse().unwrap();
        let account = Some(&Guessed::Password(crate::secrets::hash(account)));
        (0..1_000)
            .take_while(|_| {
                let allowed = throttles.check(NOW, address, account).is_ok();
                throttles.count(NOW, address, account);
                allowed
            })
            .count()
    }

    #[test]
    fn an_account_gets_ten_guesses_from_anywhere() {
        let throttles = Throttles::default();
        assert_eq!(tries(&throttles, "192.0.2.1", "ann@example.org"), 10);
        assert_eq!(tries(&throttles, "192.0.2.2", "ann@example.org"), 0);
        let later = NOW + 6 * 60_000 * 10;
        let account = Guessed::Password(crate::secrets::hash("ann@example.org"));
        assert!(
            throttles
                .check(later, "192.0.2.3".parse().unwrap(), Some(&account))
                .is_ok()
        );
    }

    #[test]
    fn an_address_gets_thirty_guesses_over_all_accounts() {
        let throttles = Throttles::default();
        let all: usize = (0..10)
            .map(|n| tries(&throttles, "192.0.2.1", &format!("member{n}")))
            .sum();
        assert_eq!(
            all,
            30 - 2,
            "each account's last, refused try is counted against the address"
        );
        assert_eq!(tries(&throttles, "::ffff:192.0.2.1", "other"), 0);
    }

    #[test]
    fn a_whole_ipv6_network_is_one_address() {
        let throttles = Throttles::default();
        for n in 0..30 {
            throttles.count(NOW, format!("2001:db8::{n:x}").parse().unwrap(), None);
        }
        assert!(
            throttles
                .check(NOW, "2001:db8::ffff".parse().unwrap(), None)
                .is_err()
        );
        assert!(
            throttles
                .check(NOW, "2001:db8:0:1::1".parse().unwrap(), None)
                .is_ok()
        );
    }

    #[test]
    fn an_office_that_enters_the_right_passwords_is_never_locked_out() {
        let throttles = Throttles::default();
        let office: IpAddr = "192.0.2.1".parse().unwrap();
        for n in 0..200 {
            let account = Guessed::Password(crate::secrets::hash(&format!("member{n}")));
            assert!(throttles.check(NOW, office, Some(&account)).is_ok());
            throttles.count(NOW, office, Some(&account));
            throttles.forgive(office, &account);
        }
    }

    #[test]
    fn a_flood_of_invented_accounts_is_forgotten_and_the_worst_are_kept() {
        let throttles = Throttles::default();
        let worst = Guessed::StepUp(MemberId::NIL);
        let address = |n: u32| IpAddr::from(n.to_be_bytes());
        for n in 0..10 {
            throttles.count(NOW, address(n), Some(&worst));
        }
        for n in 0..250_000u32 {
            let account = Guessed::Password(crate::secrets::hash(&n.to_string()));
            throttles.count(NOW + i64::from(n), address(n), Some(&account));
        }
        assert!(throttles.accounts.lock().unwrap().len() <= MOST_ENTRIES);
        assert!(throttles.addresses.lock().unwrap().len() <= MOST_ENTRIES);
        assert!(
            throttles
                .check(NOW, address(9_999_999), Some(&worst))
                .is_err()
        );
    }
}
