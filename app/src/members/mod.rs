//! The people of the house, as those who run it see and change them.

mod add;
mod confirmations;
mod functions;
mod link;
mod page;
mod role;
mod role_select;
mod row;
mod table;
mod welcome;

pub use functions::{
    OneTimeLink, invite_member, load_members, reset_member, set_member_enabled, set_member_role,
};
pub use page::MembersPage;
pub use role_select::role_words;
pub use welcome::WelcomePage;
