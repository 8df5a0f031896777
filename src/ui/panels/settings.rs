//! The settings: preset, parameters, rules and seed. The kernel's own sentence answers a wrong value.

use faultline_protocols::CATALOGUE;
use faultline_sim::command::Command;
use faultline_sim::descriptor::Recipe;
use faultline_sim::process::NodeId;
use faultline_sim::standing::Form;
use yew::prelude::*;

use super::SettingsShown;
use super::controls::{complaint, value_of};
use super::own_settings::{NodeSettings, OwnValues};
use super::param::{ParamField, SwitchField};
use crate::text::settings as text;
use crate::ui::ProtocolRef;
use crate::ui::number_box::{Kind, NumberBox};

#[derive(Properties, PartialEq)]
pub struct SettingsPanelProps {
    pub recipe: Recipe,
    pub protocol: ProtocolRef,
    pub settings: SettingsShown,
    /// Rules whose positions are not told.
    #[prop_or_default]
    pub hides: &'static [&'static str],
    #[prop_or_default]
    pub on_show: Callback<()>,
    /// The nodes that can have settings of their own.
    #[prop_or_default]
    pub nodes: Vec<NodeId>,
    /// How nodes stand: as the person chose, and as the scenario has them.
    #[prop_or_default]
    pub form: (Option<Form>, Form),
    #[prop_or_default]
    pub on_form: Callback<Option<Form>>,
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
    let seen = props.settings.seen(&props.recipe, props.hides);
    let chosen = use_state_eq(|| None::<NodeId>);
    // A node that left has no settings any more.
    let node = chosen.filter(|id| props.nodes.contains(id));
    let on_node = use_callback((), {
        let chosen = chosen.setter();
        move |node, ()| chosen.set(node)
    });
    let on_switch = props
        .on_command
        .reform(|(name, on): (&'static str, bool)| Command::SetSwitch(name.into(), on));
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
            if seen.has_single() && !props.nodes.is_empty() {
                <NodeChoice nodes={props.nodes.clone()} {node} {on_node} />
            }
            <OwnValues settings={seen.clone()} {node}
                on_command={props.on_command.clone()} />
            if let Some(node) = node {
                <NodeSettings key={node.0} settings={seen} {node}
                    on_command={props.on_command.clone()} />
            } else {
                if !seen.params.is_empty() {
                    <h3>{ text::parameters(None) }</h3>
                    { for seen.params.iter().map(|(param, value)| html! {
                        <ParamField key={param.name} param={*param} value={value.clone()}
                            on_set={on_set.clone()} />
                    }) }
                }
                if !props.settings.switches.is_empty() {
                    <h3>{ text::rules(None) }</h3>
                    { hidden(props) }
                    { for seen.switches.iter().map(|(switch, on)| html! {
                        <SwitchField key={switch.name} name={switch.name} title={switch.title}
                            on={*on} on_set={on_switch.clone()} />
                    }) }
                }
            }
            { stands(props) }
            <h3>{ "Randomness" }</h3>
            <SeedField recipe={fresh} on_restart={props.on_restart.clone()} />
        </section>
    }
}

/// Rules that are not told, and a button that shows them.
fn hidden(props: &SettingsPanelProps) -> Html {
    if props.hides.is_empty() {
        return Html::default();
    }
    let show = props.on_show.reform(|_: MouseEvent| ());
    html! {
        <p class="quiet">{ text::hidden(props.hides.len()) }{ " " }
            <button type="button" class="act" onclick={show}>{ text::SHOW_RULES }</button>
        </p>
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
    let changed = shown.own.iter().filter(|own| !began.own.contains(own));
    let changed = changed.map(|(node, name, value)| (*node, *name, Some(value.clone())));
    // The common value takes back what a node had at the start.
    let gone = began.own.iter().map(|(node, name, _)| (*node, *name));
    let gone = gone.filter(|own| {
        let mut now = shown.own.iter();
        !now.any(|(node, name, _)| (*node, *name) == *own)
    });
    let gone = gone.map(|(node, name)| (node, name, None));
    for (node, name, value) in changed.chain(gone) {
        let Some(own) = shown.own_value(node, name, value) else {
            continue;
        };
        let name = format!("{}.{}", own.node, own.name);
        if own.is_switch {
            let on = own.value == text::position(true);
            fresh.switches.insert(name, on);
        } else {
            fresh.params.insert(name, own.value);
        }
    }
    fresh
}

#[derive(Properties, PartialEq)]
struct NodeChoiceProps {
    nodes: Vec<NodeId>,
    node: Option<NodeId>,
    on_node: Callback<Option<NodeId>>,
}

/// Whose settings the panel shows. A component of its own: a thousand options are made once.
#[component]
fn NodeChoice(props: &NodeChoiceProps) -> Html {
    let on_node = props.on_node.clone();
    let onchange = Callback::from(move |event: Event| {
        on_node.emit(value_of(&event).parse().ok().map(NodeId));
    });
    html! {
        <div class="setting">
            <label for="settings-for">{ text::FOR }</label>
            <select id="settings-for" {onchange}>
                <option value="" selected={props.node.is_none()}>{ text::ALL_NODES }</option>
                { for props.nodes.iter().map(|id| html! {
                    <option value={id.0.to_string()} selected={props.node == Some(*id)}>
                        { text::choice(*id) }
                    </option>
                }) }
            </select>
        </div>
    }
}

/// The choice of how nodes stand on the stage. It changes the picture and not the run.
fn stands(props: &SettingsPanelProps) -> Html {
    let (chosen, own) = props.form;
    let on_form = props.on_form.clone();
    let onchange = Callback::from(move |event: Event| {
        on_form.emit(Form::named(&value_of(&event)));
    });
    let title = Form::ALL[own as usize].2;
    html! {
        <>
            <h3>{ text::PICTURE }</h3>
            <div class="setting">
                <label for="settings-form">{ text::STAND }</label>
                <select id="settings-form" {onchange}>
                    <option value="" selected={chosen.is_none()}>{ text::usual(title) }</option>
                    { for Form::ALL.iter().map(|(form, word, title)| html! {
                        <option value={*word} selected={chosen == Some(*form)}>{ *title }</option>
                    }) }
                </select>
            </div>
        </>
    }
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
