//! A worker: takes a part, computes, answers.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::time::Duration;
use serde::Serialize;

use super::descriptor::{SERIAL, SPEED, WORK};
use super::{COORDINATOR, Machine, Message, Part, Timer, marks, primes};

/// What it computes.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Task {
    pub job: u64,
    pub part: Part,
    /// How long it takes here.
    pub takes: Duration,
}

/// All of it is lost in a crash.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Worker {
    pub task: Option<Task>,
    /// Time spent on parts that it finished.
    pub worked: Duration,
    pub finished: u32,
}

impl Worker {
    pub fn receive(&mut self, cx: &mut Context<Machine>, from: NodeId, message: Message) {
        match message {
            Message::Task { job, below, part } => self.take(cx, job, below, part),
            Message::Ping => {
                let own = self.task.as_ref();
                let (job, part) = own.map_or((0, None), |own| (own.job, Some(own.part.number)));
                cx.send(from, Message::Pong { job, part });
            }
            _ => {}
        }
    }

    /// A new part takes the place of an old one: the coordinator does not wait for that any more.
    fn take(&mut self, cx: &mut Context<Machine>, job: u64, below: u32, part: Part) {
        if let Some(old) = &self.task {
            if old.job > job || (old.job, old.part) == (job, part) {
                return;
            }
            let (job, part) = (old.job, old.part.number);
            cx.cancel_timer(&Timer::Compute { job, part });
        }
        let share = f64::from(part.to - part.from) / f64::from(below.max(1));
        let parallel = 1.0 - cx.settings().param(&SERIAL) / 100.0;
        let takes = at_speed(cx, parallel * share);
        self.task = Some(Task { job, part, takes });
        let part = part.number;
        cx.set_timer(Timer::Compute { job, part }, takes);
    }

    pub fn finish(&mut self, cx: &mut Context<Machine>, job: u64, part: u32) {
        let Some(own) = self.task.take() else {
            return;
        };
        self.worked = self.worked + own.takes;
        self.finished += 1;
        let primes = primes::count(own.part.from, own.part.to);
        cx.mark(&marks::ANSWERS, (part, primes));
        cx.send(COORDINATOR, Message::Done { job, part, primes });
    }
}

/// How long a share of the whole job takes at this node.
pub fn at_speed(cx: &Context<Machine>, share: f64) -> Duration {
    let ms = cx.settings().param(&WORK) * share * 100.0 / cx.param(&SPEED);
    Duration((ms * 1_000.0).round() as u64)
}
