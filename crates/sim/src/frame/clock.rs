//! What a node takes to be the time, and how sure it is.

use serde::Serialize;

use super::{Table, table};
use crate::time::LocalTime;

/// The clock that a node would read to a program: its own hardware clock, corrected. The correction may be worked
/// off slowly, and the doubt may grow; so what it shows is a function of what the hardware clock shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct ClockFace {
    /// What the hardware clock showed when the rest was fixed.
    pub since: LocalTime,
    /// What was added to the hardware clock at that moment, in microseconds.
    pub correction: i64,
    /// What is still to be added, in microseconds, little by little.
    pub remaining: i64,
    /// How much of it a second of the hardware clock takes, in parts per million; never negative.
    pub slew_ppm: u32,
    /// How far off the truth the node would hold itself to be at most with all of that added, in microseconds;
    /// none where it does not know.
    pub doubt: Option<u64>,
    /// How fast that grows, in parts per million.
    pub doubt_ppm: u32,
}

/// What a clock shows at one moment, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// The time it tells.
    pub time: i64,
    /// How far off it holds itself to be at most.
    pub doubt: Option<u64>,
}

impl Reading {
    /// The earliest and the latest instant that it may be.
    #[must_use]
    pub fn interval(self) -> Option<(i64, i64)> {
        let doubt = i64::try_from(self.doubt?).ok()?;
        let ends = (
            self.time.saturating_sub(doubt),
            self.time.saturating_add(doubt),
        );
        Some(ends)
    }
}

impl ClockFace {
    /// What a program is told when the hardware clock shows `local`.
    #[must_use]
    pub fn read(&self, local: LocalTime) -> Reading {
        let passed = i128::from(local.0) - i128::from(self.since.0);
        let passed = passed.max(0);
        let share = |ppm: u32| i64::try_from(passed * i128::from(ppm) / 1_000_000).unwrap_or(0);
        let worked_off = share(self.slew_ppm).min(self.remaining.saturating_abs());
        let corrected = self
            .correction
            .saturating_add(worked_off * self.remaining.signum());
        let grown = u64::try_from(share(self.doubt_ppm)).unwrap_or(0);
        // What is still to be added is missing, too.
        let missing = self.remaining.unsigned_abs() - worked_off.unsigned_abs();
        let grown = grown.saturating_add(missing);
        Reading {
            time: local.0.saturating_add(corrected),
            doubt: self.doubt.map(|doubt| doubt.saturating_add(grown)),
        }
    }
}

pub(super) fn to_table(face: &ClockFace) -> Table {
    let ms = |micros: i64| format!("{} ms", micros as f64 / 1e3);
    let doubt = face.doubt.map_or_else(String::new, |doubt| {
        ms(i64::try_from(doubt).unwrap_or(i64::MAX))
    });
    let rows = [
        ["correction", &ms(face.correction)],
        ["still to be added", &ms(face.remaining)],
        ["off by at most", &doubt],
    ];
    table(
        ["clock", "value"],
        rows.map(|row| row.map(str::to_owned)).into_iter(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face() -> ClockFace {
        ClockFace {
            since: LocalTime(1_000_000),
            correction: 500,
            remaining: -200,
            slew_ppm: 100,
            doubt: Some(40),
            doubt_ppm: 200,
        }
    }

    #[test]
    fn a_correction_is_worked_off_and_doubt_grows() {
        let at = |local| face().read(LocalTime(local));
        assert_eq!(at(1_000_000).time, 1_000_500);
        assert_eq!(at(2_000_000).time, 2_000_400, "100 of 200 after a second");
        assert_eq!(
            at(9_000_000).time,
            9_000_300,
            "no more than was to be added"
        );
        let ends = at(2_000_000).interval();
        assert_eq!(ends, Some((2_000_060, 2_000_740)), "with what is missing");
        assert_eq!(at(3_000_000).interval(), Some((2_999_860, 3_000_740)));
    }

    #[test]
    fn a_clock_that_slews_never_runs_backwards() {
        let told: Vec<_> = (0..5_000)
            .map(|step| face().read(LocalTime(1_000_000 + step * 1_000)).time)
            .collect();
        assert!(told.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
