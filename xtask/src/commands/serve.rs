//! `cargo xtask serve`: from nothing to a running page.

use std::time::Instant;

use lexopt::prelude::*;

use super::{Failure, project, usage};
use crate::job::{self, say};
use crate::page;
use crate::project::Project;
use crate::server::Server;
use crate::tools::{self, Tool};
use crate::watch::Sources;

pub const HELP: &str = "\
cargo xtask serve [--port N] [--open] [--once]
    Installs what is missing, compiles the page and serves it on http://127.0.0.1:8080, or on the
    next free port. Builds again when a source file changes, and open pages reload themselves.
        --port N   exactly this port
        --open     opens the page in the default browser
        --once     does not watch the sources";

const PORT: u16 = 8080;

pub fn run(arguments: Vec<String>) -> Result<(), Failure> {
    let (mut port, mut open, mut watch) = (None, false, true);
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next().map_err(usage("serve"))? {
        match argument {
            Long("port") => {
                let value = parser.value().and_then(|value| value.parse());
                port = Some(value.map_err(usage("serve"))?);
            }
            Long("open") => open = true,
            Long("once") => watch = false,
            other => return Err(usage("serve")(other.unexpected())),
        }
    }
    let project = project()?;
    let start = Instant::now();
    // Checks the port before anything slow, so that an error does not come minutes later.
    let folder = page::folder(&project);
    let server = match port {
        Some(port) => Server::start(&folder, "/", port)?,
        None => Server::start_near(&folder, "/", PORT)?,
    };
    tools::ensure(&project, &[Tool::WasmTarget, Tool::Glue])?;
    let mut sources = Sources::now(&project);
    say("Compiling the page (one to two minutes on two cores the first time, then seconds)");
    page::build(&project)?;
    say(&format!(
        "\nServing {} (ready after {})",
        server.address(),
        job::since(start)
    ));
    say("Ctrl-C ends it.");
    if open {
        open_browser(&project, &server.address());
    }
    loop {
        if !watch {
            std::thread::park();
            continue;
        }
        sources = sources.wait_for_change(&project);
        let start = Instant::now();
        say("\nA source file changed.");
        match page::build(&project) {
            Ok(()) => {
                server.site.reload();
                say(&format!(
                    "Built again in {}: {}",
                    job::since(start),
                    server.address()
                ));
            }
            // The person is working, so the last good page stays up.
            Err(reason) => say(&format!(
                "{reason}; still serving the page before this change"
            )),
        }
    }
}

fn open_browser(project: &Project, address: &str) {
    let (program, arguments): (&str, &[&str]) = if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else if cfg!(target_os = "macos") {
        ("open", &[])
    } else {
        ("xdg-open", &[])
    };
    let mut command = project.command(program);
    command.args(arguments).arg(address);
    if command.spawn().is_err() {
        say(&format!(
            "Found no program that opens a browser. Open {address} yourself."
        ));
    }
}
