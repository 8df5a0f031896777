//! A history from a file: read at once, judged in slices between pictures, the ladder in a worker.

use faultline_sim::judge::files::{self, FileFormat};
use faultline_sim::judge::{Kept, Level, Operations, ladder};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::Histories;
use super::board::{Around, Board};
use crate::app::{App, Msg, WorkOf};
use crate::browser;
use crate::text::history as words;
use crate::ui::Act;
use crate::ui::history::{Deed, Fault, Sheet};
use crate::worker::{Answer, Judging, News, Request, Stand, Task};

/// The page judges for so long, in milliseconds, before it draws again.
const SLICE_MS: f64 = 10.0;
/// Steps between two looks at the clock.
const TURN: u64 = 4_000;
/// Steps of the first search for an order.
const FIRST: u64 = 2_000_000;

/// An open file.
pub(super) struct File {
    text: String,
    board: Board,
    about: String,
    wrong: Option<String>,
    faults: Vec<(u32, u64, Fault)>,
    now: u64,
    /// Steps that are left for the search for an order.
    left: u64,
    next: Option<Timeout>,
    task: Option<Task>,
}

impl File {
    fn new(text: String, format: FileFormat) -> Self {
        let read = files::read(&text, format, None);
        let (history, faults, wrong) = match read {
            Ok(read) => (read.history, read.faults, None),
            Err(error) => {
                let nothing = Operations::new(faultline_sim::judge::Model::STORE);
                (nothing, Vec::new(), Some(words::unread(&error)))
            }
        };
        let mut keys: Vec<_> = history.iter().map(|op| op.key.clone()).collect();
        keys.sort_unstable();
        keys.dedup();
        let ends = history.iter().filter_map(|op| op.end.as_ref());
        let begins = history.iter().map(|op| op.began.0);
        let now = ends.map(|end| end.at.0).chain(begins).max();
        let times = times(&history);
        let fault = |(place, told): (u32, String)| {
            let time = times.get(place as usize).copied();
            let word = told.clone();
            let breaks = true;
            let fault = Fault { word, told, breaks };
            (place, time.or(now).unwrap_or_default(), fault)
        };
        Self {
            about: words::of_file(format, &history, keys.len()),
            faults: faults.into_iter().map(fault).collect(),
            board: Board::new(&history),
            text,
            wrong,
            now: now.unwrap_or_default(),
            left: FIRST,
            next: None,
            task: None,
        }
    }

    pub(super) fn act(&mut self, ctx: &Context<App>, deed: Deed) -> Option<String> {
        let said = match deed {
            Deed::Open => None,
            Deed::GoOn if !self.board.searching => {
                self.board.steps = self.board.steps.saturating_mul(10);
                self.left = self.board.steps.max(FIRST);
                self.search(ctx);
                None
            }
            Deed::GoOn => None,
            deed => self.board.act(deed),
        };
        self.tell();
        said
    }

    fn tell(&mut self) {
        self.board.tell(&Around {
            now: self.now,
            faults: &self.faults,
            judge: None,
        });
    }

    /// Begins or continues the search.
    fn search(&mut self, ctx: &Context<App>) {
        self.board.searching = true;
        self.slice_soon(ctx);
    }

    fn slice_soon(&mut self, ctx: &Context<App>) {
        let link = ctx.link().clone();
        let next = move || link.send_message(Msg::Act(Act::History(Deed::Slice)));
        self.next = Some(Timeout::new(0, next));
    }

    /// Judges on for a moment; then the next slice, or the ladder.
    fn slice(&mut self, ctx: &Context<App>) {
        let began = browser::clock_ms();
        let mut over = false;
        while !over && browser::clock_ms() - began < SLICE_MS {
            let mut turn = TURN.min(self.left);
            let whole = turn;
            over = self.board.judged.advance(&mut turn);
            self.left -= whole - turn;
            over |= self.left == 0 || turn == whole;
        }
        self.board.choose_key();
        if over {
            self.climb(ctx);
        } else {
            self.slice_soon(ctx);
        }
        self.tell();
    }

