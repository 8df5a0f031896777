//! The choice of a run to compare with: one rule changed, another preset, seed or scenario, a kept run.

use faultline_protocols::CATALOGUE;
use faultline_sim::descriptor::Recipe;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::text::{capital, compare as words};
use crate::ui::act::CompareAct;
use crate::ui::icons::Icon;
use crate::ui::{Act, ProtocolRef};

#[derive(Properties, PartialEq)]
pub struct ChooserProps {
    /// The present run.
    pub recipe: Recipe,
    pub protocol: ProtocolRef,
    /// Rules with their present state.
    pub rules: Vec<(&'static str, &'static str, bool)>,
    /// The present preset.
    pub preset: &'static str,
    /// Letters and names of kept runs.
    pub kept: Vec<(char, AttrValue)>,
    pub on_act: Callback<Act>,
}

/// The dialog.
#[component]
pub fn Chooser(props: &ChooserProps) -> Html {
    let system = use_node_ref();
    let with = |recipe: Recipe| {
        props.on_act.reform(move |_: MouseEvent| {
            Act::Compare(CompareAct::CompareWith(Box::new(recipe.clone())))
        })
    };
    let rule = |(name, title, on): &(&'static str, &'static str, bool)| {
        let mut recipe = props.recipe.clone();
        let _ = recipe.switches.insert((*name).to_owned(), !on);
        // A later command of the person would undo the change.
        let own = format!(" switch {name}=");
        recipe.commands.retain(|command| !command.contains(&own));
        let word = if *on { "Off:" } else { "On:" };
        html! { <li>
            <button type="button" onclick={with(recipe)}>
                <strong>{ format!("{word} ") }</strong>{ capital(title) }
            </button>
        </li> }
    };
    let preset = |preset: &faultline_sim::descriptor::Preset| {
        // Rules and values of the present preset are left out.
        let recipe = Recipe {
            preset: Some(preset.name.to_owned()),
            switches: Default::default(),
            ..props.recipe.clone()
        };
        html! { <li>
            <button type="button" onclick={with(recipe)}>{ preset.title }</button>
        </li> }
    };
    let kept = |(letter, name): &(char, AttrValue)| {
        let letter = *letter;
        let open = props
            .on_act
            .reform(move |_: MouseEvent| Act::Compare(CompareAct::CompareRun(letter)));
        html! { <li><button type="button" onclick={open}>{ capital(name) }</button></li> }
    };
    let mut other_seed = props.recipe.clone();
    let seed: u64 = other_seed.seed.parse().unwrap_or_default();
    other_seed.seed = seed.wrapping_add(1).to_string();
    let compare_with = {
        let (system, on_act) = (system.clone(), props.on_act.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(select) = system.cast::<HtmlSelectElement>() {
                let recipe = Recipe::new(&select.value(), seed);
                on_act.emit(Act::Compare(CompareAct::CompareWith(Box::new(recipe))));
            }
        })
    };
    let others = props
        .protocol
        .presets
        .iter()
        .filter(|p| p.name != props.preset);
    let close = props
        .on_act
        .reform(|_: MouseEvent| Act::Compare(CompareAct::Choose(false)));
    html! {
        <section class="chooser" role="dialog" aria-labelledby="chooser-title">
            <div class="sheet-head">
                <h2 id="chooser-title">{ words::WITH }</h2>
                <button type="button" class="close" aria-label="Close the choice" onclick={close}>
                    { Icon::Close.inline() }
                </button>
            </div>
            if !props.kept.is_empty() {
                <h3>{ words::KEPT_RUNS }</h3>
                <ul>{ for props.kept.iter().map(kept) }</ul>
            }
            if !props.rules.is_empty() {
                <h3>{ words::RULES }</h3>
                <ul>{ for props.rules.iter().map(rule) }</ul>
            }
            if props.protocol.presets.len() > 1 {
                <h3>{ words::PRESETS }</h3>
                <ul>{ for others.map(preset) }</ul>
            }
            <h3>{ words::LIBRARY }</h3>
            <div class="choose-system">
                <select ref={system} aria-label={words::SYSTEM}>
                    { for CATALOGUE.0.iter().map(|protocol| html! {
                        <optgroup label={protocol.title}>
                            { for protocol.scenarios.iter().map(|scenario| {
                                let name = format!("{}/{}", protocol.id, scenario.id);
                                html! { <option value={name}>{ scenario.title }</option> }
                            }) }
                        </optgroup>
                    }) }
                </select>
                <button type="button" onclick={compare_with}>{ words::SIDE_BY_SIDE }</button>
            </div>
            <h3>{ words::SEED }</h3>
            <ul><li>
                <button type="button" onclick={with(other_seed.clone())}>
                    { format!("{}: {}", words::SEED, other_seed.seed) }
                </button>
                <span class="quiet">{ words::SEED_ABOUT }</span>
            </li></ul>
        </section>
    }
}
