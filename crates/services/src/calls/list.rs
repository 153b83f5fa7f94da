//! The list of calls: an admin's over the whole house, a member's over their own.

use std::collections::{BTreeSet, HashMap};

use domain::calls::{CallRow, CallsWanted, READ_MOST};
use domain::chats::Page;
use domain::people::Fault;
use domain::{CallId, KeyId, MemberId};
use store::calls::{Call, CallFilter};

use crate::access::SignedIn;
use crate::house::House;
use crate::{Error, Result, Services};

/// Calls on one page of the list.
const PAGE_ROWS: usize = 50;

impl Services {
    /// The calls that are wanted, newest first, before a given one: of the whole house for admins,
    /// otherwise the member's own.
    ///
    /// # Errors
    /// `Invalid` for what cannot be wanted: see [`CallsWanted::check`].
    pub async fn call_list(
        &self,
        who: &SignedIn,
        wanted: &CallsWanted,
        before: Option<CallId>,
    ) -> Result<Page<CallRow>> {
        wanted.check()?;
        let times = self
            .calendar(who)
            .time_of(wanted.days)
            .ok_or_else(|| Error::invalid("from", Fault::OutOfRange))?;
        let sees_all = who.role.administers();
        let only_theirs = wanted.only_mine || !sees_all;
        let filter = CallFilter {
            member_id: only_theirs.then_some(who.member_id),
            model: wanted.model.clone(),
            times,
            ..CallFilter::default()
        };
        // One more than is shown tells whether there is a next page.
        let mut calls = self
            .store()
            .call_list(&filter, before, PAGE_ROWS as u64 + 1)
            .await?;
        let more = calls.len() > PAGE_ROWS;
        calls.truncate(PAGE_ROWS);
        let next = calls
            .last()
            .filter(|_| more)
            .map(|call| call.id.to_string());
        let rows = self.call_rows(calls, sees_all).await?;
        Ok(Page { rows, next })
    }

    /// Calls as they stand now, newest first: of these ids those that are there and may be seen, for
    /// members their own.
    ///
    /// # Errors
    /// `Invalid` for more than [`READ_MOST`] of them.
    pub async fn call_list_of(&self, who: &SignedIn, ids: Vec<CallId>) -> Result<Vec<CallRow>> {
        if ids.len() > READ_MOST {
            return Err(Error::invalid("ids", Fault::TooLong));
        }
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let sees_all = who.role.administers();
        let filter = CallFilter {
            member_id: (!sees_all).then_some(who.member_id),
            ids: Some(ids),
            ..CallFilter::default()
        };
        let most = READ_MOST as u64;
        let calls = self.store().call_list(&filter, None, most).await?;
        self.call_rows(calls, sees_all).await
    }

    /// What a list says of some calls.
    async fn call_rows(&self, calls: Vec<Call>, names_members: bool) -> Result<Vec<CallRow>> {
        let house = self.house();
        let keys = self.key_names(&house, &calls).await?;
        let rows = calls
            .into_iter()
            .map(|call| row(&house, &keys, call, names_members));
        Ok(rows.collect())
    }

    /// Names of the keys of some calls. The snapshot knows the live ones; only where a revoked one
    /// appears are its owner's keys read.
    async fn key_names(&self, house: &House, calls: &[Call]) -> Result<HashMap<KeyId, String>> {
        let wanted: BTreeSet<KeyId> = calls
            .iter()
            .map(|call| call.key_id)
            .filter(|key| !key.is_nil())
            .collect();
        if wanted.is_empty() {
            return Ok(HashMap::new());
        }
        let mut names: HashMap<KeyId, String> = house
            .access
            .keys()
            .filter(|key| wanted.contains(&key.id))
            .map(|key| (key.id, key.name.clone()))
            .collect();
        let owners: BTreeSet<MemberId> = calls
            .iter()
            .filter(|call| !call.key_id.is_nil() && !names.contains_key(&call.key_id))
            .map(|call| call.member_id)
            .collect();
        for owner in owners {
            let keys = self.store().key_list(owner).await?;
            names.extend(keys.into_iter().map(|key| (key.id, key.name)));
        }
        Ok(names)
    }
}

fn row(house: &House, keys: &HashMap<KeyId, String>, call: Call, names_member: bool) -> CallRow {
    let member = house
        .access
        .member(call.member_id)
        .filter(|_| names_member)
        .map(|member| member.name.clone());
    CallRow {
        id: call.id,
        at: call.admitted_at,
        member,
        key: keys.get(&call.key_id).cloned(),
        door: call.door,
        purpose: call.purpose,
        model: call.model,
        connection: house
            .catalog
            .connection(call.connection_id)
            .map(|connection| connection.name.clone()),
        state: call.state,
        outcome: call.outcome,
        usage: call.usage,
        usage_source: call.usage_source,
        price_state: call.price_state,
        charge: call.charge,
        overrun: call.overrun,
        first_token_ms: call.first_token_ms,
        duration_ms: call.duration_ms,
    }
}
