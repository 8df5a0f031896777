//! The interface to the simulation: the only part of the page that holds a running system.
//!
//! Requests go in; frames and sentences come out. Real time enters only as the wall time since the last
//! animation frame, and only decides how far to run.

mod asking;
mod costs;
mod detail;
mod diagram;
mod exports;
mod judging;
#[cfg(test)]
mod laws;
mod log;
mod network;
mod pace;
mod pair;
mod program;
mod story;
mod unfold;

use std::rc::Rc;

use faultline_diagram::Index;
use faultline_protocols::{AT_HOME, CATALOGUE, HOME};
use faultline_sim::command::{Command, Timed};
use faultline_sim::cost::Costs;
use faultline_sim::descriptor::{Catalogue, Delivery, Preset, Protocol, Recipe, Scenario, Setup};
use faultline_sim::frame::Frame;
use faultline_sim::kit::Total;
use faultline_sim::link::{Link, Opened, Partner, Work, opened};
use faultline_sim::network::Address;
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use faultline_sim::standing::{self, Stop};
use faultline_sim::time::{Duration, Time};
use faultline_sim::timeline::{Ahead, Applied, Kept, Target, Timeline};

pub use diagram::Reading;
pub use exports::Form;
pub use pace::{Gait, Pacer};
pub use unfold::Unfold;

use crate::moments::{Moment, Spot, Story};
use crate::news::Hearing;
use crate::storage::{self, Saved};
use crate::text::records::{LogRow, Vocabulary};
use crate::views::History;

/// Events per animation frame: enough for a thousand gossiping nodes, few enough to keep the frame
/// rate. A frame that needs more loses time; it does not catch up later.
const FRAME_BUDGET: u64 = 4_000;
/// Events for opening a run at its instant: a link to the end of a long run may take a second or two.
const MOST_AT_ONCE: u64 = 2_000_000;
/// The longest wall time of one animation frame: after the tab was hidden, time does not jump.
const LONGEST_FRAME_MS: f64 = 100.0;

/// One run and its present instant.
pub struct Engine {
    timeline: Timeline,
    /// The rest of the wall time, less than a microsecond of simulator time.
    rest: f64,
    rows: Rc<Vec<LogRow>>,
    rows_up_to: u64,
    diagram: Index,
    story: Story,
    hearing: Hearing,
    /// Counted while somebody looks.
    costs: Option<Box<Costs>>,
    history: Rc<History>,
    stops: Vec<Moment>,
    stopped: Option<Spot>,
    /// Where time stops once, as the scenario says.
    first_stop: Option<Stop>,
    /// Time has just stopped there.
    met: bool,
    /// What the run is being asked.
    inquiry: Option<asking::Inquiry>,
    /// What is worth seeing soon, as far as it is known.
    ahead: Option<Ahead>,
    /// The instant that is shown message by message.
    unfold: Option<Unfold>,
}

/// The content of a link: the run, a remark for the person, and the view.
pub struct Arrival {
    pub engine: Engine,
    pub remark: Option<String>,
    /// The other run of a comparison.
    pub partner: Option<Partner>,
    pub look: SortedMap<String, String>,
}

/// The content of an incoming text.
pub enum OpenedText {
    Run(Box<Arrival>),
    /// The log of another system.
    Log(String),
}

impl OpenedText {
    /// The run, if the text must be one.
    ///
    /// # Errors
    /// A sentence that says what the text is instead.
    pub fn run(self) -> Result<Arrival, String> {
        match self {
            OpenedText::Run(arrival) => Ok(*arrival),
            OpenedText::Log(_) => Err("This is a log, not a run".into()),
        }
    }
}

impl Engine {
    /// Opens a run.
    ///
    /// # Errors
    /// A sentence naming what is wrong in the recipe.
    pub fn open(recipe: &Recipe, cursor: Option<Time>) -> Result<Self, String> {
        Self::open_from(CATALOGUE, recipe, cursor)
    }

    /// What a recipe is a run of.
    ///
    /// # Errors
    /// A sentence naming what is wrong in the recipe.
    pub fn setup(recipe: &Recipe) -> Result<Setup, String> {
        CATALOGUE.setup(recipe)
    }

    /// Opens the home scenario.
    pub fn home() -> Self {
        // The home scenario is in the catalogue, and a test opens it.
        Self::open_from(AT_HOME, &Recipe::new(HOME, 1), None).expect("the home scenario opens")
    }

    #[inline(never)]
    fn open_from(
        catalogue: Catalogue,
        recipe: &Recipe,
        cursor: Option<Time>,
    ) -> Result<Self, String> {
        let setup = catalogue.setup(recipe)?;
        let opens_at = Time(setup.scenario.opens_at.0);
        let mut timeline = Timeline::new(setup)?;
        // A scenario that opens at zero opens before its first event, even if all events are at zero.
        let to = cursor.unwrap_or(opens_at);
        if to > Time::ZERO {
            timeline.run_until(to, MOST_AT_ONCE);
        }
        Ok(Self::at(timeline))
    }

