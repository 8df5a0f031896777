//! The runs of the session, A to D: forking, replacing and reopening them.

use std::rc::Rc;

use faultline_sim::command::Command;
use faultline_sim::time::Time;
use faultline_sim::timeline::Applied;
use faultline_sim::timeline::Target;
use yew::Context;

use super::App;
use super::pane::Pane;
use super::visits::Start;
use crate::engine::Engine;
use crate::moments::{Reign, Spot};
use crate::text;
use crate::ui::Same;
use crate::ui::strips::Strip;
use crate::ui::timeline::spots;

/// The drawing of a kept run, so that it need not run again.
pub(super) struct Kept {
    pub letter: char,
    all: Vec<Spot>,
    spots: Same<Vec<Spot>>,
    reigns: Same<Vec<Reign>>,
    until: Time,
    score: Option<String>,
    /// The length for which `spots` was computed.
    span: Time,
}

impl Pane {
    /// The drawing of a run, for when it is no longer visible.
    pub fn sketch(&self) -> Kept {
        let mut engine = self.engine.borrow_mut();
        Kept {
            letter: self.letter,
            all: engine.spots().to_vec(),
            spots: Same(Rc::default()),
            reigns: Same(Rc::new(engine.reigns().to_vec())),
            until: engine.edge(),
            score: engine.score(),
            span: Time::ZERO,
        }
    }
}

impl App {
    /// The letters of the visible runs.
    pub(super) fn busy(&self) -> Vec<char> {
        let other = self.other.iter().map(|pane| pane.letter);
        other.chain([self.pane.letter]).collect()
    }

    /// Keeps the drawing of a run that is no longer visible.
    fn remember(&mut self, sketch: Kept) {
        self.kept.retain(|kept| kept.letter != sketch.letter);
        self.kept.push(sketch);
    }

    /// Gives the active run another letter.
    fn becomes(&mut self, letter: char) {
        self.kept.retain(|kept| kept.letter != letter);
        self.pane.letter = letter;
        self.comparison = Default::default();
    }

    /// Applies a command to the active run. In the past, this forks the run.
    ///
    /// # Errors
    /// A sentence naming what is wrong.
    pub(super) fn apply(&mut self, command: Command) -> Result<Applied, String> {
        let before = self.pane.panels.past || self.pane.engine.borrow().in_past();
        let sketch = before.then(|| self.pane.sketch());
        let applied = self.pane.engine.borrow_mut().apply(command)?;
        self.pane.redo = 0;
        self.pane.fresh = false;
        // A person who acts no longer needs the hint that the run is paused.
        self.motion.waits = None;
        self.forked(sketch);
        Ok(applied)
    }

    /// After a fork, the old future keeps the run's letter and the run gets a new one.
    fn forked(&mut self, sketch: Option<Kept>) {
        let left = self.pane.engine.borrow_mut().take_left();
        if let Some(left) = left {
            self.keep_left(left, sketch);
        }
    }

    #[inline(never)]
    fn keep_left(&mut self, left: faultline_sim::timeline::Kept, sketch: Option<Kept>) {
        let engine = self.pane.engine.borrow();
        let (recipe, at) = (engine.recipe(), engine.now());
        drop(engine);
        let busy = self.busy();
        let letter = self
            .runs
            .begin(self.pane.letter, left, recipe, Some(at), &busy);
        if let Some(sketch) = sketch {
            self.remember(sketch);
        }
        self.becomes(letter);
    }

    /// Forks the run here without a command.
    pub(super) fn fork_here(&mut self, ctx: &Context<Self>) {
        let sketch = self.pane.sketch();
        let (at, from) = (self.pane.engine.borrow().now(), self.pane.letter);
        self.pane.engine.borrow_mut().fork_here();
        self.forked(Some(sketch));
        self.look_at_all(false);
        let said = text::compare::forked(at, from, self.pane.letter);
        self.said.announcer.at_once(said.clone());
        self.toast_with(ctx, said, true);
        self.tell_replaced(ctx);
    }

    /// Replaces the active run, which is kept if the person had changed it.
    ///
    /// # Errors
    /// A sentence naming what is wrong in the recipe.
    pub(super) fn replace(&mut self, opened: Result<Engine, String>) -> Result<(), String> {
        let opened = opened?;
        let engine = self.pane.engine.borrow();
        let left = (!engine.commands().is_empty()).then(|| engine.keep());
        drop(engine);
        let letter = self.pane.letter;
        if let Some(left) = left {
            self.remember(self.pane.sketch());
            let busy = self.busy();
            let letter = self.runs.begin(letter, left, opened.recipe(), None, &busy);
            self.becomes(letter);
        } else {
            self.runs.put_down(letter, opened.keep());
            self.becomes(letter);
        }
        self.pane.engine.borrow_mut().become_other(opened);
        Ok(())
    }

