//! The engine in a browser that stays open, so that it can alternate with the native one.

use std::path::Path;

use super::{ENGINES, Figure, WORKLOADS};
use crate::Outcome;
use crate::project::Project;
use crate::script::Script;

/// The Node.js program that opens the browser and passes questions on.
const SCRIPT: &str = include_str!("browser.mjs");
/// Deliveries of a warm-up, in which the browser replaces its first, slow code.
const WARM_UP: u64 = 300_000;

pub struct Browser(Script);

impl Browser {
    /// Opens the browser with the bench loaded.
    pub fn start(project: &Project, module: &Path) -> Outcome<Self> {
        let module = module.to_string_lossy();
        Script::start(project, SCRIPT, &[("FAULTLINE_MODULE", &module)]).map(Self)
    }

    /// Its name and version.
    pub fn version(&self) -> &str {
        self.0.version()
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

    /// One measurement: engine and workload by their indexes.
    pub fn measure(&mut self, engine: usize, workload: usize, deliveries: u64) -> Outcome<Figure> {
        let answer = self.0.ask(&format!("{engine} {workload} {deliveries}"))?;
        let mut numbers = answer.split(' ').map(str::parse::<f64>);
        let (Some(Ok(milliseconds)), Some(Ok(events))) = (numbers.next(), numbers.next()) else {
            return Err(format!("the browser answered `{answer}`"));
        };
        Ok(Figure {
            ns: milliseconds * 1e6 / events,
            events_per_delivery: events / deliveries as f64,
        })
    }
}
