//! What many runs came to: a strip of them, the endings, or the states with each switch.

use faultline_sim::descriptor::Recipe;
use faultline_sim::explore::grouped;
use faultline_sim::question::{Answer, Clause, Kind, Many, Part, Tally, crash_points, endings};
use yew::prelude::*;

use super::{CardProps, Deed};
use crate::text::asking as words;
use crate::text::measured::amount;
use crate::ui::hunting::{self, Shown, Strip, found};
use crate::ui::{Act, Same};

/// Endings that are listed; the others are counted.
const LISTED: usize = 6;

/// What is counted over many runs, as far as it has come.
#[derive(Clone, PartialEq)]
pub enum Counted {
    /// Random runs, each with its mark.
    Runs(Box<Shown>),
    /// Endings, or states.
    Parts(Parts),
}

/// Parts of a count.
#[derive(Clone, Default, PartialEq)]
pub struct Parts {
    pub parts: Same<Vec<Part>>,
    pub all: u64,
    pub under_way: bool,
    pub failed: Option<String>,
}

impl Counted {
    /// Parts so far, and all of them.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        match self {
            Self::Runs(shown) => (shown.marks.len() as u64, shown.search.runs),
            Self::Parts(parts) => (parts.parts.len() as u64, parts.all),
        }
    }

    /// Whether all is counted.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let (done, all) = self.progress();
        done == all
    }

    fn failed(&self) -> Option<&String> {
        match self {
            Self::Runs(shown) => shown.failed.as_ref().or(shown.refused.as_ref()),
            Self::Parts(parts) => parts.failed.as_ref(),
        }
    }
}

/// What a count says that ended early: how far it came, unless it failed and says why.
pub(super) fn so_far(count: &Counted, found: &str) -> String {
    let (done, all) = count.progress();
    match (done, count.failed()) {
        (0, Some(_)) => String::new(),
        _ => words::stopped(done, all, found),
    }
}

/// The count while it goes on.
pub(super) fn under_way(props: &CardProps, count: &Counted) -> Html {
    let (done, all) = count.progress();
    html! {
        <>
            <p>{ words::counted_so_far(done, all) }</p>
            <progress max={all.to_string()} value={done.to_string()} aria-label={words::COUNTS} />
            if let Counted::Runs(shown) = count { { strip(props, shown) } }
        </>
    }
}

/// What came of it.
pub(super) fn told(props: &CardProps, count: &Counted) -> Html {
    html! {
        <>
            if let Some(why) = count.failed() { <p class="complaint" role="alert">{ crate::text::capital(why) }</p> }
            { match count {
                Counted::Runs(shown) => html! {
                    <>
                        { strip(props, shown) }
                        if let Some(failure) = &shown.found {
                            { found(props.protocol, failure, shown.under_way, &runs(props)) }
                        }
                    </>
                },
                Counted::Parts(parts) => match parts.parts.first() {
                    Some(Part::States { .. }) => states(props, &parts.parts),
                    Some(Part::Measured { .. }) => ranked(props, &parts.parts),
                    Some(Part::Crash { .. }) => crashes(props, &parts.parts),
                    _ => ends(props, &parts.parts),
                },
            } }
        </>
    }
}

fn runs(props: &CardProps) -> Callback<hunting::Deed> {
    props.on_act.reform(|deed| Act::Ask(Deed::Runs(deed)))
}

fn strip(props: &CardProps, shown: &Shown) -> Html {
    if shown.marks.is_empty() {
        return Html::default();
    }
    html! { <Strip protocol={props.protocol} shown={shown.clone()} on_deed={runs(props)} /> }
}

