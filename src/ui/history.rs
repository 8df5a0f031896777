//! What clients asked and were told: the operations as bars, the same as a table, and the promises that
//! it keeps.

mod ladder;
mod picture;
mod sheet;
mod table;

use faultline_sim::judge::Level;
use faultline_sim::time::Time;
use yew::prelude::*;

use crate::layout::Bars;
use crate::text::history as words;
use crate::ui::{Act, Same};
use ladder::Ladder;
use picture::Picture;
pub use sheet::Sheet;
use table::Table;

/// An act on a history.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Deed {
    /// Opens the tab.
    Open,
    /// Shows one object, by its place in the list; none: all.
    Key(Option<usize>),
    /// Earlier or later operations.
    Turn(bool),
    /// Follows the present instant, or stays.
    Follow(bool),
    Zoom(f64),
    Table(bool),
    /// Moves the keyboard focus, across or down.
    Walk(i32, i32),
    /// Moves it to the first or last operation.
    End(bool),
    /// Selects the operation with the keyboard focus.
    Choose,
    /// Selects an operation by its number.
    Pick(u32),
    /// Shows what contradicts a promise.
    Show(Level),
    /// Searches longer for what is not decided.
    GoOn,
    /// Judges a file on for a moment.
    Slice,
    /// Closes the file.
    Close,
}

/// A promise and how it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Rung {
    pub level: Level,
    /// The class and the word of its light.
    pub light: (&'static str, &'static str),
    pub why: Option<String>,
    /// The record that broke it, in a run.
    pub broke: Option<(u64, Time)>,
    /// What contradicts it can be shown, or is shown.
    pub shown: Option<bool>,
    pub undecided: bool,
}

/// An operation in the window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    pub number: u32,
    pub text: String,
    /// The whole sentence.
    pub told: String,
    pub class: String,
    /// Its letter, if it is part of the contradiction.
    pub letter: Option<char>,
    /// Its place in the order.
    pub place: Option<usize>,
    pub who: String,
    pub from: String,
    pub to: String,
}

/// A fault above the rows: its word, its sentence, and whether it breaks or repairs.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub word: String,
    pub told: String,
    pub breaks: bool,
}

/// The selected operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Picked {
    pub told: String,
    /// The records of its request and of its answer.
    pub records: (Option<u64>, Option<u64>),
}

/// Everything that is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// It comes from a file, which has no run.
    pub given: bool,
    pub rungs: Vec<Rung>,
    /// The objects, and the visible one.
    pub keys: Vec<String>,
    pub key: Option<usize>,
    pub bars: Bars,
    /// Names of the rows.
    pub rows: Vec<String>,
    pub shapes: Vec<Shape>,
    pub ticks: Vec<String>,
    pub faults: Vec<Fault>,
    pub summary: String,
    /// Some bar has its place in the order.
    pub numbered: bool,
    pub follow: bool,
    /// Whether there are earlier and later operations than those in the window.
    pub more: (bool, bool),
    pub table: bool,
    /// The one with the keyboard focus, by its place in the window.
    pub active: Option<usize>,
    pub picked: Option<Picked>,
    /// What is wrong, and the operations of it by letter.
    pub conflict: Option<(String, Vec<Shape>)>,
    /// What must be in sight, in pixels from the left.
    pub sight: Option<f64>,
    pub searching: bool,
}

#[derive(Properties, PartialEq)]
pub struct HistoryProps {
    pub shown: Same<Shown>,
    pub on_act: Callback<Act>,
}

/// The picture and the ladder.
#[component]
pub fn History(props: &HistoryProps) -> Html {
    let HistoryProps { shown, on_act } = props;
    html! {
        <div class={classes!("history", shown.given.then_some("given"))}>
            <section class="sheet hist-drawn" aria-labelledby="hist-picture">
                <h2 id="hist-picture">{ words::PICTURE }</h2>
                if shown.shapes.is_empty() {
                    <p class="quiet">{ words::NONE_YET }</p>
                } else {
                    { bar(shown, on_act) }
                    if shown.table {
                        <Table shown={shown.clone()} on_act={on_act.clone()} />
                    } else {
                        <Picture shown={shown.clone()} on_act={on_act.clone()} />
                    }
                    { picked(shown, on_act) }
                    { conflict(shown, on_act) }
                    if !shown.table { { legend(shown) } }
                }
            </section>
            <section class="sheet hist-ladder" aria-labelledby="hist-strong">
                <h2 id="hist-strong">{ words::HOW_STRONG }</h2>
                <p class="quiet">{ if shown.given { words::ABOUT_FILE } else { words::ABOUT } }</p>
                <Ladder shown={shown.clone()} on_act={on_act.clone()} />
            </section>
        </div>
    }
}

