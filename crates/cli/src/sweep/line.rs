//! The result of one run of a sweep, as a line that another machine can read.

use serde_json::{Map, Value as Json, json};

use crate::Outcome;
use crate::report::number;

/// The sweep of a line, so that lines of different sweeps are not mixed up.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    pub probes: Vec<String>,
    /// A hash of the scenario, its settings, commands and end.
    pub sweep: String,
}

/// The result of one run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    pub seed: u64,
    /// One for each probe of the sweep, in their order; none where the run has no value.
    pub values: Vec<Option<f64>>,
    /// Broken invariants with reasons, in the protocol's order.
    pub violations: Vec<(String, String)>,
    /// Invariants that must be true in some run, but were not true in this one.
    pub open: Vec<String>,
    /// Why the run was cut off.
    pub halted: Option<String>,
    /// Commands without effect, with the reason. The line leaves them out because the sweep reports
    /// them once.
    pub missed: Vec<(String, String)>,
}

impl Line {
    /// The line as JSON: `value` and `probe` if there is one probe, else `values` by the names of the
    /// probes. Fields that are usually empty are left out.
    pub fn json(&self, origin: &Origin) -> Json {
        let value = |value: &Option<f64>| value.map_or(Json::Null, number);
        let mut line = Map::new();
        line.insert("seed".into(), self.seed.to_string().into());
        if let ([_], [one]) = (origin.probes.as_slice(), self.values.as_slice()) {
            line.insert("value".into(), value(one));
        } else {
            let values = origin.probes.iter().zip(&self.values);
            let values: Map<String, Json> = values.map(|(p, v)| (p.clone(), value(v))).collect();
            line.insert("values".into(), values.into());
        }
        line.insert("violations".into(), self.violations_json().into());
        if let [probe] = origin.probes.as_slice() {
            line.insert("probe".into(), probe.as_str().into());
        }
        line.insert("sweep".into(), origin.sweep.as_str().into());
        if !self.open.is_empty() {
            line.insert("open".into(), json!(self.open));
        }
        if let Some(why) = &self.halted {
            line.insert("halted".into(), why.as_str().into());
        }
        line.into()
    }

    pub fn violations_json(&self) -> Vec<Json> {
        let seed = self.seed.to_string();
        let violation = |(invariant, reason): &(String, String)| json!({"seed": seed, "invariant": invariant, "reason": reason});
        self.violations.iter().map(violation).collect()
    }

    /// Parses a line.
    ///
    /// # Errors
    /// What is missing, as the end of a sentence.
    pub fn parse(text: &str) -> Outcome<(Self, Origin)> {
        let json: Map<String, Json> = serde_json::from_str(text)
            .map_err(|error| format!("it is not a JSON object ({error})"))?;
        let get = |key: &str| json.get(key).ok_or_else(|| format!("it has no `{key}`"));
        let text = |json: &Json| json.as_str().map(str::to_owned);
        let seed = get("seed")?;
        let seed = match seed {
            Json::String(seed) => seed.parse().ok(),
            other => other.as_u64(),
        };
        let violations = get("violations")?
            .as_array()
            .ok_or("`violations` is not a list")?;
        let violation = |json: &Json| Some((text(&json["invariant"])?, text(&json["reason"])?));
        let measured: Vec<(String, &Json)> = match json.get("values") {
            Some(Json::Object(values)) => values.iter().map(|(p, v)| (p.clone(), v)).collect(),
            Some(_) => return Err("`values` is not an object".into()),
            None => {
                let probe = text(get("probe")?).ok_or("`probe` is not text")?;
                vec![(probe, get("value")?)]
            }
        };
        let number = |(probe, value): &(String, &Json)| match value {
            Json::Null => Ok(None),
            value => value
                .as_f64()
                .map(Some)
                .ok_or_else(|| format!("the value of `{probe}` is not a number")),
        };
        let open = json.get("open").and_then(Json::as_array);
        let line = Self {
            seed: seed.ok_or("`seed` is not a whole number")?,
            values: measured.iter().map(number).collect::<Outcome<_>>()?,
            violations: violations
                .iter()
                .map(violation)
                .collect::<Option<_>>()
                .ok_or("a violation lacks its `invariant` or `reason`")?,
            open: open.into_iter().flatten().filter_map(text).collect(),
            halted: json.get("halted").and_then(text),
            missed: Vec::new(),
        };
        let origin = Origin {
            probes: measured.into_iter().map(|(probe, _)| probe).collect(),
            sweep: text(get("sweep")?).ok_or("`sweep` is not text")?,
        };
        Ok((line, origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_back_what_it_wrote() {
        let values = [None, Some(3.0), Some(0.1 + 0.2), Some(1e-300)];
        for (value, more) in values
            .iter()
            .flat_map(|v| [(*v, &[][..]), (*v, &[Some(2.0)])])
        {
            let names = ["gap", "messages"].map(str::to_owned);
            let origin = Origin {
                probes: names[..1 + more.len()].to_vec(),
                sweep: "00ff".into(),
            };
            let line = Line {
                seed: u64::MAX,
                values: [&[value], more].concat(),
                violations: vec![("one".into(), "two \"leaders\"".into())],
                open: vec!["seen".into()],
                halted: value.map(|_| "cut".into()),
                missed: Vec::new(),
            };
            let text = line.json(&origin).to_string();
            assert_eq!(Line::parse(&text).unwrap(), (line, origin), "{text}");
        }
        assert!(Line::parse("{}").unwrap_err().contains("`seed`"));
        assert!(Line::parse("nonsense").unwrap_err().contains("JSON"));
    }
}
