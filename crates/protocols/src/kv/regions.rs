//! Replicas in several parts of the world, with the times that messages really take.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks::MOVES;
use super::scenarios::BASE;

/// Between regions, as far as a message gets in half of a round trip: Virginia and Singapore 216 ms, Virginia
/// and Tokyo 145 ms (averages between AWS regions, 2017:
/// <https://acomputerscientistlearnsaws.blogspot.com/2017/04/aws-regions.html>). The scripts say which
/// nodes are nearer or farther: Virginia and Ireland 80 ms, Ireland and Singapore 238 ms, Ireland and Tokyo
/// 212 ms, and 1 ms within a region.
const TO_SINGAPORE: Option<Link> = Some(Link::new(Latency::Constant(Duration::millis(108))));
const TO_TOKYO: Option<Link> = Some(Link::new(Latency::Constant(Duration::micros(72_500))));

pub const REGIONS: Scenario = Scenario {
    id: "regions",
    title: "A client moves to the replica of its own region",
    summary: "Node 1 is in Virginia, node 2 in Ireland, node 3 in Singapore. Client 4 is in Singapore, too, and \
              talks to Virginia. At 4 s it moves to the replica in Singapore.",
    preset: "eventual",
    switches: &[("merkle", false), ("roams", false)],
    params: &[
        ("clients", "1"),
        ("every", "250"),
        ("keys", "3"),
        ("timeout", "2000"),
    ],
    script: &[
        "0s latency n1->n2 constant 40ms",
        "0s latency n2->n1 constant 40ms",
        "0s latency n2->n3 constant 119ms",
        "0s latency n3->n2 constant 119ms",
        "0s latency n2->n4 constant 119ms",
        "0s latency n4->n2 constant 119ms",
        "0s latency n3->n4 constant 500us",
        "0s latency n4->n3 constant 500us",
        r#"4s request n4 {"move":{"to":3}}"#,
    ],
    until: Duration::seconds(8),
    pace: 0.4,
    link: TO_SINGAPORE,
    view: View::panel(Panel::Measures).stop(Stop::Mark(&MOVES)),
    ..BASE
};

pub const NEAR_REPLICA: Scenario = Scenario {
    id: "near-replica",
    title: "A replica is added near its readers",
    summary: "Nodes 1 and 2 are in Virginia and Ireland, client 3 is in Tokyo. A write needs two copies. At 2 s a \
              replica starts in Tokyo and copies the data, and at 4 s the client moves to it.",
    preset: "eventual",
    switches: &[("merkle", false), ("roams", false)],
    params: &[
        ("nodes", "2"),
        ("clients", "1"),
        ("every", "250"),
        ("keys", "5"),
        ("w", "2"),
        ("joining", "copy"),
        ("timeout", "2000"),
    ],
    script: &[
        "0s latency n1->n2 constant 40ms",
        "0s latency n2->n1 constant 40ms",
        "0s latency n2->n3 constant 106ms",
        "0s latency n3->n2 constant 106ms",
        "2s add",
        "2s latency n2->n4 constant 106ms",
        "2s latency n4->n2 constant 106ms",
        "2s latency n3->n4 constant 500us",
        "2s latency n4->n3 constant 500us",
        r#"4s request n3 {"move":{"to":4}}"#,
    ],
    until: Duration::seconds(8),
    pace: 0.4,
    link: TO_TOKYO,
    view: View::panel(Panel::Measures).stop(Stop::Mark(&MOVES)),
    ..BASE
};
