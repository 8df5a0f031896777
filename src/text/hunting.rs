//! Words of the search for a run that breaks a rule.

use faultline_sim::command::Timed;
use faultline_sim::explore::grouped;
use faultline_sim::search::{Budget, BudgetKind};
use faultline_sim::text::and_list;
use faultline_sim::time::Time;

use super::records::{Vocabulary, commands::done};
use super::{capital, counted};
use crate::worker::{Ending, Failure, Mark, Progress, is_preparation};

pub const TITLE: &str = "Find a failure";
/// The button beside a rule.
pub const BREAK_IT: &str = "Find a run that breaks it";
/// Its name for a screen reader, which hears it for each rule.
#[must_use]
pub fn break_rule(title: &str) -> String {
    format!("{BREAK_IT}: {title}")
}

pub const CLOSE: &str = "Close";
pub const RULE: &str = "Rule";
pub const ANY_RULE: &str = "Any rule";
pub const FAULTS: &str = "Faults in each run, at most";
pub const FEWER: &str = "Fewer";
pub const MORE: &str = "More";
pub const RUNS: &str = "Random runs";
pub const FROM_SEED: &str = "From seed";
pub const THEN_ORDERS: &str = "Then try every order of events";
pub const DEPTH: &str = "Steps, at most";
pub const SEARCH: &str = "Search";
pub const STOP: &str = "Stop";
pub const ORDERS: &str = "Try every order of events";
pub const SHRINKING: &str = "Making the run shorter.";
pub const OPEN: &str = "Open on the stage";
pub const COPY_LINK: &str = "Copy link";
pub const OPEN_RUN: &str = "Open this run";
pub const TABLE: &str = "Runs that broke a rule";
pub const SEED: &str = "Seed";
pub const WHEN: &str = "When";
/// The name of the strip, which is moved in with keys.
pub const STRIP: &str =
    "Random runs. Arrow keys choose one, Page Down the next broken one, Enter opens it";
pub const IN_PAGE: &str = "This browser cannot start a worker. The page searches between pictures.";
pub const WHOLE_SEED: &str = "Write the seed as a whole number, such as 1.";
pub const WHOLE_DEPTH: &str = "Write the steps as a whole number from 1 to 1000.";
/// The shapes of marks: class and word.
pub const LEGEND: [(&str, &str); 3] = [
    ("kept", "kept the rules"),
    ("broke", "broke a rule"),
    ("cut", "cut off"),
];

/// What the search is about.
#[must_use]
pub fn about(preset: &str) -> String {
    let preset = preset.trim_end_matches('.');
    format!("Searches runs of this scenario as it is set now: {preset}.")
}

/// A protocol without a rule that a search can break.
#[must_use]
pub fn no_rules(title: &str) -> String {
    format!("{title} has no rule that must hold in every run, so there is nothing to break.")
}

/// What a budget counts, for one and for many.
#[must_use]
pub fn kind(kind: BudgetKind) -> (&'static str, &'static str) {
    match kind {
        BudgetKind::Crash => ("crash", "crashes"),
        BudgetKind::Drop => ("lost message", "lost messages"),
        BudgetKind::Delay => ("delay", "delays"),
        BudgetKind::Duplicate => ("duplicated message", "duplicated messages"),
        BudgetKind::Partition => ("partition", "partitions"),
        BudgetKind::Liar => ("liar", "liars"),
    }
}

/// Faults that the protocol does not promise to bear.
#[must_use]
pub fn left_out(title: &str, kinds: &[BudgetKind]) -> Option<String> {
    let kinds = and_list(kinds.iter().map(|one| kind(*one).1.to_owned()));
    (!kinds.is_empty()).then(|| format!("{title} does not promise to tolerate {kinds}."))
}

/// A budget in words: "1 crash and 2 lost messages", or "no faults".
#[must_use]
pub fn faults(budget: &Budget) -> String {
    let part = |(of, count): (BudgetKind, u32)| {
        let (one, many) = kind(of);
        counted(u64::from(count), one, many)
    };
    match and_list(budget.kinds().map(part)) {
        none if none.is_empty() => "no faults".into(),
        some => some,
    }
}

/// Two digits of a rate are as many as are the same the next time.
#[must_use]
pub fn rate(count: u64, took_us: u64) -> Option<String> {
    let rate = count as f64 * 1e6 / took_us as f64;
    if !rate.is_finite() || rate < 1.0 {
        return None;
    }
    let unit = 10_f64.powf(rate.log10().floor() - 1.0).max(1.0);
    let rounded = (rate / unit).round() * unit;
    Some(format!("{} a second", grouped(rounded as u64)))
}

