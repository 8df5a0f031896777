//! The requests that a node takes: one button each, and fields for their values.

use faultline_sim::command::Command;
use faultline_sim::descriptor::RequestForm;
use faultline_sim::process::NodeId;
use serde_json::{Number, Value as Json};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::ui::number_box::{Kind, NumberBox};

/// The forms that a node of this role takes.
pub fn forms_for<'a>(
    forms: &'static [RequestForm],
    role: &'a str,
) -> impl Iterator<Item = &'static RequestForm> + 'a {
    forms
        .iter()
        .filter(move |form| form.role.is_none_or(|wanted| wanted == role))
}

/// The places of a request's values in its JSON: `/write/key` for `{"write":{"key":"x"}}`. A request
/// that is only a word has none.
fn values(json: &Json) -> Vec<String> {
    fn walk(json: &Json, path: &str, into: &mut Vec<String>) {
        match json {
            Json::Object(parts) => {
                for (name, part) in parts {
                    walk(part, &format!("{path}/{name}"), into);
                }
            }
            Json::String(_) | Json::Number(_) | Json::Bool(_) if !path.is_empty() => {
                into.push(path.to_owned());
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(json, "", &mut found);
    found
}

/// Replaces a value with a typed one of the same type; false if the type differs.
fn put(json: &mut Json, path: &str, typed: &str) -> bool {
    let Some(place) = json.pointer_mut(path) else {
        return false;
    };
    let read = match place {
        Json::String(_) => Some(Json::String(typed.to_owned())),
        _ => serde_json::from_str(typed.trim()).ok(),
    };
    match read {
        Some(value) if std::mem::discriminant(&value) == std::mem::discriminant(place) => {
            *place = value;
            true
        }
        _ => false,
    }
}

fn text_of(json: &Json, path: &str) -> String {
    match json.pointer(path) {
        Some(Json::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    }
}

/// The request as offered at a node: a receiver that is the node itself becomes another node.
fn offered(form: &RequestForm, node: NodeId) -> Json {
    let mut json = (form.example)();
    let other = if node.0 == 1 { 2 } else { 1 };
    for path in values(&json) {
        if path.ends_with("/to") && text_of(&json, &path) == node.0.to_string() {
            put(&mut json, &path, &other.to_string());
        }
    }
    json
}

#[derive(Properties)]
pub struct RequestProps {
    pub node: NodeId,
    pub form: &'static RequestForm,
    pub on_command: Callback<Command>,
}

impl PartialEq for RequestProps {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
            && std::ptr::eq(self.form, other.form)
            && self.on_command == other.on_command
    }
}

/// The box of a number. While it holds none, nothing is sent.
fn number_field(
    name: String,
    path: String,
    number: &Number,
    json: &UseStateHandle<Json>,
    wrong: &UseStateHandle<Vec<String>>,
) -> Html {
    let kind = if number.is_f64() {
        Kind::Decimal
    } else {
        Kind::Whole
    };
    let (key, value) = (path.clone(), number.to_string());
    let (json, wrong) = (json.clone(), wrong.clone());
    let take = move |typed: Option<String>| {
        let mut changed = (*json).clone();
        let mut others = (*wrong).clone();
        others.retain(|other| *other != path);
        if typed.is_some_and(|typed| put(&mut changed, &path, &typed)) {
            json.set(changed);
        } else {
            others.push(path.clone());
        }
        wrong.set(others);
    };
    let on_set = Callback::from({
        let take = take.clone();
        move |number: String| {
            take(Some(number));
            None
        }
    });
    html! {
        <NumberBox {key} label={name} {kind} {value} {on_set} on_typed={Callback::from(take)} />
    }
}

/// The send button and a field for each value.
#[component]
pub fn Request(props: &RequestProps) -> Html {
    let json = use_state(|| offered(props.form, props.node));
    let wrong = use_state(Vec::<String>::new);
    let onsubmit = {
        let (json, wrong) = (json.clone(), wrong.clone());
        let (node, on_command) = (props.node, props.on_command.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if wrong.is_empty() {
                on_command.emit(Command::Request(node, (*json).clone()));
            }
        })
    };
    let field = |path: String| {
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        if let Some(number) = json.pointer(&path).and_then(Json::as_number) {
            return number_field(name, path, number, &json, &wrong);
        }
        let bad = wrong.contains(&path);
        let oninput = {
            let (json, wrong, path) = (json.clone(), wrong.clone(), path.clone());
            Callback::from(move |event: InputEvent| {
                let input: Option<HtmlInputElement> =
                    event.target().and_then(|target| target.dyn_into().ok());
                let typed = input.map(|input| input.value()).unwrap_or_default();
                let mut changed = (*json).clone();
                let mut others = (*wrong).clone();
                others.retain(|other| *other != path);
                if put(&mut changed, &path, &typed) {
                    json.set(changed);
                } else {
                    others.push(path.clone());
                }
                wrong.set(others);
            })
        };
        html! {
            <label key={path.clone()}>
                <span>{ name }</span>
                <input type="text" autocomplete="off" spellcheck="false"
                    value={text_of(&json, &path)} {oninput}
                    aria-invalid={bad.then_some("true")} />
            </label>
        }
    };
    html! {
        <form class="request" {onsubmit}>
            <button type="submit" class="act">{ props.form.title }</button>
            { for values(&json).into_iter().map(field) }
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_of_a_request_has_a_field() {
        let json: Json = serde_json::from_str(r#"{"write":{"key":"x","value":7}}"#).unwrap();
        assert_eq!(values(&json), ["/write/key", "/write/value"]);
        let word: Json = serde_json::from_str("\"Start\"").unwrap();
        assert!(values(&word).is_empty());
        assert_eq!(text_of(&json, "/write/key"), "x");
    }

    #[test]
    fn a_node_is_not_offered_itself() {
        let form = RequestForm::new("Send", || serde_json::json!({"send": {"to": 2}}));
        let to = |node| offered(&form, NodeId(node)).pointer("/send/to").cloned();
        assert_eq!(
            (to(1), to(2), to(3)),
            (Some(2.into()), Some(1.into()), Some(2.into()))
        );
        let one = RequestForm::new("Send", || serde_json::json!({"ask": {"to": 1}}));
        assert_eq!(offered(&one, NodeId(1)).to_string(), r#"{"ask":{"to":2}}"#);
    }

    #[test]
    fn what_is_typed_keeps_its_kind() {
        let mut json: Json = serde_json::from_str(r#"{"ask":{"to":1,"text":"a"}}"#).unwrap();
        assert!(put(&mut json, "/ask/to", " 12 "));
        assert!(put(&mut json, "/ask/text", "12"));
        assert!(!put(&mut json, "/ask/to", "soon"));
        assert_eq!(json.to_string(), r#"{"ask":{"to":12,"text":"12"}}"#);
    }
}
