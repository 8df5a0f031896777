//! The text form of questions: `name value` lines under a heading, a longer value continued on indented
//! lines. What is wrong is told with its line.

use std::fmt;

use super::words::{COMPARISONS, MOMENTS, THINGS};
use super::{Again, Answer, Clause, Kind, Piece, Question, Thing, Until};
use crate::command::Timed;
use crate::text::did_you_mean;
use crate::time::Duration;

/// What is wrong with a file of questions, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The line, from 1.
    pub line: usize,
    /// The sentence that says it.
    pub why: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

pub(super) type Parsed<T> = Result<T, String>;

const NAMES: [&str; 16] = [
    "row", "scenario", "ask", "kind", "from", "until", "answer", "reach", "budget", "does", "said",
    "common", "because", "again", "teacher", "fixed",
];

/// One value of a question: its line, its name, its words.
struct Entry {
    line: usize,
    name: String,
    value: String,
}

/// The questions and goals of a file, in its order.
///
/// # Errors
/// The first line that cannot be read.
pub fn read(text: &str) -> Result<Vec<Question>, Wrong> {
    let mut found: Vec<Question> = Vec::new();
    let mut heading: Option<(usize, bool, String)> = None;
    let mut entries: Vec<Entry> = Vec::new();
    for (at, full) in text.lines().enumerate() {
        let line = at + 1;
        if full.trim().is_empty() || full.starts_with('#') {
            continue;
        }
        if full.starts_with(' ') {
            let Some(last) = entries.last_mut() else {
                let why = "this line continues nothing".to_owned();
                return Err(Wrong { line, why });
            };
            last.value.push(' ');
            last.value.push_str(full.trim());
            continue;
        }
        let (name, value) = full.split_once(' ').unwrap_or((full, ""));
        let value = value.trim().to_owned();
        if name == "question" || name == "goal" {
            finish(&mut found, heading.take(), &mut entries)?;
            heading = Some((line, name == "goal", value));
        } else if heading.is_none() {
            let why = "a file begins with `question NAME` or `goal NAME`".to_owned();
            return Err(Wrong { line, why });
        } else {
            entries.push(Entry {
                line,
                name: name.to_owned(),
                value,
            });
        }
    }
    finish(&mut found, heading, &mut entries)?;
    Ok(found)
}

fn finish(
    found: &mut Vec<Question>,
    heading: Option<(usize, bool, String)>,
    entries: &mut Vec<Entry>,
) -> Result<(), Wrong> {
    let Some((line, goal, id)) = heading else {
        return Ok(());
    };
    let entries = std::mem::take(entries);
    let wrong = |why: String| Wrong { line, why };
    if id.is_empty() || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Err(wrong(format!("`{id}` is no name: use letters and dashes")));
    }
    if found.iter().any(|other| other.id == id) {
        return Err(wrong(format!("there is a second question `{id}`")));
    }
    let mut question = Question {
        id,
        rows: Vec::new(),
        scenario: String::new(),
        ask: String::new(),
        kind: Kind::Goal,
        from: Until::default(),
        until: Until::default(),
        answer: Answer::Met,
        said: None,
        common: None,
        because: Vec::new(),
        again: Vec::new(),
        teacher: None,
        fixed: None,
        budget: None,
        does: Vec::new(),
        line,
    };
    let mut seen: Vec<&str> = Vec::new();
    for entry in &entries {
        let at = |why: String| Wrong {
            line: entry.line,
            why,
        };
        if seen.contains(&entry.name.as_str()) {
            return Err(at(format!("`{}` stands here twice", entry.name)));
        }
        seen.push(&entry.name);
        take(&mut question, &entry.name, &entry.value).map_err(at)?;
    }
    let needed: &[&str] = if goal {
        &["row", "scenario", "ask", "reach", "does", "because"]
    } else {
        &[
            "row", "scenario", "ask", "kind", "until", "answer", "because",
        ]
    };
    if let Some(missing) = needed.iter().find(|name| !seen.contains(name)) {
        return Err(wrong(format!("`{missing}` is missing")));
    }
    let foreign: &[&str] = if goal {
        &["kind", "answer", "until", "said", "common"]
    } else {
        &["reach", "budget"]
    };
    if let Some(name) = foreign.iter().find(|name| seen.contains(name)) {
        let what = if goal { "a goal" } else { "a question" };
        return Err(wrong(format!("{what} has no `{name}`")));
    }
    found.push(question);
    Ok(())
}

