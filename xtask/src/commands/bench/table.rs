//! The figures of a bench as a table.

use super::{ENGINES, Figure, WORKLOADS};

/// The targets for an engine, as multiples of the bare heap's time: without and with recording.
const TARGETS: [[Option<f64>; 2]; 3] =
    [[Some(2.0), Some(5.0)], [Some(3.0), None], [Some(1.5), None]];
/// The target for the browser, as a multiple of the native time.
const BROWSER_TARGET: f64 = 1.5;

/// One engine on one workload, by their indexes, round by round.
pub struct Row {
    pub workload: usize,
    pub engine: usize,
    pub native: Vec<Figure>,
    pub browser: Vec<Figure>,
}

impl Row {
    /// A row for every engine on every workload.
    pub fn all() -> Vec<Self> {
        let pairs = (0..WORKLOADS.len()).flat_map(|w| (0..ENGINES.len()).map(move |e| (w, e)));
        let row = |(workload, engine)| Self {
            workload,
            engine,
            native: Vec::new(),
            browser: Vec::new(),
        };
        pairs.map(row).collect()
    }
}

pub fn table(rows: &[Row]) -> String {
    let with_browser = rows.iter().any(|row| !row.browser.is_empty());
    let mut text = format!(
        "{:24}{:>9}{:>16}{:>17}",
        "native", "ns/event", "x heap", "deliveries/s"
    );
    if with_browser {
        text += &format!(
            "{:>12}{:>9}{:>17}{:>16}",
            "browser ns", "x heap", "deliveries/s", "x native"
        );
    }
    for row in rows {
        let heap = rows
            .iter()
            .find(|r| r.workload == row.workload && r.engine == 0);
        let heap = heap.unwrap_or(row);
        let target = row
            .engine
            .checked_sub(1)
            .and_then(|at| TARGETS[row.workload][at]);
        let name = format!("{} {}", WORKLOADS[row.workload], ENGINES[row.engine]);
        text += &format!("\n{name:24}");
        text += &figures(&row.native, &heap.native, target, 16);
        if with_browser {
            text += &format!("   {}", figures(&row.browser, &heap.browser, None, 9));
            let target = (row.engine > 0).then_some(BROWSER_TARGET);
            text += &format!("{:>16}", ratio(&row.browser, &row.native, target));
        }
    }
    text
}

/// Medians for programs.
pub fn json(rows: &[Row]) -> serde_json::Value {
    let figure = |figures: &[Figure]| {
        (!figures.is_empty()).then(|| median(figures.iter().map(|f| f.ns).collect()))
    };
    let rows = rows.iter().map(|row| {
        serde_json::json!({
            "workload": WORKLOADS[row.workload],
            "engine": ENGINES[row.engine],
            "native_ns": figure(&row.native),
            "browser_ns": figure(&row.browser),
        })
    });
    rows.collect()
}

fn figures(own: &[Figure], heap: &[Figure], target: Option<f64>, width: usize) -> String {
    let ns = median(own.iter().map(|f| f.ns).collect());
    let rate = median(
        own.iter()
            .map(|f| 1e9 / f.ns / f.events_per_delivery)
            .collect(),
    );
    format!("{ns:9.1}{:>width$}{rate:17.0}", ratio(own, heap, target))
}

/// The median of the ratios of each round, and whether it meets its target.
fn ratio(own: &[Figure], base: &[Figure], target: Option<f64>) -> String {
    let ratio = median(
        own.iter()
            .zip(base)
            .map(|(own, base)| own.ns / base.ns)
            .collect(),
    );
    match target {
        None => format!("{ratio:.2}"),
        Some(most) if ratio <= most => format!("{ratio:.2} (of {most})"),
        Some(most) => format!("! {ratio:.2} (of {most})"),
    }
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => values[odd / 2],
        even => f64::midpoint(values[even / 2 - 1], values[even / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_taken_inside_a_round() {
        let figure = |ns| Figure {
            ns,
            events_per_delivery: 1.25,
        };
        // A machine that is twice as slow in the second round.
        let heap = [figure(20.0), figure(40.0), figure(21.0)];
        let own = [figure(30.0), figure(60.0), figure(31.5)];
        assert_eq!(ratio(&own, &heap, None), "1.50");
        assert_eq!(ratio(&own, &heap, Some(1.5)), "1.50 (of 1.5)");
        assert_eq!(ratio(&own, &heap, Some(1.4)), "! 1.50 (of 1.4)");
        assert_eq!(median(vec![1.0, 4.0, 2.0, 3.0]), 2.5);
    }

    #[test]
    fn every_row_is_in_the_table() {
        let rows = Row::all();
        assert_eq!((rows.len(), table(&rows).lines().count()), (9, 10));
    }
}
