//! Writes the JavaScript that loads the compiled page: `faultline-glue NAME FOLDER INPUT.wasm`.
//!
//! The command line tool `wasm-bindgen` does the same, but it includes a test server, an HTTP client
//! and TLS, and takes minutes to compile. This program is only the generator, in the version that
//! `Cargo.lock` gives the page, so a first `cargo xtask serve` needs no other tool.

use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, folder, input] = arguments.as_slice() else {
        eprintln!("usage: faultline-glue NAME FOLDER INPUT.wasm");
        return ExitCode::from(2);
    };
    match generate(name, folder, input) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn generate(name: &str, folder: &str, input: &str) -> Result<(), String> {
    let written = Bindgen::new()
        .input_path(input)
        .out_name(name)
        .typescript(false)
        .keep_debug(false)
        .web(true)
        .and_then(|bindgen| bindgen.generate(folder));
    written.map_err(|error| format!("{error:#}"))
}