fn take(question: &mut Question, name: &str, value: &str) -> Parsed<()> {
    if value.is_empty() {
        return Err(format!("`{name}` says nothing"));
    }
    let text = || value.to_owned();
    match name {
        "row" => question.rows = list(value, ",").map(str::to_owned).collect(),
        "scenario" => question.scenario = text(),
        "ask" => question.ask = text(),
        "kind" => question.kind = kind(value)?,
        "from" => question.from = until(value)?,
        "until" | "reach" => question.until = until(value)?,
        "answer" => question.answer = answer(value)?,
        "budget" => {
            let count = value
                .strip_suffix(" faults")
                .or(value.strip_suffix(" fault"));
            let count = count.and_then(|count| count.parse().ok());
            question.budget = Some(count.ok_or("write `budget 2 faults`")?);
        }
        "does" => question.does = list(value, " | ").map(command).collect::<Parsed<_>>()?,
        "said" => question.said = Some(text()),
        "common" => {
            let (guess, why) = value
                .split_once(": ")
                .ok_or("write `common GUESS: why people think so`")?;
            question.common = Some((guess.to_owned(), why.to_owned()));
        }
        "because" => question.because = pieces(value)?,
        "again" => question.again = list(value, " | ").map(labelled).collect::<Parsed<_>>()?,
        "teacher" => question.teacher = Some(text()),
        "fixed" => question.fixed = Some(text()),
        other => {
            return Err(format!(
                "there is no `{other}`; {}",
                did_you_mean(other, NAMES)
            ));
        }
    }
    Ok(())
}

fn list<'a>(text: &'a str, by: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(by)
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn command(text: &str) -> Parsed<String> {
    Timed::parse(text).map(|_| text.to_owned())
}

fn number(text: &str) -> Parsed<f64> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    number.ok_or_else(|| format!("`{text}` is no number"))
}

/// `3..20`
fn span(text: &str) -> Parsed<(f64, f64)> {
    let (low, high) = text
        .split_once("..")
        .ok_or_else(|| format!("`{text}` is no range: write 3..20"))?;
    let (low, high) = (number(low)?, number(high)?);
    if low < high {
        Ok((low, high))
    } else {
        Err(format!(
            "`{text}` has no room: the first number is the smaller one"
        ))
    }
}

/// The word for code and the words for people: `1=Yes`, or one word for both.
fn option(text: &str) -> (String, String) {
    let (key, label) = text.split_once('=').unwrap_or((text, text));
    (key.trim().to_owned(), label.trim().to_owned())
}

fn kind(text: &str) -> Parsed<Kind> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let rest = rest.trim();
    Ok(match word {
        "number" => {
            let (range, unit) = rest.split_once(' ').unwrap_or((rest, ""));
            let (low, high) = span(range)?;
            let unit = unit.to_owned();
            Kind::Number { low, high, unit }
        }
        "choice" => {
            let options: Vec<_> = list(rest, " | ").map(option).collect();
            if options.len() < 2 {
                return Err("a choice has two options or more, with | between them".into());
            }
            Kind::Choice(options)
        }
        "point" => Kind::Point(thing(rest)?),
        "order" => {
            let card = |card| {
                let (condition, label) = option(card);
                Ok((clause(&condition)?, label))
            };
            let cards = list(rest, " | ").map(card).collect::<Parsed<Vec<_>>>()?;
            if cards.len() < 2 {
                return Err("write `order mark a=the one | mark b=the other`".into());
            }
            Kind::Order(cards)
        }
        "curve" => curve(rest)?,
        "text" if rest.is_empty() => Kind::Text,
        other => {
            let kinds = ["number", "choice", "point", "order", "curve", "text"];
            return Err(format!(
                "there is no kind `{other}`; {}",
                did_you_mean(other, kinds)
            ));
        }
    })
}

fn thing(text: &str) -> Parsed<Thing> {
    let found = THINGS.iter().find(|(word, _)| *word == text);
    let words = THINGS.iter().map(|(word, _)| *word);
    found.map(|(_, thing)| *thing).ok_or_else(|| {
        format!(
            "nobody can point at `{text}`; {}",
            did_you_mean(text, words)
        )
    })
}

/// `timeout=1..8 by 1, up to 10 s`
fn curve(text: &str) -> Parsed<Kind> {
    let form = "write `curve timeout=1..8 by 1, up to 10 s`";
    let (param, rest) = text.split_once('=').ok_or(form)?;
    let (range, rest) = rest.split_once(" by ").ok_or(form)?;
    let (by, high) = rest.split_once(", up to ").ok_or(form)?;
    let (high, unit) = high.split_once(' ').unwrap_or((high, ""));
    let (from, to) = span(range)?;
    let (by, high) = (number(by)?, number(high)?);
    if by <= 0.0 || high <= 0.0 || (to - from) / by > 60.0 {
        return Err(format!(
            "from {from} to {to} by {by} are not 2 to 60 points"
        ));
    }
    Ok(Kind::Curve {
        param: param.trim().to_owned(),
        from,
        to,
        by,
        high,
        unit: unit.to_owned(),
    })
}

fn until(text: &str) -> Parsed<Until> {
    let step = |step: &str| step.split(" or ").map(|one| clause(one.trim())).collect();
    let steps = text.split(" then ").map(step);
    Ok(Until(steps.collect::<Parsed<_>>()?))
}

