//! A browser that stays open between measurements, so that they can take turns with native ones.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use super::{ENGINES, Figure, WORKLOADS};
use crate::Outcome;
use crate::project::Project;
use crate::tools;

/// The program for Node.js that opens the browser and passes questions on.
const SCRIPT: &str = include_str!("browser.mjs");
/// Deliveries of a warm-up; the browser's compiler replaces its first, slow code meanwhile.
const WARM_UP: u64 = 300_000;

pub struct Browser {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    version: String,
}

impl Browser {
    /// Opens the browser with the bench loaded.
    pub fn start(project: &Project, module: &Path) -> Outcome<Self> {
        let node =
            tools::find(project, "node").ok_or("node is not installed (https://nodejs.org)")?;
        let mut child = project
            .command(node)
            .args(["--input-type=module", "--eval", SCRIPT])
            .env("FAULTLINE_MODULE", module)
            .env("FAULTLINE_CHROMIUM", super::chromium()?)
            .env("FAULTLINE_END_TO_END", project.end_to_end())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("node could not be started: {error}"))?;
        let (Some(questions), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("node cannot be talked to".into());
        };
        let mut browser = Self {
            child,
            questions,
            answers: BufReader::new(answers),
            version: String::new(),
        };
        browser.version = browser.answer()?;
        Ok(browser)
    }

    /// Its name and version.
    pub fn version(&self) -> &str {
        &self.version
    }

    pub fn warm_up(&mut self) -> Outcome {
        for workload in 0..WORKLOADS.len() {
            for engine in 0..ENGINES.len() {
                for _ in 0..2 {
                    self.measure(engine, workload, WARM_UP)?;
                }
            }
        }
        Ok(())
    }

    /// One measurement: engine and workload by their places in the lists.
    pub fn measure(&mut self, engine: usize, workload: usize, deliveries: u64) -> Outcome<Figure> {
        writeln!(self.questions, "{engine} {workload} {deliveries}")
            .and_then(|()| self.questions.flush())
            .map_err(|error| format!("the browser has gone: {error}"))?;
        let answer = self.answer()?;
        let mut numbers = answer.split(' ').map(str::parse::<f64>);
        let (Some(Ok(milliseconds)), Some(Ok(events))) = (numbers.next(), numbers.next()) else {
            return Err(format!("the browser answered `{answer}`"));
        };
        Ok(Figure {
            ns: milliseconds * 1e6 / events,
            events_per_delivery: events / deliveries as f64,
        })
    }

    fn answer(&mut self) -> Outcome<String> {
        let mut line = String::new();
        match self.answers.read_line(&mut line) {
            Ok(0) | Err(_) => Err("the browser has gone; its last words are above".into()),
            Ok(_) => Ok(line.trim().to_owned()),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The end of its input lets the script close the browser; wait, so that nothing is left.
        let _ = writeln!(self.questions, "end");
        let _ = self.questions.flush();
        let _ = self.child.wait();
    }
}
