//! The course: lessons beside the run, and a person's way through them. Nothing of it is needed before a
//! person asks for it, so all of it is made then.

mod challenges;
mod sheet;
mod steps;
mod texts;

use std::rc::Rc;

use faultline_sim::lesson::{Lesson, Step};
use faultline_sim::sorted::SortedMap;
use yew::prelude::*;

use super::App;
use crate::address::step_address;
use crate::browser::{self, Meanings};
use crate::progress::Progress;
use crate::storage;
use crate::text::course as words;
use crate::text::labsheet::Sheet;
use crate::ui::act::{RunAct, ViewAct};
use crate::ui::course::Deed;
use crate::ui::course::labsheet::LabSheet;
use crate::ui::course::learn::Learn;
use crate::ui::course::links::Links;
use crate::ui::{Act, Same, Tab};
pub(super) use texts::Fetched;

/// What the page holds of the course, once it is needed.
#[derive(Default)]
pub(super) struct Course {
    lessons: Same<Vec<Rc<Lesson>>>,
    asked_for: bool,
    missing: bool,
    progress: Same<Progress>,
    open: Option<Place>,
    list: bool,
    /// The list of challenges is open.
    challenges: bool,
    links: bool,
    /// The lab sheet, while it is open.
    sheet: Option<Same<Sheet>>,
    /// A lesson to open once they are here, with its step.
    wanted: Option<(String, Option<usize>)>,
    /// The run goes on; only the lesson comes back.
    resumes: bool,
    /// Pictures of answers, by lesson, step and question.
    pictures: SortedMap<(String, usize, String), String>,
    /// An answer whose picture is taken after the next render.
    to_picture: Option<(String, usize, String)>,
    meanings: Option<Meanings>,
}

/// Where a person is in a lesson.
struct Place {
    lesson: Rc<Lesson>,
    at: usize,
    /// The line of the teacher's script.
    line: usize,
}

impl Place {
    fn step(&self) -> &Step {
        &self.lesson.steps[self.at]
    }

    /// The scenario that belongs on the stage.
    fn scenario(&self) -> &str {
        opened_by(&self.lesson.steps[..=self.at]).0
    }
}

/// The scenario on the stage after these steps, and the settings that it opens with.
fn opened_by(steps: &[Step]) -> (&str, &[(String, String)]) {
    let opens = |step: &Step| step.scenario.is_some();
    let step = steps.iter().rev().find(|step| opens(step));
    let step = step.map(|step| {
        (
            step.scenario.as_deref().unwrap_or_default(),
            &step.settings[..],
        )
    });
    step.unwrap_or_default()
}

impl Course {
    fn remember(&mut self) {
        storage::set_course(&self.progress.0);
    }

    fn progress(&mut self) -> &mut Progress {
        Rc::make_mut(&mut self.progress.0)
    }

    /// The lesson of the open place, or where answers outside lessons are kept.
    fn here(&self) -> (String, usize) {
        let open = self.open.as_ref();
        open.map_or_else(Default::default, |open| (open.lesson.id.clone(), open.at))
    }
}

impl App {
    /// The course, made when it is first needed.
    fn course(&mut self) -> &mut Course {
        self.course.get_or_insert_with(|| {
            Box::new(Course {
                progress: Same(Rc::new(storage::course())),
                ..Course::default()
            })
        })
    }

    fn place(&self) -> Option<&Place> {
        self.course.as_ref()?.open.as_ref()
    }

    /// Whether a lesson is open.
    pub(super) fn in_lesson(&self) -> bool {
        self.place().is_some()
    }

    /// Whether the list of lessons, the sheet or the links are open.
    pub(super) fn course_blocks(&self) -> bool {
        let course = self.course.as_ref();
        course.is_some_and(|course| course.sheet.is_some() || course.links)
    }

    /// Whether the list of lessons or that of challenges is open.
    pub(super) fn lists_lessons(&self) -> bool {
        let course = self.course.as_ref();
        course.is_some_and(|course| course.list || course.challenges)
    }

    /// Whether the present step asks something of the run on the stage.
    pub(super) fn lesson_asks(&self) -> bool {
        self.course.is_some() && self.step_question().flatten().is_some()
    }

    /// The question of the present step, if a lesson is open and the stage shows the step's run.
    pub(super) fn step_question(&self) -> Option<Option<String>> {
        let place = self.place().filter(|_| !self.is_away())?;
        Some(place.step().question.clone())
    }

    /// Whether the stage shows another scenario than the step's.
    fn is_away(&self) -> bool {
        let Some(place) = self.place() else {
            return false;
        };
        let here = self.pane.engine.borrow().recipe().scenario;
        place.scenario() != here
    }

