//! All languages as static tables, for native builds.

use crate::Locale;

include!(concat!(env!("OUT_DIR"), "/tables.rs"));
