//! The history of clients in a run, and the faults around it.

use faultline_sim::judge::{Judge, Place};

use super::Engine;
use crate::moments::{Moment, Spot};

impl Engine {
    /// What clients did and were told up to the present instant; none if they share nothing.
    pub fn judge(&self) -> Option<&Judge> {
        self.timeline.world().judge()
    }

    /// The faults up to the present instant, each with the number of events of the history before it.
    pub fn fault_spots(&mut self) -> Vec<(Place, Spot)> {
        let until = self.records();
        let faults = self.spots().iter().take_while(|spot| spot.seq <= until);
        let faults = faults.filter(|spot| {
            use Moment::{Crash, Fault, Heal, Partition, Recover};
            matches!(spot.kind, Crash | Recover | Partition | Heal | Fault)
        });
        let faults: Vec<Spot> = faults.cloned().collect();
        let Some(judge) = self.judge() else {
            return Vec::new();
        };
        let place = |seq: u64| {
            let (mut from, mut to) = (0, judge.history().places());
            while from < to {
                let middle = from + (to - from) / 2;
                if judge.record(middle).is_some_and(|record| record < seq) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            from
        };
        let with_place = |spot: Spot| (place(spot.seq), spot);
        faults.into_iter().map(with_place).collect()
    }
}
