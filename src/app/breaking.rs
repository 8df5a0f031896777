//! Acts that break or repair something. Each becomes a command at the cursor, is told in words, and can
//! be undone.

use std::rc::Rc;

use faultline_sim::command::Command;
use faultline_sim::fault::Fault;
use faultline_sim::frame::{Fate, Life, MessageFrame, NodeFrame, Shape};
use faultline_sim::process::NodeId;
use yew::Context;

use super::{App, sides};
use crate::text;
use crate::ui::act::{BreakAct, PickAct};
use crate::ui::palette::Offers;
use crate::ui::{Act, Mode, Sheet};

impl App {
    /// Performs an act that changes the run.
    pub(super) fn apply_fault(&mut self, ctx: &Context<Self>, act: BreakAct) {
        match act {
            BreakAct::Apply(command) => self.set(ctx, command),
            BreakAct::Typed(words) => match Command::parse(&words) {
                Ok(command) => self.command(ctx, command),
                Err(why) => self.said.wrong = Some(text::capital(&why)),
            },
            BreakAct::ToggleCrash(id) => self.strike(ctx, id),
            BreakAct::ToggleCut(a, b) => self.snip(ctx, a, b),
            BreakAct::TogglePause(id) => {
                let frozen = matches!(self.life(id), Some(Life::Paused { .. }));
                let fault = if frozen {
                    Fault::Resume(id)
                } else {
                    Fault::Pause(id)
                };
                self.command(ctx, Command::Fault(fault));
            }
            BreakAct::CrashLeader => match self.pane.leader() {
                Some(leader) => self.command(ctx, Command::Fault(Fault::Crash(leader))),
                None => self.remark(ctx, text::NO_LEADER),
            },
            BreakAct::Split => {
                let fault = if self.pane.frame.sides.is_empty() {
                    let ids: Vec<NodeId> =
                        self.pane.frame.nodes.iter().map(|node| node.id).collect();
                    let (one, other) = ids.split_at(ids.len() / 2);
                    Fault::Partition(vec![one.to_vec(), other.to_vec()])
                } else {
                    Fault::Heal
                };
                self.command(ctx, Command::Fault(fault));
            }
            BreakAct::Isolate => self.isolate(ctx),
            BreakAct::Deafen => self.wall_ticked(ctx, |ticked, rest| Fault::OneWay(rest, ticked)),
            BreakAct::Silence => self.wall_ticked(ctx, Fault::OneWay),
            BreakAct::SlowNetwork => {
                let command = self.pane.engine.borrow().slow_command();
                self.command(ctx, command);
            }
            BreakAct::LoseNext => self.lose_next(ctx),
            BreakAct::Heal => self.command(ctx, Command::Fault(Fault::Heal)),
            BreakAct::Request(id) => self.request(ctx, id),
            BreakAct::AddBox(kind, from, to) => self.add_box(ctx, kind, from, to),
            BreakAct::Undo => self.undo(ctx),
            BreakAct::Redo => self.redo(ctx),
        }
    }

    fn life(&self, id: NodeId) -> Option<Life> {
        self.pane
            .frame
            .nodes
            .iter()
            .find(|node| node.id == id)
            .map(|node| node.life)
    }

    /// Crashes a node or restarts it.
    pub(super) fn strike(&mut self, ctx: &Context<Self>, id: NodeId) {
        let fault = match self.life(id) {
            Some(Life::Down { .. }) => Fault::Recover(id),
            Some(_) => Fault::Crash(id),
            None => return,
        };
        self.command(ctx, Command::Fault(fault));
    }

    /// Cuts a link or joins it again.
    pub(super) fn snip(&mut self, ctx: &Context<Self>, a: NodeId, b: NodeId) {
        let link = self.pane.frame.links.iter().find(|l| (l.a, l.b) == (a, b));
        let cut = link.is_some_and(|l| l.cut);
        let fault = if cut {
            Fault::Join(a, b)
        } else {
            Fault::Cut(a, b)
        };
        self.command(ctx, Command::Fault(fault));
    }

    /// Makes the ticked nodes a side of their own.
    fn isolate(&mut self, ctx: &Context<Self>) {
        let Mode::Ticking(ticked) = std::mem::take(&mut self.pane.mode) else {
            return;
        };
        let all: Vec<NodeId> = self.pane.frame.nodes.iter().map(|node| node.id).collect();
        match sides::isolate(&self.pane.frame.sides, &all, &ticked) {
            Some(sides) => self.command(ctx, Command::Fault(Fault::Partition(sides))),
            None if ticked.is_empty() => self.remark(ctx, text::TICK_FIRST),
            None if ticked.len() == all.len() => self.remark(ctx, text::breaking::NOBODY_LEFT),
            None => self.remark(ctx, text::breaking::ALREADY_APART),
        }
    }

