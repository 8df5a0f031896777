//! `cargo fuzz run link`: any text is opened as a run or refused in a sentence, within bounds.

#![no_main]

use faultline_protocols::CATALOGUE;
use faultline_sim::link::{Opened, Work, opened};
use libfuzzer_sys::fuzz_target;

const WORK: Work = Work {
    moves: 2_000,
    records: 20_000,
};

fuzz_target!(|text: &str| {
    if let Ok(Opened::Run(link)) = opened(text) {
        let _ = link.replay(CATALOGUE, WORK);
    }
});
