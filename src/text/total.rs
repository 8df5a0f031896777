//! Words of the meter of what all nodes hold together.

use faultline_sim::kit::Total;

/// How it stands against what it should be.
#[must_use]
pub fn should(total: &Total) -> String {
    let off = total.now.abs_diff(total.should);
    match total.now.cmp(&total.should) {
        std::cmp::Ordering::Equal => "as it should be".to_owned(),
        std::cmp::Ordering::Less => format!("of {}: {off} missing", total.should),
        std::cmp::Ordering::Greater => format!("of {}: {off} too much", total.should),
    }
}
