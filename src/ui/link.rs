//! A link between two nodes: its state and its ✂.

use faultline_sim::frame::LinkFrame;
use yew::prelude::*;

use crate::layout::{Lane, Point};
use crate::text;
use crate::ui::act::BreakAct;
use crate::ui::icons::Icon;
use crate::ui::stage::point_at;
use crate::ui::{Act, Selection, classes};

#[derive(Properties, PartialEq)]
pub struct LinkProps {
    pub link: LinkFrame,
    pub lane: Lane,
    /// The place of the ✂.
    pub scissors: Point,
    /// The ✂ is always visible.
    pub open: bool,
    pub selected: bool,
    /// All links lose the same share of messages as this one.
    pub alike: bool,
    /// The scale of the drawing.
    pub scale: f64,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Link(props: &LinkProps) -> Html {
    let LinkProps { link, lane, .. } = props;
    let both = link.blocked.is_some() && link.blocked_back.is_some();
    let one_way = link.blocked.is_some() != link.blocked_back.is_some();
    let slow = link.slow.or(link.slow_back);
    let class = classes(&[
        ("link", true),
        ("cut", link.cut),
        ("walled", both && !link.cut),
        ("one-way", one_way),
        ("slow", slow.is_some()),
        ("lossy", link.loss > 0.0),
        ("open", props.open),
        ("selected", props.selected),
    ]);
    let telling = slow.is_some() || link.loss > 0.0;
    let words = if telling {
        words(link, props.alike)
    } else {
        String::new()
    };
    // A nearer message takes precedence over the line.
    let on_line = point_at(&props.on_act, Selection::Link(link.a, link.b));
    let middle = props.scissors;
    html! {
        <g {class}>
            <path class="grip" d={lane.path(0.0, 1.0)} onclick={on_line} />
            if both {
                { walled(link, lane) }
            } else {
                <path class="line" d={lane.path(0.0, 1.0)} />
            }
            if one_way { { head(link, lane) } }
            if !words.is_empty() {
                <text class="words" x={format!("{:.1}", middle.x)}
                    y={format!("{:.1}", middle.y + 22.0)}>{ words }</text>
            }
            { scissors(props) }
        </g>
    }
}

/// A gap in the middle, closed by a bar: nothing gets through.
#[inline(never)]
fn walled(link: &LinkFrame, lane: &Lane) -> Html {
    html! {
        <>
            <path class="line" d={lane.path(0.0, 0.45)} />
            <path class="line" d={lane.path(0.55, 1.0)} />
            if !link.cut { <path class="bar" d={bar(lane)} /> }
        </>
    }
}

/// The arrow shows the open direction; the bar blocks the other.
#[inline(never)]
fn head(link: &LinkFrame, lane: &Lane) -> Html {
    html! { <path class="head" d={arrow(lane, link.blocked.is_some())} /> }
}

#[inline(never)]
fn words(link: &LinkFrame, alike: bool) -> String {
    let mut words = Vec::new();
    if let Some(by) = link.slow.max(link.slow_back) {
        words.push(format!("+{}", text::length(by)));
    }
    if link.loss > 0.0 && !alike {
        words.push(format!("loses {:.0} %", link.loss * 100.0));
    }
    words.join(", ")
}

fn scissors(props: &LinkProps) -> Html {
    let LinkProps {
        link,
        on_act,
        scissors: at,
        scale,
        ..
    } = props;
    let (a, b) = (link.a, link.b);
    let snip = on_act.reform(move |event: MouseEvent| {
        event.stop_propagation();
        Act::Break(BreakAct::ToggleCut(a, b))
    });
    let icon = if link.cut {
        Icon::Joined
    } else {
        Icon::Scissors
    };
    html! {
        <g class="scissors" role="button" tabindex="-1" aria-label={text::cut_label(link)} onclick={snip}
            transform={format!("translate({:.1} {:.1}) scale({scale})", at.x, at.y)}>
            <title>{ text::cut_label(link) }</title>
            <circle class="hit" r="13" />
            <g class="tool"><circle class="disc" r="10" />{ icon.within(0.0, 0.0, 12.0) }</g>
        </g>
    }
}

fn bar(lane: &Lane) -> String {
    let (m, along) = (lane.at(0.5), lane.along(0.5));
    let (dx, dy) = (-along.y * 11.0, along.x * 11.0);
    format!(
        "M{:.1} {:.1}L{:.1} {:.1}",
        m.x - dx,
        m.y - dy,
        m.x + dx,
        m.y + dy
    )
}

fn arrow(lane: &Lane, backwards: bool) -> String {
    let (part, sign) = if backwards { (0.3, -1.0) } else { (0.7, 1.0) };
    let (tip, along) = (lane.at(part), lane.along(part));
    let across = Point {
        x: -along.y,
        y: along.x,
    };
    let back = Point {
        x: tip.x - along.x * 12.0 * sign,
        y: tip.y - along.y * 12.0 * sign,
    };
    format!(
        "M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}",
        back.x + across.x * 7.0,
        back.y + across.y * 7.0,
        tip.x,
        tip.y,
        back.x - across.x * 7.0,
        back.y - across.y * 7.0
    )
}
