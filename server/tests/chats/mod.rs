mod branches;
mod instances;
mod killed;
pub(crate) mod live;
pub(crate) mod reply;
mod survey;
