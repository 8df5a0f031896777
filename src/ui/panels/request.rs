//! A protocol's request to a node: one press, or with its words changed first.

use faultline_sim::command::Command;
use faultline_sim::process::NodeId;
use yew::prelude::*;

use super::controls::{complaint, slug, typed};

#[derive(Properties, PartialEq)]
pub struct RequestProps {
    pub node: NodeId,
    /// What it does, as a verb phrase.
    pub title: AttrValue,
    /// The request as JSON.
    pub json: AttrValue,
    pub on_command: Callback<Command>,
}

/// The button, and behind "edit" the request's own text.
#[component]
pub fn RequestButton(props: &RequestProps) -> Html {
    let text = use_state(|| props.json.to_string());
    let editing = use_state(|| false);
    let wrong = use_state(|| None::<String>);
    let send = {
        let (text, wrong) = (text.clone(), wrong.clone());
        let (node, on_command) = (props.node, props.on_command.clone());
        Callback::from(move |_: MouseEvent| {
            match Command::parse(&format!("request {node} {}", text.trim())) {
                Ok(command) => {
                    wrong.set(None);
                    on_command.emit(command);
                }
                Err(sentence) => wrong.set(Some(sentence)),
            }
        })
    };
    let edit = {
        let editing = editing.clone();
        Callback::from(move |_: MouseEvent| editing.set(!*editing))
    };
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| text.set(typed(&event)))
    };
    let field = format!("request-{}", slug(&props.title));
    let error = format!("{field}-wrong");
    html! {
        <span class="request">
            <button type="button" class="act" title={format!("request {} {}", props.node, *text)}
                onclick={send}>{ &props.title }</button>
            <button type="button" class="act act-edit" onclick={edit}
                aria-expanded={if *editing { "true" } else { "false" }}
                aria-label={format!("Edit request: {}", props.title)}>{ "edit" }</button>
            if *editing {
                <label class="for-readers" for={field.clone()}>
                    { format!("Request as JSON: {}", props.title) }
                </label>
                <textarea id={field} rows="2" spellcheck="false" value={(*text).clone()} {oninput}
                    aria-describedby={wrong.is_some().then(|| error.clone())} />
            }
            { complaint(&error, wrong.as_deref()) }
        </span>
    }
}
