//! Runs the program and reads its output.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value as Json;

/// The result of one call.
pub struct Answer {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// Runs `faultline` with these arguments.
pub fn faultline<const N: usize>(arguments: [&str; N]) -> Answer {
    with_input(&arguments, "")
}

/// The same with standard input.
pub fn with_input(arguments: &[&str], input: &str) -> Answer {
    let mut child = Command::new(env!("CARGO_BIN_EXE_faultline"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("it has an input");
    // Most calls end without reading it.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    let text = |bytes| String::from_utf8(bytes).expect("it speaks UTF-8");
    Answer {
        code: output.status.code().expect("no signal ended it"),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// A file of this content, by its path.
pub fn file(name: &str, content: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

impl Answer {
    /// The one JSON value on standard output.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.out, self.err))
    }
}

/// The keys of an object, in order.
pub fn keys(json: &Json) -> Vec<&str> {
    let object = json
        .as_object()
        .unwrap_or_else(|| panic!("no object: {json}"));
    object.keys().map(String::as_str).collect()
}
