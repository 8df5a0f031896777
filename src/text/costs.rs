//! Words for what a run costs.

pub const TITLE: &str = "What it costs";
pub const KINDS: &str = "Messages by kind";
pub const NOTHING: &str = "Nothing has been sent yet.";
pub const KIND: &str = "Kind";
pub const SENT: &str = "Sent";
pub const BYTES: &str = "Bytes";
pub const REQUESTS: &str = "A request, on average";
pub const COST: &str = "Cost";
pub const MEASURED: &str = "Measured";
pub const TEXTBOOK: &str = "Textbook";
pub const BEHIND: &str = "The run is long: not all of it is counted yet.";
pub const GO_ON: &str = "Count all";
/// What belongs to a request.
pub const ABOUT: &str = "A message belongs to the request that caused it, until the answer. Delays are \
    messages one after another; two of them are a round trip. What a node has to write before it goes on is one disk write.";

/// "8.5", "213 bytes", or a dash where nothing is measured.
#[must_use]
pub fn measured(value: Option<f64>, unit: &str) -> String {
    value.map_or("–".into(), |value| super::measured::amount(value, unit))
}

/// "2(n − 1) = 8".
#[must_use]
pub fn formula(letters: &str, value: Option<f64>) -> String {
    match value {
        // A number as it is.
        Some(value) if super::measured::short(value) == letters => letters.to_owned(),
        Some(value) => format!("{letters} = {}", super::measured::short(value)),
        None => letters.to_owned(),
    }
}
