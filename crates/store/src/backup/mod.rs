//! A whole house read as of one moment, and a whole new house written at once: what backup, restore
//! and copy are made of. Tables are known by the migrations alone, so that a new one needs nothing
//! here, and that a house of an older program is read and rebuilt as it was.

mod moment;
mod new_house;
mod rows;
mod table;

pub use moment::Moment;
pub use new_house::NewHouse;
pub use rows::{Rows, size_bytes};
pub use table::{Cell, Column, Kind, Table, tables_at};

/// Names of the migrations that this program knows, in order.
pub fn known_migrations() -> Vec<String> {
    migration::names()
}

/// Leases of running processes: they mean nothing in another house.
const LEASES: &str = "instances";
