//! The page: seeking in a long run, the cost of a frame compared with an empty page, and the first
//! click.

use serde_json::{Value as Json, json};

use super::table::median;
use crate::Outcome;
use crate::job::say;
use crate::project::Project;
use crate::script::Script;
use crate::server::Server;

const SCRIPT: &str = include_str!("page.mjs");
/// The run for seeking: its fragment and its length.
const LONG_RUN: &str = "raft";
const LONG_RUN_EVENTS: u64 = 100_000;
pub const SEEK_RUNS: [u64; 2] = [LONG_RUN_EVENTS, 1_000_000];
const SEEKS: u64 = 300;
/// The target for the 95th percentile of seeks in the shorter run, in milliseconds.
const SEEK_TARGET: f64 = 3.0;
/// Nodes and messages in flight.
const LOADS: [(u32, u32); 3] = [(5, 20), (50, 500), (1000, 5000)];
/// Seconds of each measurement of a stage, after a second of warm-up.
const SECONDS: u32 = 3;
/// The target for the script time of a frame under the first load, in milliseconds.
const SCRIPT_TARGET: f64 = 2.0;
/// The target for the script time of a redraw of the space-time diagram, in milliseconds: half a frame.
const REDRAW_TARGET: f64 = 8.0;
/// The target for the stage's frame interval, as a multiple of the empty page's.
const FRAME_TARGET: f64 = 1.2;
/// What is read of a search, and its words.
const SEARCH_FIGURES: [(&str, &str); 5] = [
    ("runs", "random runs a second"),
    ("states", "states a second"),
    ("idle_frame_p95", "frame without a search, p95 ms"),
    ("runs_frame_p95", "frame during random runs, p95 ms"),
    ("states_frame_p95", "frame during all orders, p95 ms"),
];
/// Resource managers of the specification whose states are counted.
const MANAGERS: u32 = 7;
/// The target for counting them in the worker, in milliseconds.
const COUNT_TARGET: f64 = 150.0;
/// How much slower the reader's machine is than this one.
const THROTTLE: u32 = 4;
/// The target for the first click that works, in milliseconds.
const CLICK_TARGET: f64 = 650.0;

/// Figures by name, round by round.
#[derive(Default)]
struct Series(Vec<(String, Vec<f64>)>);

impl Series {
    fn add(&mut self, name: &str, value: f64) {
        match self.0.iter_mut().find(|(own, _)| own == name) {
            Some((_, values)) => values.push(value),
            None => self.0.push((name.to_owned(), vec![value])),
        }
    }

    fn median(&self, name: &str) -> f64 {
        let found = self.0.iter().find(|(own, _)| own == name);
        median(found.map(|(_, values)| values.clone()).unwrap_or_default())
    }
}

/// The measurements of the page.
pub struct Page {
    script: Script,
    page: Server,
    bare: Server,
    series: Series,
    /// Hooks that the page lacks, each reported once.
    missing: Vec<String>,
}

impl Page {
    pub fn start(project: &Project) -> Outcome<Self> {
        Ok(Self {
            script: Script::start(project, SCRIPT, &[])?,
            page: Server::start(&project.dist(), "/", 0)?,
            bare: Server::start(&project.root.join("xtask/assets"), "/", 0)?,
            series: Series::default(),
            missing: Vec::new(),
        })
    }

    pub fn version(&self) -> &str {
        self.script.version()
    }

    /// The first answers come from a cold browser.
    pub fn warm_up(&mut self) -> Outcome {
        let address = self.page.address();
        let click = json!({"measure": "click", "url": address, "throttle": 1});
        self.script.ask(&click.to_string()).map(drop)
    }

    pub fn seek(&mut self, events: u64) -> Outcome {
        let url = format!("{}?paused=1#{LONG_RUN}", self.page.address());
        let question = json!({
            "measure": "seek", "url": url, "events": events, "count": SEEKS,
        });
        let answer = self.ask("seek", &question)?;
        self.note(&format!("seek {events} p50"), &answer["p50"]);
        self.note(&format!("seek {events} p95"), &answer["p95"]);
        Ok(())
    }

