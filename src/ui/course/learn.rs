//! The list of lessons: by shelf, by the person's path, with what is done.

use std::rc::Rc;

use faultline_sim::lesson::{Lesson, PATHS, SHELVES};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::ui::use_focus;

use super::{Deed, Export};
use crate::progress::Progress;
use crate::text::course as words;
use crate::ui::panels::value_of;
use crate::ui::terms::{glossary, marked};
use crate::ui::{Act, Same};

#[derive(Properties, PartialEq)]
pub struct LearnProps {
    pub lessons: Same<Vec<Rc<Lesson>>>,
    pub missing: bool,
    pub progress: Same<Progress>,
    /// The open lesson.
    pub current: Option<String>,
    pub teaching: bool,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Learn(props: &LearnProps) -> Html {
    let root = use_focus();
    let on_act = &props.on_act;
    let close = on_act.reform(|_: MouseEvent| Act::Learn(Deed::List(false)));
    let library = on_act.reform(|_: MouseEvent| Act::View(crate::ui::act::ViewAct::Library(true)));
    let onkeydown = {
        let on_act = on_act.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.stop_propagation();
                on_act.emit(Act::Learn(Deed::List(false)));
            }
        })
    };
    let on_path = |lesson: &&Rc<Lesson>| {
        let path = props.progress.path.as_ref();
        path.is_some_and(|path| lesson.paths.contains(path))
    };
    let first: Vec<_> = props.lessons.iter().filter(on_path).collect();
    html! {
        <div class="library learn" role="dialog" aria-labelledby="learn-title" tabindex="-1" ref={root} {onkeydown}>
            <div class="sheet-head">
                <h2 id="learn-title">{ words::LEARN }</h2>
                { super::challenges::door(on_act) }
                <button type="button" class="act" onclick={library}>{ words::LIBRARY }</button>
                <button type="button" class="act" onclick={close}>{ words::CLOSE }</button>
            </div>
            { loading(props) }
            { path(props) }
            if !first.is_empty() {
                <section aria-label={words::FIRST_FOR_YOU}>
                    <p class="shelf">{ words::FIRST_FOR_YOU }</p>
                    { for first.into_iter().map(|lesson| card(lesson, props)) }
                </section>
            }
            { for SHELVES.iter().map(|(shelf, title)| {
                let own: Vec<_> = props.lessons.iter().filter(|lesson| lesson.shelf == *shelf).collect();
                html! {
                    if !own.is_empty() {
                        <section key={*shelf} aria-label={*title}>
                            <p class="shelf">{ *title }</p>
                            { for own.into_iter().map(|lesson| card(lesson, props)) }
                        </section>
                    }
                }
            }) }
            { progress(props) }
            { words_of_glossary() }
        </div>
    }
}

fn loading(props: &LearnProps) -> Html {
    let again = props.on_act.reform(|_: MouseEvent| Act::Learn(Deed::Retry));
    match (props.lessons.is_empty(), props.missing) {
        (false, _) => Html::default(),
        (true, false) => html! { <p class="quiet" role="status">{ words::LOADING }</p> },
        (true, true) => html! {
            <p role="status">{ words::MISSING }{ " " }<button type="button" onclick={again}>{ words::TRY_AGAIN }</button></p>
        },
    }
}

fn path(props: &LearnProps) -> Html {
    let choose = props.on_act.reform(|event: Event| {
        let word = value_of(&event);
        Act::Learn(Deed::Path((!word.is_empty()).then_some(word)))
    });
    let mine = props.progress.path.as_deref().unwrap_or_default();
    html! {
        <div class="learn-path">
            <label>{ words::PATH }
                <select onchange={choose}>
                    <option value="" selected={mine.is_empty()}>{ words::EVERYBODY }</option>
                    { for PATHS.iter().map(|(word, title)| html! {
                        <option value={*word} selected={mine == *word}>{ *title }</option>
                    }) }
                </select>
            </label>
        </div>
    }
}