fn clause(text: &str) -> Parsed<Clause> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let rest = rest.trim();
    Ok(match word {
        "mark" => Clause::Mark(rest.to_owned()),
        "event" => {
            let found = MOMENTS.iter().find(|(name, _)| *name == rest);
            let words = MOMENTS.iter().map(|(name, _)| *name);
            let moment = found.ok_or_else(|| {
                format!("there is no event `{rest}`; {}", did_you_mean(rest, words))
            })?;
            Clause::Event(moment.1)
        }
        "probe" => {
            let found = COMPARISONS.iter().find_map(|(sign, by)| {
                rest.split_once(&format!(" {sign} "))
                    .map(|parts| (parts, *by))
            });
            let ((name, value), by) = found.ok_or("write `probe NAME >= 2`")?;
            Clause::Probe(name.trim().to_owned(), by, number(value.trim())?)
        }
        "law" => match rest.rsplit_once(' ') {
            Some((name, "broken")) => Clause::Broken(name.to_owned()),
            Some((name, "holds")) => Clause::Holds(name.to_owned()),
            _ => return Err("write `law NAME broken` or `law NAME holds`".into()),
        },
        "quiet" if rest.is_empty() => Clause::Quiet,
        "at" => Clause::At(Duration::parse(rest)?),
        "after" => Clause::After(Duration::parse(rest)?),
        other => {
            let words = ["mark", "event", "probe", "law", "quiet", "at", "after"];
            return Err(format!(
                "nothing waits for `{other}`; {}",
                did_you_mean(other, words)
            ));
        }
    })
}

fn answer(text: &str) -> Parsed<Answer> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let rest = rest.trim();
    let count = |text: &str| {
        let count = text.parse::<usize>().ok().filter(|count| *count > 0);
        count.ok_or_else(|| format!("`{text}` is no number from 1"))
    };
    Ok(match (word, rest) {
        ("probe", _) => Answer::Probe(rest.to_owned()),
        ("gained", _) => Answer::Gained(rest.to_owned()),
        ("took", "") => Answer::Took,
        ("node", "") => Answer::Node,
        ("message", "") => Answer::Message,
        ("event", "") => Answer::Event,
        ("line", "") => Answer::Line,
        ("which", "") => Answer::Which,
        ("order", "") => Answer::Order,
        ("value", _) => Answer::Value(count(rest)?),
        ("law", _) => Answer::Law(rest.to_owned()),
        ("field", _) => {
            let (node, name) = rest.split_once(' ').ok_or("write `field 3 clock`")?;
            let node = u32::try_from(count(node)?).map_err(|_| "that is no node".to_owned())?;
            Answer::Field(node, name.to_owned())
        }
        ("sweep", _) => {
            let (probe, seeds) = rest.split_once(" over ").unwrap_or((rest, "1 seed"));
            let seeds = seeds.strip_suffix(" seeds").or(seeds.strip_suffix(" seed"));
            let seeds = seeds.ok_or("write `sweep PROBE over 50 seeds`")?;
            let seeds = count(seeds)? as u64;
            let probe = probe.to_owned();
            Answer::Sweep { probe, seeds }
        }
        _ => {
            let words = [
                "probe", "gained", "took", "node", "message", "event", "line", "which", "value",
                "law", "field", "order", "sweep",
            ];
            return Err(format!(
                "no run says `{text}`; {}",
                did_you_mean(word, words)
            ));
        }
    })
}

/// `nodes=7, guard=on, seed: what the button says`
fn labelled(text: &str) -> Parsed<Again> {
    let (changes, label) = text
        .split_once(':')
        .ok_or_else(|| format!("`{text}` has no label: write `nodes=7: with seven nodes`"))?;
    let mut again = Again {
        label: label.trim().to_owned(),
        ..Again::default()
    };
    for change in list(changes, ", ") {
        match change.split_once('=') {
            Some((name, value)) => {
                let pair = (name.trim().to_owned(), value.trim().to_owned());
                again.settings.push(pair);
            }
            None if change == "seed" => again.seed = true,
            None => {
                return Err(format!(
                    "`{change}` changes nothing: write NAME=VALUE or seed"
                ));
            }
        }
    }
    if again.label.is_empty() {
        return Err(format!("`{text}` has no label"));
    }
    Ok(again)
}

/// Words with `{…}` in them.
fn pieces(text: &str) -> Parsed<Vec<Piece>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        if !before.is_empty() {
            found.push(Piece::Text(before.to_owned()));
        }
        let (inside, left) = after.split_once('}').ok_or("a { has no }")?;
        let (word, more) = inside.split_once(' ').unwrap_or((inside, ""));
        let named = || -> Parsed<(String, String)> {
            let (name, label) = more
                .split_once(':')
                .ok_or_else(|| format!("write {{{word} NAME: what the link says}}"))?;
            Ok((name.trim().to_owned(), label.trim().to_owned()))
        };
        found.push(match word {
            "answer" => Piece::Answer,
            "guess" => Piece::Guess,
            "instant" => Piece::Instant(more.to_owned()),
            "rerun" => Piece::Rerun(labelled(more)?),
            "scenario" => named().map(|(name, label)| Piece::Scenario(name, label))?,
            "compare" => named().map(|(name, label)| Piece::Compare(name, label))?,
            other => {
                let words = ["answer", "guess", "instant", "rerun", "scenario", "compare"];
                return Err(format!(
                    "nothing fills {{{other}}}; {}",
                    did_you_mean(other, words)
                ));
            }
        });
        rest = left;
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest.to_owned()));
    }
    Ok(found)
}