    /// Cuts one direction between the ticked nodes and all others.
    fn wall_ticked(
        &mut self,
        ctx: &Context<Self>,
        wall: impl Fn(Vec<NodeId>, Vec<NodeId>) -> Fault,
    ) {
        let Mode::Ticking(ticked) = std::mem::take(&mut self.pane.mode) else {
            return;
        };
        let all: Vec<NodeId> = self.pane.frame.nodes.iter().map(|node| node.id).collect();
        let rest = sides::without(&all, &ticked);
        if ticked.is_empty() {
            self.remark(ctx, text::TICK_FIRST);
        } else if rest.is_empty() {
            self.remark(ctx, text::breaking::NOBODY_LEFT);
        } else {
            self.command(ctx, Command::Fault(wall(ticked, rest)));
        }
    }

    /// Changes a setting. Moves of one slider at the same instant become one command, so that one Undo
    /// reverts them all.
    fn set(&mut self, ctx: &Context<Self>, command: Command) {
        let again = {
            let engine = self.pane.engine.borrow();
            let last = engine.commands().pop();
            last.is_some_and(|last| {
                last.at.time == Some(engine.now())
                    && !engine.in_past()
                    && same_dial(&last.command, &command)
            })
        };
        if again {
            self.pane.engine.borrow_mut().undo();
        }
        self.command(ctx, command);
    }

    /// Sends the scenario's request: at once if there is only one and it has no values.
    fn request(&mut self, ctx: &Context<Self>, id: NodeId) {
        let forms = self.pane.engine.borrow().protocol().requests;
        let json = match forms {
            [] => return self.remark(ctx, text::breaking::NO_REQUESTS),
            [only] => Some((only.example)()),
            _ => None,
        };
        match json {
            Some(json) if json.is_string() => self.command(ctx, Command::Request(id, json)),
            _ => self.act(ctx, Act::Pick(PickAct::Sheet(Some(Sheet::Ask(id))))),
        }
    }

    /// Drops the message that arrives next; if none is in flight, the next one sent.
    fn lose_next(&mut self, ctx: &Context<Self>) {
        if self.pane.armed {
            self.pane.armed = false;
            return;
        }
        match self.next_message() {
            Some(message) => self.lose(ctx, &message),
            None => {
                self.pane.armed = true;
                self.remark(ctx, text::LOSS_ARMED);
            }
        }
    }

    /// Drops the message that "Lose next message" is waiting for. Called after each look at the run.
    pub(super) fn lose_if_armed(&mut self, ctx: &Context<Self>) {
        if self.pane.armed
            && let Some(message) = self.next_message()
        {
            self.pane.armed = false;
            self.lose(ctx, &message);
        }
    }

    /// Drops a message that the page chose, and names it.
    fn lose(&mut self, ctx: &Context<Self>, message: &MessageFrame) {
        let said = text::breaking::lost_this(message);
        self.command(ctx, Command::Fault(Fault::Drop(message.address)));
        self.remark(ctx, &said);
    }

    /// Heartbeats are frequent; losing another message has more effect.
    fn next_message(&self) -> Option<MessageFrame> {
        let flying = self
            .pane
            .frame
            .messages
            .iter()
            .filter(|m| m.fate == Fate::Flying);
        flying
            .min_by_key(|m| (m.shape == Shape::Heartbeat, m.arrives))
            .copied()
    }

    /// Applies a command and announces its result, here and in the other run.
    pub(super) fn command(&mut self, ctx: &Context<Self>, command: Command) {
        self.hear_marks();
        let from = self.pane.letter;
        let applied = match self.apply(command.clone()) {
            Ok(applied) => applied,
            Err(why) => {
                self.said.wrong = Some(text::capital(&why));
                self.toast(ctx, text::capital(&why));
                self.said.announcer.at_once(text::capital(&why));
                return;
            }
        };
        self.said.wrong = None;
        let mut said = match &applied.missed {
            Some(why) => text::missed(why),
            None => text::did(&command, &self.pane.engine.borrow().vocabulary()),
        };
        self.comparison.unmatched = self.repeat(&command);
        if applied.forked {
            let at = self.pane.engine.borrow().now();
            let forked = text::compare::forked(at, from, self.pane.letter);
            said = format!("{said} {forked}");
            self.toast_with(ctx, forked, true);
        } else if applied.missed.is_some() {
            self.toast(ctx, said.clone());
        }
        if let Some(unmatched) = &self.comparison.unmatched {
            said = format!("{said} {unmatched}");
        }
        self.tell_replaced(ctx);
        self.hear_consequences();
        self.said.announcer.at_once(said);
        self.look_at_all(false);
    }

