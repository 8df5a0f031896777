//! Comparing two runs: opening and closing the second run, keeping both at the same instant, mirroring
//! acts, and finding differences.

use faultline_sim::command::Command;
use faultline_sim::descriptor::Recipe;
use faultline_sim::fairness::Fairness;
use faultline_sim::fault::Fault;
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;
use faultline_sim::timeline::Target;
use faultline_sim::timeline::{Differ, Difference};
use yew::Context;

use super::App;
use super::pane::Pane;
use super::visits::Start;
use crate::browser;
use crate::engine::Engine;
use crate::text::{self, compare as words};
use crate::ui::act::CompareAct;

/// With more nodes than this, different nodes have no outline.
const MOST_COMPARED: usize = 60;

/// Facts about the two runs together.
#[derive(Default)]
pub(super) struct Comparison {
    differ: Differ,
    pub difference: Option<Difference>,
    pub fairness: Option<Fairness>,
    /// What could not be repeated in the other run, and why.
    pub unmatched: Option<String>,
}

impl App {
    /// Performs an act on two runs.
    pub(super) fn compare(&mut self, ctx: &Context<Self>, act: CompareAct) {
        match act {
            CompareAct::Compare => self.toggle_compare(ctx),
            CompareAct::Choose(open) => self.choose(open),
            CompareAct::CompareRun(letter) => {
                let opened = self.open_beside(ctx, letter);
                self.compare_opened(ctx, opened);
            }
            CompareAct::CompareWith(recipe) => {
                let opened = self.compare_with(ctx, &recipe);
                self.compare_opened(ctx, opened);
            }
            CompareAct::Beside => self.compare_beside(ctx),
            CompareAct::Mirror(on) => {
                self.mirror = on;
                self.said.announcer.at_once(words::mirrors(on).into());
            }
            CompareAct::MakeFair => self.make_fair(ctx),
            CompareAct::ToDifference => self.go_to_difference(),
            CompareAct::Flip => {
                self.swap();
                let name = self.name_of(self.pane.letter);
                self.said.announcer.at_once(words::shown(&name));
                browser::focus(".acting .run-name");
            }
            CompareAct::Unmatched => self.comparison.unmatched = None,
        }
    }

    /// Makes the other run the active one.
    pub(super) fn swap(&mut self) {
        if let Some(other) = self.other.as_deref_mut() {
            std::mem::swap(&mut self.pane, other);
            self.set_title();
            self.opening
                .hooks
                .look_at(&self.pane.engine, self.other.as_deref().map(|p| &p.engine));
            self.spacetime_stale(true);
        }
    }

    /// An act on a stage makes its run the active one.
    pub(super) fn act_in(&mut self, place: u32) {
        if self.pane.place != place {
            self.swap();
        }
    }

    fn toggle_compare(&mut self, ctx: &Context<Self>) {
        if self.other.is_some() {
            self.close_compare();
            self.said.announcer.at_once(words::CLOSED.into());
            return;
        }
        let busy = self.busy();
        match self.runs.latest_but(&busy).map(|run| run.letter) {
            Some(letter) => self.compare(ctx, CompareAct::CompareRun(letter)),
            None => self.choose(!self.showing.chooser),
        }
    }

    pub(super) fn choose(&mut self, open: bool) {
        self.showing.chooser = open;
        if open {
            self.showing.library = false;
            self.showing.sheet = None;
            self.focus.chooser = true;
        } else {
            browser::focus(".top .compare-door");
        }
    }

    fn compare_opened(&mut self, ctx: &Context<Self>, opened: Result<(), String>) {
        if let Err(why) = opened {
            self.said.alert = Some(text::capital(&why));
            return;
        }
        if self.showing.chooser {
            self.choose(false);
        }
        let other = self
            .other
            .as_ref()
            .map(|pane| pane.letter)
            .unwrap_or(self.pane.letter);
        let said = words::opened(&self.name_of(self.pane.letter), &self.name_of(other));
        self.said.announcer.at_once(said);
        self.tell_replaced(ctx);
    }

