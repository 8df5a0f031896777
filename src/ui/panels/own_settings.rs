//! Parameters and rules of one node: the values that it has for itself, and the fields that set them.

use faultline_sim::command::Command;
use faultline_sim::process::NodeId;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::SettingsShown;
use super::param::{ParamField, SwitchField};
use super::settings_shown::OwnValue;
use crate::text::breaking::usual;
use crate::text::settings as text;
use crate::ui::icons::Icon;

/// A command that sets a value of one node.
fn set(node: NodeId, name: &str, value: &str, is_switch: bool) -> Command {
    let name = format!("{node}.{name}");
    if is_switch {
        Command::SetSwitch(name, value == text::position(true))
    } else {
        Command::SetParam(name, value.to_owned())
    }
}

#[derive(Properties, PartialEq)]
pub struct OwnValuesProps {
    pub settings: SettingsShown,
    /// The node; without it, all nodes.
    #[prop_or_default]
    pub node: Option<NodeId>,
    pub on_command: Callback<Command>,
}

/// The values that nodes have for themselves, each with a button for the value of all nodes. Shows
/// nothing if there are none.
#[component]
pub fn OwnValues(props: &OwnValuesProps) -> Html {
    let mut own = props.settings.own_values(props.node).peekable();
    if own.peek().is_none() {
        return Html::default();
    }
    let row = |own: OwnValue| {
        let (all, of) = (props.node.is_none(), Some(own.node));
        let name = text::named(own.title, of);
        let back = usual(&name, &own.common, own.unit);
        let command = set(own.node, own.name, &own.common, own.is_switch);
        let on_command = props.on_command.clone();
        let onclick = Callback::from(move |event: MouseEvent| {
            keep_focus(&event);
            on_command.emit(command.clone());
        });
        html! {
            <li key={format!("{}.{}", own.node, own.name)}>
                <span>
                    { if all { name } else { own.title.to_owned() } }
                    <span class="quiet">
                        { text::instead(&own.value, &own.common, own.unit) }
                    </span>
                </span>
                <button type="button" class="close" {onclick} aria-label={back.clone()} title={back}>
                    { Icon::Restart.inline() }
                </button>
            </li>
        }
    };
    html! {
        <>
            <h3>{ text::OWN }</h3>
            <ul class="own">{ for own.map(row) }</ul>
        </>
    }
}

/// The button disappears with its row, so the keyboard goes to the panel around it.
fn keep_focus(event: &MouseEvent) {
    let button: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let panel = button.and_then(|button| button.closest("[role=tabpanel]").ok()?);
    if let Some(panel) = panel.and_then(|panel| panel.dyn_into::<HtmlElement>().ok()) {
        let _ = panel.focus();
    }
}

#[derive(Properties, PartialEq)]
pub struct NodeSettingsProps {
    pub settings: SettingsShown,
    pub node: NodeId,
    pub on_command: Callback<Command>,
}

/// The fields of everything that one node can have for itself.
#[component]
pub fn NodeSettings(props: &NodeSettingsProps) -> Html {
    let node = props.node;
    let SettingsShown {
        params, switches, ..
    } = props.settings.at(node);
    let on_set = {
        let (params, on_command) = (params.clone(), props.on_command.clone());
        Callback::from(move |(name, typed): (&'static str, String)| {
            let (param, value) = params.iter().find(|(param, _)| param.name == name)?;
            match param.parse(&typed) {
                Err(sentence) => return Some(sentence),
                Ok(same) if same == *value => {}
                Ok(new) => on_command.emit(set(node, name, &new.to_string(), false)),
            }
            None
        })
    };
    let on_switch = props
        .on_command
        .reform(move |(name, on): (&'static str, bool)| set(node, name, text::position(on), true));
    html! {
        <>
            if !params.is_empty() {
                <h3>{ text::parameters(Some(node)) }</h3>
                { for params.into_iter().map(|(param, value)| html! {
                    <ParamField key={param.name} {param} {value} node={Some(node)}
                        on_set={on_set.clone()} />
                }) }
            }
            if !switches.is_empty() {
                <h3>{ text::rules(Some(node)) }</h3>
                { for switches.into_iter().map(|(switch, on)| html! {
                    <SwitchField key={switch.name} name={switch.name} title={switch.title} {on}
                        node={Some(node)} on_set={on_switch.clone()} />
                }) }
            }
        </>
    }
}
