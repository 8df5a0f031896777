//! A client that asks a time server, by Cristian's algorithm or by NTP, and that server.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::settings::Settings;
use faultline_sim::time::{Duration, LocalTime};

use super::descriptor::{FILTER, METHOD, SERVE};
use super::exchange::{Sample, doubt_of};
use super::{Exchange, Message, Rules, SERVER, Timekeeper, Timer, figures, marks};

/// Samples in the clock filter (RFC 5905, section 10).
const FILTERED: usize = 8;

impl Timekeeper {
    pub(super) fn ask(&mut self, cx: &mut Context<Self>) {
        let t1 = self.clock.goal(cx.now());
        self.asked = Some(t1);
        cx.send(SERVER, Message::Ask { t1 });
    }

    /// The server's side.
    pub(super) fn answer(&mut self, cx: &mut Context<Self>, to: NodeId, t1: i64) {
        let t2 = self.clock.goal(cx.now());
        match cx.duration(&SERVE) {
            Duration(0) => self.tell(cx, to, (t1, t2)),
            work => cx.set_timer(Timer::Tell { to, t1, t2 }, work),
        }
    }

    pub(super) fn tell(&mut self, cx: &mut Context<Self>, to: NodeId, (t1, t2): (i64, i64)) {
        let t3 = self.clock.goal(cx.now());
        cx.send(to, Message::Tell { t1, t2, t3 });
    }

    /// The answer. One to an older question, or one that comes twice, says nothing (RFC 5905, section 8).
    pub(super) fn learn(&mut self, cx: &mut Context<Self>, (t1, t2, t3): (i64, i64, i64)) {
        if self.asked != Some(t1) {
            return;
        }
        self.asked = None;
        let (now, rules) = (cx.now(), Rules::of(cx));
        let t4 = self.clock.goal(now);
        let exchange = Exchange { t1, t2, t3, t4 };
        let estimate = match (rules.half_trip, is_ntp(cx.settings())) {
            (false, _) => exchange.as_it_is(),
            (true, true) => exchange.ntp(),
            (true, false) => exchange.cristian(),
        };
        let (total, doubt) = (self.clock.total(), doubt_of(estimate.delay, &rules));
        let said = (figures::off(estimate.offset), figures::span(doubt as f64));
        cx.mark(&marks::SYNCS, said);
        let curve = (estimate.offset as f64 / 1e3, doubt as f64 / 1e3);
        self.trails.note(SERVER, now, curve);
        self.latest = Some((exchange, estimate));
        let sample = Sample {
            asked: LocalTime(t1 - total),
            offset: total + estimate.offset,
            doubt,
        };
        self.filter(cx, sample);
    }

    /// The clock filter: of the latest samples, the one that leaves the least doubt counts. Without it, the latest.
    fn filter(&mut self, cx: &mut Context<Self>, sample: Sample) {
        let (now, rules) = (cx.now(), Rules::of(cx));
        let filters = is_ntp(cx.settings()) && cx.switch(&FILTER);
        self.samples.push(sample);
        let surplus = self
            .samples
            .len()
            .saturating_sub(if filters { FILTERED } else { 1 });
        self.samples.drain(..surplus);
        let best = self.samples.iter();
        let best = best
            .min_by_key(|sample| sample.doubt_at(now, &rules))
            .copied();
        match best {
            // It is in force already.
            Some(best) if self.follows == Some(best.asked) => cx.mark(&marks::KEEPS, ()),
            Some(best) => {
                self.follows = Some(best.asked);
                self.correct(cx, best.offset, best.doubt_at(now, &rules));
            }
            None => {}
        }
    }
}

pub(super) fn is_ntp(settings: &Settings) -> bool {
    settings.choice(&METHOD) == "ntp"
}
