//! The keyboard: from a key to an act.

use web_sys::KeyboardEvent;
use yew::Context;

use super::App;
use crate::browser;
use crate::keys::{Place, Press, Wish, wish};
use crate::text;
use crate::ui::spacetime::Deed;
use crate::ui::{Act, Mode, Selection, Sheet, Theme};

use faultline_sim::process::NodeId;
use faultline_sim::time::Time;
use faultline_sim::timeline::Target;

impl App {
    /// A key was pressed; true if anything came of it.
    #[inline(never)]
    pub(super) fn key(&mut self, ctx: &Context<Self>, event: &KeyboardEvent) -> bool {
        if event.default_prevented() || event.is_composing() {
            return false;
        }
        let key = event.key();
        let press = Press {
            key: &key,
            ctrl: event.ctrl_key() || event.meta_key(),
            shift: event.shift_key(),
            alt: event.alt_key(),
        };
        let place = self.meant(browser::place(event), event.time_stamp());
        let Some(wish) = wish(press, place, self.letters) else {
            return false;
        };
        // A dialog over the page keeps the page's keys away.
        let dialog = self.help || self.shared.is_some() || self.reading.is_some();
        if dialog && wish != Wish::Escape {
            return false;
        }
        event.prevent_default();
        self.grant(ctx, wish, place);
        true
    }

    /// To a node with the keyboard's focus.
    fn turn_to(&mut self, id: NodeId) {
        if self.pane.frame.nodes.iter().any(|node| node.id == id) {
            self.pane.focus = id;
            browser::focus_node(id);
            self.turned_at = browser::clock_ms();
        }
    }

    /// Where a key that was pressed at an instant is meant to act. On a busy page several keys wait: one that
    /// was pressed after a node's number, but before the focus went there, names the place it had before.
    fn meant(&self, place: Place, pressed: f64) -> Place {
        match place {
            Place::Page | Place::Node(_) if pressed < self.turned_at => {
                Place::Node(self.pane.focus)
            }
            place => place,
        }
    }

    fn grant(&mut self, ctx: &Context<Self>, wish: Wish, place: Place) {
        let here = match place {
            Place::Node(id) => id,
            _ => self.pane.focus,
        };
        let act = match wish {
            Wish::TogglePlay => Act::Play(!self.playing),
            Wish::Step(events) => Act::Step(events),
            Wish::Start => Act::Go(Target::Time(Time::ZERO)),
            Wish::Live => Act::Live,
            Wish::Notch(by) => Act::Notch(by),
            Wish::Moment(forward) => Act::Next(forward),
            Wish::GoTo => Act::Sheet(Some(Sheet::Time)),
            Wish::Strike => Act::Strike(here),
            Wish::Freeze => Act::Freeze(here),
            Wish::CutFrom => match self.pane.mode {
                Mode::Cutting(first) if first != here => {
                    self.pane.mode = Mode::Normal;
                    self.enter_panel = true;
                    Act::Inspect(Selection::Link(first.min(here), first.max(here)))
                }
                _ => {
                    self.announcer.at_once(text::CUT_SECOND.into());
                    Act::Mode(Mode::Cutting(here))
                }
            },
            Wish::MuteFrom => {
                self.announcer.at_once(text::breaking::MUTE_SECOND.into());
                Act::Mode(Mode::Muting(here))
            }
            Wish::TickMode => match &self.pane.mode {
                Mode::Ticking(ids) if !ids.is_empty() => Act::Isolate,
                Mode::Ticking(_) => Act::Mode(Mode::Normal),
                _ => {
                    self.announcer.at_once(text::TICK_FIRST.into());
                    Act::Mode(Mode::Ticking(Vec::new()))
                }
            },
            Wish::Request => Act::Request(here),
            Wish::Node(number) => return self.turn_to(NodeId(number)),
            Wish::Towards(direction) => {
                if let Some(next) = self.pane.scene.neighbour(here, direction) {
                    self.turn_to(next);
                }
                return;
            }
            Wish::Back => {
                if let Selection::Node(id) = self.pane.before {
                    browser::focus_node(id);
                }
                Act::Select(self.pane.before)
            }
            Wish::Restart => Act::Restart,
            Wish::Reset => Act::Reset,
            Wish::Compare => Act::Compare,
            Wish::Mirror => Act::Mirror(!self.mirror),
            Wish::Fork => Act::Fork,
            Wish::Undo => Act::Undo,
            Wish::Redo => Act::Redo,
            Wish::Projector if self.theme == Theme::Projector => Act::Theme(Theme::Light),
            Wish::Projector => Act::Theme(Theme::Projector),
            Wish::Help => Act::Help(true),
            Wish::SpaceTime => Act::SpaceTime(Deed::Toggle),
            Wish::Escape => Act::Escape,
            Wish::NextRegion(forward) => return browser::next_region(forward),
            Wish::Enter => match &self.pane.mode {
                Mode::Ticking(ids) if !ids.is_empty() => Act::Isolate,
                _ => Act::Pick(here),
            },
            Wish::Pick => Act::Pick(here),
        };
        self.act(ctx, act);
    }
}
