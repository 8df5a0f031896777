//! A node in the inspector: first the truth, then its beliefs, then its state.

use std::rc::Rc;

use faultline_sim::command::Command;
use faultline_sim::descriptor::RequestForm;
use faultline_sim::fault::Fault;
use faultline_sim::frame::{Life, NodeFrame, TimerFrame};
use faultline_sim::process::{NodeId, Opinion};
use faultline_sim::time::{Duration, Time};
use yew::prelude::*;

use super::SettingsShown;
use super::figures::figure;
use super::node_actions::{NodeActions, NodeActionsProps, NodeMore};
use super::own_settings::{NodeSettings, OwnValues};
use super::this_box::{ThisBox, ThisBoxProps};
use crate::text::breaking as words;
use crate::text::settings::settings_of;
use crate::text::{counted, length};

#[derive(Properties)]
pub struct NodeProps {
    pub node: Rc<NodeFrame>,
    pub now: Time,
    /// Entries of its log that contradict other logs.
    pub conflicts: Vec<u64>,
    pub on_command: Callback<Command>,
    pub requests: &'static [RequestForm],
    pub forges: bool,
    pub settings: SettingsShown,
    /// Timers wait until a person fires them.
    pub by_hand: bool,
    /// What it is, where a person puts the system together.
    #[prop_or_default]
    pub this_box: Option<ThisBoxProps>,
}

impl PartialEq for NodeProps {
    fn eq(&self, other: &Self) -> bool {
        (Rc::ptr_eq(&self.node, &other.node) || self.node == other.node)
            && (self.now, &self.conflicts) == (other.now, &other.conflicts)
            && self.on_command == other.on_command
            && std::ptr::eq(self.requests, other.requests)
            && (self.forges, self.by_hand) == (other.forges, other.by_hand)
            && self.settings == other.settings
            && self.this_box == other.this_box
    }
}

/// Everything about one node.
#[component]
pub fn NodeInspector(props: &NodeProps) -> Html {
    let node = &props.node;
    let actions = NodeActionsProps {
        node: node.clone(),
        on_command: props.on_command.clone(),
        requests: props.requests,
        forges: props.forges,
    };
    html! {
        <>
            <NodeActions ..actions.clone() />
            if let Some(this_box) = props.this_box.clone() {
                <ThisBox ..this_box />
            }
            <h3>{ "Truth" }<span class="tag">{ "what is real" }</span></h3>
            { truth(node, props.now) }
            if props.this_box.is_none() {
                <OwnValues settings={props.settings.clone()} node={Some(node.id)}
                    on_command={props.on_command.clone()} />
                <h3>{ "Belief" }<span class="tag tag-belief">{ "may be wrong" }</span></h3>
                { beliefs(node) }
            }
            <h3>{ "State" }</h3>
            <dl class="facts"><dt>{ "Role" }</dt><dd>{ &node.role }</dd></dl>
            { for node.figures.iter().map(|drawn| figure(drawn, &props.conflicts)) }
            { timers(props) }
            if props.this_box.is_none() && props.settings.has_single() {
                <details class="fold">
                    <summary>{ settings_of(node.id) }</summary>
                    <NodeSettings settings={props.settings.clone()} node={node.id}
                        on_command={props.on_command.clone()} />
                </details>
            }
            <NodeMore ..actions />
        </>
    }
}

fn truth(node: &NodeFrame, now: Time) -> Html {
    let state = match node.life {
        Life::Up => "up".to_owned(),
        Life::Down { since } => format!("down for {}", length(now.since(since))),
        Life::Paused { since } => format!("paused for {}", length(now.since(since))),
    };
    let waiting = match node.inbox {
        0 => "empty".to_owned(),
        n => counted(n, "message or timer", "messages and timers"),
    };
    html! {
        <dl class="facts">
            <dt>{ "Status" }</dt><dd>{ state }</dd>
            if let Some(style) = node.lie {
                <dt>{ "Honesty" }</dt><dd>{ format!("lies ({style})") }</dd>
            }
            if let Some((down, up)) = node.flaky {
                <dt>{ "Flaky" }</dt>
                <dd>{ format!("down {}, then up {}", length(down), length(up)) }</dd>
            }
            if node.disk.0 > 0 {
                <dt>{ "Slow disk" }</dt><dd>{ format!("{} per write", length(node.disk)) }</dd>
            }
            <dt>{ "Queue" }</dt><dd>{ waiting }</dd>
            <dt>{ "Clock" }</dt><dd>{ clock_words(node) }</dd>
            <dt>{ "Lamport clock" }</dt><dd>{ node.lamport }</dd>
        </dl>
    }
}

