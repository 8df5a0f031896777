//! Curves over many runs: any probe along any parameter or along seeds, measured in a worker.

use std::rc::Rc;

use faultline_sim::sweep::{Crashes, Span, numbers};
use faultline_sim::time::Duration;
use yew::prelude::*;

use super::{App, Msg, WorkOf};
use crate::text::asking::measured;
use crate::text::sweeps as words;
use crate::ui::act::RunAct;
use crate::ui::sweeps::{Along, Axis, Deed, Measure, Shown, SweepPanel, Wanted};
use crate::ui::{Act, Same};
use crate::worker::{Answer, News, Reading, Request, Sweep, Task};

/// More runs than the page draws and a person can tell apart.
const MOST_RUNS: usize = 2_000;

/// More nodes than rows of a grid that a person can look at.
const MOST_NODES: usize = 12;

/// The form that is open, and the curve that was measured last.
#[derive(Default)]
pub(super) struct Sweeps {
    /// The probe of the form.
    probe: Option<&'static str>,
    curve: Option<Curve>,
    wrong: Option<String>,
}

struct Curve {
    sweep: Rc<Sweep>,
    readings: Rc<Vec<Reading>>,
    /// Of runs with a crash: how a law broke.
    broken: Rc<Vec<Option<String>>>,
    /// None: it is over.
    task: Option<Task>,
    in_page: bool,
    failed: Option<String>,
}

impl App {
    /// Work beside the page has news; true if the page shows them.
    #[inline(never)]
    pub(super) fn hear_work(&mut self, of: WorkOf, news: News) -> bool {
        match of {
            WorkOf::Question => self.measured_more(news),
            WorkOf::Curve => self.sweep_news(news),
            WorkOf::History => return self.hear_history(news),
            WorkOf::Hunt => self.hear_hunt(news),
            WorkOf::Challenge => self.hear_chase(news),
            WorkOf::League => self.league_news(news),
        }
        true
    }

    #[inline(never)]
    pub(super) fn sweep_act(&mut self, ctx: &Context<Self>, deed: Deed) {
        match deed {
            Deed::Open(probe) => {
                self.sweeps.probe = Some(probe);
                self.sweeps.wrong = None;
            }
            Deed::Close => {
                self.sweeps = Sweeps::default();
                self.focus.panel = true;
            }
            Deed::Measure(wanted) => {
                self.sweeps.wrong = None;
                match self.sweep_of(&wanted) {
                    Ok(sweep) => self.begin_sweep(ctx, sweep),
                    Err(why) => self.sweeps.wrong = Some(why),
                }
            }
            Deed::Stop => self.end_curve(None),
            Deed::Run(run) => {
                let curve = self.sweeps.curve.as_ref();
                if let Some(recipe) = curve.map(|curve| curve.sweep.recipe_of(run)) {
                    self.run_act(ctx, RunAct::Run(Box::new(recipe)));
                }
            }
        }
    }

    /// The runs that a form asks for.
    fn sweep_of(&self, wanted: &Wanted) -> Result<Sweep, String> {
        let engine = self.pane.engine.borrow();
        let recipe = if wanted.faults {
            engine.recipe()
        } else {
            engine.restarted()
        };
        let whole = |value: f64| value.fract() == 0.0 && (0.0..9e15).contains(&value);
        let (from, to) = (wanted.from, wanted.to);
        let mut crashes = None;
        let (span, first_seed, seeds) = match wanted.along {
            Along::Param(name) => {
                let span = Span::new(engine.protocol(), name, (from, to), wanted.step)?;
                if !whole(wanted.seeds) || wanted.seeds < 1.0 {
                    return Err(words::AT_LEAST_ONE.into());
                }
                let seed = recipe.seed.parse().unwrap_or(1);
                (Some(span), seed, wanted.seeds as u64)
            }
            Along::Crashes if whole(from) && whole(to) => {
                let nodes = self.pane.frame.nodes.iter().map(|node| node.id);
                let nodes = nodes.take(MOST_NODES).collect();
                crashes = Some(Crashes::new(nodes, from as u64, to as u64)?);
                (None, recipe.seed.parse().unwrap_or(1), 1)
            }
            Along::Crashes => return Err(words::WHOLE_EVENTS.into()),
            Along::Seeds if whole(from) && whole(to) && from <= to => {
                (None, from as u64, (to - from) as u64 + 1)
            }
            Along::Seeds => return Err(words::WHOLE_SEEDS.into()),
        };
        let sweep = Sweep {
            recipe,
            probe: self.sweeps.probe.unwrap_or_default().to_owned(),
            span,
            first_seed,
            seeds,
            when: None,
            crashes,
        };
        if sweep.runs() > MOST_RUNS {
            return Err(words::too_many(sweep.runs(), MOST_RUNS));
        }
        Ok(sweep)
    }

