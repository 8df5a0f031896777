//! The program beside the run: its lines under the present rules, and the current one.

use faultline_sim::process::NodeId;

use super::Engine;
use crate::views::ProgramView;

/// Records searched for one that belongs to a line.
const WITHIN: usize = 400;

impl Engine {
    /// The protocol's program, if it has one.
    pub fn program(&self, selected: Option<NodeId>) -> Option<ProgramView> {
        let program = self.protocol().program?;
        let settings = &self.settings();
        let lines = program.lines(settings);
        let here = self.timeline.records();
        let records = self.timeline.trace().records().rev();
        let mut records = records.filter(|record| record.seq <= here).take(WITHIN);
        let at = records.find_map(|record| {
            let line = lines.iter().position(|line| line.runs(record))?;
            Some((line, record.node?))
        });
        let of = at.map(|(_, node)| node).or(selected);
        let world = self.timeline.world();
        Some(ProgramView {
            values: of.map_or_else(Vec::new, |id| (program.values)(world, id)),
            left_out: program.left_out(settings),
            lines,
            at,
            of,
        })
    }
}
