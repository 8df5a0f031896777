//! Presets: Raft as in the paper, and without one of its rules.

use faultline_sim::descriptor::Preset;

const CORRECT: Preset = Preset {
    name: "correct",
    title: "Raft as in the paper",
    ..Preset::BASE
};

pub(in crate::raft) const PRESETS: &[Preset] = &[
    CORRECT,
    Preset {
        name: "steady",
        title: "Raft with PreVote and CheckQuorum",
        switches: &[("pre-vote", true), ("check-quorum", true)],
        ..CORRECT
    },
    Preset {
        name: "votes-twice",
        title: "Servers vote more than once per term",
        breaks: Some("Election Safety: two leaders in one term"),
        switches: &[("vote-once", false)],
        ..CORRECT
    },
    Preset {
        name: "no-log-check",
        title: "Servers vote for any candidate",
        breaks: Some("Leader Completeness: a leader misses committed entries"),
        switches: &[("log-check", false)],
        ..CORRECT
    },
    Preset {
        name: "counts-old-terms",
        title: "Leaders count copies for entries of older terms",
        breaks: Some("State Machine Safety: a committed entry is overwritten (Figure 8)"),
        switches: &[("current-term", false), ("no-op", false)],
        ..CORRECT
    },
    Preset {
        name: "forgets-vote",
        title: "A server forgets its vote in a crash",
        breaks: Some("Election Safety: a server votes again after a crash"),
        switches: &[("persist-vote", false)],
        ..CORRECT
    },
    Preset {
        name: "answers-first",
        title: "Servers answer before their disk write is done",
        breaks: Some("Election Safety: a server loses its vote in a crash and votes again"),
        switches: &[("write-first", false)],
        ..CORRECT
    },
    Preset {
        name: "no-prev-check",
        title: "Followers accept entries that do not fit their log",
        breaks: Some("Log Matching: logs share an entry but differ before it"),
        switches: &[("prev-check", false)],
        ..CORRECT
    },
    Preset {
        name: "unconfirmed-reads",
        title: "A leader answers reads without confirming that it leads",
        breaks: Some("Linearizability: a deposed leader returns a stale value"),
        switches: &[("confirm-reads", false)],
        ..CORRECT
    },
    Preset {
        name: "executes-twice",
        title: "A retried request is executed again",
        breaks: Some("at-most-once: a retry counts twice"),
        switches: &[("apply-once", false)],
        ..CORRECT
    },
    Preset {
        name: "one-rule-off",
        title: "One rule is off: find out which",
        breaks: Some("one rule is off, and nobody says which"),
        hides: &[
            "vote-once",
            "log-check",
            "prev-check",
            "confirm-reads",
            "apply-once",
        ],
        ..CORRECT
    },
];
