//! Two runs in numbers: probes in one table with a column for the difference, and the rules of both.

use faultline_sim::frame::{Frame, Light, ProbeFrame, VerdictFrame};
use yew::prelude::*;

use crate::text::compare as words;
use crate::text::measured::shown;
use crate::ui::Same;

#[derive(Properties, PartialEq)]
pub struct ComparedProps {
    /// The letters of the left and the right run.
    pub letters: (char, char),
    pub left: Same<Frame>,
    pub right: Same<Frame>,
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
