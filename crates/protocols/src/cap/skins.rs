//! The same cut, seen by eight applications, and by simplified models of three databases.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::scenarios::BASE;

/// Two of five nodes are cut off for six seconds, and every node goes on answering.
const APP: Scenario = Scenario {
    preset: "last-write",
    script: &["3s partition n1,n2,n3|n4,n5", "9s heal"],
    until: Duration::seconds(14),
    view: View::panel(Panel::Measures).stop(Stop::At(Duration::millis(2_900))),
    ..BASE
};

/// An application: which requests it gets, and what goes wrong costs how much.
macro_rules! app {
    ($id:literal, $title:literal, $summary:literal, $reads:literal, $refused:literal, $old:literal, $conflict:literal) => {
        Scenario {
            id: $id,
            title: $title,
            summary: $summary,
            params: &[
                ("every", "500"),
                ("reads", $reads),
                ("keys", "4"),
                ("price-refused", $refused),
                ("price-old", $old),
                ("price-conflict", $conflict),
            ],
            ..APP
        }
    };
}

/// Prices are ours: a teacher changes them in Settings, and the run decides again.
pub(super) const APPS: &[Scenario] = &[
    app!(
        "app-bank",
        "An application: money in accounts",
        "Balances are read and changed. A customer who is turned away costs 5 euros, an old balance 20, and a payment \
         that is dropped or made twice 500.",
        "50",
        "5",
        "20",
        "500"
    ),
    app!(
        "app-seats",
        "An application: the last seats of a concert",
        "Seats are looked at and sold. A lost customer costs 30 euros, an old plan 2, and a seat that is sold twice 400.",
        "60",
        "30",
        "2",
        "400"
    ),
    app!(
        "app-cart",
        "An application: shopping carts",
        "Carts are filled and looked at. A customer who cannot add an item costs 25 euros, an old cart 1, and an item \
         that has to be added again 3.",
        "50",
        "25",
        "1",
        "3"
    ),
    app!(
        "app-feed",
        "An application: a feed of posts",
        "Posts are read, and sometimes written. A reader who sees an error costs 2 euros, and one who sees yesterday's \
         posts or misses one costs next to nothing.",
        "90",
        "2",
        "0",
        "1"
    ),
    app!(
        "app-names",
        "An application: user names",
        "New users choose a name. Somebody who has to try again costs 3 euros, and a name that two people have costs 200.",
        "40",
        "3",
        "1",
        "200"
    ),
    app!(
        "app-sensors",
        "An application: readings of sensors",
        "Thousands of sensors report. A reading that is turned away is lost and costs 4 euros. Old or dropped ones hardly \
         matter: the next comes soon.",
        "20",
        "4",
        "0",
        "1"
    ),
    app!(
        "app-medicine",
        "An application: doses of medicine",
        "Nurses look up doses. Who sees nothing calls a doctor, for 10 euros. An old dose may harm somebody: 1,000.",
        "85",
        "10",
        "1000",
        "1000"
    ),
    app!(
        "app-addresses",
        "An application: addresses of servers",
        "Programs look up where servers are, as in DNS. Without an answer nothing works: 20 euros. An old address is \
         mostly still right: 2.",
        "95",
        "20",
        "2",
        "5"
    ),
];

/// The cut of all database models: two of five nodes, for eight seconds.
const STORE: Scenario = Scenario {
    params: &[("every", "500"), ("keys", "3")],
    script: &["3s partition n1,n2,n3|n4,n5", "11s heal"],
    until: Duration::seconds(15),
    view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(2_900))),
    ..BASE
};

/// Models in few rules. Left out: how MongoDB and CockroachDB choose a leader, which takes seconds after the
/// cut, and hints of Cassandra.
pub(super) const STORES: &[Scenario] = &[
    // MongoDB manual, "Write Concern" (majority is the default) and "Read Preference" (nearest).
    Scenario {
        id: "mongodb",
        title: "A simplified model of MongoDB: majority writes, reads from the nearest member",
        summary: "A write needs a majority of members (write concern majority). A read goes to the nearest member, \
                  whatever it has (read preference nearest). How members elect a primary is left out.",
        preset: "own-reads",
        beside: Some("cap/cockroachdb"),
        ..STORE
    },
    // Apache Cassandra documentation, "Dynamo": tunable consistency, last write wins.
    Scenario {
        id: "cassandra-one",
        title: "A simplified model of Cassandra with ONE",
        summary: "One replica is enough for a write and for a read (consistency level ONE). The latest time stamp \
                  wins.",
        preset: "last-write",
        beside: Some("cap/cassandra-quorum"),
        ..STORE
    },
    Scenario {
        id: "cassandra-quorum",
        title: "A simplified model of Cassandra with QUORUM",
        summary: "A majority of replicas must answer each write and each read (consistency level QUORUM). The latest \
                  time stamp wins.",
        preset: "clock-quorum",
        beside: Some("cap/cassandra-one"),
        ..STORE
    },
    // CockroachDB documentation, "Replication Layer": a range needs a majority of its replicas (Raft).
    Scenario {
        id: "cockroachdb",
        title: "A simplified model of CockroachDB: a majority behind every answer",
        summary: "Each range of keys needs a majority of its replicas for writes and for reads. The majority side goes \
                  on. How replicas elect a leader with Raft is left out.",
        beside: Some("cap/mongodb"),
        ..STORE
    },
];
