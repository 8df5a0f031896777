//! Questions in a lesson: the present step says which one is asked, if any.

use faultline_sim::question::{Found, Question};

use super::super::App;
use crate::text::asking as words;
use crate::ui::Tab;

impl App {
    /// In a lesson, the question of the step takes the place of the scenario's first one, and a step
    /// without a question asks nothing. True if the step has the say.
    pub(super) fn ask_as_step_says(&mut self) -> bool {
        self.asking.muted = false;
        let Some(question) = self.step_question() else {
            return false;
        };
        self.asking.muted = question.is_none();
        let mut here = self.asking.here.iter();
        let at = here.position(|other| Some(&other.id) == question.as_ref());
        self.asking.at = at.unwrap_or_default();
        true
    }

    /// A step was opened: its question is asked of the run.
    pub(in crate::app) fn ask_for_step(&mut self) {
        self.ask_as_step_says();
        self.put();
        self.stand_for_guess();
        self.pane.engine.borrow_mut().stop_first(None);
    }

    /// The tab with the card: a lesson shows the question of its step itself.
    pub(super) fn card_tab(&self) -> Tab {
        if self.lesson_asks() {
            Tab::Lesson
        } else {
            Tab::Question
        }
    }

    /// What the person guessed, in words.
    pub(in crate::app) fn guess_words(&self, question: &Question) -> Option<String> {
        let guess = self.asking.guess.as_ref()?;
        Some(words::guess(question, guess))
    }

    /// A question is answered: by a guess, a goal, or a measured curve.
    pub(super) fn keep_found(&mut self, question: &Question, found: &Found) {
        if self.asking.guess.is_some() || question.is_goal() {
            self.keep_answer(question, found);
        }
    }
}
