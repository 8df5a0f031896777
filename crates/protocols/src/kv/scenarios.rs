//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks::{CONFLICTS, HINTS, LOOKS_OLDER, MOVES, SETS, STORES};
use super::regions::{NEAR_REPLICA, REGIONS};

pub const BASE: Scenario = Scenario {
    preset: "as-written",
    until: Duration::seconds(6),
    ..Scenario::BASE
};

/// Links that take turns in being fast.
const VARIED: Option<Link> = Some(Link::new(Latency::Uniform {
    min: Duration::millis(20),
    max: Duration::millis(400),
}));

/// A data centre, for clients that ask fifty times a second.
const NEAR: Option<Link> = Some(Link::new(Latency::Constant(Duration::millis(5))));

/// The first is what `kv` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "demo",
        title: "Three nodes copy every write",
        summary: "Nodes 1, 2 and 3 write one key each, and each sends its value to the two others.",
        script: &[
            r#"0s request n1 {"set":{"key":"color","value":"red"}}"#,
            r#"1s request n2 {"set":{"key":"size","value":"large"}}"#,
            r#"2s request n3 {"set":{"key":"shape","value":"circle"}}"#,
            r#"3s request n1 {"get":{"key":"color"}}"#,
            r#"3s request n1 {"get":{"key":"size"}}"#,
            r#"3s request n1 {"get":{"key":"shape"}}"#,
        ],
        until: Duration::seconds(4),
        view: View::panel(Panel::Code).stop(Stop::Mark(&SETS)),
        beside: Some("kv/two-writers"),
        ..BASE
    },
    Scenario {
        id: "two-writers",
        title: "Two nodes write one key at the same moment",
        summary: "Node 1 writes x = A and node 2 writes x = B before either hears of the other. Watch the two \
                  values cross.",
        script: &[
            r#"0s request n1 {"set":{"key":"x","value":"A"}}"#,
            r#"0s request n2 {"set":{"key":"x","value":"B"}}"#,
        ],
        view: View::panel(Panel::Code).stop(Stop::Mark(&STORES)),
        beside: Some("kv/two-writers-versions"),
        ..BASE
    },
    Scenario {
        id: "two-writers-versions",
        title: "Two nodes write at once, with versions",
        summary: "The same two writes, and every value has a version. Choose the versions and the rule for \
                  conflicts in Settings.",
        preset: "correct",
        params: &[("joining", "nothing")],
        switches: &[("merkle", false), ("read-repair", false), ("hints", false)],
        script: &[
            r#"0s request n1 {"set":{"key":"x","value":"A"}}"#,
            r#"0s request n2 {"set":{"key":"x","value":"B"}}"#,
            r#"3s request n3 {"get":{"key":"x"}}"#,
            r#"4s request n3 {"set":{"key":"x","value":"C"}}"#,
        ],
        view: View::BASE.stop(Stop::Mark(&CONFLICTS)),
        beside: Some("kv/two-writers"),
        ..BASE
    },
    Scenario {
        id: "reordered",
        title: "Two writes of one node arrive in the wrong order",
        summary: "Node 1 writes old and then new. On the way, the second message overtakes the first.",
        script: &[
            r#"0s request n1 {"set":{"key":"x","value":"old"}}"#,
            r#"100ms request n1 {"set":{"key":"x","value":"new"}}"#,
            "150ms reorder n1->n2#1 n1->n2#2",
            "150ms reorder n1->n3#1 n1->n3#2",
        ],
        view: View::panel(Panel::Code).stop(Stop::Mark(&STORES)),
        ..BASE
    },
    Scenario {
        id: "cut-link",
        title: "One link is cut",
        summary: "Nodes 1 and 3 cannot reach each other. Node 2 reaches both. Node 1 writes color = red.",
        script: &[
            r#"0s request n1 {"set":{"key":"color","value":"blue"}}"#,
            "1s cut n1-n3",
            r#"1500ms request n1 {"set":{"key":"color","value":"red"}}"#,
            "4s heal",
            r#"5s request n3 {"get":{"key":"color"}}"#,
        ],
        view: View::BASE.stop(Stop::At(Duration::millis(1_200))),
        ..BASE
    },
    Scenario {
        id: "both-sides",
        title: "Both sides of a partition write",
        summary: "Node 1 is cut off. It writes x = A, and node 3 writes x = B. Then the network heals.",
        script: &[
            "0s partition n1|n2,n3",
            r#"1s request n1 {"set":{"key":"x","value":"A"}}"#,
            r#"1200ms request n3 {"set":{"key":"x","value":"B"}}"#,
            "4s heal",
            r#"7s request n1 {"get":{"key":"x"}}"#,
            r#"7s request n2 {"get":{"key":"x"}}"#,
        ],
        until: Duration::seconds(8),
        view: View::BASE.stop(Stop::At(Duration::millis(800))),
        ..BASE
    },
    Scenario {
        id: "five-conflicts",
        title: "Five keys are written on both sides",
        summary: "Five keys get one value on each side of a partition, and two of them a second one from node \
                  1. After the heal the nodes compare their copies. Which versions find all conflicts?",
        preset: "counted",
        switches: &[("merkle", true)],
        params: &[("nodes", "2"), ("compare", "1000")],
        script: &[
            "0s partition n1|n2",
            r#"1s request n1 {"set":{"key":"k1","value":"a"}}"#,
            r#"1s request n1 {"set":{"key":"k2","value":"a"}}"#,
            r#"1s request n1 {"set":{"key":"k3","value":"a"}}"#,
            r#"1s request n1 {"set":{"key":"k4","value":"a"}}"#,
            r#"1s request n1 {"set":{"key":"k5","value":"a"}}"#,
            r#"1200ms request n2 {"set":{"key":"k1","value":"b"}}"#,
            r#"1200ms request n2 {"set":{"key":"k2","value":"b"}}"#,
            r#"1200ms request n2 {"set":{"key":"k3","value":"b"}}"#,
            r#"1200ms request n2 {"set":{"key":"k4","value":"b"}}"#,
            r#"1200ms request n2 {"set":{"key":"k5","value":"b"}}"#,
            r#"1400ms request n1 {"set":{"key":"k1","value":"c"}}"#,
            r#"1400ms request n1 {"set":{"key":"k2","value":"c"}}"#,
            "3s heal",
        ],
        until: Duration::seconds(12),
        view: View::BASE.stop(Stop::At(Duration::millis(2_500))),
        ..BASE
    },
    Scenario {
        id: "late-joiner",
        title: "A node joins late",
        summary: "Three nodes have three keys when node 4 joins. Choose in Settings what it asks for.",
        script: &[
            r#"0s request n1 {"set":{"key":"color","value":"red"}}"#,
            r#"0s request n2 {"set":{"key":"size","value":"large"}}"#,
            r#"0s request n3 {"set":{"key":"shape","value":"circle"}}"#,
            "3s add",
            r#"4s request n1 {"set":{"key":"color","value":"blue"}}"#,
            r#"5s request n4 {"get":{"key":"size"}}"#,
        ],
        view: View::BASE.stop(Stop::At(Duration::millis(2_800))),
        ..BASE
    },
    Scenario {
        id: "one-of-eight",
        title: "One key of eight differs",
        summary: "Two nodes have eight keys. During a cut, node 1 writes one of them again. After the heal they \
                  compare hashes of halves instead of all keys.",
        preset: "last-write",
        params: &[("nodes", "2"), ("versions", "vector"), ("compare", "4000")],
        switches: &[("merkle", true)],
        script: &[
            r#"0s request n1 {"set":{"key":"k1","value":"a"}}"#,
            r#"0s request n1 {"set":{"key":"k2","value":"a"}}"#,
            r#"0s request n1 {"set":{"key":"k3","value":"a"}}"#,
            r#"0s request n1 {"set":{"key":"k4","value":"a"}}"#,
            r#"0s request n1 {"set":{"key":"k5","value":"a"}}"#,
            r#"0s request n1 {"set":{"key":"k6","value":"a"}}"#,
            r#"0s request n1 {"set":{"key":"k7","value":"a"}}"#,
            r#"0s request n1 {"set":{"key":"k8","value":"a"}}"#,
            "4500ms cut n1-n2",
            r#"5s request n1 {"set":{"key":"k5","value":"b"}}"#,
            "6s heal",
        ],
        until: Duration::seconds(14),
        view: View::BASE.stop(Stop::At(Duration::seconds(6))),
        ..BASE
    },
    Scenario {
        id: "clock-ahead",
        title: "One clock is 200 ms ahead",
        summary: "Node 1's clock is 200 ms ahead when it writes x = 1. Node 2 reads x = 1 and then writes x = 2. \
                  The latest time stamp wins.",
        preset: "last-write",
        script: &[
            "0s skew n1 200ms",
            r#"100ms request n1 {"set":{"key":"x","value":"1"}}"#,
            r#"150ms request n2 {"get":{"key":"x"}}"#,
            r#"180ms request n2 {"set":{"key":"x","value":"2"}}"#,
            r#"400ms request n3 {"get":{"key":"x"}}"#,
        ],
        until: Duration::seconds(1),
        pace: 0.1,
        link: Some(Link::new(Latency::Constant(Duration::millis(20)))),
        view: View::BASE.stop(Stop::Mark(&LOOKS_OLDER)),
        ..BASE
    },
    Scenario {
        id: "one-percent",
        title: "A thousand writes over a network that loses 1 %",
        summary: "A client writes fifty times a second at node 1. One in a hundred copies is lost on its way, \
                  and nobody notices.",
        params: &[
            ("clients", "1"),
            ("every", "20"),
            ("reads", "0"),
            ("keys", "1000"),
            ("stop", "20000"),
        ],
        script: &["0s loss n1->n2 1%", "0s loss n1->n3 1%"],
        until: Duration::seconds(26),
        link: NEAR,
        view: View::panel(Panel::Measures),
        ..BASE
    },
    Scenario {
        id: "quorum",
        title: "Three copies: how many must answer?",
        summary: "Clients write and read at any replica. A write waits for W copies and a read asks R of \
                  three. Copies for node 3 take 600 ms longer.",
        preset: "quorum",
        params: &[
            ("clients", "3"),
            ("every", "250"),
            ("r", "1"),
            ("timeout", "3000"),
            ("stop", "30000"),
        ],
        switches: &[("roams", true)],
        script: &["0s slow n1->n3 600ms", "0s slow n2->n3 600ms"],
        until: Duration::seconds(30),
        link: VARIED,
        view: View::panel(Panel::Measures),
        ..BASE
    },
    Scenario {
        id: "stop-writing",
        title: "Clients stop writing, and the copies become equal",
        summary: "Three clients write two keys for five seconds, and one copy in five is lost. Then they only read. \
                  Replicas compare their data once a second.",
        preset: "eventual",
        params: &[
            ("clients", "3"),
            ("every", "200"),
            ("keys", "2"),
            ("stop", "5000"),
            ("compare", "1000"),
        ],
        script: &[
            "0s loss n1->n2 20%",
            "0s loss n2->n3 20%",
            "0s loss n3->n1 20%",
        ],
        until: Duration::seconds(15),
        view: View::panel(Panel::Measures),
        ..BASE
    },
    Scenario {
        id: "reply-first",
        title: "An answer waits for its question, or does not",
        summary: "One client writes a question at node 1. A second one reads it at node 2 and writes the answer there. \
                  The third reads both at node 3. Messages from node 1 reach node 3 late, and answers of node 3 are slow.",
        preset: "eventual",
        switches: &[("merkle", false), ("roams", false)],
        params: &[("clients", "3")],
        script: &[
            "0s slow n1->n3 3s",
            "0s slow n3->n2 1s",
            r#"200ms request n4 {"set":{"key":"question","value":"where?"}}"#,
            r#"1200ms request n5 {"get":{"key":"question"}}"#,
            r#"2s request n5 {"set":{"key":"reply","value":"here!"}}"#,
            r#"2500ms request n6 {"get":{"key":"reply"}}"#,
            r#"2700ms request n6 {"get":{"key":"question"}}"#,
            r#"4500ms request n6 {"get":{"key":"reply"}}"#,
        ],
        view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(2_100))),
        ..BASE
    },
    Scenario {
        id: "post-vanishes",
        title: "A client moves to another replica",
        summary: "Client 4 writes a post at node 1, moves to node 2 and reads it. Client 5 has read it at node 1 and \
                  moves, too. The link from node 1 to node 2 is slow.",
        preset: "eventual",
        switches: &[("merkle", false), ("roams", false)],
        params: &[("clients", "2")],
        script: &[
            "0s slow n1->n2 3s",
            r#"100ms request n5 {"move":{"to":1}}"#,
            r#"200ms request n4 {"set":{"key":"post","value":"hello"}}"#,
            r#"1s request n5 {"get":{"key":"post"}}"#,
            r#"1200ms request n4 {"move":{"to":2}}"#,
            r#"1300ms request n4 {"get":{"key":"post"}}"#,
            r#"1800ms request n5 {"move":{"to":2}}"#,
            r#"1900ms request n5 {"get":{"key":"post"}}"#,
        ],
        view: View::panel(Panel::Requests).stop(Stop::Mark(&MOVES)),
        ..BASE
    },
    Scenario {
        id: "any-replica",
        title: "Clients ask any replica",
        summary: "Three clients write and read one key at random replicas. They refuse a replica that has not \
                  heard of what they have seen.",
        preset: "correct",
        params: &[("clients", "3"), ("every", "300"), ("stop", "20000")],
        switches: &[("roams", true)],
        until: Duration::seconds(20),
        link: VARIED,
        view: View::panel(Panel::Requests),
        ..BASE
    },
    Scenario {
        id: "cart",
        title: "One shopping cart is filled on both sides of a split",
        summary: "A customer's cart gets two items at node 1 and two others at node 3, which cannot reach each \
                  other. After the heal the application merges the carts.",
        preset: "cart",
        script: &[
            "0s partition n1|n2,n3",
            r#"1s request n1 {"set":{"key":"cart","value":"book,lamp"}}"#,
            r#"1500ms request n3 {"set":{"key":"cart","value":"mug,pen"}}"#,
            "4s heal",
            r#"9s request n2 {"get":{"key":"cart"}}"#,
        ],
        until: Duration::seconds(10),
        view: View::BASE.stop(Stop::At(Duration::millis(800))),
        ..BASE
    },
    Scenario {
        id: "deleted-item",
        title: "A deleted item",
        summary: "A cart holds a book and a lamp. During a split one side takes the lamp out, and the other adds a \
                  pen. What does the merge do with the lamp?",
        preset: "cart",
        script: &[
            r#"0s request n1 {"set":{"key":"cart","value":"book,lamp"}}"#,
            "1s partition n1|n2,n3",
            r#"1500ms request n1 {"set":{"key":"cart","value":"book"}}"#,
            r#"2s request n3 {"set":{"key":"cart","value":"book,lamp,pen"}}"#,
            "4s heal",
            r#"9s request n2 {"get":{"key":"cart"}}"#,
        ],
        until: Duration::seconds(10),
        view: View::BASE.stop(Stop::At(Duration::millis(2_500))),
        ..BASE
    },
    Scenario {
        id: "primary-is-lost",
        title: "A node confirms a write and is lost",
        summary: "A client writes x = 1 at node 1, which cannot reach the others at that moment. Node 1 crashes and does \
                  not come back.",
        params: &[("clients", "1")],
        script: &[
            "0s partition n1,n4|n2,n3",
            r#"500ms request n4 {"set":{"key":"x","value":"1"}}"#,
            "3s crash n1",
            "4s heal",
            r#"5s request n4 {"move":{"to":2}}"#,
            r#"5100ms request n4 {"get":{"key":"x"}}"#,
        ],
        until: Duration::seconds(10),
        view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(2_500))),
        ..BASE
    },
    Scenario {
        id: "stand-ins",
        title: "Other nodes stand in for two crashed replicas",
        summary: "Nodes 1, 2 and 3 keep x, and nodes 2 and 3 are down. Node 1 needs two copies for a write, so nodes 4 \
                  and 5 keep it for the others.",
        preset: "quorum",
        params: &[("nodes", "5")],
        switches: &[("sloppy", true), ("hints", true)],
        script: &[
            "0s crash n2",
            "0s crash n3",
            r#"500ms request n1 {"set":{"key":"x","value":"1"}}"#,
            "4s recover all",
            r#"9s request n2 {"get":{"key":"x"}}"#,
        ],
        until: Duration::seconds(10),
        view: View::BASE.stop(Stop::Mark(&HINTS)),
        ..BASE
    },
    Scenario {
        id: "dynamo",
        title: "Dynamo's example: two versions, then one",
        summary: "Node 1 writes twice. Nodes 2 and 3 then write at once, and node 1 sees both values and writes a third \
                  one. The vectors are those of the paper's figure 3.",
        preset: "correct",
        switches: &[("merkle", false), ("read-repair", false), ("hints", false)],
        script: &[
            r#"0s request n1 {"set":{"key":"cart","value":"D1"}}"#,
            r#"1s request n1 {"set":{"key":"cart","value":"D2"}}"#,
            r#"2s request n2 {"set":{"key":"cart","value":"D3"}}"#,
            r#"2s request n3 {"set":{"key":"cart","value":"D4"}}"#,
            r#"3s request n1 {"get":{"key":"cart"}}"#,
            r#"4s request n1 {"set":{"key":"cart","value":"D5"}}"#,
        ],
        view: View::BASE.stop(Stop::Mark(&CONFLICTS)),
        ..BASE
    },
    Scenario {
        id: "two-sides",
        title: "Six seconds of writes on both sides of a split",
        summary: "Three clients write two keys, each at its own replica. Node 1 is cut off for six seconds. Choose the \
                  rule for conflicts, and see which confirmed writes are left after the heal.",
        preset: "eventual",
        switches: &[("roams", false)],
        params: &[
            ("clients", "3"),
            ("every", "900"),
            ("keys", "2"),
            ("reads", "0"),
            ("stop", "6500"),
            ("compare", "1000"),
        ],
        script: &["1s partition n1,n4|n2,n3,n5,n6", "7s heal"],
        until: Duration::seconds(16),
        view: View::panel(Panel::Measures).stop(Stop::At(Duration::seconds(1))),
        ..BASE
    },
    Scenario {
        id: "flash-sale",
        title: "A flash sale, and the latest cart wins",
        summary: "The shop is split for a moment, and a customer's cart is filled on both sides. The store keeps the \
                  cart that looks newer. Find a rule that keeps all four items.",
        preset: "eventual",
        params: &[("compare", "1000")],
        script: &[
            "0s partition n1|n2,n3",
            r#"1s request n1 {"set":{"key":"cart","value":"book,lamp"}}"#,
            r#"1500ms request n3 {"set":{"key":"cart","value":"mug,pen"}}"#,
            "3s heal",
        ],
        until: Duration::seconds(10),
        view: View::panel(Panel::Settings),
        ..BASE
    },
    Scenario {
        id: "comes-back",
        title: "A replica comes back and catches up",
        summary: "A client writes two hundred keys. Node 3 is down for a second and asks for the data when it is back: \
                  for all of it, or for what it lacks.",
        preset: "eventual",
        switches: &[("merkle", false), ("roams", false)],
        params: &[
            ("clients", "1"),
            ("every", "20"),
            ("keys", "200"),
            ("reads", "0"),
            ("joining", "copy"),
        ],
        script: &["4s crash n3", "5s recover n3"],
        until: Duration::seconds(7),
        link: NEAR,
        view: View::BASE.stop(Stop::At(Duration::millis(4_800))),
        ..BASE
    },
    REGIONS,
    NEAR_REPLICA,
];
