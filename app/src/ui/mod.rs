//! The shells every page is put together from, one component a file.
//!
//! The caller brings each visible text from the translation table. Only what is said the same way
//! on every page comes with its words: [`Trouble`], [`FormTrouble`], [`Teller`] and
//! [`LoadMore`], which need the [`Reader`](crate::reader::Reader) of the page. What they all draw on
//! the server is what they draw first in the browser.

pub mod asked;
pub mod badge;
pub mod code_copy;
pub mod combo_field;
pub mod confirm;
pub mod copy_button;
pub mod data_table;
pub mod date_range;
pub mod details;
pub mod dialog;
pub mod empty;
pub mod field;
pub mod filter_tag;
pub mod first_title;
pub mod frame;
pub mod icon;
pub mod in_turn;
pub mod keyboard;
pub mod list_keys;
pub mod listed;
pub mod load_more;
pub mod mark;
pub mod menu;
pub mod moving;
pub mod notice;
pub mod page_head;
pub mod progress;
pub mod rendered;
pub mod seen;
pub mod skeleton;
pub mod sorting;
pub mod stat;
pub mod tabs;
pub mod teller;
pub mod timer;
pub mod toast;
pub mod tone;
pub mod toolbar;
pub mod trouble;
pub mod ways;
pub mod word_options;

pub use asked::open_when_asked;
pub use badge::Badge;
pub use code_copy::{copy_clicked_code, wrap_on_click};
pub use combo_field::ComboField;
pub use confirm::{Confirm, TypedName};
pub use copy_button::{CopyButton, copy_text};
pub use data_table::{DataTable, Head, SortState, said};
pub use date_range::DateRange;
pub use details::Details;
pub use dialog::Dialog;
pub use empty::Empty;
pub use field::Field;
pub use filter_tag::FilterTag;
pub use first_title::FirstTitle;
pub use frame::Frame;
pub use icon::{Icon, IconName};
#[cfg(feature = "hydrate")]
pub(crate) use in_turn::awake;
pub(crate) use in_turn::{in_turn, turns};
pub use keyboard::make_room_for_keyboard;
pub use list_keys::{keep_in_view, moved};
pub use listed::Listed;
pub use load_more::LoadMore;
pub use mark::Mark;
pub use menu::Menu;
pub use moving::moving;
pub use notice::Notice;
pub use page_head::PageHead;
pub use progress::Progress;
pub use rendered::{RenderedWords, with_controls};
pub use seen::when_seen;
pub use skeleton::{Skeleton, SkeletonShape};
pub use sorting::{SortColumn, Sorting};
pub use stat::Stat;
pub use tabs::{Tab, TabPanel, Tabs};
pub use teller::Teller;
pub use timer::after;
#[cfg(feature = "hydrate")]
pub use timer::next_task;
pub use toast::{ToastList, ToastRegion, Toasts};
pub use tone::Tone;
pub use toolbar::Toolbar;
pub use trouble::{FormTrouble, Trouble, at_field, trouble_title};
pub use ways::{Way, Ways};
pub use word_options::word_options;
