//! A box of a board in the inspector: what it is, whom it calls, and what its kind can be set to.

use faultline_sim::command::Command;
use faultline_sim::kit::Kit;
use faultline_sim::process::NodeId;
use faultline_sim::settings::Value;
use yew::prelude::*;

use super::SettingsShown;
use super::controls::value_of;
use super::own_settings::NodeSettings;
use crate::text::boards as text;
use crate::ui::icons::Icon;

#[derive(Clone, Properties)]
pub struct ThisBoxProps {
    pub kit: &'static Kit,
    pub node: NodeId,
    /// All boxes, with what they are.
    pub roster: Vec<(NodeId, String)>,
    pub settings: SettingsShown,
    pub on_command: Callback<Command>,
    /// The person wants to pick another box for it to call.
    pub on_join: Callback<NodeId>,
}

impl PartialEq for ThisBoxProps {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.kit, other.kit)
            && (self.node, &self.roster) == (other.node, &other.roster)
            && self.settings == other.settings
            && (&self.on_command, &self.on_join) == (&other.on_command, &other.on_join)
    }
}

#[component]
pub fn ThisBox(props: &ThisBoxProps) -> Html {
    let (kit, node) = (props.kit, props.node);
    let own = props.settings.at(node);
    let value = |name: &str| own.params.iter().find(|(param, _)| param.name == name);
    let kind = match value(kit.kind.name) {
        Some((_, Value::Choice(word))) => *word,
        _ => "",
    };
    let calls = match value(kit.to.name) {
        Some((_, Value::Nodes(ids))) => ids.clone(),
        _ => Vec::new(),
    };
    let become_kind = props.on_command.reform(move |event: Event| {
        Command::SetParam(format!("{node}.{}", kit.kind.name), value_of(&event))
    });
    let join = props.on_join.reform(move |_: MouseEvent| node);
    let sets: Vec<&'static str> = kit.sets(kind).collect();
    html! {
        <>
            <h3>{ text::THIS_BOX }</h3>
            <label class="honesty"><span class="dial-label">{ text::IS }</span>
                <select onchange={become_kind}>
                    { for kit.kinds.iter().map(|one| html! {
                        <option value={one.word} selected={one.word == kind}>{ text::kind(one) }</option>
                    }) }
                </select>
            </label>
            <h4>{ text::CALLS }</h4>
            if calls.is_empty() {
                <p class="quiet">{ text::CALLS_NOBODY }</p>
            } else {
                <ul class="own">{ for calls.iter().map(|to| called(props, &calls, *to)) }</ul>
            }
            <div class="actions">
                <button type="button" class="act" onclick={join}>{ text::CONNECT_TO }</button>
            </div>
            <NodeSettings settings={props.settings.only(&sets)} {node}
                on_command={props.on_command.clone()} />
        </>
    }
}

/// A box that is called, with a button that ends that.
fn called(props: &ThisBoxProps, calls: &[NodeId], to: NodeId) -> Html {
    let node = props.node;
    let role = props.roster.iter().find(|(id, _)| *id == to);
    let label = text::disconnect(node, to);
    let command = props
        .kit
        .calls(node, calls.iter().copied().filter(|id| *id != to));
    let end = props
        .on_command
        .reform(move |_: MouseEvent| command.clone());
    html! {
        <li key={to.0}>
            <span>{ text::called(to, role.map_or("", |(_, role)| role.as_str())) }</span>
            <button type="button" class="close" onclick={end} aria-label={label.clone()} title={label}>
                { Icon::Close.inline() }
            </button>
        </li>
    }
}
