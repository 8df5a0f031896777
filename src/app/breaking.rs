//! Acts that break or mend something: each becomes a command at the cursor, is told in words, and
//! can be undone.

use faultline_sim::command::Command;
use faultline_sim::fault::Fault;
use faultline_sim::frame::{Fate, Life, Shape};
use faultline_sim::network::Address;
use faultline_sim::process::NodeId;
use yew::Context;

use super::App;
use crate::browser;
use crate::text;
use crate::ui::palette::Offers;
use crate::ui::{Act, Mode};

impl App {
    /// Does an act that changes the run.
    pub(super) fn break_it(&mut self, ctx: &Context<Self>, act: Act) {
        match act {
            Act::Do(command) => self.command(ctx, command),
            Act::Words(words) => match Command::parse(&words) {
                Ok(command) => self.command(ctx, command),
                Err(why) => self.wrong = Some(text::capital(&why)),
            },
            Act::Strike(id) => self.strike(ctx, id),
            Act::Freeze(id) => {
                let frozen = matches!(self.life(id), Some(Life::Paused { .. }));
                let fault = if frozen {
                    Fault::Resume(id)
                } else {
                    Fault::Pause(id)
                };
                self.command(ctx, Command::Fault(fault));
            }
            Act::Snip(a, b) => {
                let link = self.frame.links.iter().find(|l| (l.a, l.b) == (a, b));
                let cut = link.is_some_and(|l| l.cut);
                let fault = if cut {
                    Fault::Join(a, b)
                } else {
                    Fault::Cut(a, b)
                };
                self.command(ctx, Command::Fault(fault));
            }
            Act::CrashLeader => match self.leader() {
                Some(leader) => self.command(ctx, Command::Fault(Fault::Crash(leader))),
                None => self.remark(ctx, text::NO_LEADER),
            },
            Act::Split => {
                let fault = if self.frame.sides.is_empty() {
                    let ids: Vec<NodeId> = self.frame.nodes.iter().map(|node| node.id).collect();
                    let (one, other) = ids.split_at(ids.len() / 2);
                    Fault::Partition(vec![one.to_vec(), other.to_vec()])
                } else {
                    Fault::Heal
                };
                self.command(ctx, Command::Fault(fault));
            }
            Act::Isolate => self.isolate(ctx),
            Act::SlowNetwork => {
                let command = self.engine.borrow().slow_command();
                self.command(ctx, command);
            }
            Act::LoseNext => self.lose_next(ctx),
            Act::Heal => self.command(ctx, Command::Fault(Fault::Heal)),
            Act::Request(id) => {
                let forms = self.engine.borrow().protocol().requests;
                let json = forms
                    .first()
                    .and_then(|form| serde_json::from_str(form.json).ok());
                if let Some(json) = json {
                    self.command(ctx, Command::Request(id, json));
                }
            }
            Act::Undo => self.undo(ctx),
            Act::Redo => self.redo(ctx),
            Act::Panic => {
                self.engine.borrow().save(Some("panic".into()));
                panic!("asked for by the debug button");
            }
            // All other acts change nothing in the run, and `act` has done them.
            _ => {}
        }
    }

    fn life(&self, id: NodeId) -> Option<Life> {
        self.frame
            .nodes
            .iter()
            .find(|node| node.id == id)
            .map(|node| node.life)
    }

    fn strike(&mut self, ctx: &Context<Self>, id: NodeId) {
        let fault = match self.life(id) {
            Some(Life::Down { .. }) => Fault::Recover(id),
            Some(_) => Fault::Crash(id),
            None => return,
        };
        self.command(ctx, Command::Fault(fault));
    }

    fn isolate(&mut self, ctx: &Context<Self>) {
        let Mode::Ticking(ticked) = std::mem::take(&mut self.mode) else {
            return;
        };
        let all = self.frame.nodes.iter().map(|node| node.id);
        let rest: Vec<NodeId> = all.filter(|id| !ticked.contains(id)).collect();
        if ticked.is_empty() || rest.is_empty() {
            self.remark(ctx, text::TICK_FIRST);
            return;
        }
        self.command(ctx, Command::Fault(Fault::Partition(vec![ticked, rest])));
    }

