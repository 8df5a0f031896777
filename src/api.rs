//! The JavaScript API: one class, `Simulation`. The same engine as the page and the command line, so
//! the same scenario, seed and commands give the same hash everywhere.
//!
//! ```js
//! const run = new Simulation("bully/kill-the-leader", { seed: 7 });
//! run.apply("5s crash n5");
//! run.runUntil(10_000_000);
//! run.frame().nodes.map((node) => node.beliefs.leader);
//! run.hash();
//! ```

mod read;
mod types;

use faultline_protocols::CATALOGUE;
use faultline_sim::export::records_json;
use faultline_sim::time::{MAX_TIME, Time};
use faultline_sim::timeline::{Target, Timeline};
use serde::Serialize;
use serde_json::{Value as Json, json};
use wasm_bindgen::prelude::*;

/// A run of a distributed system, from its beginning to the instant it was last told to go to.
///
/// Times are in microseconds of simulator time. Every error is an `Error` whose message is one
/// sentence that names what is wrong and, for a mistyped word, the nearest right ones.
#[wasm_bindgen]
pub struct Simulation {
    timeline: Timeline,
}

#[wasm_bindgen]
impl Simulation {
    /// Sets a run up: `"protocol/scenario"`, or a protocol for its first scenario. Nothing has
    /// happened yet.
    ///
    /// Options, all of them optional: `seed` (a whole number, as text beyond 2^53), `params`,
    /// `switches`, `preset`, and `commands` (in words, each with its time). What `recipe()` gives
    /// can be handed in as options, too, and makes the same run again.
    ///
    /// # Errors
    /// An unknown name, or a value that is out of bounds.
    #[wasm_bindgen(constructor)]
    pub fn new(
        scenario: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "SimulationOptions")] options: JsValue,
    ) -> Result<Simulation, JsError> {
        let recipe = read::recipe(scenario, &from_js(options)?).map_err(error)?;
        let setup = CATALOGUE.setup(&recipe).map_err(error)?;
        Ok(Self {
            timeline: Timeline::new(setup).map_err(error)?,
        })
    }

    /// Breaks, mends or changes something: `"crash n2"` at once, `"5s crash n2"` when 5 seconds have
    /// passed, or `{at_us: 5000000, do: "crash n2"}`. Done in the past, it makes a new future.
    ///
    /// Answers `{missed, forked}`: why the command found nothing to act on (or null), and whether a
    /// future was left. A command for later answers once it is planned.
    ///
    /// # Errors
    /// A command that can never make sense, or one for an instant that has passed.
    #[wasm_bindgen(unchecked_return_type = "Applied")]
    pub fn apply(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "string | TimedCommand")] command: JsValue,
    ) -> Result<JsValue, JsError> {
        let (missed, forked) = match read::command(&from_js(command)?).map_err(error)? {
            read::When::Now(command) => {
                let applied = self.timeline.apply(command).map_err(error)?;
                (applied.missed, applied.forked)
            }
            read::When::At(timed) => {
                let forked = self.timeline.in_past();
                self.timeline.schedule(timed).map_err(error)?;
                (None, forked)
            }
        };
        to_js(&json!({ "missed": missed, "forked": forked }))
    }

    /// Lets the run go on to an instant, in microseconds. False if it was cut before by a limit;
    /// then `frame().halted` says by which.
    ///
    /// # Errors
    /// An instant that has passed (use `seek`), or one that is no time.
    #[wasm_bindgen(js_name = runUntil)]
    pub fn run_until(&mut self, us: f64) -> Result<bool, JsError> {
        let to = read::instant(us).map_err(error)?;
        let now = self.timeline.now();
        if to < now {
            return Err(JsError::new(&format!(
                "the run is at {now} already; use seek to go back to {to}"
            )));
        }
        Ok(self.timeline.run_until(to, u64::MAX))
    }

    /// Goes to an instant, in microseconds, forward or back. Nothing is lost by going back.
    ///
    /// # Errors
    /// An instant that is no time.
    pub fn seek(&mut self, us: f64) -> Result<(), JsError> {
        self.timeline
            .go(Target::Time(read::instant(us).map_err(error)?));
        Ok(())
    }

    /// One event or command forward. False if nothing is to come.
    pub fn step(&mut self) -> bool {
        self.timeline.step()
    }

    /// One event or command back. False at the beginning.
    #[wasm_bindgen(js_name = stepBack)]
    pub fn step_back(&mut self) -> bool {
        self.timeline.step_back()
    }

    /// Everything there is to see now: nodes (truth and beliefs), messages on their way, links,
    /// verdicts, probes.
    ///
    /// # Errors
    /// None that a person can cause.
    #[wasm_bindgen(unchecked_return_type = "Frame")]
    pub fn frame(&mut self) -> Result<JsValue, JsError> {
        to_js(&self.timeline.frame())
    }

    /// Everything that has happened until now, in order.
    ///
    /// # Errors
    /// None that a person can cause.
    #[wasm_bindgen(unchecked_return_type = "TraceRecord[]")]
    pub fn trace(&mut self) -> Result<JsValue, JsError> {
        let records = self.timeline.window(1, self.timeline.records());
        to_js(&records_json(&records))
    }

    /// The hash of everything that has happened until now: 16 hex digits, the same as
    /// `faultline run --json` prints as `trace_hash`.
    pub fn hash(&self) -> String {
        self.timeline.trace_hash()
    }

    /// The hash of the state at this instant: 16 hex digits.
    #[wasm_bindgen(js_name = stateHash)]
    pub fn state_hash(&self) -> String {
        self.timeline.state_hash()
    }

    /// The instant the run is at, in microseconds.
    #[wasm_bindgen(getter)]
    pub fn now(&self) -> f64 {
        let Time(us) = self.timeline.now();
        debug_assert!(us <= MAX_TIME.0, "exact as a JavaScript number");
        us as f64
    }

    /// What the run's past takes in memory, in bytes: instants kept to jump back to, and the trace. The
    /// rest of the past is made again when it is asked for.
    #[wasm_bindgen(getter, js_name = historyBytes)]
    pub fn history_bytes(&self) -> f64 {
        self.timeline.history_bytes() as f64
    }

    /// The run as data: scenario, seed, what was changed and what was done. Handed to `new
    /// Simulation` as options, it makes the run again.
    ///
    /// # Errors
    /// None that a person can cause.
    #[wasm_bindgen(unchecked_return_type = "Recipe")]
    pub fn recipe(&self) -> Result<JsValue, JsError> {
        to_js(&self.timeline.recipe())
    }

    /// Every protocol there is, with its scenarios, parameters, switches, presets, probes and
    /// invariants, as `faultline list --json` prints them.
    ///
    /// # Errors
    /// None that a person can cause.
    #[wasm_bindgen(unchecked_return_type = "ProtocolEntry[]")]
    pub fn list() -> Result<JsValue, JsError> {
        to_js(&Json::Array(
            CATALOGUE
                .0
                .iter()
                .map(|protocol| types::entry(protocol))
                .collect(),
        ))
    }
}

fn error(sentence: String) -> JsError {
    JsError::new(&sentence)
}

/// A JavaScript value as JSON; `undefined` is null.
fn from_js(value: JsValue) -> Result<Json, JsError> {
    serde_wasm_bindgen::from_value(value)
        .map_err(|why| JsError::new(&format!("this value cannot be read: {why}")))
}

/// A value as plain JavaScript objects and numbers. Everything passes through JSON, so that the page
/// carries one way of writing a frame, not two; a number too large to be exact becomes a text.
fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsError> {
    let plain = serde_wasm_bindgen::Serializer::json_compatible();
    let mut json = serde_json::to_value(value)?;
    read::large_numbers_as_text(&mut json);
    Ok(json.serialize(&plain)?)
}