    #[inline(never)]
    pub(super) fn learn_act(&mut self, ctx: &Context<Self>, deed: Deed) {
        match deed {
            Deed::List(open) => self.list_lessons(ctx, open),
            Deed::Challenges(open) => self.list_challenges(ctx, open),
            Deed::Challenge(name) => self.want_challenge(ctx, name, false),
            Deed::Open(id) => {
                self.course().list = false;
                self.want_lesson(ctx, id, None);
            }
            Deed::Go(at) => self.enter_step(ctx, at),
            Deed::Turn(by) => self.turn_script(ctx, by),
            Deed::Leave => self.leave_lesson(),
            Deed::Return => {
                if let Some(place) = self.place() {
                    let at = place.at;
                    self.enter_step(ctx, at);
                }
            }
            Deed::Set(name, value) => self.set_in_step(ctx, name, value),
            Deed::Write(step, text) => {
                let lesson = self.course().here().0;
                let notes = &mut self.course().progress().way(&lesson).notes;
                notes.insert(step.to_string(), text);
                self.course().remember();
            }
            Deed::Path(path) => {
                self.course().progress().path = path;
                self.course().remember();
            }
            Deed::Goal(goal) => {
                self.course().progress().goal = goal;
                self.course().remember();
            }
            Deed::Links(open) => {
                self.course().links = open;
                self.play(false);
            }
            Deed::Clear => {
                let course = self.course();
                course.progress = Same::default();
                course.pictures.clear();
                storage::forget_course();
                self.remark(ctx, words::CLEARED);
            }
            Deed::Retry => {
                self.course().asked_for = false;
                self.fetch_lessons(ctx);
            }
            other => self.sheet_act(ctx, other),
        }
    }

    /// The lessons, if they are here.
    pub(super) fn lessons(&self) -> Same<Vec<Rc<Lesson>>> {
        let course = self.course.as_ref();
        course
            .map(|course| course.lessons.clone())
            .unwrap_or_default()
    }

    /// The easiest lesson that uses a scenario says its level.
    pub(super) fn levels(&self) -> SortedMap<String, u32> {
        let mut levels = SortedMap::new();
        for lesson in self.lessons().iter() {
            for name in lesson
                .steps
                .iter()
                .filter_map(|step| step.scenario.as_ref())
            {
                let level = levels.entry(name.clone()).or_insert(lesson.level);
                *level = lesson.level.min(*level);
            }
        }
        levels
    }

    fn list_lessons(&mut self, ctx: &Context<Self>, open: bool) {
        let course = self.course();
        (course.list, course.challenges) = (open, false);
        if open {
            self.showing.library = false;
            self.fetch_lessons(ctx);
        } else {
            browser::focus("[aria-label='Learn']");
        }
    }

    pub(super) fn close_list(&mut self) {
        if let Some(course) = &mut self.course {
            (course.list, course.challenges) = (false, false);
        }
    }

    fn leave_lesson(&mut self) {
        self.course().open = None;
        self.course().progress().last = None;
        storage::set_lesson_of_tab("");
        self.course().remember();
        self.ask_here(false);
        if self.showing.tab == Tab::Lesson {
            self.showing.tab = Tab::Question;
        }
    }

    /// Closes what the course has open over the page; false if nothing was.
    pub(super) fn escape_course(&mut self) -> bool {
        let Some(course) = &mut self.course else {
            return false;
        };
        if course.sheet.take().is_some() || std::mem::take(&mut course.links) {
            self.focus.panel = true;
            return true;
        }
        let lessons = std::mem::take(&mut course.list);
        let listed = std::mem::take(&mut course.challenges) || lessons;
        if listed {
            browser::focus("[aria-label='Learn']");
        }
        listed
    }

    /// The links of the open lesson, one a step.
    fn step_links(&self, place: &Place) -> Vec<(String, String)> {
        let base = browser::base();
        let link = |(at, step): (usize, &Step)| {
            let address = step_address(&base, &place.lesson.id, at, false);
            (format!("{}. {}", at + 1, step.title), address)
        };
        place.lesson.steps.iter().enumerate().map(link).collect()
    }

    /// What the course shows over the page.
    #[inline(never)]
    pub(super) fn course_over(&self, on_act: &Callback<Act>) -> Html {
        let Some(course) = &self.course else {
            return Html::default();
        };
        html! {
            <>
                if course.list {
                    <Learn lessons={course.lessons.clone()} missing={course.missing} progress={course.progress.clone()}
                        current={course.open.as_ref().map(|open| open.lesson.id.clone())}
                        teaching={self.look.teaching} on_act={on_act.clone()} />
                }
                if course.challenges { { self.challenge_list(on_act) } }
                if let Some(sheet) = &course.sheet {
                    <LabSheet sheet={sheet.clone()} on_act={on_act.clone()} />
                }
                if let (true, Some(place)) = (course.links, &course.open) {
                    <Links title={place.lesson.title.clone()} links={self.step_links(place)} on_act={on_act.clone()} />
                }
            </>
        }
    }

    /// A comparison and a library that a lesson does not need are closed.
    fn clear_for_step(&mut self, ctx: &Context<Self>) {
        if self.other.is_some() {
            self.close_compare();
        }
        self.view_act(ctx, ViewAct::Library(false));
        self.showing.help = false;
    }

    /// Opens what a step asks for.
    fn open_for_step(
        &mut self,
        ctx: &Context<Self>,
        scenario: &str,
        settings: &[(String, String)],
    ) {
        if settings.is_empty() {
            self.run_act(ctx, RunAct::Open(scenario.to_owned()));
        } else {
            let recipe = self.recipe_with(scenario, settings);
            self.visit(|app| {
                app.open(
                    crate::engine::Engine::open(&recipe, None),
                    super::visits::Start::Own,
                )
            });
        }
    }
}
