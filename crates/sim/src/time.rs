//! Time: integer microseconds of simulator time, durations, and each node's own clock.
//!
//! Three types keep three meanings apart. [`Time`] is the simulator's instant, which no process can
//! read; [`LocalTime`] is what a node's own clock shows; [`Duration`] is a length of either.

use std::fmt;
use std::num::{IntErrorKind, ParseIntError};
use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

/// An instant of simulator time, in microseconds since the run began.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Time(pub u64);

/// A length of time, in microseconds.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Duration(pub u64);

/// What a node's own clock shows, in microseconds. It may be wrong, and may be before zero.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct LocalTime(pub i64);

impl Time {
    /// The beginning of every run.
    pub const ZERO: Time = Time(0);

    /// The length from `earlier` to here; zero if `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Time) -> Duration {
        Duration(self.0.saturating_sub(earlier.0))
    }

    /// This instant in seconds, for display and probes only.
    #[must_use]
    pub fn seconds(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

impl Duration {
    /// A length of `n` microseconds.
    #[must_use]
    pub const fn micros(n: u64) -> Self {
        Self(n)
    }

    /// A length of `n` milliseconds.
    #[must_use]
    pub const fn millis(n: u64) -> Self {
        Self(n * 1_000)
    }

    /// A length of `n` seconds.
    #[must_use]
    pub const fn seconds(n: u64) -> Self {
        Self(n * 1_000_000)
    }

    /// This length in seconds, for display and probes only.
    #[must_use]
    pub fn as_seconds(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// Reads `10s`, `1.5s`, `200ms`, `50us` or `2m`.
    ///
    /// # Errors
    /// A sentence naming the word that is not a length of time.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a length of time; write it like 5s, 200ms or 50us");
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let scale: u64 = match &text[digits.len()..] {
            "us" => 1,
            "ms" => 1_000,
            "s" => 1_000_000,
            "m" | "min" => 60_000_000,
            _ => return Err(wrong()),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let too_long =
            || format!("`{text}` is too long for a length of time; the longest is {MAX_TIME}");
        let whole: u64 = whole.parse().map_err(|error: ParseIntError| {
            if *error.kind() == IntErrorKind::PosOverflow {
                too_long()
            } else {
                wrong()
            }
        })?;
        let mut micros = whole.checked_mul(scale).ok_or_else(too_long)?;
        let mut unit = scale;
        for digit in fraction.chars() {
            let digit = digit.to_digit(10).ok_or_else(wrong)?;
            unit /= 10;
            micros = micros
                .checked_add(u64::from(digit) * unit)
                .ok_or_else(too_long)?;
        }
        if micros > MAX_TIME.0 {
            Err(too_long())
        } else {
            Ok(Self(micros))
        }
    }
}

/// The end of all runs: about 285 years, small enough to add any two without overflow and to be
/// exact as a JavaScript number.
pub const MAX_TIME: Time = Time(9_000_000_000_000_000);

impl Add<Duration> for Time {
    type Output = Time;
    fn add(self, length: Duration) -> Time {
        Time(self.0.saturating_add(length.0).min(MAX_TIME.0))
    }
}

impl AddAssign<Duration> for Time {
    fn add_assign(&mut self, length: Duration) {
        *self = *self + length;
    }
}

impl Add for Duration {
    type Output = Duration;
    fn add(self, other: Duration) -> Duration {
        Duration(self.0.saturating_add(other.0).min(MAX_TIME.0))
    }
}

impl Sub for Duration {
    type Output = Duration;
    fn sub(self, other: Duration) -> Duration {
        Duration(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Duration {
    /// The shortest exact form that [`Duration::parse`] reads back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, scale) = match self.0 {
            0 => return f.write_str("0s"),
            n if n % 1_000 != 0 && n < 1_000_000 => ("us", 1),
            n if n % 1_000_000 != 0 && n < 1_000_000 => ("ms", 1_000),
            _ => ("s", 1_000_000),
        };
        let (whole, rest) = (self.0 / scale, self.0 % scale);
        if rest == 0 {
            write!(f, "{whole}{unit}")
        } else {
            let width = scale.ilog10() as usize;
            let fraction = format!("{rest:0width$}");
            write!(f, "{whole}.{}{unit}", fraction.trim_end_matches('0'))
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Duration(self.0).fmt(f)
    }
}

impl LocalTime {
    /// The length from `earlier` to here on the same clock; zero if the clock was set back.
    #[must_use]
    pub fn since(self, earlier: LocalTime) -> Duration {
        Duration(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// A node's own clock: set wrong by an offset (skew) and running at a wrong rate (drift).
///
/// Skew changes what the clock shows, not how long a timer takes; drift changes both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct LocalClock {
    anchor: Time,
    shown_at_anchor: i64,
    /// Parts per million too fast (negative: too slow).
    drift_ppm: i32,
}

const MILLION: i128 = 1_000_000;

impl LocalClock {
    /// Drift is kept within half speed and one and a half times speed.
    pub const MAX_DRIFT_PPM: i32 = 500_000;

    /// What the clock shows at simulator time `now`.
    #[must_use]
    pub fn read(&self, now: Time) -> LocalTime {
        if self.drift_ppm == 0 {
            return LocalTime(self.shown_at_anchor + (now.0 - self.anchor.0) as i64);
        }
        let elapsed = i128::from(now.0 - self.anchor.0);
        let shown = elapsed * (MILLION + i128::from(self.drift_ppm)) / MILLION;
        LocalTime(self.shown_at_anchor + shown as i64)
    }

    /// How far the clock is from the truth, in microseconds (positive: ahead).
    #[must_use]
    pub fn error(&self, now: Time) -> i64 {
        self.read(now).0 - now.0 as i64
    }

    /// The rate error in parts per million.
    #[must_use]
    pub fn drift_ppm(&self) -> i32 {
        self.drift_ppm
    }

    /// How long `length` on this clock takes in simulator time, rounded up.
    #[must_use]
    pub fn true_length(&self, length: Duration) -> Duration {
        if self.drift_ppm == 0 {
            return length;
        }
        let rate = (MILLION + i128::from(self.drift_ppm)) as u128;
        let scaled = u128::from(length.0) * MILLION as u128;
        Duration(scaled.div_ceil(rate) as u64)
    }

    /// How much this clock advances during `length` of simulator time.
    #[must_use]
    pub fn own_length(&self, length: Duration) -> Duration {
        let rate = MILLION + i128::from(self.drift_ppm);
        Duration((i128::from(length.0) * rate / MILLION) as u64)
    }

    /// Sets the clock `offset` microseconds away from the truth, now.
    pub fn set_skew(&mut self, now: Time, offset: i64) {
        self.anchor = now;
        self.shown_at_anchor = now.0 as i64 + offset;
    }

    /// Lets the clock run at another rate from now on, without a jump.
    pub fn set_drift(&mut self, now: Time, ppm: i32) {
        self.shown_at_anchor = self.read(now).0;
        self.anchor = now;
        self.drift_ppm = ppm.clamp(-Self::MAX_DRIFT_PPM, Self::MAX_DRIFT_PPM);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_back_as_written() {
        for text in ["5s", "200ms", "50us", "1.5s", "0s", "12.000001s", "90s"] {
            assert_eq!(Duration::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Duration::parse("2m").unwrap(), Duration::seconds(120));
        let refused = |text: &str| Duration::parse(text).unwrap_err();
        for text in ["", "5", "s", "-1s", "1h", "1.x s"] {
            assert!(refused(text).contains("is not a length of time"), "{text}");
        }
        for text in ["99999999999999999999s", "9000000001s", "153722868m"] {
            let said = refused(text);
            assert!(
                said.contains("too long") && said.contains("9000000000s"),
                "{said}"
            );
        }
    }

    #[test]
    fn skew_moves_the_hand_and_drift_the_rate() {
        let mut clock = LocalClock::default();
        clock.set_skew(Time(1_000_000), -200_000);
        assert_eq!(clock.read(Time(1_500_000)), LocalTime(1_300_000));
        assert_eq!(clock.true_length(Duration(10)), Duration(10));
        clock.set_drift(Time(2_000_000), 100_000);
        assert_eq!(clock.read(Time(2_000_000)), LocalTime(1_800_000), "no jump");
        assert_eq!(
            clock.read(Time(3_000_000)),
            LocalTime(2_900_000),
            "ten per cent fast"
        );
        assert_eq!(clock.true_length(Duration(1_100_000)), Duration(1_000_000));
    }
}
