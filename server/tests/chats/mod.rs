mod branches;
mod live;
mod reply;
