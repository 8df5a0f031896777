//! The effect of each act on the page. Acts that change the run are in `breaking`.

use std::rc::Rc;

use faultline_sim::command::Command;
use faultline_sim::fault::Fault;
use faultline_sim::network::Address;
use faultline_sim::process::NodeId;
use faultline_sim::runs::Runs;
use faultline_sim::sorted;
use faultline_sim::time::Time;
use faultline_sim::timeline::Target;
use gloo_timers::callback::Timeout;
use yew::Context;

use super::pane::Picked;
use super::visits::Start;
use super::{App, Msg, TOAST_MS, Toast};
use crate::browser;
use crate::engine::Engine;
use crate::layout::{self, Point};
use crate::storage;
use crate::text;
use crate::theme::Theme;
use crate::ui::stage::OPEN_SCISSORS;
use crate::ui::transport::{self, FASTEST, SLOWEST};
use crate::ui::{Act, Mode, Selection, Sheet, Tab};

/// How long an action's words stay in the projector theme.
const ACTION_MS: u32 = 4_000;

/// How far from a message a click picks it: half a fingertip.
const REACH: f64 = 18.0;
const SCISSORS_REACH: f64 = 13.0;

impl App {
    /// Performs an act.
    pub(super) fn act(&mut self, ctx: &Context<Self>, act: Act) {
        let before = self.pane.mode != Mode::Normal;
        self.do_act(ctx, act);
        // The buttons of a mode disappear with it, so the keyboard returns to the stage.
        if before && self.pane.mode == Mode::Normal && browser::focus_is_in(".palette") {
            browser::focus_node(self.pane.focus);
        }
    }

    fn do_act(&mut self, ctx: &Context<Self>, act: Act) {
        match act {
            // The acts of the first picture; the other acts load with the rest of the page.
            Act::ToggleCrash(id) => self.strike(ctx, id),
            Act::ToggleCut(a, b) => self.snip(ctx, a, b),
            Act::Point(at, beside) => self.point(ctx, at, beside),
            Act::Focus(id) => self.pane.focus = id,
            other => self.do_more(ctx, other),
        }
    }

