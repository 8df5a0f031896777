//! `cargo xtask golden`: writes the golden traces again.

use super::{Failure, project, usage};
use crate::job;

pub const HELP: &str = "\
cargo xtask golden
    Runs every protocol and writes its golden traces again. Review the difference before you commit:
    it is what your change does to the algorithms.";

pub fn run(arguments: Vec<String>) -> Result<(), Failure> {
    if let Some(word) = arguments.first() {
        return Err(usage("golden")(lexopt::Error::UnexpectedOption(
            word.clone(),
        )));
    }
    let mut command = project()?.cargo(&["test", "--package", "faultline-protocols", "golden"]);
    command.env("UPDATE_GOLDEN", "1");
    Ok(job::show("writing the golden traces", command)?)
}
