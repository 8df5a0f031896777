//! Two runs in numbers: probes in one table with a column for the difference, and the rules of both.

use faultline_sim::cost::Line;
use faultline_sim::frame::{Frame, Light, ProbeFrame, VerdictFrame};
use yew::prelude::*;

use crate::text::compare as words;
use crate::text::costs as costs_words;
use crate::text::measured::shown;
use crate::ui::Same;
use crate::ui::costs::Bill;

#[derive(Properties, PartialEq)]
pub struct ComparedProps {
    /// The letters of the left and the right run.
    pub letters: (char, char),
    pub left: Same<Frame>,
    pub right: Same<Frame>,
    /// What each run costs, if it is counted.
    #[prop_or_default]
    pub bills: (Option<Same<Bill>>, Option<Same<Bill>>),
}

/// The table.
#[component]
pub fn Compared(props: &ComparedProps) -> Html {
    let (left, right) = (&props.left, &props.right);
    let head = |what: &'static str, last: &'static str| {
        html! {
            <thead><tr>
                <th scope="col">{ what }</th>
                <th scope="col">{ props.letters.0 }</th>
                <th scope="col">{ props.letters.1 }</th>
                if !last.is_empty() { <th scope="col">{ last }</th> }
            </tr></thead>
        }
    };
    let probes = union(&left.probes, &right.probes, |probe| probe.name);
    let lights = union(&left.verdicts, &right.verdicts, |verdict| verdict.name);
    let value = |probe: Option<&ProbeFrame>| probe.map_or("–".into(), shown);
    html! {
        <section class="sheet compared" aria-labelledby="compared-title">
            <h2 id="compared-title">{ "Comparison" }</h2>
            <table class="compared-probes">
                { head("Measured", "Difference") }
                <tbody>{ for probes.iter().map(|(first, second)| html! {
                    <tr>
                        <th scope="row">{ first.or(*second).map(|probe| probe.title) }</th>
                        <td>{ value(*first) }</td>
                        <td>{ value(*second) }</td>
                        <td>{ words::delta(*first, *second) }</td>
                    </tr>
                }) }</tbody>
            </table>
            { costs(&props.bills, head(costs_words::TITLE, "Difference")) }
            if !lights.is_empty() {
                <table class="compared-lights">
                    { head("Rule", "") }
                    <tbody>{ for lights.iter().map(|(first, second)| html! {
                        <tr>
                            <th scope="row">{ first.or(*second).map(|law| law.title) }</th>
                            <td>{ light(*first) }</td>
                            <td>{ light(*second) }</td>
                        </tr>
                    }) }</tbody>
                </table>
            }
        </section>
    }
}

/// What a request costs in both runs, where either tells.
fn costs(bills: &(Option<Same<Bill>>, Option<Same<Bill>>), head: Html) -> Html {
    let lines = |bill: &Option<Same<Bill>>| match bill {
        Some(bill) => bill.lines.clone(),
        None => Vec::new(),
    };
    let (left, right) = (lines(&bills.0), lines(&bills.1));
    let rows = pairs(&left, &right);
    if rows.is_empty() {
        return Html::default();
    }
    let value = |line: Option<&Line>| {
        costs_words::measured(
            line.and_then(|line| line.measured),
            line.map_or("", |line| line.unit),
        )
    };
    html! {
        <table class="compared-costs">
            { head }
            <tbody>{ for rows.iter().map(|(first, second)| html! {
                <tr>
                    <th scope="row">{ first.or(*second).map(|line| line.title.clone()) }</th>
                    <td>{ value(*first) }</td>
                    <td>{ value(*second) }</td>
                    <td>{ words::apart(first.and_then(|line| line.measured), second.and_then(|line| line.measured)) }</td>
                </tr>
            }) }</tbody>
        </table>
    }
}

fn pairs<'a>(left: &'a [Line], right: &'a [Line]) -> Vec<(Option<&'a Line>, Option<&'a Line>)> {
    let twin = |all: &'a [Line], of: &Line| all.iter().find(|other| other.title == of.title);
    let both = left.iter().map(|line| (Some(line), twin(right, line)));
    let rest = right.iter().filter(|line| twin(left, line).is_none());
    both.chain(rest.map(|line| (None, Some(line)))).collect()
}

/// All items of both, by name, in the order of the first.
fn union<'a, T>(
    first: &'a [T],
    second: &'a [T],
    name: fn(&T) -> &'static str,
) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    let twin = |all: &'a [T], of: &T| all.iter().find(|other| name(other) == name(of));
    let both = first.iter().map(|one| (Some(one), twin(second, one)));
    let rest = second.iter().filter(|one| twin(first, one).is_none());
    both.chain(rest.map(|one| (None, Some(one)))).collect()
}

fn light(verdict: Option<&VerdictFrame>) -> Html {
    let (class, word) = match verdict.map(|verdict| &verdict.light) {
        None => ("quiet", "–"),
        Some(Light::Holds) => ("good", "✓ holds"),
        Some(Light::NotYet(_)) => ("quiet", "? not yet"),
        Some(Light::Broken { .. }) => ("bad", "✕ broken"),
    };
    html! { <span class={class}>{ word }</span> }
}