pub(super) fn press(on_act: &Callback<Act>, deed: Deed) -> Callback<MouseEvent> {
    on_act.reform(move |_: MouseEvent| Act::History(deed))
}

/// The controls of the picture.
fn bar(shown: &Shown, on_act: &Callback<Act>) -> Html {
    use crate::ui::icons::Icon;
    use crate::ui::panels::value_of;
    let icon = |icon: Icon, label: &'static str, deed: Deed, off: bool| {
        html! {
            <button type="button" class="st-icon" aria-label={label} title={label} disabled={off}
                onclick={press(on_act, deed)}>{ icon.inline() }</button>
        }
    };
    let switch = |label: &'static str, on: bool, deed: Deed| {
        html! {
            <button type="button" class="st-switch" aria-pressed={on.to_string()}
                onclick={press(on_act, deed)}>{ label }</button>
        }
    };
    let choose =
        on_act.reform(|event: Event| Act::History(Deed::Key(value_of(&event).parse().ok())));
    html! {
        <div class="hist-bar">
            if shown.keys.len() > 1 {
                <select aria-label={words::KEY} onchange={choose}>
                    <option value="" selected={shown.key.is_none()}>{ words::ALL_KEYS }</option>
                    { for shown.keys.iter().enumerate().map(|(at, name)| html! {
                        <option value={at.to_string()} selected={shown.key == Some(at)}>{ name }</option>
                    }) }
                </select>
            }
            <div class="st-group" role="group" aria-label={words::WINDOW}>
                { icon(Icon::Before, words::EARLIER, Deed::Turn(false), !shown.more.0) }
                { icon(Icon::After, words::LATER, Deed::Turn(true), !shown.more.1) }
                if !shown.table {
                    { icon(Icon::Plus, words::WIDER, Deed::Zoom(1.5), false) }
                    { icon(Icon::Minus, words::NARROWER, Deed::Zoom(1.0 / 1.5), false) }
                }
            </div>
            if !shown.given { { switch(words::FOLLOW, shown.follow, Deed::Follow(!shown.follow)) } }
            { switch(words::TABLE, shown.table, Deed::Table(!shown.table)) }
            <span class="quiet hist-sum">{ &shown.summary }</span>
        </div>
    }
}

fn legend(shown: &Shown) -> Html {
    html! {
        <>
            <ul class="hist-legend">
                { for words::LEGEND.iter().map(|(class, word)| html! {
                    <li><span class={classes!("hist-op", "hist-sample", *class)} aria-hidden="true"></span>
                        { *word }</li>
                }) }
            </ul>
            <p class="quiet">
                { words::ELASTIC }
                if shown.numbered { { " " } { words::NUMBERS } }
            </p>
        </>
    }
}

/// What is wrong, with the operations that say so.
fn conflict(shown: &Shown, on_act: &Callback<Act>) -> Html {
    let Some((sentence, shapes)) = &shown.conflict else {
        return Html::default();
    };
    html! {
        <div class="hist-conflict">
            <p><strong>{ sentence }</strong></p>
            <p class="quiet">{ words::conflict(shapes.len()) }</p>
            <ul>
                { for shapes.iter().map(|shape| html! {
                    <li>
                        <button type="button" class="act" onclick={press(on_act, Deed::Pick(shape.number))}>
                            <span class="hist-letter" aria-hidden="true">{ shape.letter }</span>
                            { &shape.told }
                        </button>
                    </li>
                }) }
            </ul>
        </div>
    }
}

/// The selected operation, and the ways to its records.
fn picked(shown: &Shown, on_act: &Callback<Act>) -> Html {
    use crate::ui::act::TravelAct;
    use faultline_sim::timeline::Target;
    let Some(picked) = &shown.picked else {
        return Html::default();
    };
    let go = |seq: Option<u64>, label: &'static str| {
        let seq = seq?;
        let onclick =
            on_act.reform(move |_: MouseEvent| Act::Travel(TravelAct::Go(Target::Record(seq))));
        Some(html! { <button type="button" class="act" {onclick}>{ label }</button> })
    };
    html! {
        <div class="hist-picked">
            <p>{ &picked.told }</p>
            { go(picked.records.0, words::TO_START) }
            { go(picked.records.1, words::TO_END) }
        </div>
    }
}