    #[inline(never)]
    fn do_more(&mut self, ctx: &Context<Self>, act: Act) {
        match act {
            Act::Select(selection) => self.select(selection),
            Act::Inspect(selection) => self.inspect(selection),
            Act::Mode(mode) => self.enter(mode),
            Act::Sheet(sheet) => self.open_sheet(sheet),
            Act::Pick(id) => self.pick(ctx, id),
            Act::Play(on) => self.play(on),
            Act::Step(events) => self.step(events),
            Act::Go(Target::Record(seq)) => {
                self.jump(|engine| engine.go(Target::Record(seq)));
                let detail = self.pane.engine.borrow_mut().event_detail(seq);
                self.pane.event = detail.map(Rc::new);
                self.pane.selection = Selection::Record(seq);
                self.pane.picked = None;
                self.spacetime_stale(false);
            }
            Act::Live => self.live(),
            Act::Moment(forward) => self.go_to_moment(forward),
            Act::Go(target) => self.jump(|engine| engine.go(target)),
            Act::StopAt(kind, on) => {
                self.panes()
                    .for_each(|pane| pane.engine.borrow_mut().stop_at(kind, on));
            }
            Act::NewSeed => {
                let recipe = self.pane.engine.borrow().next_seed();
                self.act(ctx, Act::Run(Box::new(recipe)));
            }
            Act::Rewind => self.rewind(),
            Act::BackToMessage => self.back_to_message(),
            Act::Speed(factor) => self.motion.speed = factor,
            Act::ChangeSpeed(by) => {
                let notch = (transport::notch(self.motion.speed) + by).clamp(SLOWEST, FASTEST);
                self.motion.speed = transport::factor(notch);
                self.said
                    .announcer
                    .at_once(text::speed_spoken(self.motion.speed));
            }
            Act::Restart => self.visit(Self::restart),
            Act::Reset => {
                let recipe = self.pane.engine.borrow().fresh_recipe();
                self.visit(|app| app.open(Engine::open(&recipe, None), Start::AsItWas));
            }
            Act::Open(name) => {
                self.showing.library = false;
                self.visit(|app| app.open(Engine::named(&name), Start::Own));
            }
            Act::Run(recipe) => {
                self.visit(|app| {
                    let replaced = app.replace(Engine::open(&recipe, None));
                    app.opened_again(replaced, Start::AsItWas)
                });
                self.tell_replaced(ctx);
            }
            Act::LookAt(letter, at) => {
                let again = self.look_at(letter, at);
                self.opened_again(again, Start::AsItWas);
            }
            Act::Rename(letter, name) => self.runs.rename(letter, &name),
            Act::DeleteRun(letter) => self.delete_run(ctx, letter),
            Act::BringBack => self.bring_back(ctx),
            Act::Fork => self.fork_here(ctx),
            Act::Compare
            | Act::Choose(_)
            | Act::CompareRun(_)
            | Act::CompareWith(_)
            | Act::Mirror(_)
            | Act::MakeFair
            | Act::ToDifference
            | Act::Flip
            | Act::Unmatched => self.compare(ctx, act),
            Act::CopyLink => self.copy_link(ctx),
            Act::Copy(words) => self.copy(ctx, &words),
            Act::Share(open) => self.share(open),
            Act::SaveFile => self.save_file(ctx),
            Act::Export(what) => self.export(ctx, what),
            Act::OpenText(text) => self.take_text(ctx, text),
            Act::Tab(tab) => {
                self.showing.tab = tab;
                self.showing.side = true;
                self.refresh_panels();
            }
            Act::Panels(open) => self.open_side(open),
            Act::SpaceTime(deed) => self.spacetime_deed(ctx, deed),
            Act::Reading(deed) => self.reading_deed(deed),
            Act::Library(open) => self.showing.library = open,
            Act::Naming(open) => self.name_parts(open),
            Act::Help(open) => {
                self.showing.help = open;
                if !open {
                    browser::focus("[aria-label='Help']");
                }
            }
            Act::Theme(theme) => self.paint(theme),
            Act::Forget => {
                storage::forget();
                self.remark(ctx, text::FORGOTTEN);
            }
            Act::Letters(on) => {
                self.look.letters = on;
                storage::set_letters(on);
            }
            Act::Dismiss => self.said.alert = None,
            Act::Escape => self.escape(),
            breaking => self.apply_fault(ctx, breaking),
        }
    }

    fn paint(&mut self, theme: Theme) {
        self.look.theme = theme;
        storage::set_theme(theme);
        browser::set_theme(theme);
        if theme == Theme::Projector {
            // The side panel opens again on request.
            self.showing.side = false;
        }
        self.fit();
        self.show_flight(true);
        self.said.announcer.at_once(text::themed(theme).into());
    }

    /// In the projector theme, repeats the person's action in words for a while.
    pub(super) fn repeat_action(&mut self, ctx: &Context<Self>) {
        let Some(said) = self.said.announcer.take_action() else {
            return;
        };
        if self.look.theme == Theme::Projector {
            self.show_action(ctx, said);
        }
    }

    #[inline(never)]
    fn show_action(&mut self, ctx: &Context<Self>, said: String) {
        self.said.action = (self.said.action.0 + 1, Some(said.into()));
        let number = self.said.action.0;
        let link = ctx.link().clone();
        Timeout::new(ACTION_MS, move || {
            link.send_message(Msg::ActionOver(number))
        })
        .forget();
    }

    fn open_side(&mut self, open: bool) {
        self.showing.side = open;
        self.showing.side_was_opened |= open;
        self.refresh_panels();
    }

