//! The runs of the session on the scrubber: one strip each, with where it forked and how it ended.

use faultline_sim::time::Time;
use web_sys::Element;
use yew::prelude::*;

use crate::moments::{Reign, Spot};
use crate::text::{capital, compare as words};
use crate::ui::act::RunAct;
use crate::ui::timeline::{band, mark, part};
use crate::ui::{Act, Same};
use wasm_bindgen::JsCast;

/// A click this near to a mark goes to that mark.
const SNAP_PX: f64 = 8.0;

/// The drawing of one run.
#[derive(Clone, PartialEq)]
pub struct Strip {
    pub letter: char,
    /// "run A", or with the person's own name.
    pub name: AttrValue,
    pub spots: Same<Vec<Spot>>,
    pub reigns: Same<Vec<Reign>>,
    pub until: Time,
    /// When it forked from another run.
    pub fork: Option<Time>,
    /// Its result in a word and a number.
    pub score: Option<AttrValue>,
    /// The active run: its strip is the scrubber itself.
    pub acting: bool,
    pub looked_at: bool,
}

#[derive(Properties, PartialEq)]
pub struct StripsProps {
    pub strips: Vec<Strip>,
    pub span: Time,
    pub now: Time,
    /// Where the two visible runs first differ.
    pub difference: Option<Time>,
    /// The element with all strips: the page moves their playheads outside the virtual DOM.
    pub lane: NodeRef,
    /// The scrubber of the active run.
    pub children: Html,
    pub on_act: Callback<Act>,
}

/// The scrubber, with a strip for each other run.
#[component]
pub fn Strips(props: &StripsProps) -> Html {
    let several = props.strips.len() > 1;
    let class = classes!("runs", several.then_some("several"));
    let acting = |strip: &Strip| {
        html! {
            <>
                if several { { letter(strip, props) } }
                <div class="main-lane" key="scrubber">
                    { props.children.clone() }
                    if several { { knee(strip.fork, props.span) } }
                    if let Some(at) = props.difference { { parting(at, props.span) } }
                </div>
                if several { <span class="score">{ strip.score.clone() }</span> }
            </>
        }
    };
    // The scrubber stays the first element, so that it is never created again.
    let first = props.strips.iter().find(|strip| strip.acting);
    let others = props.strips.iter().filter(|strip| !strip.acting);
    html! {
        <div {class} ref={props.lane.clone()}>
            { for first.map(acting) }
            if several { { for others.map(|strip| row(strip, props)) } }
        </div>
    }
}

/// The run's letter, which is a button that goes to it.
fn letter(strip: &Strip, props: &StripsProps) -> Html {
    let (to, class) = (strip.letter, strip.looked_at.then_some("looked-at"));
    if strip.acting {
        return html! {
            <span class={classes!("letter", "here")} aria-hidden="true">{ to }</span>
        };
    }
    let label = words::go_to(&strip.name);
    let go = props
        .on_act
        .reform(move |_: MouseEvent| Act::Run(RunAct::LookAt(to, None)));
    html! {
        <button type="button" class={classes!("letter", class)} aria-label={label.clone()}
            title={label} onclick={go}>{ to }</button>
    }
}

fn row(strip: &Strip, props: &StripsProps) -> Html {
    let span = props.span;
    let click = {
        let (strip, on_act) = (strip.clone(), props.on_act.clone());
        Callback::from(move |event: MouseEvent| {
            // Yew handles clicks at the page's root, so the current target is not the strip.
            let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
            let lane = target.and_then(|target| target.closest(".strip").ok().flatten());
            let Some(lane) = lane else { return };
            let area = lane.get_bounding_client_rect();
            let wide = area.width().max(1.0);
            let at = (f64::from(event.client_x()) - area.left()) / wide;
            let away = |spot: &&Spot| (part(spot.time, span) - at).abs();
            let near = strip
                .spots
                .iter()
                .min_by(|a, b| away(a).total_cmp(&away(b)));
            let near = near.filter(|spot| away(spot) <= SNAP_PX / wide);
            let free = Time((at.clamp(0.0, 1.0) * span.0 as f64) as u64);
            let to = near.map_or(free, |spot| spot.time).min(strip.until);
            on_act.emit(Act::Run(RunAct::LookAt(strip.letter, Some(to))));
        })
    };
    let lived = format!("width: {:.2}%", part(strip.until, span) * 100.0);
    html! {
        <>
            { letter(strip, props) }
            // For the keyboard, the letter's button and the scrubber do the same.
            <div class="strip" onclick={click} key={strip.letter.to_string()} aria-hidden="true"
                title={capital(&strip.name)}>
                <div class="strip-lived" ~style={lived}></div>
                { for strip.reigns.iter().filter_map(|reign| band(reign, span, strip.until)) }
                { for strip.spots.iter().map(|spot| mark(spot, span, props.now)) }
                { knee(strip.fork, span) }
                <div class="strip-head"></div>
            </div>
            <span class="score">{ strip.score.clone() }</span>
        </>
    }
}

/// Where the run forked: a curve down from the other run.
fn knee(fork: Option<Time>, span: Time) -> Option<Html> {
    let left = part(fork?, span) * 100.0;
    Some(html! {
        <svg class="knee" viewBox="0 0 12 12" aria-hidden="true" ~style={format!("left: {left:.2}%")}>
            <path d="M1 0V4Q1 8 6 8H12" />
        </svg>
    })
}

/// Where two runs first differ.
fn parting(at: Time, span: Time) -> Html {
    let left = part(at, span) * 100.0;
    html! {
        <svg class="parting" viewBox="-6 -6 12 12" aria-hidden="true"
            ~style={format!("left: {left:.2}%")}>
            <path d="M-5 -4H5M-5 4H5M3 -6-3 6" />
        </svg>
    }
}
