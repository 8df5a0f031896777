//! The program `faultline`; all of it is in the library, where tests reach it.

use std::process::ExitCode;

// A run that grows without end is cut before the machine gives up.
faultline_sim::counting_allocator!();

fn main() -> ExitCode {
    let arguments = std::env::args_os().skip(1).collect();
    ExitCode::from(faultline_cli::run(
        faultline_protocols::CATALOGUE,
        arguments,
    ))
}
