//! The floor: building blocks that protocols are put together from. Each does one thing, knows no
//! protocol, and performs nothing itself: it answers what to send and how long to wait.

pub mod backoff;
pub mod calls;
pub mod detector;
pub mod request;
pub mod roles;
pub mod votes;
