//! How a silence becomes a level, and from which level on it is a suspicion.

use faultline_sim::process::Context;
use faultline_sim::settings::Settings;
use faultline_sim::time::Duration;

use super::Watcher;
use super::descriptor::{
    DETECTOR, HEARTBEAT, K, LAW, LEAST, LONGEST, MISSED, PAUSE, THRESHOLD, TIMEOUT,
};
use crate::parts::arrivals::{Arrivals, Smoothed};
use crate::parts::phi::Law;

/// How silence is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// By a fixed timeout.
    Timeout,
    /// By the heartbeats that should have come meanwhile.
    Missed,
    /// By how unlikely it is (\[HDYK\]).
    Phi(Law),
    /// By mean and standard deviation of the latest gaps.
    Deviation,
    /// By Jacobson's two running numbers (\[J\]).
    Jacobson,
}

/// What is known of one peer's past.
#[derive(Clone, Copy, Debug, Default)]
pub struct Past<'a> {
    pub arrivals: Option<&'a Arrivals>,
    pub smoothed: Option<&'a Smoothed>,
}

/// The settings of one observer's detector.
#[derive(Clone, Copy, Debug)]
pub struct Judge {
    pub measure: Measure,
    timeout: Duration,
    heartbeat: Duration,
    missed: u32,
    threshold: f64,
    deviations: f64,
    /// In milliseconds.
    least: f64,
    pause: f64,
    /// No silence of a live peer is longer, whatever the past says.
    longest: Duration,
}

/// A level, and the one that makes a suspicion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    pub value: f64,
    pub limit: f64,
    pub suspicious: bool,
}

impl Judge {
    pub fn of(cx: &Context<Watcher>) -> Self {
        Self::new(&cx.settings().at(cx.me()))
    }

    pub fn new(settings: &Settings) -> Self {
        let measure = match settings.choice(&DETECTOR) {
            "missed" => Measure::Missed,
            "phi" => Measure::Phi(Law::named(settings.choice(&LAW))),
            "deviation" => Measure::Deviation,
            "jacobson" => Measure::Jacobson,
            _ => Measure::Timeout,
        };
        Self {
            measure,
            timeout: settings.duration(&TIMEOUT),
            heartbeat: settings.duration(&HEARTBEAT),
            missed: settings.count(&MISSED),
            threshold: settings.param(&THRESHOLD),
            deviations: settings.param(&K),
            least: settings.param(&LEAST),
            pause: settings.param(&PAUSE),
            longest: settings.duration(&LONGEST),
        }
    }

    /// Whether it looks at a peer's past.
    pub fn remembers(&self) -> bool {
        !matches!(self.measure, Measure::Timeout | Measure::Missed)
    }

    /// The level after a silence.
    pub fn level(&self, silence: Duration, past: Past) -> Level {
        let (value, limit, suspicious) = match self.measure {
            Measure::Missed => {
                let missed = (silence.0 / self.heartbeat.0.max(1)) as f64;
                let limit = f64::from(self.missed);
                (missed, limit, missed >= limit)
            }
            Measure::Phi(law) => {
                let (mean, deviation) = self.gap(past);
                let phi = law.phi(ms(silence), mean + self.pause, deviation);
                (phi, self.threshold, phi >= self.threshold)
            }
            Measure::Timeout | Measure::Deviation | Measure::Jacobson => {
                let wait = self.wait(past);
                let share = silence.0 as f64 / wait.0.max(1) as f64;
                (share, 1.0, silence > wait)
            }
        };
        let suspicious = suspicious || self.remembers() && silence > self.longest;
        Level {
            value,
            limit,
            suspicious,
        }
    }

    /// A silence and its limit in the detector's own unit: phi, missed heartbeats or seconds.
    pub fn measured(&self, silence: Duration, past: Past) -> (f64, f64) {
        match self.measure {
            Measure::Missed | Measure::Phi(_) => {
                let level = self.level(silence, past);
                (level.value, level.limit)
            }
            Measure::Timeout | Measure::Deviation | Measure::Jacobson => {
                (silence.as_seconds(), self.wait(past).as_seconds())
            }
        }
    }

    /// How long it waits for the next heartbeat, where that is one number.
    pub fn wait(&self, past: Past) -> Duration {
        let wait = match self.measure {
            Measure::Deviation => {
                let (mean, deviation) = self.gap(past);
                micros(mean + self.pause + self.deviations * deviation)
            }
            Measure::Jacobson => {
                let wait = past.smoothed.map(|past| past.wait(self.deviations));
                wait.unwrap_or(self.timeout) + micros(self.pause)
            }
            _ => return self.timeout,
        };
        wait.min(self.longest)
    }

    /// After this silence a peer is suspected in any case.
    pub fn at_most(&self) -> Duration {
        match self.measure {
            Measure::Timeout => self.timeout,
            Measure::Missed => Duration(self.heartbeat.0 * u64::from(self.missed)),
            Measure::Phi(_) | Measure::Deviation | Measure::Jacobson => self.longest,
        }
    }

    /// Mean and deviation of the gaps, in milliseconds; a deviation of almost 0 would make every late
    /// heartbeat a suspicion.
    fn gap(&self, past: Past) -> (f64, f64) {
        let usual = (ms(self.heartbeat), ms(self.heartbeat) / 4.0);
        let known = past.arrivals.filter(|arrivals| !arrivals.is_empty());
        let (mean, deviation) = known.map_or(usual, |a| (a.mean_ms(), a.deviation_ms()));
        (mean, deviation.max(self.least).max(0.001))
    }
}

fn ms(length: Duration) -> f64 {
    length.0 as f64 / 1_000.0
}

fn micros(ms: f64) -> Duration {
    Duration((ms * 1_000.0).round().clamp(0.0, 9e15) as u64)
}