/// The error of the node's clock, and its drift.
fn clock_words(node: &NodeFrame) -> String {
    let off = Duration(node.clock_error_us.unsigned_abs());
    let error = match node.clock_error_us {
        0 => "correct".to_owned(),
        n if n > 0 => format!("{} ahead (skew)", length(off)),
        _ => format!("{} behind (skew)", length(off)),
    };
    match node.drift_ppm {
        0 => error,
        n if n > 0 => format!("{error}, {n} ppm too fast (drift)"),
        n => format!("{error}, {} ppm too slow (drift)", n.unsigned_abs()),
    }
}

fn beliefs(node: &NodeFrame) -> Html {
    let leader = match node.beliefs.leader {
        Some(id) if id == node.id => "itself".to_owned(),
        Some(id) => format!("node {}", id.0),
        None => "none that it knows of".to_owned(),
    };
    html! {
        <>
            <dl class="facts">
                <dt>{ "Leader" }</dt><dd>{ leader }</dd>
            </dl>
            if !node.beliefs.peers.is_empty() {
                <ul class="peers" aria-label="What this node thinks of the others">
                    { for node.beliefs.peers.iter().map(peer) }
                </ul>
            }
        </>
    }
}

fn peer((id, opinion): &(NodeId, Opinion)) -> Html {
    let (class, mark, word) = match opinion {
        Opinion::Alive => ("peer-alive", "✓", "alive"),
        Opinion::Suspected => ("peer-suspected", "•", "suspected"),
        Opinion::Failed => ("peer-failed", "✕", "failed"),
    };
    html! {
        <li class={classes!("peer", class)}>
            <span aria-hidden="true">{ mark }</span>{ format!(" node {}: {word}", id.0) }
        </li>
    }
}

fn timers(props: &NodeProps) -> Html {
    let node = &props.node;
    if node.timers.is_empty() {
        return Html::default();
    }
    // Two timers of one name are told apart by a number.
    let number = |at: usize| {
        let name = node.timers[at].name;
        let before = node.timers[..at].iter();
        before.filter(|other| other.name == name).count() + 1
    };
    html! {
        <>
            <h3>{ "Timers" }</h3>
            <ul class="timers">
                { for (0..node.timers.len()).map(|at| timer_row(props, &node.timers[at], number(at))) }
            </ul>
        </>
    }
}

/// A timer with its time left, as text and as a bar that empties, and the button that lets it run out.
fn timer_row(props: &NodeProps, timer: &TimerFrame, number: usize) -> Html {
    let id = props.node.id;
    let left = timer.due.since(props.now);
    let whole = timer.due.since(timer.set_at).0.max(1);
    let share = (left.0 as f64 / whole as f64 * 100.0).clamp(0.0, 100.0);
    let address = match number {
        1 => timer.name.to_owned(),
        _ => format!("{}#{number}", timer.name),
    };
    let (said, on_command) = (
        words::fire_timer(timer.name, number, id),
        props.on_command.clone(),
    );
    let up = props.node.life == Life::Up;
    let fire = Callback::from(move |_: MouseEvent| {
        on_command.emit(Command::Fault(Fault::Fire(id, address.clone())));
    });
    html! {
        <li>
            <span class="timer-name" title={timer.text.clone()}>
                { timer.name }
                if number > 1 { { format!(" ({number})") } }
            </span>
            <span class="timer-left">
                if props.by_hand {
                    { words::TIMER_WAITS }
                } else {
                    { format!("in {}", length(left)) }
                }
            </span>
            if up {
                <button type="button" class="act" aria-label={said} onclick={fire}>{ words::FIRE }</button>
            }
            if !props.by_hand {
                <span class="gauge-bar" aria-hidden="true">
                    <span class="gauge-fill" ~style={format!("width: {share:.1}%")}></span>
                </span>
            }
        </li>
    }
}
