//! The question that a run is being asked: when it is decided, and what the run says then.

use faultline_protocols::CATALOGUE;
use faultline_sim::event::Record;
use faultline_sim::question::{Found, Question, Settled, Used, Watch, settle};
use faultline_sim::time::Time;

use super::{Engine, MOST_AT_ONCE};

/// A question and its watch over this run.
pub(super) struct Inquiry {
    question: Question,
    watch: Watch,
    /// How far the watch has seen the run.
    moves: u64,
    settled: Option<Settled>,
    /// It has just been asked, or decided.
    news: bool,
}

impl Engine {
    /// Asks this run a question, or none any more.
    pub fn ask(&mut self, question: Option<&Question>) {
        self.inquiry = question.map(|question| Inquiry {
            question: question.clone(),
            watch: Watch::new(question),
            moves: u64::MAX,
            settled: None,
            news: false,
        });
        self.listen();
    }

    /// Where the question was decided, and what the run said.
    pub fn settled(&self) -> Option<&Settled> {
        self.inquiry.as_ref()?.settled.as_ref()
    }

    /// Whether the instant has come from which the question makes sense.
    pub fn is_asked(&self) -> bool {
        let inquiry = self.inquiry.as_ref();
        inquiry.is_some_and(|inquiry| inquiry.watch.is_asked())
    }

    /// Whether it has just been asked or decided, so that time has stopped; a second call says no.
    pub fn take_asked(&mut self) -> bool {
        let inquiry = self.inquiry.as_mut();
        inquiry.is_some_and(|inquiry| std::mem::take(&mut inquiry.news))
    }

    pub(super) fn has_news(&self) -> bool {
        self.inquiry.as_ref().is_some_and(|inquiry| inquiry.news)
    }

    /// Whether a question is open.
    pub(super) fn is_inquired(&self) -> bool {
        let inquiry = self.inquiry.as_ref();
        inquiry.is_some_and(|inquiry| inquiry.settled.is_none())
    }

    /// The next instant at which it may be decided although nothing happens.
    #[inline(never)]
    pub(super) fn due_answer(&self) -> Option<Time> {
        let inquiry = self.inquiry.as_ref()?;
        let open = inquiry.settled.is_none();
        let due = inquiry.watch.due().filter(|_| open)?;
        (due > self.timeline.now()).then_some(due)
    }

    /// Shows the watch what has happened since a record; true if the question was asked or decided by it.
    #[inline(never)]
    pub(super) fn hears(&mut self, from: u64) -> bool {
        let Some(inquiry) = self.inquiry.as_mut().filter(|it| it.settled.is_none()) else {
            return false;
        };
        let fresh: Vec<Record> = self.timeline.trace().from(from + 1).cloned().collect();
        let asked = inquiry.watch.is_asked();
        let world = self.timeline.world();
        inquiry.moves = self.timeline.moves();
        let decided = inquiry.watch.look(world, &fresh);
        if decided {
            inquiry.settled = Some(inquiry.watch.settled(world, inquiry.moves));
        }
        inquiry.news = decided || inquiry.watch.is_asked() != asked;
        inquiry.news
    }

    /// After a leap or a change: looks at the run from its beginning.
    pub fn listen(&mut self) {
        if self.inquiry.is_some() {
            self.listen_again();
        }
    }

    #[inline(never)]
    fn listen_again(&mut self) {
        let moves = self.timeline.moves();
        let Some(inquiry) = self.inquiry.as_mut() else {
            return;
        };
        // What was reached with too many faults may be undone.
        let final_word = inquiry.settled.is_some() && !inquiry.question.is_goal();
        if final_word || inquiry.moves == moves {
            return;
        }
        let mut setup = self.timeline.setup().clone();
        setup.commands = self.timeline.commands();
        inquiry.watch = Watch::new(&inquiry.question);
        let most = moves.min(MOST_AT_ONCE);
        let replayed = inquiry.watch.replay(&setup, most, self.timeline.now());
        inquiry.settled = replayed.ok().flatten();
        inquiry.moves = moves;
        inquiry.news = false;
    }

    /// What a person has used: faults, requests, other settings.
    #[inline(never)]
    pub fn used(&self) -> Used {
        let commands = self.timeline.commands();
        let used = Used::of(CATALOGUE, self.timeline.setup(), &commands);
        // Each run that stands here has been set up once.
        used.unwrap_or_default()
    }

    /// What the run as it is will say, for who teaches.
    pub fn foretold(&self, question: &Question) -> Option<Found> {
        let mut setup = self.timeline.setup().clone();
        setup.commands = self.timeline.commands();
        let settled = settle(&setup, question, setup.until()).ok()??;
        Some(settled.found)
    }
}

#[cfg(test)]
mod tests {
    use faultline_protocols::{CATALOGUE, questions};
    use faultline_sim::descriptor::Recipe;
    use faultline_sim::question::settle;
    use faultline_sim::time::Time;

    use super::*;

    /// Runs of so many events are enough.
    const MOST: u64 = 40_000;

    #[test]
    fn the_page_stops_where_the_command_line_says() {
        let mut stopped = 0;
        for protocol in CATALOGUE.0 {
            for question in questions(protocol).expect("good questions") {
                let of_many = question.is_of_many();
                if of_many || !question.does.is_empty() {
                    continue;
                }
                let name = format!("{}/{}", protocol.id, question.scenario);
                let recipe = Recipe::new(&name, 1);
                let setup = CATALOGUE.setup(&recipe).expect("a run");
                let end = setup.until();
                let wanted = settle(&setup, &question, end).expect("a run");
                let Some(wanted) = wanted.filter(|wanted| wanted.moves < MOST) else {
                    continue;
                };
                let mut run = Engine::open(&recipe, Some(Time::ZERO)).expect("a run");
                run.ask(Some(&question));
                for _ in 0..MOST {
                    if run.settled().is_some() || run.run_to_stop(end, 500) {
                        break;
                    }
                    run.take_asked();
                }
                let name = format!("{name}: {}", question.id);
                assert_eq!(run.settled(), Some(&wanted), "{name}");
                // A leap to the same place says the same.
                let mut leapt =
                    Engine::open(&recipe, Some(Time(wanted.time.0 + 1))).expect("a run");
                leapt.ask(Some(&question));
                let found = leapt.settled().map(|settled| &settled.found);
                assert_eq!(found, Some(&wanted.found), "{name}");
                stopped += 1;
            }
        }
        assert!(stopped > 60, "{stopped}");
    }
}
