//! The library: all systems by shelf, with pictures of their scenarios, what is asked about them, and
//! essays; and the search over them.

use faultline_protocols::{CATALOGUE, HOME};
use faultline_sim::descriptor::{Protocol, Shelf};
use faultline_sim::sorted::SortedMap;
use yew::prelude::*;

use crate::ui::use_focus;

use super::controls::typed;
use super::essay::Essay;
use crate::finding::{Entry, Texts, scenarios};
use crate::text::course as course_words;
use crate::text::finding as words;
use crate::text::search::Search;
use crate::ui::terms::{glossary, marked};
use crate::ui::thumb::{Sketch, Thumb};
use crate::ui::{ProtocolRef, Same};

#[derive(Properties, PartialEq, Clone)]
pub struct LibraryProps {
    /// The scenario on the stage, `protocol/scenario`.
    pub current: String,
    /// Whether to hide texts that tell how a scenario ends.
    pub hide_answers: bool,
    #[prop_or_default]
    pub texts: Same<Texts>,
    /// What is asked about a scenario, and how many questions there are.
    #[prop_or_default]
    pub asks: Same<SortedMap<String, String>>,
    #[prop_or_default]
    pub counts: Same<SortedMap<String, usize>>,
    /// The pictures that are drawn so far.
    #[prop_or_default]
    pub sketches: Same<SortedMap<String, Same<Sketch>>>,
    /// The level of a scenario, from the lessons that use it.
    #[prop_or_default]
    pub levels: Same<SortedMap<String, u32>>,
    pub on_open: Callback<String>,
    #[prop_or_default]
    pub on_lessons: Callback<()>,
    pub on_close: Callback<()>,
}

/// The drawer.
#[component]
pub fn Library(props: &LibraryProps) -> Html {
    let sought = use_state(String::new);
    let field = use_focus();
    let oninput = {
        let sought = sought.clone();
        Callback::from(move |event: InputEvent| sought.set(typed(&event)))
    };
    let close = {
        let on_close = props.on_close.clone();
        Callback::from(move |_: MouseEvent| on_close.emit(()))
    };
    let onkeydown = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.stop_propagation();
                on_close.emit(());
            }
        })
    };
    // A search reads all essays: once for each word that is typed.
    let answers = {
        let (texts, asks) = (props.texts.clone(), props.asks.clone());
        use_memo((sought.clone(), texts, asks), |(sought, texts, asks)| {
            let search = Search::new(sought, &glossary());
            (!search.is_empty()).then(|| scenarios(&search, texts, asks))
        })
    };
    let lessons = {
        let on_lessons = props.on_lessons.clone();
        Callback::from(move |_: MouseEvent| on_lessons.emit(()))
    };
    html! {
        <div class="library wide" role="dialog" aria-labelledby="library-title" {onkeydown}>
            <div class="sheet-head">
                <h2 id="library-title">{ "Library" }</h2>
                <button type="button" class="act" onclick={lessons}>{ words::LESSONS }</button>
                <button type="button" class="act" onclick={close}>{ "Close" }</button>
            </div>
            <label class="library-search">
                <span>{ "Search" }</span>
                <input ref={field} type="search" autocomplete="off" value={(*sought).clone()}
                    {oninput} />
            </label>
            // What is found has its own element, so that a search does not move the field and its
            // focus.
            <div class="library-found">
                if let Some(answers) = &*answers { { found(answers, &sought, props) } } else { { shelves(props) } }
            </div>
        </div>
    }
}

/// The scenarios that a search has found, the best first.
fn found(found: &[(u32, Entry)], sought: &str, props: &LibraryProps) -> Html {
    html! {
        <>
            <p class="quiet" role="status">{ words::scenarios(found.len(), sought) }</p>
            <ul class="library-scenarios">
                { for found.iter().map(|(_, entry)| scenario(*entry, true, props)) }
            </ul>
        </>
    }
}

