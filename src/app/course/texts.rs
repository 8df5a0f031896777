//! Texts of the course: fetched when a person needs them.

use std::rc::Rc;

use faultline_sim::glossary::Glossary;
use faultline_sim::lesson;
use yew::Context;

use super::super::{App, Msg};
use super::Place;
use crate::browser::{self, Meanings};
use crate::storage;
use crate::ui::{Same, terms};

/// A text beside the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetched {
    Lessons,
    Glossary,
    /// What the search looks through besides titles.
    Words,
}

impl Fetched {
    fn address(self) -> &'static str {
        match self {
            Fetched::Lessons => "texts/lessons.txt",
            Fetched::Glossary => "texts/glossary.txt",
            Fetched::Words => "texts/words.txt",
        }
    }

    /// What the file begins with: some servers answer with their start page where a file is missing.
    fn begins(self) -> &'static str {
        match self {
            Fetched::Lessons => "lesson ",
            Fetched::Glossary => "term ",
            Fetched::Words => "protocol ",
        }
    }
}

impl App {
    /// The page is complete: the glossary comes, and a lesson that the address or the tab names.
    #[inline(never)]
    pub(in crate::app) fn begin_course(&mut self, ctx: &Context<Self>) {
        if self.look.embedded {
            return;
        }
        self.fetch(ctx, Fetched::Glossary);
        self.begin_challenge(ctx);
        let step = browser::query("step").and_then(|step| step.parse::<usize>().ok());
        if let Some(id) = browser::query("lesson").filter(|_| browser::visit().is_none()) {
            let at = Some(step.map_or(0, |step| step.saturating_sub(1)));
            self.want_lesson(ctx, id, at);
        } else if browser::visit().is_some()
            && let Some(id) = storage::lesson_of_tab()
        {
            self.course().resumes = true;
            self.want_lesson(ctx, id, None);
        }
    }

    pub(in crate::app) fn fetch(&self, ctx: &Context<Self>, what: Fetched) {
        let came = ctx.link().callback(move |text| Msg::Fetched(what, text));
        browser::fetch_text(what.address(), came);
    }

    pub(in crate::app) fn fetch_lessons(&mut self, ctx: &Context<Self>) {
        if !std::mem::replace(&mut self.course().asked_for, true) {
            self.course().missing = false;
            self.fetch(ctx, Fetched::Lessons);
        }
    }

    /// Opens a lesson, as soon as the lessons are here.
    pub(in crate::app) fn want_lesson(
        &mut self,
        ctx: &Context<Self>,
        id: String,
        at: Option<usize>,
    ) {
        self.course().wanted = Some((id, at));
        self.fetch_lessons(ctx);
        self.open_wanted(ctx);
    }

    fn open_wanted(&mut self, ctx: &Context<Self>) {
        if self.course().lessons.is_empty() {
            return;
        }
        let Some((id, at)) = self.course().wanted.take() else {
            return;
        };
        let course = self.course();
        let Some(lesson) = course
            .lessons
            .iter()
            .find(|lesson| lesson.id.eq_ignore_ascii_case(&id))
            .cloned()
        else {
            let why = crate::text::course::no_lesson(&id);
            self.said.alert = Some(why);
            return self.learn_act(ctx, crate::ui::course::Deed::List(true));
        };
        let way = course.progress.lessons.get(&lesson.id);
        let last = lesson.steps.len() - 1;
        let at = at.or(way.map(|way| way.step)).unwrap_or(0).min(last);
        course.open = Some(Place {
            lesson,
            at,
            line: 0,
        });
        if std::mem::take(&mut course.resumes) {
            // The run is where the person left it.
            self.ask_for_step();
            self.refresh_panels();
        } else {
            self.enter_step(ctx, at);
        }
    }

    /// A text has come, or did not.
    #[inline(never)]
    pub(in crate::app) fn take_fetched(
        &mut self,
        ctx: &Context<Self>,
        what: Fetched,
        text: Option<String>,
    ) {
        let text = text.filter(|text| text.starts_with(what.begins()));
        match what {
            Fetched::Lessons => {
                let read = text.and_then(|text| lesson::read(&text).ok());
                let course = self.course();
                course.missing = read.is_none();
                course.asked_for = read.is_some();
                let lessons = read.unwrap_or_default();
                course.lessons = Same(Rc::new(lessons.into_iter().map(Rc::new).collect()));
                self.take_levels();
                self.open_wanted(ctx);
            }
            Fetched::Glossary => {
                if let Some(glossary) = text.and_then(|text| Glossary::read(&text).ok()) {
                    terms::learn(glossary);
                    self.course().meanings = Some(Meanings::new(terms::meaning));
                }
            }
            Fetched::Words => self.take_words(text),
        }
    }
}
