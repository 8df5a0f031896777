//! What a person sees of a run: nodes, words and captions.

use std::rc::Rc;

use faultline_sim::frame::{Pips, Tone};
use faultline_sim::process::{NodeId, Process};

use super::super::{Answer, Command, Entry, Message, Server};
use super::{Play, broken, leaders, ms};
use crate::parts::kv::Op;
use crate::parts::request::RequestId;

fn word(message: &Message) -> Option<String> {
    Server::word(message).map(|word| word.as_str().to_owned())
}

#[test]
fn a_candidate_shows_its_votes() {
    let mut run = Play::of("kill-the-leader")
        .commands(&["600ms crash n1", "700ms fire n4 ElectionTimeout"])
        .until(700);
    let candidates = |run: &mut faultline_sim::timeline::Timeline| {
        let nodes = run.frame().nodes;
        nodes.into_iter().find(|node| node.tone == Tone::Candidate)
    };
    let mut most = 0;
    while run.now() < ms(800) {
        if let Some(node) = candidates(&mut run) {
            let pips = node.pips.expect("a candidate collects votes");
            let Pips { yes, need, of, .. } = pips;
            assert_eq!((need, of), (3, 5));
            assert_eq!(node.label, format!("candidate: {yes} of 3 votes"));
            most = most.max(yes);
        }
        run.step();
    }
    assert!(most >= 1, "there was an election");
}

#[test]
fn refusals_are_seen_and_never_outweigh_a_later_yes() {
    let mut run = Play::of("split-vote").until(329);
    let mut refused = 0;
    while run.now() < ms(700) {
        let nodes = run.frame().nodes;
        refused = nodes
            .iter()
            .filter_map(|node| Some(node.pips?.no))
            .fold(refused, u32::max);
        run.step();
    }
    assert_eq!(refused, 3, "the three other candidates refuse");
}

#[test]
fn messages_say_in_a_word_what_they_are_about() {
    let write = |key: &str, value: &str| Op::Write {
        key: key.into(),
        value: value.into(),
    };
    let entry = |op| Entry::new(2, Command::Client(op), None);
    let append = |entries: Vec<Entry>| Message::AppendEntries {
        term: 2,
        prev_log_index: 0,
        prev_log_term: 0,
        entries: Rc::from(entries),
        leader_commit: 0,
        round: 0,
    };
    assert_eq!(word(&append(vec![])), None, "a heartbeat says nothing");
    assert_eq!(word(&append(vec![entry(write("x", "1"))])).unwrap(), "x=1");
    let three = ["1", "2", "3"].map(|value| entry(write("x", value)));
    assert_eq!(word(&append(three.into())).unwrap(), "x=1 +2");
    let vote = |vote_granted| Message::RequestVoteReply {
        term: 2,
        vote_granted,
    };
    assert_eq!(word(&vote(true)).unwrap(), "yes");
    assert_eq!(word(&vote(false)).unwrap(), "no");
    let id = RequestId {
        from: NodeId(6),
        number: 1,
    };
    let read = Op::Read { key: "x".into() };
    let ask = Message::ClientRequest {
        id,
        attempt: 1,
        op: read,
    };
    assert_eq!(word(&ask).unwrap(), "read x");
    let leader = Some(NodeId(3));
    let answer = Answer::NotLeader { leader, attempt: 1 };
    assert_eq!(word(&Message::ClientReply { id, answer }).unwrap(), "ask 3");
}

/// The answer itself is marked, and says why.
#[test]
fn a_stale_read_is_marked_as_wrong() {
    let mut run = Play::of("stale-read").until(2_000);
    let laws = broken(&run);
    let [("linearizable", said)] = &laws[..] else {
        panic!("{laws:?}");
    };
    let wrong: Vec<String> = run
        .frame()
        .operations
        .iter()
        .filter_map(|operation| operation.wrong.as_ref().map(ToString::to_string))
        .collect();
    assert_eq!(wrong, [said.as_str()]);
    let mut run = Play::of("confirmed-read").until(3_000);
    let frame = run.frame();
    assert!(
        frame
            .operations
            .iter()
            .all(|operation| operation.wrong.is_none())
    );
    assert_eq!(broken(&run), []);
}

#[test]
fn a_minority_elects_no_one_under_the_split_of_the_bully_election() {
    for seed in 1..6 {
        let play = Play::of("same-split").seed(seed);
        let mut asked = false;
        for at in (4_200..18_000).step_by(100) {
            let mut run = play.until(at);
            assert_eq!(leaders(&run), [5], "seed {seed}, {at} ms");
            asked |= run
                .frame()
                .nodes
                .iter()
                .any(|node| node.tone == Tone::Candidate);
        }
        assert!(asked, "the small side tries");
        assert_eq!(leaders(&play.until(28_000)).len(), 1, "seed {seed}");
    }
}

#[test]
fn captions_tell_what_is_true_of_the_leader() {
    let mut run = Play::of("leader-cut-off").until(310);
    assert_eq!(
        run.frame().narration.unwrap(),
        "Node 1 leads term 1, but reaches no other server: it cannot commit."
    );
    let mut run = Play::of("same-split").until(10_000);
    assert_eq!(
        run.frame().narration.unwrap(),
        "Node 5 leads term 1. Node 1 cannot reach a majority, so cannot win."
    );
    let mut run = Play::of("forgotten-vote").until(120);
    assert_eq!(
        run.frame().narration.unwrap(),
        "Nodes 1 and 2 both lead term 1. One of them must not."
    );
}
