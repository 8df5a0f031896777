//! The list of challenges, and what the person has reached in them.

use std::rc::Rc;

use faultline_sim::question::Question;
use yew::prelude::*;

use super::super::App;
use crate::app::asking::name_of;
use crate::browser;
use crate::progress::Best;
use crate::ui::course::challenges::{Challenges, Entry};
use crate::ui::{Act, Same};

impl App {
    /// The person's best in a challenge.
    pub(in crate::app) fn best(&self, name: &str) -> Option<Best> {
        self.course.as_ref()?.progress.challenges.get(name).copied()
    }

    /// Keeps what is better than before.
    pub(in crate::app) fn keep_best(&mut self, name: &str, best: Best) {
        let all = &mut self.course().progress().challenges;
        let mut kept = all.get(name).copied().unwrap_or_default();
        kept.keep(best);
        all.insert(name.to_owned(), kept);
        self.course().remember();
    }

    /// Opens or closes the list.
    pub(super) fn list_challenges(&mut self, ctx: &Context<Self>, open: bool) {
        let course = self.course();
        (course.challenges, course.list) = (open, false);
        if open {
            self.showing.library = false;
            self.fetch_questions(ctx);
        } else {
            browser::focus("[aria-label='Learn']");
        }
    }

    /// A challenge opens: lists and a lesson close.
    pub(in crate::app) fn leave_for_challenge(&mut self, ctx: &Context<Self>) {
        self.clear_for_step(ctx);
        self.close_list();
        if self.in_lesson() {
            self.leave_lesson();
        }
    }

    /// A challenge that the address names. `?challenge=raft/two-at-once`
    pub(super) fn begin_challenge(&mut self, ctx: &Context<Self>) {
        if let Some(name) = browser::query("challenge") {
            let name = browser::decoded(&name);
            self.want_challenge(ctx, name, browser::visit().is_some());
        }
    }

    /// All challenges with the person's best.
    pub(in crate::app) fn challenges(&self) -> Vec<Entry> {
        let goals = self.goals().into_iter();
        let entry = |(protocol, goal): (String, Rc<Question>)| {
            let name = name_of(&protocol, &goal);
            let best = self.best(&name);
            Entry {
                name,
                protocol,
                goal,
                best,
            }
        };
        goals.map(entry).collect()
    }

    /// The list over the page.
    pub(super) fn challenge_list(&self, on_act: &Callback<Act>) -> Html {
        let entries = Same(Rc::new(self.challenges()));
        html! {
            <Challenges missing={self.are_questions_here()} {entries} on_act={on_act.clone()} />
        }
    }
}
