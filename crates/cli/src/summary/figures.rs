//! The distribution of the values of one probe.

use std::fmt::Write;

use serde_json::{Map, Value as Json, json};

use super::histogram::{Bin, histogram};
use crate::report::{aligned, number, readable};

/// Characters of the longest bar.
const BAR: u64 = 40;

/// The figures of one probe.
pub struct Figures<'l> {
    probe: &'l str,
    /// The values, sorted.
    sorted: Vec<f64>,
    mean: Option<f64>,
    without_value: usize,
}

impl<'l> Figures<'l> {
    /// Sums up values in the order of their seeds.
    pub fn new(probe: &'l str, values: impl Iterator<Item = Option<f64>>) -> Self {
        let all: Vec<Option<f64>> = values.collect();
        let values: Vec<f64> = all.iter().flatten().copied().collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let mut sorted = values;
        sorted.sort_by(f64::total_cmp);
        Self {
            probe,
            mean: (!sorted.is_empty()).then_some(mean),
            without_value: all.len() - sorted.len(),
            sorted,
        }
    }

    /// The smallest value with at least this share of all values at or below it.
    fn percentile(&self, percent: usize) -> Option<f64> {
        let rank = (self.sorted.len() * percent).div_ceil(100);
        Some(self.sorted[rank.checked_sub(1)?])
    }

    /// The JSON fields of a probe before and after those of the whole sweep.
    pub fn json(&self, runs: Option<usize>) -> Map<String, Json> {
        let or_null = |value: Option<f64>| value.map_or(Json::Null, number);
        let bins = histogram(&self.sorted);
        let mut figures = Map::new();
        let mut put = |key: &str, value: Json| drop(figures.insert(key.to_owned(), value));
        put("probe", self.probe.into());
        if let Some(runs) = runs {
            put("runs", runs.into());
        }
        put("mean", or_null(self.mean));
        put("min", or_null(self.sorted.first().copied()));
        put("max", or_null(self.sorted.last().copied()));
        put("p50", or_null(self.percentile(50)));
        put("p95", or_null(self.percentile(95)));
        put("histogram", bins.iter().map(Bin::json).collect());
        if runs.is_none() {
            put("without_value", json!(self.without_value));
        }
        figures
    }

    pub fn without_value(&self) -> usize {
        self.without_value
    }

    /// Mean, least, median, nineteen of twenty, and most, each with its name.
    pub fn named(&self) -> [(&'static str, Option<f64>); 5] {
        [
            ("mean", self.mean),
            ("min", self.sorted.first().copied()),
            ("p50", self.percentile(50)),
            ("p95", self.percentile(95)),
            ("max", self.sorted.last().copied()),
        ]
    }

    /// The figures for a person.
    pub fn text(&self) -> String {
        let runs = self.sorted.len() + self.without_value;
        let mut text = format!("{} over {runs} runs\n", self.probe);
        let rows: Vec<Vec<String>> = self
            .named()
            .iter()
            .filter_map(|(name, value)| Some(vec![(*name).to_owned(), readable((*value)?)]))
            .collect();
        text.push_str(&aligned(2, &rows));
        if self.without_value > 0 {
            let _ = writeln!(text, "  {} runs have no value", self.without_value);
        }
        let bins = histogram(&self.sorted);
        let most = bins.iter().map(|bin| bin.count).max().unwrap_or(1);
        let bars: Vec<Vec<String>> = bins.iter().map(|bin| bin.row(most, BAR)).collect();
        let _ = write!(text, "\n{}", aligned(2, &bars));
        text
    }
}
