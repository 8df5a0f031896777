//! The search over everything: scenarios, lessons, words, commands. Typed, chosen with the arrows, opened
//! with Enter.

use std::rc::Rc;

use faultline_sim::lesson::Lesson;
use faultline_sim::sorted::SortedMap;
use yew::prelude::*;

use crate::ui::use_focus;

use super::course::Deed;
use super::panels::controls::typed;
use super::terms::glossary;
use super::{Act, Same};
use crate::finding::{Challenge, Texts, challenges, lessons, scenarios, terms};
use crate::text::finding as words;
use crate::text::search::Search;
use crate::ui::act::{RunAct, ViewAct};

/// Rows of one kind.
const MOST: usize = 6;

#[derive(Properties, PartialEq, Clone)]
pub struct FinderProps {
    pub lessons: Same<Vec<Rc<Lesson>>>,
    pub texts: Same<Texts>,
    /// What is asked about each scenario.
    pub asks: Same<SortedMap<String, String>>,
    pub challenges: Same<Vec<Challenge>>,
    /// Commands by their words.
    pub commands: Same<Vec<(&'static str, Act)>>,
    pub on_act: Callback<Act>,
}

/// A row: its kind, its words, a second line, and what it does.
struct Row {
    kind: &'static str,
    title: String,
    about: String,
    act: Option<Act>,
}

#[component]
pub fn Finder(props: &FinderProps) -> Html {
    let sought = use_state(String::new);
    let chosen = use_state(|| 0_usize);
    let field = use_focus();
    // A search reads all essays: once for each word that is typed.
    let rows = {
        let props = props.clone();
        let here = (props.asks.clone(), props.challenges.clone());
        let with = (
            sought.clone(),
            props.texts.clone(),
            props.lessons.clone(),
            here,
        );
        use_memo(with, move |(sought, ..)| rows(sought, &props))
    };
    let at = (*chosen).min(rows.len().saturating_sub(1));
    let oninput = {
        let (sought, chosen) = (sought.clone(), chosen.clone());
        Callback::from(move |event: InputEvent| {
            sought.set(typed(&event));
            chosen.set(0);
        })
    };
    let open = {
        let (rows, on_act) = (rows.clone(), props.on_act.clone());
        move |at: usize| {
            if let Some(act) = rows.get(at).and_then(|row| row.act.clone()) {
                on_act.emit(Act::View(ViewAct::Find(false)));
                on_act.emit(act);
            }
        }
    };
    let onkeydown = {
        let (open, count, on_act) = (open.clone(), rows.len(), props.on_act.clone());
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" if count > 0 => chosen.set((at + 1) % count),
                "ArrowUp" if count > 0 => chosen.set((at + count - 1) % count),
                "Enter" => open(at),
                "Escape" => on_act.emit(Act::View(ViewAct::Find(false))),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let away = props
        .on_act
        .reform(|_: MouseEvent| Act::View(ViewAct::Find(false)));
    html! {
        <div class="finder" role="dialog" aria-label={words::TITLE}>
            <div class="finder-shade" onclick={away}></div>
            <div class="finder-box">
                <input ref={field} type="search" autocomplete="off" role="combobox" aria-expanded="true"
                    aria-controls="finder-rows" aria-activedescendant={format!("finder-{at}")} aria-label={words::TITLE}
                    placeholder={words::HINT} value={(*sought).clone()} {oninput} {onkeydown} />
                <ul id="finder-rows" role="listbox" aria-label={words::FOUND}>
                    { for rows.iter().enumerate().map(|(row, found)| {
                        let click = { let open = open.clone(); Callback::from(move |_: MouseEvent| open(row)) };
                        html! {
                            <li role="option" id={format!("finder-{row}")} aria-selected={(row == at).to_string()} onclick={click}>
                                <span class="tag">{ found.kind }</span>
                                <strong>{ &found.title }</strong>
                                <span class="quiet">{ &found.about }</span>
                            </li>
                        }
                    }) }
                </ul>
                <p class="quiet" role="status">{ words::found(rows.len(), &sought) }</p>
            </div>
        </div>
    }
}

fn rows(sought: &str, props: &FinderProps) -> Vec<Row> {
    let glossary = glossary();
    let search = Search::new(sought, &glossary);
    let mut rows: Vec<(u32, Row)> = Vec::new();
    if !search.is_empty() {
        let found = terms(&search, &glossary).into_iter().take(2);
        rows.extend(found.filter(|(score, _)| *score > 8).map(|(score, at)| {
            let term = &glossary.terms[at];
            let row = Row {
                kind: words::WORD,
                title: crate::text::capital(&term.term),
                about: term.means.clone(),
                act: None,
            };
            (score + 100, row)
        }));
    }
    let found = lessons(&search, &props.lessons).into_iter().take(MOST);
    rows.extend(found.map(|(score, lesson)| {
        let row = Row {
            kind: words::LESSON,
            title: lesson.title.clone(),
            about: lesson.about.clone(),
            act: Some(Act::Learn(Deed::Open(lesson.id.clone()))),
        };
        (score, row)
    }));
    let found = scenarios(&search, &props.texts, &props.asks)
        .into_iter()
        .take(MOST);
    rows.extend(found.map(|(score, entry)| {
        let row = Row {
            kind: words::SCENARIO,
            title: entry.scenario.title.into(),
            about: entry.protocol.title.into(),
            act: Some(Act::Run(RunAct::Open(entry.name()))),
        };
        (score, row)
    }));
    let found = challenges(&search, &props.challenges).into_iter();
    let found = found.take(if search.is_empty() { 0 } else { MOST });
    rows.extend(found.map(|(score, challenge)| {
        let row = Row {
            kind: words::CHALLENGE,
            title: challenge.ask.clone(),
            about: challenge.about.clone(),
            act: Some(Act::Learn(Deed::Challenge(challenge.name.clone()))),
        };
        (score, row)
    }));
    let commands = props.commands.iter().filter_map(|(title, act)| {
        let score = search.score(&[(title, 9)])?;
        let row = Row {
            kind: words::COMMAND,
            title: (*title).into(),
            about: String::new(),
            act: Some(act.clone()),
        };
        Some((score, row))
    });
    rows.extend(commands.take(if search.is_empty() { 0 } else { MOST }));
    faultline_sim::sorted::sort_by_key(&mut rows, |(score, _)| u32::MAX - score);
    rows.into_iter().map(|(_, row)| row).collect()
}
