//! What one run of a sweep gave, as a line that another machine can read.

use serde_json::{Map, Value as Json, json};

use crate::Outcome;
use crate::report::number;

/// Which sweep a line belongs to, so that lines of different ones are not mixed up.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    pub probe: String,
    /// A hash of the scenario, its settings, commands and end.
    pub sweep: String,
}

/// What one run gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    pub seed: u64,
    pub value: Option<f64>,
    /// Broken invariants with reasons, in the protocol's order.
    pub violations: Vec<(String, String)>,
    /// Invariants that must be true in some run, and were not in this one.
    pub open: Vec<String>,
    /// Why the run was cut.
    pub halted: Option<String>,
}

impl Line {
    /// The line as JSON. What is rarely there is left out when it is not.
    pub fn json(&self, origin: &Origin) -> Json {
        let mut line = json!({
            "seed": self.seed.to_string(),
            "value": self.value.map_or(Json::Null, number),
            "violations": self.violations_json(),
            "probe": origin.probe,
            "sweep": origin.sweep,
        });
        if let Json::Object(line) = &mut line {
            if !self.open.is_empty() {
                line.insert("open".into(), json!(self.open));
            }
            if let Some(why) = &self.halted {
                line.insert("halted".into(), json!(why));
            }
        }
        line
    }

    pub fn violations_json(&self) -> Vec<Json> {
        let seed = self.seed.to_string();
        let violation = |(invariant, reason): &(String, String)| json!({"seed": seed, "invariant": invariant, "reason": reason});
        self.violations.iter().map(violation).collect()
    }

    /// Reads a line back.
    ///
    /// # Errors
    /// What is missing, as the end of a sentence.
    pub fn parse(text: &str) -> Outcome<(Self, Origin)> {
        let json: Map<String, Json> = serde_json::from_str(text)
            .map_err(|error| format!("it is no JSON object ({error})"))?;
        let get = |key: &str| json.get(key).ok_or_else(|| format!("it has no `{key}`"));
        let text = |json: &Json| json.as_str().map(str::to_owned);
        let seed = get("seed")?;
        let seed = match seed {
            Json::String(seed) => seed.parse().ok(),
            other => other.as_u64(),
        };
        let violations = get("violations")?
            .as_array()
            .ok_or("`violations` is no list")?;
        let violation = |json: &Json| Some((text(&json["invariant"])?, text(&json["reason"])?));
        let value = get("value")?;
        if !value.is_number() && !value.is_null() {
            return Err("`value` is no number".into());
        }
        let open = json.get("open").and_then(Json::as_array);
        let line = Self {
            seed: seed.ok_or("`seed` is no whole number")?,
            value: value.as_f64(),
            violations: violations
                .iter()
                .map(violation)
                .collect::<Option<_>>()
                .ok_or("a violation lacks its `invariant` or `reason`")?,
            open: open.into_iter().flatten().filter_map(text).collect(),
            halted: json.get("halted").and_then(text),
        };
        let origin = Origin {
            probe: text(get("probe")?).ok_or("`probe` is no text")?,
            sweep: text(get("sweep")?).ok_or("`sweep` is no text")?,
        };
        Ok((line, origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_back_what_it_wrote() {
        let origin = Origin {
            probe: "gap".into(),
            sweep: "00ff".into(),
        };
        for value in [None, Some(3.0), Some(0.1 + 0.2), Some(1e-300)] {
            let line = Line {
                seed: u64::MAX,
                value,
                violations: vec![("one".into(), "two \"leaders\"".into())],
                open: vec!["seen".into()],
                halted: value.map(|_| "cut".into()),
            };
            let text = line.json(&origin).to_string();
            assert_eq!(
                Line::parse(&text).unwrap(),
                (line, origin.clone()),
                "{text}"
            );
        }
        assert!(Line::parse("{}").unwrap_err().contains("`seed`"));
        assert!(Line::parse("nonsense").unwrap_err().contains("JSON"));
    }
}