    /// The native figures from the command line.
    pub fn native_seek(&mut self, events: u64, answer: &Json) {
        self.note(&format!("native seek {events} p50"), &answer["p50_ms"]);
        self.note(&format!("native seek {events} p95"), &answer["p95_ms"]);
    }

    pub fn stage(&mut self) -> Outcome {
        for (nodes, messages) in LOADS {
            let load = format!("nodes={nodes}&messages={messages}&seconds={SECONDS}");
            let bare = format!("{}bare-stage.html?{load}", self.bare.address());
            let ours = format!("{}?bench=stage&{load}", self.page.address());
            for (who, url) in [("bare", bare), ("stage", ours)] {
                let question = json!({"measure": "stage", "url": url});
                let answer = self.ask(who, &question)?;
                for figure in ["frame_p50", "frame_p95", "script_p50", "script_p95"] {
                    self.note(&format!("{who} {nodes} {figure}"), &answer[figure]);
                }
            }
        }
        Ok(())
    }

    pub fn spacetime(&mut self) -> Outcome {
        let address = self.page.address();
        let url = format!("{address}?bench=spacetime&events={LONG_RUN_EVENTS}");
        // It stores its figures in the same place as the stage's benchmark.
        let answer = self.ask("space-time", &json!({"measure": "stage", "url": url}))?;
        for figure in ["script_p50", "script_p95", "window_p50", "window_p95"] {
            self.note(&format!("spacetime {figure}"), &answer[figure]);
        }
        Ok(())
    }

    /// A search for a failure while a run plays.
    pub fn search(&mut self) -> Outcome {
        let question = json!({
            "measure": "search", "url": format!("{}#raft", self.page.address()),
            "managers": MANAGERS, "seconds": SECONDS,
        });
        let answer = self.ask("search", &question)?;
        let figures = SEARCH_FIGURES.iter().map(|(figure, _)| *figure);
        for figure in figures.chain(["managers_ms"]) {
            self.note(&format!("search {figure}"), &answer[figure]);
        }
        Ok(())
    }

    pub fn click(&mut self) -> Outcome {
        let address = self.page.address();
        let question = json!({"measure": "click", "url": address, "throttle": THROTTLE});
        let answer = self.ask("click", &question)?;
        for figure in ["ms", "paint", "loaded"] {
            self.note(&format!("click {figure}"), &answer[figure]);
        }
        Ok(())
    }

    fn ask(&mut self, what: &str, question: &Json) -> Outcome<Json> {
        let answer = self.script.ask(&question.to_string())?;
        let answer: Json = serde_json::from_str(&answer)
            .map_err(|error| format!("the browser answered no JSON: {error}"))?;
        if let Some(error) = answer["error"].as_str() {
            let sentence = format!("{what}: {error}");
            if !self.missing.contains(&sentence) {
                say(&format!("  not measured, {sentence}"));
                self.missing.push(sentence);
            }
        }
        Ok(answer)
    }

    fn note(&mut self, name: &str, value: &Json) {
        if let Some(value) = value.as_f64() {
            self.series.add(name, value);
        }
    }

    /// All figures for people.
    pub fn tables(&self) -> String {
        let has = |name: &str| !self.series.median(name).is_nan();
        let mut text = String::new();
        for events in SEEK_RUNS {
            if has(&format!("native seek {events} p50")) {
                text += &self.seek_table(events);
            }
        }
        if has("stage 5 script_p50") {
            text += &self.stage_table();
        }
        if has("spacetime script_p50") {
            text += &self.spacetime_table();
        }
        if has("search states") {
            text += &self.search_table();
        }
        if has("click ms") {
            text += &self.click_line();
        }
        text
    }

