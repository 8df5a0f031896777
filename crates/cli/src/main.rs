//! The program `faultline`. All of its code is in the library, so that tests can call it.

use std::process::ExitCode;

// Cuts off a run that grows without end before the machine runs out of memory.
faultline_sim::counting_allocator!();

fn main() -> ExitCode {
    let arguments = std::env::args_os().skip(1).collect();
    ExitCode::from(faultline_cli::run(
        faultline_protocols::CATALOGUE,
        arguments,
    ))
}
