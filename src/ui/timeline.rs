//! The painted scrubber: how far the run has come, who led, what happened when, and the present
//! instant.

use faultline_sim::time::{Duration, Time};
use faultline_sim::timeline::Target;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::moments::{Moment, Reign, Spot};
use crate::text;
use crate::ui::act::TravelAct;
use crate::ui::icons::Icon;
use crate::ui::{Act, Same};

/// Marks of one kind are at least this part of the timeline apart.
const NEAR: f64 = 0.006;
/// A click this near to a mark goes to that mark.
const SNAP_PX: f64 = 6.0;
/// The tooltip describes what is within this distance of the pointer.
const TELL_PX: f64 = 12.0;
/// A reign shorter than this part of the timeline has no number.
const NUMBERED: f64 = 0.03;
/// Colours of reigns, in turn; the number shows whose reign it is.
const TINTS: u32 = 6;

/// The moments to paint on a timeline of this length.
#[must_use]
pub fn spots(all: &[Spot], span: Time) -> Vec<Spot> {
    let mut latest: Vec<(Moment, f64)> = Vec::new();
    let mut painted = Vec::new();
    for spot in all {
        let at = part(spot.time, span);
        match latest.iter_mut().find(|(kind, _)| *kind == spot.kind) {
            Some((_, last)) if at - *last < NEAR => continue,
            Some((_, last)) => *last = at,
            None => latest.push((spot.kind, at)),
        }
        painted.push(spot.clone());
    }
    painted
}

/// The place of an instant along the timeline.
pub(super) fn part(time: Time, span: Time) -> f64 {
    time.0 as f64 / span.0.max(1) as f64
}

/// Class and shape of a mark. The upper row shows the person's commands, the lower row shows events of
/// the system.
fn look(kind: Moment) -> (&'static str, &'static str) {
    match kind {
        Moment::Crash => ("mark upper broken", "M-4 -4L4 4M4 -4L-4 4"),
        Moment::Recover => ("mark upper", "M4 0A4 4 0 1 1 -4 0A4 4 0 1 1 4 0Z"),
        Moment::Partition => ("mark upper broken", "M-2 -5V5M2 -5V5"),
        Moment::Heal => ("mark upper", "M-4 0L-1 4L5 -4"),
        Moment::Fault => ("mark upper broken", "M0 -5L5 0L0 5L-5 0Z"),
        Moment::Election => ("mark lower asks", "M0 -4L4 0L0 4L-4 0Z"),
        Moment::Leader => ("mark lower crown", ""),
        Moment::Commit => ("mark lower faint", "M-3 0L-1 3L4 -3"),
        Moment::Conflict => ("mark lower broken", "M-5 0Q-2.500 -5 0 0T5 0"),
        Moment::Drop => ("mark lower faint", "M-3 -3L3 3M3 -3L-3 3"),
        Moment::Violation => ("mark lower broken solid", "M0 -5L5 4H-5Z"),
        Moment::Request => (
            "mark upper",
            "M2.500 0A2.500 2.500 0 1 1 -2.500 0A2.500 2.500 0 1 1 2.500 0Z",
        ),
    }
}

#[derive(Properties, PartialEq)]
pub struct TimelineProps {
    pub spots: Same<Vec<Spot>>,
    /// Who led when.
    pub reigns: Same<Vec<Reign>>,
    /// The instant at the right end.
    pub span: Time,
    pub now: Time,
    pub edge: Time,
    pub past: bool,
    /// Where a question was decided.
    #[prop_or_default]
    pub answer: Option<Time>,
    /// Messages that are done of an instant, and all of them: the line shows these steps.
    #[prop_or_default]
    pub steps: Option<(u64, u64)>,
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
    // The pointer's place as a part of the timeline, and whether the slider has the focus.
    let pointer = use_state(|| None::<(f64, f64)>);
    let focused = use_state(|| false);
    let go = {
        let (spots, span, edge, steps) = (spots.clone(), *span, props.edge, props.steps);
        let (lane, on_act) = (lane.clone(), on_act.clone());
        move |event: &PointerEvent, snap: bool| {
            let Some(lane) = lane.cast::<Element>() else {
                return;
            };
            let area = lane.get_bounding_client_rect();
            let part = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0);
            if let Some((_, total)) = steps {
                let done = (part.clamp(0.0, 1.0) * total as f64) as u64;
                on_act.emit(Act::Travel(TravelAct::Call(done)));
                return;
            }
            let time = (part.clamp(0.0, 1.0) * span.0 as f64).min(edge.0 as f64);
            let near = SNAP_PX / area.width().max(1.0) * span.0 as f64;
            let away = |spot: &&Spot| (spot.time.0 as f64 - time).abs();
            let closest = spots.iter().min_by(|a, b| away(a).total_cmp(&away(b)));
            match closest.filter(|spot| snap && away(spot) <= near) {
                Some(spot) => on_act.emit(Act::Travel(TravelAct::Go(Target::Record(spot.seq)))),
                None => on_act.emit(Act::Travel(TravelAct::Go(Target::Time(Time(time as u64))))),
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
                crate::browser::give_focus(&lane);
            }
            event.prevent_default();
            go(&event, true);
        })
    };
    let moved = {
        let (dragging, pointed) = (dragging.clone(), pointer.clone());
        let lane_of_pointer = lane.clone();
        Callback::from(move |event: PointerEvent| {
            if *dragging.borrow() {
                go(&event, false);
            }
            if let Some(lane) = lane_of_pointer.cast::<Element>() {
                let area = lane.get_bounding_client_rect();
                let wide = area.width().max(1.0);
                let at = (f64::from(event.client_x()) - area.left()) / wide;
                pointed.set(Some((at.clamp(0.0, 1.0), TELL_PX / wide)));
            }
        })
    };
    let leave = {
        let pointer = pointer.clone();
        Callback::from(move |_: PointerEvent| pointer.set(None))
    };
    let attend = |on: bool| {
        let focused = focused.clone();
        Callback::from(move |_: FocusEvent| focused.set(on))
    };
    let told = told(spots, *span, props.now, *pointer, *focused);
    let told = told.filter(|_| props.steps.is_none());
    let up = Callback::from(move |_: PointerEvent| *dragging.borrow_mut() = false);
    let keys = key_steps(on_act);
    html! {
        <div class={classes!("timeline", props.past.then_some("past"), props.steps.map(|_| "steps"))} ref={lane.clone()} role="slider"
            tabindex="0" aria-label="Timeline" aria-valuemin="0"
            aria-valuemax={props.edge.0.to_string()} aria-valuenow={props.now.0.to_string()}
            aria-valuetext={spoken(props)}
            aria-description={focused.then_some(()).and(told).map(text::moment)}
            onpointerdown={down} onpointermove={moved} onpointerup={up.clone()} onpointercancel={up}
            onkeydown={keys} onpointerleave={leave} onfocus={attend(true)} onblur={attend(false)}>
            <div class="lane"></div>
            if props.steps.is_none() {
                { for props.reigns.iter().filter_map(|reign| band(reign, *span, props.edge)) }
            }
            <div class="lived"></div>
            <div class="ghost"></div>
            if props.steps.is_none() {
                { for spots.iter().map(|spot| mark(spot, *span, props.now)) }
            }
            { answer_mark(props) }
            <div class="playhead"></div>
            <span class="span-end" translate="no" aria-hidden="true">{ end(props) }</span>
            if let Some(spot) = told {
                <span class="told" aria-hidden="true"
                    ~style={format!("--told: {:.2}%", part(spot.time, *span) * 100.0)}>
                    { text::moment(spot) }
                </span>
            }
        </div>
    }
}

