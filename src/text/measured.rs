//! What a probe reads, in words.

use faultline_sim::frame::ProbeFrame;

/// A value with its unit and a suitable number of digits.
#[must_use]
pub fn shown(probe: &ProbeFrame) -> String {
    let Some(value) = probe.value else {
        return "nothing yet".into();
    };
    amount(value, probe.unit)
}

/// A number with its unit, without one where there is none.
#[must_use]
pub fn amount(value: f64, unit: &str) -> String {
    let one = one_of(unit);
    let unit = if value == 1.0 { &one } else { unit };
    if unit.is_empty() {
        return short(value);
    }
    if value.fract() == 0.0 {
        return format!("{value:.0} {unit}");
    }
    match unit {
        "%" | "ms" => format!("{value:.1} {unit}"),
        _ => format!("{value:.2} {unit}"),
    }
}

/// A number with two digits behind its point at most.
#[must_use]
pub fn short(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The singular of a unit: "election", "entry", but "s" stays.
fn one_of(unit: &str) -> String {
    if let Some(stem) = unit.strip_suffix("ies") {
        return format!("{stem}y");
    }
    match unit.strip_suffix('s') {
        Some(one) if one.len() > 2 => one.to_owned(),
        _ => unit.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_carry_units_and_few_digits() {
        let probe = |unit, value| {
            shown(&ProbeFrame {
                name: "",
                title: "",
                unit,
                value,
            })
        };
        assert_eq!(probe("messages", Some(62.0)), "62 messages");
        assert_eq!(probe("s", Some(1.23456)), "1.23 s");
        assert_eq!(probe("%", Some(33.333)), "33.3 %");
        assert_eq!(probe("elections", Some(1.0)), "1 election");
        assert_eq!(probe("entries", Some(1.0)), "1 entry");
        assert_eq!(probe("ms", Some(1.0)), "1 ms");
        assert_eq!(probe("ms", None), "nothing yet");
    }
}
