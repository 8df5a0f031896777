//! One file per command.

mod attempt;
mod bench;
mod build;
mod checklist;
mod e2e;
mod first;
mod golden;
mod new;
mod serve;
mod test;

use crate::Outcome;
use crate::project::Project;

/// Why a command failed.
pub enum Failure {
    /// The arguments are wrong: exit code 2.
    Usage(String),
    /// The job failed: exit code 1.
    Failed(String),
}

impl From<String> for Failure {
    fn from(sentence: String) -> Self {
        Self::Failed(sentence)
    }
}

struct Command {
    name: &'static str,
    help: &'static str,
    run: fn(Vec<String>) -> Result<(), Failure>,
}

const COMMANDS: [Command; 10] = [
    Command {
        name: "serve",
        help: serve::HELP,
        run: serve::run,
    },
    Command {
        name: "test",
        help: test::HELP,
        run: test::run,
    },
    Command {
        name: "build",
        help: build::HELP,
        run: build::run,
    },
    Command {
        name: "e2e",
        help: e2e::HELP,
        run: e2e::run,
    },
    Command {
        name: "new",
        help: new::HELP,
        run: new::run,
    },
    Command {
        name: "try",
        help: attempt::HELP,
        run: attempt::run,
    },
    Command {
        name: "golden",
        help: golden::HELP,
        run: golden::run,
    },
    Command {
        name: "first",
        help: first::HELP,
        run: first::run,
    },
    Command {
        name: "checklist",
        help: checklist::HELP,
        run: checklist::run,
    },
    Command {
        name: "bench",
        help: bench::HELP,
        run: bench::run,
    },
];

/// Runs the command of this name.
pub fn run(name: &str, arguments: Vec<String>) -> Result<(), Failure> {
    if matches!(name, "help" | "--help" | "-h") {
        return help(arguments.first());
    }
    let command = find(name)?;
    // After `--`, arguments belong to another program.
    let ours = arguments.iter().take_while(|argument| *argument != "--");
    if ours
        .clone()
        .any(|argument| argument == "--help" || argument == "-h")
    {
        println!("{}", command.help);
        return Ok(());
    }
    (command.run)(arguments)
}

fn find(name: &str) -> Result<&'static Command, Failure> {
    COMMANDS
        .iter()
        .find(|command| command.name == name)
        .ok_or_else(|| {
            let names = COMMANDS.map(|command| command.name).join(", ");
            Failure::Usage(format!(
                "there is no command `{name}`; there are {names} and help"
            ))
        })
}

fn help(name: Option<&String>) -> Result<(), Failure> {
    if let Some(name) = name {
        println!("{}", find(name)?.help);
        return Ok(());
    }
    println!("Set-up and every routine job of Faultline.\n");
    for command in &COMMANDS {
        println!("{}\n", command.help);
    }
    println!("cargo xtask help [COMMAND]\n    Prints this, or the part about one command.");
    Ok(())
}

/// Steps with their times, printed while they run and once more at the end.
struct Steps {
    done: Vec<(String, String)>,
}

impl Steps {
    fn new() -> Self {
        Self { done: Vec::new() }
    }

    fn run(&mut self, name: &str, step: impl FnOnce() -> Outcome) -> Outcome {
        crate::job::say(&format!("\n== {name}"));
        let start = std::time::Instant::now();
        let outcome = step();
        let took = crate::job::since(start);
        match outcome {
            Ok(()) => {
                crate::job::say(&format!("== {name}: {took}"));
                self.done.push((name.to_string(), took));
                Ok(())
            }
            Err(reason) => Err(format!("{name}, after {took}: {reason}")),
        }
    }

    fn summary(&self) {
        crate::job::say("");
        for (name, took) in &self.done {
            crate::job::say(&format!("  {name:<52} {took:>12}"));
        }
    }
}

/// Turns lexopt's errors into ours.
fn usage(command: &str) -> impl Fn(lexopt::Error) -> Failure {
    move |error| Failure::Usage(format!("{error}; see `cargo xtask help {command}`"))
}

fn project() -> Result<Project, Failure> {
    Ok(Project::find()?)
}
