//! A goal on its card: what was used of its budget, the score, and the search that is the measure of it.

use faultline_sim::question::{Foul, Question, Used};
use yew::prelude::*;

use super::{CardProps, Deed, Stage};
use crate::progress::Best;
use crate::text::asking as words;
use crate::text::challenge as said;
use crate::text::hunting as of_runs;
use crate::ui::Act;
use crate::ui::hunting::Shown;
use crate::ui::terms::marked;

/// More faults than this are only told, not drawn.
const MOST_PIPS: u32 = 12;

/// Why a search for a way to the goal was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The person has done it with so many faults.
    Fewer(u32),
    /// The person has given up.
    GaveUp,
    /// The person thinks that nobody can.
    Claimed,
}

/// A search for a way, and what it is for.
#[derive(Clone, PartialEq)]
pub struct Chased {
    pub why: Why,
    pub shown: Shown,
    /// The faults of the way that stands beside the goal.
    pub known: Option<u32>,
}

impl Chased {
    /// The best way that was found.
    #[must_use]
    pub fn way(&self) -> Option<&crate::worker::Failure> {
        self.shown.failure(false).or(self.shown.failure(true))
    }

    /// Whether all runs were made and none of them did it.
    #[must_use]
    pub fn found_nothing(&self) -> bool {
        let whole = self.shown.marks.len() as u64 == self.shown.search.runs;
        self.is_over() && whole && self.shown.failed.is_none() && self.way().is_none()
    }

    fn is_over(&self) -> bool {
        !self.shown.under_way
    }

    /// What came of it, in sentences: the same for eyes and ears.
    #[must_use]
    pub fn sentences(&self, question: &Question) -> Vec<String> {
        let (done, all) = (self.shown.marks.len() as u64, self.shown.search.runs);
        let mut told = Vec::new();
        match self.way() {
            Some(way) => told.push(said::found(done, way.used().total())),
            None if !self.found_nothing() => {
                told.push(said::stopped(done, all));
                told.extend(self.shown.failed.clone());
            }
            None => match self.why {
                Why::Fewer(_) => {
                    told.push(said::no_fewer(done));
                    told.extend(self.still_fewer().map(said::known));
                }
                Why::GaveUp | Why::Claimed => told.extend(self.tried(question)),
            },
        }
        told
    }

    /// What exactly was tried.
    fn tried(&self, question: &Question) -> Vec<String> {
        let hunt = self.shown.search.hunt();
        let runs = self.shown.marks.len() as u64;
        let mut told = hunt
            .map(|hunt| said::tried(&hunt, runs))
            .unwrap_or_default();
        told.extend(of_runs::cut_off(&self.shown.marks));
        let orders = self.shown.orders.as_ref();
        told.extend(orders.map(|progress| progress.tried.sentence(&progress.bounds)));
        told.extend(self.shown.refused.clone());
        if question.never.is_none() {
            told.push(said::A_WAY.into());
        }
        told
    }

    /// The known way, if it needs fewer faults than the person and the search did not find it.
    fn still_fewer(&self) -> Option<u32> {
        match self.why {
            Why::Fewer(mine) => self.known.filter(|known| *known < mine),
            Why::GaveUp | Why::Claimed => None,
        }
    }

    /// Whether the person may read why nobody can: a whole search has found nothing, or they have said so.
    #[must_use]
    pub fn tells_why(&self) -> bool {
        self.found_nothing() || self.is_over() && self.why == Why::Claimed && self.way().is_none()
    }
}

/// How a person stands with a goal.
#[derive(Clone, PartialEq, Default)]
pub struct Challenge {
    pub used: Used,
    /// Why what happened does not count.
    pub foul: Option<Foul>,
    /// The run is one that the page has shown.
    pub is_shown: bool,
    pub best: Option<Best>,
    pub chased: Option<Box<Chased>>,
}

/// A goal: whether it is met, and by how many faults.
#[inline(never)]
pub(super) fn goal_box(props: &CardProps) -> Html {
    let met = props.stage == Stage::Told;
    let Challenge {
        used,
        foul,
        is_shown,
        best,
        chased,
    } = &props.challenge;
    let happened = props.settled.is_some();
    let foul = foul.filter(|_| happened);
    let scores = met && foul.is_none() && !is_shown;
    html! {
        <>
            <p class={classes!("ask-goal", met.then_some("met"))}>
                <span class="ask-tick" aria-hidden="true">{ if met { "✓" } else { "" } }</span>
                { if met { words::MET } else { words::TRY } }
            </p>
            { pips(used, props.question.budget) }
            if scores { <p class="ask-score">{ said::needed(used.faults, props.question.budget) }</p> }
            if let Some(foul) = foul { <p class="ask-over">{ said::foul(foul) }</p> }
            if met && *is_shown { <p class="quiet">{ said::SHOWN }</p> }
            if let Some(best) = best.filter(Best::is_solved) { { stars(&best) } }
            if let Some(chased) = chased { { search(props, chased) } }
            { acts(props, scores) }
        </>
    }
}

