//! The texts of `faultline help`.

use faultline_sim::descriptor::Catalogue;
use faultline_sim::text::did_you_mean;

use crate::output::Output;
use crate::{Outcome, verbs};

pub const GENERAL: &str = "\
Faultline: run, break and measure distributed algorithms.

  faultline list [--json]                 lists protocols and scenarios
  faultline run SCENARIO [...]            runs a scenario and reports the result
  faultline ask SCENARIO [...]            asks about a scenario, and lets the run answer
  faultline sweep SCENARIO --seeds A..B --probe NAME [...]
                                          runs many seeds and summarises one number
  faultline sweep SCENARIO --vary nodes=3..20 --probe NAME [...]
                                          measures one number along a parameter
  faultline merge FILE... [...]           combines parts of a sweep or a hunt
  faultline hunt SCENARIO [...]           tries random faults against the rules
  faultline cost SCENARIO...              counts what a request costs, beside its textbook formula
  faultline link SCENARIO [...]           makes a link to a run
  faultline open LINK|FILE [...]          runs what a link or file describes
  faultline shiviz-check FILE [...]       checks whether ShiViz can draw a log
  faultline check-history FILE [...]      checks whether a history is linearizable
  faultline bench w1|w2|w3 N [...]        measures the speed of the engine
  faultline help COMMAND                  explains one command
  faultline help commands [PROTOCOL]      explains what `--command` can do to a run
  faultline --version

Exit codes: 0 success, 1 an invariant is broken, a log was refused or a history is not linearizable,
2 the arguments are wrong or a file failed, 3 a run or a check was cut off at a limit, so its end is not
known.
";

const LIST: &str = "\
faultline list [--json]
    Prints every protocol with its scenarios, presets, parameters, switches, requests, timers, probes
    and invariants. With --json, a switch that is a rule of safety says which invariant it `guards`, and
    within which faults and seeds `faultline hunt` breaks that without the rule.
";

const RUN: &str = "\
faultline run SCENARIO [options]
    Runs a scenario once. SCENARIO is PROTOCOL/SCENARIO, or a protocol for its first scenario.

    --seed N               the seed of all random numbers; default 1
    --until LENGTH         simulated time, such as 10s; default: the scenario's own
    --param NAME=VALUE     sets a parameter; may be repeated
    --switch NAME=on|off   turns one rule of the algorithm on or off; may be repeated
    --preset NAME          sets all switches at once
    --command TEXT         acts on the run, such as `5s crash n2` or `@123 heal`; may be repeated;
                           `faultline help commands` lists all verbs
    --json                 prints one JSON object instead of tables
    --trace FILE           writes the events to a file; `-` is standard output
    --format FORM          format of the trace: text (default), one readable line per event; json,
                           with all causes; shiviz, a log for ShiViz with a vector clock on every
                           event of a node; marks, what nodes say of themselves; history, each client
                           operation as JSON with its start, its end and its answer; mermaid, a
                           sequence diagram; svg, the space-time diagram
    --window FROM..TO      the part of the run that a diagram shows, such as 4s..6s; default: all
    --history FILE         writes what clients asked and were told, for check-history; `-` is standard
                           output
    --expect-violation INVARIANT
                           exit code 0 if this invariant breaks, 1 if not

    An invariant that must be true in at least one of many runs cannot be broken by a single run. It
    `holds`, with a reason as long as it has not been seen.
";

const COST: &str = "\
faultline cost SCENARIO... [options]
    Counts what runs cost, in one table: messages and bytes by kind, and for each kind of request the
    messages it caused before its answer, the longest chain of them (message delays), bytes and time,
    beside the textbook formula where the protocol has one. Several scenarios get the same options, so
    the same faults: `faultline cost raft/kill-the-leader bully/kill-the-leader`.

    --seed N, --until LENGTH, --param NAME=VALUE, --switch NAME=on|off, --preset NAME, --command TEXT
                  as in run
    --json        prints one JSON object a scenario
";

const LINK: &str = "\
faultline link SCENARIO [options]
    Prints the link of a run: the part after `#` in the page's address. The options are those of
    run, except those for the report, the trace and the history, and:

    --at LENGTH   the instant at which the link opens; default: the end of the run (--until)
    --file        prints a readable .run file instead
";

const OPEN: &str = "\
faultline open LINK|FILE [options]
    Repeats the run that a link or file describes and reports the result as `faultline run` does. A
    link is the output of `faultline link` or a whole address. A file is a .run file or an exported
    run. `-` reads standard input.

    --until LENGTH   where the run ends; default: the instant at which the link opens
    --json           prints one JSON object instead of tables
    --trace FILE, --format text|json, --expect-violation INVARIANT
                     as for run

    A link from another revision of the protocol may give another run today. In that case a warning
    goes to standard error. The same revision must give the same run.
";

