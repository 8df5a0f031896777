//! How long messages take.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::rng::{below, unit};
use crate::time::Duration;

/// How long messages take.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Latency {
    /// Always the same.
    Constant(Duration),
    /// Every length between two bounds is equally likely.
    Uniform {
        /// The shortest.
        min: Duration,
        /// The longest; not below `min`.
        max: Duration,
    },
    /// Normal distribution, cut off at zero.
    Normal {
        /// Of the distribution before it is cut.
        mean: Duration,
        /// Standard deviation before it is cut.
        sd: Duration,
    },
    /// Exponential distribution with this mean.
    Exponential {
        /// About two messages of three take less.
        mean: Duration,
    },
}

impl Latency {
    /// The latency for two independent draws. Logarithms and roots come from `libm`, whose bits are
    /// the same natively and in the browser.
    #[inline]
    #[must_use]
    pub fn sample(&self, first: impl FnOnce() -> u64, second: impl FnOnce() -> u64) -> Duration {
        match *self {
            Latency::Constant(length) => length,
            Latency::Uniform { min, max } => {
                Duration(min.0 + below(first(), max.0.saturating_sub(min.0) + 1))
            }
            Latency::Normal { mean, sd } => {
                // Box-Muller; 1 - unit lies in (0, 1], so the logarithm is finite.
                let radius = libm::sqrt(-2.0 * libm::log(1.0 - unit(first())));
                let angle = 2.0 * std::f64::consts::PI * unit(second());
                let value = mean.0 as f64 + sd.0 as f64 * radius * libm::cos(angle);
                Duration(value.round().clamp(0.0, 9e15) as u64)
            }
            Latency::Exponential { mean } => {
                let value = -(mean.0 as f64) * libm::log(1.0 - unit(first()));
                Duration(value.round().clamp(0.0, 9e15) as u64)
            }
        }
    }

    /// The mean of the distribution (before it is cut, for `Normal`).
    #[must_use]
    pub fn mean(&self) -> Duration {
        match *self {
            Latency::Constant(length) => length,
            Latency::Uniform { min, max } => Duration(min.0.midpoint(max.0)),
            Latency::Normal { mean, .. } | Latency::Exponential { mean } => mean,
        }
    }

    /// Up to so much longer, each length equally likely: from the shortest, or the mean where there is no
    /// shortest.
    #[must_use]
    pub fn up_to(&self, longer: Duration) -> Self {
        let (min, max) = match *self {
            Latency::Uniform { min, max } => (min, max),
            _ => (self.mean(), self.mean()),
        };
        Latency::Uniform {
            min,
            max: max + longer,
        }
    }

    /// What hardly any message takes longer than: the bound where there is one, else what one of ten
    /// thousand exceeds.
    #[must_use]
    pub fn longest(&self) -> Duration {
        match *self {
            Latency::Constant(length) => length,
            Latency::Uniform { max, .. } => max,
            Latency::Normal { mean, sd } => Duration(mean.0 + 4 * sd.0),
            Latency::Exponential { mean } => Duration(10 * mean.0),
        }
    }

    /// Reads `constant 5ms`, `uniform 1ms 10ms`, `normal 5ms 1ms` or `exponential 5ms`.
    ///
    /// # Errors
    /// A sentence that shows the four forms.
    pub fn parse(words: &[&str]) -> Result<Self, String> {
        match words {
            ["constant", length] => Ok(Latency::Constant(Duration::parse(length)?)),
            ["uniform", min, max] => {
                let (min, max) = (Duration::parse(min)?, Duration::parse(max)?);
                if min > max {
                    return Err(format!(
                        "uniform {min} {max}: the first must not be longer than the second"
                    ));
                }
                Ok(Latency::Uniform { min, max })
            }
            ["normal", mean, sd] => Ok(Latency::Normal {
                mean: Duration::parse(mean)?,
                sd: Duration::parse(sd)?,
            }),
            ["exponential", mean] => Ok(Latency::Exponential {
                mean: Duration::parse(mean)?,
            }),
            _ => Err(format!(
                "`{}` is not a latency; write constant 5ms, uniform 1ms 10ms, normal 5ms 1ms or \
                 exponential 5ms",
                words.join(" ")
            )),
        }
    }
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Latency::Constant(length) => write!(f, "constant {length}"),
            Latency::Uniform { min, max } => write!(f, "uniform {min} {max}"),
            Latency::Normal { mean, sd } => write!(f, "normal {mean} {sd}"),
            Latency::Exponential { mean } => write!(f, "exponential {mean}"),
        }
    }
}