fn card(lesson: &Rc<Lesson>, props: &LearnProps) -> Html {
    let of = lesson.steps.len();
    let seen = props.progress.seen(&lesson.id, of);
    let here = props.current.as_ref() == Some(&lesson.id);
    let id = lesson.id.clone();
    let open = props
        .on_act
        .reform(move |_: MouseEvent| Act::Learn(Deed::Open(id.clone())));
    html! {
        <article class="lesson-card" key={lesson.id.clone()}>
            <button type="button" class={classes!("library-open", here.then_some("library-current"))} onclick={open}>
                { &lesson.title }
            </button>
            <p>{ &lesson.about }</p>
            <p class="quiet">
                { format!("{} · {} · {}", words::minutes(lesson.minutes), words::level(lesson.level),
                    if seen == 0 { words::START.to_owned() } else { words::seen(seen, of) }) }
            </p>
            if seen > 0 { <progress max={of.to_string()} value={seen.to_string()} aria-label={words::PROGRESS} /> }
            if props.teaching { { plan(lesson) } }
        </article>
    }
}

/// For who teaches: what to show, to ask, and what goes wrong.
fn plan(lesson: &Lesson) -> Html {
    html! {
        <details class="fold">
            <summary>{ words::PLAN }</summary>
            <dl class="plan">
                { for [(words::SHOW, &lesson.show), (words::ASK, &lesson.ask), (words::WRONG, &lesson.wrong)].map(|(what, text)| html! {
                    <><dt>{ what }</dt><dd>{ text }</dd></>
                }) }
            </dl>
        </details>
    }
}

fn progress(props: &LearnProps) -> Html {
    let deed = |deed: Deed| {
        props
            .on_act
            .reform(move |_: MouseEvent| Act::Learn(deed.clone()))
    };
    // With each letter: nothing typed is lost when the list is drawn anew.
    let goal = props.on_act.reform(|event: InputEvent| {
        let field: HtmlInputElement = event.target_unchecked_into();
        Act::Learn(Deed::Goal(field.value()))
    });
    let load = {
        let on_act = props.on_act.clone();
        Callback::from(move |event: Event| {
            let field: HtmlInputElement = event.target_unchecked_into();
            let read = on_act.reform(|text| Act::Learn(Deed::Load(text)));
            if let Some(file) = field.files().and_then(|files| files.get(0)) {
                crate::browser::read_file(file, read);
            }
            field.set_value("");
        })
    };
    html! {
        <section class="learn-progress" aria-label={words::PROGRESS}>
            <p class="shelf">{ words::PROGRESS }</p>
            <label class="learn-path">{ words::YOUR_GOAL }
                <input type="text" maxlength="200" value={props.progress.goal.clone()} oninput={goal} />
            </label>
            <p class="ask-acts">
                <button type="button" onclick={deed(Deed::Export(Export::Progress))}>{ words::SAVE_PROGRESS }</button>
                <label class="file-button">{ words::LOAD_PROGRESS }<input type="file" accept=".json,application/json" onchange={load} /></label>
                <button type="button" class="quiet-button" onclick={deed(Deed::Clear)}>{ words::CLEAR_PROGRESS }</button>
            </p>
        </section>
    }
}

fn words_of_glossary() -> Html {
    let glossary = glossary();
    if glossary.terms.is_empty() {
        return Html::default();
    }
    let mut terms: Vec<_> = glossary.terms.iter().collect();
    faultline_sim::sorted::sort_by_key(&mut terms, |term| term.term.to_lowercase());
    html! {
        <details class="fold glossary">
            <summary>{ words::GLOSSARY }</summary>
            <dl>
                { for terms.into_iter().map(|term| html! {
                    <><dt>{ crate::text::capital(&term.term) }</dt><dd>{ marked(&term.means) }</dd></>
                }) }
            </dl>
        </details>
    }
}
