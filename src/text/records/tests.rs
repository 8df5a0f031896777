//! The sentences of single records.

use faultline_sim::frame::Shape;
use faultline_sim::process::Shared;

use super::*;

const KINDS: &[Kind] = &[
    Kind {
        name: "Election",
        shape: Shape::Election,
        letter: "E",
        says: "asks for an election",
    },
    Kind {
        name: "Beat",
        shape: Shape::Heartbeat,
        letter: "",
        says: "is alive",
    },
];

fn read(node: Option<u32>, event: Event) -> Option<String> {
    let node = node.map(NodeId);
    let record = Record {
        seq: 1,
        time: Time(5),
        node,
        event,
        caused_by: 0,
        lamport: 1,
        wrote: false,
    };
    let vocabulary = Vocabulary {
        kinds: KINDS,
        ..Vocabulary::default()
    };
    row(&record, &vocabulary).map(|row| row.sentence)
}

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

#[test]
fn messages_read_as_speech() {
    let sent = |kind| Event::Sent {
        address: address("n2->n5#1"),
        kind,
        message: Shared::new(1),
    };
    let says = |kind| read(Some(2), sent(kind)).unwrap();
    assert_eq!(
        says("Election"),
        "Node 2 asks node 5 for an election (Election)."
    );
    assert_eq!(says("Beat"), "Node 2 to node 5: is alive (Beat).");
    assert_eq!(says("Other"), "Node 2 sends Other to node 5.");
}

#[test]
fn losses_name_their_cause() {
    let lost = |by| Event::Lost {
        address: address("n1->n3#1"),
        kind: "Beat",
        by,
    };
    let says = |by| read(None, lost(by)).unwrap();
    let down = "Beat from node 1 to node 3 was lost: node 3 is down.";
    assert_eq!(says(Loss::Down), down);
    assert!(says(Loss::Blocked("cut n1-n3".into())).ends_with("was lost: blocked by a cut."));
}

#[test]
fn setting_a_timer_is_not_worth_a_row() {
    assert_eq!(
        read(
            Some(1),
            Event::TimerSet {
                timer: "Beat",
                id: 1,
                due: Time(9)
            }
        ),
        None
    );
}

#[test]
fn what_a_person_did_is_said_in_words() {
    let command = Command::parse("crash n2").unwrap().into();
    let event = Event::Faulted {
        command,
        missed: Some("n2 is already down".into()),
    };
    let says = read(None, event).unwrap();
    assert_eq!(
        says,
        "Node 2 was crashed, without effect: node 2 is already down."
    );
}

#[test]
fn short_names_are_spelled_out() {
    assert_eq!(
        spelled("n1, n2 and n3. no net (n4->n5)"),
        "node 1, node 2 and node 3. no net (n4->n5)"
    );
}
