//! The content security policy of a built page: the strictest one, with its own hashes.

use std::path::Path;

use crate::Outcome;
use crate::job;
use crate::project::Project;
use crate::tools;

const SCRIPT: &str = include_str!("policy.mjs");
/// The name of the header.
const NAME: &str = "Content-Security-Policy";

/// The header's value for the page in this folder.
pub fn value(project: &Project, folder: &Path) -> Outcome<String> {
    let node = tools::find(project, "node").ok_or("node is not installed (https://nodejs.org)")?;
    let mut command = project.command(node);
    command.args(["--input-type=module", "--eval", SCRIPT, "--"]);
    command.arg(folder);
    let answer = job::answer(command);
    let answer = answer.ok_or_else(|| format!("node found no page in {}", folder.display()))?;
    Ok(answer.trim().to_owned())
}

/// The header's line.
pub fn line(project: &Project, folder: &Path) -> Outcome<String> {
    Ok(format!("{NAME}: {}", value(project, folder)?))
}
