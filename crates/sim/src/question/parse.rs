//! The text form of questions: `name value` lines under a heading, a longer value continued on indented
//! lines. What is wrong is told with its line.

use super::words::{COMPARISONS, MOMENTS, THINGS};
use super::{Again, Answer, Clause, Kind, Many, Piece, Question, Thing, Until};
use crate::entries::{Block, Parsed, Wrong, blocks, list};
use crate::text::did_you_mean;
use crate::time::{Duration, Time};

const NAMES: [&str; 17] = [
    "row", "scenario", "ask", "kind", "from", "until", "answer", "reach", "budget", "does", "said",
    "common", "because", "again", "teacher", "fixed", "never",
];

/// The questions and goals of a file, in its order.
///
/// # Errors
/// The first line that cannot be read.
pub fn read(text: &str) -> Result<Vec<Question>, Wrong> {
    let mut found: Vec<Question> = Vec::new();
    for block in blocks(text, &["question", "goal"])? {
        let question = one(&block, &found)?;
        found.push(question);
    }
    Ok(found)
}

fn one(block: &Block, before: &[Question]) -> Result<Question, Wrong> {
    let goal = block.heading.name == "goal";
    let id = block.heading.value.clone();
    let wrong = |why: String| block.heading.wrong(why);
    if id.is_empty() || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Err(wrong(format!("`{id}` is no name: use letters and dashes")));
    }
    if before.iter().any(|other| other.id == id) {
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
        no_requests: false,
        never: None,
        does: Vec::new(),
        line: block.heading.line,
    };
    block.repeated(&[])?;
    for entry in &block.entries {
        take(&mut question, &entry.name, &entry.value).map_err(|why| entry.wrong(why))?;
    }
    let (needed, foreign): (&[&str], &[&str]) = if goal {
        (
            &["row", "scenario", "ask", "reach", "because"],
            &["kind", "answer", "until", "said", "common"],
        )
    } else {
        (
            &["row", "scenario", "ask", "kind", "answer", "because"],
            &["reach", "budget"],
        )
    };
    block.needs(needed)?;
    let mut names = block.entries.iter().map(|entry| entry.name.as_str());
    if matches!(question.answer, Answer::Many(_)) {
        let own = ["from", "until", "does"];
        if let Some(name) = names.find(|name| own.contains(name)) {
            let why = format!("many runs answer it, and `{name}` is about one of them");
            return Err(wrong(why));
        }
    } else if !goal {
        block.needs(&["until"])?;
    }
    if goal && question.never.is_none() == question.does.is_empty() {
        let why = "a goal has `does`, one way to reach it, or `never`, why nobody can";
        return Err(wrong(why.into()));
    }
    let mut names = block.entries.iter().map(|entry| entry.name.as_str());
    if let Some(name) = names.find(|name| foreign.contains(name)) {
        let what = if goal { "a goal" } else { "a question" };
        return Err(wrong(format!("{what} has no `{name}`")));
    }
    Ok(question)
}

fn take(question: &mut Question, name: &str, value: &str) -> Parsed<()> {
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
            let form = "write `budget 2 faults` or `budget 2 faults, no requests`";
            let (count, more) = value.split_once(", ").unwrap_or((value, ""));
            let count = count
                .strip_suffix(" faults")
                .or(count.strip_suffix(" fault"));
            let count = count.and_then(|count| count.parse().ok());
            question.budget = Some(count.ok_or(form)?);
            question.no_requests = match more {
                "" => false,
                "no requests" => true,
                _ => return Err(form.into()),
            };
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
        "never" => question.never = Some(text()),
        other => {
            return Err(format!(
                "there is no `{other}`; {}",
                did_you_mean(other, NAMES)
            ));
        }
    }
    Ok(())
}

fn command(text: &str) -> Parsed<String> {
    super::deeds::read(text).map(|()| text.to_owned())
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
                let clause = match condition.strip_prefix("run ") {
                    Some(scenario) => Clause::Run(scenario.trim().to_owned()),
                    None => clause(&condition)?,
                };
                Ok((clause, label))
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
            Some(("any", "broken")) => Clause::AnyBroken,
            Some((name, "broken")) => Clause::Broken(name.to_owned()),
            Some((name, "holds")) if name != "any" => Clause::Holds(name.to_owned()),
            _ => {
                let form = "write `law NAME broken`, `law any broken` or `law NAME holds`";
                return Err(form.into());
            }
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
        ("broken" | "endings" | "most-states" | "ranked" | "crash-points", _) => {
            Answer::Many(Many::read(word, rest)?)
        }
        ("missing-rule", "") => Answer::MissingRule,
        _ => {
            let words = [
                "probe",
                "gained",
                "took",
                "node",
                "message",
                "event",
                "line",
                "which",
                "value",
                "law",
                "field",
                "order",
                "sweep",
                "broken",
                "endings",
                "most-states",
                "ranked",
                "crash-points",
                "missing-rule",
            ];
            return Err(format!(
                "no run says `{text}`; {}",
                did_you_mean(word, words)
            ));
        }
    })
}

/// `nodes=7, guard=on, seed: what the button says`
pub(crate) fn labelled(text: &str) -> Parsed<Again> {
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
/// Words with marks in braces.
pub(crate) fn pieces(text: &str) -> Parsed<Vec<Piece>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        if !before.is_empty() {
            found.push(Piece::Text(before.to_owned()));
        }
        let (inside, left) = after.split_once('}').ok_or("a { has no }")?;
        found.push(piece(inside)?);
        rest = left;
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest.to_owned()));
    }
    Ok(found)
}

fn piece(inside: &str) -> Parsed<Piece> {
    let (word, more) = inside.split_once(' ').unwrap_or((inside, ""));
    let named = || -> Parsed<(String, String)> {
        let (name, label) = more
            .split_once(": ")
            .ok_or_else(|| format!("write {{{word} NAME: what the link says}}"))?;
        Ok((name.trim().to_owned(), label.trim().to_owned()))
    };
    Ok(match word {
        "answer" => Piece::Answer,
        "guess" => Piece::Guess,
        "instant" => Piece::Instant(more.to_owned()),
        "rerun" => Piece::Rerun(labelled(more)?),
        "scenario" => named().map(|(name, label)| Piece::Scenario(name, label))?,
        "compare" => named().map(|(name, label)| Piece::Compare(name, label))?,
        "lesson" => named().map(|(name, label)| Piece::Lesson(name, label))?,
        "at" => {
            let (at, label) = named()?;
            Piece::At(Time(Duration::parse(&at)?.0), label)
        }
        "drag" => {
            let (param, range) = more.split_once(' ').ok_or("write {drag nodes 3..9}")?;
            let (low, high) = span(range)?;
            let param = param.to_owned();
            Piece::Drag { param, low, high }
        }
        other => {
            let words = [
                "answer", "guess", "instant", "rerun", "scenario", "compare", "lesson", "at",
                "drag",
            ];
            return Err(format!(
                "nothing fills {{{other}}}; {}",
                did_you_mean(other, words)
            ));
        }
    })
}
