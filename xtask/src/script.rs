//! A Node.js program with a browser that stays open: one line in, one line out.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use crate::Outcome;
use crate::project::Project;
use crate::{browser, tools};

/// The running program.
pub struct Script {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    version: String,
}

impl Script {
    /// Starts a program that opens a browser; its first line names the browser.
    pub fn start(project: &Project, text: &str, variables: &[(&str, &str)]) -> Outcome<Self> {
        let node =
            tools::find(project, "node").ok_or("node is not installed (https://nodejs.org)")?;
        let mut child = project
            .command(node)
            .args(["--input-type=module", "--eval", text])
            .envs(variables.iter().copied())
            .env(
                "FAULTLINE_CHROMIUM",
                browser::chromium().ok_or_else(browser::by_hand)?,
            )
            .env("FAULTLINE_END_TO_END", project.end_to_end())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("node could not be started: {error}"))?;
        let (Some(questions), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("cannot write to node".into());
        };
        let mut script = Self {
            child,
            questions,
            answers: BufReader::new(answers),
            version: String::new(),
        };
        script.version = script.answer()?;
        Ok(script)
    }

    /// The browser's name and version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Sends one question and waits for its answer.
    pub fn ask(&mut self, question: &str) -> Outcome<String> {
        writeln!(self.questions, "{question}")
            .and_then(|()| self.questions.flush())
            .map_err(|error| format!("the browser has stopped: {error}"))?;
        self.answer()
    }

    fn answer(&mut self) -> Outcome<String> {
        let mut line = String::new();
        match self.answers.read_line(&mut line) {
            Ok(0) | Err(_) => Err("the browser has stopped; its last output is above".into()),
            Ok(_) => Ok(line.trim().to_owned()),
        }
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        // Closing the input makes the script close the browser; waits for that.
        let _ = writeln!(self.questions, "end");
        let _ = self.questions.flush();
        let _ = self.child.wait();
    }
}