    /// Selects something and shows its details.
    fn inspect(&mut self, selection: Selection) {
        self.select(selection);
        if selection != Selection::None {
            self.showing.tab = Tab::Inspect;
            self.open_side(true);
        }
    }

    /// The person is going to pick nodes: closes what covers them and moves the focus to them.
    fn enter(&mut self, mode: Mode) {
        self.showing.sheet = None;
        self.pane.mode = mode;
        if self.pane.mode != Mode::Normal {
            browser::focus_node(self.pane.focus);
        }
    }

    fn open_sheet(&mut self, sheet: Option<Sheet>) {
        let Some(sheet) = sheet else {
            return self.close_sheet();
        };
        self.pane.mode = Mode::Normal;
        self.showing.sheet = Some(sheet);
    }

    fn close_sheet(&mut self) {
        if self.showing.sheet.take().is_some() {
            browser::focus(".verb[aria-expanded='true']");
        }
    }

    pub(super) fn select(&mut self, selection: Selection) {
        self.focus.menu = browser::focus_is_on_message();
        if browser::focus_is_in(".message-menu")
            && let Selection::Message(address) = self.pane.selection
        {
            browser::focus(".acting .mirror-messages");
            browser::focus(&format!(".acting [data-message-item='{address}']"));
        }
        if selection != self.pane.selection && self.pane.selection != Selection::None {
            self.pane.before = self.pane.selection;
        }
        self.pane.selection = selection;
        self.pane.picked = match selection {
            Selection::Message(address) => self.look_up(address),
            _ => None,
        };
        self.show_flight(false);
    }

    /// A click on the stage picks the nearest thing: a message, a ✂, or what is under it.
    fn point(&mut self, ctx: &Context<Self>, at: Point, beside: Selection) {
        let message = self.pane.flight.as_ref().and_then(|f| f.nearest(at, REACH));
        let open = self.pane.frame.nodes.len() <= OPEN_SCISSORS;
        let links = self.pane.frame.links.iter().filter(|link| open || link.cut);
        let scissors = links.filter_map(|link| {
            let place = self.pane.scene.scissors(link.a, link.b)?;
            Some(((link.a, link.b), place))
        });
        match (message, layout::nearest(scissors, at, SCISSORS_REACH)) {
            (Some((_, far)), Some(((a, b), near))) if near < far => {
                self.act(ctx, Act::ToggleCut(a, b))
            }
            (Some((address, _)), _) => self.select(Selection::Message(address)),
            (None, _) => self.select(beside),
        }
    }

    fn look_up(&self, address: Address) -> Option<Picked> {
        let message = self
            .pane
            .frame
            .messages
            .iter()
            .find(|m| m.address == address)?;
        let engine = self.pane.engine.borrow();
        let part = layout::progress(message, engine.clock());
        let at = self.pane.scene.along(address.from, address.to, part)?;
        Some(Picked {
            message: *message,
            at,
            text: engine.message_text(address),
            seq: engine.records(),
        })
    }

    fn back_to_message(&mut self) {
        let Some(picked) = self.pane.picked.clone() else {
            return;
        };
        let (sent, arrives) = (picked.message.sent.0, picked.message.arrives.0);
        let half_way = Time(sent.midpoint(arrives));
        self.jump(|engine| {
            if half_way < engine.now() {
                engine.go(Target::Time(half_way));
            }
        });
        let address = picked.message.address;
        if !self
            .pane
            .frame
            .messages
            .iter()
            .any(|m| m.address == address)
        {
            // The message did not get that far: goes to the instant when it was picked.
            self.jump(|engine| engine.go(Target::Record(picked.seq)));
        }
        self.select(Selection::Message(address));
    }

