//! An autoscaler: measures how busy servers are, and has more or fewer of them used. New ones take time to
//! boot, so it is always a little late.

use faultline_sim::process::Context;
use faultline_sim::time::Duration;
use serde::Serialize;

use super::params::{BOOT, EVERY, TARGET, TO};
use super::{Message, Node, Timer, marks};

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Scaler {
    /// How many servers it has asked for.
    pub wanted: u32,
    /// What it measured last, in per cent.
    pub load: u32,
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
        let target = cx.count(&TARGET);
        let wanted = (load * used).div_ceil(target).clamp(1, of.max(1));
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
