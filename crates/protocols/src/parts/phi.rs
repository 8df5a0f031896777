//! Phi: how unlikely a silence is, as a level that grows with it. Level 1 means that one in ten live peers
//! is silent for that long, level 2 one in a hundred, level 3 one in a thousand (Hayashibara and others,
//! "The φ Accrual Failure Detector", 2004).
//!
//! Logarithms and the error function come from `libm`, whose bits are the same natively and in a browser.
//!
//! ```
//! use faultline_protocols::parts::phi::Law;
//!
//! // Heartbeats come once a second, give or take a tenth.
//! let (mean, deviation) = (1_000.0, 100.0);
//! assert!(Law::Normal.phi(1_000.0, mean, deviation) < 0.31);
//! assert!(Law::Normal.phi(1_400.0, mean, deviation) > 4.4);
//! // Cassandra's law only knows the mean, so its level grows slowly.
//! assert!(Law::Exponential.phi(1_400.0, mean, deviation) < 0.61);
//! ```

use std::f64::consts::{LN_10, SQRT_2};

/// How gaps between heartbeats are taken to be distributed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// The paper's own.
    Normal,
    /// An approximation of the normal law by a logistic curve: Akka's `PhiAccrualFailureDetector`.
    Logistic,
    /// Cassandra's `FailureDetector`: phi is the silence in means, divided by ln 10.
    Exponential,
}

/// No level is higher: beyond it, probabilities are too small to be told from 0.
pub const HIGHEST: f64 = 300.0;