    /// Keeps the active run and returns to another one, where it was or at an instant.
    pub(super) fn look_at(&mut self, letter: char, at: Option<Time>) -> Result<(), String> {
        if self
            .other
            .as_ref()
            .is_some_and(|pane| pane.letter == letter)
        {
            self.swap();
            if let Some(at) = at {
                self.jump(|engine| engine.go(Target::Time(at)));
            }
            return Ok(());
        }
        let Some(run) = self.runs.get(letter).filter(|_| letter != self.pane.letter) else {
            return Ok(());
        };
        let mut opened = Engine::open(&run.recipe, Some(run.until))?;
        if let Some(at) = at {
            opened.go(Target::Time(at));
        }
        let kept = self.pane.engine.borrow().keep();
        self.runs.put_down(self.pane.letter, kept);
        self.remember(self.pane.sketch());
        self.becomes(letter);
        self.pane.engine.borrow_mut().become_other(opened);
        Ok(())
    }

    /// Deletes a run that is not visible.
    pub(super) fn delete_run(&mut self, ctx: &Context<Self>, letter: char) {
        if self.busy().contains(&letter) {
            return;
        }
        let name = self.name_of(letter);
        self.runs.delete(letter);
        self.kept.retain(|kept| kept.letter != letter);
        self.remark(ctx, &text::compare::deleted(&name));
    }

    /// Undoes the creation of a fifth run: the replaced run is back, and the run that was active before
    /// is visible again.
    pub(super) fn bring_back(&mut self, ctx: &Context<Self>) {
        let Some(gone) = self.runs.replaced() else {
            return;
        };
        if self.other.as_ref().is_some_and(|pane| pane.letter == gone) {
            self.other = None;
        }
        let Some((letter, at)) = self.runs.bring_back() else {
            return;
        };
        self.kept
            .retain(|kept| kept.letter != gone && kept.letter != letter);
        if self.pane.letter != letter {
            let run = self.runs.get(letter).cloned();
            let opened = run.map(|run| Engine::open(&run.recipe, Some(run.until)));
            self.becomes(letter);
            if let Some(opened) = opened {
                let result = opened.map(|mut opened| {
                    opened.go(Target::Time(at));
                    self.pane.engine.borrow_mut().become_other(opened);
                });
                self.opened_again(result, Start::AsItWas);
            }
        }
        let said = text::compare::brought_back(&self.name_of(gone));
        self.remark(ctx, &said);
    }

    /// The name of a run: its letter, and the person's own name for it.
    pub(super) fn name_of(&self, letter: char) -> String {
        let name = self.runs.get(letter).and_then(|run| run.name.as_deref());
        text::compare::run(letter, name)
    }

    /// The drawings of all runs on a timeline of this length.
    pub(super) fn strips(&self) -> Vec<Strip> {
        let looked_at = |letter| {
            let mut panes = std::iter::once(&self.pane).chain(self.other.as_deref());
            panes.find(|pane| pane.letter == letter)
        };
        let strip = |run: &faultline_sim::runs::Named| {
            let letter = run.letter;
            let fork = run.fork.map(|fork| fork.at);
            let name = self.name_of(letter);
            let (spots, reigns, until, score) = match looked_at(letter) {
                Some(pane) => {
                    let score = pane.engine.borrow().score();
                    let panels = &pane.panels;
                    (
                        panels.spots.clone(),
                        panels.reigns.clone(),
                        panels.edge,
                        score,
                    )
                }
                None => {
                    let kept = self.kept.iter().find(|kept| kept.letter == letter)?;
                    let score = kept.score.clone();
                    (kept.spots.clone(), kept.reigns.clone(), kept.until, score)
                }
            };
            Some(Strip {
                letter,
                name: name.into(),
                spots,
                reigns,
                until,
                fork,
                score: score.map(Into::into),
                acting: letter == self.pane.letter,
                looked_at: looked_at(letter).is_some(),
            })
        };
        self.runs.iter().filter_map(strip).collect()
    }

    /// Draws kept runs again if the timeline has another length.
    pub(super) fn paint_kept(&mut self, span: Time) {
        for kept in self.kept.iter_mut().filter(|kept| kept.span != span) {
            kept.span = span;
            kept.spots = Same(Rc::new(spots(&kept.all, span)));
        }
    }

    /// The end of the longest kept run.
    pub(super) fn longest_kept(&self) -> Time {
        let ends = self.kept.iter().map(|kept| kept.until);
        ends.max().unwrap_or_default()
    }
}
