//! The space-time diagram: a bar of controls, two canvases, a line of text, and the same as a table.

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

/// An act on the diagram.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    Open(bool),
    /// Opens or closes it in its present place.
    Toggle,
    Tall(bool),
    /// A longer or shorter window, around a place in pixels or the present instant.
    Zoom(f64, Option<f64>),
    /// The whole run.
    Fit,
    /// Moves by a part of the window.
    Pan(f64),
    /// Moves by pixels.
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
    /// Compares the next picked event with the selected one.
    Picking(bool),
    /// A click at a place in pixels; with Shift it compares.
    Click {
        x: f64,
        y: f64,
        shift: bool,
    },
    Walk(Move),
    /// Goes to the event with the keyboard focus, or compares it.
    Choose,
    Compare,
    Uncompare,
}

/// The content of the panel beside the drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// It shows a log, which has its own clocks and no time.
    pub given: bool,
    pub tall: bool,
    pub follow: bool,
    pub stamps: Stamps,
    pub timers: bool,
    pub axis: Axis,
    pub table: bool,
    pub picking: bool,
    /// Nodes by name, and kinds, each with whether it is shown.
    pub nodes: Vec<(NodeId, String, bool)>,
    pub kinds: Vec<(&'static str, bool)>,
    /// The window's ends on the axis, in seconds or events.
    pub window: (f64, f64),
    pub summary: String,
    /// The selected event in a sentence.
    pub chosen: Option<String>,
    /// How many events are in its past, in its future, and concurrent.
    pub cones: Option<(u64, u64, u64)>,
    /// Counts only the events read so far.
    pub so_far: bool,
    /// Why there are no cones or no comparison for the chosen events.
    pub missing: Option<&'static str>,
    pub comparison: Option<Comparison>,
    pub rows: Vec<TableRow>,
    /// The number of all rows.
    pub all_rows: usize,
}

#[derive(Properties, PartialEq)]
pub struct SpaceTimeProps {
    pub shown: Same<Shown>,
    /// It is docked and can be closed.
    pub docked: bool,
    /// The element for the drawing, outside the virtual DOM.
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

/// The selected event and its cones, or a hint.
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

/// Keys inside the drawing, which the page does not receive.
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
