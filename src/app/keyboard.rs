//! The keyboard: from keys to acts.

use web_sys::KeyboardEvent;
use yew::Context;

use super::App;
use crate::browser;
use crate::keys::{KeyAction, Place, Press, key_action};
use crate::text;
use crate::theme::Theme;
use crate::ui::spacetime::Deed;
use crate::ui::{Act, Mode, Selection, Sheet};

use faultline_sim::process::NodeId;
use faultline_sim::time::Time;
use faultline_sim::timeline::Target;

impl App {
    /// Handles a key press; true if it had an effect.
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
        let Some(action) = key_action(press, place, self.look.letters) else {
            return false;
        };
        // A dialog over the page blocks the page's keys.
        let dialog = self.showing.help || self.sharing.shared.is_some() || self.reading.is_some();
        if dialog && action != KeyAction::Escape {
            return false;
        }
        event.prevent_default();
        self.perform(ctx, action, place);
        true
    }

    /// Moves the keyboard focus to a node.
    fn turn_to(&mut self, id: NodeId) {
        if self.pane.frame.nodes.iter().any(|node| node.id == id) {
            self.pane.focus = id;
            browser::focus_node(id);
            self.focus.turned_at = browser::clock_ms();
        }
    }

    /// Where a key press should act. On a busy page several presses wait: one that came after a node's
    /// number but before the focus moved belongs to that node.
    fn meant(&self, place: Place, pressed: f64) -> Place {
        match place {
            Place::Page | Place::Node(_) if pressed < self.focus.turned_at => {
                Place::Node(self.pane.focus)
            }
            place => place,
        }
    }

    fn perform(&mut self, ctx: &Context<Self>, action: KeyAction, place: Place) {
        let here = match place {
            Place::Node(id) => id,
            _ => self.pane.focus,
        };
        let act = match action {
            KeyAction::TogglePlay => Act::Play(!self.motion.playing),
            KeyAction::Step(events) => Act::Step(events),
            KeyAction::Start => Act::Go(Target::Time(Time::ZERO)),
            KeyAction::Live => Act::Live,
            KeyAction::ChangeSpeed(by) => Act::ChangeSpeed(by),
            KeyAction::Moment(forward) => Act::Moment(forward),
            KeyAction::GoTo => Act::Sheet(Some(Sheet::Time)),
            KeyAction::ToggleCrash => Act::ToggleCrash(here),
            KeyAction::TogglePause => Act::TogglePause(here),
            KeyAction::CutFrom => match self.pane.mode {
                Mode::Cutting(first) if first != here => {
                    self.pane.mode = Mode::Normal;
                    self.focus.panel = true;
                    Act::Inspect(Selection::Link(first.min(here), first.max(here)))
                }
                _ => {
                    self.said.announcer.at_once(text::CUT_SECOND.into());
                    Act::Mode(Mode::Cutting(here))
                }
            },
            KeyAction::MuteFrom => {
                self.said
                    .announcer
                    .at_once(text::breaking::MUTE_SECOND.into());
                Act::Mode(Mode::Muting(here))
            }
            KeyAction::TickMode => match &self.pane.mode {
                Mode::Ticking(ids) if !ids.is_empty() => Act::Isolate,
                Mode::Ticking(_) => Act::Mode(Mode::Normal),
                _ => {
                    self.said.announcer.at_once(text::TICK_FIRST.into());
                    Act::Mode(Mode::Ticking(Vec::new()))
                }
            },
            KeyAction::Request => Act::Request(here),
            KeyAction::Node(number) => return self.turn_to(NodeId(number)),
            KeyAction::Towards(direction) => {
                if let Some(next) = self.pane.scene.neighbour(here, direction) {
                    self.turn_to(next);
                }
                return;
            }
            KeyAction::Back => {
                if let Selection::Node(id) = self.pane.before {
                    browser::focus_node(id);
                }
                Act::Select(self.pane.before)
            }
            KeyAction::Restart => Act::Restart,
            KeyAction::Reset => Act::Reset,
            KeyAction::Compare => Act::Compare,
            KeyAction::Mirror => Act::Mirror(!self.mirror),
            KeyAction::Fork => Act::Fork,
            KeyAction::Undo => Act::Undo,
            KeyAction::Redo => Act::Redo,
            KeyAction::Projector if self.look.theme == Theme::Projector => Act::Theme(Theme::Light),
            KeyAction::Projector => Act::Theme(Theme::Projector),
            KeyAction::Help => Act::Help(true),
            KeyAction::SpaceTime => Act::SpaceTime(Deed::Toggle),
            KeyAction::Escape => Act::Escape,
            KeyAction::NextRegion(forward) => return browser::next_region(forward),
            KeyAction::Enter => match &self.pane.mode {
                Mode::Ticking(ids) if !ids.is_empty() => Act::Isolate,
                _ => Act::Pick(here),
            },
            KeyAction::Pick => Act::Pick(here),
        };
        self.act(ctx, act);
    }
}
