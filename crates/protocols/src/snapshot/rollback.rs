//! Checkpoints, and the way back to them: who has received what was undone goes back, too.

use faultline_sim::process::{Context, NodeId};

use super::channel::Channel;
use super::descriptor::FOLLOW;
use super::{Account, Branch, Message, QUIET, Timer, marks};

impl Account {
    /// What it has got from a branch.
    pub fn got_from(&self, from: NodeId) -> u64 {
        self.got.get(&from).copied().unwrap_or_default()
    }

    /// What it has paid to a branch.
    pub fn paid_to(&self, to: NodeId) -> u64 {
        self.paid.get(&to).copied().unwrap_or_default()
    }
}

impl Branch {
    /// Writes a checkpoint.
    pub(super) fn save(&mut self, cx: &mut Context<Self>, snapshot: u32) {
        cx.write();
        self.now.snapshot = snapshot;
        self.saved.push(self.now.clone());
    }

    /// Goes back to the latest checkpoint; if money from a branch was undone, to the latest one without it.
    pub(super) fn fall_back(&mut self, cx: &mut Context<Self>, undone: Option<(NodeId, u64)>) {
        let counts =
            |account: &Account| undone.is_none_or(|(from, paid)| account.got_from(from) <= paid);
        // What it had got only grows from one checkpoint to the next.
        let keep = self.saved.partition_point(counts).max(1);
        let given_up = self.saved.len() - keep;
        self.saved.truncate(keep);
        let account = self.saved.last().cloned().unwrap_or_default();
        let lost = self.now.work - account.work;
        cx.mark(&marks::ROLLS_BACK, (keep - 1, lost, given_up));
        cx.write();
        self.now = account;
        self.era += 1;
        for channel in self.channels.values_mut() {
            let era = channel.era;
            *channel = Channel {
                era,
                ..Channel::default()
            };
        }
        self.drop_recordings();
    }

    /// A snapshot that is under way when somebody goes back is given up.
    fn drop_recordings(&mut self) {
        self.recordings.clear();
        self.reports.clear();
    }

    /// Tells every other branch what still counts between the two.
    pub(super) fn announce(&mut self, cx: &mut Context<Self>) {
        for peer in cx.peers() {
            self.send_undo(cx, peer);
        }
    }

    fn send_undo(&self, cx: &mut Context<Self>, to: NodeId) {
        let undo = Message::Undo {
            era: self.era,
            known: self.channels.get(&to).map_or(0, |channel| channel.era),
            paid: self.now.paid_to(to),
            got: self.now.got_from(to),
        };
        cx.send(to, undo);
    }

    /// Another branch has gone back. `paid` and `got` are its own numbers.
    pub(super) fn receive_undo(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        (era, known): (u32, u32),
        (paid, got): (u64, u64),
    ) {
        let channel = self.channels.entry(from).or_default();
        if era <= channel.era {
            return;
        }
        cx.write();
        (channel.era, channel.sent, channel.handled) = (era, 0, 0);
        channel.early.retain(|(of, _), _| *of >= era);
        self.drop_recordings();
        let falls = self.now.got_from(from) > paid && cx.switch(&FOLLOW);
        if falls {
            self.fall_back(cx, Some((from, paid)));
        }
        // What was on its way to this branch has been paid already.
        self.take(cx, from, paid);
        if falls {
            self.announce(cx);
        } else {
            if known < self.era {
                // It was down when this branch went back.
                self.send_undo(cx, from);
            }
            self.pay_again(cx, from, got);
        }
        self.handle_waiting(cx, from);
        cx.set_timer(Timer::Pay, QUIET);
    }

    /// What was on its way to a branch when it crashed is sent once more.
    fn pay_again(&mut self, cx: &mut Context<Self>, to: NodeId, got: u64) {
        let total = self.now.paid_to(to);
        if total > got {
            let place = self.next_place(to);
            let amount = total - got;
            cx.send(
                to,
                Message::Money {
                    place,
                    amount,
                    total,
                },
            );
        }
    }
}
