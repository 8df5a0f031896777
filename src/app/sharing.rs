//! Links and files: they store the view of the page, and runs come in by address, paste, drop or file.

use faultline_sim::judge::files::recognise;
use faultline_sim::link::{Link, Partner};
use faultline_sim::network::Address;
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedMap;
use faultline_sim::standing::Form;
use std::rc::Rc;
use yew::Context;

use super::App;
use super::visits::{self, Start};
use crate::browser;
use crate::engine::{Arrival, Engine, OpenedText};
use crate::text;
use crate::ui::share::Shared;
use crate::ui::{Selection, Tab};

/// The parts of the view in a link. Existing links use these words, so they must never change.
const PANELS: &str = "panels";
const TAB: &str = "tab";
const PICKED: &str = "picked";
const SPEED: &str = "speed";
const FORM: &str = "form";
const STEP: &str = "step";

impl App {
    /// The view of the run, without the theme.
    pub(super) fn view_words(&self) -> SortedMap<String, String> {
        let mut look = SortedMap::new();
        let mut put = |word: &str, value: String| drop(look.insert(word.to_owned(), value));
        if self.showing.side {
            put(PANELS, "open".into());
        }
        if self.showing.tab != Tab::Inspect {
            put(TAB, self.showing.tab.word().to_lowercase());
        }
        let picked = match self.pane.selection {
            Selection::None => None,
            Selection::Node(id) => Some(id.to_string()),
            Selection::Link(a, b) => Some(format!("{a}-{b}")),
            Selection::Message(address) => Some(address.to_string()),
            Selection::Record(seq) => Some(format!("record {seq}")),
        };
        if let Some(picked) = picked {
            put(PICKED, picked);
        }
        if let Some(step) = self.step_word() {
            put(STEP, step);
        }
        if let Some(form) = self.pane.form {
            put(FORM, form.word().into());
        }
        if (self.motion.speed - 1.0).abs() > f64::EPSILON {
            put(SPEED, self.motion.speed.to_string());
        }
        look
    }

    /// Restores the view of a link. Words that this version does not know are ignored.
    #[inline(never)]
    pub(super) fn restore(&mut self, look: &SortedMap<String, String>) {
        if look.is_empty() {
            return;
        }
        let word = |word: &str| look.get(word).map(String::as_str);
        self.showing.side = word(PANELS) == Some("open");
        self.showing.side_was_opened |= self.showing.side;
        let named = |tab: &Tab| word(TAB) == Some(&tab.word().to_lowercase());
        self.showing.tab = Tab::ALL.into_iter().find(named).unwrap_or(Tab::Inspect);
        if let Some(speed) = word(SPEED).and_then(|speed| speed.parse::<f64>().ok()) {
            let notch = crate::ui::transport::notch(speed);
            let (slowest, fastest) = (crate::ui::transport::SLOWEST, crate::ui::transport::FASTEST);
            self.motion.speed = crate::ui::transport::factor(notch.clamp(slowest, fastest));
        }
        if let Some(step) = word(STEP) {
            self.return_to_step(step);
        }
        self.pane.form = word(FORM).and_then(Form::named);
        self.fit();
        let picked = word(PICKED).and_then(selection).unwrap_or_default();
        if let Selection::Record(seq) = picked {
            self.pane.event = self.pane.engine.borrow_mut().event_detail(seq).map(Rc::new);
        }
        self.select(picked);
        self.refresh_panels();
    }

    /// Replaces the active run with an incoming one. Time continues as its link says, unless the caller
    /// decides.
    pub(super) fn arrive(
        &mut self,
        ctx: &Context<Self>,
        arrival: Result<Arrival, String>,
        start: Option<Start>,
    ) -> bool {
        let arrival = match arrival {
            Ok(arrival) => arrival,
            Err(why) => {
                self.said.alert = Some(text::capital(&why));
                return false;
            }
        };
        let own = if visits::asks_for_pause(&arrival.look) {
            Start::Paused
        } else {
            Start::Own
        };
        // The view is exactly the link's: nothing from before stays open.
        let fresh = arrival.look.is_empty() && arrival.engine.is_fresh() && start.is_none();
        self.close_compare();
        let opened = self.open(Ok(arrival.engine), start.unwrap_or(own));
        self.restore(&arrival.look);
        self.said.alert = arrival.remark;
        if opened && fresh {
            self.show_view();
        }
        self.join(ctx, arrival.partner);
        opened
    }

    /// Opens the other run of a link, if it has one.
    pub(super) fn join(&mut self, ctx: &Context<Self>, partner: Option<Partner>) {
        let Some(partner) = partner else {
            return;
        };
        self.mirror = partner.mirror;
        if let Err(why) = self.compare_with(ctx, &partner.recipe) {
            self.said.alert = Some(text::capital(&why));
        }
    }

