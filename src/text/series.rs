//! Words of a curve in a panel.

use faultline_sim::frame::Limit;

/// "Phi of node 2: 3.4".
#[must_use]
pub fn value(name: &str, value: f64) -> String {
    format!("{name}: {}", rounded(value))
}

/// "12.5 s".
#[must_use]
pub fn second(at: f64) -> String {
    format!("{} s", rounded(at))
}

/// The curve in one sentence: where it is, what limits it, how high it was.
#[must_use]
pub fn said(name: &str, (now, limit): (f64, Option<(&Limit, f64)>), highest: f64) -> String {
    let limit = limit.map_or_else(String::new, |(limit, height)| {
        format!(", {}", value(&limit.name, height))
    });
    format!(
        "{}{limit}. Highest: {}.",
        value(name, now),
        rounded(highest)
    )
}

/// One digit behind the point is what a curve of this size can show.
#[must_use]
pub fn rounded(value: f64) -> String {
    let tenths = (value * 10.0).round() / 10.0;
    tenths.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_told_in_one_sentence() {
        let limit = Limit {
            name: "threshold".to_owned(),
            heights: vec![8.0],
        };
        assert_eq!(
            said("Phi of node 2", (3.44, Some((&limit, 8.0))), 9.26),
            "Phi of node 2: 3.4, threshold: 8. Highest: 9.3."
        );
        assert_eq!(said("Queue", (2.0, None), 5.0), "Queue: 2. Highest: 5.");
    }
}
