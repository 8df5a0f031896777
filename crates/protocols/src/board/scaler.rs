//! An autoscaler: measures how busy servers are, and has more or fewer of them used. New ones take time to
//! boot, so it is always a little late.

use std::collections::VecDeque;

use faultline_sim::process::Context;
use faultline_sim::time::Duration;
use serde::Serialize;

use super::params::{BOOT, EVERY, TARGET, TO};
use super::{Message, Node, Timer, marks};

/// It uses fewer servers only if so many measurements in a row ask for no more (as Kubernetes does): load comes
/// by chance, and a server that went is soon missed.
const CALM: usize = 5;

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Scaler {
    /// How many servers it has asked for.
    pub wanted: u32,
    /// What it measured last, in per cent.
    pub load: u32,
    /// How many servers the last measurements asked for.
    pub asked_for: VecDeque<u32>,
}

impl Scaler {
    /// The most that the last measurements asked for.
    fn calm(&mut self, enough: u32, used: u32) -> u32 {
        if self.asked_for.is_empty() {
            self.asked_for.push_back(used);
        }
        self.asked_for.push_back(enough);
        if self.asked_for.len() > CALM {
            self.asked_for.pop_front();
        }
        self.asked_for.iter().copied().max().unwrap_or(enough)
    }
}

impl Node {
    pub(super) fn begin_scaling(&mut self, cx: &mut Context<Self>) {
        // It takes over as many as it finds.
        if self.scaler.wanted > 0 {
            let servers = self.scaler.wanted;
            self.tell_balancers(cx, Message::Use { servers });
        }
        cx.set_timer(Timer::Scale, cx.duration(&EVERY));
    }

    fn tell_balancers(&self, cx: &mut Context<Self>, message: Message) {
        let all = cx.nodes(&TO).to_vec();
        cx.send_all(&all, message);
    }

    pub(super) fn measure(&mut self, cx: &mut Context<Self>) {
        cx.set_timer(Timer::Scale, cx.duration(&EVERY));
        self.tell_balancers(cx, Message::Measure);
    }

    /// So many servers that each would be as busy as wanted. While servers boot it asks for no others.
    pub(super) fn measured(&mut self, cx: &mut Context<Self>, load: u32, used: u32, of: u32) {
        self.scaler.load = load;
        if self.scaler.wanted == 0 {
            self.scaler.wanted = used;
        }
        if used != self.scaler.wanted.min(of) {
            return;
        }
        let enough = (load * used).div_ceil(cx.count(&TARGET));
        let wanted = self.scaler.calm(enough.clamp(1, of.max(1)), used);
        match wanted.cmp(&used) {
            std::cmp::Ordering::Greater => {
                cx.mark(&marks::SCALES, (used, wanted));
                self.scaler.wanted = wanted;
                cx.write();
                let boot = cx.duration(&BOOT);
                cx.set_timer(Timer::Booted { servers: wanted }, boot.max(Duration(1)));
            }
            std::cmp::Ordering::Less => {
                cx.mark(&marks::SCALES, (used, wanted));
                self.scaler.wanted = wanted;
                cx.write();
                self.tell_balancers(cx, Message::Use { servers: wanted });
            }
            std::cmp::Ordering::Equal => {}
        }
    }

    pub(super) fn booted(&mut self, cx: &mut Context<Self>, servers: u32) {
        if servers == self.scaler.wanted {
            self.tell_balancers(cx, Message::Use { servers });
        }
    }
}
