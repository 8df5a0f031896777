//! The space-time diagram: a bar of controls, two canvases, a line of words, and the same as a table.

mod bar;
pub mod canvas;
mod compare;
mod filter;
mod names;
mod table;
mod tokens;

use faultline_diagram::{Axis, Comparison, Move, Stamps};
use faultline_sim::process::NodeId;
use yew::prelude::*;

use crate::text::spacetime as words;
use crate::ui::{Act, Same};
use bar::Bar;
use compare::CompareCard;
pub use names::CutNames;
use table::Table;
pub use table::TableRow;

/// What a person can do to the diagram.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    Open(bool),
    /// Opens or closes it, wherever it has its place.
    Toggle,
    Tall(bool),
    /// Longer or shorter, around a place in pixels or where the run stands.
    Zoom(f64, Option<f64>),
    /// The whole run.
    Fit,
    /// By a part of the window.
    Pan(f64),
    /// By pixels.
    Drag(f64),
    Follow(bool),
    Stamps(Stamps),
    Timers(bool),
    Axis(Axis),
    /// Shows or hides a node, or a kind of messages.
    Node(NodeId, bool),
    Kind(&'static str, bool),
    /// The window's ends, in seconds or events.
    From(f64),
    To(f64),
    Table(bool),
    /// The next event that is picked is compared with the selected one.
    Picking(bool),
    /// A click at a place in pixels; with Shift to compare.
    Click {
        x: f64,
        y: f64,
        shift: bool,
    },
    Walk(Move),
    /// To the event under the keyboard's ring, or compare it.
    Choose,
    Compare,
    Uncompare,
}

/// Everything the panel shows beside the drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// It shows a log: clocks are given, and there is no time.
    pub given: bool,
    pub tall: bool,
    pub follow: bool,
    pub stamps: Stamps,
    pub timers: bool,
    pub axis: Axis,
    pub table: bool,
    pub picking: bool,
    /// Nodes by their names and kinds, each with whether it is shown.
    pub nodes: Vec<(NodeId, String, bool)>,
    pub kinds: Vec<(&'static str, bool)>,
    /// The window's ends on the axis, in seconds or events.
    pub window: (f64, f64),
    pub summary: String,
    /// The selected event in a sentence.
    pub chosen: Option<String>,
    /// How many events lie in its past, in its future, beside it.
    pub cones: Option<(u64, u64, u64)>,
    /// Only what was read up to now is counted.
    pub so_far: bool,
    /// Why there are no cones or no comparison, though events are chosen.
    pub missing: Option<&'static str>,
    pub comparison: Option<Comparison>,
    pub rows: Vec<TableRow>,
    /// Rows there would be.
    pub all_rows: usize,
}

#[derive(Properties, PartialEq)]
pub struct SpaceTimeProps {
    pub shown: Same<Shown>,
    /// It has a place of its own, and can be closed.
    pub docked: bool,
    /// The element that the page draws in, outside the virtual DOM.
    pub host: NodeRef,
    pub on_act: Callback<Act>,
}

#[component]
pub fn SpaceTime(props: &SpaceTimeProps) -> Html {
    let SpaceTimeProps {
        shown,
        docked,
        host,
        on_act,
    } = props;
    let region = docked.then_some("spacetime");
    let class = classes!(
        "spacetime",
        docked.then_some("docked"),
        shown.tall.then_some("tall")
    );
    html! {
        <section {class} data-region={region} aria-label={words::TITLE}>
            <Bar shown={shown.clone()} docked={*docked} on_act={on_act.clone()} />
            <div class="st-body">
                if shown.table {
                    <Table shown={shown.clone()} on_act={on_act.clone()} />
                } else {
                    <div class="st-scroll">
                        <div class="st-sheet" ref={host.clone()} role="application" tabindex="0"
                            aria-label={words::DIAGRAM} aria-describedby="st-summary st-keys"
                            onkeydown={keys(on_act)}>
                            <canvas class="st-content" aria-hidden="true"></canvas>
                            <canvas class="st-overlay" aria-hidden="true"></canvas>
                        </div>
                    </div>
                }
                if let Some(comparison) = &shown.comparison {
                    <CompareCard comparison={comparison.clone()} on_act={on_act.clone()} />
                }
            </div>
            <p class="for-readers" id="st-keys">{ words::KEYS }</p>
            <div class="st-words">
                { told(shown) }
                <p id="st-summary">{ &shown.summary }</p>
            </div>
        </section>
    }
}

/// The selected event and its cones, or how to get them.
fn told(shown: &Shown) -> Html {
    let hint = if shown.picking {
        words::PICK_SECOND
    } else {
        words::HINT
    };
    html! {
        <p class="st-told">
            if let Some(counts) = shown.cones {
                { for words::cones(counts, shown.so_far).into_iter().map(|(class, text)| html! {
                    <span class={classes!("st-key", class)}>{ text }</span>
                }) }
            }
            <span class="st-sentence">
                if shown.picking { { hint } }
                else { { shown.chosen.clone().unwrap_or_else(|| hint.to_owned()) } }
                if let Some(missing) = shown.missing { { " " } { missing } }
            </span>
        </p>
    }
}

/// Keys inside the drawing; they do not reach the page.
fn keys(on_act: &Callback<Act>) -> Callback<KeyboardEvent> {
    let on_act = on_act.clone();
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let deed = match event.key().as_str() {
            "ArrowLeft" => Deed::Walk(Move::Before),
            "ArrowRight" => Deed::Walk(Move::Next),
            "ArrowUp" => Deed::Walk(Move::Up),
            "ArrowDown" => Deed::Walk(Move::Down),
            "o" | "O" => Deed::Walk(Move::Along),
            "Enter" if event.shift_key() => Deed::Compare,
            "Enter" => Deed::Choose,
            "+" | "=" => Deed::Zoom(0.5, None),
            "-" | "_" => Deed::Zoom(2.0, None),
            "0" => Deed::Fit,
            "PageUp" => Deed::Pan(-0.75),
            "PageDown" => Deed::Pan(0.75),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        on_act.emit(Act::SpaceTime(deed));
    })
}