impl Law {
    /// The words of a parameter, the first one by default.
    pub const WORDS: [&'static str; 3] = ["normal", "logistic", "exponential"];

    /// The law of this word.
    pub fn named(word: &str) -> Self {
        match word {
            "logistic" => Self::Logistic,
            "exponential" => Self::Exponential,
            _ => Self::Normal,
        }
    }

    /// The level after a silence. All three are in one unit, such as milliseconds; the deviation is
    /// above 0.
    pub fn phi(self, silence: f64, mean: f64, deviation: f64) -> f64 {
        let off = (silence - mean) / deviation;
        let phi = match self {
            Self::Normal => -libm::log10(0.5 * libm::erfc(off / SQRT_2)),
            Self::Logistic => logistic(off),
            Self::Exponential => silence / mean / LN_10,
        };
        phi.clamp(0.0, HIGHEST)
    }
}

/// -log10(e / (1 + e)) with e = exp(-x), without a number that is too large or too small on the way.
fn logistic(off: f64) -> f64 {
    let x = off * (1.5976 + 0.070_566 * off * off);
    if x < 0.0 {
        libm::log1p(libm::exp(x)) / LN_10
    } else {
        (x + libm::log1p(libm::exp(-x))) / LN_10
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::{LOG10_2, LOG10_E};

    use super::*;

    /// F-PHI: phi of a silence in ms by each law, where the mean and the deviation are as in the first two.
    const VECTORS: [(f64, f64, f64, [f64; 3]); 21] = [
        (1_000.0, 100.0, 500.0, [0.0, 0.0, 0.217_147]),
        (1_000.0, 100.0, 800.0, [0.009_994, 0.009_999, 0.347_436]),
        (1_000.0, 100.0, 1_000.0, [LOG10_2, LOG10_2, LOG10_E]),
        (1_000.0, 100.0, 1_100.0, [0.799_546, 0.799_508, 0.477_724]),
        (1_000.0, 100.0, 1_200.0, [1.643_016, 1.642_828, 0.521_153]),
        (1_000.0, 100.0, 1_300.0, [2.869_699, 2.909_475, 0.564_583]),
        (1_000.0, 100.0, 1_400.0, [4.499_335, 4.736_695, 0.608_012]),
        (1_000.0, 100.0, 1_500.0, [6.542_646, 7.299_947, 0.651_442]),
        (1_000.0, 100.0, 1_600.0, [9.005_864, 10.782_601, 0.694_871]),
        (1_000.0, 100.0, 1_700.0, [11.892_854, 15.368_526, 0.738_301]),
        (1_000.0, 100.0, 2_000.0, [23.118_053, 37.584_713, 0.868_589]),
        (1_000.0, 200.0, 1_000.0, [LOG10_2, LOG10_2, LOG10_E]),
        (1_000.0, 200.0, 1_200.0, [0.799_546, 0.799_508, 0.521_153]),
        (1_000.0, 200.0, 1_500.0, [2.206_932, 2.216_071, 0.651_442]),
        (1_000.0, 200.0, 2_000.0, [6.542_646, 7.299_947, 0.868_589]),
        (1_000.0, 200.0, 2_500.0, [13.496_088, 18.132_677, 1.085_736]),
        (100.0, 10.0, 100.0, [LOG10_2, LOG10_2, LOG10_E]),
        (100.0, 10.0, 110.0, [0.799_546, 0.799_508, 0.477_724]),
        (100.0, 10.0, 120.0, [1.643_016, 1.642_828, 0.521_153]),
        (100.0, 10.0, 130.0, [2.869_699, 2.909_475, 0.564_583]),
        (100.0, 10.0, 150.0, [6.542_646, 7.299_947, 0.651_442]),
    ];

    const LAWS: [Law; 3] = [Law::Normal, Law::Logistic, Law::Exponential];

    #[test]
    fn each_law_gives_the_known_levels() {
        for (mean, deviation, silence, levels) in VECTORS {
            for (law, level) in LAWS.into_iter().zip(levels) {
                let phi = law.phi(silence, mean, deviation);
                assert!(
                    (phi - level).abs() < 1e-6,
                    "{law:?} {silence}: {phi}, not {level}"
                );
            }
        }
    }

    /// F-PHIA: Akka's own test, to a tenth.
    #[test]
    fn the_logistic_law_is_akkas() {
        for (silence, level) in [
            (0.0, 0.0),
            (500.0, 0.1),
            (1_000.0, 0.3),
            (1_200.0, 1.6),
            (1_400.0, 4.7),
            (1_600.0, 10.8),
            (1_700.0, 15.3),
        ] {
            let phi = Law::Logistic.phi(silence, 1_000.0, 100.0);
            assert!((phi - level).abs() <= 0.1 + 1e-9, "{silence}: {phi}");
            let wider = Law::Logistic.phi(silence, 1_000.0, 500.0);
            assert!(silence <= 1_000.0 || wider < phi, "{silence}");
        }
    }

    /// F-PHI3: where the level of the normal law crosses a threshold.
    #[test]
    fn thresholds_are_crossed_when_they_should_be() {
        for (level, silence) in [
            (1.0, 1_128.16),
            (2.0, 1_232.63),
            (3.0, 1_309.02),
            (5.0, 1_426.49),
            (8.0, 1_561.20),
            (12.0, 1_703.45),
        ] {
            let phi = |at| Law::Normal.phi(at, 1_000.0, 100.0);
            assert!(
                phi(silence - 0.1) < level && phi(silence + 0.1) > level,
                "{level}"
            );
        }
    }

    /// F-PHI5: level 1, 2, 3 is wrong once in ten, a hundred, a thousand times.
    #[test]
    fn a_level_is_how_often_it_is_wrong() {
        for (level, share) in [(1.0, 0.1), (2.0, 0.01), (3.0, 0.001)] {
            let mut silence = 1_000.0;
            while Law::Normal.phi(silence, 1_000.0, 100.0) < level {
                silence += 0.01;
            }
            let later = 0.5 * libm::erfc((silence - 1_000.0) / 100.0 / SQRT_2);
            assert!((later / share - 1.0).abs() < 0.01, "{level}: {later}");
        }
    }

    #[test]
    fn no_silence_is_too_long_or_too_short() {
        for law in LAWS {
            for silence in [0.0, 1.0, 1e6, 1e12] {
                let phi = law.phi(silence, 1_000.0, 0.001);
                assert!((0.0..=HIGHEST).contains(&phi), "{law:?} {silence}: {phi}");
            }
        }
    }
}
