//! Numbers as people read and write them, the same on every machine.
//!
//! The standard library reads and prints every real number exactly, with tables and big integers that
//! weigh more than a protocol. What stands in commands, parameters and on the screen has a few digits.

use std::fmt;

/// Powers of ten that are exact.
const TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// Reads `12`, `-0.5` or `2.5e-3`; none if this is no number. Right to the last bit for all numbers
/// that a simulation meets.
#[must_use]
pub fn parse(text: &str) -> Option<f64> {
    let (negative, rest) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (mut digits, mut power, mut any, mut point) = (0_u64, 0_i32, false, false);
    let mut rest = rest.iter();
    let mut exponent = 0;
    while let Some(byte) = rest.next() {
        match byte {
            b'0'..=b'9' => {
                any = true;
                // Beyond 18 digits only the size of the number counts.
                if digits < 100_000_000_000_000_000 {
                    digits = digits * 10 + u64::from(byte - b'0');
                    power -= i32::from(point);
                } else {
                    power += i32::from(!point);
                }
            }
            b'.' if !point => point = true,
            b'e' | b'E' if any => {
                let behind = std::str::from_utf8(rest.as_slice()).ok()?;
                exponent = behind.parse::<i32>().ok()?.clamp(-1_000, 1_000);
                break;
            }
            _ => return None,
        }
    }
    let mut power = if any { power + exponent } else { return None };
    let high = digits as f64;
    let mut number = Double(high, (digits.wrapping_sub(high as u64)) as i64 as f64);
    while power > 0 && number.0 > 0.0 && number.0.is_finite() {
        number = number.times(TENS[power.min(22) as usize]);
        power -= power.min(22);
    }
    while power < 0 && number.0 > 0.0 {
        number = number.over(TENS[power.unsigned_abs().min(22) as usize]);
        power += power.unsigned_abs().min(22) as i32;
    }
    Some(if negative { -number.0 } else { number.0 })
}

/// A number and what is missing to its exact value: enough bits for the last one to be right.
#[derive(Clone, Copy)]
struct Double(f64, f64);

impl Double {
    fn times(self, factor: f64) -> Self {
        let (product, rest) = exact_product(self.0, factor);
        Self(product, rest + self.1 * factor).tidy()
    }

    fn over(self, divisor: f64) -> Self {
        let quotient = self.0 / divisor;
        let (product, rest) = exact_product(quotient, divisor);
        let left = (self.0 - product) - rest + self.1;
        Self(quotient, left / divisor).tidy()
    }

    fn tidy(self) -> Self {
        let sum = self.0 + self.1;
        let rest = self.1 - (sum - self.0);
        // Where the numbers end there is no rest to speak of.
        if rest.is_finite() {
            Self(sum, rest)
        } else {
            Self(self.0, 0.0)
        }
    }
}

/// A product, and what rounding took from it (Dekker 1971).
fn exact_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    let halves = |x: f64| {
        let big = x * 134_217_729.0;
        let high = big - (big - x);
        (high, x - high)
    };
    let ((a1, a2), (b1, b2)) = (halves(a), halves(b));
    let rest = a1 * b1 - product + a1 * b2 + a2 * b1 + a2 * b2;
    (product, if rest.is_finite() { rest } else { 0.0 })
}

/// A real number with so many digits behind the point, at most 9; halves go to the even digit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fixed(pub f64, pub u8);

impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(number, places) = *self;
        let one = 10_u64.pow(u32::from(places.min(9)));
        let scaled = (number.abs() * one as f64).round_ties_even();
        if !scaled.is_finite() || scaled >= 1e18 {
            return f.write_str(if number.is_nan() { "NaN" } else { "∞" });
        }
        let scaled = scaled as u64;
        if number.is_sign_negative() && scaled > 0 {
            f.write_str("-")?;
        }
        write!(f, "{}", scaled / one)?;
        if places > 0 {
            let width = usize::from(places);
            write!(f, ".{:0width$}", scaled % one)?;
        }
        Ok(())
    }
}

/// A real number with as many digits as it takes to tell it from its neighbours; whole numbers
/// without a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shortest(pub f64);

impl fmt::Display for Shortest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.0;
        if number == (number as i64) as f64 && number.abs() < 9e15 {
            return write!(f, "{}", number as i64);
        }
        f.write_str(zmij::Buffer::new().format(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn numbers_are_read_as_the_standard_library_reads_them() {
        for text in [
            "0",
            "1",
            "-1",
            "+7",
            "12.5",
            "0.001",
            ".5",
            "5.",
            "1e3",
            "2.5E-3",
            "123456789012345",
            "0.30000000000000004",
            "1e22",
            "-0.25e2",
            "100000000000000000000",
        ] {
            assert_eq!(parse(text), text.parse().ok(), "{text}");
        }
        for text in [
            "", "-", ".", "e5", "1.2.3", "1e", "five", "1 2", "0x10", "--1",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        let mut rng = Rng::stream(3, "test", 0);
        for _ in 0..5_000 {
            let digits = rng.below(1_000_000_000_000_000);
            let text = format!("{}.{}", digits / 10_000, digits % 10_000);
            assert_eq!(parse(&text), text.parse().ok(), "{text}");
        }
        for _ in 0..20_000 {
            let number = f64::from_bits(rng.next_u64());
            if number.is_finite() && (1e-280..1e280).contains(&number.abs()) {
                assert_eq!(parse(&Shortest(number).to_string()), Some(number));
            }
            let number = rng.unit() * 100.0;
            assert_eq!(parse(&Shortest(number).to_string()), Some(number));
        }
        assert_eq!(parse("1e999"), Some(f64::INFINITY));
        assert_eq!(parse("1e-999"), Some(0.0));
    }

    #[test]
    fn numbers_are_written_as_the_standard_library_writes_them() {
        let mut rng = Rng::stream(4, "test", 0);
        for _ in 0..5_000 {
            let number = (rng.unit() - 0.5) * 2_000.0;
            for places in 0..4 {
                let width = usize::from(places);
                let mut std = format!("{number:.width$}");
                if std
                    .strip_prefix("-0")
                    .is_some_and(|rest| rest.trim_matches(['.', '0']).is_empty())
                {
                    std.remove(0);
                }
                assert_eq!(Fixed(number, places).to_string(), std);
            }
            assert_eq!(Shortest(number).to_string(), number.to_string());
        }
        assert_eq!(Shortest(500.0).to_string(), "500");
        assert_eq!(Shortest(-0.1).to_string(), "-0.1");
        assert_eq!(Fixed(f64::NAN, 1).to_string(), "NaN");
    }
}