/// The length of what the line shows.
fn end(props: &TimelineProps) -> String {
    match props.steps {
        Some((_, total)) => text::time::calls(total),
        None => text::length(Duration(props.span.0)),
    }
}

/// Where a question was decided.
fn answer_mark(props: &TimelineProps) -> Html {
    let Some(answer) = props.answer.filter(|_| props.steps.is_none()) else {
        return Html::default();
    };
    let place = format!("left: {:.2}%", part(answer, props.span) * 100.0);
    html! { <span class="answer-mark" aria-hidden="true" ~style={place}>{ "?" }</span> }
}

/// Where the playhead stands, for a screen reader.
fn spoken(props: &TimelineProps) -> String {
    match props.steps {
        Some((done, total)) => format!("{done} of {}", text::time::calls(total)),
        None => format!(
            "{} of {}",
            text::instant(props.now),
            text::instant(props.edge)
        ),
    }
}

/// On the focused slider, arrows step through events, as everywhere on the page.
fn key_steps(on_act: &Callback<Act>) -> Callback<KeyboardEvent> {
    let on_act = on_act.clone();
    Callback::from(move |event: KeyboardEvent| {
        let stride = if event.shift_key() { 10 } else { 1 };
        let act = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => Act::Travel(TravelAct::Step(stride)),
            "ArrowLeft" | "ArrowDown" => Act::Travel(TravelAct::Step(-stride)),
            "PageUp" => Act::Travel(TravelAct::Step(10)),
            "PageDown" => Act::Travel(TravelAct::Step(-10)),
            "Home" => Act::Travel(TravelAct::Go(Target::Time(Time::ZERO))),
            "End" => Act::Travel(TravelAct::Live),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        on_act.emit(act);
    })
}

/// The moment to describe: the one nearest to the pointer, or with the keyboard the latest one.
fn told(
    spots: &[Spot],
    span: Time,
    now: Time,
    pointer: Option<(f64, f64)>,
    focused: bool,
) -> Option<&Spot> {
    if let Some((at, near)) = pointer {
        let away = |spot: &&Spot| (part(spot.time, span) - at).abs();
        let nearest = spots.iter().min_by(|a, b| away(a).total_cmp(&away(b)));
        return nearest.filter(|spot| away(spot) <= near);
    }
    let latest = spots.iter().rev().find(|spot| spot.time <= now);
    latest.filter(|_| focused)
}

/// A span during which a node led: its number is inside, its colour alternates.
pub(super) fn band(reign: &Reign, span: Time, edge: Time) -> Option<Html> {
    let from = part(reign.from, span);
    let wide = part(reign.until.unwrap_or(edge), span) - from;
    let tint = format!("tint-{}", (reign.node.0 - 1) % TINTS);
    let style = format!("left: {:.2}%; width: {:.2}%", from * 100.0, wide * 100.0);
    (wide > 0.0).then(|| {
        html! {
            <div class={classes!("reign", tint)} ~style={style} aria-hidden="true" translate="no"
                key={format!("reign-{}-{}", reign.from.0, reign.node.0)}>
                if wide > NUMBERED { { reign.node.0 } }
            </div>
        }
    })
}

pub(super) fn mark(spot: &Spot, span: Time, now: Time) -> Html {
    let (class, path) = look(spot.kind);
    let left = part(spot.time, span) * 100.0;
    let ahead = (spot.time > now).then_some("ahead");
    html! {
        <svg class={classes!(class, ahead)} viewBox="-7 -7 14 14" aria-hidden="true"
            ~style={format!("left: {left:.2}%")} key={spot.seq.to_string()}>
            if spot.kind == Moment::Leader {
                { Icon::Crown.within(0.0, 0.0, 12.0) }
            } else {
                <path d={path} />
            }
        </svg>
    }
}