const HUNT: &str = "\
faultline hunt PROTOCOL|SCENARIO [options]
    Runs a protocol under random faults, one run per seed. For each rule that breaks, it prints the
    `faultline run` command that shows it, with as few commands as possible. It only uses faults that
    the algorithm promises to tolerate. For a protocol, half of the seeds run its first scenario with
    three to five nodes, and half run any scenario. For a scenario, all seeds run that one.

    --invariant NAME       the only rule that counts: runs go on until it breaks; default: all rules
    --crashes N, --drops N, --delays N, --duplicates N, --partitions N, --liars N
                           how many faults of each kind a run may have besides those of the scenario. If
                           one is given, the others are 0; requests and repairs are free. Default: any
                           number of faults of any kind
    --preset NAME          sets all switches; default: the scenario's, or the protocol's first preset
    --param NAME=VALUE     sets a parameter; may be repeated
    --switch NAME=on|off   turns one rule of the algorithm on or off; may be repeated
    --until LENGTH         where runs end; default: the time of about 150 messages in a row
    --seeds A..B           the seeds A to B-1; default 0..1000
    --threads N            default: all cores; the result does not depend on it
    --json                 prints one JSON object, each run also as a link for the page
    --jsonl                prints one line per seed, for `faultline merge`
    --expect-violation INVARIANT
                           exit code 0 if this invariant breaks, 1 if not

    Of the first five runs that break a rule, the one with the fewest faults is shown, then the one with
    the fewest commands, then the shortest. A run that takes too long (200,000 events, or 20,000 at one
    instant) is cut off. If that happened and nothing broke, the exit code is 3.

faultline hunt SCENARIO --goal NAME [options]
    Looks for a way to a goal of `faultline ask`: the run of the scenario under random faults and
    requests, as many as the goal allows. It prints the way with the fewest faults, then the fewest
    commands, as a line for `faultline ask`. If there is none, it tries every order of events where the
    goal is a broken rule, and says what was tried.

    --seeds A..B           the seeds of the faults; default 0..400
    --seed N               the seed of the run; default 1
    --preset, --param, --switch, --until, --threads and --json as above

    The exit code is 0 if a way was found, or if there is none to a goal that nobody can reach; else 1.

faultline hunt SCENARIO --exhaustive [options]
    Tries every order in which messages may arrive, timers run out and faults come, and every state that
    can come of it once. Of all runs that break a rule it prints one with the fewest steps, where a
    fault counts as three. Messages may be as late as can be, and are never released if they are lost, so
    drops, delays and partitions need no budget. If nothing breaks, it says what was tried.

    --depth N              steps of a run; default 12
    --crashes N, --duplicates N, --liars N
                           how many faults a run may have; default 0. A node may come back for nothing
    --timers N             how many timers may run out; default: any number
    --requests N           requests besides those of the scenario; default: one, if nothing would happen
    --states N             where to give up; default 20,000,000. The exit code is then 3
    --from LENGTH          where the run is taken over from the scenario; default: its beginning
    --seed N               the seed of the run; default 1
    --part K/N             only the K-th of N parts, each with the same first steps; `faultline merge`
                           joins what all of them print with --jsonl
    --invariant, --preset, --param, --switch, --json, --jsonl and --expect-violation as above
";

const ASK: &str = "\
faultline ask SCENARIO [options]
    Prints what a learner is asked about a scenario, and what the run answers, with the instant and the
    record that decide it. The options are those of run, except --trace, and:

    --question NAME  only this one
    --command        what you do in the place of what the question's own way does
    --file FILE      questions of your own in place of ours; crates/sim/src/question.rs says how to write one
    --json           prints one JSON object per question
    --check          only reads the questions of all protocols; takes no scenario

    Questions about many runs are counted: how many random runs break an invariant, how many different
    endings there are, or which switch adds most states. If a run does not decide a question, the exit
    code is 1.
";

const SWEEP: &str = "\
faultline sweep SCENARIO --seeds A..B --probe NAME [options]
faultline sweep SCENARIO --vary NAME=FROM..TO[:STEP] --probe NAME [--seeds A..B] [options]
faultline sweep SCENARIO --crashes FROM..TO --probe NAME [options]
    Runs the seeds A to B-1 and prints the distribution of a probe's values. With --vary, it does this
    for each value of a parameter. The options are those of run, except --seed and --trace, and:

    --probe NAME  the probe; may be repeated to measure several in the same runs
    --vary NAME=FROM..TO[:STEP]
                  the values of a parameter from FROM to TO, both included, such as nodes=3..20 or
                  timeout=100..500:50. Default step: 1 for whole numbers, else a tenth of the range.
                  Default seeds: only seed 1
    --crashes FROM..TO
                  one crash in each run: of each node, after each event of the run from FROM to TO,
                  such as 1..16. Prints a grid with ✕ where a law broke
    --json        prints one JSON object instead of a table; with --vary, a summary for each value
    --jsonl       prints one line per seed, for `faultline merge`; with --vary, one line per value
    --threads N   default: all cores; the result does not depend on it

    p50 and p95 are values that occurred: the smallest value with at least that share of values at or
    below it. The histogram has 10 to 20 equal bins from the smallest to the largest value. A bin
    holds values from `from` up to, but not including, `to`; the last bin includes both. Whole numbers
    with a range below 20 get one bin each, and a single value has one bin. Runs in which the probe
    has no value count in `without_value` only. An invariant that must be true in some run is broken
    if it was true in none; its violation has no seed.
