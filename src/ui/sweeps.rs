//! A curve over many runs: the form, the progress, and the drawing whose points open runs.

mod chart;
mod form;
mod grid;

use faultline_sim::settings::Param;
use faultline_sim::time::Duration;
use yew::prelude::*;

use crate::text::asking::measured;
use crate::text::sweeps as words;
use crate::ui::panels::controls::complaint;
use crate::ui::{Act, Same};
use crate::worker::{Reading, Sweep};
use chart::Chart;
use form::Form;
use grid::Grid;

/// What a person does with a curve.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// Opens the form for a probe.
    Open(&'static str),
    Close,
    Measure(Wanted),
    Stop,
    /// Opens a measured run, by its number.
    Run(usize),
}

/// How the runs differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    /// In a parameter.
    Param(&'static str),
    Seeds,
    /// In who crashes, and when.
    Crashes,
}

/// What the form asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    pub along: Along,
    /// Values, seeds, or numbers of events.
    pub from: f64,
    pub to: f64,
    pub step: Option<f64>,
    /// Seeds for each value of a parameter.
    pub seeds: f64,
    /// With the commands of the present run.
    pub faults: bool,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    pub name: &'static str,
    pub title: &'static str,
    pub unit: &'static str,
}

/// A curve, as far as it is measured.
#[derive(Clone, PartialEq)]
pub struct Shown {
    pub sweep: Same<Sweep>,
    pub readings: Same<Vec<Reading>>,
    /// Of runs with a crash: how a law broke.
    pub broken: Same<Vec<Option<String>>>,
    pub under_way: bool,
    /// The page does the work itself.
    pub in_page: bool,
    pub failed: Option<String>,
}

/// A parameter that a curve can follow, with its present value.
#[derive(Clone, Copy)]
pub struct Axis {
    pub param: &'static Param,
    pub now: f64,
}

impl PartialEq for Axis {
    fn eq(&self, other: &Self) -> bool {
        (self.param.name, self.now) == (other.param.name, other.now)
    }
}

#[derive(Properties, PartialEq)]
pub struct SweepPanelProps {
    pub measure: Measure,
    /// The one that says how many nodes there are comes first.
    pub axes: Vec<Axis>,
    pub seed: u64,
    /// The length of a run.
    pub until: Duration,
    /// How many commands the person has given.
    pub commands: usize,
    /// How many events of the present run there have been.
    pub events: u64,
    pub shown: Option<Shown>,
    pub wrong: Option<AttrValue>,
    pub on_act: Callback<Act>,
}

/// The form, and what was measured.
#[component]
pub fn SweepPanel(props: &SweepPanelProps) -> Html {
    let close = props.on_act.reform(|_: MouseEvent| Act::Sweep(Deed::Close));
    let length = crate::text::length(props.until);
    html! {
        <section class="sheet sweep" aria-labelledby="sweep-title">
            <div class="sweep-head">
                <h2 id="sweep-title">{ words::heading(props.measure.title) }</h2>
                <button type="button" onclick={close}>{ words::CLOSE }</button>
            </div>
            <Form key={props.measure.name} axes={props.axes.clone()} seed={props.seed} commands={props.commands}
                events={props.events} on_act={props.on_act.clone()} />
            { complaint("sweep-wrong", props.wrong.as_deref()) }
            if let Some(shown) = &props.shown {
                { progress(shown, &props.on_act) }
                if shown.sweep.crashes.is_some() {
                    <Grid measure={props.measure} shown={shown.clone()} on_act={props.on_act.clone()} />
                } else {
                    <Chart measure={props.measure} axis={axis_of(props, shown)} shown={shown.clone()}
                        on_act={props.on_act.clone()} />
                }
            }
            <p class="quiet">{ words::lasts(&length) }</p>
        </section>
    }
}

/// The parameter along which the runs differ.
fn axis_of(props: &SweepPanelProps, shown: &Shown) -> Option<Axis> {
    let span = shown.sweep.span.as_ref()?;
    let mut axes = props.axes.iter();
    axes.find(|axis| axis.param.name == span.param).copied()
}

fn progress(shown: &Shown, on_act: &Callback<Act>) -> Html {
    let (done, all) = (shown.readings.len(), shown.sweep.runs());
    let stop = on_act.reform(|_: MouseEvent| Act::Sweep(Deed::Stop));
    let bare = shown.readings.iter().filter(|one| matches!(one, Ok(None)));
    let bare = bare.count();
    let refused: Vec<&String> = shown
        .readings
        .iter()
        .filter_map(|one| one.as_ref().err())
        .collect();
    html! {
        <>
            <p>{ measured(done, all) }</p>
            if shown.under_way {
                <progress max={all.to_string()} value={done.to_string()} aria-label={words::MEASURE} />
                if shown.in_page { <p class="quiet">{ words::IN_PAGE }</p> }
                <button type="button" onclick={stop}>{ words::STOP }</button>
            }
            if let Some(why) = &shown.failed { <p class="complaint" role="alert">{ words::failed(why) }</p> }
            if bare > 0 { <p class="quiet">{ words::without_value(bare) }</p> }
            if let Some(why) = refused.first() { <p class="quiet">{ words::refused(refused.len(), why) }</p> }
        </>
    }
}
