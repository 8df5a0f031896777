//! The kinds of boxes, in words and with what may be set of each.

use faultline_sim::kit::{BoxKind, Kit};
use serde::Serialize;

use super::params as p;

/// What a box is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[default]
    Service,
    Crowd,
    Balancer,
    Cache,
    Database,
    Queue,
    Breaker,
    Autoscaler,
}

impl Kind {
    const ALL: [(Self, &'static str); 8] = [
        (Kind::Service, "service"),
        (Kind::Crowd, "crowd"),
        (Kind::Balancer, "balancer"),
        (Kind::Cache, "cache"),
        (Kind::Database, "database"),
        (Kind::Queue, "queue"),
        (Kind::Breaker, "breaker"),
        (Kind::Autoscaler, "autoscaler"),
    ];

    /// The kind with this word.
    #[must_use]
    pub fn named(word: &str) -> Self {
        let found = Self::ALL.into_iter().find(|(_, name)| *name == word);
        found.map_or(Kind::Service, |(kind, _)| kind)
    }

    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// What every box that calls others has.
const CALLS: &[&str] = &[
    p::PATIENCE.name,
    p::RETRIES.name,
    p::BACKOFF.name,
    p::SPREAD.name,
    p::BUDGET.name,
    p::HEDGE.name,
    p::BULKHEAD.name,
    p::POLICY.name,
    p::BREAKER.name,
    p::THRESHOLD.name,
    p::RESET.name,
];
const WORKS: &[&str] = &[
    p::SERVERS.name,
    p::TIME.name,
    p::LAW.name,
    p::LIMIT.name,
    p::FAULTY.name,
    p::WEIGHT.name,
    p::DROP_LATE.name,
    p::IDEMPOTENT.name,
];

const fn kind(
    word: &'static str,
    title: &'static str,
    says: &'static str,
    sets: &'static [&'static [&'static str]],
) -> BoxKind {
    BoxKind {
        word,
        title,
        says,
        sets,
    }
}

/// In the order in which a person meets them on a request's way.
pub const KIT: Kit = Kit {
    kind: &p::KIND,
    to: &p::TO,
    kinds: &[
        kind(
            "crowd",
            "Crowd",
            "Users that ask",
            &[
                &[
                    p::RATE.name,
                    p::ARRIVALS.name,
                    p::USERS.name,
                    p::THINK.name,
                    p::WRITES.name,
                    p::KEYS.name,
                    p::FAVOURITES.name,
                ],
                CALLS,
            ],
        ),
        kind(
            "balancer",
            "Balancer",
            "Passes each request to one of several boxes",
            &[CALLS],
        ),
        kind(
            "service",
            "Service",
            "Works on requests, and may ask others",
            &[WORKS, CALLS],
        ),
        kind(
            "cache",
            "Cache",
            "Keeps answers for the next time",
            &[
                &[
                    p::PLACES.name,
                    p::AGE.name,
                    p::EVICT.name,
                    p::WRITING.name,
                    p::ONE_FILL.name,
                ],
                CALLS,
            ],
        ),
        kind(
            "database",
            "Database",
            "Keeps what was written, also for its copies",
            &[WORKS, CALLS],
        ),
        kind(
            "queue",
            "Event queue",
            "Accepts work and hands it on later",
            &[&[
                p::DELIVERY.name,
                p::SHARE.name,
                p::AT_ONCE.name,
                p::REDELIVER.name,
                p::ATTEMPTS.name,
                p::LIMIT.name,
                p::KEEP_EVENTS.name,
            ]],
        ),
        kind(
            "breaker",
            "Breaker",
            "Stops calls to a box that keeps failing",
            &[CALLS],
        ),
        kind(
            "autoscaler",
            "Autoscaler",
            "Tells a balancer how many servers to use",
            &[&[p::EVERY.name, p::TARGET.name, p::BOOT.name]],
        ),
    ],
};
