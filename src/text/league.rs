//! Words of the league table.

pub const TITLE: &str = "League table";
pub const MEASURE: &str = "Measure";
pub const AGAIN: &str = "Measure again, with my settings of now";
pub const TITLE_AMONG: &str = "Same faults, other algorithms";
pub const AGAIN_AMONG: &str = "Measure again, with my faults of now";
pub const STOP: &str = "Stop";
pub const OPEN: &str = "Open a run with these settings";
pub const BEST: &str = "best";
pub const NO_VALUE: &str = "\u{2013}";
pub const SORT: &str = "The least first";

/// What the table is about.
#[must_use]
pub fn about(seeds: u64) -> String {
    format!(
        "All presets, and your own settings if you have changed any: {seeds} runs each, with the same seeds. \
         Means at the end of the runs; less is better."
    )
}

/// What the table of several algorithms is about.
#[must_use]
pub fn about_among(seeds: u64) -> String {
    format!(
        "The same requests and the same faults, yours as well, under other algorithms: {seeds} runs each. Means at \
         the end of the runs; less is better."
    )
}

/// A person's own row.
#[must_use]
pub fn yours(number: usize) -> String {
    match number {
        1 => "Your settings".to_owned(),
        more => format!("Your settings, number {more}"),
    }
}

/// How far it is.
#[must_use]
pub fn runs(done: u64, seeds: u64) -> String {
    format!("{done} of {seeds} runs")
}
