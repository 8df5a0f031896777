//! What a search may break: how many faults of each kind, and how many a run has used.

use serde::{Deserialize, Serialize};

use crate::command::{Command, Timed};
use crate::fault::Fault;
use crate::text::{and_list, counted};

/// What a fault does to a run, as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BudgetKind {
    /// A node stops, for a while or for good.
    Crash,
    /// Messages are lost.
    Drop,
    /// Messages, timers or writes come late, early or in another order.
    Delay,
    /// Messages arrive twice.
    Duplicate,
    /// Nodes cannot hear each other.
    Partition,
    /// A node lies.
    Liar,
}

impl BudgetKind {
    /// In the order of [`Budget`], each with its words for one and for many.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Crash, "crash", "crashes"),
        (Self::Drop, "drop", "drops"),
        (Self::Delay, "delay", "delays"),
        (Self::Duplicate, "duplicate", "duplicates"),
        (Self::Partition, "partition", "partitions"),
        (Self::Liar, "liar", "liars"),
    ];

    /// The word for many: `crashes`.
    #[must_use]
    pub fn plural(self) -> &'static str {
        let found = Self::ALL.iter().find(|(kind, ..)| *kind == self);
        found.map_or("", |(.., many)| many)
    }

    /// All verbs of this kind, as people have them at hand. A share of all nodes is several crashes, so
    /// it is not among them.
    #[must_use]
    pub fn every_verb(self) -> &'static [&'static str] {
        match self {
            Self::Crash => &["crash", "flaky"],
            Self::Drop => &["drop", "loss"],
            Self::Delay => &[
                "delay",
                "hold",
                "pause",
                "disk",
                "slow",
                "latency",
                "reorder",
                "bandwidth",
                "skew",
                "drift",
                "fire",
                "align",
                "spread",
            ],
            Self::Duplicate => &["duplicate", "duplication"],
            Self::Partition | Self::Liar => self.verbs(),
        }
    }

    /// The verbs that a search within a budget draws: each of them hits one node, one message or one
    /// link, so that a fault of a shortest run is one that people can point at.
    #[must_use]
    pub fn verbs(self) -> &'static [&'static str] {
        match self {
            Self::Crash => &["crash"],
            Self::Drop => &["drop"],
            Self::Delay => &["delay", "hold", "pause", "disk"],
            Self::Duplicate => &["duplicate"],
            Self::Partition => &["partition", "cut", "oneway"],
            Self::Liar => &["lie"],
        }
    }
}

/// How many faults of each kind; by default none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Budget {
    /// Nodes that stop.
    pub crashes: u32,
    /// Messages that are lost.
    pub drops: u32,
    /// Messages, nodes or clocks that are late or early.
    pub delays: u32,
    /// Messages that arrive twice.
    pub duplicates: u32,
    /// Partitions and cut links.
    pub partitions: u32,
    /// Nodes that lie.
    pub liars: u32,
    /// Faults in all; if none, those of each kind together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<u32>,
}

impl Budget {
    /// Nothing may break.
    pub const NONE: Self = Self {
        crashes: 0,
        drops: 0,
        delays: 0,
        duplicates: 0,
        partitions: 0,
        liars: 0,
        most: None,
    };

    /// So many faults, whatever they are.
    #[must_use]
    pub fn any(count: u32) -> Self {
        Self {
            crashes: count,
            drops: count,
            delays: count,
            duplicates: count,
            partitions: count,
            liars: count,
            most: Some(count),
        }
    }

    /// What a command counts as. Requests, settings, nodes that join or leave and everything that
    /// mends cost nothing.
    #[must_use]
    pub fn kind(command: &Command) -> Option<BudgetKind> {
        let Command::Fault(fault) = command else {
            return None;
        };
        match fault {
            Fault::Crash(_) | Fault::CrashShare(_) | Fault::Flaky(..) => Some(BudgetKind::Crash),
            Fault::Loss(_, p) if *p == 0.0 => None,
            Fault::Drop(_) | Fault::Loss(..) => Some(BudgetKind::Drop),
            Fault::Duplication(_, p) if *p == 0.0 => None,
            Fault::Duplicate(_) | Fault::Duplication(..) => Some(BudgetKind::Duplicate),
            Fault::Partition(_) | Fault::OneWay(..) | Fault::Cut(..) => Some(BudgetKind::Partition),
            Fault::Lie(_, style) => style.map(|_| BudgetKind::Liar),
            // Nothing, where it takes the fault back.
            Fault::Slow(_, _, by) | Fault::Disk(_, by) if by.0 == 0 => None,
            Fault::Skew(_, 0) | Fault::Drift(_, 0) | Fault::Bandwidth(_, None) => None,
            Fault::Delay(..)
            | Fault::Hold(_)
            | Fault::Slow(..)
            | Fault::Reorder(..)
            | Fault::Pause(_)
            | Fault::Latency(..)
            | Fault::Bandwidth(..)
            | Fault::Disk(..)
            | Fault::Skew(..)
            | Fault::Drift(..)
            | Fault::Fire(..)
            | Fault::Align(_)
            | Fault::Spread(_) => Some(BudgetKind::Delay),
            Fault::Recover(_)
            | Fault::RecoverAll
            | Fault::Resume(_)
            | Fault::Release(_)
            | Fault::Join(..)
            | Fault::Heal
            | Fault::Fifo(..) => None,
        }
    }

