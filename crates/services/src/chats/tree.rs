//! The tree of a chat's messages: branches, brothers and sisters, ends.

use std::collections::HashMap;

use domain::MessageId;
use store::messages::Place;

/// A chat's tree, without what was said.
pub(super) struct Tree {
    parents: HashMap<MessageId, Option<MessageId>>,
    children: HashMap<Option<MessageId>, Vec<MessageId>>,
}

impl Tree {
    /// From places, oldest first.
    pub(super) fn new(places: &[Place]) -> Self {
        let mut children: HashMap<Option<MessageId>, Vec<MessageId>> = HashMap::new();
        for place in places {
            children.entry(place.parent_id).or_default().push(place.id);
        }
        let parents = places
            .iter()
            .map(|place| (place.id, place.parent_id))
            .collect();
        Self { parents, children }
    }

    /// The branch that ends at a message, first message first. Empty when it is not in the tree.
    pub(super) fn branch(&self, leaf: MessageId) -> Vec<MessageId> {
        let mut branch = Vec::new();
        let mut at = Some(leaf);
        while let Some(id) = at {
            let Some(parent) = self.parents.get(&id) else {
                break;
            };
            branch.push(id);
            // A tree has no more steps than places; a circle would be a corrupt database.
            if branch.len() > self.parents.len() {
                return Vec::new();
            }
            at = *parent;
        }
        branch.reverse();
        branch
    }

    /// A message with the others under the same parent, oldest first.
    pub(super) fn siblings(&self, id: MessageId) -> &[MessageId] {
        self.parents
            .get(&id)
            .and_then(|parent| self.children.get(parent))
            .map_or(&[], Vec::as_slice)
    }

    /// The end of the newest branch through a message.
    pub(super) fn newest_leaf(&self, id: MessageId) -> MessageId {
        let mut leaf = id;
        for _ in 0..self.parents.len() {
            match self
                .children
                .get(&Some(leaf))
                .and_then(|children| children.last())
            {
                Some(child) => leaf = *child,
                None => break,
            }
        }
        leaf
    }

    /// Whether the message is in the tree.
    pub(super) fn has(&self, id: MessageId) -> bool {
        self.parents.contains_key(&id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> MessageId {
        MessageId(uuid::Uuid::from_u128(number))
    }

    fn place(number: u128, parent: Option<u128>) -> Place {
        Place {
            id: id(number),
            parent_id: parent.map(id),
        }
    }

    #[test]
    fn an_edited_question_opens_a_second_branch_beside_the_first() {
        // 1 asked, 2 answered, 3 answered again; 4 asks instead of 1, 5 answers.
        let tree = Tree::new(&[
            place(1, None),
            place(2, Some(1)),
            place(3, Some(1)),
            place(4, None),
            place(5, Some(4)),
        ]);
        assert_eq!(tree.branch(id(3)), [id(1), id(3)]);
        assert_eq!(tree.siblings(id(3)), [id(2), id(3)]);
        assert_eq!(tree.siblings(id(1)), [id(1), id(4)]);
        assert_eq!(tree.newest_leaf(id(1)), id(3));
        assert_eq!(tree.newest_leaf(id(4)), id(5));
        assert!(tree.branch(id(9)).is_empty());
    }

    #[test]
    fn a_circle_in_a_broken_database_ends() {
        let tree = Tree::new(&[place(1, Some(2)), place(2, Some(1))]);
        assert!(tree.branch(id(1)).is_empty());
        let _ = tree.newest_leaf(id(1));
    }
}
