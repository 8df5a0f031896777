//! A link in the inspector: how it stands both ways, and what can be done to it.

use faultline_sim::command::Command;
use faultline_sim::fault::Fault;
use faultline_sim::frame::LinkFrame;
use faultline_sim::process::NodeId;
use faultline_sim::time::Duration;
use yew::prelude::*;

use super::controls::{Amount, CommandButton, Way};
use crate::text::length;

#[derive(Properties, PartialEq)]
pub struct LinkProps {
    pub a: NodeId,
    pub b: NodeId,
    /// None in a large cluster: the link is as usual.
    pub link: Option<LinkFrame>,
    pub on_command: Callback<Command>,
}

/// Everything about one link.
#[component]
pub fn LinkInspector(props: &LinkProps) -> Html {
    let (a, b, on_command) = (props.a, props.b, &props.on_command);
    let link = props.link.as_ref();
    // The frame may name the ends the other way round.
    let turned = link.is_some_and(|link| link.a == b);
    let there = link.map(|l| {
        if turned {
            (&l.blocked_back, l.slow_back)
        } else {
            (&l.blocked, l.slow)
        }
    });
    let back = link.map(|l| {
        if turned {
            (&l.blocked, l.slow)
        } else {
            (&l.blocked_back, l.slow_back)
        }
    });
    let open = |way: Option<(&Option<String>, _)>| way.is_none_or(|(wall, _)| wall.is_none());
    let slowed = link.is_some_and(|l| l.slow.is_some() || l.slow_back.is_some());
    let cut = link.is_some_and(|l| l.cut);
    let button = |label: String, fault: Fault, breaks: bool| {
        let command = Command::Fault(fault);
        html! { <CommandButton {label} {command} {on_command} {breaks} /> }
    };
    html! {
        <>
            <dl class="facts">
                <dt>{ arrow(a, b) }</dt><dd>{ state(there) }</dd>
                <dt>{ arrow(b, a) }</dt><dd>{ state(back) }</dd>
                if let Some(link) = link.filter(|link| link.loss > 0.0) {
                    <dt>{ "Loss" }</dt><dd>{ format!("{:.1} % of messages", link.loss * 100.0) }</dd>
                }
            </dl>
            <div class="actions" role="group" aria-label="Break or mend this link">
                if !cut {
                    { button("Cut".into(), Fault::Cut(a, b), true) }
                }
                if cut || !open(there) || !open(back) {
                    { button("Join".into(), Fault::Join(a, b), false) }
                }
                if open(there) {
                    { button(format!("Cut only {}", arrow(a, b)), Fault::OneWay(vec![a], vec![b]), true) }
                }
                if open(back) {
                    { button(format!("Cut only {}", arrow(b, a)), Fault::OneWay(vec![b], vec![a]), true) }
                }
                if !open(there) || !open(back) {
                    { button("Take all walls away".into(), Fault::Heal, false) }
                }
            </div>
            <Amount label="Slow down" field="Extra time" initial="200ms"
                hint="A length of time, such as 200ms; 0s makes it normal again"
                ways={ways("slow", a, b)} {on_command} />
            if slowed {
                <div class="actions">
                    { button(format!("{} normal again", arrow(a, b)), Fault::Slow(a, b, Duration(0)), false) }
                    { button(format!("{} normal again", arrow(b, a)), Fault::Slow(b, a, Duration(0)), false) }
                </div>
            }
            <Amount label="Lose messages" field="Share lost" initial="20%"
                hint="A probability from 0 to 1, or per cent such as 20%"
                ways={ways("loss", a, b)} {on_command} />
            <Amount label="Double messages" field="Share doubled" initial="20%"
                hint="A probability from 0 to 1, or per cent such as 20%"
                ways={ways("duplication", a, b)} {on_command} />
        </>
    }
}

fn arrow(from: NodeId, to: NodeId) -> String {
    format!("{} to {}", from.0, to.0)
}

fn state(way: Option<(&Option<String>, Option<Duration>)>) -> String {
    let Some((wall, slow)) = way else {
        return "open".into();
    };
    let slow = slow.map_or_else(String::new, |by| format!(", {} slower", length(by)));
    match wall {
        Some(wall) => format!("blocked ({wall}){slow}"),
        None => format!("open{slow}"),
    }
}

/// Both ways, or one of them.
fn ways(verb: &str, a: NodeId, b: NodeId) -> Vec<Way> {
    let there = AttrValue::from(format!("{verb} {a}->{b} "));
    let back = AttrValue::from(format!("{verb} {b}->{a} "));
    vec![
        ("both ways".into(), vec![there.clone(), back.clone()]),
        (arrow(a, b).into(), vec![there]),
        (arrow(b, a).into(), vec![back]),
    ]
}