    /// What these commands use among `nodes` nodes. A share that crashes several nodes is as many
    /// crashes; where nobody knows how many nodes there are (0), it is one.
    #[must_use]
    pub fn used<'c>(commands: impl IntoIterator<Item = &'c Command>, nodes: u32) -> Self {
        let mut used = Self::NONE;
        let mut by_hand = false;
        for command in commands {
            if let Command::ByHand(on) = command {
                by_hand = *on;
            }
            let Some(kind) = Self::kind(command) else {
                continue;
            };
            // By hand, no timer runs out unless it is fired.
            if by_hand && matches!(command, Command::Fault(Fault::Fire(..))) {
                continue;
            }
            let count = match command {
                Command::Fault(Fault::CrashShare(share)) => {
                    (share * f64::from(nodes)).round().max(1.0) as u32
                }
                _ => 1,
            };
            let sum = used.of_mut(kind);
            *sum = sum.saturating_add(count);
        }
        used
    }

    /// How many of a kind.
    #[must_use]
    pub fn of(&self, kind: BudgetKind) -> u32 {
        match kind {
            BudgetKind::Crash => self.crashes,
            BudgetKind::Drop => self.drops,
            BudgetKind::Delay => self.delays,
            BudgetKind::Duplicate => self.duplicates,
            BudgetKind::Partition => self.partitions,
            BudgetKind::Liar => self.liars,
        }
    }

    /// The same, to change it.
    pub fn of_mut(&mut self, kind: BudgetKind) -> &mut u32 {
        match kind {
            BudgetKind::Crash => &mut self.crashes,
            BudgetKind::Drop => &mut self.drops,
            BudgetKind::Delay => &mut self.delays,
            BudgetKind::Duplicate => &mut self.duplicates,
            BudgetKind::Partition => &mut self.partitions,
            BudgetKind::Liar => &mut self.liars,
        }
    }

    /// The kinds that it holds, with how many of each.
    pub fn kinds(&self) -> impl Iterator<Item = (BudgetKind, u32)> + '_ {
        let all = BudgetKind::ALL
            .iter()
            .map(|(kind, ..)| (*kind, self.of(*kind)));
        all.filter(|(_, count)| *count > 0)
    }

    /// All faults together.
    #[must_use]
    pub fn total(&self) -> u32 {
        let sum = self
            .kinds()
            .fold(0_u32, |sum, (_, count)| sum.saturating_add(count));
        self.most.map_or(sum, |most| most.min(sum))
    }

    /// Whether `used` stays within it.
    #[must_use]
    pub fn covers(&self, used: &Self) -> bool {
        let each = used.kinds().all(|(kind, count)| count <= self.of(kind));
        each && self.most.is_none_or(|most| used.total() <= most)
    }

    /// For people: `2 crashes and 1 drop`, `2 faults of any kind`, or `no faults`.
    #[must_use]
    pub fn text(&self) -> String {
        if let Some(most) = self.most.filter(|most| *most > 0)
            && *self == Self::any(most)
        {
            let faults = counted(most, "fault", "faults");
            return format!("{faults} of any kind");
        }
        let all = BudgetKind::ALL.iter();
        let parts = all.filter_map(|(kind, one, many)| {
            let count = self.of(*kind);
            (count > 0).then(|| counted(count, one, many))
        });
        match (and_list(parts), self.most) {
            (none, _) if none.is_empty() => "no faults".into(),
            (some, Some(most)) if most < self.kinds().map(|(_, count)| count).sum() => {
                format!("{some}, at most {}", counted(most, "fault", "faults"))
            }
            (some, _) => some,
        }
    }
}

