//! The description of vector clocks: parameters, switches, presets.

use faultline_sim::descriptor::{Preset, Protocol, Shelf};
use faultline_sim::node::Typed;
use faultline_sim::probe::{DROPPED, MESSAGES};
use faultline_sim::standing::{Form, Standing};

use super::causal::CAUSAL;
use super::{COPY, figures, invariants, member, scenarios};
use crate::clocks::Member;
use crate::clocks::common::{
    BROADCAST, CHATTER, CONC, EVENTS, LINK, LOCAL, NODES, SEND, SEND_TICKS,
};

pub static PROTOCOL: Protocol = Protocol {
    id: "vector",
    title: "Vector clocks",
    shelf: Shelf::Fundamentals,
    summary: "Each event carries a count for every node. Comparing two stamps tells whether one \
              event can have caused the other.",
    reference: "Fidge 1988; Mattern 1989; Birman, Schiper and Stephenson 1991, 5.1; Coulouris et \
                al., 14.4",
    params: &[NODES, CHATTER],
    switches: &[SEND_TICKS, COPY, CAUSAL],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[LOCAL, SEND, BROADCAST],
    probes: &[
        EVENTS,
        CONC,
        MESSAGES,
        DROPPED,
        invariants::TOO_EARLY,
        invariants::WAITING,
    ],
    invariants: &[invariants::STAMPS, invariants::CAUSES_FIRST],
    link: LINK,
    fleet: || Typed::made_by(member),
    standing: Standing::new(Form::Lanes),
    narrate: figures::narrate,
    // A liar sends old stamps, or another node's messages.
    // An observer outside also counts an event that was never written.
    unsupported_faults: &["lie", "disk"],
    ..Protocol::of::<Member>()
};

const TEXTBOOK: Preset = Preset {
    name: "textbook",
    title: "Textbook: sending ticks, causal delivery",
    switches: &[("causal", true)],
    ..Preset::BASE
};

const PRESETS: &[Preset] = &[
    TEXTBOOK,
    Preset {
        name: "as-written",
        title: "The curriculum's program: sending does not tick",
        breaks: Some("causal order: a message is accepted as soon as it arrives"),
        switches: &[("send-ticks", false)],
        ..TEXTBOOK
    },
    Preset {
        name: "no-copy",
        title: "A message carries the sender's own array, not a copy",
        breaks: Some("the stamps: a message changes after it was sent"),
        switches: &[("causal", true), ("copy", false)],
        ..TEXTBOOK
    },
    Preset {
        name: "no-waiting",
        title: "Messages are accepted as they arrive",
        breaks: Some("causal order: an answer is accepted before its question"),
        switches: &[],
        ..TEXTBOOK
    },
];
