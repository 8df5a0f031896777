//! The view service: it hears who is alive, and says who is primary.

use std::rc::Rc;

use faultline_sim::frame::NodeFrame;
use faultline_sim::process::{Context, NodeId, Start};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::LocalTime;
use serde::Serialize;

use super::descriptor::{BACKUPS, COMPLETE, DEAD, PING};
use super::{Life, Member, Message, Timer, View, figures, marks};
use crate::parts::roles::Role;

/// What the view service knows. All but `heard` is on disk.
#[derive(Clone, Hash, Serialize)]
pub struct Service {
    pub view: Rc<View>,
    /// The primary has told that all members have the state.
    pub ready: bool,
    /// The members that surely have every confirmed write.
    pub complete: SortedSet<Life>,
    /// When each server was heard last, and in which life.
    heard: SortedMap<NodeId, (u32, LocalTime)>,
}

impl Service {
    pub fn new(settings: &Settings) -> Self {
        let view = View::first(settings);
        Self {
            complete: view.members().collect(),
            view: Rc::new(view),
            ready: true,
            heard: SortedMap::new(),
        }
    }

    /// Servers that were heard of lately.
    fn alive(&self, cx: &Context<Member>) -> Vec<Life> {
        let silent = cx.duration(&DEAD);
        let recent = |at: LocalTime| cx.now().since(at) < silent;
        let heard = self.heard.iter();
        heard
            .filter(|(_, (_, at))| recent(*at))
            .map(|(id, (start, _))| Life {
                id: *id,
                start: *start,
            })
            .collect()
    }

    /// The next view, if one is needed and possible.
    fn next_view(&self, cx: &Context<Member>) -> Option<View> {
        let alive = self.alive(cx);
        let lives = |life: &Life| alive.contains(life);
        let may_lead = |life: &Life| !cx.switch(&COMPLETE) || self.complete.contains(life);
        let mut heirs = self.view.members();
        // Nobody can lead: wait. Somebody may be cut off, and not crashed.
        let primary = heirs.find(|life| lives(life) && may_lead(life))?;
        let stay = self.view.backups.iter().copied();
        let mut backups: Vec<Life> = stay
            .filter(|life| lives(life) && *life != primary)
            .collect();
        let wanted = cx.count(&BACKUPS) as usize;
        let idle = alive.iter().filter(|life| **life != primary);
        // A view at a time: who has just become a backup is waited for.
        if self.ready || primary != self.view.primary {
            let idle: Vec<Life> = idle
                .copied()
                .filter(|life| !backups.contains(life))
                .collect();
            backups.extend(idle.into_iter().take(wanted.saturating_sub(backups.len())));
        }
        let same = primary == self.view.primary && backups == self.view.backups;
        (!same).then(|| View {
            number: self.view.number + 1,
            primary,
            backups,
        })
    }

    /// Says who is primary from now on.
    fn begin(&mut self, cx: &mut Context<Member>, view: View) {
        let members: SortedSet<Life> = view.members().collect();
        self.complete.retain(|life| members.contains(life));
        cx.mark(&marks::NEW_VIEW, (view.number, view.primary.id));
        self.view = Rc::new(view);
        self.ready = false;
        let members: Vec<NodeId> = members.iter().map(|life| life.id).collect();
        cx.send_all(&members, self.told());
    }

    fn told(&self) -> Message {
        Message::View {
            view: self.view.clone(),
        }
    }
}

impl Role for Service {
    type Of = Member;

    fn on_start(&mut self, cx: &mut Context<Member>, _start: Start) {
        // Everybody gets time to be heard.
        let members: Vec<Life> = self.view.members().collect();
        for life in members {
            self.heard.insert(life.id, (life.start, cx.now()));
        }
        cx.set_timer(Timer::Look, cx.duration(&PING));
    }

    fn on_message(&mut self, cx: &mut Context<Member>, from: NodeId, message: Message) {
        match message {
            Message::Ping { start, ready } => {
                let known = self.heard.get(&from).map_or(0, |(start, _)| *start);
                if start < known {
                    return;
                }
                self.heard.insert(from, (start, cx.now()));
                let life = Life { id: from, start };
                if life == self.view.primary && ready == self.view.number && !self.ready {
                    self.ready = true;
                    self.complete = self.view.members().collect();
                }
                cx.send(from, self.told());
            }
            Message::Who => cx.send(from, self.told()),
            _ => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Member>, timer: Timer) {
        if !matches!(timer, Timer::Look) {
            return;
        }
        if let Some(view) = self.next_view(cx) {
            self.begin(cx, view);
        }
        cx.set_timer(Timer::Look, cx.duration(&PING));
    }

    fn recover(&self, _cx: &mut Context<Member>) -> Self {
        Self {
            heard: SortedMap::new(),
            ..self.clone()
        }
    }

    fn draw(&self, _settings: &Settings, to: &mut NodeFrame) {
        figures::draw_service(self, to);
    }
}
