//! Building blocks for protocols. Each does one thing, knows no protocol, and has no effects: it
//! returns what to send and how long to wait.

pub mod arrivals;
pub mod backoff;
pub mod bank;
pub mod calls;
pub mod confirmed;
pub mod detector;
pub mod inboxes;
pub mod kept;
pub mod kv;
pub mod merkle;
pub mod phi;
pub mod request;
pub mod roles;
pub mod same_faults;
pub mod suspicions;
pub mod tally;
pub mod trails;
pub mod versions;
pub mod votes;
pub mod workload;