    fn begin_sweep(&mut self, ctx: &Context<Self>, sweep: Sweep) {
        // The old one ends first, so that its worker is not in the way.
        self.sweeps.curve = None;
        let tell = ctx.link().callback(|news| Msg::Work(WorkOf::Curve, news));
        self.sweeps.curve = Some(Curve {
            task: Some(Task::begin(Request::Sweep(Box::new(sweep.clone())), tell)),
            sweep: Rc::new(sweep),
            readings: Rc::default(),
            broken: Rc::default(),
            in_page: false,
            failed: None,
        });
    }

    fn sweep_news(&mut self, news: News) {
        let here = self.is_sweep_here();
        let Some(curve) = self
            .sweeps
            .curve
            .as_mut()
            .filter(|curve| curve.task.is_some())
        else {
            return;
        };
        if !here {
            // The person has gone to another scenario.
            self.sweeps = Sweeps::default();
            return;
        }
        match news {
            News::Answers(answers) => {
                for answer in &answers {
                    if let Answer::Ended(ended) = answer {
                        let broken = ended.as_ref().ok().and_then(|ending| ending.broken.clone());
                        let broken = broken.map(|(_, reason)| reason);
                        Rc::make_mut(&mut curve.broken).push(broken);
                    }
                }
                let readings = answers.into_iter().filter_map(Answer::reading);
                Rc::make_mut(&mut curve.readings).extend(readings);
            }
            News::InPage => curve.in_page = true,
            News::Done => self.end_curve(None),
            News::Failed(why) => self.end_curve(Some(why)),
        }
    }

    /// The curve is done, or the person has seen enough, or the worker has failed.
    fn end_curve(&mut self, failed: Option<String>) {
        if let Some(curve) = &mut self.sweeps.curve {
            curve.task = None;
            curve.failed = failed;
            let said = measured(curve.readings.len(), curve.sweep.runs());
            self.said.announcer.at_once(said);
        }
    }

    /// Whether the curve is one of the present scenario.
    fn is_sweep_here(&self) -> bool {
        let here = self.pane.engine.borrow().recipe().scenario;
        let curve = self.sweeps.curve.as_ref();
        curve.is_some_and(|curve| curve.sweep.recipe.scenario == here)
    }

    /// The form and the curve, in the tab of measures.
    #[inline(never)]
    pub(super) fn sweep_panel(&self, on_act: &Callback<Act>) -> Html {
        let engine = self.pane.engine.borrow();
        let protocol = engine.protocol();
        let probe = self.sweeps.probe;
        let probe = probe.and_then(|name| protocol.probes.iter().find(|probe| probe.name == name));
        let Some(probe) = probe else {
            return Html::default();
        };
        let settings = engine.settings();
        let axis = |param| Axis {
            param,
            now: settings.param(param),
        };
        let mut axes: Vec<Axis> = numbers(protocol).map(axis).collect();
        axes.sort_by_key(|axis| axis.param.name != protocol.sized_by);
        let curve = self.sweeps.curve.as_ref();
        let curve = curve.filter(|curve| curve.sweep.probe == probe.name && self.is_sweep_here());
        let shown = curve.map(|curve| Shown {
            sweep: Same(curve.sweep.clone()),
            readings: Same(curve.readings.clone()),
            broken: Same(curve.broken.clone()),
            under_way: curve.task.is_some(),
            in_page: curve.in_page,
            failed: curve.failed.clone(),
        });
        let measure = Measure {
            name: probe.name,
            title: probe.title,
            unit: probe.unit,
        };
        html! {
            <SweepPanel {measure} {axes} seed={engine.recipe().seed.parse().unwrap_or(1)} {shown}
                until={Duration(engine.scenario().until.0)} commands={engine.commands().len()}
                events={self.pane.frame.events}
                wrong={self.sweeps.wrong.clone().map(AttrValue::from)} on_act={on_act.clone()} />
        }
    }
}