/// The commonest endings, each with a button that opens its first run where it ends.
fn ends(props: &CardProps, parts: &[Part]) -> Html {
    let mut all = endings(parts);
    let more = all.len().saturating_sub(LISTED);
    faultline_sim::sorted::sort_by_key(&mut all, |seeds| std::cmp::Reverse(seeds.len()));
    let row = |seeds: &Vec<u64>| {
        let seed = seeds[0];
        let onclick = props
            .on_act
            .reform(move |_: MouseEvent| Act::Ask(Deed::Runs(hunting::Deed::Run(seed))));
        html! {
            <li>
                <button type="button" class="act" {onclick}>{ words::open_ending(seed) }</button>
                { format!(" {}", words::times(seeds.len())) }
            </li>
        }
    };
    html! {
        <>
            <ul class="ask-counts">{ for all.iter().take(LISTED).map(row) }</ul>
            if more > 0 { <p class="quiet">{ words::more_endings(more) }</p> }
        </>
    }
}

/// The moments at which a crash did harm, each with a button that opens its run where it ends.
fn crashes(props: &CardProps, parts: &[Part]) -> Html {
    let points = crash_points(parts);
    let more = points.len().saturating_sub(LISTED);
    let row = |after: &u64| {
        let after = *after;
        let deed = hunting::Deed::Run(after);
        let onclick = props
            .on_act
            .reform(move |_: MouseEvent| Act::Ask(Deed::Runs(deed.clone())));
        html! {
            <li><button type="button" class="act" {onclick}>{ words::open_crash(after) }</button></li>
        }
    };
    html! {
        <>
            <ul class="ask-counts">{ for points.iter().take(LISTED).map(row) }</ul>
            if more > 0 { <p class="quiet">{ words::more_crashes(more) }</p> }
        </>
    }
}

/// How many states there are without any of the switches, and with each of them.
fn states(props: &CardProps, parts: &[Part]) -> Html {
    let Kind::Choice(options) = &props.question.kind else {
        return Html::default();
    };
    let row = |part: &Part| {
        let Part::States { switch, states, .. } = part else {
            return Html::default();
        };
        let label = match switch {
            None => words::NONE_OF_THEM,
            Some(key) => {
                let found = options.iter().find(|(own, _)| own == key);
                found.map_or(key.as_str(), |(_, label)| label.as_str())
            }
        };
        html! { <tr><th scope="row">{ label.to_owned() }</th><td>{ grouped(*states) }</td></tr> }
    };
    html! {
        <table class="ask-table ask-states">
            <thead><tr><th scope="col">{ words::TURNED_ON }</th><th scope="col">{ words::STATES }</th></tr></thead>
            <tbody>{ for parts.iter().map(row) }</tbody>
        </table>
    }
}

/// What was measured in each scenario, on average.
fn ranked(props: &CardProps, parts: &[Part]) -> Html {
    let (Kind::Order(cards), Answer::Many(many)) = (&props.question.kind, &props.question.answer)
    else {
        return Html::default();
    };
    let Many::Ranked { probe, .. } = many else {
        return Html::default();
    };
    let measured = props.protocol.probes.iter().find(|own| own.name == probe);
    let (title, unit) = measured.map_or(("", ""), |probe| (probe.title, probe.unit));
    let tally = Tally::of(&Recipe::new(props.protocol.id, 1), props.question.as_ref());
    let means = tally.map_or_else(Vec::new, |tally| tally.means(parts));
    let row = |(name, mean): &(String, Option<f64>)| {
        let card = cards
            .iter()
            .find(|(of, _)| matches!(of, Clause::Run(own) if own == name));
        let label = card
            .map_or(name.as_str(), |(_, label)| label.as_str())
            .to_owned();
        let mean = mean.map_or_else(String::new, |mean| amount(mean, unit));
        html! { <tr><th scope="row">{ label }</th><td>{ mean }</td></tr> }
    };
    html! {
        <table class="ask-table ask-states">
            <thead><tr><th scope="col">{ words::SCENARIO }</th><th scope="col">{ title }</th></tr></thead>
            <tbody>{ for means.iter().map(row) }</tbody>
        </table>
    }
}
