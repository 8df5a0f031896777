//! What a request costs by the book (5.3, 8).

use faultline_sim::cost::{Formula, Of};
use faultline_sim::settings::Settings;

use super::{CLIENTS, CONFIRM_READS, NODES};

const SAYS: &str = "n servers, asked at the leader, which sends nothing to itself. Answers of all followers \
    count, heartbeats do not. A client on a node of its own adds its request and the answer: 2 messages and \
    2 delays.";

pub(super) const FORMULAS: &[Formula] = &[
    formula("write", Of::Messages, "2(n − 1)", round),
    formula("write", Of::Delays, "2", delays),
    Formula {
        convention: "Each of n servers has a new entry on its disk before it tells of it (5.2, 5.4).",
        ..formula("write", Of::Writes, "n", |settings| {
            Some(f64::from(settings.count(&NODES)))
        })
    },
    formula("read", Of::Messages, "2(n − 1)", |settings| {
        settings.switch(&CONFIRM_READS).then(|| round(settings))?
    }),
];

const fn formula(
    request: &'static str,
    of: Of,
    letters: &'static str,
    value: fn(&Settings) -> Option<f64>,
) -> Formula {
    Formula {
        request,
        of,
        letters,
        convention: SAYS,
        value,
    }
}

/// To each follower and back, and a client's request with its answer.
fn round(settings: &Settings) -> Option<f64> {
    let followers = settings.count(&NODES).saturating_sub(1);
    Some(f64::from(2 * followers + client(settings)))
}

fn delays(settings: &Settings) -> Option<f64> {
    Some(f64::from(2 + client(settings)))
}

fn client(settings: &Settings) -> u32 {
    if settings.count(&CLIENTS) > 0 { 2 } else { 0 }
}