/// All scenarios by shelf, with the contents on the left.
fn shelves(props: &LibraryProps) -> Html {
    let of = |shelf| {
        CATALOGUE
            .0
            .iter()
            .filter(move |protocol| protocol.shelf == shelf)
    };
    let full: Vec<(Shelf, &str)> = Shelf::ALL
        .iter()
        .copied()
        .filter(|(shelf, _)| of(*shelf).next().is_some())
        .collect();
    let go = |id: &'static str| {
        Callback::from(move |_: MouseEvent| {
            crate::browser::show(&format!("#entry-{id}"));
        })
    };
    html! {
        <div class="library-shelves">
            <nav class="library-contents" aria-label={words::CONTENTS}>
                { for full.iter().map(|(shelf, title)| html! {
                    <>
                        <p class="shelf">{ *title }</p>
                        <ul>{ for of(*shelf).map(|protocol| html! {
                            <li><button type="button" class="link" onclick={go(protocol.id)}>{ protocol.title }</button></li>
                        }) }</ul>
                    </>
                }) }
            </nav>
            <div>
                { for full.iter().map(|(shelf, title)| html! {
                    <section key={*title} aria-label={*title}>
                        <p class="shelf">{ *title }</p>
                        { for of(*shelf).map(|protocol| one(protocol, props)) }
                    </section>
                }) }
            </div>
        </div>
    }
}

fn one(protocol: &'static Protocol, props: &LibraryProps) -> Html {
    let entries = protocol
        .scenarios
        .iter()
        .map(|scenario| Entry { protocol, scenario });
    html! {
        <article class="library-entry" key={protocol.id} id={format!("entry-{}", protocol.id)} tabindex="-1">
            <h3>{ protocol.title }</h3>
            <p>{ marked(protocol.summary) }</p>
            <ul class="library-scenarios">
                { for entries.map(|entry| scenario(entry, false, props)) }
            </ul>
            <Essay protocol={ProtocolRef(protocol)} />
        </article>
    }
}

/// A scenario as a card: its picture, its title, what is asked, its level and length.
fn scenario(entry: Entry, alone: bool, props: &LibraryProps) -> Html {
    let (protocol, scenario) = (entry.protocol, entry.scenario);
    let name = entry.name();
    let is_current = name == props.current;
    let home = name == HOME;
    let questions = props.counts.get(&name).copied().unwrap_or_default();
    let minutes = minutes(entry, questions);
    let level = props
        .levels
        .get(&name)
        .map(|level| course_words::level(*level));
    let about = [
        alone.then(|| protocol.title.to_owned()),
        level,
        Some(words::about(minutes)),
    ];
    let about: Vec<String> = about.into_iter().flatten().collect();
    let sketch = props.sketches.get(&name).cloned();
    let ask = props.asks.get(&name).cloned();
    let breaks = protocol
        .preset(scenario.preset)
        .ok()
        .and_then(|preset| preset.breaks);
    let (on_open, chosen) = (props.on_open.clone(), name.clone());
    let onclick = Callback::from(move |_: MouseEvent| on_open.emit(chosen.clone()));
    html! {
        <li key={name}>
            <button type="button" class={classes!("library-open", is_current.then_some("library-current"))}
                aria-current={is_current.then_some("true")} {onclick}>
                <Thumb {sketch} />
                <span class="library-title">
                    { scenario.title }
                    if is_current { <span class="tag">{ words::ON_STAGE }</span> }
                    if home { <span class="tag">{ words::HOME }</span> }
                </span>
            </button>
            if let Some(ask) = ask {
                <p class="library-ask"><span>{ words::QUESTION }</span>{ " " }{ ask }</p>
            } else if !props.hide_answers {
                <p class="quiet">{ scenario.summary }</p>
            }
            if let Some(what) = breaks.filter(|_| !props.hide_answers) {
                <p class="as-written">{ crate::text::known_bug(what) }</p>
            }
            <p class="quiet">{ about.join(" · ") }</p>
        </li>
    }
}

/// How long a scenario takes: its own time at its own speed, and time to think about each question.
fn minutes(entry: Entry, questions: usize) -> u32 {
    const THINKING_S: f64 = 75.0;
    let view = entry.scenario.view;
    let run = entry.scenario.until.0 as f64 / 1e6 / entry.scenario.pace / view.speed;
    ((run.min(180.0) + THINKING_S * questions as f64) / 60.0)
        .ceil()
        .max(1.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_takes_minutes_and_not_hours() {
        for entry in Entry::all() {
            let minutes = minutes(entry, 2);
            assert!((2..=12).contains(&minutes), "{}: {minutes}", entry.name());
        }
    }
}
