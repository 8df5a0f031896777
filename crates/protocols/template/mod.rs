//! A register that node 1 writes and everybody reads: the smallest protocol that is whole.
//!
//! (This folder is what `cargo xtask new` copies. It compiles and passes the laws; replace it part by
//! part. "What a protocol owes" in `docs/architecture.md` lists what is looked at.)
//!
//! **Problem.** What must work, and what may go wrong meanwhile.
//!
//! **Idea.** Node 1 numbers its values and sends each to all others. A node keeps the newest.
//!
//! **The subtle point.** Messages overtake each other: a node that keeps whatever arrives goes back to
//! an older value. Switch `newest-wins` off to see it.
//!
//! **What survives a crash.** Name it here, and do it in `recover`.
//!
//! **References.** Author, title, year; sections cited below are its own.

#[cfg(test)]
mod tests;

use faultline_sim::descriptor::{Preset, Protocol, RequestForm, Scenario, Shelf, json};
use faultline_sim::frame::{NodeFrame, Tone};
use faultline_sim::invariant;
use faultline_sim::mark::Mark;
use faultline_sim::probe;
use faultline_sim::probe::{DROPPED, LIVE, MESSAGES};
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::{Guard, Param, Settings, Switch};
use faultline_sim::time::Duration;
use faultline_sim::world::World;
use serde::{Deserialize, Serialize};

// 1. What it tells about itself. Fields that are not named here have the defaults of `Protocol::of`.

pub static PROTOCOL: Protocol = Protocol {
    id: "template",
    title: "Template",
    shelf: Shelf::Fundamentals,
    summary: "One sentence: what it does, for the library.",
    reference: "Author 1990",
    params: &[NODES],
    switches: &[NEWEST_WINS],
    // The first is used where none is named. One that says what it `breaks` must break an `Always` law.
    presets: &[
        Preset {
            name: "correct",
            title: "Every node keeps the newest value",
            ..Preset::BASE
        },
        Preset {
            name: "latest-arrival",
            title: "Every node keeps the latest arrival",
            breaks: Some("order: a node goes back to an older value"),
            switches: &[("newest-wins", false)],
            ..Preset::BASE
        },
    ],
    scenarios: SCENARIOS,
    // What people may ask of a node, made from the protocol's own type.
    requests: &[RequestForm::new("Write the next value", || {
        json(Request::Write)
    })],
    probes: &[
        MESSAGES,
        DROPPED,
        LIVE,
        probe!("written", "Values written", "values", marks WRITES),
    ],
    invariants: &[
        invariant!(always "never-back", "No node goes back to an older value", never_back),
        invariant!(eventually "agree", "Eventually all live nodes have one value", agree),
    ],
    // Faults that the algorithm does not promise to bear; the hunt leaves them out.
    unsupported_faults: &["lie"],
    ..Protocol::of::<Template>()
};

// 2. Parameters, switches, marks: constants, named as people say them.

const NODES: Param = Param::number("nodes", "Nodes", "nodes", 4.0, (1.0, 50.0)).at_start();
const NEWEST_WINS: Switch =
    Switch::on("newest-wins", "A node keeps the newest value").guards(&Guard::of("never-back"));

/// What nodes say about themselves: probes, moments and sentences read it.
const WRITES: Mark = Mark::new("writes", "writes value {}");
const IGNORES: Mark = Mark::new("ignores", "ignores value {}: it has {}");

/// What teachers would write on the board. The first is what the protocol's id alone means.
const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "two-writes",
        title: "Two writes reach all",
        summary: "Node 1 writes twice. All nodes end with the second value.",
        script: &["1s request n1 \"Write\"", "1.1s request n1 \"Write\""],
        preset: "correct",
        ..Scenario::BASE
    },
    Scenario {
        id: "overtaken",
        title: "The second write overtakes the first",
        summary: "The first message to node 2 is slow. Without the rule node 2 goes back.",
        preset: "latest-arrival",
        script: &[
            "1s delay n1->n2#1 2s",
            "1s request n1 \"Write\"",
            "1.1s request n1 \"Write\"",
        ],
        until: Duration::seconds(6),
        ..Scenario::BASE
    },
];

// 3. Messages and timers: each with its shape, its letter, and what the sender does.

faultline_sim::messages! {
    pub enum Message {
        Value { number: u64 } => Data "V" "sends its value",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// Node 1 repeats its value, because messages are lost.
        Repeat,
    }
}

#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
pub enum Request {
    Write,
}

// 4. State: the paper's fields, in its order and with its names.

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Template {
    pub value: u64,
    /// The newest value it ever had: for the law only.
    pub newest: u64,
}

impl Process for Template {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = u64;

    fn new(_me: NodeId, _settings: &Settings) -> Self {
        Self::default()
    }

    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        if cx.me() == NodeId(1) {
            cx.set_timer(Timer::Repeat, Duration::seconds(1));
        }
    }

    fn on_message(&mut self, cx: &mut Context<Self>, _from: NodeId, message: Message) {
        let Message::Value { number } = message;
        if number < self.value && cx.switch(&NEWEST_WINS) {
            return cx.mark(&IGNORES, (number, self.value));
        }
        self.value = number;
        self.newest = self.newest.max(number);
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        cx.broadcast(Message::Value { number: self.value });
        cx.set_timer(timer, Duration::seconds(1));
    }

    fn on_request(&mut self, cx: &mut Context<Self>, _request: Request) {
        if cx.me() == NodeId(1) {
            self.value += 1;
            self.newest = self.value;
            cx.mark(&WRITES, self.value);
            cx.broadcast(Message::Value { number: self.value });
        }
        if let Some(operation) = cx.operation() {
            cx.reply(operation, self.value);
        }
    }

    fn recover(&self, _cx: &mut Context<Self>) -> Self {
        self.clone()
    }

    fn draw(&self, _settings: &Settings, to: &mut NodeFrame) {
        to.set("node", Tone::Calm);
        to.label = self.value.to_string();
        to.fields([("value", self.value.to_string())]);
    }
}

// 5. What must hold.

fn never_back(world: &World) -> Result<(), String> {
    for id in world.ids() {
        if let Some(node) = world.node::<Template>(id)
            && node.value < node.newest
        {
            return Err(format!(
                "{id} went back from {} to {}",
                node.newest, node.value
            ));
        }
    }
    Ok(())
}

fn agree(world: &World) -> Result<(), String> {
    let value = |id| world.node::<Template>(id).map(|node| node.value);
    let values: Vec<u64> = world.live().filter_map(value).collect();
    match values.iter().find(|value| **value != values[0]) {
        Some(other) => Err(format!("one node has {}, another {other}", values[0])),
        None => Ok(()),
    }
}
