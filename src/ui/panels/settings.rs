//! The settings: preset, parameters, rules and seed. The kernel's own sentence answers a wrong value.

use faultline_protocols::CATALOGUE;
use faultline_sim::command::Command;
use faultline_sim::descriptor::Recipe;
use yew::prelude::*;

use super::SettingsShown;
use super::controls::{complaint, value_of};
use super::param::ParamField;
use crate::ui::ProtocolRef;
use crate::ui::number_box::{Kind, NumberBox};

#[derive(Properties, PartialEq)]
pub struct SettingsPanelProps {
    pub recipe: Recipe,
    pub protocol: ProtocolRef,
    pub settings: SettingsShown,
    pub on_command: Callback<Command>,
    /// Starts a run.
    pub on_restart: Callback<Recipe>,
}

/// The panel of settings.
#[component]
pub fn SettingsPanel(props: &SettingsPanelProps) -> Html {
    let fresh = restarted(&props.recipe, &props.settings);
    let on_set = {
        let (fresh, settings) = (fresh.clone(), props.settings.clone());
        let (on_command, on_restart) = (props.on_command.clone(), props.on_restart.clone());
        Callback::from(move |(name, text): (&'static str, String)| {
            let (param, value) = settings
                .params
                .iter()
                .find(|(param, _)| param.name == name)?;
            match param.parse(&text) {
                Err(sentence) => return Some(sentence),
                Ok(same) if same == *value => return None,
                Ok(new) if !param.at_start => {
                    on_command.emit(Command::SetParam(name.into(), new.to_string()));
                    return None;
                }
                Ok(_) => {}
            }
            let mut recipe = fresh.clone();
            recipe.params.insert(name.into(), text.trim().into());
            attempt(recipe, &on_restart)
        })
    };
    let restart = {
        let (fresh, on_restart) = (fresh.clone(), props.on_restart.clone());
        Callback::from(move |_: MouseEvent| on_restart.emit(fresh.clone()))
    };
    html! {
        <section class="sheet settings" aria-labelledby="settings-title">
            <div class="sheet-head">
                <h2 id="settings-title">{ "Settings" }</h2>
                <button type="button" class="act" onclick={restart}>{ "Restart run" }</button>
            </div>
            { presets(props) }
            if !props.settings.params.is_empty() {
                <h3>{ "Parameters" }</h3>
                { for props.settings.params.iter().map(|(param, value)| html! {
                    <ParamField key={param.name} param={*param} value={value.clone()}
                        on_set={on_set.clone()} />
                }) }
            }
            if !props.settings.switches.is_empty() {
                <h3>{ "Rules of the algorithm" }</h3>
                { for switches(props) }
            }
            <h3>{ "Randomness" }</h3>
            <SeedField recipe={fresh} on_restart={props.on_restart.clone()} />
        </section>
    }
}

/// The run from its start with the present settings: later changes become part of the recipe, and
/// faults are left out.
fn restarted(recipe: &Recipe, shown: &SettingsShown) -> Recipe {
    let mut fresh = Recipe {
        commands: Vec::new(),
        ..recipe.clone()
    };
    let Ok(setup) = CATALOGUE.setup(&fresh) else {
        return fresh;
    };
    let began = SettingsShown::of(&setup.settings);
    for (param, value) in &shown.params {
        let same = began
            .params
            .iter()
            .any(|(p, v)| p.name == param.name && v == value);
        if !same {
            fresh.params.insert(param.name.into(), value.to_string());
        }
    }
    for (switch, on) in &shown.switches {
        let same = began
            .switches
            .iter()
            .any(|(s, o)| s.name == switch.name && o == on);
        if !same {
            fresh.switches.insert(switch.name.into(), *on);
        }
    }
    fresh
}

/// Restarts with a recipe, if the kernel can set it up; else its sentence.
fn attempt(recipe: Recipe, on_restart: &Callback<Recipe>) -> Option<String> {
    match CATALOGUE.setup(&recipe) {
        Ok(_) => {
            on_restart.emit(recipe);
            None
        }
        Err(sentence) => Some(sentence),
    }
}

