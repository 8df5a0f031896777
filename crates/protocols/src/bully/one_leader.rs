//! The law that a partition breaks: one leader at a time.
//!
//! Even without faults two nodes lead for a moment: a node that comes back claims its office while
//! the lower leader has not heard of it yet. Garcia-Molina's algorithm stops the lower nodes first;
//! the textbook's, which this is, only tells them. So two leaders count at once where a wall keeps
//! the higher one from telling, and otherwise when they have led longer than it takes to settle.

use faultline_sim::clone_invariant;
use faultline_sim::event::{Event, Record};
use faultline_sim::frame::Life;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::probe::self_declared;
use faultline_sim::process::{Belief, NodeId};
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::World;

use super::descriptor::{DETECT, HEARTBEAT, TIMEOUT};
use crate::words::nodes;

/// The law.
pub const ONE_LEADER: InvariantSpec =
    faultline_sim::invariant!(always "one-leader", "One leader at a time", new OneLeader)
        .known_to_break_under("a partition");

/// Who leads, looked at only when that can have changed.
#[derive(Clone, Default, Hash)]
struct OneLeader {
    /// Two or more lead: who, and until when the higher one may still be telling the others.
    until: Option<(Vec<NodeId>, Time)>,
}

impl Invariant for OneLeader {
    clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        if may_change(&record.event) {
            let leaders: Vec<NodeId> = leading(world).collect();
            if leaders.len() < 2 {
                self.until = None;
            } else if cannot_tell(world, &leaders) {
                return Err(both_lead(&leaders));
            } else {
                let since = self.until.take();
                let until = since.map_or(record.time + settling(world), |(_, until)| until);
                self.until = Some((leaders, until));
            }
        }
        match &self.until {
            Some((leaders, until)) if record.time > *until => Err(both_lead(leaders)),
            _ => Ok(()),
        }
    }
}

fn may_change(event: &Event) -> bool {
    matches!(
        event,
        Event::Believed(Belief::Leader(_))
            | Event::Crashed
            | Event::Recovered
            | Event::Paused
            | Event::Resumed
            | Event::Removed
            | Event::Faulted { .. }
    )
}

/// A node that stands still leads nobody.
fn leading(world: &World) -> impl Iterator<Item = NodeId> + '_ {
    self_declared(world).filter(|id| world.life(*id) == Some(Life::Up))
}

/// Whether a wall keeps a lower leader from hearing of a higher one.
fn cannot_tell(world: &World, leaders: &[NodeId]) -> bool {
    let network = world.network();
    let above = |at: usize| leaders[at + 1..].iter();
    let mut pairs = leaders.iter().enumerate();
    pairs.any(|(at, low)| above(at).any(|high| network.wall(*high, *low).is_some()))
}

/// How long the higher leader's word may take. Direct calls take no time. With heartbeats an old
/// leader learns from one of them that it has been replaced, and may have to hold an election, but
/// not within one timeout of its last one.
fn settling(world: &World) -> Duration {
    if world.calls_directly() {
        return Duration(0);
    }
    let settings = world.settings();
    let message = world.network().default_link().latency.longest();
    if settings.switch(&DETECT) {
        let beats = settings.duration(&HEARTBEAT).0 * 2;
        Duration(beats + settings.duration(&TIMEOUT).0 + message.0 * 3)
    } else {
        message
    }
}

fn both_lead(leaders: &[NodeId]) -> String {
    let all = if leaders.len() == 2 { "both" } else { "all" };
    format!("{} {all} lead", nodes(leaders))
}
