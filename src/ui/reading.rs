//! The log of another system, shown instead of a run: its figures, its space-time diagram, and the
//! expressions that find its events.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::ui::use_focus;

use super::icons::Icon;
use super::panels::value_of;
use super::{Act, Same};
use crate::text::reading as words;

/// An act on a log.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    Close,
    /// Shows another execution.
    Execution(usize),
    /// Shows or hides the expressions that find events.
    Form(bool),
    /// Reads it again with this parser and delimiter; empty for the log's own ones.
    Read(String, String),
}

/// The content beside the diagram.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// The executions' names.
    pub names: Vec<String>,
    pub at: usize,
    pub summary: String,
    /// The lines that were not understood.
    pub passed_over: Option<String>,
    /// Why it could not be read.
    pub wrong: Option<String>,
    pub form: bool,
    pub parser: String,
    pub delimiter: String,
}

#[derive(Properties, PartialEq)]
pub struct ReadingProps {
    pub shown: Same<Shown>,
    pub on_act: Callback<Act>,
    /// The diagram.
    pub children: Html,
}

#[component]
pub fn Reading(props: &ReadingProps) -> Html {
    let ReadingProps { shown, on_act, .. } = props;
    let root = use_focus();
    let deed = |deed: Deed| on_act.reform(move |_: MouseEvent| Act::Reading(deed.clone()));
    let choose = on_act.reform(|event: Event| {
        Act::Reading(Deed::Execution(value_of(&event).parse().unwrap_or(0)))
    });
    let form = shown.form;
    let fields = [use_node_ref(), use_node_ref()];
    html! {
        <div class="help reading" role="dialog" aria-labelledby="reading-title" tabindex="-1" ref={root}>
            <div class="help-head">
                <h2 id="reading-title">{ words::TITLE }</h2>
                if shown.names.len() > 1 {
                    <select aria-label={words::EXECUTION} onchange={choose}>
                        { for shown.names.iter().enumerate().map(|(at, name)| html! {
                            <option value={at.to_string()} selected={at == shown.at}>
                                { words::execution(name) }
                            </option>
                        }) }
                    </select>
                }
                <span class="gap"></span>
                <button type="button" aria-expanded={form.to_string()} aria-controls="reading-form"
                    onclick={deed(Deed::Form(!form))}>{ words::FORM }</button>
                <button type="button" class="close" aria-label={words::CLOSE}
                    onclick={deed(Deed::Close)}>{ Icon::Close.inline() }</button>
            </div>
            <p class="wrong" role="status">{ shown.wrong.clone() }</p>
            if form { { form_of(shown, &fields, on_act) } }
            if shown.wrong.is_none() {
                <p class="reading-sum">{ &shown.summary }</p>
                if let Some(passed) = &shown.passed_over { <p class="wrong">{ passed }</p> }
                { props.children.clone() }
            }
        </div>
    }
}

fn form_of(shown: &Shown, fields: &[NodeRef; 2], on_act: &Callback<Act>) -> Html {
    let [parser, delimiter] = fields.clone();
    let onsubmit = on_act.reform(move |event: SubmitEvent| {
        event.prevent_default();
        let typed = |field: &NodeRef| field.cast::<HtmlInputElement>().map(|f| f.value());
        let [parser, delimiter] = [&parser, &delimiter].map(typed);
        Act::Reading(Deed::Read(
            parser.unwrap_or_default(),
            delimiter.unwrap_or_default(),
        ))
    });
    html! {
        <form id="reading-form" class="reading-form" {onsubmit}>
            <p class="quiet" id="reading-about">{ words::FORM_ABOUT }</p>
            <label>{ words::PARSER }
                <input type="text" ref={fields[0].clone()} list="reading-parsers" spellcheck="false"
                    autocomplete="off" aria-describedby="reading-about" value={shown.parser.clone()} />
            </label>
            <datalist id="reading-parsers">
                { for words::PARSERS.iter().map(|parser| html! { <option value={*parser}></option> }) }
            </datalist>
            <label>{ words::DELIMITER }
                <input type="text" ref={fields[1].clone()} spellcheck="false" autocomplete="off"
                    value={shown.delimiter.clone()} />
            </label>
            <button type="submit" class="primary">{ words::AGAIN }</button>
        </form>
    }
}
