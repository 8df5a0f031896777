//! The space-time diagram's index, read from the trace while somebody looks at it.

use faultline_diagram::Index;

use super::Engine;

impl Engine {
    /// Reads up to so many more records; true if there is nothing left to read. A trace whose old
    /// records were dropped is made again piece by piece.
    pub fn read_diagram(&mut self, most: u64) -> bool {
        let nodes = self.timeline.world().ids().map(|id| id.index() + 1).max();
        let index = &mut self.diagram;
        index.reserve_lanes(nodes.unwrap_or_default());
        let trace = self.timeline.trace();
        let from = index.len() + 1;
        let to = trace.len().min(index.len() + most);
        if from > trace.len() {
            return true;
        }
        if from >= trace.first_kept() {
            let records = trace.from(from).take((to + 1 - from) as usize);
            records.for_each(|record| index.push(record));
        } else {
            for record in self.timeline.window(from, to) {
                self.diagram.push(&record);
            }
        }
        to == self.timeline.trace().len()
    }

    /// What has been read.
    pub fn diagram(&self) -> &Index {
        &self.diagram
    }

    /// All records of the run, up to the furthest instant.
    pub fn records_seen(&self) -> u64 {
        self.timeline.trace().len()
    }

    /// Simulator time in a second of the page at its usual speed.
    pub fn pace(&self) -> f64 {
        self.scenario().pace
    }
}
