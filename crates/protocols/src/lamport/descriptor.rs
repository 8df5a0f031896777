//! The description of Lamport's clock: parameters, switches, presets.

use faultline_sim::descriptor::{Preset, Protocol, Shelf};
use faultline_sim::node::Typed;
use faultline_sim::probe::{DROPPED, MESSAGES};
use faultline_sim::standing::{Form, Standing};

use super::{LOOK, TIE_BREAK, figures, invariants, member, probes, scenarios};
use crate::clocks::Member;
use crate::clocks::common::{CHATTER, CONC, EVENTS, LINK, LOCAL, NODES, SEND, SEND_TICKS};

pub static PROTOCOL: Protocol = Protocol {
    id: "lamport",
    title: "Lamport's clock",
    shelf: Shelf::Fundamentals,
    summary: "One counter per node: a message pushes the receiver's counter past its own number, \
              so a cause always has a smaller number than its effect.",
    reference: "Lamport 1978, CACM 21(7); Coulouris et al., 14.4",
    params: &[NODES, CHATTER],
    switches: &[SEND_TICKS, LOOK, TIE_BREAK],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[LOCAL, SEND],
    probes: &[EVENTS, CONC, probes::LOWER, probes::TIES, MESSAGES, DROPPED],
    invariants: &[invariants::CLOCK_CONDITION, invariants::ONE_ORDER],
    link: LINK,
    fleet: || Typed::made_by(member),
    standing: Standing::new(Form::Lanes),
    narrate: figures::narrate,
    // A liar sends old numbers, or another node's messages.
    // An observer outside also counts an event that was never written.
    unsupported_faults: &["lie", "disk"],
    ..Protocol::of::<Member>()
};

const TEXTBOOK: Preset = Preset {
    name: "textbook",
    title: "Lamport's rules: sending ticks",
    ..Preset::BASE
};

const PRESETS: &[Preset] = &[
    TEXTBOOK,
    Preset {
        name: "sending-is-free",
        title: "Sending does not tick",
        switches: &[("send-ticks", false)],
        ..TEXTBOOK
    },
    Preset {
        name: "own-events-only",
        title: "Receivers ignore the message's number",
        breaks: Some("the clock condition: an effect has a smaller number than its cause"),
        switches: &[("look", false)],
        ..TEXTBOOK
    },
    Preset {
        name: "no-tie-break",
        title: "No tie-break for equal numbers",
        breaks: Some("the total order: two events share one place"),
        switches: &[("tie-break", false)],
        ..TEXTBOOK
    },
];
