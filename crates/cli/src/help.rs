//! What `faultline help` says.

use faultline_sim::descriptor::Catalogue;
use faultline_sim::text::did_you_mean;

use crate::output::Output;
use crate::{Outcome, verbs};

pub const GENERAL: &str = "\
Faultline: run, break and measure distributed algorithms.

  faultline list [--json]                 what there is to run
  faultline run SCENARIO [...]            one run, and what came of it
  faultline sweep SCENARIO --seeds A..B --probe NAME [...]
                                          many runs, one number
  faultline merge FILE... [...]           parts of a sweep as one
  faultline hunt SCENARIO [...]           random faults against its laws
  faultline link SCENARIO [...]           a run as a link
  faultline open LINK|FILE [...]          the run behind a link
  faultline shiviz-check FILE [...]       whether ShiViz would draw a log, and its figures
  faultline bench w1|w2|w3 N [...]        the speed of the engine
  faultline help COMMAND                  more about one of them
  faultline help commands [PROTOCOL]      what `--command` may do to a run
  faultline --version

Exit codes: 0 fine, 1 an invariant is broken or a log refused, 2 the words made no sense or a file
failed, 3 a run was cut at a limit, so that its end is not known.
";

const LIST: &str = "\
faultline list [--json]
    Prints every protocol with its scenarios, presets, parameters, switches, requests, timers, probes
    and invariants.
";

const RUN: &str = "\
faultline run SCENARIO [options]
    Runs a scenario once. SCENARIO is PROTOCOL/SCENARIO, or a protocol for its first.

    --seed N               all randomness comes from it; 1 if absent
    --until LENGTH         simulated time, such as 10s; the scenario's own if absent
    --param NAME=VALUE     may be repeated
    --switch NAME=on|off   one rule of the algorithm; may be repeated
    --preset NAME          another position of all switches
    --command TEXT         does something, such as `5s crash n2` or `@123 heal`; may be repeated;
                           `faultline help commands` has all verbs
    --json                 one JSON object instead of tables
    --trace FILE           writes what happened; `-` is the output
    --format FORM          of the trace: text (else), one readable line an event; json, with all
                           causes; shiviz, a log for ShiViz with a vector clock on every event of a
                           node; mermaid, a sequence diagram; svg, the space-time diagram
    --window FROM..TO      the part of the run that a diagram shows, such as 4s..6s; else all of it
    --expect-violation INVARIANT
                           exit code 0 if it breaks, 1 if not

    An invariant that must be true in some run of many is never broken by one: it `holds`, with a
    reason while it has not been seen.
";

const LINK: &str = "\
faultline link SCENARIO [options]
    Prints the link of a run: what stands behind `#` in the page's address. Options are those of
    run, without those about the report and the trace, and:

    --at LENGTH   where the link stands; where the run ends (--until) if absent
    --file        prints a .run file instead, which a person can read
";

const OPEN: &str = "\
faultline open LINK|FILE [options]
    Makes the run behind a link again and reports on it as `faultline run` does. A link may be what
    `faultline link` prints, or a whole address; a file a .run file or an exported run; `-` reads
    either from the input.

    --until LENGTH   where the run ends; where the link stands if absent
    --json           one JSON object instead of tables
    --trace FILE, --format text|json, --expect-violation INVARIANT
                     as for run

    A link that was made with another revision of the protocol and gives another run today says so
    on the error stream. The same revision must give the same run.
";

const HUNT: &str = "\
faultline hunt PROTOCOL|SCENARIO [options]
    Plays a protocol under random faults, one run a seed, and prints for each law that breaks the
    `faultline run` line which shows it, with as few commands as still break the law. Only faults that
    the algorithm promises to bear are used. Of a protocol, half of the seeds play its first scenario
    with three to five nodes, half any scenario; of a scenario, all seeds play this one.

    --preset NAME          the position of all switches; else the scenario's, or the protocol's first
    --param NAME=VALUE     may be repeated
    --switch NAME=on|off   one rule of the algorithm; may be repeated
    --until LENGTH         where runs end; else after the time of some 150 messages in a row
    --seeds A..B           the seeds A to B-1; 0..1000 if absent
    --threads N            instead of all cores; the answer does not depend on it
    --json                 one JSON object
    --expect-violation INVARIANT
                           exit code 0 if it breaks, 1 if not

    A run that goes on for too long (200,000 events, or 20,000 at one instant) is cut. Where one was
    cut and nothing broke, the exit code is 3.
";

