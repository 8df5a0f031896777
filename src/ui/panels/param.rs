//! One parameter as a field with its unit and bounds, and a slider where it is a number.

use faultline_sim::settings::{Param, Preset, Value};
use yew::prelude::*;

use super::controls::{complaint, typed, value_of};

#[derive(Properties)]
pub struct ParamProps {
    pub param: &'static Param,
    pub value: Value,
    /// Takes the text; answers with the sentence that says why not.
    pub on_set: Callback<(&'static str, String), Option<String>>,
}

impl PartialEq for ParamProps {
    fn eq(&self, other: &Self) -> bool {
        self.param.name == other.param.name
            && self.value == other.value
            && self.on_set == other.on_set
    }
}

/// The field. While a person types, the text is theirs; a right value is taken when they leave it
/// or press Enter, a wrong one stays with the sentence that says why.
#[component]
pub fn ParamField(props: &ParamProps) -> Html {
    let draft = use_state(|| None::<String>);
    let wrong = use_state(|| None::<String>);
    let param = props.param;
    let oninput = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| draft.set(Some(typed(&event))))
    };
    let onchange = {
        let (draft, wrong, on_set) = (draft.clone(), wrong.clone(), props.on_set.clone());
        Callback::from(move |event: Event| {
            let text = value_of(&event);
            let sentence = on_set.emit((param.name, text.clone()));
            draft.set(sentence.is_some().then_some(text));
            wrong.set(sentence);
        })
    };
    let id = format!("param-{}", param.name);
    let (hint, error) = (format!("{id}-hint"), format!("{id}-wrong"));
    let described = if wrong.is_some() {
        format!("{hint} {error}")
    } else {
        hint.clone()
    };
    let number = match props.value {
        Value::Number(number) => Some(number),
        Value::Nodes(_) => None,
    };
    let shown = draft
        .as_ref()
        .cloned()
        .unwrap_or_else(|| props.value.to_string());
    html! {
        <div class="setting">
            <label for={id.clone()}>{ param.title }</label>
            <span class="setting-value">
                <input id={id} type="text" autocomplete="off" spellcheck="false"
                    inputmode={number.is_some().then_some("decimal")} value={shown} {oninput}
                    onchange={onchange.clone()} aria-describedby={described}
                    aria-invalid={wrong.is_some().then_some("true")} />
                <span class="unit">{ unit(param) }</span>
            </span>
            if let Some(number) = number {
                <input type="range" class="slider" min={param.min.to_string()}
                    max={param.max.to_string()} step={step(param).to_string()}
                    value={number.to_string()} {onchange}
                    aria-label={format!("{}, slider", param.title)} />
            }
            <span class="quiet" id={hint}>{ bounds(param) }</span>
            { complaint(&error, wrong.as_deref()) }
        </div>
    }
}

fn unit(param: &Param) -> &'static str {
    match (param.default, param.unit) {
        (Preset::Nodes(_), _) => "",
        (_, "1") => "",
        (_, unit) => unit,
    }
}

fn bounds(param: &Param) -> String {
    let restarts = if param.at_start {
        "; a change restarts the run"
    } else {
        ""
    };
    match param.default {
        Preset::Number(_) => format!("{} to {}{restarts}", param.min, param.max),
        Preset::Nodes(_) => format!("node numbers, such as 1,2; may be empty{restarts}"),
    }
}

/// Whole steps, unless the bounds are so narrow that these would be too coarse.
fn step(param: &Param) -> f64 {
    let fraction = matches!(param.default, Preset::Number(number) if number.fract() != 0.0);
    match param.max - param.min {
        range if range <= 2.0 => 0.01,
        range if range <= 10.0 && fraction => 0.1,
        _ => 1.0,
    }
}