/// Random runs so far: "137 of 200 runs, 410 a second".
#[must_use]
pub fn runs_so_far(done: u64, all: u64, took_us: u64) -> String {
    let rate = rate(done, took_us).map_or_else(String::new, |rate| format!(", {rate}"));
    format!("{} of {} runs{rate}", grouped(done), grouped(all))
}

/// States so far: "41,233 states, 88,000 a second, 1 fault, 9 steps".
#[must_use]
pub fn states_so_far(progress: &Progress) -> String {
    let tried = &progress.tried;
    let rate = rate(tried.states, progress.took);
    let rate = rate.map_or_else(String::new, |rate| format!(", {rate}"));
    let (faults, steps) = tried.at;
    let states = match tried.states {
        1 => "1 state".to_owned(),
        many => format!("{} states", grouped(many)),
    };
    let faults = counted(u64::from(faults), "fault", "faults");
    let steps = counted(u64::from(steps), "step", "steps");
    format!("{states}{rate}, {faults}, {steps}")
}

/// How many random runs broke a rule: "3 of 200 runs broke a rule."
#[must_use]
pub fn broke(marks: &[Mark]) -> String {
    let broke = marks.iter().filter(|mark| is_broken(mark)).count();
    let all = grouped(marks.len() as u64);
    match broke {
        0 => format!("None of {all} runs broke a rule."),
        some => format!("{} of {all} runs broke a rule.", grouped(some as u64)),
    }
}

#[must_use]
pub fn is_broken(mark: &Mark) -> bool {
    mark.is_broken()
}

/// What the random runs tried, if none of them broke a rule.
#[must_use]
pub fn nothing(done: u64, all: u64, budget: &Budget) -> String {
    let faults = match budget.total() {
        0 => "no faults".to_owned(),
        _ => format!("up to {} in each", faults(budget)),
    };
    if done < all {
        let (done, all) = (grouped(done), grouped(all));
        return format!("Stopped after {done} of {all} random runs with {faults}: nothing broke.");
    }
    let runs = counted(done, "random run", "random runs");
    let runs = runs.replacen(&done.to_string(), &grouped(done), 1);
    format!("{} with {faults} broke nothing.", capital(&runs))
}

/// Runs that reached a limit, and why the first did.
#[must_use]
pub fn cut_off(marks: &[Mark]) -> Option<String> {
    let mut all = marks.iter().filter_map(|mark| match &mark.ending {
        Ending::Cut(why) => Some(why),
        _ => None,
    });
    let why = all.next()?;
    let count = counted(all.count() as u64 + 1, "run was", "runs were");
    Some(format!("{count} cut off. {}", sentence(why)))
}

fn sentence(text: &str) -> String {
    format!("{}.", capital(text.trim_end_matches('.')))
}

/// What a found run needs: "Shortest run: 1 crash and 1 lost message."
#[must_use]
pub fn shortest(failure: &Failure, so_far: bool) -> String {
    let so_far = if so_far { " so far" } else { "" };
    let faults = faults(&failure.used());
    match failure.by_hand {
        Some(steps) => {
            let steps = counted(u64::from(steps), "step", "steps");
            format!("Played by hand: {steps}, {faults}.")
        }
        None => format!("Shortest run{so_far}: {faults}."),
    }
}

/// A run that needs no command to break.
pub const BY_ITSELF: &str = "It breaks by itself, without any command.";

/// More commands than this are counted, not told.
const MOST_TOLD: usize = 20;

/// The commands of a found run, each with its instant.
#[must_use]
pub fn told(failure: &Failure, vocabulary: &Vocabulary) -> (Vec<(String, String)>, Option<String>) {
    let commands = failure.commands();
    let steps = commands.iter();
    let steps: Vec<&Timed> = steps.filter(|one| !is_preparation(&one.command)).collect();
    let told = steps.iter().take(MOST_TOLD).map(|timed| {
        let at = timed.at.time.map_or_else(String::new, exact);
        (at, format!("{}.", done(&timed.command, vocabulary)))
    });
    let rest = steps.len().saturating_sub(MOST_TOLD);
    let rest = (rest > 0).then(|| format!("And {rest} more."));
    (told.collect(), rest)
}