    /// Handles a pasted, dropped or chosen text. An error appears in the sheet if it is open.
    pub(super) fn open_text(&mut self, ctx: &Context<Self>, text: &str) {
        if let Some(format) = recognise(text) {
            return self.read_history(ctx, text, format);
        }
        self.close_history();
        let arrival = match Engine::open_text(text) {
            Ok(OpenedText::Log(log)) => return self.read_log(log),
            Ok(OpenedText::Run(arrival)) => Ok(*arrival),
            Err(why) => Err(why),
        };
        self.reading = None;
        match (arrival, &mut self.sharing.shared) {
            (Err(why), Some(_)) => self.sharing.wrong = Some(text::capital(&why)),
            (arrival, _) => {
                let arrived = arrival.is_ok();
                let closed = arrived && self.sharing.shared.is_some();
                self.visit(|app| app.arrive(ctx, arrival, None));
                if closed {
                    // The run that came in has its own start.
                    self.sharing.was_playing = false;
                    self.close_share();
                }
            }
        }
    }

    /// The same for a file that may be unreadable.
    #[inline(never)]
    pub(super) fn take_text(&mut self, ctx: &Context<Self>, text: browser::Read) {
        match text {
            Ok(text) => self.open_text(ctx, &text),
            Err(why) if self.sharing.shared.is_some() => self.sharing.wrong = Some(why.into()),
            Err(why) => self.said.alert = Some(why.into()),
        }
    }

    /// The text of a link to this run at this instant.
    pub(super) fn fragment(&self) -> String {
        self.link().encode()
    }

    /// The active run with its view, and the other run.
    fn link(&self) -> Link {
        let beside = self.other.as_deref();
        Link {
            partner: beside.map(|other| partner(&other.engine.borrow(), self.mirror)),
            ..self.pane.engine.borrow().link(self.view_words())
        }
    }

    pub(super) fn copy_link(&mut self, ctx: &Context<Self>) {
        let link = self.link();
        let link = Link {
            look: visits::paused(link.look.clone()),
            ..link
        };
        let said = if browser::copy_link(&link.encode()) {
            text::LINK_COPIED
        } else {
            text::LINK_NOT_COPIED
        };
        self.remark(ctx, said);
    }

    pub(super) fn copy(&mut self, ctx: &Context<Self>, words: &str) {
        let said = if browser::copy(words) {
            text::share::COPIED
        } else {
            text::share::NOT_COPIED
        };
        self.remark(ctx, said);
    }

    /// Pauses while a run is shared, so that the person shares what is visible; then time goes on as
    /// before.
    pub(super) fn share(&mut self, open: bool) {
        if !open {
            return self.close_share();
        }
        self.sharing.was_playing = self.motion.playing;
        self.play(false);
        self.showing.help = false;
        self.showing.library = false;
        self.showing.sheet = None;
        self.showing.chooser = false;
        self.sharing.wrong = None;
        let engine = self.pane.engine.borrow();
        let link = self.link();
        self.sharing.shared = Some(Shared {
            base: browser::base().into(),
            fragment: link.encode().into(),
            title: format!("{} · {}", engine.scenario().title, text::NAME).into(),
            name: format!("{}.run", engine.recipe().scenario.replace('/', "-")).into(),
            windowed: self.spacetime_window().is_some(),
        });
    }

    pub(super) fn close_share(&mut self) {
        self.sharing.shared = None;
        self.sharing.wrong = None;
        if std::mem::take(&mut self.sharing.was_playing) {
            self.play(true);
        }
        browser::focus("[aria-label='Share']");
    }

    pub(super) fn save_file(&mut self, ctx: &Context<Self>) {
        let file = self.link().to_file();
        if let Some(shared) = &self.sharing.shared {
            browser::save(&shared.name, &file);
            self.remark(ctx, text::share::SAVED);
        }
    }
}

/// The other run as a link stores it.
pub(super) fn partner(run: &Engine, mirror: bool) -> Partner {
    Partner {
        recipe: run.recipe(),
        mirror,
    }
}

/// Selects what a link selects.
fn selection(words: &str) -> Option<Selection> {
    if let Some(seq) = words.strip_prefix("record ") {
        return seq.parse().ok().map(Selection::Record);
    }
    if words.contains("->") {
        return Address::parse(words).ok().map(Selection::Message);
    }
    match words.split_once('-') {
        Some((a, b)) => {
            let (a, b) = (NodeId::parse(a).ok()?, NodeId::parse(b).ok()?);
            Some(Selection::Link(a, b))
        }
        None => NodeId::parse(words).ok().map(Selection::Node),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_picked_is_read_back() {
        assert_eq!(selection("n3"), Some(Selection::Node(NodeId(3))));
        let link = Selection::Link(NodeId(1), NodeId(2));
        assert_eq!(selection("n1-n2"), Some(link));
        assert_eq!(selection("record 57"), Some(Selection::Record(57)));
        let message = Address::parse("n1->n2#3").unwrap();
        assert_eq!(selection("n1->n2#3"), Some(Selection::Message(message)));
        for wrong in ["", "x", "n0", "n1-", "record", "record -1"] {
            assert_eq!(selection(wrong), None, "{wrong}");
        }
    }
}
