//! The lab sheet as a dialog: answers, notes, a real system beside the run; saved or printed.

use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::ui::use_focus;

use super::{Deed, Export, Theirs};
use crate::text::labsheet::{self as words, Filled, Sheet};
use crate::ui::icons::Icon;
use crate::ui::{Act, Same};

#[derive(Properties, PartialEq)]
pub struct LabSheetProps {
    pub sheet: Same<Sheet>,
    pub on_act: Callback<Act>,
}

#[component]
pub fn LabSheet(props: &LabSheetProps) -> Html {
    let root = use_focus();
    let sheet = &props.sheet;
    let deed = |deed: Deed| {
        props
            .on_act
            .reform(move |_: MouseEvent| Act::Learn(deed.clone()))
    };
    let name = props.on_act.reform(|event: Event| {
        let field: HtmlInputElement = event.target_unchecked_into();
        Act::Learn(Deed::Name(field.value()))
    });
    let written: Vec<_> = sheet
        .notes
        .iter()
        .filter(|(_, note)| !note.is_empty())
        .collect();
    html! {
        <div class="help labsheet on-paper" role="dialog" aria-labelledby="labsheet-title" tabindex="-1" ref={root}>
            <div class="help-head">
                <h2 id="labsheet-title">{ format!("{}: {}", words::TITLE, sheet.title) }</h2>
                <button type="button" class="close" aria-label={words::CLOSE} onclick={deed(Deed::Sheet(false))}>
                    { Icon::Close.inline() }
                </button>
            </div>
            <label class="labsheet-name">{ words::NAME }
                <input type="text" maxlength="120" autocomplete="name" value={sheet.name.clone()} onchange={name} />
            </label>
            <p class="ask-acts off-paper">
                <button type="button" class="primary" onclick={deed(Deed::Export(Export::Html))}>{ words::HTML }</button>
                <button type="button" onclick={deed(Deed::Export(Export::Markdown))}>{ words::MARKDOWN }</button>
                <button type="button" onclick={deed(Deed::Export(Export::Print))}>{ words::PRINT }</button>
                <button type="button" class="quiet-button" onclick={deed(Deed::ClearSheet)}>{ words::CLEAR }</button>
            </p>
            <h3>{ words::ANSWERS }</h3>
            if sheet.answers.is_empty() { <p class="quiet">{ words::NOTHING }</p> }
            <ol class="labsheet-answers">{ for sheet.answers.iter().map(answer) }</ol>
            if !written.is_empty() {
                <h3>{ words::NOTES }</h3>
                { for written.into_iter().map(|(asked, note)| html! {
                    <><p><strong>{ asked }</strong></p><p class="labsheet-note">{ note }</p></>
                }) }
            }
            { compared(props) }
        </div>
    }
}

fn answer(filled: &Filled) -> Html {
    let said = &filled.answered;
    let guess = said.guess.as_deref().unwrap_or(words::NO_GUESS);
    html! {
        <li>
            <p><strong>{ &said.ask }</strong></p>
            <dl class="plan">
                <dt>{ words::GUESS }</dt><dd>{ guess.to_owned() }</dd>
                <dt>{ words::SAID }</dt><dd>{ &said.answer }</dd>
                <dt>{ words::BECAUSE }</dt><dd>{ &said.because }</dd>
            </dl>
            if !filled.picture.is_empty() { <img src={filled.picture.clone()} alt={said.answer.clone()} /> }
            <p><a href={said.link.clone()}>{ words::RUN }</a></p>
        </li>
    }
}

/// The run beside a real system.
fn compared(props: &LabSheetProps) -> Html {
    let sheet: &Rc<Sheet> = &props.sheet.0;
    let line = |theirs: Theirs, value: &str, label: String| {
        let onchange = props.on_act.reform(move |event: Event| {
            let field: HtmlInputElement = event.target_unchecked_into();
            Act::Learn(Deed::Theirs(theirs.clone(), field.value()))
        });
        html! { <input type="text" maxlength="200" aria-label={label} value={value.to_owned()} {onchange} /> }
    };
    let block = |theirs: Theirs, asked: &'static str, value: &str| {
        let onchange = props.on_act.reform(move |event: Event| {
            let field: HtmlTextAreaElement = event.target_unchecked_into();
            Act::Learn(Deed::Theirs(theirs.clone(), field.value()))
        });
        html! {
            <label class="lesson-write"><span>{ asked }</span>
                <textarea rows="3" value={value.to_owned()} {onchange} /></label>
        }
    };
    html! {
        <section class="labsheet-compared">
            <h3>{ words::COMPARED }</h3>
            <p class="quiet off-paper">{ words::COMPARED_ABOUT }</p>
            <label class="labsheet-name">{ words::SYSTEM }{ line(Theirs::System, &sheet.system, words::SYSTEM.into()) }</label>
            <table>
                <thead><tr><td></td><th scope="col">{ words::MINE }</th><th scope="col">{ words::THEIRS }</th></tr></thead>
                <tbody>
                    { for sheet.compared.iter().map(|(what, mine, theirs)| html! {
                        <tr key={what.clone()}>
                            <th scope="row">{ what }</th><td>{ mine }</td>
                            <td>{ line(Theirs::Value(what.clone()), theirs, format!("{what}: {}", words::THEIRS)) }</td>
                        </tr>
                    }) }
                </tbody>
            </table>
            { block(Theirs::Alike, words::ALIKE, &sheet.alike) }
            { block(Theirs::Unlike, words::UNLIKE, &sheet.unlike) }
        </section>
    }
}
