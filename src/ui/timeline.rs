//! The painted scrubber: where the run has been, what happened when, and where we look.

use faultline_sim::time::Time;
use faultline_sim::timeline::MarkKind;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::text;
use crate::ui::icons::Icon;
use crate::ui::{Act, Same};

/// Marks nearer than this part of the timeline to one of their kind are not drawn again.
const NEAR: f64 = 0.006;
/// A click this near to a mark goes to the mark.
const SNAP_PX: f64 = 6.0;

/// A mark to paint.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    pub time: Time,
    pub seq: u64,
    pub kind: MarkKind,
    pub text: String,
}

/// The marks worth painting on a timeline of this length.
#[must_use]
pub fn spots(marks: &[faultline_sim::timeline::Mark], span: Time) -> Vec<Spot> {
    let mut latest: Vec<(MarkKind, f64)> = Vec::new();
    let mut spots = Vec::new();
    for mark in marks {
        let at = mark.time.0 as f64 / span.0.max(1) as f64;
        match latest.iter_mut().find(|(kind, _)| *kind == mark.kind) {
            Some((_, last)) if at - *last < NEAR => continue,
            Some((_, last)) => *last = at,
            None => latest.push((mark.kind, at)),
        }
        let (time, seq, kind) = (mark.time, mark.seq, mark.kind);
        spots.push(Spot {
            time,
            seq,
            kind,
            text: mark.text.clone(),
        });
    }
    spots
}

/// Shape and class of a mark. Upper row: what the person did; lower row: what the system did.
fn look(kind: MarkKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        MarkKind::Crash => ("mark upper broken", "M-4 -4L4 4M4 -4L-4 4", "crash"),
        MarkKind::Recover => (
            "mark upper",
            "M4 0A4 4 0 1 1 -4 0A4 4 0 1 1 4 0Z",
            "recovery",
        ),
        MarkKind::Wall => ("mark upper broken", "M-2 -5V5M2 -5V5", "wall"),
        MarkKind::Heal => ("mark upper", "M-4 0L-1 4L5 -4", "healed"),
        MarkKind::Fault => ("mark upper broken", "M0 -5L5 0L0 5L-5 0Z", "fault"),
        MarkKind::Leader => ("mark lower crown", "", "leader"),
        MarkKind::Loss => ("mark lower faint", "M0 -3V3", "loss"),
        MarkKind::Violation => ("mark lower broken solid", "M0 -5L5 4H-5Z", "broken rule"),
        MarkKind::Request => (
            "mark lower",
            "M2.500 0A2.500 2.500 0 1 1 -2.500 0A2.500 2.500 0 1 1 2.500 0Z",
            "request",
        ),
    }
}

#[derive(Properties, PartialEq)]
pub struct TimelineProps {
    pub spots: Same<Vec<Spot>>,
    /// The instant at the right end.
    pub span: Time,
    pub now: Time,
    pub edge: Time,
    pub past: bool,
    /// The slider's element: the page moves its playhead outside the virtual DOM.
    pub lane: NodeRef,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let TimelineProps {
        spots,
        span,
        on_act,
        lane,
        ..
    } = props;
    let dragging = use_mut_ref(|| false);
    let go = {
        let (spots, span, edge) = (spots.clone(), *span, props.edge);
        let (lane, on_act) = (lane.clone(), on_act.clone());
        move |event: &PointerEvent, snap: bool| {
            let Some(lane) = lane.cast::<Element>() else {
                return;
            };
            let area = lane.get_bounding_client_rect();
            let part = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0);
            let time = (part.clamp(0.0, 1.0) * span.0 as f64).min(edge.0 as f64);
            let near = SNAP_PX / area.width().max(1.0) * span.0 as f64;
            let away = |spot: &&Spot| (spot.time.0 as f64 - time).abs();
            let closest = spots.iter().min_by(|a, b| away(a).total_cmp(&away(b)));
            match closest.filter(|spot| snap && away(spot) <= near) {
                Some(spot) => on_act.emit(Act::SeekRecord(spot.seq)),
                None => on_act.emit(Act::Seek(Time(time as u64))),
            }
        }
    };
    let down = {
        let (dragging, go, lane) = (dragging.clone(), go.clone(), lane.clone());
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            *dragging.borrow_mut() = true;
            if let Some(lane) = lane.cast::<HtmlElement>() {
                let _ = lane.set_pointer_capture(event.pointer_id());
                let _ = lane.focus();
            }
            event.prevent_default();
            go(&event, true);
        })
    };
    let moved = {
        let dragging = dragging.clone();
        Callback::from(move |event: PointerEvent| {
            if *dragging.borrow() {
                go(&event, false);
            }
        })
    };
    let up = Callback::from(move |_: PointerEvent| *dragging.borrow_mut() = false);
    let keys = key_steps(on_act);
    html! {
        <div class={classes!("timeline", props.past.then_some("past"))} ref={lane.clone()} role="slider"
            tabindex="0" aria-label="Timeline" aria-valuemin="0"
            aria-valuemax={props.edge.0.to_string()} aria-valuenow={props.now.0.to_string()}
            aria-valuetext={format!("{} of {}", text::instant(props.now), text::instant(props.edge))}
            onpointerdown={down} onpointermove={moved} onpointerup={up.clone()} onpointercancel={up}
            onkeydown={keys}>
            <div class="lane"></div>
            <div class="lived"></div>
            <div class="ghost"></div>
            { for spots.iter().map(|spot| mark(spot, *span, props.now)) }
            <div class="playhead"></div>
            <span class="span-end" aria-hidden="true">{ text::length(faultline_sim::time::Duration(span.0)) }</span>
        </div>
    }
}

/// On the focused slider, arrows step through events, as everywhere on the page.
fn key_steps(on_act: &Callback<Act>) -> Callback<KeyboardEvent> {
    let on_act = on_act.clone();
    Callback::from(move |event: KeyboardEvent| {
        let stride = if event.shift_key() { 10 } else { 1 };
        let act = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => Act::Step(stride),
            "ArrowLeft" | "ArrowDown" => Act::Step(-stride),
            "PageUp" => Act::Step(10),
            "PageDown" => Act::Step(-10),
            "Home" => Act::Seek(Time::ZERO),
            "End" => Act::Live,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        on_act.emit(act);
    })
}

fn mark(spot: &Spot, span: Time, now: Time) -> Html {
    let (class, path, word) = look(spot.kind);
    let left = spot.time.0 as f64 / span.0.max(1) as f64 * 100.0;
    let ahead = (spot.time > now).then_some("ahead");
    html! {
        <svg class={classes!(class, ahead)} viewBox="-7 -7 14 14" aria-hidden="true"
            style={format!("left: {left:.2}%")} key={format!("{}-{word}", spot.seq)}>
            <title>{ format!("{}: {}", text::instant(spot.time), spot.text) }</title>
            if spot.kind == MarkKind::Leader {
                { Icon::Crown.within(0.0, 0.0, 12.0) }
            } else {
                <path d={path} />
            }
        </svg>
    }
}
