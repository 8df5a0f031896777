//! What is open beside and over the stage, the theme, and what the page tells the person.

use faultline_sim::standing::Form;
use gloo_timers::callback::Timeout;
use yew::Context;

use super::{App, Msg, TOAST_MS, Toast};
use crate::browser;
use crate::storage;
use crate::text;
use crate::theme::Theme;
use crate::ui::act::ViewAct;
use crate::ui::{Mode, Selection};

/// How long an action's words stay in the projector theme.
const ACTION_MS: u32 = 4_000;

impl App {
    pub(super) fn view_act(&mut self, ctx: &Context<Self>, act: ViewAct) {
        match act {
            ViewAct::Tab(tab) => {
                self.showing.tab = tab;
                self.showing.side = true;
                self.looked_elsewhere();
                self.refresh_panels();
            }
            ViewAct::Panels(open) => self.open_side(open),
            ViewAct::Library(open) => {
                self.showing.library = open;
                if open {
                    self.open_library(ctx);
                }
            }
            ViewAct::Find(open) => self.find(ctx, open),
            ViewAct::Help(open) => {
                self.showing.help = open;
                if !open {
                    browser::focus("[aria-label='Help']");
                }
            }
            ViewAct::Naming(open) => self.name_parts(open),
            ViewAct::Theme(theme) => self.paint(theme),
            ViewAct::Form(form) => self.stand(form),
            ViewAct::Forget => {
                storage::forget();
                self.remark(ctx, text::FORGOTTEN);
            }
            ViewAct::Letters(on) => {
                self.look.letters = on;
                storage::set_letters(on);
            }
            ViewAct::Dismiss => self.said.alert = None,
            ViewAct::Escape => self.escape(ctx),
        }
    }

    /// The nodes of the active run take other places.
    fn stand(&mut self, form: Option<Form>) {
        self.pane.form = form;
        self.fit();
        self.show_flight(true);
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

    pub(super) fn open_side(&mut self, open: bool) {
        self.showing.side = open;
        self.showing.side_was_opened |= open;
        self.refresh_panels();
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
    fn escape(&mut self, ctx: &Context<Self>) {
        if self.is_finding() {
            self.find(ctx, false);
        } else if self.escape_course() {
        } else if self.showing.help {
            self.showing.help = false;
            browser::focus("[aria-label='Help']");
        } else if self.reads_history() {
            self.close_history();
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
