//! Histograms from the smallest to the largest value.

use serde_json::{Value as Json, json};

use crate::report::{number, readable};

/// Fewest and most bins.
const BINS: (usize, usize) = (10, 20);

/// Values from `from` up to, not including, `to`; the last bin includes it.
#[derive(Debug, PartialEq)]
pub struct Bin {
    pub from: f64,
    pub to: f64,
    pub count: u64,
}

impl Bin {
    pub fn json(&self) -> Json {
        json!({"from": number(self.from), "to": number(self.to), "count": self.count})
    }

    /// A row of the histogram, in which `most` values make a bar of `width` characters.
    pub fn row(&self, most: u64, width: u64) -> Vec<String> {
        let bar = "#".repeat((self.count * width).div_ceil(most.max(1)) as usize);
        vec![readable(self.from), self.count.to_string(), bar]
    }
}

/// Equal bins over sorted values.
pub fn histogram(sorted: &[f64]) -> Vec<Bin> {
    let (Some(&min), Some(&max)) = (sorted.first(), sorted.last()) else {
        return Vec::new();
    };
    let whole = sorted.iter().all(|value| value.fract() == 0.0);
    let edges: Vec<f64> = if whole && max - min < BINS.1 as f64 {
        (0..=(max - min) as u32 + 1)
            .map(|n| min + f64::from(n))
            .collect()
    } else if max > min {
        let bins = ((sorted.len() as f64).sqrt().ceil() as usize).clamp(BINS.0, BINS.1);
        let edge = |n| min + (max - min) * (n as f64 / bins as f64);
        (0..bins).map(edge).chain([max]).collect()
    } else {
        vec![min, max]
    };
    let last = edges.len() - 2;
    let bin = |(n, pair): (usize, &[f64])| {
        let below = |edge: f64| sorted.partition_point(|value| *value < edge);
        let end = if n == last {
            sorted.len()
        } else {
            below(pair[1])
        };
        Bin {
            from: pair[0],
            to: pair[1],
            count: (end - below(pair[0])) as u64,
        }
    };
    edges.windows(2).enumerate().map(bin).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(values: &[f64]) -> Vec<u64> {
        histogram(values).iter().map(|bin| bin.count).collect()
    }

    #[test]
    fn every_value_is_in_one_bin() {
        let values: Vec<f64> = (0..1_000).map(|n| f64::from(n) * 0.37).collect();
        let bins = histogram(&values);
        assert_eq!(bins.len(), 20);
        assert_eq!(bins.iter().map(|bin| bin.count).sum::<u64>(), 1_000);
        assert!(bins.iter().all(|bin| bin.count == 50));
        assert_eq!((bins[0].from, bins[19].to), (0.0, 999.0 * 0.37));
        assert_eq!(histogram(&[0.5, 1.5]).len(), 10);
    }

    #[test]
    fn few_whole_numbers_get_a_bin_each() {
        assert_eq!(counts(&[1.0, 1.0, 3.0]), [2, 0, 1]);
        assert_eq!(
            histogram(&[7.0]),
            [Bin {
                from: 7.0,
                to: 8.0,
                count: 1
            }]
        );
        assert_eq!(counts(&[0.5, 0.5]), [2]);
        assert_eq!(histogram(&[0.0, 20.0]).len(), 10);
        assert!(histogram(&[]).is_empty());
    }
}
