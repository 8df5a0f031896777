//! The library: all systems by shelf, with scenarios, broken rules of presets, and essays.

use faultline_protocols::{CATALOGUE, HOME};
use faultline_sim::descriptor::{Protocol, Scenario, Shelf};
use web_sys::HtmlElement;
use yew::prelude::*;

use super::controls::typed;
use super::essay::Essay;
use crate::ui::ProtocolRef;

#[derive(Properties, PartialEq)]
pub struct LibraryProps {
    pub open: bool,
    /// The scenario on the stage, `protocol/scenario`.
    pub current: String,
    /// Whether to hide texts that tell how a scenario ends.
    pub hide_answers: bool,
    pub on_open: Callback<String>,
    pub on_close: Callback<()>,
}

/// The drawer.
#[component]
pub fn Library(props: &LibraryProps) -> Html {
    let sought = use_state(String::new);
    let field = use_node_ref();
    {
        let field = field.clone();
        use_effect_with(props.open, move |open| {
            if *open && let Some(field) = field.cast::<HtmlElement>() {
                crate::browser::give_focus(&field);
            }
        });
    }
    if !props.open {
        return Html::default();
    }
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
    let shelves = shelves(&sought);
    html! {
        <div class="library" role="dialog" aria-labelledby="library-title" {onkeydown}>
            <div class="sheet-head">
                <h2 id="library-title">{ "Library" }</h2>
                <button type="button" class="act" onclick={close}>{ "Close" }</button>
            </div>
            <label class="library-search">
                <span>{ "Search" }</span>
                <input ref={field} type="search" autocomplete="off" value={(*sought).clone()}
                    {oninput} />
            </label>
            // The shelves have their own element, so that a search does not move the field and its
            // focus.
            <div class="library-found">
                if shelves.is_empty() {
                    <p class="quiet" role="status">
                        { format!("No scenario matches \"{}\".", *sought) }
                    </p>
                }
                { for shelves.iter().map(|(shelf, found)| html! {
                    <section key={*shelf} aria-label={*shelf}>
                        <p class="shelf">{ *shelf }</p>
                        { for found.iter().map(|found| protocol(found, props)) }
                    </section>
                }) }
            </div>
        </div>
    }
}

/// A protocol with the scenarios that match the search.
struct Found {
    protocol: &'static Protocol,
    scenarios: Vec<&'static Scenario>,
}

/// Matches of the search by shelf, in the catalogue's order.
fn shelves(sought: &str) -> Vec<(&'static str, Vec<Found>)> {
    let sought = sought.to_ascii_lowercase();
    let words: Vec<&str> = sought.split_whitespace().collect();
    let fits = |texts: &[&str]| {
        let text = texts.join(" ").to_ascii_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let found = |protocol: &'static Protocol| {
        let p = [
            protocol.id,
            protocol.title,
            protocol.shelf.title(),
            protocol.summary,
        ];
        let scenarios = protocol.scenarios.iter().filter(|s| {
            fits(&p) || fits(&[&p[..], &[s.id, s.title, s.summary, s.preset]].concat())
        });
        let scenarios: Vec<_> = scenarios.collect();
        (!scenarios.is_empty()).then_some(Found {
            protocol,
            scenarios,
        })
    };
    let of = |shelf| {
        let own = CATALOGUE
            .0
            .iter()
            .filter(|protocol| protocol.shelf == shelf);
        own.filter_map(|protocol| found(protocol))
            .collect::<Vec<_>>()
    };
    Shelf::ALL
        .iter()
        .map(|(shelf, title)| (*title, of(*shelf)))
        .filter(|(_, found)| !found.is_empty())
        .collect()
}

fn protocol(found: &Found, props: &LibraryProps) -> Html {
    let protocol = found.protocol;
    html! {
        <article class="library-entry" key={protocol.id}>
            <h3>{ protocol.title }</h3>
            <p>{ protocol.summary }</p>
            <ul class="library-scenarios">
                { for found.scenarios.iter().map(|s| scenario(protocol, s, props)) }
            </ul>
            <Essay protocol={ProtocolRef(protocol)} />
        </article>
    }
}

fn scenario(protocol: &Protocol, scenario: &Scenario, props: &LibraryProps) -> Html {
    let name = format!("{}/{}", protocol.id, scenario.id);
    let is_current = name == props.current;
    let home = name == HOME;
    let (on_open, chosen) = (props.on_open.clone(), name);
    let onclick = Callback::from(move |_: MouseEvent| on_open.emit(chosen.clone()));
    let breaks = protocol
        .preset(scenario.preset)
        .ok()
        .and_then(|preset| preset.breaks);
    html! {
        <li>
            <button type="button" class={classes!("library-open", is_current.then_some("library-current"))}
                aria-current={is_current.then_some("true")} {onclick}>
                { scenario.title }
                if is_current { <span class="tag">{ "on stage" }</span> }
                if home { <span class="tag">{ "home" }</span> }
            </button>
            if !props.hide_answers { <p class="quiet">{ scenario.summary }</p> }
            if let Some(what) = breaks.filter(|_| !props.hide_answers) {
                <p class="as-written">{ crate::text::known_bug(what) }</p>
            }
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sought: &str) -> usize {
        shelves(sought)
            .iter()
            .flat_map(|(_, list)| list)
            .map(|f| f.scenarios.len())
            .sum()
    }

    #[test]
    fn every_scenario_is_on_a_shelf() {
        assert_eq!(
            found(""),
            CATALOGUE.0.iter().map(|p| p.scenarios.len()).sum::<usize>()
        );
    }

    #[test]
    fn search_takes_all_its_words() {
        let first = CATALOGUE.0[0];
        assert!(found(first.id) >= first.scenarios.len());
        assert_eq!(found("no such words at all"), 0);
    }
}
