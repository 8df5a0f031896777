//! What the engine tells the page about a run, as plain data.

mod detail;

use faultline_sim::process::NodeId;
use faultline_sim::program::Line;
use faultline_sim::time::Time;

pub use detail::{Change, EventDetail, changes};

/// Samples of the probes over a run.
pub type History = Vec<(Time, Vec<Option<f64>>)>;

/// The program beside the run.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgramView {
    pub lines: Vec<Line>,
    /// The current line by its position, and its node.
    pub at: Option<(usize, NodeId)>,
    /// The variables of that node, or of the selected node if no line is current.
    pub values: Vec<(&'static str, String)>,
    /// The node of the variables.
    pub of: Option<NodeId>,
    /// What the program leaves out.
    pub left_out: Vec<String>,
}
