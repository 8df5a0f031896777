//! Set-up and every routine job of this repository: `cargo xtask help`.
//!
//! It needs no shell, and nothing here is part of the page. Every command says what it is going to do,
//! reports its progress, and fails with one sentence that tells how to continue.
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "this program measures real time and waits; no simulation code runs in it"
)]

mod browser;
mod commands;
#[path = "../split/src/course.rs"]
mod course;
mod debian;
mod job;
mod markup;
mod page;
mod parts;
mod policy;
mod prebuilt;
mod project;
mod script;
mod server;
mod sizes;
#[path = "../split/src/texts.rs"]
mod texts;
mod tools;
mod watch;

use std::process::ExitCode;

/// The result of every step: an error is one sentence for the person at the terminal.
type Outcome<T = ()> = Result<T, String>;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_else(|| "help".into());
    match commands::run(&command, arguments.collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(commands::Failure::Usage(sentence)) => {
            eprintln!("{sentence}");
            ExitCode::from(2)
        }
        Err(commands::Failure::Failed(sentence)) => {
            eprintln!("\nfailed: {sentence}");
            ExitCode::FAILURE
        }
    }
}