    fn undo(&mut self, ctx: &Context<Self>) {
        self.undo_side();
        let undone = self.pane.engine.borrow_mut().undo();
        match undone {
            Some(timed) => {
                self.pane.redo += 1;
                self.undo_repeated(&timed, false);
                let vocabulary = self.pane.engine.borrow().vocabulary();
                self.told(ctx, text::undone(&timed.command, false, &vocabulary));
            }
            None => self.told(ctx, text::NOTHING_TO_UNDO.into()),
        }
    }

    fn redo(&mut self, ctx: &Context<Self>) {
        let redone = self.pane.engine.borrow_mut().redo();
        match redone {
            Some(timed) => {
                self.pane.redo = self.pane.redo.saturating_sub(1);
                self.undo_repeated(&timed, true);
                let vocabulary = self.pane.engine.borrow().vocabulary();
                self.told(ctx, text::undone(&timed.command, true, &vocabulary));
            }
            None => self.told(ctx, text::NOTHING_TO_REDO.into()),
        }
    }

    fn told(&mut self, ctx: &Context<Self>, said: String) {
        self.look_at_all(true);
        self.pane.heard = self.pane.engine.borrow().records();
        self.toast(ctx, said.clone());
        self.said.announcer.at_once(said);
    }

    /// The link whose second end has the keyboard focus.
    fn chosen_link(&self) -> Option<(NodeId, NodeId)> {
        match self.pane.mode {
            Mode::Cutting(first) | Mode::Muting(first) if first != self.pane.focus => {
                Some((first.min(self.pane.focus), first.max(self.pane.focus)))
            }
            _ => None,
        }
    }

    /// The present meaning of the palette's buttons.
    pub(super) fn offers(&self) -> Offers {
        let nodes = &self.pane.frame.nodes;
        let down = nodes
            .iter()
            .find(|node| matches!(node.life, Life::Down { .. }));
        let engine = self.pane.engine.borrow();
        let walled = |link: &faultline_sim::frame::LinkFrame| {
            link.cut || link.blocked.is_some() || link.blocked_back.is_some()
        };
        let aligns = engine.protocol().aligns;
        // A big cluster has many names, so they are made only for a sheet that shows them.
        let roster = match self.showing.sheet {
            Some(Sheet::Ask(_) | Sheet::More | Sheet::Boxes) => nodes
                .iter()
                .map(|node| (node.id, node.role.clone()))
                .collect(),
            _ => Vec::new(),
        };
        let switches = engine.protocol().switches.iter();
        let parts = switches
            .filter_map(|switch| switch.fault.map(|(lost, back)| (switch.name, lost, back)))
            .collect();
        Offers {
            leader: self.pane.leader(),
            down: down.map(|node| node.id),
            nodes: nodes.len(),
            roster,
            split: !self.pane.frame.sides.is_empty(),
            walls: !self.pane.frame.sides.is_empty() || self.pane.frame.links.iter().any(walled),
            cut: self.chosen_link().is_some_and(|(a, b)| {
                let mut links = self.pane.frame.links.iter();
                links.any(|link| (link.a, link.b) == (a, b) && link.cut)
            }),
            slowed: engine.slowed(),
            armed: self.pane.armed,
            aligns,
            aligned: aligns.is_some_and(|timer| aligned(nodes, timer)),
            parts,
            undo: !engine.commands().is_empty(),
            redo: self.pane.redo > 0,
            by_hand: self.pane.frame.by_hand,
            monkey: engine.monkey_is_loose(),
        }
    }
}

/// Whether all timers of this name go off together.
fn aligned(nodes: &[Rc<NodeFrame>], timer: &str) -> bool {
    let timers = nodes.iter().flat_map(|node| &node.timers);
    let mut dues = timers
        .filter(|set| set.name.eq_ignore_ascii_case(timer))
        .map(|set| set.due);
    let first = dues.next();
    let mut others = dues.peekable();
    others.peek().is_some() && others.all(|due| Some(due) == first)
}

/// Whether two commands change the same setting, to any value.
fn same_dial(a: &Command, b: &Command) -> bool {
    let (Command::Fault(a), Command::Fault(b)) = (a, b) else {
        return false;
    };
    match (a, b) {
        (Fault::Latency(x, _), Fault::Latency(y, _))
        | (Fault::Loss(x, _), Fault::Loss(y, _))
        | (Fault::Duplication(x, _), Fault::Duplication(y, _)) => x == y,
        (Fault::Slow(x, y, _), Fault::Slow(v, w, _)) => (x, y) == (v, w),
        (Fault::Disk(x, _), Fault::Disk(y, _))
        | (Fault::Skew(x, _), Fault::Skew(y, _))
        | (Fault::Drift(x, _), Fault::Drift(y, _))
        | (Fault::Flaky(x, ..), Fault::Flaky(y, ..)) => x == y,
        _ => false,
    }
}
