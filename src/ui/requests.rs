//! The results of the latest requests: ok, failed, unknown or waiting, each with its time, newest last.

use faultline_sim::frame::OperationFrame;
use faultline_sim::history::End;
use faultline_sim::time::Time;
use faultline_sim::timeline::Target;
use yew::prelude::*;

use crate::text::breaking as words;
use crate::text::records::Vocabulary;
use crate::text::records::commands::request_phrase;
use crate::ui::Act;
use crate::ui::ProtocolRef;
use crate::ui::act::TravelAct;

/// Requests shown; the event log has the older ones.
const MOST: usize = 6;

#[derive(Properties, PartialEq)]
pub struct RequestsProps {
    /// The latest ones, oldest first.
    pub operations: Vec<OperationFrame>,
    pub now: Time,
    pub protocol: ProtocolRef,
    pub on_act: Callback<Act>,
}

/// One chip per request. A click goes to its end, or to its start while it waits. The row is aligned to
/// its end, so that a narrow screen cuts off the oldest.
#[component]
pub fn Requests(props: &RequestsProps) -> Html {
    let words_of = Vocabulary::of(&props.protocol);
    let chip = |operation: &OperationFrame| {
        let why = words::wrong(operation);
        let (class, mark) = match operation.end {
            _ if why.is_some() => (words::WRONG, "✗"),
            Some(End::Ok) => (words::OK, "✓"),
            Some(End::Failed) => (words::FAILED, "–"),
            Some(End::Unknown) => (words::UNKNOWN, "?"),
            None => (words::WAITING, "…"),
        };
        let there = operation.completed.unwrap_or(operation.invoked);
        let go = props
            .on_act
            .reform(move |_: MouseEvent| Act::Travel(TravelAct::Go(Target::Time(there))));
        html! {
            <li key={operation.id}>
                <button type="button" class={classes!("asked", class)} onclick={go}
                    title={words::operation(operation, props.now, &words_of)}>
                    <span class="asked-mark" aria-hidden="true">{ mark }</span>
                    <span class="for-readers">{ class }</span>
                    <span class="asked-words">{ request_phrase(&operation.asked.0.json(), &words_of) }</span>
                    if let Some(why) = why { <span class="asked-why">{ why }</span> }
                    <span class="asked-time">{ words::duration(operation, props.now) }</span>
                </button>
            </li>
        }
    };
    let from = props.operations.len().saturating_sub(MOST);
    html! {
        <ul class="requests" aria-label={words::REQUESTS}>
            { for props.operations[from..].iter().rev().map(chip) }
        </ul>
    }
}
