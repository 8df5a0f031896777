//! What a node of the lease says about itself.

use faultline_sim::mark::Mark;

pub const REFUSES: Mark = Mark::new("refuses", "refuses {}: its lease {} has expired");
pub const GIVES_BACK: Mark = Mark::new("gives-back", "gives its lease back");
pub const EXPIRED: Mark = Mark::new("expired", "sees that its lease has expired");
pub const REPLACED: Mark = Mark::new("replaced", "is told that its lease has expired");
pub const NEWER: Mark = Mark::new("newer", "hears of a newer lease");
pub const GRANTS: Mark = Mark::new("grants", "grants lease {} to {}");
pub const LEASE_OVER: Mark = Mark::new("lease-over", "lease {} of {} has expired");