/// How many faults a run has: what makes one counterexample better than another.
#[must_use]
pub fn cost(commands: &[Timed]) -> u32 {
    Budget::used(commands.iter().map(|timed| &timed.command), 0).total()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::OTHER_VERBS;
    use crate::fault::VERBS;

    fn kind(text: &str) -> Option<BudgetKind> {
        Budget::kind(&Command::parse(text).unwrap())
    }

    #[test]
    fn every_verb_has_its_kind() {
        use BudgetKind::*;
        let free = ["recover", "resume", "join", "heal", "release", "fifo"];
        for (verb, _, example) in VERBS {
            let wanted = match verb {
                "crash" | "flaky" => Some(Crash),
                "drop" | "loss" => Some(Drop),
                "duplicate" | "duplication" => Some(Duplicate),
                "partition" | "oneway" | "cut" => Some(Partition),
                "lie" => Some(Liar),
                free_verb if free.contains(&free_verb) => None,
                _ => Some(Delay),
            };
            assert_eq!(kind(example), wanted, "{verb}");
        }
        for (_, _, example) in OTHER_VERBS {
            assert_eq!(kind(example), None, "{example}");
        }
        for (kind, ..) in BudgetKind::ALL {
            for verb in kind.verbs() {
                let (_, _, example) = VERBS.iter().find(|(v, ..)| v == verb).unwrap();
                assert_eq!(
                    super::Budget::kind(&Command::parse(example).unwrap()),
                    Some(kind)
                );
            }
        }
        // Together they are all faults but shares of all nodes.
        for (verb, _, example) in VERBS {
            let lists = BudgetKind::ALL
                .iter()
                .filter(|(kind, ..)| kind.every_verb().contains(&verb));
            let lists: Vec<_> = lists.map(|(kind, ..)| Some(*kind)).collect();
            match super::Budget::kind(&Command::parse(example).unwrap()) {
                None => assert!(lists.is_empty(), "{verb}"),
                some => assert_eq!(lists, [some], "{verb}"),
            }
        }
    }

    #[test]
    fn what_takes_a_fault_back_is_free() {
        for text in [
            "recover all",
            "lie n4 honest",
            "slow n1->n2 0s",
            "disk n1 0s",
            "loss 0",
            "duplication n1->n2 0",
            "bandwidth unlimited",
            "skew n1 0s",
            "drift n1 0ppm",
        ] {
            assert_eq!(kind(text), None, "{text}");
        }
    }

    #[test]
    fn a_run_costs_its_faults() {
        let commands = [
            "1s crash n1",
            "2s crash 40%",
            "2s heal",
            "3s drop n1->n2#1",
            "4s add",
        ];
        let commands = commands.map(|text| Timed::parse(text).unwrap());
        assert_eq!(
            cost(&commands),
            3,
            "a share among nobody knows how many is one"
        );
        let used = Budget::used(commands.iter().map(|timed| &timed.command), 5);
        assert_eq!(used.text(), "3 crashes and 1 drop");
        let budget = Budget {
            crashes: 3,
            drops: 2,
            ..Budget::NONE
        };
        assert!(budget.covers(&used) && !used.covers(&budget));
    }

    #[test]
    fn a_budget_reads_well_and_reads_back() {
        assert_eq!(Budget::NONE.text(), "no faults");
        let budget = Budget {
            drops: 1,
            delays: 2,
            liars: 1,
            ..Budget::NONE
        };
        assert_eq!(budget.text(), "1 drop, 2 delays and 1 liar");
        let json = serde_json::to_value(budget).unwrap();
        assert_eq!(serde_json::from_value::<Budget>(json).unwrap(), budget);
        let any = Budget::any(2);
        assert_eq!(
            (any.total(), any.text()),
            (2, "2 faults of any kind".into())
        );
        assert_eq!(Budget::any(0).text(), "no faults");
        let some = Budget {
            most: Some(3),
            ..budget
        };
        assert_eq!(
            (some.total(), some.text()),
            (
                3,
                "1 drop, 2 delays and 1 liar, at most 3 faults".to_owned()
            )
        );
        assert!(!some.covers(&budget) && budget.covers(&some));
        let json = serde_json::to_value(some).unwrap();
        assert_eq!(serde_json::from_value::<Budget>(json).unwrap(), some);
        let some = serde_json::json!({"drops": 1});
        assert_eq!(serde_json::from_value::<Budget>(some).unwrap().total(), 1);
        assert!(serde_json::from_value::<Budget>(serde_json::json!({"drop": 1})).is_err());
    }
}
