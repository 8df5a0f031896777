//! What is measured: messages by phase, how long a reply takes, and how far honest replicas differ.

use faultline_sim::event::{Event, Loss, Record};
use faultline_sim::judge::VIOLATIONS;
use faultline_sim::probe;
use faultline_sim::probe::{
    BROKEN, DROPPED, EACH, LIVE, MEAN, MESSAGES, OK, P95, Probe, ProbeSpec, UNANSWERED,
};
use faultline_sim::shared::SharedMap;
use faultline_sim::world::World;

use super::invariants::done;
use super::liars::Liars;
use super::{Node, Replica, marks};
use crate::parts::roles;

pub const PROBES: &[ProbeSpec] = &[
    probe!(@ "between", "Messages of the three phases", "messages", Box::new(Phases::of(&THREE))),
    probe!(@ "pre-prepares", "Pre-prepares", "messages", Box::new(Phases::of(&["PRE-PREPARE"]))),
    probe!(@ "prepares", "Prepares", "messages", Box::new(Phases::of(&["PREPARE"]))),
    probe!(@ "commits", "Commits", "messages", Box::new(Phases::of(&["COMMIT"]))),
    probe!(@ "replies", "Replies", "messages", Box::new(Phases::of(&["REPLY"]))),
    MESSAGES,
    probe!("executed", "Numbers that a live replica has executed", "numbers", look executed),
    probe!("split", "Numbers at which honest replicas executed different requests", "numbers",
        new Split),
    probe!("view", "Newest view", "views", look view),
    probe!("view-changes", "Views that a new primary began", "views", marks marks::LEADS),
    probe!("stable", "Newest stable checkpoint", "numbers", look stable),
    MEAN,
    P95,
    OK,
    UNANSWERED,
    EACH,
    BROKEN,
    VIOLATIONS,
    DROPPED,
    LIVE,
];

const THREE: [&str; 3] = ["PRE-PREPARE", "PREPARE", "COMMIT"];

/// Messages of some kinds that were sent. What a liar only seems to send does not count.
#[derive(Clone)]
struct Phases {
    kinds: &'static [&'static str],
    count: u64,
}

impl Phases {
    const fn of(kinds: &'static [&'static str]) -> Self {
        Self { kinds, count: 0 }
    }
}

impl Probe for Phases {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        match &record.event {
            Event::Sent { kind, .. } if self.kinds.contains(kind) => self.count += 1,
            Event::Lost {
                kind,
                by: Loss::Lie(_),
                ..
            } if self.kinds.contains(kind) => self.count -= 1,
            _ => {}
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.count as f64)
    }
}

fn most(world: &World, of: fn(&Replica) -> u64) -> Option<f64> {
    let live = roles::all::<Node, Replica>(world).filter(|(id, _)| world.is_live(*id));
    live.map(|(_, replica)| of(replica) as f64)
        .max_by(f64::total_cmp)
}

fn executed(world: &World) -> Option<f64> {
    most(world, |replica| replica.executed)
}

fn view(world: &World) -> Option<f64> {
    most(world, |replica| replica.view)
}

fn stable(world: &World) -> Option<f64> {
    most(world, |replica| replica.low)
}

/// Numbers at which honest replicas differ, however many lie.
#[derive(Clone, Default)]
struct Split {
    liars: Liars,
    /// What was executed first at a number, and whether another request followed.
    numbers: SharedMap<u64, (String, bool)>,
    count: u64,
}

impl Probe for Split {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.liars.look(record, world);
        let Some((_, n, what)) = done(record, &self.liars) else {
            return;
        };
        let (first, split) = self
            .numbers
            .get_or_insert(n, (what.to_owned(), false))
            .clone();
        if first != what && !split {
            self.numbers.insert(n, (first, true));
            self.count += 1;
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.count as f64)
    }
}
