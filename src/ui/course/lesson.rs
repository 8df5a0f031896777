//! A lesson beside the run: the present step, its question, its switches, and what a person writes.

use std::rc::Rc;

use faultline_sim::lesson::{Lesson, Step};
use faultline_sim::settings::{Param, Value};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::Deed;
use crate::text::course as words;
use crate::ui::Act;
use crate::ui::panels::ParamField;
use crate::ui::pieces::Filled;

/// A rule that a step lets people turn on and off.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub name: &'static str,
    pub title: &'static str,
    pub on: bool,
}

#[derive(Properties)]
pub struct LessonProps {
    pub lesson: Rc<Lesson>,
    pub at: usize,
    /// What was written at this step.
    pub note: AttrValue,
    pub rules: Vec<Rule>,
    /// Parameters of the step and of its text, with their values in the run.
    pub dials: Vec<(&'static Param, Value)>,
    /// The title of the scenario to compare with.
    pub beside: Option<AttrValue>,
    /// The stage shows another run.
    pub away: bool,
    /// The line that the teacher is at; none without a teacher.
    pub script: Option<usize>,
    pub on_act: Callback<Act>,
    /// The question and the program, if the step has them.
    pub children: Html,
}

impl PartialEq for LessonProps {
    // The question changes with the run, so the panel is drawn with it.
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

#[component]
pub fn LessonPanel(props: &LessonProps) -> Html {
    let (lesson, at, on_act) = (&props.lesson, props.at, &props.on_act);
    let Some(step) = lesson.steps.get(at) else {
        return Html::default();
    };
    let deed = |deed: Deed| on_act.reform(move |_: MouseEvent| Act::Learn(deed.clone()));
    let of = lesson.steps.len();
    let part = lesson.steps[..=at]
        .iter()
        .rev()
        .find_map(|step| step.part.as_deref());
    let last = at + 1 == of;
    html! {
        <section class="lesson" aria-labelledby="lesson-step">
            <p class="lesson-where">
                <button type="button" class="bare-button" aria-label={words::ALL_LESSONS} title={words::ALL_LESSONS}
                    onclick={deed(Deed::List(true))}>{ "‹" }</button>
                <span>{ &lesson.title }</span>
                <button type="button" class="bare-button" onclick={deed(Deed::Sheet(true))}>{ words::LAB_SHEET }</button>
                <button type="button" class="bare-button" aria-label={words::LEAVE} title={words::LEAVE}
                    onclick={deed(Deed::Leave)}>{ "×" }</button>
            </p>
            <ol class="lesson-steps" aria-label={words::place(at, of)}>
                { for lesson.steps.iter().enumerate().map(|(other, step)| mark(props, other, step)) }
            </ol>
            <p class="quiet">
                { words::place(at, of) }
                if let Some(part) = part { { format!(" · {part}") } }
            </p>
            <h2 id="lesson-step">{ &step.title }</h2>
            { for step.text.iter().map(|pieces| paragraph(props, pieces)) }
            if props.away {
                <p class="lesson-away">
                    { words::AWAY }
                    <button type="button" onclick={deed(Deed::Return)}>{ words::TO_STEP }</button>
                </p>
            }
            { props.children.clone() }
            { rules(props) }
            { dials(props, step) }
            if let (Some(title), false) = (&props.beside, props.away) {
                <p class="ask-acts">
                    <button type="button" onclick={beside(step, on_act)}>{ words::beside(title) }</button>
                </p>
            }
            { writing(props, step) }
            if let Some(line) = props.script { { script(step, line, deed(Deed::Links(true))) } }
            <p class="lesson-turn ask-acts">
                <button type="button" disabled={at == 0} onclick={deed(Deed::Go(at.saturating_sub(1)))}>{ words::BACK }</button>
                if last {
                    <button type="button" class="primary" onclick={deed(Deed::Sheet(true))}>{ words::END }</button>
                } else {
                    <button type="button" class="primary" onclick={deed(Deed::Go(at + 1))}>{ words::NEXT }</button>
                }
            </p>
        </section>
    }
}

/// A step as a mark on the way.
fn mark(props: &LessonProps, at: usize, step: &Step) -> Html {
    let here = at == props.at;
    let click = props
        .on_act
        .reform(move |_: MouseEvent| Act::Learn(Deed::Go(at)));
    html! {
        <li>
            <button type="button" class={classes!("lesson-mark", here.then_some("here"), (at < props.at).then_some("before"))}
                aria-current={here.then_some("step")} aria-label={words::entered(at, props.lesson.steps.len(), &step.title)}
                title={step.title.clone()} onclick={click}></button>
        </li>
    }
}

fn paragraph(props: &LessonProps, pieces: &[faultline_sim::question::Piece]) -> Html {
    let value = |name: &str| {
        let found = props.dials.iter().find(|(param, _)| param.name == name);
        found.and_then(|(_, value)| match value {
            Value::Number(number) => Some(*number),
            _ => None,
        })
    };
    let filled = Filled {
        answer: String::new(),
        guess: String::new(),
        seq: 0,
        value: &value,
        on_act: &props.on_act,
    };
    html! { <p>{ for pieces.iter().map(|piece| filled.html(piece)) }</p> }
}

fn rules(props: &LessonProps) -> Html {
    if props.rules.is_empty() || props.away {
        return Html::default();
    }
    let turn = |rule: &Rule| {
        let (name, to) = (rule.name, if rule.on { "off" } else { "on" });
        props
            .on_act
            .reform(move |_: Event| Act::Learn(Deed::Set(name.into(), to.into())))
    };
    html! {
        <fieldset class="lesson-rules">
            <legend>{ words::SWITCHES }</legend>
            { for props.rules.iter().map(|rule| html! {
                <label class="choice" key={rule.name}>
                    <input type="checkbox" role="switch" checked={rule.on} onchange={turn(rule)} />
                    { rule.title }
                </label>
            }) }
            <p class="quiet">{ words::SWITCHES_ABOUT }</p>
        </fieldset>
    }
}

fn dials(props: &LessonProps, step: &Step) -> Html {
    let own =
        |(param, _): &&(&'static Param, Value)| step.dials.iter().any(|name| name == param.name);
    let own: Vec<_> = props.dials.iter().filter(own).collect();
    if own.is_empty() || props.away {
        return Html::default();
    }
    let on_act = props.on_act.clone();
    let on_set = Callback::from(move |(name, value): (&'static str, String)| {
        on_act.emit(Act::Learn(Deed::Set(name.into(), value)));
        None
    });
    html! {
        <fieldset class="lesson-rules">
            <legend>{ words::DIALS }</legend>
            { for own.into_iter().map(|(param, value)| html! {
                <ParamField key={param.name} param={*param} value={value.clone()} on_set={on_set.clone()} />
            }) }
        </fieldset>
    }
}

fn beside(step: &Step, on_act: &Callback<Act>) -> Callback<MouseEvent> {
    let name = step.beside.clone().unwrap_or_default();
    on_act.reform(move |_: MouseEvent| Act::Ask(crate::ui::asking::Deed::Compare(name.clone())))
}

fn writing(props: &LessonProps, step: &Step) -> Html {
    let Some(asked) = &step.write else {
        return Html::default();
    };
    let at = props.at;
    // At each letter: the run goes on meanwhile, and what is drawn anew must not lose one.
    let oninput = props.on_act.reform(move |event: InputEvent| {
        let field: HtmlTextAreaElement = event.target_unchecked_into();
        Act::Learn(Deed::Write(at, field.value()))
    });
    html! {
        <label class="lesson-write" key={at}>
            <span>{ asked }</span>
            <textarea rows="3" aria-label={asked.clone()} value={props.note.clone()} {oninput} />
            <span class="quiet">{ words::WRITE }</span>
        </label>
    }
}

/// What the teacher says: the present line stands out.
fn script(step: &Step, line: usize, links: Callback<MouseEvent>) -> Html {
    html! {
        <div class="ask-teacher lesson-script">
            <h3>{ words::SCRIPT }</h3>
            <ol>
                { for step.say.iter().enumerate().map(|(at, said)| html! {
                    <li class={(at == line).then_some("here")} aria-current={(at == line).then_some("true")}>{ said }</li>
                }) }
            </ol>
            <p class="quiet">{ words::SCRIPT_KEYS }</p>
            <p class="ask-acts"><button type="button" class="quiet-button" onclick={links}>{ words::LINKS }</button></p>
        </div>
    }
}