/// The budget: a mark for each fault, filled if it is used.
fn pips(used: &Used, budget: Option<u32>) -> Html {
    let all = budget.unwrap_or(0).max(used.faults);
    html! {
        <p class="ask-used">
            if let Some(budget) = budget.filter(|_| (1..=MOST_PIPS).contains(&all)) {
                <span class="pips" aria-hidden="true">
                    { for (0..all).map(|at| html! {
                        <span class={classes!("pip", (at < used.faults).then_some("used"), (at >= budget).then_some("beyond"))}></span>
                    }) }
                </span>
            }
            { said::used(used.faults, budget) }
        </p>
    }
}

/// The person's best, as stars and in words.
pub fn stars(best: &Best) -> Html {
    html! {
        <p class="ask-best"><span class="stars" aria-hidden="true">{ said::drawn(best.stars) }</span>{ said::best(best) }</p>
    }
}

/// What can be done next.
fn acts(props: &CardProps, scores: bool) -> Html {
    let Challenge { used, chased, .. } = &props.challenge;
    let met = props.stage == Stage::Told;
    let button = |deed: Deed, label: &'static str| {
        let click = props
            .on_act
            .reform(move |_: MouseEvent| Act::Ask(deed.clone()));
        html! { <button type="button" class="quiet-button" onclick={click}>{ label }</button> }
    };
    let searches = chased.as_ref().is_some_and(|chased| !chased.is_over());
    let asked = chased.as_ref().map(|chased| chased.why);
    let fewer = scores && used.faults > 0 && asked != Some(Why::Fewer(used.faults));
    let open = !met && asked.is_none_or(|why| matches!(why, Why::Fewer(_)));
    let nothing = chased.as_ref().is_some_and(|chased| chased.found_nothing());
    let tried = !met && (used.faults > 0 || nothing);
    let way = tried && !props.question.does.is_empty();
    if searches || !(fewer || open || way) {
        return Html::default();
    }
    html! {
        <p class="ask-acts">
            if fewer { { button(Deed::Chase(Why::Fewer(used.faults)), said::FEWER) } }
            if open {
                { button(Deed::Chase(Why::GaveUp), said::GIVE_UP) }
                { button(Deed::Chase(Why::Claimed), said::NOBODY) }
            }
            if way { { button(Deed::ShowWay, words::SHOW_WAY) } }
        </p>
    }
}

/// A search under way, or what came of it.
fn search(props: &CardProps, chased: &Chased) -> Html {
    let shown = &chased.shown;
    let (done, all) = (shown.marks.len() as u64, shown.search.runs);
    let deed = |deed: Deed| {
        props
            .on_act
            .reform(move |_: MouseEvent| Act::Ask(deed.clone()))
    };
    let way = chased.way();
    let by_hand = way.is_some_and(|way| way.by_hand.is_some());
    let never = props.question.never.as_ref().filter(|_| chased.tells_why());
    let right = chased.why == Why::Claimed && chased.found_nothing();
    html! {
        <div class="ask-chase">
            if !chased.is_over() {
                <p>{ said::so_far(done, all) }</p>
                <progress max={all.to_string()} value={done.to_string()} aria-label={said::so_far(done, all)} />
                if shown.shrinking { <p class="quiet">{ said::SHORTER }</p> }
                if let Some(progress) = &shown.orders { <p class="quiet">{ of_runs::states_so_far(progress) }</p> }
                if shown.in_page { <p class="quiet">{ of_runs::IN_PAGE }</p> }
                if let Some(way) = way { <p>{ said::found(done, way.used().total()) }</p> }
                <p class="ask-acts"><button type="button" onclick={deed(Deed::StopChase)}>{ said::STOP }</button></p>
            } else {
                if never.is_some() { <h3>{ said::IMPOSSIBLE }</h3> }
                if never.is_some() && right { <p class="ask-score">{ said::RIGHT }</p> }
                { for chased.sentences(&props.question).into_iter().map(|text| html! { <p>{ text }</p> }) }
                if let Some(why) = never { <p class="ask-never">{ marked(why) }</p> }
                if way.is_some() {
                    <p class="ask-acts">
                        <button type="button" class="primary" onclick={deed(Deed::OpenWay(by_hand))}>
                            { said::OPEN_WAY }
                        </button>
                    </p>
                }
            }
        </div>
    }
}
