//! Berkeley's TEMPO: a master asks all clocks, averages those that agree, and tells each by how much to change.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::sorted;
use faultline_sim::time::LocalTime;
use serde::Serialize;

use super::descriptor::{APART, OUTLIERS, WAIT};
use super::exchange::doubt_of;
use super::{Exchange, Message, Rules, Timekeeper, Timer, figures, marks};

/// How far a clock is ahead of the master's, give or take a doubt, both in microseconds.
#[derive(Clone, Copy, Debug, Hash, Serialize)]
pub struct Compared {
    pub ahead: i64,
    pub doubt: u64,
}

/// What a client answered: by what its hardware clock was corrected then, in microseconds, and when that was.
#[derive(Clone, Copy, Debug, Hash, Serialize)]
pub struct Answered {
    pub round: LocalTime,
    pub total: i64,
    pub at: LocalTime,
}

impl Timekeeper {
    pub(super) fn begin_round(&mut self, cx: &mut Context<Self>) {
        let round = cx.now();
        self.asking = Some(round);
        self.compared.clear();
        cx.broadcast(Message::Poll { round });
        cx.set_timer(Timer::Average { round }, cx.duration(&WAIT));
    }

    /// A client's answer.
    pub(super) fn show(&mut self, cx: &mut Context<Self>, master: NodeId, round: LocalTime) {
        let (at, total) = (cx.now(), self.clock.total());
        self.answered = Some(Answered { round, total, at });
        let time = self.clock.goal(at);
        cx.send(master, Message::Show { round, time });
    }

    /// The master takes an answer to be half a round trip old, as Cristian does.
    pub(super) fn compare(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        (round, time): (LocalTime, i64),
    ) {
        if self.asking != Some(round) {
            return;
        }
        let rules = Rules::of(cx);
        let exchange = Exchange {
            t1: self.clock.goal(round),
            t2: time,
            t3: time,
            t4: self.clock.goal(cx.now()),
        };
        let estimate = match rules.half_trip {
            true => exchange.cristian(),
            false => exchange.as_it_is(),
        };
        let compared = Compared {
            ahead: estimate.offset,
            doubt: doubt_of(estimate.delay, &rules),
        };
        self.compared.entry(from).or_insert(compared);
        if cx.peers().all(|peer| self.compared.contains_key(&peer)) {
            cx.cancel_timer(&Timer::Average { round });
            self.average(cx, round);
        }
    }

    /// All that answered are told by how much to change, also those that are left out of the average.
    pub(super) fn average(&mut self, cx: &mut Context<Self>, round: LocalTime) {
        self.asking = None;
        if self.compared.is_empty() {
            return;
        }
        let others = self.compared.iter().map(|(id, one)| (*id, one.ahead));
        let all: Vec<(NodeId, i64)> = others.chain([(cx.me(), 0)]).collect();
        let apart = match cx.switch(&OUTLIERS) {
            true => cx.duration(&APART).0,
            false => u64::MAX,
        };
        let taken = agreeing(all.clone(), apart);
        let mean = taken.iter().map(|(_, ahead)| ahead).sum::<i64>() / taken.len() as i64;
        for (id, ahead) in all.iter().filter(|one| !taken.contains(one)) {
            cx.mark(&marks::LEAVES_OUT, (*id, figures::off(-ahead)));
        }
        let grown = Rules::of(cx).grown(cx.now().since(round));
        for (id, one) in &self.compared {
            let (by, doubt) = (mean - one.ahead, one.doubt + grown);
            cx.send(*id, Message::Adjust { round, by, doubt });
        }
        cx.mark(&marks::AVERAGES, (taken.len(), figures::off(mean)));
        self.round = Some(round);
        let total = self.clock.total() + mean;
        self.correct(cx, total, 0);
    }

    /// A client changes its clock from what it showed then, not from what it shows by now.
    pub(super) fn adjust(
        &mut self,
        cx: &mut Context<Self>,
        round: LocalTime,
        (by, doubt): (i64, u64),
    ) {
        let Some(answered) = self.answered.filter(|answered| answered.round == round) else {
            return;
        };
        self.answered = None;
        self.round = Some(round);
        let grown = Rules::of(cx).grown(cx.now().since(answered.at));
        let said = (figures::off(by), figures::span(doubt as f64));
        cx.mark(&marks::SYNCS, said);
        self.correct(cx, answered.total + by, doubt + grown);
    }
}

/// The fault-tolerant average: the most clocks that all lie within this length, in microseconds, of each other.
pub fn agreeing(mut clocks: Vec<(NodeId, i64)>, apart: u64) -> Vec<(NodeId, i64)> {
    sorted::sort_by_key(&mut clocks, |(id, ahead)| (*ahead, *id));
    let with = |first: usize| {
        let from = clocks[first].1;
        let near = clocks[first..].iter();
        near.take_while(|(_, ahead)| ahead.abs_diff(from) <= apart)
            .count()
    };
    // Of equally many, those that come first.
    let starts = 0..clocks.len();
    let best = starts.max_by_key(|first| (with(*first), clocks.len() - first));
    let best = best.unwrap_or(0);
    let end = best + with(best);
    clocks.drain(best..end).collect()
}
