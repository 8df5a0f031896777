//! The search for a run that breaks a rule: the form, the progress, a strip with a mark for each random
//! run, and what was found.

mod form;
mod found;
mod strip;

use faultline_sim::descriptor::Protocol;
use faultline_sim::search::Budget;
use yew::prelude::*;

use crate::text::hunting as words;
use crate::ui::{Act, ProtocolRef, Same};
use crate::worker::{Failure, Mark, Progress, Search};
use form::Form;
pub use found::found;
pub use strip::Strip;

/// What a person does with a search.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// Opens the form, for one rule or for any.
    Open(Option<&'static str>),
    Close,
    Search(Box<Wanted>),
    Stop,
    /// Tries every order of events with the faults of the last search.
    Orders,
    /// Opens a random run, by its number.
    Run(u64),
    /// Opens the shortest run; of those by hand, or of the random ones.
    Stage(ByHand),
    /// Copies a link to it.
    CopyLink(ByHand),
}

/// Whether a run that was found is played by hand.
pub type ByHand = bool;

/// What the form asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// None: any rule.
    pub law: Option<&'static str>,
    pub budget: Budget,
    pub runs: u64,
    pub first_seed: u64,
    /// Whether every order of events is tried, and up to how many steps.
    pub orders: bool,
    pub depth: u32,
}

/// A search, as far as it has come.
#[derive(Clone, PartialEq)]
pub struct Shown {
    pub search: Same<Search>,
    pub marks: Same<Vec<Mark>>,
    /// How long the random runs took, in microseconds.
    pub took: u64,
    pub under_way: bool,
    /// What was found is being made shorter, and there are no more random runs.
    pub shrinking: bool,
    /// The person has stopped it.
    pub stopped: bool,
    pub found: Option<Same<Failure>>,
    pub by_hand: Option<Same<Failure>>,
    pub orders: Option<Progress>,
    /// Why every order of events cannot be tried, or nothing at all.
    pub refused: Option<String>,
    /// The page does the work itself.
    pub in_page: bool,
    pub failed: Option<String>,
}

impl Shown {
    /// The shortest run: of those by hand, or of the random ones.
    #[must_use]
    pub fn failure(&self, by_hand: ByHand) -> Option<&Failure> {
        let found = if by_hand { &self.by_hand } else { &self.found };
        found.as_deref()
    }

    /// What came of it, in sentences: the same for eyes and ears.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let mut all = Vec::new();
        let (done, wanted) = (self.marks.len() as u64, self.search.runs);
        if self.marks.iter().any(words::is_broken) {
            all.push(words::broke(&self.marks));
        } else if wanted > 0 && self.refused.is_none() || done > 0 {
            all.push(words::nothing(done, wanted, &self.search.budget));
        }
        all.extend(words::cut_off(&self.marks));
        if let Some(progress) = &self.orders {
            all.push(progress.tried.sentence(&progress.bounds));
        }
        all.extend(self.refused.clone());
        all
    }
}

/// The title of a rule.
fn title_of(protocol: &'static Protocol, law: &str) -> String {
    let found = protocol.invariants.iter().find(|spec| spec.name == law);
    let title = found.map_or(law, |spec| spec.title);
    title.trim_end_matches('.').to_owned()
}

#[derive(Properties, PartialEq)]
pub struct HuntPanelProps {
    pub protocol: ProtocolRef,
    /// The title of the present preset.
    pub preset: AttrValue,
    /// The rule that the form was opened for.
    pub law: Option<&'static str>,
    pub shown: Option<Shown>,
    pub on_act: Callback<Act>,
}

/// The form, and what was found.
#[component]
pub fn HuntPanel(props: &HuntPanelProps) -> Html {
    let protocol = props.protocol;
    let on_deed = props.on_act.reform(Act::Hunt);
    let close = props.on_act.reform(|_: MouseEvent| Act::Hunt(Deed::Close));
    let under_way = props.shown.as_ref().is_some_and(|shown| shown.under_way);
    let any = faultline_sim::search::hunted_laws(&protocol)
        .next()
        .is_some();
    html! {
        <section class="sheet sweep hunt" aria-labelledby="hunt-title">
            <div class="sweep-head">
                <h2 id="hunt-title">{ words::TITLE }</h2>
                <button type="button" onclick={close}>{ words::CLOSE }</button>
            </div>
            if any {
                <p class="quiet">{ words::about(&props.preset) }</p>
                <Form key={protocol.id} {protocol} law={props.law} {under_way} on_act={props.on_act.clone()} />
            } else {
                <p>{ words::no_rules(protocol.title) }</p>
            }
            if let Some(shown) = &props.shown {
                { progress(shown) }
                if !shown.marks.is_empty() {
                    <Strip {protocol} shown={shown.clone()} {on_deed} />
                }
                { result(props, shown) }
            }
        </section>
    }
}

/// How far a search under way has come.
fn progress(shown: &Shown) -> Html {
    if !shown.under_way {
        return Html::default();
    }
    let (done, all) = (shown.marks.len() as u64, shown.search.runs);
    let (said, at, of) = match &shown.orders {
        Some(progress) => {
            let (faults, steps) = progress.tried.at;
            let depth = u64::from(progress.bounds.depth);
            let all = (u64::from(progress.bounds.budget.total()) + 1) * depth;
            let at = u64::from(faults) * depth + u64::from(steps);
            (words::states_so_far(progress), at, all)
        }
        None => (words::runs_so_far(done, all, shown.took), done, all),
    };
    html! {
        <>
            <p class="hunt-progress">{ said }</p>
            if shown.shrinking && shown.orders.is_none() {
                <p class="quiet">{ words::SHRINKING }</p>
            }
            <progress max={of.max(1).to_string()} value={at.to_string()} aria-label={words::SEARCH} />
            if shown.in_page { <p class="quiet">{ words::IN_PAGE }</p> }
        </>
    }
}

fn result(props: &HuntPanelProps, shown: &Shown) -> Html {
    let protocol = props.protocol;
    let on_deed = props.on_act.reform(Act::Hunt);
    let mut failures: Vec<&Same<Failure>> = shown.found.iter().chain(&shown.by_hand).collect();
    failures.sort_by_key(|failure| failure.rank());
    let more = !shown.under_way && shown.orders.is_none() && shown.refused.is_none();
    let orders = props.on_act.reform(|_: MouseEvent| Act::Hunt(Deed::Orders));
    html! {
        <>
            if !shown.under_way {
                <div class="hunt-tried">
                    { for shown.sentences().into_iter().map(|said| html! { <p>{ said }</p> }) }
                </div>
            }
            if let Some(why) = &shown.failed {
                <p class="complaint" role="alert">{ words::failed(why) }</p>
            }
            { for failures.into_iter().map(|failure| {
                let by_hand = failure.by_hand.is_some();
                let so_far = shown.under_way && !by_hand;
                found(protocol, failure, so_far, &on_deed)
            }) }
            if more {
                <button type="button" onclick={orders}>{ words::ORDERS }</button>
            }
        </>
    }
}
