//! The measurements: each probe with its unit, and the sent messages by kind.

use std::rc::Rc;

use faultline_sim::frame::ProbeFrame;
use yew::prelude::*;

use crate::text::measured::shown;
use crate::views::History;

#[derive(Properties, PartialEq)]
pub struct ProbesProps {
    pub probes: Vec<ProbeFrame>,
    /// The history of each probe, in the same order.
    #[prop_or_default]
    pub history: Rc<History>,
    /// Messages sent so far, by kind.
    pub sent: Vec<(&'static str, u64)>,
}

/// The panel of numbers.
#[component]
pub fn Probes(props: &ProbesProps) -> Html {
    let total: u64 = props.sent.iter().map(|(_, count)| count).sum();
    let most = props
        .sent
        .iter()
        .map(|(_, count)| *count)
        .max()
        .unwrap_or(0)
        .max(1);
    html! {
        <section class="sheet probes" aria-labelledby="probes-title">
            <h2 id="probes-title">{ "Measured" }</h2>
            <dl class="facts numbers">
                { for props.probes.iter().enumerate().map(|(i, probe)| html! {
                    <>
                        <dt title={probe.name}>{ probe.title }</dt>
                        <dd class="course">{ course(&props.history, i) }</dd>
                        <dd>{ shown(probe) }</dd>
                    </>
                }) }
            </dl>
            <h3>{ "Messages by kind" }</h3>
            if total == 0 {
                <p class="quiet">{ "Nothing has been sent yet." }</p>
            } else {
                <table class="kinds">
                    <thead class="for-readers">
                        <tr><th scope="col">{ "Kind" }</th><th scope="col">{ "Sent" }</th>
                            <td></td></tr>
                    </thead>
                    <tbody>{ for props.sent.iter().map(|(kind, count)| html! {
                        <tr>
                            <th scope="row">{ *kind }</th>
                            <td class="count" translate="no">{ count }</td>
                            <td aria-hidden="true"><span class="gauge-bar">
                                <span class="gauge-fill"
                                    ~style={format!("width: {:.1}%", share(*count, most))}></span>
                            </span></td>
                        </tr>
                    }) }</tbody>
                </table>
            }
        </section>
    }
}

/// The history of a probe as a small curve next to its number.
fn course(history: &History, i: usize) -> Html {
    const WIDE: f64 = 72.0;
    const HIGH: f64 = 20.0;
    let values: Vec<(f64, f64)> = history
        .iter()
        .filter_map(|(at, values)| Some((at.0 as f64, (*values.get(i)?)?)))
        .collect();
    let begin = history.first().map_or(0.0, |(at, _)| at.0 as f64);
    let end = history.last().map_or(0.0, |(at, _)| at.0 as f64);
    let least = values.iter().map(|(_, v)| *v).fold(0.0, f64::min);
    let most = values.iter().map(|(_, v)| *v).fold(0.0, f64::max);
    if values.len() < 2 || end <= begin {
        return Html::default();
    }
    let spread = if most > least { most - least } else { 1.0 };
    let mut points = String::new();
    for (at, value) in &values {
        let x = (at - begin) / (end - begin) * WIDE;
        let y = HIGH - 2.0 - (value - least) / spread * (HIGH - 4.0);
        points.push_str(&format!("{x:.1},{y:.1} "));
    }
    html! {
        <svg class="course-line" viewBox="0 0 72 20" aria-hidden="true">
            <polyline {points} />
        </svg>
    }
}

fn share(count: u64, most: u64) -> f64 {
    count as f64 / most as f64 * 100.0
}
