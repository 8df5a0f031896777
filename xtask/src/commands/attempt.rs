//! `cargo xtask try`: one protocol's tests, laws and hunts, in seconds.

use super::{Failure, Steps, project};
use crate::job;

pub const HELP: &str = "\
cargo xtask try NAME
    Runs the unit tests of one protocol, the laws on it alone, and a hunt on each of its presets, which
    prints the shortest run that breaks a law. Writes no golden trace: `cargo xtask golden` does, when
    you are content.";

pub fn run(arguments: Vec<String>) -> Result<(), Failure> {
    let [id] = arguments.as_slice() else {
        return Err(Failure::Usage("write: cargo xtask try NAME".into()));
    };
    let project = project()?;
    let package = ["test", "--quiet", "--package", "faultline-protocols"];
    let module = format!("{}::", id.replace('-', "_"));
    let mut steps = Steps::new();
    steps.run("unit tests", || {
        let mut command = project.cargo(&package);
        command.args(["--lib", &module]);
        job::show("unit tests", command)
    })?;
    steps.run("laws", || {
        let mut command = project.cargo(&package);
        command.args(["--test", "laws"]).env("FAULTLINE_ONLY", id);
        job::show("laws", command)
    })?;
    steps.run("hunt", || {
        let arguments = ["run", "--quiet", "--package", "faultline", "--", "hunt"];
        let mut command = project.cargo(&arguments);
        command.arg(id);
        job::show("hunt on the first preset", command)
    })?;
    steps.summary();
    Ok(())
}