/// The choice of a preset, and what it breaks by design.
fn presets(props: &SettingsPanelProps) -> Html {
    let protocol = props.protocol.0;
    let Ok((_, scenario)) = CATALOGUE.find(&props.recipe.scenario) else {
        return Html::default();
    };
    let chosen = props.recipe.preset.as_deref().unwrap_or(scenario.preset);
    let onchange = {
        let (recipe, on_restart) = (props.recipe.clone(), props.on_restart.clone());
        Callback::from(move |event: Event| {
            let Ok(preset) = protocol.preset(&value_of(&event)) else {
                return;
            };
            let mut recipe = Recipe {
                commands: Vec::new(),
                ..recipe.clone()
            };
            // The preset sets its rules and parameters; other choices stay.
            recipe.switches.clear();
            recipe
                .params
                .retain(|name, _| preset.params.iter().all(|(own, _)| own != name));
            let own = preset.name == scenario.preset;
            recipe.preset = (!own).then(|| preset.name.to_owned());
            on_restart.emit(recipe);
        })
    };
    let breaks = protocol
        .preset(chosen)
        .ok()
        .and_then(|preset| preset.breaks);
    html! {
        <div class="setting">
            <label for="preset">{ "Preset" }</label>
            <select id="preset" {onchange}>
                { for protocol.presets.iter().map(|preset| html! {
                    <option value={preset.name} selected={preset.name == chosen}>
                        { match preset.breaks {
                            Some(_) => format!("{} (known bug)", preset.title),
                            None => preset.title.to_owned(),
                        } }
                    </option>
                }) }
            </select>
            if let Some(what) = breaks {
                <p class="as-written">{ crate::text::known_bug(what) }</p>
            }
        </div>
    }
}

fn switches(props: &SettingsPanelProps) -> impl Iterator<Item = Html> + '_ {
    props.settings.switches.iter().map(|(switch, on)| {
        let (name, next, on_command) = (switch.name, !*on, props.on_command.clone());
        let onchange = Callback::from(move |_: Event| {
            on_command.emit(Command::SetSwitch(name.into(), next));
        });
        html! {
            <label class="switch" key={name}>
                <input type="checkbox" role="switch" checked={*on} {onchange} />
                <span>{ switch.title }</span>
            </label>
        }
    })
}

#[derive(Properties, PartialEq)]
struct SeedFieldProps {
    recipe: Recipe,
    on_restart: Callback<Recipe>,
}

/// The seed: a typed one, or the next. The next is one more, so that a class can say "try seed 3".
#[component]
fn SeedField(props: &SeedFieldProps) -> Html {
    // The seed to run; none while the typed text is not a number.
    let draft = use_state(|| Some(props.recipe.seed.clone()));
    let wrong = use_state(|| None::<String>);
    let round = use_state(|| 0_u32);
    {
        let draft = draft.clone();
        use_effect_with(props.recipe.seed.clone(), move |seed| {
            draft.set(Some(seed.clone()))
        });
    }
    let on_typed = {
        let draft = draft.clone();
        Callback::from(move |typed: Option<String>| draft.set(typed))
    };
    let run = {
        let (draft, wrong) = (draft.clone(), wrong.clone());
        let (recipe, on_restart) = (props.recipe.clone(), props.on_restart.clone());
        move |seed: String| {
            draft.set(Some(seed.clone()));
            let recipe = Recipe {
                seed,
                ..recipe.clone()
            };
            wrong.set(attempt(recipe, &on_restart));
        }
    };
    let onsubmit = {
        let (run, seed) = (run.clone(), (*draft).clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(seed) = seed.clone() {
                run(seed);
            }
        })
    };
    let next = {
        let seed: u64 = props.recipe.seed.parse().unwrap_or_default();
        let round = round.clone();
        Callback::from(move |_: MouseEvent| {
            round.set(round.wrapping_add(1));
            run(seed.wrapping_add(1).to_string());
        })
    };
    let on_set = {
        let draft = draft.clone();
        Callback::from(move |seed: String| {
            draft.set(Some(seed));
            None
        })
    };
    let shown = (*draft)
        .clone()
        .unwrap_or_else(|| props.recipe.seed.clone());
    html! {
        <form class="setting" {onsubmit} novalidate=true>
            <label for="seed">{ "Seed (of all random numbers in the run)" }</label>
            <span class="setting-value">
                <NumberBox id="seed" kind={Kind::Whole} value={shown} round={*round} {on_typed}
                    described={wrong.is_some().then(|| AttrValue::from("seed-wrong"))} {on_set} />
                <button type="submit" class="act">{ "Run this seed" }</button>
                <button type="button" class="act" onclick={next}>{ "New seed" }</button>
            </span>
            { complaint("seed-wrong", wrong.as_deref()) }
        </form>
    }
}
