//! A progress bar for terminals.
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a person waits in real time; no simulation code runs here"
)]

use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

/// Time between two updates.
const EVERY: Duration = Duration::from_millis(100);
/// Characters of the bar.
const WIDTH: u64 = 30;

/// A bar on standard error. Shows nothing if that is not a terminal.
pub struct Progress {
    done: u64,
    all: u64,
    start: Instant,
    drawn: Option<Instant>,
    shown: bool,
}

impl Progress {
    pub fn start(all: u64) -> Self {
        Self {
            done: 0,
            all,
            start: Instant::now(),
            drawn: None,
            shown: stderr().is_terminal(),
        }
    }

    /// Counts one more finished run.
    pub fn advance(&mut self) {
        self.done += 1;
        if !self.shown || self.drawn.is_some_and(|drawn| drawn.elapsed() < EVERY) {
            return;
        }
        self.drawn = Some(Instant::now());
        let filled = (self.done * WIDTH / self.all.max(1)) as usize;
        let bar = format!(
            "{}{}",
            "#".repeat(filled),
            ".".repeat(WIDTH as usize - filled)
        );
        let left = self.start.elapsed().as_secs_f64() / self.done as f64;
        let left = left * (self.all - self.done) as f64;
        let mut err = stderr();
        let _ = write!(
            err,
            "\r[{bar}] {} of {} runs, {left:.0} s left ",
            self.done, self.all
        );
        let _ = err.flush();
    }

    /// Removes the bar.
    pub fn end(&mut self) {
        if self.drawn.take().is_some() {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

/// Words on standard error about work whose end is not known. Shows nothing if that is not a terminal.
pub struct Ticker {
    start: Instant,
    drawn: Option<Instant>,
    shown: bool,
}

impl Ticker {
    pub fn start() -> Self {
        Self {
            start: Instant::now(),
            drawn: None,
            shown: stderr().is_terminal(),
        }
    }

    /// Shows the words now and then; they are given a way to say how many a second a count is.
    pub fn tick(&mut self, words: impl FnOnce(&dyn Fn(u64) -> f64) -> String) {
        if !self.shown || self.drawn.is_some_and(|drawn| drawn.elapsed() < EVERY) {
            return;
        }
        self.drawn = Some(Instant::now());
        let words = words(&|count| self.rate(count));
        let mut err = stderr();
        let _ = write!(err, "\r\x1b[K{words} ");
        let _ = err.flush();
    }

    fn rate(&self, count: u64) -> f64 {
        count as f64 / self.start.elapsed().as_secs_f64().max(1e-9)
    }

    /// Removes the words; how many a second `count` things were.
    pub fn end(mut self, count: u64) -> f64 {
        if self.drawn.take().is_some() {
            let _ = write!(stderr(), "\r\x1b[K");
        }
        self.rate(count)
    }
}
