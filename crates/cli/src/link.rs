//! `faultline link`: a run as the text behind `#` in the page's address.

use faultline_sim::descriptor::Catalogue;
use faultline_sim::link::Link;
use faultline_sim::time::{Duration, Time};
use faultline_sim::timeline::Timeline;

use crate::arguments::{Flag, flag, read, with_value};
use crate::choice::{self, Choice, FLAGS};
use crate::output::Output;
use crate::run::play;
use crate::{FINE, Outcome};

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
        Some(text) => Time(Duration::parse(text)?.0),
        None => choice.until,
    };
    let mut timeline = Timeline::new(choice.setup_with(seed))?;
    for sentence in play(&mut timeline, at) {
        eprintln!("faultline: {sentence}");
    }
    let link = Link::of(&timeline);
    if given.has("--file") {
        out.text(&link.to_file())?;
    } else {
        out.line(&link.encode())?;
    }
    Ok(FINE)
}
