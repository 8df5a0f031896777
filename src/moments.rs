//! The moments of a run that the timeline paints, jumps to and stops at, and who led when. They are
//! read from the trace record by record; the code is pure, so that native tests can run it.

use faultline_sim::event::{Event, Record};
pub use faultline_sim::moment::Moment;
use faultline_sim::process::{Belief, NodeId};
use faultline_sim::time::Time;

use crate::text::records::{Vocabulary, row};

/// So many requests can be told apart on a timeline.
const MOST_REQUESTS: u32 = 100;
/// The most moments kept; the event log shows the rest of a longer run.
const MOST: usize = 20_000;

/// Kinds of moments at which time can stop, with their labels.
pub const STOPS: [(Moment, &str); 5] = [
    (Moment::Election, "election"),
    (Moment::Leader, "new leader"),
    (Moment::Commit, "commit"),
    (Moment::Conflict, "conflict"),
    (Moment::Drop, "drop"),
];

/// One moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    pub time: Time,
    pub seq: u64,
    pub kind: Moment,
    /// The event log's own sentence.
    pub text: String,
}

/// A span of time during which a node believed that it was the leader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reign {
    pub node: NodeId,
    pub from: Time,
    /// None while it still believes so.
    pub until: Option<Time>,
}

/// The moments and reigns read so far.
#[derive(Clone, Debug, Default)]
pub struct Story {
    read: u64,
    spots: Vec<Spot>,
    reigns: Vec<Reign>,
    /// Requests among the moments; beyond [`MOST_REQUESTS`] a request is no moment.
    requests: u32,
}

impl Story {
    /// The number of the last record read.
    #[must_use]
    pub fn read_up_to(&self) -> u64 {
        self.read
    }

    #[must_use]
    pub fn spots(&self) -> &[Spot] {
        &self.spots
    }

    #[must_use]
    pub fn reigns(&self) -> &[Reign] {
        &self.reigns
    }

    /// The first moment after a record.
    #[must_use]
    pub fn after(&self, seq: u64) -> Option<&Spot> {
        self.spots
            .get(self.spots.partition_point(|spot| spot.seq <= seq))
    }

    /// Moments up to a record, latest first.
    pub fn back_from(&self, seq: u64) -> impl Iterator<Item = &Spot> {
        let end = self.spots.partition_point(|spot| spot.seq <= seq);
        self.spots[..end].iter().rev()
    }

    /// Reads the next record.
    pub fn read(&mut self, record: &Record, vocabulary: &Vocabulary) {
        self.read = record.seq;
        self.follow_reigns(record);
        let Some(kind) = Moment::of(record, vocabulary.kinds) else {
            return;
        };
        // A broadcast is one moment, not one per receiver; so are a new leader and its own remark.
        let last = self.spots.last();
        let repeated = last.is_some_and(|last| last.kind == kind && last.time == record.time);
        if repeated && matches!(kind, Moment::Election | Moment::Leader) || self.spots.len() >= MOST
        {
            return;
        }
        if kind == Moment::Request && self.is_crowded() {
            return;
        }
        if let Some(row) = row(record, vocabulary) {
            self.spots.push(Spot {
                time: record.time,
                seq: record.seq,
                kind,
                text: row.sentence,
            });
        }
    }

    /// Where clients ask all the time, a request is no moment: the others would drown among them.
    fn is_crowded(&mut self) -> bool {
        self.requests += 1;
        if self.requests == MOST_REQUESTS {
            self.spots.retain(|spot| spot.kind != Moment::Request);
        }
        self.requests >= MOST_REQUESTS
    }

    fn follow_reigns(&mut self, record: &Record) {
        let Some(node) = record.node else { return };
        let leads = match &record.event {
            Event::Believed(Belief::Leader(leader)) => *leader == Some(node),
            Event::Crashed | Event::Removed => false,
            _ => return,
        };
        let open = self
            .reigns
            .iter_mut()
            .rev()
            .find(|reign| reign.node == node && reign.until.is_none());
        match (open, leads) {
            (Some(reign), false) => reign.until = Some(record.time),
            (None, true) => self.reigns.push(Reign {
                node,
                from: record.time,
                until: None,
            }),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use faultline_protocols::CATALOGUE;
    use faultline_sim::descriptor::Recipe;
    use faultline_sim::timeline::Timeline;

    use super::*;

    fn story(scenario: &str, commands: &[&str], until: u64) -> Story {
        let mut recipe = Recipe::new(scenario, 1);
        recipe.commands = commands.iter().map(|text| (*text).to_owned()).collect();
        let setup = CATALOGUE.setup(&recipe).unwrap();
        let vocabulary = Vocabulary::of(setup.protocol);
        let mut timeline = Timeline::new(setup).unwrap();
        timeline.run_until(Time(until), 1_000_000);
        let mut story = Story::default();
        for record in timeline.trace().records() {
            story.read(record, &vocabulary);
        }
        story
    }

    fn has(story: &Story, kind: Moment) -> bool {
        story.spots().iter().any(|spot| spot.kind == kind)
    }

    #[test]
    fn an_election_is_one_moment_and_a_crash_ends_a_reign() {
        let story = story("bully/kill-the-leader", &["3s crash n5"], 20_000_000);
        assert!(has(&story, Moment::Election) && has(&story, Moment::Leader));
        let [first, .., last] = story.reigns() else {
            panic!("two leaders, one after the other")
        };
        assert_eq!(
            (first.node, first.until),
            (NodeId(5), Some(Time(3_000_000)))
        );
        assert_eq!((last.node, last.until), (NodeId(4), None));
        for pair in story.spots().windows(2) {
            let twice = pair[0].kind == Moment::Election
                && pair[1].kind == Moment::Election
                && pair[0].time == pair[1].time;
            assert!(!twice, "{pair:?}");
        }
    }

    #[test]
    fn a_protocol_with_a_log_marks_commitments_and_conflicts() {
        let raft = |name: &str| story(&format!("raft/{name}"), &[], 60_000_000);
        let protocol = CATALOGUE.find("raft").unwrap().0;
        let stories: Vec<Story> = protocol.scenarios.iter().map(|s| raft(s.id)).collect();
        assert!(stories.iter().any(|story| has(story, Moment::Commit)));
        assert!(stories.iter().any(|story| has(story, Moment::Conflict)));
    }

    #[test]
    fn moments_can_be_walked_both_ways() {
        let story = story(
            "bully/kill-the-leader",
            &["3s crash n5", "9s recover n5"],
            20_000_000,
        );
        let mut at = 0;
        let mut forward = Vec::new();
        while let Some(spot) = story.after(at) {
            at = spot.seq;
            forward.push(spot.seq);
        }
        let mut back: Vec<u64> = story.back_from(u64::MAX).map(|spot| spot.seq).collect();
        back.reverse();
        assert_eq!(forward, back);
        assert!(forward.len() > 3);
    }
}
