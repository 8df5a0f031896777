//! `cargo xtask golden`: writes the golden traces again.

use super::{Failure, project, usage};
use crate::job;

pub const HELP: &str = "\
cargo xtask golden
    Runs every protocol and writes its golden traces again, and the golden space-time diagram. Review the difference before you commit:
    it is what your change does to the algorithms.";

/// The crates with golden files.
const PACKAGES: [(&str, &str); 2] = [
    ("traces", "faultline-protocols"),
    ("picture", "faultline-diagram"),
];

pub fn run(arguments: Vec<String>) -> Result<(), Failure> {
    if let Some(word) = arguments.first() {
        return Err(usage("golden")(lexopt::Error::UnexpectedOption(
            word.clone(),
        )));
    }
    let project = project()?;
    for (what, package) in PACKAGES {
        let mut command = project.cargo(&["test", "--package", package, "golden"]);
        command.env("UPDATE_GOLDEN", "1");
        job::show(&format!("writing the golden {what}"), command)?;
    }
    Ok(())
}
