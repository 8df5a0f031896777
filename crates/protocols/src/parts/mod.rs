//! Building blocks for protocols. Each does one thing, knows no protocol, and has no effects: it
//! returns what to send and how long to wait.

pub mod backoff;
pub mod calls;
pub mod detector;
pub mod kv;
pub mod request;
pub mod roles;
pub mod votes;
pub mod workload;