    /// The message that arrives next, if any is on its way; else the next one sent.
    fn lose_next(&mut self, ctx: &Context<Self>) {
        if self.armed {
            self.armed = false;
            return;
        }
        match self.next_message() {
            Some(address) => self.command(ctx, Command::Fault(Fault::Drop(address))),
            None => {
                self.armed = true;
                self.remark(ctx, text::LOSS_ARMED);
            }
        }
    }

    /// After each look at the run: drops what "Lose next message" waits for.
    pub(super) fn lose_if_armed(&mut self, ctx: &Context<Self>) {
        if self.armed
            && let Some(address) = self.next_message()
        {
            self.armed = false;
            self.command(ctx, Command::Fault(Fault::Drop(address)));
        }
    }

    /// Signs of life come by the dozen: a message that means more is the better one to lose.
    fn next_message(&self) -> Option<Address> {
        let flying = self
            .frame
            .messages
            .iter()
            .filter(|m| m.fate == Fate::Flying);
        flying
            .min_by_key(|m| (m.shape == Shape::Heartbeat, m.arrives))
            .map(|m| m.address)
    }

    /// Applies a command and tells what became of it.
    pub(super) fn command(&mut self, ctx: &Context<Self>, command: Command) {
        self.hear_marks();
        let applied = self.engine.borrow_mut().apply(command.clone());
        match applied {
            Err(why) => {
                self.wrong = Some(text::capital(&why));
                self.toast(ctx, text::capital(&why));
                self.announcer.at_once(text::capital(&why));
                return;
            }
            Ok(applied) => {
                self.wrong = None;
                self.redo = 0;
                self.fresh = false;
                let mut said = match &applied.missed {
                    Some(why) => text::missed(why),
                    None => text::did(&command),
                };
                if applied.forked {
                    let forked = text::forked(self.frame.time);
                    said = format!("{said} {forked}");
                    self.toast(ctx, forked);
                } else if applied.missed.is_some() {
                    self.toast(ctx, said.clone());
                }
                self.hear_consequences();
                self.announcer.at_once(said);
            }
        }
        self.look_at_all(false);
        // Panels come once by themselves, after the first fault, where they have room.
        if !self.side_was_opened && browser::wide() && matches!(command, Command::Fault(_)) {
            self.side_was_opened = true;
            self.side = true;
            self.refresh_panels();
        }
    }

    fn undo(&mut self, ctx: &Context<Self>) {
        let undone = self.engine.borrow_mut().undo();
        match undone {
            Some(timed) => {
                self.redo += 1;
                self.told(ctx, text::undone(&timed.command, false));
            }
            None => self.told(ctx, text::NOTHING_TO_UNDO.into()),
        }
    }

    fn redo(&mut self, ctx: &Context<Self>) {
        let redone = self.engine.borrow_mut().redo();
        match redone {
            Some(timed) => {
                self.redo = self.redo.saturating_sub(1);
                self.told(ctx, text::undone(&timed.command, true));
            }
            None => self.told(ctx, text::NOTHING_TO_REDO.into()),
        }
    }

    fn told(&mut self, ctx: &Context<Self>, said: String) {
        self.look_at_all(true);
        self.heard = self.engine.borrow().records();
        self.toast(ctx, said.clone());
        self.announcer.at_once(said);
    }

    /// What the palette's buttons mean now.
    pub(super) fn offers(&self) -> Offers {
        let nodes = &self.frame.nodes;
        let down = nodes
            .iter()
            .find(|node| matches!(node.life, Life::Down { .. }));
        let engine = self.engine.borrow();
        let walled = |link: &faultline_sim::frame::LinkFrame| {
            link.cut || link.blocked.is_some() || link.blocked_back.is_some()
        };
        Offers {
            leader: self.leader(),
            down: down.map(|node| node.id),
            nodes: nodes.len(),
            split: !self.frame.sides.is_empty(),
            walls: !self.frame.sides.is_empty() || self.frame.links.iter().any(walled),
            slowed: engine.slowed(),
            armed: self.armed,
            undo: !engine.commands().is_empty(),
            redo: self.redo > 0,
        }
    }
}
