//! Two runs side by side: opening and closing the second one, keeping both at the same instant,
//! repeating what is done in one of them in the other, and what differs.

use faultline_sim::command::Command;
use faultline_sim::descriptor::Recipe;
use faultline_sim::fairness::Fairness;
use faultline_sim::fault::Fault;
use faultline_sim::process::NodeId;
use faultline_sim::timeline::{Differ, Difference};
use yew::Context;

use super::App;
use super::pane::Pane;
use super::visits::Start;
use crate::browser;
use crate::engine::Engine;
use crate::text::{self, compare as words};
use crate::ui::Act;

/// Of more nodes than are drawn one by one, those that differ are not outlined.
const MOST_COMPARED: usize = 60;

/// What is known of the two runs together.
#[derive(Default)]
pub(super) struct Met {
    differ: Differ,
    pub difference: Option<Difference>,
    pub fairness: Option<Fairness>,
    /// What could not be repeated in the other run, and why.
    pub unmatched: Option<String>,
}

impl App {
    /// What the person asks of two runs.
    pub(super) fn compare(&mut self, ctx: &Context<Self>, act: Act) {
        match act {
            Act::Compare => self.toggle_compare(ctx),
            Act::Choose(open) => self.choose(open),
            Act::CompareRun(letter) => {
                let opened = self.open_beside(ctx, letter);
                self.met_with(ctx, opened);
            }
            Act::CompareWith(recipe) => {
                let opened = self.compare_with(ctx, &recipe);
                self.met_with(ctx, opened);
            }
            Act::Mirror(on) => {
                self.mirror = on;
                self.announcer.at_once(words::mirrors(on).into());
            }
            Act::MakeFair => self.make_fair(ctx),
            Act::ToDifference => self.go_to_difference(),
            Act::Flip => {
                self.swap();
                let name = self.name_of(self.pane.letter);
                self.announcer.at_once(words::shown(&name));
                browser::focus(".acting .run-name");
            }
            Act::Unmatched => self.met.unmatched = None,
            _ => {}
        }
    }

    /// The other run becomes the one that is acted on.
    pub(super) fn swap(&mut self) {
        if let Some(other) = self.other.as_deref_mut() {
            std::mem::swap(&mut self.pane, other);
            self.set_title();
            self.hooks
                .look_at(&self.pane.engine, self.other.as_deref().map(|p| &p.engine));
            self.spacetime_stale(true);
        }
    }

    /// An act on a stage is an act on the run that stands there.
    pub(super) fn act_in(&mut self, place: u32) {
        if self.pane.place != place {
            self.swap();
        }
    }

    fn toggle_compare(&mut self, ctx: &Context<Self>) {
        if self.other.is_some() {
            self.close_compare();
            self.announcer.at_once(words::CLOSED.into());
            return;
        }
        let busy = self.busy();
        match self.runs.latest_but(&busy).map(|run| run.letter) {
            Some(letter) => self.compare(ctx, Act::CompareRun(letter)),
            None => self.choose(!self.chooser),
        }
    }

    pub(super) fn choose(&mut self, open: bool) {
        self.chooser = open;
        if open {
            self.library = false;
            self.sheet = None;
            self.enter_chooser = true;
        } else {
            browser::focus(".top .compare-door");
        }
    }

    fn met_with(&mut self, ctx: &Context<Self>, opened: Result<(), String>) {
        if let Err(why) = opened {
            self.alert = Some(text::capital(&why));
            return;
        }
        if self.chooser {
            self.choose(false);
        }
        let other = self
            .other
            .as_ref()
            .map(|pane| pane.letter)
            .unwrap_or(self.pane.letter);
        let said = words::opened(&self.name_of(self.pane.letter), &self.name_of(other));
        self.announcer.at_once(said);
        self.tell_replaced(ctx);
    }

    /// Says which run a fifth one has taken the place of, and offers to take that back.
    pub(super) fn tell_replaced(&mut self, ctx: &Context<Self>) {
        if let Some(letter) = self.runs.replaced() {
            self.tell_replaced_by(ctx, letter);
        }
    }

    #[inline(never)]
    fn tell_replaced_by(&mut self, ctx: &Context<Self>, letter: char) {
        let said = words::replaced(letter);
        self.announcer.heard(said.clone());
        self.toast_with(ctx, said, true);
    }