const SWEEP: &str = "\
faultline sweep SCENARIO --seeds A..B --probe NAME [options]
    Runs the seeds A to B-1 and tells how a probe's values lie. Options are those of run, without
    --seed and --trace, and:

    --probe NAME  may be repeated: several probes of the same runs
    --json      one JSON object instead of a table
    --jsonl     one line a seed, for `faultline merge`
    --threads N instead of all cores; the answer does not depend on it

    p50 and p95 are values that occurred: the smallest with at least that share of values at or
    below it. The histogram has 10 to 20 equal bins from the smallest to the largest value; a bin
    holds values from `from` up to, not including, `to`, the last one both. Whole numbers that span
    fewer than 20 get a bin each, and a single value has one bin. Runs in which the probe has no
    value are counted in `without_value` only. An invariant that must be true in some run is broken
    if it was in none; its violation has no seed.
";

const MERGE: &str = "\
faultline merge [FILE...] [--allow-gaps] [--expect-violation INVARIANT]
    Reads the lines of `faultline sweep --jsonl` from files, or from the input, and prints what
    `faultline sweep --json` prints for all their seeds. Lines may come in any order. A seed that
    occurs twice and lines of different sweeps are refused, missing seeds too unless --allow-gaps.
";

const SHIVIZ_CHECK: &str = "\
faultline shiviz-check FILE [options]
    Reads a log of any system by the rules of ShiViz and prints for each execution its hosts with
    their events, the pairs of events in order and concurrent, the direct messages between hosts, and
    the length of the longest chain. A log that breaks a rule is refused with the line and the reason,
    and the exit code is 1. FILE `-` is the input.

    --parser RE      finds events: a regular expression as in JavaScript with the groups (?<host>…),
                     (?<clock>…) and (?<event>…). If absent: the log's first line, if it is one, with
                     the delimiter on the second; else the host with its clock on one line and the
                     event on the line above or below, whichever finds more events
    --delimiter RE   stands between executions; its group (?<trace>…) names the one behind it
    --strict         exit code 1 if a line was not understood
    --json           one JSON object: a name, and what the execution of this name holds
";

const BENCH: &str = "\
faultline bench [heap] w1|w2|w3 N [--record] [--json]
faultline bench seek EVENTS [--json]
    Delivers N messages and prints how long each event took (a delivery is one, a timer another).

    w1   5 nodes, heartbeats all to all every 100 ms
    w2   a token on a ring of 100 nodes
    w3   a rumour among 1,000 nodes; who knows it tells three others every 100 ms
    All with latencies of 1 to 10 ms.

    heap       only a bare binary heap with the same pushes and pops, to compare with
    --record   keep a trace; else nothing is recorded
    seek       goes to random instants of a run of so many events: state and frame
";

const HELP: &str = "\
faultline help [COMMAND]
faultline help commands [PROTOCOL]
    Prints what there is, more about one command of the program, or all verbs that act on a run with
    the requests, timers and switches of each protocol.
";

const VERSION: &str = "\
faultline --version
    Prints the version.
";

/// Prints what a person asked to know.
///
/// # Errors
/// One sentence naming the wrong word and the nearest right ones.
pub fn run(catalogue: Catalogue, words: &[String], out: &mut Output) -> Outcome {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => out.text(GENERAL),
        ["commands"] => out.text(&verbs::help(catalogue, None)?),
        ["commands", protocol] => out.text(&verbs::help(catalogue, Some(protocol))?),
        [topic] => out.text(about(topic)?),
        ["commands", _, extra, ..] | [_, extra, ..] => Err(format!(
            "`{extra}` is one word too many; help takes one topic"
        )),
    }
}

/// What there is help on, beside `commands`.
const TOPICS: [(&str, &str); 11] = [
    ("list", LIST),
    ("run", RUN),
    ("sweep", SWEEP),
    ("merge", MERGE),
    ("hunt", HUNT),
    ("link", LINK),
    ("open", OPEN),
    ("shiviz-check", SHIVIZ_CHECK),
    ("bench", BENCH),
    ("help", HELP),
    ("version", VERSION),
];

/// The part about one command of the program.
///
/// # Errors
/// One sentence naming the wrong word and the nearest right ones.
pub fn about(topic: &str) -> Outcome<&'static str> {
    let found = TOPICS.iter().find(|(name, _)| *name == topic);
    found.map(|(_, text)| *text).ok_or_else(|| {
        let names = TOPICS.iter().map(|(name, _)| *name).chain(["commands"]);
        let hint = did_you_mean(topic, names);
        format!("there is no help on `{topic}`; {hint}")
    })
}
