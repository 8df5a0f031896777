//! The progress of a message as a linear function of time, the same for all renderers.

use faultline_sim::frame::{Fate, MessageFrame};
use faultline_sim::time::Time;

/// The share of its path that a message has covered at an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    sent: f64,
    /// Share per microsecond.
    rate: f64,
    least: f64,
    most: f64,
}

impl Pace {
    /// A blocked message gets as far as the middle of the link.
    #[must_use]
    pub fn of(message: &MessageFrame) -> Self {
        let sent = message.sent.0 as f64;
        let towards = |until: Time, least: f64, most: f64| {
            let way = until.0 as f64 - sent;
            // A direct call takes no time: it is drawn half way, where it hides no node.
            let (rate, least) = if way > 0.0 {
                (most.max(0.5) / way, least)
            } else {
                (0.0, 0.5 * most)
            };
            Self {
                sent,
                rate,
                least,
                most,
            }
        };
        match message.fate {
            Fate::Flying => towards(message.arrives, 0.0, 1.0),
            // A held message stays half way, where it is visible and pickable.
            Fate::Held => Self {
                most: 0.5,
                ..towards(message.arrives, 0.0, 1.0)
            },
            Fate::Waiting => towards(message.arrives, 1.0, 1.0),
            Fate::Blocked { at } => towards(at, 0.0, 0.5),
        }
    }

    /// The share at an instant in microseconds, from 0 to 1.
    #[must_use]
    pub fn at(&self, now: f64) -> f64 {
        ((now - self.sent) * self.rate).clamp(self.least, self.most)
    }
}

/// The progress of a message at an instant, from 0 to 1.
#[must_use]
pub fn progress(message: &MessageFrame, now: f64) -> f64 {
    Pace::of(message).at(now)
}