    /// Opens a run beside the one that is acted on, from its recipe, at the same instant. It gets a
    /// letter of its own.
    ///
    /// # Errors
    /// A sentence naming what in the recipe cannot be.
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

    /// Opens a kept run beside the one that is acted on.
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
        let mut pane = Pane::new(ctx, at, engine, half, self.theme.scale());
        pane.fresh = false;
        self.other = Some(Box::new(pane));
        self.met = Met::default();
        let other = self.other.as_deref().map(|pane| &pane.engine);
        self.hooks.look_at(&self.pane.engine, other);
        self.look_at_all(true);
    }

    /// One run again: the one that is acted on. The other is kept.
    pub(super) fn close_compare(&mut self) {
        let Some(other) = self.other.take() else {
            return;
        };
        let kept = other.engine.borrow().keep();
        self.runs.put_down(other.letter, kept);
        self.kept.push(other.sketch());
        self.met = Met::default();
        self.hooks.look_at(&self.pane.engine, None);
        self.look_at_all(true);
    }

    // One clock -----------------------------------------------------------------------------------

    /// Wall time passes for what is looked at; true if anything happened.
    pub(super) fn advance(&mut self, wall_ms: f64) -> bool {
        let speed = self.speed;
        let Some(other) = self.other.as_deref() else {
            return self.pane.engine.borrow_mut().advance(wall_ms, speed);
        };
        // The left one's pace rules, whichever is acted on.
        let (left, right) = self.pane.and(other);
        let mut right = right.engine.borrow_mut();
        left.engine
            .borrow_mut()
            .advance_both(&mut right, wall_ms, speed)
    }

    /// Events forward or back, one at a time, in whichever run it is due; true if any moved.
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

    /// The other run goes to the instant of the one that is acted on.
    pub(super) fn follow(&mut self) {
        if let Some(other) = self.other.as_deref_mut() {
            other.engine.borrow_mut().follow(&self.pane.engine.borrow());
            other.heard = other.engine.borrow().records();
        }
    }

    // Mirrored faults -----------------------------------------------------------------------------

    /// Repeats in the other run what was done in this one; a sentence if that found no counterpart.
    pub(super) fn repeat(&mut self, command: &Command) -> Option<String> {
        let mirrored = matches!(
            command,
            Command::Fault(_) | Command::Request(..) | Command::AddNode | Command::RemoveNode(_)
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

    /// The message that a fault is about, if it is not on its way here.
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

    /// Where the act to be undone was done: in the run whose last one came later.
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

    /// Undoes or does again in the other run what has just been in this one, if it was repeated
    /// there.
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

    /// Looks on for the first difference of the left run and the right one, as often as the panels
    /// are refreshed; and after an act at whether they are a fair test.
    pub(super) fn compare_runs(&mut self, acted: bool) {
        let Some(other) = self.other.as_deref() else {
            return;
        };
        Self::compare_now(&self.pane, other, &mut self.met, acted);
    }

    #[inline(never)]
    fn compare_now(pane: &Pane, other: &Pane, met: &mut Met, acted: bool) {
        let (left, right) = pane.and(other);
        let mut left = left.engine.borrow_mut();
        let mut right = right.engine.borrow_mut();
        if acted {
            met.fairness = left.fairness(&right);
        }
        met.difference = left.difference(&mut right, &mut met.differ);
    }

    /// Nodes of the run that is acted on, or of the other one, that are in another state there.
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

    /// To just after the first difference.
    fn go_to_difference(&mut self) {
        let Some(difference) = self.met.difference.clone() else {
            return;
        };
        self.jump(|engine| engine.seek(difference.time));
        if let Some(node) = difference.node() {
            self.act_on_difference(node);
        }
        let said = words::difference(&difference);
        self.announcer.at_once(said);
    }

    fn act_on_difference(&mut self, node: NodeId) {
        for pane in self.panes() {
            if pane.frame.nodes.iter().any(|own| own.id == node) {
                pane.selection = crate::ui::Selection::Node(node);
                pane.picked = None;
            }
        }
    }

    /// Puts in the place of the right run one with the left run's seed, load and faults.
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
                let still = self.met.fairness.as_ref().is_some_and(Fairness::is_unfair);
                self.met.unmatched = words::left_out(&left_out);
                self.remark(ctx, words::made_fair(still));
            }
            Err(why) => self.alert = Some(text::capital(&why)),
        }
        if acting_left {
            self.swap();
        }
        self.look_at_all(true);
    }
}
