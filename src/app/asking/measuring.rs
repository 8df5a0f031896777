//! The curve of a question: many runs, measured in a worker while the page stays alive.

use faultline_sim::question::Found;
use yew::Context;

use super::App;
use crate::app::{Msg, WorkOf};
use crate::text::asking as words;
use crate::ui::asking::{Stage, Sweep as Shown};
use crate::worker::{Answer, News, Reading, Request, Sweep, Task};

/// A curve while it is measured.
pub(super) struct Measuring {
    pub shown: Shown,
    sweep: Sweep,
    readings: Vec<Reading>,
    /// None: it is over.
    task: Option<Task>,
}

impl App {
    /// Makes the runs that the question is about.
    pub(super) fn ask_many_runs(&mut self, ctx: &Context<Self>) {
        let Some(question) = self.asking.question() else {
            return;
        };
        let recipe = self.pane.engine.borrow().restarted();
        match Sweep::of_question(recipe, question) {
            Some(sweep) => self.measure_curve(ctx, sweep),
            None => self.count(ctx),
        }
    }

    fn measure_curve(&mut self, ctx: &Context<Self>, sweep: Sweep) {
        let tell = ctx
            .link()
            .callback(|news| Msg::Work(WorkOf::Question, news));
        self.asking.sweep = Some(Measuring {
            shown: Shown {
                points: Vec::new(),
                done: 0,
                all: sweep.runs(),
            },
            readings: Vec::new(),
            task: Some(Task::begin(Request::Sweep(Box::new(sweep.clone())), tell)),
            sweep,
        });
    }

    /// Some more runs of the curve.
    #[inline(never)]
    pub(in crate::app) fn measured_more(&mut self, news: News) {
        if self.asking.counting.is_some() {
            return self.hear_count(news);
        }
        let Some(curve) = self
            .asking
            .sweep
            .as_mut()
            .filter(|curve| curve.task.is_some())
        else {
            return;
        };
        match news {
            News::Answers(answers) => {
                let readings = answers.into_iter().filter_map(Answer::reading);
                curve.readings.extend(readings);
                curve.shown.done = curve.readings.len();
                curve.shown.points = curve.sweep.means(&curve.readings);
            }
            News::InPage => {}
            News::Done | News::Failed(_) => self.end_sweep(),
        }
    }

    /// The person has seen enough.
    pub(super) fn end_many_runs(&mut self) {
        if self.asking.counting.is_some() {
            self.end_count(None);
        } else {
            self.end_sweep();
        }
    }

    /// The curve is done, or the person has seen enough.
    fn end_sweep(&mut self) {
        if let Some(curve) = &mut self.asking.sweep {
            curve.task = None;
            self.asking.stage = Stage::Told;
            let said = words::measured(curve.shown.done, curve.shown.all);
            let found = Found::Curve(curve.shown.points.clone());
            self.said.announcer.at_once(said);
            if let Some(question) = self.asking.question().cloned() {
                self.keep_found(&question, &found);
            }
        }
    }
}
