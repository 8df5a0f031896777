//! What can be done to a node: everything that the kernel knows, each as one command.

use faultline_sim::command::Command;
use faultline_sim::descriptor::RequestForm;
use faultline_sim::fault::{Fault, Lie};
use faultline_sim::frame::Life;
use faultline_sim::process::NodeId;
use faultline_sim::time::Duration;
use yew::prelude::*;

use super::controls::{Amount, CommandButton, Way, value_of};
use super::request::RequestButton;
use crate::text::records::commands::lie_words;

#[derive(Clone, Properties)]
pub struct NodeActionsProps {
    pub id: NodeId,
    pub life: Life,
    pub role: String,
    pub lie: Option<&'static str>,
    pub flaky: bool,
    pub slow_disk: bool,
    pub on_command: Callback<Command>,
    pub requests: &'static [RequestForm],
    pub forges: bool,
}

impl PartialEq for NodeActionsProps {
    fn eq(&self, other: &Self) -> bool {
        // Only whether it is up, not since when.
        std::mem::discriminant(&self.life) == std::mem::discriminant(&other.life)
            && (self.id, &self.role, self.lie) == (other.id, &other.role, other.lie)
            && (self.flaky, self.slow_disk) == (other.flaky, other.slow_disk)
            && self.on_command == other.on_command
            && std::ptr::eq(self.requests, other.requests)
            && self.forges == other.forges
    }
}

/// What is done most often, in one row.
#[component]
pub fn NodeActions(props: &NodeActionsProps) -> Html {
    let id = props.id;
    let button = |label, fault, breaks| button(props, label, fault, breaks);
    html! {
        <div class="actions" role="group" aria-label={format!("Break or mend node {}", id.0)}>
            if matches!(props.life, Life::Down { .. }) || props.flaky {
                { button("Recover", Fault::Recover(id), false) }
            }
            if !matches!(props.life, Life::Down { .. }) {
                { button("Crash", Fault::Crash(id), true) }
            }
            { match props.life {
                Life::Up => button("Pause", Fault::Pause(id), true),
                Life::Paused { .. } => button("Resume", Fault::Resume(id), false),
                Life::Down { .. } => Html::default(),
            } }
        </div>
    }
}

/// What the protocol can be asked for, and the rarer faults.
#[component]
pub fn NodeMore(props: &NodeActionsProps) -> Html {
    let (id, on_command) = (props.id, &props.on_command);
    let takes = |form: &&RequestForm| form.role.is_none_or(|role| role == props.role);
    let requests: Vec<&RequestForm> = props.requests.iter().filter(takes).collect();
    html! {
        <>
            if !requests.is_empty() {
                <h3>{ "Requests" }</h3>
                <div class="actions">
                    { for requests.into_iter().map(|form| html! {
                        <RequestButton key={form.title} node={id} title={form.title}
                            json={form.json} {on_command} />
                    }) }
                </div>
            }
            <details class="fold">
                <summary>{ "More faults of this node" }</summary>
                { lies(props) }
                { amount(id, "Set clock wrong", "Clock error (skew)", "skew", "200ms",
                    "A length of time; with a minus sign, the clock runs behind", on_command) }
                { amount(id, "Let clock drift", "Clock drift", "drift", "50ppm",
                    "Parts per million, such as 50ppm or -200ppm", on_command) }
                { amount(id, "Slow the disk", "Disk, time a write", "disk", "500ms",
                    "A length of time; 0s makes it fast again", on_command) }
                if props.slow_disk {
                    { button(props, "Fast disk again", Fault::Disk(id, Duration(0)), false) }
                }
                { amount(id, "Make flaky", "Flaky: down, up", "flaky", "1s 3s",
                    "How long it is down and how long it is up, such as 1s 3s", on_command) }
                <CommandButton label="Remove for good" command={Command::RemoveNode(id)}
                    {on_command} breaks=true />
            </details>
        </>
    }
}

fn button(props: &NodeActionsProps, label: &'static str, fault: Fault, breaks: bool) -> Html {
    let command = Command::Fault(fault);
    html! { <CommandButton {label} {command} on_command={&props.on_command} {breaks} /> }
}

fn amount(
    id: NodeId,
    label: &'static str,
    field: &'static str,
    verb: &str,
    initial: &'static str,
    hint: &'static str,
    on_command: &Callback<Command>,
) -> Html {
    let ways: Vec<Way> = vec![(AttrValue::from(label), vec![format!("{verb} {id} ").into()])];
    html! { <Amount {label} {field} {initial} {hint} {ways} {on_command} /> }
}

/// The ways to lie that have a meaning here, in one choice.
fn lies(props: &NodeActionsProps) -> Html {
    let (id, on_command) = (props.id, props.on_command.clone());
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
    let field = format!("lie-{}", id.0);
    html! {
        <p class="amount">
            <label class="amount-field" for={field.clone()}>{ "Honesty" }</label>
            <select id={field} {onchange}>
                <option value="honest" selected={props.lie.is_none()}>{ "honest" }</option>
                { for styles.map(|(lie, word)| html! {
                    <option value={*word} selected={props.lie == Some(word)}>
                        { format!("{word}: {}", lie_words(*lie)) }
                    </option>
                }) }
            </select>
        </p>
    }
}
