//! The behaviour of all links as dials: the present values and the usual ones.

use faultline_sim::command::Command;
use faultline_sim::fault::Fault;
use faultline_sim::network::{Latency, Link};
use faultline_sim::time::Duration;
use yew::prelude::*;

use crate::text::breaking as text;
use crate::ui::Act;
use crate::ui::act::BreakAct;
use crate::ui::dial::Dial;

/// The longest latency that a person can type: an hour.
const LONGEST_MS: f64 = 3_600_000.0;

/// The mean of a distribution and its deviation to both sides, in milliseconds. Distributions without
/// bounds use their standard deviation.
pub fn mean_and_jitter(law: Latency) -> (f64, f64) {
    let ms = |length: Duration| length.0 as f64 / 1e3;
    match law {
        Latency::Constant(length) => (ms(length), 0.0),
        Latency::Uniform { min, max } => ((ms(min) + ms(max)) / 2.0, (ms(max) - ms(min)) / 2.0),
        Latency::Normal { mean, sd } => (ms(mean), ms(sd)),
        Latency::Exponential { mean } => (ms(mean), ms(mean)),
    }
}

/// The distribution with this mean and deviation.
pub fn latency_of(mean: f64, jitter: f64) -> Latency {
    let us = |ms: f64| Duration((ms * 1e3).round().max(0.0) as u64);
    let jitter = jitter.clamp(0.0, mean);
    if us(jitter) == Duration(0) {
        return Latency::Constant(us(mean));
    }
    Latency::Uniform {
        min: us(mean - jitter),
        max: us(mean + jitter),
    }
}

/// The end of the slider for bandwidth; a typed value may be larger.
pub const WIDEST_KB: f64 = 10.0;
pub const MOST_KB: f64 = 1e6;

/// A link's bandwidth in kB a second; 0 if it is unlimited.
pub fn kilobytes(link: Link) -> f64 {
    link.bandwidth.map_or(0.0, |bytes| bytes as f64 / 1e3)
}

/// The bandwidth of so many kB a second; unlimited for 0.
pub fn bandwidth_of(kilobytes: f64) -> Option<u64> {
    let bytes = (kilobytes * 1e3).round() as u64;
    (bytes > 0).then_some(bytes)
}

/// The end of a latency slider: ten times the usual value, in two digits.
fn reach(usual: f64) -> f64 {
    let most = (usual * 10.0).max(10.0);
    let mut grain = 1.0;
    while grain * 100.0 <= most {
        grain *= 10.0;
    }
    (most / grain).ceil() * grain
}

/// The dials of all links.
pub fn dials(now: Link, usual: Link, on_act: &Callback<Act>) -> Html {
    let (mean, jitter) = mean_and_jitter(now.latency);
    let (usual_mean, usual_jitter) = mean_and_jitter(usual.latency);
    let turn = |fault: fn(f64, f64, f64) -> Fault| {
        on_act.reform(move |value: f64| {
            Act::Break(BreakAct::Apply(Command::Fault(fault(value, mean, jitter))))
        })
    };
    let end = reach(usual_mean);
    let step = (end / 100.0).max(1.0);
    html! {
        <div class="dials">
            <Dial label={text::LATENCY} unit="ms" value={mean} usual={usual_mean} max={end}
                most={LONGEST_MS} {step}
                on_set={turn(|value, _, jitter| Fault::Latency(None, latency_of(value, jitter)))} />
            <Dial label={text::JITTER} unit="ms" value={jitter} usual={usual_jitter}
                max={mean.max(step)} most={mean} {step}
                on_set={turn(|value, mean, _| Fault::Latency(None, latency_of(mean, value)))} />
            <Dial label={text::LOSS} unit="%" value={now.loss * 100.0} usual={usual.loss * 100.0}
                max=100.0 most=100.0 step=1.0
                on_set={turn(|value, _, _| Fault::Loss(None, value / 100.0))} />
            <Dial label={text::DUPLICATION} unit="%" value={now.duplication * 100.0}
                usual={usual.duplication * 100.0} max=100.0 most=100.0 step=1.0
                on_set={turn(|value, _, _| Fault::Duplication(None, value / 100.0))} />
            <Dial label={text::BANDWIDTH} unit="kB/s" value={kilobytes(now)} usual={kilobytes(usual)}
                max={WIDEST_KB} most={MOST_KB} step=0.1
                on_set={turn(|value, _, _| Fault::Bandwidth(None, bandwidth_of(value)))} />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_law_turned_by_nothing_stays_as_it_is() {
        let uniform = Latency::Uniform {
            min: Duration::millis(400),
            max: Duration::millis(600),
        };
        for law in [uniform, Latency::Constant(Duration::millis(7))] {
            let (mean, jitter) = mean_and_jitter(law);
            assert_eq!(latency_of(mean, jitter), law);
        }
    }

    #[test]
    fn jitter_never_reaches_below_zero() {
        let law = latency_of(50.0, 80.0);
        let (min, max) = (Duration(0), Duration::millis(100));
        assert_eq!(law, Latency::Uniform { min, max });
        assert_eq!(latency_of(0.0, 5.0), Latency::Constant(Duration(0)));
    }

    #[test]
    fn no_bandwidth_means_no_limit() {
        for bytes in [None, Some(1), Some(2_500), Some(1_000_000_000)] {
            let link = Link {
                bandwidth: bytes,
                ..Link::new(Latency::Constant(Duration(1)))
            };
            assert_eq!(bandwidth_of(kilobytes(link)), bytes);
        }
    }

    #[test]
    fn sliders_end_at_round_numbers() {
        assert_eq!(
            (reach(500.0), reach(50.0), reach(0.0)),
            (5_000.0, 500.0, 10.0)
        );
        assert_eq!(reach(37.5), 380.0);
    }
}
