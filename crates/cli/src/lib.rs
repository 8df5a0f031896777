//! Faultline without a page: the same engine on the command line, for checks, homework and benches.
//!
//! Every command returns an exit code: 0, success; 1, an invariant is broken (with
//! `--expect-violation` the other way round), a log was refused, or a history is not linearizable; 2, the
//! arguments are wrong, or a file could not be read or written, and one sentence on standard error says
//! which; 3, a run or a check was cut off at a limit, so its end is not known.

pub mod arguments;
mod ask;
pub mod bench;
mod check;
mod check_history;
mod choice;
mod cost;
mod help;
mod hunt;
mod link;
mod list;
mod merge;
mod open;
mod output;
mod progress;
mod report;
mod run;
mod shiviz;
mod summary;
mod sweep;
mod verbs;
mod verdict;
mod workers;

use std::ffi::OsString;

use faultline_sim::descriptor::Catalogue;
use faultline_sim::text::did_you_mean;

use output::Output;

/// An error is one sentence for the person who typed the command.
pub type Outcome<T = ()> = Result<T, String>;

/// Success.
pub const FINE: u8 = 0;
/// An invariant is broken, a log breaks a rule, or a history is not linearizable.
pub const BROKEN: u8 = 1;
/// The arguments are wrong.
pub const WRONG: u8 = 2;
/// A run or a check was cut off at a limit before its end.
pub const CUT: u8 = 3;

const COMMANDS: [&str; 14] = [
    "list",
    "run",
    "ask",
    "sweep",
    "merge",
    "hunt",
    "cost",
    "link",
    "open",
    "shiviz-check",
    "check-history",
    "bench",
    "help",
    "version",
];

/// Runs the program with these arguments (without its own name) and returns its exit code.
#[must_use]
pub fn run(catalogue: Catalogue, arguments: Vec<OsString>) -> u8 {
    let mut out = Output::stdout();
    let answer = arguments::texts(arguments)
        .and_then(|words| command(catalogue, &words, &mut out))
        .and_then(|code| out.finish().map(|()| code));
    answer.unwrap_or_else(|sentence| {
        eprintln!("faultline: {sentence}");
        WRONG
    })
}

fn command(catalogue: Catalogue, words: &[String], out: &mut Output) -> Outcome<u8> {
    let Some((name, rest)) = words.split_first() else {
        out.text(help::GENERAL)?;
        return Ok(FINE);
    };
    // After a command, `--help` anywhere asks for the help on that command.
    let asks = |word: &String| word == "--help" || word == "-h";
    if COMMANDS.contains(&name.as_str()) && rest.iter().any(asks) {
        out.text(help::about(name)?)?;
        return Ok(FINE);
    }
    match name.as_str() {
        "list" => list::run(catalogue, rest, out),
        "run" => run::run(catalogue, rest, out),
        "ask" => ask::run(catalogue, rest, out),
        "sweep" => sweep::run(catalogue, rest, out),
        "merge" => merge::run(rest, out),
        "hunt" => hunt::run(catalogue, rest, out),
        "cost" => cost::run(catalogue, rest, out),
        "link" => link::run(catalogue, rest, out),
        "open" => open::run(catalogue, rest, out),
        "shiviz-check" => shiviz::run(rest, out),
        "check-history" => check_history::run(rest, out),
        "bench" => bench::command::run(rest, out),
        "help" | "--help" | "-h" => {
            help::run(catalogue, rest, out)?;
            Ok(FINE)
        }
        "version" | "--version" | "-V" => {
            out.line(concat!("faultline ", env!("CARGO_PKG_VERSION")))?;
            Ok(FINE)
        }
        other => Err(format!(
            "there is no command `{other}`; {}",
            did_you_mean(other, COMMANDS)
        )),
    }
}
