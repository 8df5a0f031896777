//! Writes the JavaScript that loads the compiled page: `faultline-glue INPUT.wasm OUTPUT_DIR NAME`.
//!
//! The command line tool `wasm-bindgen` does the same, but it carries a test server, an HTTP client
//! and TLS, and takes minutes to compile. This program is the generator alone, in the version that
//! `Cargo.lock` gives the page, so a first `cargo xtask serve` needs no tool from outside.

use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, output, name] = arguments.as_slice() else {
        eprintln!("usage: faultline-glue INPUT.wasm OUTPUT_DIR NAME");
        return ExitCode::from(2);
    };
    match generate(input, output, name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn generate(input: &str, output: &str, name: &str) -> Result<(), String> {
    let written = Bindgen::new()
        .input_path(input)
        .out_name(name)
        .typescript(false)
        .keep_debug(false)
        .web(true)
        .and_then(|bindgen| bindgen.generate(output));
    written.map_err(|error| format!("{error:#}"))
}