    fn pick(&mut self, ctx: &Context<Self>, id: NodeId) {
        self.pane.focus = id;
        match self.pane.mode.clone() {
            Mode::Normal => {
                let again = self.pane.selection == Selection::Node(id);
                self.inspect(if again {
                    Selection::None
                } else {
                    Selection::Node(id)
                });
            }
            Mode::Ticking(mut ids) => {
                match ids.iter().position(|ticked| *ticked == id) {
                    Some(at) => drop(ids.remove(at)),
                    None => ids.push(id),
                }
                sorted::sort_by_key(&mut ids, |id| *id);
                self.pane.mode = Mode::Ticking(ids);
            }
            Mode::Cutting(first) => {
                self.pane.mode = Mode::Normal;
                if first == id {
                    self.remark(ctx, text::breaking::NO_SUCH_LINK);
                } else {
                    self.act(ctx, Act::ToggleCut(first.min(id), first.max(id)));
                }
            }
            Mode::Muting(first) => {
                self.pane.mode = Mode::Normal;
                if first == id {
                    self.remark(ctx, text::breaking::NO_SUCH_LINK);
                } else {
                    let fault = Fault::OneWay(vec![first], vec![id]);
                    self.act(ctx, Act::Apply(Command::Fault(fault)));
                }
            }
        }
    }

    pub(super) fn play(&mut self, on: bool) {
        self.motion.playing = on;
        self.motion.waits = None;
        self.motion.last_tick = None;
        if on {
            self.motion.ticker.ask();
        } else {
            self.motion.ticker.stop();
            self.look_at_all(false);
        }
    }

    /// Goes some events forward or back, then pauses.
    fn step(&mut self, events: i32) {
        self.motion.playing = false;
        self.motion.waits = None;
        self.motion.ticker.stop();
        let moved = self.step_runs(events);
        let flights = self.panes().filter_map(|pane| pane.flight.as_mut());
        flights.for_each(|flight| flight.settle());
        self.look_at_all(events != 1);
        self.pane.heard = self.pane.engine.borrow().records();
        let told = self.pane.engine.borrow_mut().sentence(self.pane.heard);
        let at = text::instant(self.pane.frame.time);
        self.said.announcer.at_once(match (moved, told) {
            (false, _) => text::no_step(events > 0),
            (true, Some(sentence)) => format!("{at}: {sentence}"),
            (true, None) => at,
        });
    }

    /// Goes to another instant, then pauses so that the person can read it.
    pub(super) fn jump(&mut self, go: impl FnOnce(&mut Engine)) {
        self.motion.playing = false;
        self.motion.waits = None;
        self.motion.ticker.stop();
        go(&mut self.pane.engine.borrow_mut());
        self.follow();
        self.pane.heard = self.pane.engine.borrow().records();
        self.look_at_all(true);
        self.said
            .announcer
            .at_once(text::instant(self.pane.frame.time));
    }

    /// Goes to the next or previous moment, then pauses.
    fn go_to_moment(&mut self, forward: bool) {
        let mut found = None;
        self.jump(|engine| {
            found = if forward {
                engine.next_moment()
            } else {
                engine.previous_moment()
            };
        });
        let said = match found {
            Some(spot) => text::moment(&spot),
            None => text::no_moment(forward, self.pane.frame.time),
        };
        self.said.announcer.at_once(said);
    }

    fn live(&mut self) {
        let edges = self.panes().map(|pane| pane.engine.borrow().edge());
        let edge = edges.max().unwrap_or_default();
        self.pane.engine.borrow_mut().go(Target::Time(edge));
        self.follow();
        self.pane.heard = self.pane.engine.borrow().records();
        self.look_at_all(true);
        self.said.announcer.at_once(text::LIVE_NOW.into());
    }

    /// Goes to just before the person's first command.
    fn rewind(&mut self) {
        let first = self
            .pane
            .engine
            .borrow()
            .commands()
            .first()
            .and_then(|timed| timed.at.time);
        if let Some(time) = first {
            self.jump(|engine| engine.go(Target::Time(Time(time.0.saturating_sub(200_000)))));
        }
    }

