//! A message in the inspector: its content, its status, and its faults.

use faultline_sim::command::Command;
use faultline_sim::fault::Fault;
use faultline_sim::frame::{Fate, Kind, MessageFrame};
use faultline_sim::network::Address;
use faultline_sim::text::counted;
use faultline_sim::time::Time;
use yew::prelude::*;

use super::clock;
use super::controls::{Amount, CommandButton, value_of};
use crate::text::{capital, length};

#[derive(Properties)]
pub struct MessageProps {
    pub address: Address,
    /// None after it arrived or was lost.
    pub message: Option<MessageFrame>,
    /// Why it was lost, if that just happened.
    pub lost: Option<String>,
    /// The other messages in flight.
    pub others: Vec<Address>,
    pub now: Time,
    pub detail: Option<String>,
    /// In bytes on the network.
    pub size: Option<u64>,
    pub kinds: &'static [Kind],
    pub on_command: Callback<Command>,
}

impl PartialEq for MessageProps {
    fn eq(&self, other: &Self) -> bool {
        (self.address, self.message, self.now) == (other.address, other.message, other.now)
            && (&self.lost, &self.others, &self.detail, self.size)
                == (&other.lost, &other.others, &other.detail, other.size)
            && std::ptr::eq(self.kinds, other.kinds)
            && self.on_command == other.on_command
    }
}

/// Everything about one message.
#[component]
pub fn MessageInspector(props: &MessageProps) -> Html {
    let body = match (&props.message, &props.lost) {
        (Some(message), _) => on_its_way(props, message),
        (None, Some(by)) => html! { <p>{ format!("It was lost: {by}.") }</p> },
        (None, None) => {
            html! { <p>{ "This message is not in flight now. It has arrived, was lost, or has not been sent yet." }</p> }
        }
    };
    html! {
        <>
            if let Some(text) = &props.detail {
                <p class="detail"><code>{ text }</code></p>
            }
            { body }
            <p class="quiet">{ format!("Its address is {}.", props.address) }</p>
        </>
    }
}

fn on_its_way(props: &MessageProps, message: &MessageFrame) -> Html {
    let (address, on_command) = (props.address, &props.on_command);
    let says = props
        .kinds
        .iter()
        .find(|kind| kind.name == message.kind)
        .map_or("", |k| k.says);
    let button = |label: &'static str, fault: Fault, breaks: bool| {
        let command = Command::Fault(fault);
        html! { <CommandButton {label} {command} {on_command} {breaks} /> }
    };
    let waiting = message.fate == Fate::Waiting;
    html! {
        <>
            <dl class="facts">
                <dt>{ "Kind" }</dt><dd>{ message.kind }</dd>
                if !says.is_empty() { <dt>{ "Content" }</dt><dd>{ capital(says) }</dd> }
                <dt>{ "Sent" }</dt><dd>{ clock(message.sent) }</dd>
                <dt>{ "Arrives" }</dt><dd>{ arrival(message, props.now) }</dd>
                if let Some(size) = props.size {
                    <dt>{ "Size" }</dt><dd>{ counted(size, "byte", "bytes") }</dd>
                }
                <dt>{ "Status" }</dt><dd>{ fate(message) }</dd>
            </dl>
            if !waiting {
                <div class="actions" role="group" aria-label="Faults of this message">
                    { button("Drop", Fault::Drop(address), true) }
                    { button("Duplicate", Fault::Duplicate(address), true) }
                    if message.fate == Fate::Held {
                        { button("Release", Fault::Release(address), false) }
                    } else {
                        { button("Hold", Fault::Hold(address), true) }
                    }
                </div>
                <Amount label="Delay" field="Delay by" initial="200ms"
                    hint="A time, such as 200ms" begin={format!("delay {address}")} {on_command} />
                { swap(props) }
            }
        </>
    }
}

fn arrival(message: &MessageFrame, now: Time) -> String {
    match message.fate {
        Fate::Held => "when you release it".into(),
        Fate::Waiting => format!("arrived at {}", clock(message.arrives)),
        _ => format!(
            "{}, in {}",
            clock(message.arrives),
            length(message.arrives.since(now))
        ),
    }
}

fn fate(message: &MessageFrame) -> String {
    let lie = if message.lie { ", a lie" } else { "" };
    let delayed = if message.delayed { ", delayed" } else { "" };
    let delayed = format!("{delayed}{lie}");
    match message.fate {
        Fate::Flying => format!("in flight{delayed}"),
        Fate::Held => format!("held{delayed}"),
        Fate::Waiting => format!("waits at a paused node{lie}"),
        Fate::Blocked { at } => format!("will be lost at {}{delayed}", clock(at)),
    }
}

/// The choice of another message to swap with.
fn swap(props: &MessageProps) -> Html {
    if props.others.is_empty() {
        return Html::default();
    }
    let (address, on_command) = (props.address, props.on_command.clone());
    let onchange = Callback::from(move |event: Event| {
        if let Ok(other) = Address::parse(&value_of(&event)) {
            on_command.emit(Command::Fault(Fault::Reorder(address, other)));
        }
    });
    html! {
        <p class="amount">
            <label class="amount-field" for="swap-with">{ "Swap arrival with" }</label>
            <select id="swap-with" {onchange}>
                <option value="" selected=true>{ "choose a message" }</option>
                { for props.others.iter().take(50).map(|other| {
                    let other = other.to_string();
                    html! { <option value={other.clone()}>{ other }</option> }
                }) }
            </select>
        </p>
    }
}
