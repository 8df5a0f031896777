//! Logs of other systems: read as they arrive and shown in the space-time diagram while the run waits.

use std::rc::Rc;

use faultline_diagram::{Index, Stamps};
use faultline_sim::shiviz::{Execution, Form, Pattern, Refusal, read_as};
use yew::prelude::*;

use super::App;
use crate::browser::{self, Expression};
use crate::text::{self, reading as words};
use crate::ui::reading::{Deed, Reading as Sheet, Shown};
use crate::ui::{Act, Same, Selection};

/// An open log.
pub(super) struct Reading {
    text: String,
    parser: String,
    delimiter: String,
    form: bool,
    found: Vec<Execution>,
    wrong: Option<String>,
    /// The chosen execution and its index.
    at: usize,
    pub(super) index: Index,
    pub(super) selection: Selection,
    /// The kind of timestamps that the run had.
    stamps: Stamps,
    shown: Same<Shown>,
}

impl Reading {
    /// An event in the log's own words.
    pub(super) fn sentence(&self, seq: u64) -> Option<String> {
        words::event(self.found.get(self.at)?, seq)
    }

    fn read(&mut self) {
        match executions(&self.text, &self.parser, &self.delimiter) {
            Ok(found) => (self.found, self.wrong, self.form) = (found, None, false),
            Err(refusal) => {
                self.found = Vec::new();
                self.wrong = Some(text::capital(&refusal.to_string()) + ".");
                // A different parser may help.
                self.form = true;
            }
        }
        self.look_at(0);
    }

    fn look_at(&mut self, at: usize) {
        let log = self.found.get(at);
        self.at = at;
        self.index = log.map(Index::of_log).unwrap_or_default();
        self.selection = Selection::None;
        self.tell();
    }

    fn tell(&mut self) {
        let names = self.found.iter().map(|log| log.name.clone());
        self.shown = Same(Rc::new(Shown {
            names: names.collect(),
            at: self.at,
            summary: self
                .found
                .get(self.at)
                .map(words::summary)
                .unwrap_or_default(),
            passed_over: self.found.get(self.at).and_then(words::passed_over),
            wrong: self.wrong.clone(),
            form: self.form,
            parser: self.parser.clone(),
            delimiter: self.delimiter.clone(),
        }));
    }
}

fn compile(what: &str, text: &str) -> Result<Box<dyn Pattern>, String> {
    Ok(Box::new(Expression::new(what, text)?))
}

/// Reads a log; without a parser, as `faultline shiviz-check` does.
fn executions(text: &str, parser: &str, delimiter: &str) -> Result<Vec<Execution>, Refusal> {
    let said = |word: &'_ str| (!word.trim().is_empty()).then(|| word.trim().to_owned());
    let (parser, delimiter) = (said(parser), said(delimiter));
    let form = Form {
        parser: parser.as_deref(),
        delimiter: delimiter.as_deref(),
    };
    read_as(text, form, &compile)
}

impl App {
    /// Shows a log instead of the run, or why it cannot be read.
    pub(super) fn read_log(&mut self, text: String) {
        self.play(false);
        self.sharing.shared = None;
        self.sharing.wrong = None;
        self.showing.help = false;
        let mut reading = Reading {
            text,
            parser: String::new(),
            delimiter: String::new(),
            form: false,
            found: Vec::new(),
            wrong: None,
            at: 0,
            index: Index::new(),
            selection: Selection::None,
            stamps: self
                .reading
                .as_ref()
                .map_or(self.spacetime_stamps(), |r| r.stamps),
            shown: Same(Rc::default()),
        };
        reading.read();
        self.reading = Some(reading);
        self.spacetime_read_log();
        self.reading_said();
    }

    pub(super) fn reading_deed(&mut self, deed: Deed) {
        let Some(reading) = &mut self.reading else {
            return;
        };
        match deed {
            Deed::Close => return self.close_log(),
            Deed::Form(open) => {
                reading.form = open;
                reading.tell();
                return;
            }
            Deed::Execution(at) => reading.look_at(at),
            Deed::Read(parser, delimiter) => {
                (reading.parser, reading.delimiter) = (parser, delimiter);
                reading.read();
            }
        }
        self.spacetime_read_log();
        self.reading_said();
    }

    fn reading_said(&mut self) {
        if let Some(reading) = &self.reading {
            // Its own line tells what is wrong.
            let shown = &reading.shown;
            let passed = shown.passed_over.as_deref().unwrap_or_default();
            self.said
                .announcer
                .at_once(format!("{} {passed}", shown.summary).trim_end().to_owned());
        }
    }

    pub(super) fn close_log(&mut self) {
        let Some(reading) = self.reading.take() else {
            return;
        };
        self.spacetime_leave_log(reading.stamps);
        browser::focus("[aria-label='Share']");
    }

    pub(super) fn reading_sheet(&self, on_act: &Callback<Act>) -> Html {
        let Some(reading) = &self.reading else {
            return html! {};
        };
        html! {
            <Sheet shown={reading.shown.clone()} on_act={on_act.clone()}>
                { self.spacetime_panel(on_act, false) }
            </Sheet>
        }
    }
}