/// An instant that tells neighbouring events apart: "1.204 s".
#[must_use]
pub fn exact(at: Time) -> String {
    format!("{:.3} s", at.seconds())
}

/// A random run in words: "Seed 57 breaks “One leader per term” at 1.204 s."
#[must_use]
pub fn run(seed: u64, mark: &Mark, title: impl Fn(&str) -> String) -> String {
    match &mark.ending {
        Ending::Kept => format!("Seed {seed} breaks no rule."),
        Ending::Broke { law, at } => {
            let title = title(law);
            format!("Seed {seed} breaks “{title}” at {}.", exact(*at))
        }
        Ending::Cut(why) => format!("Seed {seed} was cut off. {}", sentence(why)),
    }
}

/// A button of the table.
#[must_use]
pub fn open_seed(seed: u64) -> String {
    format!("Open seed {seed}")
}

/// What a link to a found run opens.
pub const LINK_COPIED: &str = "Link copied. It opens this run before it breaks the rule.";
pub const LINK_NOT_COPIED: &str =
    "This browser does not let the page copy. Open the run on the stage, then copy its link.";

/// The work ended early.
#[must_use]
pub fn failed(why: &str) -> String {
    match why {
        "" => "The search stopped. Search again.".to_owned(),
        why => format!("The search stopped: {why}. Search again."),
    }
}

#[cfg(test)]
mod tests {
    use faultline_sim::descriptor::Recipe;

    use super::*;

    fn mark(ending: Ending) -> Mark {
        Mark { ending, took: 1 }
    }

    #[test]
    fn rates_have_two_digits() {
        for (count, took, said) in [
            (137, 334_000, Some("410 a second")),
            (41_233, 467_300, Some("88,000 a second")),
            (7, 1_000_000, Some("7 a second")),
            (95, 1_000_000, Some("95 a second")),
            (1, 3_000_000, None),
            (5, 0, None),
        ] {
            assert_eq!(rate(count, took).as_deref(), said, "{count}");
        }
        assert_eq!(
            runs_so_far(137, 1_000, 334_000),
            "137 of 1,000 runs, 410 a second"
        );
    }

    #[test]
    fn what_was_tried_is_said() {
        let budget = Budget {
            crashes: 1,
            drops: 2,
            ..Budget::NONE
        };
        assert_eq!(
            nothing(1_000, 1_000, &budget),
            "1,000 random runs with up to 1 crash and 2 lost messages in each broke nothing."
        );
        assert_eq!(
            nothing(57, 1_000, &Budget::NONE),
            "Stopped after 57 of 1,000 random runs with no faults: nothing broke."
        );
        assert_eq!(
            left_out("Raft", &[BudgetKind::Delay, BudgetKind::Liar]).as_deref(),
            Some("Raft does not promise to tolerate delays and liars.")
        );
        assert_eq!(left_out("Raft", &[]), None);
    }

    #[test]
    fn marks_are_counted_and_told() {
        let law = "one-leader".to_owned();
        let at = Time(1_204_000);
        let all = [
            mark(Ending::Kept),
            mark(Ending::Broke { law, at }),
            mark(Ending::Cut("too many events".into())),
        ];
        assert_eq!(broke(&all), "1 of 3 runs broke a rule.");
        assert_eq!(broke(&all[..1]), "None of 1 runs broke a rule.");
        assert_eq!(
            cut_off(&all).as_deref(),
            Some("1 run was cut off. Too many events.")
        );
        let title = |_: &str| "One leader".to_owned();
        assert_eq!(
            run(57, &all[1], title),
            "Seed 57 breaks “One leader” at 1.204 s."
        );
        assert_eq!(run(57, &all[0], title), "Seed 57 breaks no rule.");
    }

    #[test]
    fn the_commands_of_a_run_are_told_without_what_prepares_them() {
        let mut recipe = Recipe::new("raft/kill-the-leader", 1);
        let commands = ["0s by-hand on", "0s loss 0", "9ms crash n2"];
        recipe.commands = commands.map(str::to_owned).to_vec();
        let failure = Failure {
            law: "one-leader".into(),
            reason: String::new(),
            recipe,
            at: Time(9_000),
            by_hand: Some(1),
        };
        assert_eq!(
            told(&failure, &Vocabulary::default()),
            (
                vec![("0.009 s".to_owned(), "Node 2 was crashed.".to_owned())],
                None
            )
        );
        assert_eq!(shortest(&failure, true), "Played by hand: 1 step, 1 crash.");
    }
}
