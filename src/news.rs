//! How news spreads: at each instant, how many live nodes have it.

use std::collections::BTreeMap;
use std::rc::Rc;

use faultline_sim::descriptor::News;
use faultline_sim::event::{Event, Record};
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;

/// How many nodes were live, and how many of them had the news, from an instant on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    pub time: Time,
    pub live: u32,
    pub have: u32,
}

/// Reads the trace record by record.
#[derive(Default)]
pub struct Hearing {
    read_up_to: u64,
    /// Whether each node is live, and whether it has the news.
    nodes: BTreeMap<NodeId, (bool, bool)>,
    live: u32,
    have: u32,
    points: Rc<Vec<Course>>,
}

impl Hearing {
    /// The latest record read.
    #[must_use]
    pub fn read_up_to(&self) -> u64 {
        self.read_up_to
    }

    /// One point for each instant at which a number changed.
    #[must_use]
    pub fn points(&self) -> Rc<Vec<Course>> {
        self.points.clone()
    }

    /// Reads the next record.
    pub fn read(&mut self, record: &Record, news: &News) {
        self.read_up_to = record.seq;
        let Some(id) = record.node else { return };
        let (live, has) = self.nodes.get(&id).copied().unwrap_or_default();
        let hears = || news.marks.iter().any(|mark| record.is(mark));
        let now = match record.event {
            Event::Started | Event::Recovered => (true, has),
            Event::Crashed | Event::Removed => (false, has),
            Event::Marked(_) if hears() => (live, true),
            _ => return,
        };
        if now == (live, has) {
            return;
        }
        self.nodes.insert(id, now);
        self.live = self.live + u32::from(now.0) - u32::from(live);
        self.have =
            self.have + u32::from(now == (true, true)) - u32::from((live, has) == (true, true));
        self.note(record.time);
    }

    fn note(&mut self, time: Time) {
        let (live, have) = (self.live, self.have);
        let point = Course { time, live, have };
        let points = Rc::make_mut(&mut self.points);
        match points.last_mut() {
            Some(last) if last.time == time => *last = point,
            _ => points.push(point),
        }
    }
}

#[cfg(test)]
mod tests {
    use faultline_protocols::CATALOGUE;
    use faultline_sim::descriptor::Recipe;
    use faultline_sim::timeline::Timeline;

    use super::*;

    /// The curve is what the protocol itself says about the world, at every instant.
    #[test]
    fn the_curve_is_the_run() {
        let recipe = Recipe::new("gossip/a-third-is-killed", 3);
        let setup = CATALOGUE.setup(&recipe).expect("the recipe is sound");
        let news = setup.protocol.news.expect("gossip spreads news");
        let mut run = Timeline::new(setup).expect("its commands make sense");
        let mut curve = Hearing::default();
        for second in 0..15 {
            run.run_until(Time(second * 1_000_000), u64::MAX);
            let from = curve.read_up_to() + 1;
            for record in run.window(from, run.records()) {
                curve.read(&record, &news);
            }
            let last = *curve.points().last().expect("nodes have started");
            let read = |name| {
                let mut probes = run.world().probes();
                probes
                    .find(|(spec, _)| spec.name == name)
                    .and_then(|(_, value)| value)
            };
            assert_eq!(Some(f64::from(last.live)), read("live"), "{second} s");
            let informed = 100.0 * f64::from(last.have) / f64::from(last.live);
            assert_eq!(Some(informed), read("informed"), "{second} s");
        }
        let points = curve.points();
        assert!(points.is_sorted_by_key(|point| point.time));
        assert_eq!(
            points.last().map(|point| (point.live, point.have)),
            Some((700, 700))
        );
    }
}
