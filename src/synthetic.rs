//! Artificial frames without a run, for tests and for measuring the cost of drawing.

use faultline_sim::frame::{Beliefs, Frame, Life, NodeFrame, Tone};
use faultline_sim::process::NodeId;
use faultline_sim::time::{Duration, Time};

/// A plain node.
#[must_use]
pub fn node(id: u32) -> NodeFrame {
    NodeFrame {
        id: NodeId(id),
        life: Life::Up,
        lie: None,
        disk: Duration(0),
        clock_error_us: 0,
        drift_ppm: 0,
        flaky: None,
        inbox: 0,
        lamport: 0,
        beliefs: Beliefs::default(),
        timers: Vec::new(),
        role: "follower".into(),
        label: "follower".into(),
        tone: Tone::Calm,
        inside: None,
        chips: Vec::new(),
        pips: None,
        colour: None,
        layer: 0,
        figures: Vec::new(),
    }
}

/// An empty stage.
#[must_use]
pub fn frame() -> Frame {
    Frame {
        time: Time::ZERO,
        events: 0,
        records: 0,
        halted: None,
        calling: false,
        by_hand: false,
        nodes: Vec::new(),
        messages: Vec::new(),
        losses: Vec::new(),
        links: Vec::new(),
        sides: Vec::new(),
        lost_at_split: 0,
        verdicts: Vec::new(),
        probes: Vec::new(),
        sent: Vec::new(),
        operations: Vec::new(),
        narration: None,
        answers: None,
    }
}
