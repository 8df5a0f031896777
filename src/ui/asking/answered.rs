//! What the run said, why, and where to go from there.

use faultline_sim::question::{Again, Found, Guess, Kind, Question};
use yew::prelude::*;

use super::{CardProps, Deed, counted, to_record};
use crate::text::asking as words;
use crate::text::measured::short;
use crate::ui::Act;
use crate::ui::pieces::Filled;
use crate::ui::terms::marked;

pub(super) fn answered(props: &CardProps) -> Html {
    let question = &props.question;
    let found = found(props);
    let (mine, mut theirs) = words::told(question, props.guess.as_ref(), &found);
    if let Some(count) = props.count.as_ref().filter(|count| !count.is_whole()) {
        theirs = counted::so_far(count, &words::found(question, &found));
    }
    let seq = props.settled.as_ref().map(|settled| settled.seq);
    let deed = |deed: Deed| {
        props
            .on_act
            .reform(move |_: MouseEvent| Act::Ask(deed.clone()))
    };
    let common = question.common.as_ref().filter(|(guess, _)| {
        let said = props.guess.as_ref();
        said.is_some_and(|said| is_common(question, said, guess))
    });
    let again = |again: &Again| {
        html! {
            <button type="button" class="quiet-button" onclick={deed(Deed::Rerun(again.clone()))}>
                { crate::text::capital(&again.label) }
            </button>
        }
    };
    let guess = props.guess.as_ref();
    let filled = Filled {
        answer: words::found(question, &found),
        guess: guess
            .map(|guess| words::guess(question, guess))
            .unwrap_or_default(),
        seq: seq.unwrap_or_default(),
        value: &|_| None,
        on_act: &props.on_act,
    };
    html! {
        <div class="ask-answer">
            if !question.is_goal() {
                <p class="ask-mine">{ mine }</p>
                <p class="ask-found">{ theirs }</p>
                if let Found::Curve(points) = &found { { curves(props, points) } }
                if let Some(count) = &props.count { { counted::told(props, count) } }
            }
            if let Some((_, why)) = common { <p>{ marked(why) }</p> }
            <p class="ask-because">{ for question.because.iter().map(|piece| filled.html(piece)) }</p>
            <p class="ask-acts">
                if let Some(seq) = seq.filter(|seq| *seq > 0) {
                    <button type="button" onclick={to_record(&props.on_act, seq)}>{ words::SHOW_WHEN }</button>
                }
                { for question.again.iter().map(again) }
                if !question.is_goal() {
                    <button type="button" class="quiet-button" onclick={deed(Deed::Again)}>{ words::AGAIN }</button>
                }
                if !props.playing {
                    <button type="button" class="quiet-button" onclick={deed(Deed::GoOn)}>{ words::GO_ON }</button>
                }
                if props.at + 1 < props.of {
                    <button type="button" class="primary" onclick={deed(Deed::Turn(1))}>{ words::NEXT }</button>
                }
            </p>
        </div>
    }
}

fn found(props: &CardProps) -> Found {
    if let Some(sweep) = &props.sweep {
        return Found::Curve(sweep.points.clone());
    }
    let settled = props.settled.as_ref();
    settled.map_or(Found::Nothing, |settled| settled.found.clone())
}

/// Whether the guess is the one that many people make.
fn is_common(question: &Question, said: &Guess, common: &str) -> bool {
    match said {
        Guess::Number(value) => common.parse() == Ok(*value),
        Guess::Word(word) => word == common,
        other => words::guess(question, other) == common,
    }
}

/// The curve that was drawn and the one that was measured, with a table for readers.
fn curves(props: &CardProps, points: &[(f64, f64)]) -> Html {
    let Kind::Curve {
        from,
        to,
        high,
        param,
        unit,
        ..
    } = &props.question.kind
    else {
        return Html::default();
    };
    let values = props.question.values();
    let top = points.iter().map(|(_, y)| *y).fold(*high, f64::max);
    let place = |x: f64, y: f64| {
        (
            20.0 + 280.0 * (x - from) / (to - from),
            130.0 - 120.0 * y / top,
        )
    };
    let path = |points: &[(f64, f64)]| {
        let points = points.iter().map(|(x, y)| place(*x, *y));
        points
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let mine: Vec<(f64, f64)> = match &props.guess {
        Some(Guess::Curve(heights)) => values
            .iter()
            .copied()
            .zip(heights.iter().copied())
            .collect(),
        _ => Vec::new(),
    };
    html! {
        <>
            <svg class="ask-chart" viewBox="0 0 320 150" aria-hidden="true">
                <path class="axis" d="M20 10V130H300" />
                <polyline class="mine" points={path(&mine)} />
                <polyline class="theirs" points={path(points)} />
                { for points.iter().map(|(x, y)| { let (x, y) = place(*x, *y);
                    html! { <circle cx={format!("{x:.1}")} cy={format!("{y:.1}")} r="3.5" /> } }) }
            </svg>
            <table class="ask-table">
                <tr><th scope="col">{ param.clone() }</th>
                    { for points.iter().map(|(x, _)| html! { <th scope="col">{ short(*x) }</th> }) }</tr>
                <tr><th scope="row">{ unit.clone() }</th>
                    { for points.iter().map(|(_, y)| html! { <td>{ short(*y) }</td> }) }</tr>
            </table>
        </>
    }
}