";

const MERGE: &str = "\
faultline merge [FILE...] [--allow-gaps] [--expect-violation INVARIANT]
    Reads the lines of `faultline sweep --jsonl` or `faultline hunt --jsonl` from files or standard
    input, and prints what the same command prints with --json for all their seeds, or for all parts of
    an exhaustive hunt. The lines may come in any order. It refuses repeated seeds or parts, lines of
    different sweeps or hunts, missing parts, and missing seeds unless --allow-gaps is given.
";

const SHIVIZ_CHECK: &str = "\
faultline shiviz-check FILE [options]
    Reads the log of any system by the rules of ShiViz. For each execution it prints the hosts with
    their events, the ordered and concurrent pairs of events, the direct messages between hosts, and
    the length of the longest chain. If a log breaks a rule, it prints the line and the reason, and
    the exit code is 1. FILE `-` is standard input.

    --parser RE      finds events: a JavaScript regular expression with the groups (?<host>…),
                     (?<clock>…) and (?<event>…). Default: the first line of the log, if it is one,
                     with the delimiter on the second line; otherwise the host and its clock on one
                     line and the event on the line above or below, whichever finds more events
    --delimiter RE   separates executions; its group (?<trace>…) names the execution after it
    --strict         exit code 1 if a line was not understood
    --json           prints one JSON object with the content of each execution by name
";

const CHECK_HISTORY: &str = "\
faultline check-history FILE [options]
    Reads what the clients of any system asked and were told, and checks whether this is linearizable:
    whether each operation can have taken effect at one instant between its invocation and its answer.
    If not, it names the object, the operations that contradict each other and the reason, and checks
    whether the history is at least sequentially consistent. FILE `-` is standard input.

    --format FORMAT   jepsen, a log of Jepsen or its history in EDN; porcupine-kv, the maps of
                      Porcupine; json, our own format. Default: what the file looks like
    --model MODEL     what the clients share: register, cas-register, kv, set, counter, bank or lock.
                      Default: what their operations are about
    --initial VALUE   what a key, the counter or each account holds at first; `nil` is nothing.
                      Default: nothing, or 0; for porcupine-kv the empty text
    --budget SECONDS  how long it may take; default 10
    --json            prints one JSON object

    Our own format has one JSON object for each operation, one a line or all in one list:

    {\"process\":1,\"key\":\"x\",\"f\":\"write\",\"value\":\"1\",\"invoked_us\":0,\"completed_us\":90,\"end\":\"ok\"}
    {\"process\":2,\"key\":\"x\",\"f\":\"read\",\"invoked_us\":20,\"completed_us\":50,\"end\":\"ok\",\"result\":\"1\"}

    f          read, write, cas ([old, new] as its value) or append; add for a counter; insert or
               remove for a set; transfer for a bank ({\"a\":-5,\"b\":5}); acquire or release for a lock
    end        ok; failed, the answer was no (a cas found another value); aborted, it had no effect,
               which says nothing else; unknown, it may take effect at any time or never
    completed_us may be null. Operations that touch at one instant overlap. A first object such as
    {\"model\":\"bank\",\"initial\":10} says what the operations are about.

    Exit codes: 0 linearizable, 1 not linearizable, 2 the file cannot be read, 3 not decided in time.
";

const BENCH: &str = "\
faultline bench [heap] w1|w2|w3 N [--record] [--json]
faultline bench seek EVENTS [--json]
faultline bench histories FILE|FOLDER... [--json]
faultline bench search [--json]
    Delivers N messages and prints the time per event (a delivery is an event, and so is a timer).

    w1   5 nodes, heartbeats from all to all every 100 ms
    w2   a token on a ring of 100 nodes
    w3   a rumour among 1,000 nodes; each node that knows it tells three others every 100 ms
    All use latencies of 1 to 10 ms.

    heap       only a bare binary heap with the same pushes and pops, for comparison
    --record   keeps a trace; without it nothing is recorded
    seek       goes to random instants of a run with EVENTS events: state and frame
    histories  checks histories as check-history does: the median of five times for each, summed up
    search     states a second of hunt --exhaustive, and of a bare specification; schedules a second of
               hunt; the best of three times
";

const HELP: &str = "\
faultline help [COMMAND]
faultline help commands [PROTOCOL]
    Explains the program or one of its commands, or lists all verbs that act on a run with the
    requests, timers and switches of each protocol.
";

const VERSION: &str = "\
faultline --version
    Prints the version.
";

/// Prints the help that was asked for.
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
            "unexpected argument `{extra}`; help takes one topic"
        )),
    }
}

/// The topics of the help, besides `commands`.
const TOPICS: [(&str, &str); 14] = [
    ("list", LIST),
    ("run", RUN),
    ("ask", ASK),
    ("sweep", SWEEP),
    ("merge", MERGE),
    ("hunt", HUNT),
    ("cost", COST),
    ("link", LINK),
    ("open", OPEN),
    ("shiviz-check", SHIVIZ_CHECK),
    ("check-history", CHECK_HISTORY),
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
