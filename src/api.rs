//! The JavaScript API: one class, `Simulation`, with the same engine as the page and the command line.
//! The same scenario, seed and commands give the same hash everywhere.
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

/// A run of a distributed system, from its start to its present instant.
///
/// Times are in microseconds of simulator time. Every error is an `Error` with one sentence that names
/// the problem and, for a mistyped word, the nearest valid ones.
#[wasm_bindgen]
pub struct Simulation {
    timeline: Timeline,
}

#[wasm_bindgen]
impl Simulation {
    /// Sets up a run: `"protocol/scenario"`, or a protocol for its first scenario. No event has
    /// happened yet.
    ///
    /// All options are optional: `seed` (a whole number, as text beyond 2^53), `params`, `switches`,
    /// `preset`, and `commands` (as text, each with its time). The result of `recipe()` is also a valid
    /// options object and gives the same run again.
    ///
    /// # Errors
    /// An unknown name, or a value out of bounds.
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

    /// Breaks, repairs or changes something: `"crash n2"` at once, `"5s crash n2"` at 5 seconds, or
    /// `{at_us: 5000000, do: "crash n2"}`. In the past, this forks the run.
    ///
    /// Returns `{missed, forked}`: why the command had no effect (or null), and whether it forked the
    /// run. A later command returns as soon as it is planned.
    ///
    /// # Errors
    /// A command that can never work, or one for an instant in the past.
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

    /// Runs up to an instant, in microseconds. Returns false if a limit cut the run off before; then
    /// `frame().halted` says which one.
    ///
    /// # Errors
    /// An instant in the past (use `seek`), or a value that is not a time.
    #[wasm_bindgen(js_name = runUntil)]
    pub fn run_until(&mut self, us: f64) -> Result<bool, JsError> {
        let to = read::instant(us).map_err(error)?;
        let now = self.timeline.now();
        if to < now {
            return Err(JsError::new(&format!(
                "the run is already at {now}; use seek to go back to {to}"
            )));
        }
        Ok(self.timeline.run_until(to, u64::MAX))
    }

    /// Seeks to an instant, in microseconds, forward or back. Going back loses nothing.
    ///
    /// # Errors
    /// A value that is not a time.
    pub fn seek(&mut self, us: f64) -> Result<(), JsError> {
        self.timeline
            .go(Target::Time(read::instant(us).map_err(error)?));
        Ok(())
    }

    /// Steps one event or command forward. Returns false if there are no more.
    pub fn step(&mut self) -> bool {
        self.timeline.step()
    }

    /// Steps one event or command back. Returns false at the start.
    #[wasm_bindgen(js_name = stepBack)]
    pub fn step_back(&mut self) -> bool {
        self.timeline.step_back()
    }

    /// The present state: nodes (truth and beliefs), messages in flight, links, verdicts, probes.
    ///
    /// # Errors
    /// None that a caller can cause.
    #[wasm_bindgen(unchecked_return_type = "Frame")]
    pub fn frame(&mut self) -> Result<JsValue, JsError> {
        to_js(&self.timeline.frame())
    }

    /// All events up to now, in order.
    ///
    /// # Errors
    /// None that a caller can cause.
    #[wasm_bindgen(unchecked_return_type = "TraceRecord[]")]
    pub fn trace(&mut self) -> Result<JsValue, JsError> {
        let records = self.timeline.window(1, self.timeline.records());
        to_js(&records_json(&records))
    }

    /// The hash of all events up to now: 16 hex digits, the same as `trace_hash` in `faultline run
    /// --json`.
    pub fn hash(&self) -> String {
        self.timeline.trace_hash()
    }

    /// The hash of the present state: 16 hex digits.
    #[wasm_bindgen(js_name = stateHash)]
    pub fn state_hash(&self) -> String {
        self.timeline.state_hash()
    }

    /// The present instant of the run, in microseconds.
    #[wasm_bindgen(getter)]
    pub fn now(&self) -> f64 {
        let Time(us) = self.timeline.now();
        debug_assert!(us <= MAX_TIME.0, "exact as a JavaScript number");
        us as f64
    }

    /// The memory of the run's past in bytes: checkpoints and trace. A replay restores the rest of the
    /// past when needed.
    #[wasm_bindgen(getter, js_name = historyBytes)]
    pub fn history_bytes(&self) -> f64 {
        self.timeline.history_bytes() as f64
    }

    /// The run as data: scenario, seed, changed settings and commands. As options of `new Simulation`,
    /// it gives the same run again.
    ///
    /// # Errors
    /// None that a caller can cause.
    #[wasm_bindgen(unchecked_return_type = "Recipe")]
    pub fn recipe(&self) -> Result<JsValue, JsError> {
        to_js(&self.timeline.recipe())
    }

    /// Every protocol with its scenarios, parameters, switches, presets, probes and invariants, as in
    /// `faultline list --json`.
    ///
    /// # Errors
    /// None that a caller can cause.
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
/// has only one serializer for frames. A number that JavaScript cannot hold exactly becomes text.
fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsError> {
    let plain = serde_wasm_bindgen::Serializer::json_compatible();
    let mut json = serde_json::to_value(value)?;
    read::large_numbers_as_text(&mut json);
    Ok(json.serialize(&plain)?)
}
