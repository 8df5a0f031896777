//! The card of a question: one gesture to guess, then what the run says and why.

mod answered;
mod counted;
mod goal;
mod guess;

use std::rc::Rc;

use faultline_sim::process::NodeId;
use faultline_sim::question::{Again, Found, Guess, Kind, Question, Settled, Thing};
use faultline_sim::timeline::Target;
use yew::prelude::*;

use crate::text::asking as words;
use crate::ui::act::TravelAct;
use crate::ui::terms::marked;
use crate::ui::{Act, ProtocolRef, hunting};
use answered::answered;
pub use counted::{Counted, Parts};
use goal::goal_box;
pub use goal::{Challenge, Chased, Why, stars};
use guess::{Asks, guess_box};

/// How far a person is with a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// It can be answered.
    #[default]
    Open,
    /// The guess is locked in, or left out.
    Locked,
    /// The run has answered.
    Told,
}

/// What a person does with a question.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    Guess(Guess),
    Lock,
    Skip,
    /// Asks the same again of a new run.
    Again,
    /// Another question of the scenario, so many further.
    Turn(isize),
    /// Counts a hand for an option.
    Tally(usize, i32),
    /// Runs again with something changed.
    Rerun(Again),
    Scenario(String),
    /// Another scenario beside this one.
    Compare(String),
    /// Shows one way to a goal, in a new run.
    ShowWay,
    /// The answer was read: the run goes on.
    GoOn,
    /// Ends the measuring of a curve, or a count.
    StopSweep,
    /// Opens one of the runs that were counted.
    Runs(hunting::Deed),
    /// Shows the rules that the preset hides.
    ShowRules,
    /// Searches for a way to a goal.
    Chase(Why),
    StopChase,
    /// Opens the way that was found, which is played by hand or not.
    OpenWay(hunting::ByHand),
    /// Opens the card.
    Show,
}

/// How far the measuring of a curve is: points so far, runs done, all runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sweep {
    pub points: Vec<(f64, f64)>,
    pub done: usize,
    pub all: usize,
}

#[derive(Properties, PartialEq)]
pub struct CardProps {
    pub question: Rc<Question>,
    pub at: usize,
    pub of: usize,
    pub stage: Stage,
    pub guess: Option<Guess>,
    /// Hands in a class, by option.
    pub tally: Vec<u32>,
    pub settled: Option<Settled>,
    /// Whether the run is where the question makes sense.
    pub asked: bool,
    /// How the person stands with a goal.
    #[prop_or_default]
    pub challenge: Challenge,
    pub nodes: Vec<NodeId>,
    /// For who teaches: what this run will say.
    pub foretold: Option<Found>,
    pub teaching: bool,
    /// Hands can be counted.
    pub class: bool,
    pub sweep: Option<Sweep>,
    /// What is counted over many runs.
    #[prop_or_default]
    pub count: Option<Counted>,
    pub protocol: ProtocolRef,
    pub playing: bool,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Card(props: &CardProps) -> Html {
    let question = &props.question;
    let goal = question.is_goal();
    let deed = |deed: Deed| {
        props
            .on_act
            .reform(move |_: MouseEvent| Act::Ask(deed.clone()))
    };
    let heading = if goal { words::GOAL } else { words::QUESTION };
    html! {
        <section class="ask-card" aria-label={heading}>
            <p class="ask-count">
                <span>{ words::counted(props.at, props.of, goal) }</span>
                if props.of > 1 {
                    <button type="button" aria-label={words::BEFORE} title={words::BEFORE} disabled={props.at == 0}
                        onclick={deed(Deed::Turn(-1))}>{ "‹" }</button>
                    <button type="button" aria-label={words::AFTER} title={words::AFTER}
                        disabled={props.at + 1 == props.of} onclick={deed(Deed::Turn(1))}>{ "›" }</button>
                }
            </p>
            <h2 class="ask-words">{ marked(&question.ask) }</h2>
            if !props.asked && props.stage == Stage::Open {
                <p class="quiet">{ words::soon(question) }</p>
                if !props.playing { { to_play(props) } }
            } else if goal {
                { goal_box(props) }
            } else if props.stage == Stage::Open {
                { guess_box(&Asks::of(props)) }
                <p class="ask-acts">
                    <button type="button" class="primary" disabled={props.guess.is_none()}
                        onclick={deed(Deed::Lock)}>{ words::LOCK }</button>
                    <button type="button" class="quiet-button" onclick={deed(Deed::Skip)}>{ words::SKIP }</button>
                </p>
            } else if props.stage == Stage::Locked {
                { waiting(props) }
            }
            if props.stage == Stage::Told { { answered(props) } }
            if props.teaching { { for_teacher(props) } }
        </section>
    }
}

fn to_play(props: &CardProps) -> Html {
    let play = props
        .on_act
        .reform(|_: MouseEvent| Act::Travel(TravelAct::Play(true)));
    html! {
        <p class="ask-acts">
            <button type="button" class="primary" onclick={play}>{ words::TO_DECIDE }</button>
        </p>
    }
}

/// The guess is in, and the run is under way.
fn waiting(props: &CardProps) -> Html {
    let stop = props
        .on_act
        .reform(|_: MouseEvent| Act::Ask(Deed::StopSweep));
    let said = props.guess.as_ref();
    let said = said.map(|said| words::guess(&props.question, said));
    html! {
        <>
            if let Some(said) = said { <p class="ask-mine">{ format!("{}: {said}", words::YOUR_GUESS) }</p> }
            if let Some(sweep) = &props.sweep {
                <p role="status">{ words::measured(sweep.done, sweep.all) }</p>
                <progress max={sweep.all.to_string()} value={sweep.done.to_string()} />
                <p class="ask-acts"><button type="button" onclick={stop}>{ words::STOP }</button></p>
            } else if let Some(count) = &props.count {
                { counted::under_way(props, count) }
                <p class="ask-acts"><button type="button" onclick={stop}>{ words::STOP }</button></p>
            } else {
                <p>{ words::DECIDES }</p>
                if !props.playing { { to_play(props) }
                }
            }
        </>
    }
}

/// What a teacher knows before the class does.
fn for_teacher(props: &CardProps) -> Html {
    let question = &props.question;
    let foretold = props.foretold.as_ref().filter(|_| !question.is_goal());
    html! {
        <div class="ask-teacher">
            <h3>{ words::FOR_TEACHER }</h3>
            if let Some(found) = foretold { <p>{ words::told(question, None, found).1 }</p> }
            if let Some(teacher) = &question.teacher { <p>{ teacher }</p> }
            if question.is_goal() && !question.does.is_empty() { <p><code>{ question.does.join(" | ") }</code></p> }
            <p class="quiet">{ question.rows.join(", ") }</p>
        </div>
    }
}

/// The things that a question can point at, as a selection makes them.
#[must_use]
pub fn pointed(question: &Question, selection: crate::ui::Selection) -> Option<Guess> {
    use crate::ui::Selection;
    let Kind::Point(thing) = question.kind else {
        return None;
    };
    match (thing, selection) {
        (Thing::Node, Selection::Node(node)) => Some(Guess::Node(node)),
        (Thing::Message, Selection::Message(message)) => Some(Guess::Message(message)),
        (Thing::Event, Selection::Record(seq)) => Some(Guess::Event(seq)),
        _ => None,
    }
}

/// Goes to a record.
fn to_record(on_act: &Callback<Act>, seq: u64) -> Callback<MouseEvent> {
    on_act.reform(move |_: MouseEvent| Act::Travel(TravelAct::Go(Target::Record(seq))))
}
