//! What the run has cost up to the present instant.

use faultline_sim::cost::Costs;

use super::Engine;

impl Engine {
    /// Counts on, at most so many records; with whether that is all up to now.
    pub fn costs(&mut self, most: u64) -> (&Costs, bool) {
        let costs = self.costs.get_or_insert_default();
        let there = costs.follow(&mut self.timeline, most);
        (costs, there)
    }
}
