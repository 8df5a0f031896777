//! Words for clocks beside the true time.

use faultline_sim::process::NodeId;

use super::{capital, node};

pub const TITLE: &str = "Clocks";
pub const TRUE_TIME: &str = "true time";

/// An amount of time in a few letters: "30 ms", "25 min".
fn amount(us: u64) -> String {
    let (value, unit) = match us {
        us if us < 1_000 => return format!("{us} µs"),
        us if us < 1_000_000 => (us as f64 / 1e3, "ms"),
        us if us < 120_000_000 => (us as f64 / 1e6, "s"),
        us => (us as f64 / 60e6, "min"),
    };
    let digits = usize::from(value < 100.0 && (value * 10.0).round() % 10.0 != 0.0);
    format!("{value:.digits$} {unit}")
}

/// How far a clock is from the truth: "+30 ms", "−12.5 ms", "0".
#[must_use]
pub fn off(us: i64) -> String {
    match us {
        0 => "0".to_owned(),
        us if us > 0 => format!("+{}", amount(us.unsigned_abs())),
        us => format!("−{}", amount(us.unsigned_abs())),
    }
}

/// The end of the axis.
#[must_use]
pub fn end(us: i64) -> String {
    off(us)
}

/// "Node 2's clock is 30 ms ahead of the true time, which it takes to be within 40 ms." The last part says where the
/// node is wrong about that.
#[must_use]
pub fn of_node(id: NodeId, us: i64, doubt: Option<u64>) -> String {
    let own = capital(&node(id));
    let stands = match us {
        0 => "shows the true time".to_owned(),
        us if us > 0 => format!("is {} ahead of the true time", amount(us.unsigned_abs())),
        us => format!("is {} behind the true time", amount(us.unsigned_abs())),
    };
    let sure = doubt.map(|doubt| {
        let wrong = if us.unsigned_abs() > doubt {
            " and is wrong"
        } else {
            ""
        };
        format!(
            "; it takes the error to be {} at most{wrong}",
            amount(doubt)
        )
    });
    format!("{own}: its clock {stands}{}.", sure.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_clocks_are_said_in_fitting_units() {
        assert_eq!(off(30_000), "+30 ms");
        assert_eq!(off(-12_500), "−12.5 ms");
        assert_eq!(off(1_500_000_000), "+25 min");
        assert_eq!(off(-400), "−400 µs");
        assert_eq!(off(0), "0");
        assert_eq!(
            of_node(NodeId(2), 30_000, Some(40_000)),
            "Node 2: its clock is 30 ms ahead of the true time; it takes the error to be 40 ms at most."
        );
        assert_eq!(
            of_node(NodeId(2), -30_000, Some(4_000)),
            "Node 2: its clock is 30 ms behind the true time; it takes the error to be 4 ms at most and is wrong."
        );
    }
}
