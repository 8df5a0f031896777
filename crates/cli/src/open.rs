//! `faultline open`: runs what a link describes and reports it as `faultline run` does.

use std::io::Read;
use std::path::Path;

use faultline_sim::descriptor::Catalogue;
use faultline_sim::link::{Link, Opened, Work, opened};
use faultline_sim::timeline::Pass;

use crate::Outcome;
use crate::arguments::{flag, read, with_value};
use crate::choice::{instant, invariant};
use crate::output::Output;
use crate::run::{TRACE, Telling, play};

/// No person waits at a page here, so this is the limit of any run.
pub const WORK: Work = Work {
    moves: u64::MAX,
    records: u64::MAX,
};

pub fn run(catalogue: Catalogue, words: &[String], out: &mut Output) -> Outcome<u8> {
    let known = [
        with_value("--until", "10s"),
        flag("--json"),
        with_value("--expect-violation", "INVARIANT"),
        TRACE[0],
        TRACE[1],
        TRACE[2],
    ];
    let given = read(words, &known)?;
    let Some(word) = given.words.first() else {
        return Err("open needs a link, a file, or `-` for standard input".into());
    };
    given.at_most(1, "open takes one link or file")?;
    let until = match given.value("--until") {
        Some(text) => Some(instant(text)?),
        None => None,
    };
    let link = match opened(&text_of(word)?)? {
        Opened::Run(link) => link,
        Opened::Log(_) => {
            let why =
                "this is the log of another system, not a run; `faultline shiviz-check` reads it";
            return Err(why.into());
        }
    };
    let mut pass = replay(catalogue, &link)?;
    let expected = match given.value("--expect-violation") {
        Some(name) => Some(invariant(pass.setup().protocol, name)?),
        None => None,
    };
    let until = match (until, link.cursor) {
        (Some(until), _) => until,
        (None, Some(_)) => pass.world().now(),
        (None, None) => pass.setup().until(),
    };
    if until < pass.world().now() {
        // The report covers the run up to that instant only.
        pass = Pass::new(pass.setup())?;
    }
    let mut telling = Telling::read(&given)?;
    play(&mut pass, until);
    telling.tell(&pass, expected, out)
}

/// The run at the link's instant; warnings go to standard error.
fn replay(catalogue: Catalogue, link: &Link) -> Outcome<Pass> {
    let (pass, remark) = link.pass(catalogue, WORK)?;
    if let Some(remark) = remark {
        eprintln!("faultline: {remark}");
    }
    Ok(pass)
}

/// The content that a word names: standard input, a file, or the word itself.
fn text_of(word: &str) -> Outcome<String> {
    if word == "-" {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .map_err(|error| format!("cannot read standard input: {error}"))?;
        return Ok(text);
    }
    let named = [".run", ".json", ".txt"]
        .iter()
        .any(|end| word.ends_with(end));
    if named || (word.len() < 4_096 && Path::new(word).is_file()) {
        return std::fs::read_to_string(word)
            .map_err(|error| format!("cannot read `{word}`: {error}"));
    }
    Ok(word.to_owned())
}