    fn seek_table(&self, events: u64) -> String {
        let m = |name: &str| self.series.median(name);
        let mut text = format!(
            "\n{:34}{:>9}{:>9}\n",
            format!("seek in {events} events of {LONG_RUN}"),
            "p50 ms",
            "p95 ms"
        );
        for (title, key) in [
            ("native, state and frame", "native seek"),
            ("page, state and picture", "seek"),
        ] {
            let of = |part: &str| m(&format!("{key} {events} {part}"));
            let (p50, p95) = (of("p50"), of("p95"));
            let verdict = if events == LONG_RUN_EVENTS {
                judged(p95, SEEK_TARGET)
            } else {
                String::new()
            };
            text += &format!("{title:34}{p50:9.2}{p95:9.2}   {verdict}\n");
        }
        text
    }

    fn stage_table(&self) -> String {
        let m = |name: &str| self.series.median(name);
        let mut text = format!(
            "\n{:24}{:>12}{:>12}{:>12}{:>16}   x bare\n",
            "nodes + messages", "script p50", "script p95", "frame p95", "bare frame p95"
        );
        for (at, (nodes, messages)) in LOADS.into_iter().enumerate() {
            let ours = |figure: &str| m(&format!("stage {nodes} {figure}"));
            let bare = m(&format!("bare {nodes} frame_p95"));
            let (script, interval) = (ours("script_p50"), ours("frame_p95"));
            text += &format!(
                "{:24}{script:12.2}{:12.2}{interval:12.1}{bare:16.1}   {}{}\n",
                format!("{nodes} + {messages}"),
                ours("script_p95"),
                judged(interval / bare, FRAME_TARGET),
                if at == 0 {
                    format!(", script {}", judged(script, SCRIPT_TARGET))
                } else {
                    String::new()
                },
            );
        }
        text
    }

    fn spacetime_table(&self) -> String {
        let m = |name: &str| self.series.median(name);
        let mut text = format!(
            "\n{:34}{:>9}{:>9}\n",
            format!("space-time, {LONG_RUN_EVENTS} events"),
            "p50 ms",
            "p95 ms"
        );
        for (title, key) in [("all in sight", "script"), ("a five hundredth", "window")] {
            let of = |part: &str| m(&format!("spacetime {key}_{part}"));
            let (p50, p95) = (of("p50"), of("p95"));
            text += &format!(
                "{title:34}{p50:9.2}{p95:9.2}   {}\n",
                judged(p95, REDRAW_TARGET)
            );
        }
        text
    }

    fn search_table(&self) -> String {
        let m = |name: &str| self.series.median(&format!("search {name}"));
        let mut text = String::from("\nsearch for a failure in the worker, raft\n");
        for (figure, title) in SEARCH_FIGURES {
            text += &format!("{title:34}{:>9}\n", rounded(m(figure)));
        }
        text += &format!(
            "{:34}{:>9}\n",
            format!("two-phase commit, {MANAGERS} managers, ms"),
            judged(m("managers_ms").round(), COUNT_TARGET),
        );
        text
    }

    fn click_line(&self) -> String {
        let m = |name: &str| self.series.median(name);
        format!(
            "\nfirst working click, {THROTTLE}x CPU throttle: {} ms (first paint {:.0} ms, all loaded {:.0} ms)\n",
            judged(m("click ms").round(), CLICK_TARGET),
            m("click paint"),
            m("click loaded"),
        )
    }

    /// All figures for programs.
    pub fn json(&self) -> Json {
        let medians = self.series.0.iter().map(|(name, values)| {
            let name = name.replace(' ', "_");
            (
                name,
                json!({"median": median(values.clone()), "rounds": values}),
            )
        });
        Json::Object(medians.collect())
    }
}

/// A figure with its target, and a mark if it is missed.
fn judged(value: f64, most: f64) -> String {
    if value.is_nan() {
        format!("- (of {most})")
    } else if value <= most {
        format!("{} (of {most})", rounded(value))
    } else {
        format!("! {} (of {most})", rounded(value))
    }
}

fn rounded(value: f64) -> String {
    if value >= 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missed_targets_stand_out() {
        assert_eq!(judged(2.0, 3.0), "2.00 (of 3)");
        assert_eq!(judged(3.5, 3.0), "! 3.50 (of 3)");
        assert_eq!(judged(f64::NAN, 3.0), "- (of 3)");
    }
}
