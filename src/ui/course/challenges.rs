//! The list of challenges: by protocol, with what is allowed and the person's best.

use std::rc::Rc;

use faultline_protocols::CATALOGUE;
use faultline_sim::question::Question;
use yew::prelude::*;

use super::Deed;
use crate::progress::Best;
use crate::text::challenge as words;
use crate::text::course::{CLOSE, LEARN};
use crate::ui::asking::stars;
use crate::ui::panels::value_of;
use crate::ui::{Act, Same, use_focus};

/// A challenge in the list.
#[derive(Clone, PartialEq)]
pub struct Entry {
    /// `raft/two-at-once`
    pub name: String,
    pub protocol: String,
    pub goal: Rc<Question>,
    pub best: Option<Best>,
}

impl Entry {
    /// The algorithm and the scenario: "Raft · The leader crashes".
    #[must_use]
    pub fn about(&self) -> String {
        let found = CATALOGUE.find(&format!("{}/{}", self.protocol, self.goal.scenario));
        found.map_or_else(
            |_| self.name.clone(),
            |(protocol, scenario)| format!("{} · {}", protocol.title, scenario.title),
        )
    }

    fn is_solved(&self) -> bool {
        self.best.as_ref().is_some_and(Best::is_solved)
    }
}

#[derive(Properties, PartialEq)]
pub struct ChallengesProps {
    pub entries: Same<Vec<Entry>>,
    /// They could not be loaded.
    pub missing: bool,
    pub on_act: Callback<Act>,
}

/// Which of them are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    All,
    Open,
    Solved,
}

const SHOWN: [(Shown, &str); 3] = [
    (Shown::All, words::ALL),
    (Shown::Open, words::OPEN),
    (Shown::Solved, words::SOLVED),
];

impl Shown {
    fn holds(self, entry: &Entry) -> bool {
        match self {
            Shown::All => true,
            Shown::Open => !entry.is_solved(),
            Shown::Solved => entry.is_solved(),
        }
    }
}

#[component]
pub fn Challenges(props: &ChallengesProps) -> Html {
    let root = use_focus();
    let shown = use_state(|| Shown::All);
    let deed = |deed: Deed| {
        props
            .on_act
            .reform(move |_: MouseEvent| Act::Learn(deed.clone()))
    };
    let onkeydown = {
        let on_act = props.on_act.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.stop_propagation();
                on_act.emit(Act::Learn(Deed::Challenges(false)));
            }
        })
    };
    let some: Vec<&Entry> = props
        .entries
        .iter()
        .filter(|entry| shown.holds(entry))
        .collect();
    let solved = props
        .entries
        .iter()
        .filter(|entry| entry.is_solved())
        .count();
    html! {
        <div class="library learn challenges" role="dialog" aria-labelledby="challenges-title" tabindex="-1" ref={root}
            {onkeydown}>
            <div class="sheet-head">
                <h2 id="challenges-title">{ words::CHALLENGES }</h2>
                <button type="button" class="act" onclick={deed(Deed::List(true))}>{ words::LESSONS }</button>
                <button type="button" class="act" onclick={deed(Deed::Challenges(false))}>{ CLOSE }</button>
            </div>
            <p>{ words::ABOUT }</p>
            if props.entries.is_empty() {
                <p role="status">{ if props.missing { words::MISSING } else { words::LOADING } }</p>
            } else {
                { filter(&shown) }
                <p class="quiet" role="status">{ words::count(some.len(), solved) }</p>
                if some.is_empty() { <p>{ words::NONE_LEFT }</p> }
            }
            { for CATALOGUE.0.iter().map(|protocol| {
                let own: Vec<&Entry> = some.iter().copied().filter(|entry| entry.protocol == protocol.id).collect();
                html! {
                    if !own.is_empty() {
                        <section key={protocol.id} aria-label={protocol.title}>
                            <p class="shelf">{ protocol.title }</p>
                            { for own.into_iter().map(|entry| card(entry, &props.on_act)) }
                        </section>
                    }
                }
            }) }
        </div>
    }
}

fn filter(shown: &UseStateHandle<Shown>) -> Html {
    let choose = {
        let shown = shown.clone();
        Callback::from(move |event: Event| {
            let word = value_of(&event);
            if let Some((chosen, _)) = SHOWN.iter().find(|(_, label)| *label == word) {
                shown.set(*chosen);
            }
        })
    };
    html! {
        <div class="learn-path">
            <label>{ words::SHOW }
                <select onchange={choose}>
                    { for SHOWN.iter().map(|(one, label)| html! {
                        <option value={*label} selected={**shown == *one}>{ *label }</option>
                    }) }
                </select>
            </label>
        </div>
    }
}

fn card(entry: &Entry, on_act: &Callback<Act>) -> Html {
    let name = entry.name.clone();
    let open = on_act.reform(move |_: MouseEvent| Act::Learn(Deed::Challenge(name.clone())));
    html! {
        <article class="lesson-card" key={entry.name.clone()}>
            <button type="button" class="library-open" onclick={open}>{ &entry.goal.ask }</button>
            <p class="quiet">{ format!("{} · {}", entry.about(), words::allowed(&entry.goal)) }</p>
            if let Some(best) = entry.best.as_ref().filter(|best| best.is_solved()) { { stars(best) } }
        </article>
    }
}

/// The door from the lessons.
pub(super) fn door(on_act: &Callback<Act>) -> Html {
    let open = on_act.reform(|_: MouseEvent| Act::Learn(Deed::Challenges(true)));
    html! { <button type="button" class="act" aria-label={format!("{LEARN}: {}", words::CHALLENGES)} onclick={open}>{ words::CHALLENGES }</button> }
}
