//! Packages of Debian, if this process may install them.

use std::path::PathBuf;

use crate::Outcome;
use crate::job;
use crate::project::Project;
use crate::tools;

/// apt-get, if this process has the rights to install with it.
fn apt(project: &Project) -> Option<PathBuf> {
    tools::find(project, "apt-get").filter(|_| is_root())
}

/// Whether [`install`] can work here.
pub fn can_install(project: &Project) -> bool {
    apt(project).is_some()
}

/// Installs packages. `what` is what a person wants from them.
pub fn install(project: &Project, what: &str, packages: &[&str]) -> Outcome {
    let apt = apt(project)
        .ok_or_else(|| format!("only root on a Debian system lets this command install {what}"))?;
    let mut update = project.command(&apt);
    update.arg("update");
    job::report("apt-get update", "15 s", update)?;
    let mut install = project.command(&apt);
    install.args(["install", "--yes", "--no-install-recommends"]);
    install.args(packages);
    install.env("DEBIAN_FRONTEND", "noninteractive");
    job::report("apt-get install", "30 s", install)
}

fn is_root() -> bool {
    let mut id = std::process::Command::new("id");
    id.arg("-u");
    job::answer(id).is_some_and(|user| user.trim() == "0")
}
