//! The share sheet: the link with its QR code, the file, the code for embedding, and the form for
//! opening a run.

mod code;
mod export;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::ui::use_focus;

use super::panels::controls::typed;
use crate::address::{Asked, address, snippet};
use crate::browser;
use crate::text::share as words;
use crate::theme::Theme;
use crate::ui::Act;
use crate::ui::act::ShareAct;
use crate::ui::icons::Icon;
pub use code::Code;
pub use export::Export;
use export::ExportPart;

/// With more characters than this, a file is better than a link.
const LONG: usize = 2_000;

/// The run to share.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared {
    /// The page's address up to `?`.
    pub base: AttrValue,
    pub fragment: AttrValue,
    pub title: AttrValue,
    /// The file's name.
    pub name: AttrValue,
    /// The space-time diagram is open, so exports use its window.
    pub windowed: bool,
}

#[derive(Properties, PartialEq)]
pub struct ShareProps {
    pub shared: Shared,
    /// What was wrong with the text or file to open.
    pub wrong: Option<AttrValue>,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Share(props: &ShareProps) -> Html {
    let ShareProps { shared, on_act, .. } = props;
    let root = use_focus();
    let asked = use_state(Asked::default);
    let link = address(&shared.base, *asked, &shared.fragment);
    let frame = Asked {
        embed: true,
        ..*asked
    };
    let frame = snippet(
        &shared.title,
        &address(&shared.base, frame, &shared.fragment),
    );
    let long = link.len() > LONG;
    let ask = |label: &'static str, on: bool, change: fn(&mut Asked, bool)| {
        let asked = asked.clone();
        let onchange = Callback::from(move |event: Event| {
            let mut new = *asked;
            change(
                &mut new,
                event.target_unchecked_into::<HtmlInputElement>().checked(),
            );
            asked.set(new);
        });
        html! {
            <label class="choice"><input type="checkbox" checked={on} {onchange} />{ label }</label>
        }
    };
    let save = on_act.reform(|_: MouseEvent| Act::Share(ShareAct::SaveFile));
    html! {
        <div class="help share" role="dialog" aria-labelledby="share-title" tabindex="-1" ref={root}>
            <div class="help-head">
                <h2 id="share-title">{ words::TITLE }</h2>
                <button type="button" class="close" aria-label={words::CLOSE}
                    onclick={on_act.reform(|_: MouseEvent| Act::Share(ShareAct::Share(false)))}>
                    { Icon::Close.inline() }
                </button>
            </div>
            <div class="share-parts">
                <div class="share-words">
                    { field(words::LINK, words::LINK, &link, on_act) }
                    <p class={classes!("quiet", long.then_some("long-link"))}>
                        { words::length(link.len(), LONG) }
                    </p>
                    <button type="button" class={classes!(long.then_some("primary"))} onclick={save}>
                        { words::SAVE }
                    </button>
                    <fieldset class="themes">
                        <legend>{ words::OPTIONS }</legend>
                        { ask(words::PAUSED, asked.paused, |asked, on| asked.paused = on) }
                        { ask(words::PROJECTOR, asked.view.is_some(), |asked, on| {
                            asked.view = on.then_some(Theme::Projector);
                        }) }
                        { ask(words::STUDENT, asked.student, |asked, on| asked.student = on) }
                    </fieldset>
                    <p class="quiet">{ words::STUDENT_ABOUT }</p>
                    { field(words::FRAME, words::FRAME_NAME, &frame, on_act) }
                </div>
                <div class="share-code">
                    <h3>{ words::CODE }</h3>
                    <Code address={link} />
                </div>
            </div>
            <ExportPart windowed={shared.windowed} on_act={on_act.clone()} />
            <OpenRun wrong={props.wrong.clone()} on_act={on_act.clone()} />
        </div>
    }
}

/// A text with a copy button.
fn field(label: &'static str, name: &'static str, text: &str, on_act: &Callback<Act>) -> Html {
    let copied = text.to_owned();
    let copy = on_act.reform(move |_: MouseEvent| Act::Share(ShareAct::Copy(copied.clone())));
    let select = Callback::from(|event: FocusEvent| {
        event.target_unchecked_into::<HtmlInputElement>().select();
    });
    html! {
        <div class="to-copy">
            <span class="to-copy-name" aria-hidden="true">{ label }</span>
            <input type="text" readonly=true aria-label={name} value={text.to_owned()} onfocus={select} />
            <button type="button" aria-label={format!("{} {}", words::COPY, label.to_lowercase())}
                onclick={copy}>{ words::COPY }</button>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct OpenRunProps {
    wrong: Option<AttrValue>,
    on_act: Callback<Act>,
}

/// The form for opening a run: a field for pasting, and a file chooser.
#[component]
fn OpenRun(props: &OpenRunProps) -> Html {
    let pasted = use_state(String::new);
    let oninput = {
        let pasted = pasted.clone();
        Callback::from(move |event: InputEvent| pasted.set(typed(&event)))
    };
    let open = props.on_act.reform(|it| Act::Share(ShareAct::OpenText(it)));
    let onsubmit = {
        let (pasted, open) = (pasted.clone(), open.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            open.emit(Ok((*pasted).clone()));
        })
    };
    let onchange = Callback::from(move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            browser::read_file(file, open.clone());
        }
        // So that the person can choose the same file again.
        input.set_value("");
    });
    html! {
        <section class="open-run" aria-labelledby="open-run-title">
            <h3 id="open-run-title">{ words::OPEN_TITLE }</h3>
            <p class="quiet">{ words::OPEN_ABOUT }</p>
            <form {onsubmit}>
                <textarea rows="2" spellcheck="false" aria-label={words::PASTE}
                    aria-invalid={props.wrong.is_some().to_string()} aria-describedby="open-run-wrong"
                    value={(*pasted).clone()} {oninput} />
                <button type="submit" class="primary">{ words::OPEN }</button>
                <label class="choose-file">{ words::CHOOSE }{ " " }
                    <input type="file" accept=".run,.json,.txt,.log" {onchange} />
                </label>
            </form>
            <p class="wrong" id="open-run-wrong" role="status">{ props.wrong.clone() }</p>
        </section>
    }
}
