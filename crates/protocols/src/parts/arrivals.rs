//! When heartbeats of a peer came: the gaps between them, and what to expect of the next one.
//!
//! [`Arrivals`] keeps the latest gaps in a window, as Hayashibara and others (2004) do. [`Smoothed`] keeps
//! two numbers instead, as Jacobson (1988) does for retransmissions. Both only add, multiply and divide, so a
//! browser computes the same bits.
//!
//! ```
//! use faultline_protocols::parts::arrivals::{Arrivals, Smoothed};
//! use faultline_sim::time::{Duration, LocalTime};
//!
//! let mut arrivals = Arrivals::default();
//! let mut smoothed = Smoothed::default();
//! let mut now = LocalTime(0);
//! arrivals.arrive(now, 3);
//! for gap in [100, 110, 90, 140, 80] {
//!     now = LocalTime(now.0 + gap * 1_000);
//!     let gap = arrivals.arrive(now, 3).unwrap();
//!     smoothed.take(gap);
//! }
//! // The window holds 90, 140 and 80 ms.
//! assert!((arrivals.mean_ms() - 103.333).abs() < 0.001);
//! assert!((arrivals.variance_ms() - 688.889).abs() < 0.001);
//! // Jacobson's estimator still remembers the first two.
//! assert!(smoothed.wait(4.0) > Duration::millis(100));
//! ```

use std::collections::VecDeque;
use std::rc::Rc;

use faultline_sim::settings::Real;
use faultline_sim::time::{Duration, LocalTime};
use serde::Serialize;

/// The latest gaps between the heartbeats of one peer.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Arrivals {
    /// On the observer's own clock; none before the first one.
    last: Option<LocalTime>,
    /// In microseconds, the oldest first. A copy of a node shares them until one of both hears more.
    gaps: Rc<VecDeque<u64>>,
}

impl Arrivals {
    /// A history that begins with a guess, two gaps around the expected one, so that the first real gaps
    /// are not taken for the whole truth. Akka begins so, too.
    pub fn expecting(gap: Duration) -> Self {
        let quarter = gap.0 / 4;
        Self {
            last: None,
            gaps: Rc::new(VecDeque::from([gap.0 - quarter, gap.0 + quarter])),
        }
    }

    /// A heartbeat came. Keeps at most `window` gaps; returns the latest one.
    pub fn arrive(&mut self, now: LocalTime, window: u32) -> Option<Duration> {
        let gap = self.last.replace(now).map(|last| now.since(last))?;
        let gaps = Rc::make_mut(&mut self.gaps);
        gaps.push_back(gap.0);
        while gaps.len() > window.max(1) as usize {
            gaps.pop_front();
        }
        Some(gap)
    }

    /// The peer was away on purpose, or for so long that the gap says nothing of the usual ones: the next
    /// heartbeat makes no gap.
    pub fn restart(&mut self) {
        self.last = None;
    }

    /// In milliseconds; 0 without any gap.
    pub fn mean_ms(&self) -> f64 {
        let sum: u64 = self.gaps.iter().sum();
        sum as f64 / self.gaps.len().max(1) as f64 / 1_000.0
    }

    /// Of the whole window as a population, in square milliseconds.
    pub fn variance_ms(&self) -> f64 {
        let mean = self.mean_ms();
        let each = self.gaps.iter().map(|gap| *gap as f64 / 1_000.0 - mean);
        each.map(|off| off * off).sum::<f64>() / self.gaps.len().max(1) as f64
    }

    /// The root of the variance, in milliseconds.
    pub fn deviation_ms(&self) -> f64 {
        self.variance_ms().sqrt()
    }

    /// How many gaps it remembers.
    pub fn len(&self) -> usize {
        self.gaps.len()
    }

    pub fn is_empty(&self) -> bool {
        self.gaps.is_empty()
    }
}

/// Jacobson's estimator: a mean that moves by an eighth of each error, and a mean deviation that moves by
/// a quarter ("Congestion Avoidance and Control", 1988, appendix A).
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Smoothed {
    mean_ms: Real,
    deviation_ms: Real,
    taken: bool,
}

impl Smoothed {
    /// The first gap is the mean, and half of it the deviation, as in RFC 6298, 2.2.
    pub fn take(&mut self, gap: Duration) {
        let gap = gap.0 as f64 / 1_000.0;
        if !self.taken {
            (self.mean_ms, self.deviation_ms) = (Real(gap), Real(gap / 2.0));
            self.taken = true;
            return;
        }
        let error = gap - self.mean_ms.0;
        self.mean_ms.0 += error / 8.0;
        self.deviation_ms.0 += (error.abs() - self.deviation_ms.0) / 4.0;
    }

    /// The mean and so many deviations.
    pub fn wait(&self, deviations: f64) -> Duration {
        let ms = self.mean_ms.0 + deviations * self.deviation_ms.0;
        Duration((ms * 1_000.0).round().clamp(0.0, 9e15) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fed(window: u32, gaps: &[i64]) -> Arrivals {
        let mut arrivals = Arrivals::default();
        let mut now = LocalTime(0);
        arrivals.arrive(now, window);
        for gap in gaps {
            now.0 += gap * 1_000;
            arrivals.arrive(now, window);
        }
        arrivals
    }

    /// F-PHIH: Akka's AccrualFailureDetectorSpec.
    #[test]
    fn mean_and_variance_are_those_of_akkas_tests() {
        let five = fed(20, &[100, 200, 125, 340, 130]);
        assert_eq!((five.mean_ms(), five.variance_ms()), (179.0, 7_584.0));
        for (more, mean, variance) in [
            (&[][..], 100.0, 66.667),
            (&[140][..], 113.333, 422.222),
            (&[140, 80][..], 103.333, 688.889),
        ] {
            let gaps = [&[100, 110, 90], more].concat();
            let window = fed(3, &gaps);
            assert_eq!(window.len(), 3);
            assert!((window.mean_ms() - mean).abs() < 0.001, "{gaps:?}");
            assert!((window.variance_ms() - variance).abs() < 0.001, "{gaps:?}");
        }
    }

    #[test]
    fn a_guess_stands_until_the_window_is_full_of_gaps() {
        let mut arrivals = Arrivals::expecting(Duration::seconds(1));
        assert_eq!(
            (arrivals.mean_ms(), arrivals.deviation_ms()),
            (1_000.0, 250.0)
        );
        assert_eq!(arrivals.arrive(LocalTime(0), 2), None, "no gap yet");
        arrivals.arrive(LocalTime(500_000), 2);
        arrivals.arrive(LocalTime(1_000_000), 2);
        assert_eq!((arrivals.mean_ms(), arrivals.deviation_ms()), (500.0, 0.0));
        arrivals.restart();
        assert_eq!(arrivals.arrive(LocalTime(90_000_000), 2), None);
    }

    /// Appendix A of the paper: errors move the mean by an eighth, the deviation by a quarter.
    #[test]
    fn the_estimator_follows_slowly() {
        let mut smoothed = Smoothed::default();
        smoothed.take(Duration::millis(800));
        assert_eq!(smoothed.wait(4.0), Duration::millis(2_400));
        smoothed.take(Duration::millis(1_600));
        // The error is 800: mean 900, deviation 400 + 400 / 4 = 500.
        assert_eq!(smoothed.wait(0.0), Duration::millis(900));
        assert_eq!(smoothed.wait(1.0), Duration::millis(1_400));
        for _ in 0..200 {
            smoothed.take(Duration::millis(1_000));
        }
        let wait = smoothed.wait(4.0);
        assert!(wait < Duration::millis(1_001), "{wait}");
    }
}
