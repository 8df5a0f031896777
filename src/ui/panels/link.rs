//! A link in the inspector: its state in both directions, and its faults.

use faultline_sim::command::Command;
use faultline_sim::fault::Fault;
use faultline_sim::frame::LinkFrame;
use faultline_sim::network::Link;
use faultline_sim::process::NodeId;
use faultline_sim::time::Duration;
use yew::prelude::*;

use super::controls::CommandButton;
use crate::text::breaking as text;
use crate::text::length;
use crate::text::records::blocked_by;
use crate::ui::dial::Dial;
use crate::ui::palette::dials::{MOST_KB, WIDEST_KB, bandwidth_of, kilobytes};

/// The end of the slider for extra delay; a typed value may be larger.
const SLOWER_MS: f64 = 5_000.0;
const HOUR_MS: f64 = 3_600_000.0;

/// The behaviour of a link in each direction, and the usual behaviour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ways {
    /// From the lower number to the higher.
    pub there: Link,
    pub back: Link,
    pub usual: Link,
}

#[derive(Properties, PartialEq)]
pub struct LinkProps {
    /// The lower number.
    pub a: NodeId,
    pub b: NodeId,
    /// None in a large cluster, where the link is normal.
    pub link: Option<LinkFrame>,
    pub ways: Option<Ways>,
    pub on_command: Callback<Command>,
}

/// The present state of one direction.
struct Way<'a> {
    from: NodeId,
    to: NodeId,
    /// The rule that blocks it.
    blocked: Option<&'a str>,
    slow: Duration,
    link: Option<Link>,
}

impl Way<'_> {
    /// Blocked by a one-way cut, which `join` removes.
    fn is_muted(&self) -> bool {
        self.blocked == Some(&format!("oneway {}->{}", self.from, self.to))
    }

    fn state(&self) -> String {
        match self.blocked {
            Some(rule) => blocked_by(rule).into(),
            None if self.slow > Duration(0) => text::open_but_slower(&length(self.slow)),
            None => text::OPEN.into(),
        }
    }
}

/// Everything about one link.
#[component]
pub fn LinkInspector(props: &LinkProps) -> Html {
    let (a, b, on_command) = (props.a, props.b, &props.on_command);
    let link = props.link.as_ref();
    let there = Way {
        from: a,
        to: b,
        blocked: link.and_then(|link| link.blocked.as_deref()),
        slow: link.and_then(|link| link.slow).unwrap_or_default(),
        link: props.ways.map(|ways| ways.there),
    };
    let back = Way {
        from: b,
        to: a,
        blocked: link.and_then(|link| link.blocked_back.as_deref()),
        slow: link.and_then(|link| link.slow_back).unwrap_or_default(),
        link: props.ways.map(|ways| ways.back),
    };
    let cut = link.is_some_and(|link| link.cut);
    let joins = cut || there.is_muted() || back.is_muted();
    let blocked = there.blocked.is_some() || back.blocked.is_some();
    let button = |label: String, fault: Fault, breaks: bool| {
        let command = Command::Fault(fault);
        html! { <CommandButton {label} {command} {on_command} {breaks} /> }
    };
    let mute = |way: &Way| {
        let fault = Fault::OneWay(vec![way.from], vec![way.to]);
        button(text::deaf_to(way.from, way.to), fault, true)
    };
    html! {
        <>
            <dl class="facts">
                <dt>{ text::arrow(a, b) }</dt><dd>{ there.state() }</dd>
                <dt>{ text::arrow(b, a) }</dt><dd>{ back.state() }</dd>
            </dl>
            <div class="actions" role="group" aria-label={text::BREAK_LINK}>
                if joins {
                    { button(text::JOIN.into(), Fault::Join(a, b), false) }
                }
                if !cut {
                    { button(text::CUT_SHORT.into(), Fault::Cut(a, b), true) }
                }
                if there.blocked.is_none() { { mute(&there) } }
                if back.blocked.is_none() { { mute(&back) } }
                if blocked && !joins {
                    { button(text::HEAL_ALL.into(), Fault::Heal, false) }
                }
            </div>
            { way(props, &there) }
            { way(props, &back) }
        </>
    }
}

/// The dials of one direction.
fn way(props: &LinkProps, way: &Way) -> Html {
    let (from, to) = (way.from, way.to);
    let usual = props.ways.map(|ways| ways.usual);
    let turn = |fault: fn(NodeId, NodeId, f64) -> Fault| {
        props
            .on_command
            .reform(move |value| Command::Fault(fault(from, to, value)))
    };
    let slow = turn(|from, to, ms| Fault::Slow(from, to, Duration((ms * 1e3).round() as u64)));
    let loss = turn(|from, to, share| Fault::Loss(Some((from, to)), share / 100.0));
    let twice = turn(|from, to, share| Fault::Duplication(Some((from, to)), share / 100.0));
    let narrow = turn(|from, to, kb| Fault::Bandwidth(Some((from, to)), bandwidth_of(kb)));
    let spoken = |what: &str| AttrValue::from(text::of_direction(what, from, to));
    html! {
        <>
            <h3>{ text::arrow(from, to) }</h3>
            <div class="dials">
                <Dial label={text::SLOWER} spoken={spoken(text::SLOWER)} unit="ms"
                    value={way.slow.0 as f64 / 1e3} usual=0.0 max={SLOWER_MS} most={HOUR_MS}
                    step=50.0 on_set={slow} />
                if let (Some(now), Some(usual)) = (way.link, usual) {
                    <Dial label={text::LOSS} spoken={spoken(text::LOSS)} unit="%"
                        value={now.loss * 100.0} usual={usual.loss * 100.0} max=100.0 most=100.0
                        step=1.0 on_set={loss} />
                    <Dial label={text::DUPLICATION} spoken={spoken(text::DUPLICATION)} unit="%"
                        value={now.duplication * 100.0} usual={usual.duplication * 100.0}
                        max=100.0 most=100.0 step=1.0 on_set={twice} />
                    <Dial label={text::BANDWIDTH} spoken={spoken(text::BANDWIDTH)} unit="kB/s"
                        value={kilobytes(now)} usual={kilobytes(usual)} max={WIDEST_KB}
                        most={MOST_KB} step=0.1 on_set={narrow} />
                }
            </div>
        </>
    }
}