    /// Tells which run a fifth one replaced, and offers to undo that.
    pub(super) fn tell_replaced(&mut self, ctx: &Context<Self>) {
        if let Some(letter) = self.runs.replaced() {
            self.tell_replaced_by(ctx, letter);
        }
    }

    #[inline(never)]
    fn tell_replaced_by(&mut self, ctx: &Context<Self>, letter: char) {
        let said = words::replaced(letter);
        self.said.announcer.heard(said.clone());
        self.toast_with(ctx, said, true);
    }

    /// Opens another run from its recipe next to the active one, at the same instant. It gets its own
    /// letter.
    ///
    /// # Errors
    /// A sentence naming what is wrong in the recipe.
    pub(super) fn compare_with(
        &mut self,
        ctx: &Context<Self>,
        recipe: &Recipe,
    ) -> Result<(), String> {
        let now = self.pane.engine.borrow().now();
        let opened = Engine::open(recipe, Some(now))?;
        self.close_compare();
        let letter = self.pane.letter;
        let other = self.runs.add((letter, now), recipe.clone(), &[letter]);
        self.kept.retain(|kept| kept.letter != other);
        self.stand_beside(ctx, opened, other);
        Ok(())
    }

    /// Opens the pair of scenarios that this one names, side by side from the start.
    #[inline(never)]
    fn compare_beside(&mut self, ctx: &Context<Self>) {
        let beside = self.pane.engine.borrow().beside();
        if let Some(beside) = beside {
            self.set_beside(ctx, beside);
        }
    }

    /// Sets another scenario beside this one, both from their beginning.
    pub(super) fn set_beside(&mut self, ctx: &Context<Self>, beside: &str) {
        let (mine, beside) = self.pane.engine.borrow().pair(beside);
        let mut opened = Ok(());
        self.visit(|app| {
            let fresh = app.open(Engine::open(&mine, Some(Time::ZERO)), Start::Paused);
            if fresh {
                opened = app.compare_with(ctx, &beside);
            }
            fresh
        });
        let both = opened.is_ok();
        self.compare_opened(ctx, opened);
        if both && !self.motion.still {
            self.play(true);
        }
    }

    /// Opens a kept run next to the active one.
    fn open_beside(&mut self, ctx: &Context<Self>, letter: char) -> Result<(), String> {
        if self.busy().contains(&letter) {
            return Ok(());
        }
        let Some(run) = self.runs.get(letter) else {
            return Ok(());
        };
        let mut opened = Engine::open(&run.recipe, Some(run.until))?;
        opened.follow(&self.pane.engine.borrow());
        self.close_compare();
        self.kept.retain(|kept| kept.letter != letter);
        self.stand_beside(ctx, opened, letter);
        Ok(())
    }

    fn stand_beside(&mut self, ctx: &Context<Self>, mut engine: Engine, letter: char) {
        engine.take_stops(&self.pane.engine.borrow());
        let half = (self.pane.size.0 / 2.0, self.pane.size.1);
        let at = (self.pane.place + 1, letter);
        let mut pane = Pane::new(ctx, at, engine, half, self.look.theme.scale());
        pane.fresh = false;
        self.other = Some(Box::new(pane));
        // Two stages need the room of a panel that only the scenario asked for.
        self.showing.side &= self.showing.side_was_opened;
        self.comparison = Comparison::default();
        let other = self.other.as_deref().map(|pane| &pane.engine);
        self.opening.hooks.look_at(&self.pane.engine, other);
        self.look_at_all(true);
    }

    /// Closes the comparison. The active run stays; the other one is kept.
    pub(super) fn close_compare(&mut self) {
        let Some(other) = self.other.take() else {
            return;
        };
        let kept = other.engine.borrow().keep();
        self.runs.put_down(other.letter, kept);
        self.kept.push(other.sketch());
        self.comparison = Comparison::default();
        self.opening.hooks.look_at(&self.pane.engine, None);
        if self.in_lesson() {
            // The comparison took its room.
            self.showing.side = true;
        }
        self.look_at_all(true);
    }

    // One clock -----------------------------------------------------------------------------------

