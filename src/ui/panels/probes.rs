//! The measurements: each probe with its unit.

use std::rc::Rc;

use faultline_sim::frame::ProbeFrame;
use yew::prelude::*;

use crate::text::measured::shown;
use crate::text::sweeps as words;
use crate::ui::terms::marked;
use crate::views::History;

#[derive(Properties, PartialEq)]
pub struct ProbesProps {
    pub probes: Vec<ProbeFrame>,
    /// The history of each probe, in the same order.
    #[prop_or_default]
    pub history: Rc<History>,
    /// The one that has answered a question.
    #[prop_or_default]
    pub lit: Option<String>,
    /// Opens the form for a curve of this probe over many runs.
    #[prop_or_default]
    pub on_curve: Option<Callback<&'static str>>,
}

/// The panel of numbers.
#[component]
pub fn Probes(props: &ProbesProps) -> Html {
    html! {
        <section class="sheet probes" aria-labelledby="probes-title">
            <h2 id="probes-title">{ "Measured" }</h2>
            <dl class={classes!("facts", "numbers", props.on_curve.is_some().then_some("with-curves"))}>
                { for props.probes.iter().enumerate().map(|(i, probe)| html! {
                    <>
                        <dt title={probe.name} class={lit(props, probe)}>{ marked(probe.title) }</dt>
                        <dd class="course">{ course(&props.history, i) }</dd>
                        <dd>{ shown(probe) }</dd>
                        { curve_button(props, probe) }
                    </>
                }) }
            </dl>
        </section>
    }
}

fn lit(props: &ProbesProps, probe: &ProbeFrame) -> Option<&'static str> {
    (props.lit.as_deref() == Some(probe.name)).then_some("lit")
}

fn curve_button(props: &ProbesProps, probe: &ProbeFrame) -> Html {
    let name = probe.name;
    props.on_curve.as_ref().map_or_else(Html::default, |on_curve| {
        let onclick = on_curve.reform(move |_: MouseEvent| name);
        html! {
            <dd><button type="button" class="act" {onclick} aria-label={words::curve_of(probe.title)}>
                { words::CURVE }
            </button></dd>
        }
    })
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
