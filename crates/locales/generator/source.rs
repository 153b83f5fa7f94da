//! One locale file, flattened from nested JSON to dotted keys.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use super::fault::{Fault, Problem};

/// A locale file: `chat.send` → `Send`.
///
/// Sorted, so that the order of the file does not decide the index of a text.
pub(crate) struct Source {
    pub(crate) tag: String,
    pub(crate) texts: BTreeMap<String, String>,
}

/// Reads one file. What could be read comes back even when there are faults.
pub(crate) fn read(tag: &str, json: &str) -> (Source, Vec<Fault>) {
    let mut source = Source {
        tag: tag.to_owned(),
        texts: BTreeMap::new(),
    };
    let mut faults = Vec::new();
    match serde_json::from_str(json) {
        Ok(Node::Group(members)) => flatten("", members, &mut source, &mut faults),
        Ok(Node::Text(_)) => faults.push(unreadable(tag, "the file must be an object")),
        Err(error) => faults.push(unreadable(tag, &error.to_string())),
    }
    (source, faults)
}

fn unreadable(tag: &str, reason: &str) -> Fault {
    Fault::new(tag, "", Problem::Unreadable(reason.to_owned()))
}

fn flatten(
    prefix: &str,
    members: Vec<(String, Node)>,
    source: &mut Source,
    faults: &mut Vec<Fault>,
) {
    let mut seen: Vec<&String> = Vec::new();
    for (name, _) in &members {
        let key = format!("{prefix}{name}");
        if seen.contains(&name) {
            faults.push(Fault::new(&source.tag, &key, Problem::DuplicateKey));
        } else if !is_name(name) {
            faults.push(Fault::new(&source.tag, &key, Problem::KeyName));
        }
        seen.push(name);
    }
    for (name, node) in members {
        let key = format!("{prefix}{name}");
        match node {
            Node::Group(inner) => flatten(&format!("{key}."), inner, source, faults),
            Node::Text(text) => {
                source.texts.insert(key, text);
            }
        }
    }
}

/// Whether a name can be a Rust item, also after a trailing `_` has been added to it.
pub(crate) fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.split('_').all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

/// JSON as we allow it. `serde_json::Value` would silently keep the last of two equal keys.
enum Node {
    Text(String),
    Group(Vec<(String, Node)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or an object")
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Node::Group(members))
    }
}
