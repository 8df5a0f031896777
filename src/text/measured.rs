//! What a probe reads, in words.

use faultline_sim::frame::ProbeFrame;

/// A value with its unit and a suitable number of digits.
#[must_use]
pub fn shown(probe: &ProbeFrame) -> String {
    let Some(value) = probe.value else {
        return "nothing yet".into();
    };
    // Singular: "1 election", but "1 s" stays.
    let unit = match probe.unit.strip_suffix('s') {
        Some(one) if value == 1.0 && one.len() > 2 => one,
        _ => probe.unit,
    };
    if value.fract() == 0.0 {
        return format!("{value:.0} {unit}");
    }
    match unit {
        "%" | "ms" => format!("{value:.1} {unit}"),
        _ => format!("{value:.2} {unit}"),
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
        assert_eq!(probe("ms", Some(1.0)), "1 ms");
        assert_eq!(probe("ms", None), "nothing yet");
    }
}
