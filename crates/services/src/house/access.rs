//! Who may do what: members and keys, found without a query.

use std::collections::{HashMap, HashSet};

use domain::people::{MemberStatus, Role};
use domain::{KeyId, MemberId, Timestamp};
use store::Store;
use uuid::Uuid;

use crate::Result;

/// A member as calls need them.
#[derive(Debug, Clone)]
pub struct MemberEntry {
    /// Id.
    pub id: MemberId,
    /// Display name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Status.
    pub status: MemberStatus,
    /// Cost group; nil for the house.
    pub group_id: Uuid,
    /// Language chosen.
    pub locale: Option<String>,
    /// IANA zone.
    pub time_zone: Option<String>,
}

/// A key that has not been revoked.
#[derive(Debug, Clone)]
pub struct KeyEntry {
    /// Id.
    pub id: KeyId,
    /// What its owner calls it.
    pub name: String,
    /// Whose.
    pub member_id: MemberId,
    /// Models it may use; empty means all that its owner may use.
    pub models: Vec<String>,
    /// When it dies by itself.
    pub expires_at: Option<Timestamp>,
}

/// Members and keys.
#[derive(Debug, Default)]
pub struct AccessList {
    members: HashMap<MemberId, MemberEntry>,
    keys: HashMap<[u8; 32], KeyEntry>,
    key_ids: HashSet<KeyId>,
}

impl AccessList {
    pub(super) async fn read(store: &Store) -> Result<Self> {
        let members = store.member_list().await?.into_iter().map(|member| {
            let entry = MemberEntry {
                id: member.id,
                name: member.name,
                role: member.role,
                status: member.status,
                group_id: member.group_id,
                locale: member.locale,
                time_zone: member.time_zone,
            };
            (entry.id, entry)
        });
        let keys: HashMap<_, _> = store
            .key_list_live()
            .await?
            .into_iter()
            .filter_map(|key| {
                let hash: [u8; 32] = key.secret_hash.try_into().ok()?;
                let entry = KeyEntry {
                    id: key.id,
                    name: key.name,
                    member_id: key.member_id,
                    models: key.models,
                    expires_at: key.expires_at,
                };
                Some((hash, entry))
            })
            .collect();
        Ok(Self {
            members: members.collect(),
            key_ids: keys.values().map(|key| key.id).collect(),
            keys,
        })
    }

    /// A member of any status.
    pub fn member(&self, id: MemberId) -> Option<&MemberEntry> {
        self.members.get(&id)
    }

    /// How many members there are, invited and shut out ones included.
    pub fn member_count(&self) -> usize {
        self.members.len()
    }

    /// A member who may use the house now.
    pub fn active_member(&self, id: MemberId) -> Option<&MemberEntry> {
        self.member(id)
            .filter(|member| member.status == MemberStatus::Active)
    }

    /// Whether what these have begun may go on: the member is active, and the key, if there is one,
    /// not revoked.
    pub fn may_go_on(&self, member: MemberId, key: KeyId) -> bool {
        self.active_member(member).is_some() && (key.is_nil() || self.key_ids.contains(&key))
    }

    /// The key behind a secret's hash.
    pub fn key(&self, hash: &[u8; 32]) -> Option<&KeyEntry> {
        self.keys.get(hash)
    }

    /// A key by its id.
    pub fn key_by_id(&self, id: KeyId) -> Option<&KeyEntry> {
        self.keys.values().find(|key| key.id == id)
    }

    /// Every key that has not been revoked, in no order.
    pub fn keys(&self) -> impl Iterator<Item = &KeyEntry> {
        self.keys.values()
    }

    /// Every member, in no order.
    pub fn members(&self) -> impl Iterator<Item = &MemberEntry> {
        self.members.values()
    }
}