    fn restart(&mut self) -> bool {
        let two = self.other.is_some();
        let mut all = true;
        for _ in 0..=usize::from(two) {
            let recipe = self.pane.engine.borrow().restarted();
            let restarted = self.replace(Engine::open(&recipe, Some(Time::ZERO)));
            all &= self.opened_again(restarted, Start::AsItWas);
            self.swap();
        }
        self.look_at_all(true);
        self.said.announcer.at_once(text::RESTARTED.into());
        all
    }

    /// Replaces the active run; true if the new one could be opened.
    pub(super) fn open(&mut self, opened: Result<Engine, String>, start: Start) -> bool {
        let named = self.runs.iter().any(|run| run.name.is_some());
        let result = if named || self.other.is_some() {
            self.replace(opened)
        } else {
            // Runs without a name belong to the old scenario and are dropped.
            opened.map(|engine| {
                self.runs = Runs::new(engine.recipe());
                self.kept.clear();
                self.pane.letter = 'A';
                self.pane.engine.borrow_mut().become_other(engine);
            })
        };
        self.opened_again(result, start)
    }

    pub(super) fn opened_again(&mut self, result: Result<(), String>, start: Start) -> bool {
        if let Err(why) = result {
            self.said.alert = Some(text::capital(&why));
            return false;
        }
        self.said.alert = None;
        self.said.wrong = None;
        self.spacetime_reset();
        self.pane.selection = Selection::None;
        self.pane.picked = None;
        self.pane.mode = Mode::Normal;
        self.showing.sheet = None;
        self.pane.armed = false;
        self.pane.redo = 0;
        self.pane.fresh = self.pane.engine.borrow().commands().is_empty();
        self.follow();
        self.pane.heard = self.pane.engine.borrow().records();
        self.pane.engine.borrow().save(None);
        self.look_at_all(true);
        self.set_title();
        let title = self.pane.engine.borrow().scenario().title;
        self.said.announcer.at_once(format!("{title}."));
        self.start(start);
        true
    }

    /// Pauses while the person names the parts.
    fn name_parts(&mut self, open: bool) {
        self.showing.naming = open;
        self.showing.help = false;
        if open {
            self.play(false);
            self.showing.sheet = None;
        } else {
            browser::focus("[aria-label='Help']");
        }
    }

    /// Closes one thing at a time.
    fn escape(&mut self) {
        if self.showing.help {
            self.showing.help = false;
            browser::focus("[aria-label='Help']");
        } else if self.reading.is_some() {
            self.close_log();
        } else if self.sharing.shared.is_some() {
            self.close_share();
        } else if self.showing.naming {
            self.name_parts(false);
        } else if self.showing.chooser {
            self.choose(false);
        } else if self.showing.library {
            self.showing.library = false;
            browser::focus("[aria-label='Library']");
        } else if self.pane.mode != Mode::Normal {
            self.pane.mode = Mode::Normal;
        } else if self.showing.sheet.is_some() {
            self.close_sheet();
        } else if self.pane.selection != Selection::None {
            self.select(Selection::None);
        } else if self.said.alert.is_some() {
            self.said.alert = None;
        }
    }

    /// A toast that the screen reader announces too.
    pub(super) fn remark(&mut self, ctx: &Context<Self>, said: &str) {
        self.said.announcer.at_once(said.into());
        self.toast(ctx, said.into());
    }

    /// A toast without an announcement: another sentence is announced instead.
    pub(super) fn toast(&mut self, ctx: &Context<Self>, said: String) {
        self.toast_with(ctx, said, false);
    }

    /// A toast; `fork`: it is about another run and offers what to do with it.
    #[inline(never)]
    pub(super) fn toast_with(&mut self, ctx: &Context<Self>, said: String, fork: bool) {
        self.said.toast = (self.said.toast.0 + 1, Some(Toast { said, fork }));
        let number = self.said.toast.0;
        let link = ctx.link().clone();
        Timeout::new(TOAST_MS, move || link.send_message(Msg::ToastOver(number))).forget();
    }
}