    /// Lets wall time pass for the visible runs; true if anything happened.
    pub(super) fn advance(&mut self, wall_ms: f64) -> bool {
        if !self.motion.real {
            return self.advance_paced(wall_ms);
        }
        let speed = self.motion.speed;
        let Some(other) = self.other.as_deref() else {
            return self.pane.engine.borrow_mut().advance(wall_ms, speed);
        };
        // The pace of the left run counts, even if the right one is active.
        let (left, right) = self.pane.and(other);
        let mut right = right.engine.borrow_mut();
        left.engine
            .borrow_mut()
            .advance_both(&mut right, wall_ms, speed)
    }

    /// Steps events forward or back, one at a time, in the run where the next one is due; true if any
    /// moved.
    pub(super) fn step_runs(&mut self, events: i32) -> bool {
        let Some(other) = self.other.as_deref() else {
            return self.pane.engine.borrow_mut().step(events);
        };
        let mut mine = self.pane.engine.borrow_mut();
        let mut theirs = other.engine.borrow_mut();
        let mut moved = false;
        for _ in 0..events.unsigned_abs() {
            if !mine.step_both(&mut theirs, events > 0) {
                break;
            }
            moved = true;
        }
        moved
    }

    /// Moves the other run to the instant of the active one.
    pub(super) fn follow(&mut self) {
        if let Some(other) = self.other.as_deref_mut() {
            other.engine.borrow_mut().follow(&self.pane.engine.borrow());
            other.heard = other.engine.borrow().records();
        }
    }

    // Mirrored faults -----------------------------------------------------------------------------

    /// Repeats an act in the other run; returns a sentence if there is no counterpart.
    pub(super) fn repeat(&mut self, command: &Command) -> Option<String> {
        let mirrored = matches!(
            command,
            Command::Fault(_) | Command::Request(..) | Command::AddNode(_) | Command::RemoveNode(_)
        );
        if !self.mirror || self.other.is_none() || !mirrored {
            return None;
        }
        self.repeat_beside(command)
    }

    #[inline(never)]
    fn repeat_beside(&mut self, command: &Command) -> Option<String> {
        self.swap();
        let waits = self.waits_for(command);
        let applied = self.apply(command.clone());
        let name = self.name_of(self.pane.letter);
        self.swap();
        match applied {
            Err(why) => Some(words::unmatched(&name, &why)),
            Ok(applied) => match (applied.missed, waits) {
                (Some(why), _) => Some(words::unmatched(&name, &why)),
                (None, Some(address)) => Some(words::waits_for_message(&name, &address)),
                (None, None) => None,
            },
        }
    }

    /// The message that a fault names, if it is not in flight here.
    fn waits_for(&self, command: &Command) -> Option<String> {
        let Command::Fault(
            Fault::Drop(address)
            | Fault::Delay(address, _)
            | Fault::Duplicate(address)
            | Fault::Hold(address),
        ) = command
        else {
            return None;
        };
        let mut flying = self.pane.frame.messages.iter();
        let there = flying.any(|message| message.address == *address);
        (!there).then(|| address.to_string())
    }

    /// The run with the act to undo: the one whose last act is later.
    pub(super) fn undo_side(&mut self) {
        let last = |pane: &Pane| {
            let last = pane.engine.borrow().commands().pop();
            last.map(|timed| (timed.at.time, timed))
        };
        let Some(other) = self.other.as_deref() else {
            return;
        };
        match (last(&self.pane), last(other)) {
            (None, Some(_)) => self.swap(),
            (Some((mine, _)), Some((theirs, _))) if theirs > mine => self.swap(),
            _ => {}
        }
    }

    /// Undoes or redoes in the other run what was just undone or redone in this one, if it was
    /// mirrored.
    pub(super) fn undo_repeated(&mut self, undone: &faultline_sim::command::Timed, again: bool) {
        let Some(other) = self.other.as_deref_mut() else {
            return;
        };
        let mut engine = other.engine.borrow_mut();
        let alike = |timed: Option<faultline_sim::command::Timed>| {
            timed.is_some_and(|timed| {
                timed.at.time == undone.at.time && timed.command == undone.command
            })
        };
        if !again && alike(engine.commands().pop()) {
            engine.undo();
            other.redo += 1;
        } else if again && other.redo > 0 && self.mirror {
            engine.redo();
            other.redo -= 1;
        }
        drop(engine);
        self.follow();
    }

