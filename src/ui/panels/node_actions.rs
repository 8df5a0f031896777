//! The faults of a node: everything that the kernel supports, each with its present value and a way
//! back.

use std::rc::Rc;

use faultline_sim::command::Command;
use faultline_sim::descriptor::RequestForm;
use faultline_sim::fault::{Fault, Lie};
use faultline_sim::frame::{Life, NodeFrame};
use faultline_sim::process::NodeId;
use faultline_sim::time::Duration;
use yew::prelude::*;

use super::controls::{CommandButton, value_of};
use crate::text::breaking as text;
use crate::text::records::commands::lie_words;
use crate::ui::dial::Dial;
use crate::ui::request_form::{Request, forms_for};

/// Ends of the sliders. A typed value may be larger.
const SKEW_MS: f64 = 5_000.0;
const DRIFT_PPM: f64 = 500_000.0;
const DISK_MS: f64 = 5_000.0;
const FLAP_MS: f64 = 10_000.0;
const HOUR_MS: f64 = 3_600_000.0;
/// The initial lengths of "Make flaky".
const FLAP: (Duration, Duration) = (Duration::seconds(1), Duration::seconds(3));

#[derive(Clone, Properties)]
pub struct NodeActionsProps {
    pub node: Rc<NodeFrame>,
    pub on_command: Callback<Command>,
    pub requests: &'static [RequestForm],
    pub forges: bool,
}

impl PartialEq for NodeActionsProps {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&*self.node, &*other.node);
        // Compares whether it is up, not since when.
        std::mem::discriminant(&a.life) == std::mem::discriminant(&b.life)
            && (a.id, &a.role, a.lie) == (b.id, &b.role, b.lie)
            && (a.flaky, a.disk) == (b.flaky, b.disk)
            && (a.clock_error_us, a.drift_ppm) == (b.clock_error_us, b.drift_ppm)
            && self.on_command == other.on_command
            && std::ptr::eq(self.requests, other.requests)
            && self.forges == other.forges
    }
}

/// The most frequent faults in one row.
#[component]
pub fn NodeActions(props: &NodeActionsProps) -> Html {
    let (id, life) = (props.node.id, props.node.life);
    let button = |label, fault, breaks| button(props, label, fault, breaks);
    html! {
        <div class="actions" role="group" aria-label={text::faults_of(id)}>
            if matches!(life, Life::Down { .. }) {
                { button(text::RESTART, Fault::Recover(id), false) }
            } else {
                { button(text::CRASH, Fault::Crash(id), true) }
            }
            { match life {
                Life::Up => button(text::PAUSE, Fault::Pause(id), true),
                Life::Paused { .. } => button(text::RESUME, Fault::Resume(id), false),
                Life::Down { .. } => Html::default(),
            } }
            <CommandButton label={text::REMOVE_FOR_GOOD} command={Command::RemoveNode(id)}
                on_command={&props.on_command} breaks=true />
        </div>
    }
}

/// The requests of the protocol and the rarer faults.
#[component]
pub fn NodeMore(props: &NodeActionsProps) -> Html {
    let (id, on_command) = (props.node.id, &props.on_command);
    let requests: Vec<&'static RequestForm> = forms_for(props.requests, &props.node.role).collect();
    html! {
        <>
            if !requests.is_empty() {
                <h3>{ text::REQUESTS }</h3>
                { for requests.into_iter().map(|form| html! {
                    <Request key={form.title} node={id} {form} {on_command} />
                }) }
            }
            <h3>{ text::RARER }</h3>
            <div class="dials">{ dials(props) }</div>
            { flapping(props) }
            { lies(props) }
        </>
    }
}

fn button(props: &NodeActionsProps, label: &'static str, fault: Fault, breaks: bool) -> Html {
    let command = Command::Fault(fault);
    html! { <CommandButton {label} {command} on_command={&props.on_command} {breaks} /> }
}

/// A callback that turns a number into a fault.
fn turn(props: &NodeActionsProps, fault: impl Fn(NodeId, f64) -> Fault + 'static) -> Callback<f64> {
    let id = props.node.id;
    props
        .on_command
        .reform(move |value| Command::Fault(fault(id, value)))
}

fn us(ms: f64) -> i64 {
    (ms * 1e3).round() as i64
}

fn length(ms: f64) -> Duration {
    Duration(us(ms).unsigned_abs())
}

fn ms(length: Duration) -> f64 {
    length.0 as f64 / 1e3
}

fn dials(props: &NodeActionsProps) -> Html {
    let node = &props.node;
    let skew = turn(props, |id, value| Fault::Skew(id, us(value)));
    let drift = turn(props, |id, value| Fault::Drift(id, value.round() as i32));
    let disk = turn(props, |id, value| Fault::Disk(id, length(value)));
    html! {
        <>
            <Dial label={text::SKEW} unit="ms" value={node.clock_error_us as f64 / 1e3} usual=0.0
                min={-SKEW_MS} max={SKEW_MS} most={HOUR_MS} step=50.0 on_set={skew} />
            <Dial label={text::DRIFT} unit="ppm" value={f64::from(node.drift_ppm)} usual=0.0
                min={-DRIFT_PPM} max={DRIFT_PPM} most={DRIFT_PPM} step=1000.0 on_set={drift} />
            <Dial label={text::DISK} unit="ms" value={ms(node.disk)} usual=0.0 max={DISK_MS}
                most={HOUR_MS} step=50.0 on_set={disk} />
        </>
    }
}

/// A flaky node: how long it is down and up, with dials.
fn flapping(props: &NodeActionsProps) -> Html {
    let id = props.node.id;
    let Some((down, up)) = props.node.flaky else {
        let flaky = Fault::Flaky(id, FLAP.0, FLAP.1);
        return html! { <div class="actions">{ button(props, text::MAKE_FLAKY, flaky, true) }</div> };
    };
    // Neither length can be zero.
    let dial = |label: &'static str, value: Duration, on_set: Callback<f64>| {
        html! {
            <Dial {label} unit="ms" value={ms(value)} usual={ms(value)} min=1.0 max={FLAP_MS}
                most={HOUR_MS} step=100.0 {on_set} />
        }
    };
    html! {
        <>
            <div class="dials">
                { dial(text::DOWN_FOR, down,
                    turn(props, move |id, value| Fault::Flaky(id, length(value), up))) }
                { dial(text::UP_FOR, up,
                    turn(props, move |id, value| Fault::Flaky(id, down, length(value)))) }
            </div>
            <div class="actions">
                { button(props, text::END_FLAKY, Fault::Recover(id), false) }
            </div>
        </>
    }
}

/// The kinds of lies that make sense here, in one choice.
fn lies(props: &NodeActionsProps) -> Html {
    let (id, on_command) = (props.node.id, props.on_command.clone());
    let onchange = Callback::from(move |event: Event| {
        let chosen = value_of(&event);
        let style = Lie::ALL
            .iter()
            .find(|(_, word)| *word == chosen)
            .map(|(lie, _)| *lie);
        on_command.emit(Command::Fault(Fault::Lie(id, style)));
    });
    let styles = Lie::ALL
        .iter()
        .filter(|(lie, _)| *lie != Lie::Forge || props.forges);
    html! {
        <label class="honesty">
            <span class="dial-label">{ text::HONESTY }</span>
            <select {onchange}>
                <option value="honest" selected={props.node.lie.is_none()}>{ text::HONEST }</option>
                { for styles.map(|(lie, word)| html! {
                    <option value={*word} selected={props.node.lie == Some(word)}>
                        { format!("{word}: {}", lie_words(*lie)) }
                    </option>
                }) }
            </select>
        </label>
    }
}
