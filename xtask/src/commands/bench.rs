//! `cargo xtask bench`: the speed of the engine.

use super::{Failure, project};
use crate::job;

pub const HELP: &str = "\
cargo xtask bench [ARGUMENTS]
    Measures the engine beside a bare heap of events. The arguments go to `faultline bench`.";

pub fn run(arguments: Vec<String>) -> Result<(), Failure> {
    let mut command = project()?.cargo(&["run", "--release", "--package", "faultline-cli"]);
    command
        .args(["--bin", "faultline", "--", "bench"])
        .args(arguments);
    Ok(job::show("measuring", command)?)
}