    // What differs --------------------------------------------------------------------------------

    /// Searches on for the first difference of the two runs, as often as panels update; after an act,
    /// checks whether they are a fair test.
    pub(super) fn compare_runs(&mut self, acted: bool) {
        let Some(other) = self.other.as_deref() else {
            return;
        };
        Self::compare_now(&self.pane, other, &mut self.comparison, acted);
    }

    #[inline(never)]
    fn compare_now(pane: &Pane, other: &Pane, met: &mut Comparison, acted: bool) {
        let (left, right) = pane.and(other);
        let mut left = left.engine.borrow_mut();
        let mut right = right.engine.borrow_mut();
        if acted {
            met.fairness = left.fairness(&right);
        }
        met.difference = left.difference(&mut right, &mut met.differ);
    }

    /// Nodes of the active run, or of the other one, that have another state there.
    pub(super) fn differing(&self) -> Vec<NodeId> {
        let Some(other) = self.other.as_deref() else {
            return Vec::new();
        };
        self.differing_from(other)
    }

    #[inline(never)]
    fn differing_from(&self, other: &Pane) -> Vec<NodeId> {
        let theirs = &other.frame.nodes;
        if theirs.len().max(self.pane.frame.nodes.len()) > MOST_COMPARED {
            return Vec::new();
        }
        let mine = self.pane.frame.nodes.iter();
        let differs = mine.filter(|node| {
            let twin = theirs.iter().find(|twin| twin.id == node.id);
            twin.is_none_or(|twin| !crate::ui::stage::same_state(node, twin))
        });
        let mut ids: Vec<NodeId> = differs.map(|node| node.id).collect();
        let here = |id| self.pane.frame.nodes.iter().any(|node| node.id == id);
        ids.extend(theirs.iter().map(|node| node.id).filter(|id| !here(*id)));
        ids
    }

    /// Goes to just after the first difference.
    fn go_to_difference(&mut self) {
        let Some(difference) = self.comparison.difference.clone() else {
            return;
        };
        self.jump(|engine| engine.go(Target::Time(difference.time)));
        if let Some(node) = difference.node() {
            self.act_on_difference(node);
        }
        let said = words::difference(&difference);
        self.said.announcer.at_once(said);
    }

    fn act_on_difference(&mut self, node: NodeId) {
        for pane in self.panes() {
            if pane.frame.nodes.iter().any(|own| own.id == node) {
                pane.selection = crate::ui::Selection::Node(node);
                pane.picked = None;
            }
        }
    }

    /// Replaces the right run with one that has the left run's seed, load and faults.
    fn make_fair(&mut self, ctx: &Context<Self>) {
        let Some(other) = self.other.as_deref() else {
            return;
        };
        let acting_left = self.pane.place < other.place;
        if acting_left {
            self.swap();
        }
        let made = match self.other.as_deref() {
            Some(left) => left.engine.borrow().fair_for(&self.pane.engine.borrow()),
            None => return,
        };
        let result = made.and_then(|(recipe, left_out)| {
            let now = self.pane.engine.borrow().now();
            self.replace(Engine::open(&recipe, Some(now)))?;
            Ok(left_out)
        });
        match result {
            Ok(left_out) => {
                self.opened_again(Ok(()), Start::AsItWas);
                self.compare_runs(true);
                let still = self
                    .comparison
                    .fairness
                    .as_ref()
                    .is_some_and(Fairness::is_unfair);
                self.comparison.unmatched = words::left_out(&left_out);
                self.remark(ctx, words::made_fair(still));
            }
            Err(why) => self.said.alert = Some(text::capital(&why)),
        }
        if acting_left {
            self.swap();
        }
        self.look_at_all(true);
    }
}
