//! `faultline link`: a run as the text after `#` in the page's address.

use faultline_sim::descriptor::Catalogue;
use faultline_sim::link::{Link, Opened, opened};
use faultline_sim::timeline::Pass;

use crate::arguments::{Flag, flag, read, with_value};
use crate::choice::{self, Choice, FLAGS};
use crate::open::WORK;
use crate::output::Output;
use crate::run::{play, say_remarks};
use crate::{CUT, FINE, Outcome};

pub fn run(catalogue: Catalogue, words: &[String], out: &mut Output) -> Outcome<u8> {
    let own = [
        with_value("--seed", "N"),
        with_value("--at", "4.2s"),
        flag("--file"),
    ];
    // A link has no report and no verdict.
    let about_report = |flag: &Flag| ["--json", "--expect-violation"].contains(&flag.name);
    let shared = FLAGS.into_iter().filter(|flag| !about_report(flag));
    let known: Vec<Flag> = own.into_iter().chain(shared).collect();
    let given = read(words, &known)?;
    let choice = Choice::read(catalogue, "link", &given)?;
    let seed = given.value("--seed").map_or(Ok(1), choice::seed)?;
    let at = match given.value("--at") {
        Some(text) => choice::instant(text)?,
        None => choice.until,
    };
    let written = |pass: &Pass| match given.has("--file") {
        true => Link::of_pass(pass).to_file(),
        false => Link::of_pass(pass).encode() + "\n",
    };
    let mut pass = Pass::new(&choice.setup_with(seed))?;
    // Refuses a link that is too large before a long run.
    read_back(&written(&pass))?;
    play(&mut pass, at);
    let text = written(&pass);
    open_again(catalogue, &text)?;
    say_remarks(&pass);
    out.text(&text)?;
    let cut = pass.world().halted().is_some();
    Ok(if cut { CUT } else { FINE })
}

/// The link that a text holds, as `faultline open` reads it.
fn read_back(text: &str) -> Outcome<Link> {
    match opened(text) {
        Ok(Opened::Run(link)) => Ok(*link),
        Ok(Opened::Log(_)) => Err(unusable("it would be read as a log")),
        Err(why) => Err(unusable(&why)),
    }
}

/// Refuses to print what `faultline open` would refuse.
fn open_again(catalogue: Catalogue, text: &str) -> Outcome {
    let opened = read_back(text)?.pass(catalogue, WORK);
    opened.map(|_| ()).map_err(|why| unusable(&why))
}

fn unusable(why: &str) -> String {
    format!("a link to this run could not be opened. {why}")
}