    fn climb(&mut self, ctx: &Context<App>) {
        let tell = ctx.link().callback(|news| Msg::Work(WorkOf::History, news));
        let judging = Judging {
            text: self.text.clone(),
            steps: self.board.steps,
        };
        self.task = Some(Task::begin(Request::Judge(judging), tell));
    }

    /// The ladder arrives; a sentence about it.
    fn hear(&mut self, news: News) -> Option<String> {
        match news {
            News::Answers(answers) => {
                for answer in answers {
                    if let Answer::Ladder(stands) = answer {
                        let ladder = self.ladder(stands);
                        self.board.judged.take_ladder(ladder);
                    }
                }
                self.tell();
                return None;
            }
            News::InPage => return None,
            News::Done | News::Failed(_) => {}
        }
        self.task = None;
        self.board.searching = false;
        self.board.choose_key();
        self.tell();
        Some(words::strongest(&self.board.judged.rungs()))
    }

    /// The ladder as the worker tells it. Why a promise is not judged depends on no search.
    fn ladder(&self, stands: Vec<Stand>) -> [(Level, Kept); 5] {
        let mut rungs = ladder(self.board.judged.history(), &mut 0);
        for ((_, kept), stand) in rungs.iter_mut().zip(stands) {
            match stand {
                Stand::Holds => *kept = Kept::Holds,
                Stand::Broken(conflict) => *kept = Kept::Broken(conflict.into()),
                Stand::Undecided => *kept = Kept::Undecided,
                Stand::NotJudged => {}
            }
        }
        rungs
    }
}

/// The instant of each place of a history.
fn times(history: &Operations) -> Vec<u64> {
    let mut times = vec![0; history.places() as usize];
    for op in history.iter() {
        times[op.invoked as usize] = op.began.0;
        if let Some(end) = &op.end {
            times[end.place as usize] = end.at.0;
        }
    }
    times
}

impl App {
    /// Shows a history instead of the run, or why it cannot be read.
    #[inline(never)]
    pub(in crate::app) fn read_history(
        &mut self,
        ctx: &Context<Self>,
        text: &str,
        format: FileFormat,
    ) {
        self.play(false);
        self.close_log();
        self.sharing.shared = None;
        self.sharing.wrong = None;
        self.showing.help = false;
        let mut file = File::new(text.to_owned(), format);
        if file.wrong.is_none() {
            file.search(ctx);
            self.said.announcer.at_once(file.about.clone());
        }
        file.tell();
        let nothing = Operations::new(faultline_sim::judge::Model::STORE);
        let histories = self
            .history
            .get_or_insert_with(|| Box::new(Histories::new(&nothing)));
        histories.file = Some(file);
    }

    /// Whether a history from a file is open.
    pub(in crate::app) fn reads_history(&self) -> bool {
        self.history.as_ref().is_some_and(|own| own.file.is_some())
    }

    pub(in crate::app) fn close_history(&mut self) {
        if let Some(histories) = &mut self.history
            && histories.file.take().is_some()
        {
            browser::focus("[aria-label='Share']");
        }
    }

    pub(in crate::app) fn history_slice(&mut self, ctx: &Context<Self>) {
        if let Some(file) = self.history.as_mut().and_then(|own| own.file.as_mut()) {
            file.slice(ctx);
        }
    }

    /// News of the ladder of a file; true if the page shows them.
    pub(in crate::app) fn hear_history(&mut self, news: News) -> bool {
        let file = self.history.as_mut().and_then(|own| own.file.as_mut());
        let Some(file) = file.filter(|file| file.task.is_some()) else {
            return false;
        };
        if let Some(said) = file.hear(news) {
            self.said.announcer.at_once(said);
        }
        true
    }

    #[inline(never)]
    pub(in crate::app) fn history_sheet(&self, on_act: &Callback<Act>) -> Html {
        let Some(file) = self.history.as_ref().and_then(|own| own.file.as_ref()) else {
            return Html::default();
        };
        html! {
            <Sheet shown={file.board.shown.clone()} about={file.about.clone()}
                wrong={file.wrong.clone().map(AttrValue::from)} on_act={on_act.clone()} />
        }
    }
}