    fn at(timeline: Timeline) -> Self {
        Self {
            timeline,
            rest: 0.0,
            rows: Rc::default(),
            rows_up_to: 0,
            diagram: diagram::empty_index(),
            story: Story::default(),
            hearing: Hearing::default(),
            costs: None,
            history: Rc::default(),
            stops: Vec::new(),
            stopped: None,
            first_stop: None,
            met: false,
            inquiry: None,
            ahead: None,
            unfold: None,
        }
    }

    /// Opens a scenario by its name.
    ///
    /// # Errors
    /// A sentence naming the wrong word.
    pub fn named(name: &str) -> Result<Self, String> {
        let arrival = Self::arrive(&Link::named(name))?;
        Ok(arrival.engine)
    }

    /// Opens any text that holds a run: the part after `#`, a whole address, or a file.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn open_text(text: &str) -> Result<OpenedText, String> {
        Ok(match opened(text)? {
            Opened::Run(link) => OpenedText::Run(Box::new(Self::arrive(&link)?)),
            Opened::Log(log) => OpenedText::Log(log),
        })
    }

    fn arrive(link: &Link) -> Result<Arrival, String> {
        let replayed = link.replay(CATALOGUE, Work::default())?;
        Ok(Arrival {
            engine: Self::at(replayed.timeline),
            remark: replayed.remark,
            partner: link.partner.clone(),
            look: link.look.clone(),
        })
    }

    /// Lets wall time pass; true if anything happened.
    pub fn advance(&mut self, wall_ms: f64, speed: f64) -> bool {
        let before = self.timeline.records();
        let to = self.due(wall_ms, speed);
        let there = if self.is_watched() {
            self.run_to_stop(to, FRAME_BUDGET)
        } else {
            self.timeline.run_until(to, FRAME_BUDGET)
        };
        if !there {
            self.rest = 0.0;
        }
        self.timeline.records() != before
    }

    /// The instant after this much wall time.
    fn due(&mut self, wall_ms: f64, speed: f64) -> Time {
        let pace = self.scenario().pace;
        let wanted = wall_ms.clamp(0.0, LONGEST_FRAME_MS) * 1_000.0 * pace * speed + self.rest;
        let whole = wanted.floor();
        self.rest = wanted - whole;
        self.timeline.now() + Duration(whole as u64)
    }

    /// Lets simulated time pass at once.
    pub fn run_on(&mut self, length: Duration) {
        self.rest = 0.0;
        let to = self.timeline.now() + length;
        self.timeline.run_until(to, MOST_AT_ONCE);
    }

    /// Applies a command at the cursor. The run is saved first with the command as its last one: if the
    /// command causes a panic, the panic card can leave it out.
    ///
    /// # Errors
    /// A sentence naming what is wrong.
    pub fn apply(&mut self, command: Command) -> Result<Applied, String> {
        self.save(Some(command.to_string()));
        let kept = self.timeline.records();
        let applied = self.timeline.apply(command);
        self.rows_changed(kept);
        self.save(None);
        applied
    }

    /// Saves the run, with or without a command in progress.
    pub fn save(&self, last: Option<String>) {
        let cursor = self.timeline.now().0;
        storage::save_run(&Saved {
            recipe: self.timeline.recipe(),
            cursor,
            last,
        });
    }

    pub fn undo(&mut self) -> Option<Timed> {
        let undone = self.timeline.undo();
        self.rows_changed(self.timeline.records());
        self.save(None);
        undone
    }

    pub fn redo(&mut self) -> Option<Timed> {
        let kept = self.timeline.records();
        let redone = self.timeline.redo();
        self.rows_changed(kept);
        self.save(None);
        redone
    }

    /// Steps events forward or back; true if it moved.
    pub fn step(&mut self, events: i32) -> bool {
        self.rest = 0.0;
        let mut moved = false;
        for _ in 0..events.unsigned_abs() {
            let stepped = if events > 0 {
                self.timeline.step()
            } else {
                self.timeline.step_back()
            };
            if !stepped {
                break;
            }
            moved = true;
        }
        moved
    }

    pub fn go(&mut self, to: Target) {
        self.rest = 0.0;
        self.timeline.go(to);
    }

    /// The same settings from time zero, without the person's other commands.
    pub fn restarted(&self) -> Recipe {
        let mut recipe = self.timeline.recipe();
        recipe.commands.clear();
        for command in self.applied().collect::<Vec<_>>().into_iter().rev() {
            match command {
                Command::SetParam(name, value) => drop(recipe.params.insert(name, value)),
                Command::SetSwitch(name, on) => drop(recipe.switches.insert(name, on)),
                _ => {}
            }
        }
        recipe
    }

    /// Replaces this run; the stops stay.
    pub fn become_other(&mut self, other: Self) {
        let stops = std::mem::take(&mut self.stops);
        *self = other;
        self.stops = stops;
    }

    /// The run as it is, for keeping.
    pub fn keep(&self) -> Kept {
        self.timeline.keep()
    }

    /// Forks the run here.
    pub fn fork_here(&mut self) {
        let kept = self.timeline.records();
        self.timeline.fork_here();
        self.rows_changed(kept);
    }

    /// The future that the last act in the past replaced; a second call gives none.
    pub fn take_left(&mut self) -> Option<Kept> {
        self.timeline.take_left()
    }

    pub fn frame(&mut self) -> Rc<Frame> {
        let mut frame = self.timeline.frame();
        if self.unfold.is_some() {
            self.show_call(&mut frame);
        }
        Rc::new(frame)
    }

    /// The present instant including fractions of a microsecond, for smooth motion.
    pub fn clock(&self) -> f64 {
        let ahead = if self.unfold.is_some() {
            self.shown_ahead()
        } else {
            0.0
        };
        self.timeline.now().0 as f64 + self.rest + ahead
    }

    pub fn now(&self) -> Time {
        self.timeline.now()
    }

    pub fn edge(&self) -> Time {
        self.timeline.edge()
    }

    pub fn in_past(&self) -> bool {
        self.timeline.in_past()
    }

    pub fn commands(&self) -> Vec<Timed> {
        self.timeline.commands()
    }

    pub fn protocol(&self) -> &'static Protocol {
        self.timeline.setup().protocol
    }

    /// The words of the protocol for sentences about this run.
    pub fn vocabulary(&self) -> Vocabulary {
        Vocabulary::of(self.protocol())
    }

    pub fn scenario(&self) -> &'static Scenario {
        self.timeline.setup().scenario
    }

    /// How nodes stand unless a person chose otherwise.
    pub fn form(&self) -> standing::Form {
        let own = self.scenario().view.form;
        own.unwrap_or(self.protocol().standing.form)
    }

    /// Whether everything happens in direct calls at one instant, so that the run is for stepping.
    pub fn nested(&self) -> bool {
        self.timeline.setup().preset.delivery == Delivery::Nested
    }

    /// The present preset.
    pub fn preset(&self) -> &'static Preset {
        self.timeline.setup().preset
    }

    /// What the present preset breaks by design, if anything.
    pub fn breaks(&self) -> Option<&'static str> {
        self.timeline.setup().preset.breaks
    }

    /// What all nodes hold together, if the protocol measures that.
    pub fn total(&self) -> Option<Total> {
        (self.protocol().total)(self.timeline.world())
    }

    /// Whether a monkey crashes nodes.
    pub fn monkey_is_loose(&self) -> bool {
        self.timeline.world().monkey().is_some()
    }

    /// How many nodes the run has had, removed ones included.
    pub fn added(&self) -> u32 {
        self.timeline.world().added()
    }

    pub fn settings(&self) -> Settings {
        self.timeline.world().settings().clone()
    }

    pub fn recipe(&self) -> Recipe {
        self.timeline.recipe()
    }

    /// The recipe of the scenario without any change.
    pub fn fresh_recipe(&self) -> Recipe {
        Recipe::new(&self.timeline.setup().name(), 1)
    }

    /// Whether this is a scenario as it is, where it opens.
    pub fn is_fresh(&self) -> bool {
        let opens_at = Time(self.scenario().opens_at.0);
        self.now() == opens_at && self.recipe() == self.fresh_recipe()
    }

    /// The same run from its start with the next seed. The next is one more, so that a class can say
    /// "try seed 3".
    pub fn next_seed(&self) -> Recipe {
        let mut recipe = self.timeline.recipe();
        recipe.commands.clear();
        let seed: u64 = recipe.seed.parse().unwrap_or_default();
        recipe.seed = seed.wrapping_add(1).to_string();
        recipe
    }

    pub fn state_hash(&self) -> String {
        self.timeline.state_hash()
    }

    pub fn trace_hash(&self) -> String {
        self.timeline.trace_hash()
    }

    pub fn message_text(&self, address: Address) -> Option<String> {
        self.timeline.message_text(address)
    }

    /// How many bytes a message in flight takes on the network.
    pub fn message_size(&self, address: Address) -> Option<u64> {
        self.timeline.world().message_size(address)
    }

    /// A link that opens only this run at this instant with this view.
    pub fn link(&self, look: SortedMap<String, String>) -> Link {
        Link {
            look,
            ..Link::of(&self.timeline)
        }
    }

    /// The number of records up to the cursor.
    pub fn records(&self) -> u64 {
        self.timeline.records()
    }
}
