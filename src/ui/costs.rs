//! What a run costs: messages and bytes by kind, and what a request takes beside its textbook formula.

use faultline_sim::cost::{Line, Sent, Textbook};
use yew::prelude::*;

use crate::text::costs as words;
use crate::ui::{Act, Same};

/// What a person does with the bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Counts the rest of a long run.
    GoOn,
}

/// What was counted up to the present instant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bill {
    pub kinds: Vec<(&'static str, Sent)>,
    pub lines: Vec<Line>,
    /// Whether all is counted up to now.
    pub there: bool,
}

#[derive(Properties, PartialEq)]
pub struct CostsProps {
    pub bill: Same<Bill>,
    pub on_act: Callback<Act>,
}

/// The panel.
#[component]
pub fn Costs(props: &CostsProps) -> Html {
    let bill = &props.bill;
    let go_on = props.on_act.reform(|_: MouseEvent| Act::Costs(Deed::GoOn));
    html! {
        <section class="sheet costs" aria-labelledby="costs-title">
            <h2 id="costs-title">{ words::TITLE }</h2>
            if !bill.there {
                <p class="quiet">{ words::BEHIND }{ " " }
                    <button type="button" class="act" onclick={go_on}>{ words::GO_ON }</button></p>
            }
            { requests(&bill.lines) }
            <h3>{ words::KINDS }</h3>
            { kinds(&bill.kinds) }
        </section>
    }
}

fn requests(lines: &[Line]) -> Html {
    if lines.is_empty() {
        return Html::default();
    }
    let textbook = lines.iter().any(|line| line.textbook.is_some());
    html! {
        <>
            <h3>{ words::REQUESTS }</h3>
            <table class="bill">
                <thead><tr>
                    <th scope="col">{ words::COST }</th>
                    <th scope="col">{ words::MEASURED }</th>
                    if textbook { <th scope="col">{ words::TEXTBOOK }</th> }
                </tr></thead>
                <tbody>{ for lines.iter().map(|line| row(line, textbook)) }</tbody>
            </table>
            { for conventions(lines).into_iter().map(|says| html! { <p class="quiet">{ says }</p> }) }
            <p class="quiet">{ words::ABOUT }</p>
        </>
    }
}

fn row(line: &Line, textbook: bool) -> Html {
    let formula = |own: &Textbook| words::formula(own.letters, own.value);
    html! {
        <tr>
            <th scope="row">{ &line.title }</th>
            <td translate="no">{ words::measured(line.measured, line.unit) }</td>
            if textbook {
                <td translate="no">{ line.textbook.as_ref().map(formula) }</td>
            }
        </tr>
    }
}

/// Each convention once.
fn conventions(lines: &[Line]) -> Vec<&'static str> {
    let all = lines.iter().filter_map(|line| line.textbook.as_ref());
    let mut all: Vec<&'static str> = all.map(|own| own.convention).collect();
    all.dedup();
    all
}

fn kinds(kinds: &[(&'static str, Sent)]) -> Html {
    if kinds.is_empty() {
        return html! { <p class="quiet">{ words::NOTHING }</p> };
    }
    let most = kinds.iter().map(|(_, sent)| sent.messages).max();
    let most = most.unwrap_or(0).max(1) as f64;
    let row = |(kind, sent): &(&'static str, Sent)| {
        let share = sent.messages as f64 / most * 100.0;
        html! {
            <tr>
                <th scope="row">{ *kind }</th>
                <td class="count" translate="no">{ sent.messages }</td>
                <td class="count" translate="no">{ sent.bytes }</td>
                <td aria-hidden="true"><span class="gauge-bar">
                    <span class="gauge-fill" ~style={format!("width: {share:.1}%")}></span>
                </span></td>
            </tr>
        }
    };
    html! {
        <table class="kinds">
            <thead><tr>
                <th scope="col">{ words::KIND }</th>
                <th scope="col" class="count">{ words::SENT }</th>
                <th scope="col" class="count">{ words::BYTES }</th>
                <td></td>
            </tr></thead>
            <tbody>{ for kinds.iter().map(row) }</tbody>
        </table>
    }
}
