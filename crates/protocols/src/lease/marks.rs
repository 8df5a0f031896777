//! Marks: events that a node of the lease reports.

use faultline_sim::mark::Mark;

pub const REFUSES: Mark = Mark::new("refuses", "refuses an order of {}: lease {} has expired");
pub const GIVES_BACK: Mark = Mark::new("gives-back", "releases its lease");
pub const EXPIRED: Mark = Mark::new("expired", "finds that its lease has expired");
pub const REPLACED: Mark = Mark::new("replaced", "learns that another node holds the lease");
pub const NEWER: Mark = Mark::new("newer", "learns of a newer lease");
pub const GRANTS: Mark = Mark::new("grants", "grants lease {} to {}");
pub const LEASE_OVER: Mark = Mark::new("lease-over", "sees lease {} of {} expire");
