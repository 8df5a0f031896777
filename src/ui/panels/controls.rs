//! Buttons and small forms that send commands. Their tooltips show the command as text, and the
//! kernel's own sentence answers a wrong input.

use faultline_sim::command::Command;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::text::capital;
use crate::ui::number_box::{Flaw, with_unit};

/// The present value of the control that sent an event.
pub fn value_of(event: &Event) -> String {
    let Some(target) = event.target() else {
        return String::new();
    };
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        input.value()
    } else if let Some(select) = target.dyn_ref::<HtmlSelectElement>() {
        select.value()
    } else {
        target
            .dyn_ref::<HtmlTextAreaElement>()
            .map_or_else(String::new, |area| area.value())
    }
}

/// The same for an input event.
pub fn typed(event: &InputEvent) -> String {
    value_of(event)
}

/// Only letters and digits, for element ids.
pub fn slug(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect()
}

#[derive(Properties, PartialEq)]
pub struct CommandButtonProps {
    pub label: AttrValue,
    pub command: Command,
    pub on_command: Callback<Command>,
    /// Whether it breaks something.
    #[prop_or_default]
    pub breaks: bool,
}

/// A button for one command.
#[component]
pub fn CommandButton(props: &CommandButtonProps) -> Html {
    let (command, on_command) = (props.command.clone(), props.on_command.clone());
    let title = command.to_string();
    let onclick = Callback::from(move |_: MouseEvent| on_command.emit(command.clone()));
    let class = classes!("act", props.breaks.then_some("act-breaks"));
    html! { <button type="button" {class} {title} {onclick}>{ &props.label }</button> }
}

#[derive(Properties, PartialEq)]
pub struct AmountProps {
    /// The label of the button.
    pub label: AttrValue,
    /// The content of the field.
    pub field: AttrValue,
    /// The initial text of the field.
    pub initial: AttrValue,
    /// The syntax.
    pub hint: AttrValue,
    /// The command up to its value, a time.
    pub begin: AttrValue,
    pub on_command: Callback<Command>,
}

/// A small form: a value and a button.
#[component]
pub fn Amount(props: &AmountProps) -> Html {
    let text = use_state(|| props.initial.to_string());
    let wrong = use_state(|| None::<String>);
    let onsubmit = {
        let (text, wrong) = (text.clone(), wrong.clone());
        let (begin, on_command) = (props.begin.clone(), props.on_command.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let amount = match with_unit(&text) {
                Ok((number, unit)) => Ok(format!("{number}{unit}")),
                Err(flaw @ (Flaw::Unfinished | Flaw::Ambiguous(_))) => Err(flaw.sentence()),
                // The kernel's sentence shows the syntax of the command.
                Err(_) => Ok(text.trim().to_owned()),
            };
            match amount.and_then(|amount| Command::parse(&format!("{begin} {amount}"))) {
                Ok(command) => {
                    wrong.set(None);
                    on_command.emit(command);
                }
                Err(sentence) => wrong.set(Some(sentence)),
            }
        })
    };
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| text.set(typed(&event)))
    };
    let id = format!("amount-{}", slug(&props.begin));
    let error = format!("{id}-wrong");
    html! {
        <form class="amount" {onsubmit} novalidate=true>
            <label class="amount-field" for={id.clone()}>{ &props.field }</label>
            <input id={id} type="text" autocomplete="off" spellcheck="false"
                value={(*text).clone()} {oninput} title={props.hint.clone()}
                aria-invalid={wrong.is_some().then_some("true")}
                aria-describedby={wrong.is_some().then(|| error.clone())} />
            <button type="submit" class="act">{ &props.label }</button>
            { complaint(&error, wrong.as_deref()) }
        </form>
    }
}

/// The sentence beside a field with a wrong value. The kernel's sentences start in lower case, because
/// on the command line they follow the program's name.
pub fn complaint(id: &str, sentence: Option<&str>) -> Html {
    match sentence {
        Some(sentence) => html! {
            <p id={id.to_owned()} class="complaint" role="alert">{ capital(sentence) }</p>
        },
        None => Html::default(),
    }
}
