//! Runs other programs and keeps reporting progress.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crate::Outcome;

/// The longest silence on the terminal.
const SILENCE: Duration = Duration::from_secs(8);
/// The interval of progress reports for a job with hidden output.
const REPORT: Duration = Duration::from_secs(5);
/// How much of the hidden output is shown if a job fails.
const TAIL: usize = 60;

enum Line {
    Out(Vec<u8>),
    Err(Vec<u8>),
}

/// Runs a program and passes its output on. `what` names it in progress reports.
pub fn show(what: &str, mut command: Command) -> Outcome {
    if std::io::stdout().is_terminal() {
        // A pipe makes cargo drop its colours, so this asks for them.
        command.env("CARGO_TERM_COLOR", "always");
    }
    let start = Instant::now();
    let (mut child, lines) = start_piped(what, &mut command)?;
    loop {
        match lines.recv_timeout(SILENCE) {
            Ok(Line::Out(line)) => pass_on(&mut std::io::stdout().lock(), &line),
            Ok(Line::Err(line)) => pass_on(&mut std::io::stderr().lock(), &line),
            Err(RecvTimeoutError::Timeout) => say(&format!("  ... {what}: {}", since(start))),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    finish(what, &mut child)
}

/// Runs a program, hides its output, and reports its progress every few seconds. The output is shown if
/// the program fails.
pub fn report(what: &str, usual: &str, mut command: Command) -> Outcome {
    let start = Instant::now();
    let (mut child, lines) = start_piped(what, &mut command)?;
    let mut tail: VecDeque<String> = VecDeque::new();
    let mut compiled = 0_u32;
    let mut next = start + REPORT;
    loop {
        let wait = next.saturating_duration_since(Instant::now());
        match lines.recv_timeout(wait) {
            Ok(Line::Out(line) | Line::Err(line)) => {
                let text = String::from_utf8_lossy(&line).trim_end().to_string();
                compiled += u32::from(text.trim_start().starts_with("Compiling "));
                tail.push_back(text);
                if tail.len() > TAIL {
                    tail.pop_front();
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                let last = tail.back().map_or("starting", |line| line.trim());
                let count = if compiled > 0 {
                    format!(", {compiled} crates")
                } else {
                    String::new()
                };
                say(&format!(
                    "  ... {what}: {} of {usual}{count}: {last}",
                    since(start)
                ));
                next = Instant::now() + REPORT;
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    let outcome = finish(what, &mut child);
    if outcome.is_err() {
        for line in tail {
            eprintln!("  | {line}");
        }
    }
    outcome
}

/// Runs a program without showing it and returns its output, if it succeeds.
pub fn answer(mut command: Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The time since `start`, as people write it.
pub fn since(start: Instant) -> String {
    let seconds = start.elapsed().as_secs_f64();
    if seconds < 10.0 {
        format!("{seconds:.1} s")
    } else if seconds < 100.0 {
        format!("{seconds:.0} s")
    } else {
        format!("{} min {:02} s", seconds as u64 / 60, seconds as u64 % 60)
    }
}

/// Prints a line at once, without buffering.
pub fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // A closed pipe (`cargo xtask test | head`) should not abort a step.
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

fn start_piped(what: &str, command: &mut Command) -> Outcome<(Child, Receiver<Line>)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            let program = command.get_program().to_string_lossy();
            format!("{what}: {program} could not be started: {error}")
        })?;
    let (sender, lines) = mpsc::channel();
    if let Some(out) = child.stdout.take() {
        forward(out, sender.clone(), Line::Out);
    }
    if let Some(err) = child.stderr.take() {
        forward(err, sender, Line::Err);
    }
    Ok((child, lines))
}

fn forward(stream: impl Read + Send + 'static, sender: Sender<Line>, wrap: fn(Vec<u8>) -> Line) {
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        loop {
            let mut line = Vec::new();
            match reader.read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => break,
                Ok(_) => {
                    if sender.send(wrap(line)).is_err() {
                        break;
                    }
                }
            }
        }
    });
}

fn pass_on(out: &mut impl Write, line: &[u8]) {
    let _ = out.write_all(line);
    let _ = out.flush();
}

fn finish(what: &str, child: &mut Child) -> Outcome {
    let status: ExitStatus = child
        .wait()
        .map_err(|error| format!("{what} could not be waited for: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{what} ended with {status}"))
    }
}
