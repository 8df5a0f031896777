//! `cargo xtask build`: builds the page for publishing.

use std::path::Path;
use std::process::Command;

use super::{Failure, Steps, project, usage};
use crate::project::Project;
use crate::tools::{self, Tool};
use crate::{Outcome, job, parts, policy, sizes};

pub const HELP: &str = "\
cargo xtask build
    Builds the release page into dist/ (Trunk, wasm-opt), prints the size of each file and fails
    above the size budget of xtask/src/sizes.rs. Prints the strictest content security policy under
    which this build works, for the server's headers. The page works at any address.";

/// The tools of a release build.
pub const TOOLS: [Tool; 4] = [
    Tool::WasmTarget,
    Tool::WasmBindgen,
    Tool::Trunk,
    Tool::WasmOpt,
];

pub fn run(arguments: Vec<String>) -> Result<(), Failure> {
    if let Some(word) = arguments.first() {
        return Err(usage("build")(lexopt::Error::UnexpectedOption(
            word.clone(),
        )));
    }
    let project = project()?;
    tools::ensure(&project, &TOOLS)?;
    let mut steps = Steps::new();
    steps.run("questions", || questions(&project))?;
    steps.run("release page", || release(&project))?;
    steps.run("sizes", || sizes::check(&project, &project.dist()))?;
    if let Err(stale) = parts::check(&project) {
        job::say(&format!("\nNote: {stale}."));
    }
    let policy = policy::line(&project, &project.dist())?;
    job::say(&format!(
        "\nThe content security policy of this build (see README):\n{policy}"
    ));
    Ok(())
}

/// What learners are asked must be readable, and name what there is: a wrong word fails the build.
pub fn questions(project: &Project) -> Outcome {
    let mut command = project.command("cargo");
    command.args([
        "run",
        "--quiet",
        "--locked",
        "--package",
        "faultline",
        "--",
        "ask",
        "--check",
    ]);
    job::show("reading the questions", command)
}

/// Runs Trunk. The tools must be there.
pub fn release(project: &Project) -> Outcome {
    job::show("building the release page", trunk(project)?)
}

/// Builds the release page into another folder, in one part and with the names of its functions.
pub fn whole(project: &Project, folder: &Path) -> Outcome {
    let mut command = trunk(project)?;
    command.arg("--dist").arg(folder);
    command.env("FAULTLINE_WHOLE", "1");
    job::show("building the page in one part", command)
}

fn trunk(project: &Project) -> Outcome<Command> {
    let trunk = tools::find(project, "trunk").ok_or("trunk is not on the path any more")?;
    let mut command = project.command(trunk);
    command.args(["build", "--release", "--skip-version-check"]);
    command.env("PATH", tools::path(project));
    // Trunk fails at NO_COLOR=1, which it reads as a value of its own option.
    command.env_remove("NO_COLOR");
    Ok(command)
}
