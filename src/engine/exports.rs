//! The run up to the present instant in formats that other programs read.

use std::fmt::Write;

use faultline_diagram::{Axis, View, svg};
use faultline_sim::event::Record;
use faultline_sim::export::{JSON_TAIL, json_head, mermaid, text, text_head, write_json_records};
use faultline_sim::shiviz::LogWriter;
use faultline_sim::time::Time;

use super::Engine;

/// Records in memory at a time while a long run is written.
const PART: u64 = 50_000;
/// Records before and after the present one in a sequence diagram.
const AROUND: u64 = 150;
/// Seconds at normal speed that the exported space-time diagram shows.
const SECONDS: f64 = 12.0;

/// A format of the whole trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Shiviz,
    Json,
    Text,
}

impl Engine {
    /// The name of a file about this instant, without its extension.
    pub fn file_stem(&self) -> String {
        let name = self.timeline.setup().name().replace('/', "-");
        format!("{name}-{:.3}s", self.now().seconds())
    }

    /// The trace up to the present instant.
    pub fn trace_as(&mut self, form: Form) -> String {
        let mut out = String::new();
        match form {
            Form::Json => {
                let (recipe, end) = (self.recipe(), self.now().0);
                out = json_head(&recipe, end, &self.trace_hash());
                self.in_parts(&mut |records| write_json_records(records, &mut out));
                out.push_str(JSON_TAIL);
            }
            Form::Text => {
                let setup = self.timeline.setup();
                let (name, seed) = (setup.name(), setup.seed.to_string());
                let hash = self.trace_hash();
                out = text_head(&name, &seed, self.protocol().revision, &hash);
                self.in_parts(&mut |records| out.push_str(&text(records)));
            }
            Form::Shiviz => {
                let mut log = LogWriter::default();
                self.in_parts(&mut |records| log.look(records));
                self.in_parts(&mut |records| log.write(records, &mut out));
            }
        }
        out
    }

    fn in_parts(&mut self, act: &mut dyn FnMut(&[Record])) {
        let last = self.timeline.records();
        let mut from = 1;
        while from <= last {
            let to = last.min(from + PART - 1);
            act(&self.timeline.window(from, to));
            from = to + 1;
        }
    }

    /// A sequence diagram of the visible window, or of the events around the present one.
    pub fn sequence(&mut self, window: Option<&View>) -> String {
        let (from, to) = match window {
            Some(view) => {
                while !self.read_diagram(PART, window) {}
                view.records(&self.diagram).unwrap_or((1, 0))
            }
            None => {
                let here = self.timeline.records();
                (here.saturating_sub(AROUND).max(1), here + AROUND)
            }
        };
        mermaid(&self.timeline.window(from, to))
    }

    /// The space-time diagram of the visible window, or of the last seconds.
    pub fn diagram_svg(&mut self, window: Option<&View>) -> String {
        if let Some(view) = window {
            while !self.read_diagram(PART, window) {}
            return svg(&self.diagram, view);
        }
        let mut index = super::diagram::empty_index();
        self.in_parts(&mut |records| records.iter().for_each(|record| index.push(record)));
        let mut view = View::whole(&index, self.protocol().kinds);
        if view.axis == Axis::Time {
            let now = self.now().0 as f64;
            view.to = now.max(view.least());
            view.from = (now - SECONDS * 1e6 * self.scenario().pace).max(0.0);
        }
        svg(&index, &view)
    }

    /// The person's commands and their times, in order.
    pub fn deeds(&self) -> Vec<(Time, String)> {
        let vocabulary = self.vocabulary();
        let deed = |timed: faultline_sim::command::Timed| {
            let at = timed.at.time.unwrap_or_default();
            (
                at,
                crate::text::records::commands::done(&timed.command, &vocabulary),
            )
        };
        let commands = self.timeline.commands().into_iter().map(deed);
        commands.filter(|(at, _)| *at <= self.now()).collect()
    }

    /// The run as a `faultline run` command.
    pub fn headless(&self) -> String {
        let recipe = self.recipe();
        let mut line = format!("faultline run {} --seed {}", recipe.scenario, recipe.seed);
        if let Some(preset) = &recipe.preset {
            let _ = write!(line, " --preset {preset}");
        }
        for (name, value) in recipe.params.iter() {
            let _ = write!(line, " --param {name}={value}");
        }
        for (name, on) in recipe.switches.iter() {
            let _ = write!(line, " --switch {name}={}", if *on { "on" } else { "off" });
        }
        for command in &recipe.commands {
            let _ = write!(line, " --command '{}'", command.replace('\'', "'\\''"));
        }
        let _ = write!(line, " --until {}", self.now());
        line
    }
}
