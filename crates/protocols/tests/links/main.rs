//! Links as runs of the catalogue: what is opened is the run that was copied, or a sentence.

mod golden;
mod hostile;
mod runs;

use faultline_protocols::CATALOGUE;
use faultline_sim::link::{Link, Opened, Replayed, Work, opened};

/// Reads a text that holds a run.
fn link(text: &str) -> Result<Link, String> {
    match opened(text)? {
        Opened::Run(link) => Ok(*link),
        Opened::Log(_) => Err("This is a log, not a run".into()),
    }
}

/// Opens a link as the page does.
fn replay(link: &Link) -> Result<Replayed, String> {
    link.replay(CATALOGUE, Work::default())
}
