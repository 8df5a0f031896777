//! Facts of the papers, and what each rule is for.

use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;
use faultline_sim::testing::{Play, Played, Solo};

use super::message::digest_of;
use super::view_change::orders;
use super::{
    Digest, Message, NewView, Node, PROTOCOL, Prepared, Proposal, Replica, Request, Timer,
    ViewChange, faulty, marks, quorum,
};
use crate::parts::kv::Op;
use crate::parts::request::RequestId;
use std::rc::Rc;

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

/// The laws that are broken, without the one that nobody promises.
fn broken(run: &Played) -> Vec<&'static str> {
    let mut broken = run.all_broken();
    broken.retain(|law| *law != "same-history");
    broken
}

fn replica(run: &Played, id: u32) -> &Replica {
    match run.node::<Node>(id) {
        Node::Replica(replica) => replica,
        Node::Client(_) => panic!("n{id} is a client"),
    }
}

/// Who said this of a number, and of which request.
fn said(run: &Played, mark: &faultline_sim::mark::Mark, n: u64) -> Vec<(u32, String)> {
    let all = run.marked(mark).into_iter();
    let of = all.filter(|(_, _, marked)| marked.number(0) == Some(n));
    of.map(|(_, id, marked)| (id.0, marked.word(1).unwrap_or_default().to_owned()))
        .collect()
}

fn phases(run: &Played) -> [u64; 4] {
    ["pre-prepares", "prepares", "commits", "replies"].map(|probe| run.read(probe) as u64)
}

/// P-N4: 3, 9, 12 and 4 messages after the request; 2n(n - 1) between replicas, whatever n is.
#[test]
fn one_request_costs_as_counted() {
    for n in [4_u64, 7, 10, 16] {
        for seed in 1..=3 {
            let run = play("normal-case").param("nodes", n).seed(seed).at(9_000);
            let expected = [n - 1, (n - 1) * (n - 1), n * (n - 1), n];
            assert_eq!(phases(&run), expected, "{n} replicas");
            assert_eq!(run.sent("REQUEST"), 1);
            assert_eq!(run.read("between"), (2 * n * (n - 1)) as f64);
            assert_eq!(run.read("messages"), (1 + 2 * n * (n - 1) + n) as f64);
            assert_eq!(run.read("executed"), 1.0);
            assert!(broken(&run).is_empty(), "{:?}", broken(&run));
        }
    }
}

/// P-N4S: one backup is silent, by lie or by crash: 3, 6, 9 and 3.
#[test]
fn one_silent_backup_stops_nothing() {
    for seed in 1..=5 {
        let silent = play("silent-backup").seed(seed).at(9_000);
        let down = play("normal-case").does("0s crash n4").seed(seed).at(9_000);
        for run in [silent, down] {
            assert_eq!(phases(&run), [3, 6, 9, 3]);
            assert_eq!(run.sent("REQUEST"), 1);
            assert_eq!(run.read("ok"), 100.0);
            assert!(run.all_broken().is_empty());
        }
    }
}

/// P-Q: f and the quorum by n. Of 3f + 1 it is 2f + 1; two quorums share more than f; f may be silent.
#[test]
fn quorums_share_an_honest_replica() {
    for n in 1..=16_u32 {
        let mut settings = Settings::new(PROTOCOL.params, PROTOCOL.switches);
        settings.set_param("nodes", &n.to_string()).unwrap();
        let (f, q) = (faulty(&settings), quorum(&settings));
        assert!(n > 3 * f && n <= 3 * f + 3, "{n}");
        assert!(2 * q > n + f && q + f <= n, "{n} replicas: {q}");
        if n == 3 * f + 1 {
            assert_eq!(q, 2 * f + 1);
        }
    }
}

/// P-EQ: m to two backups and m' to the third. Only m commits, and nobody prepares m'.
#[test]
fn of_two_stories_only_one_commits() {
    for seed in 1..=10 {
        let run = play("two-stories").seed(seed).ended();
        let told = replica(&run, 4)
            .log
            .get(&2)
            .and_then(|slot| slot.accepted.clone());
        let told = told.and_then(|accepted| accepted.request);
        assert_eq!(
            told.map(|request| request.to_string()).as_deref(),
            Some("n5:1 x=1")
        );
        for mark in [&marks::PREPARED, &marks::COMMITTED, &marks::EXECUTES] {
            let mut by = said(&run, mark, 2);
            by.sort();
            let all = [1, 2, 3].map(|id| (id, "n5:2 x=2".to_owned()));
            assert_eq!(by, all, "{}", mark.name);
        }
        assert_eq!((run.read("split"), run.read("ok")), (0.0, 100.0));
        assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
    }
}

/// Who looks on sees which messages are lies: those that differ from what the program of the liar said.
#[test]
fn a_lie_is_marked_while_it_is_on_its_way() {
    let mut lies = 0;
    for ms in (5_000..6_000).step_by(20) {
        let frame = play("two-stories").at(ms).0.frame();
        for message in frame.messages.iter().filter(|message| message.lie) {
            assert_eq!(message.address.from, NodeId(1), "only node 1 lies");
            lies += u32::from(message.kind == "PRE-PREPARE" && message.address.to == NodeId(4));
        }
        let honest = |message: &&faultline_sim::frame::MessageFrame| {
            message.kind == "PRE-PREPARE" && message.address.to != NodeId(4)
        };
        assert!(
            frame
                .messages
                .iter()
                .filter(honest)
                .all(|message| !message.lie)
        );
    }
    assert!(lies > 0);
}

/// One liar too many: of four and of three replicas. Seven bear two.
#[test]
fn more_liars_than_f_split_the_honest() {
    for seed in 1..=10 {
        for scenario in ["two-liars", "three-replicas"] {
            let run = play(scenario).seed(seed).ended();
            assert_eq!(run.read("split"), 1.0, "{scenario}, seed {seed}");
            assert!(run.broken("same-history").is_some());
            assert!(
                broken(&run).iter().all(|law| *law == "answered"),
                "{:?}",
                broken(&run)
            );
        }
        let seven = play("seven-replicas").seed(seed).ended();
        assert_eq!(seven.read("split"), 0.0, "seed {seed}");
        assert_eq!(seven.read("ok"), 100.0, "seed {seed}");
        assert!(seven.all_broken().is_empty(), "{:?}", seven.all_broken());
    }
}

/// 4.4: a primary that is silent, or makes things up, is replaced, and the request runs.
#[test]
fn a_bad_primary_is_replaced() {
    for scenario in ["silent-primary", "made-up"] {
        for seed in 1..=10 {
            let run = play(scenario).seed(seed).ended();
            assert_eq!(run.read("view"), 1.0, "{scenario}, seed {seed}");
            assert_eq!(run.read("ok"), 100.0, "{scenario}, seed {seed}");
            assert_eq!(run.who(&marks::LEADS), [2]);
            assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
        }
    }
}

/// Each rule that is left out breaks the law that its scenario shows, and the rule mends it.
#[test]
fn each_flaw_breaks_its_law() {
    for (scenario, switch, law) in [
        ("two-stories", "quorum", "agreement"),
        ("two-stories", "digest", "agreement"),
        ("carried-over", "certificates", "agreement"),
        ("window-full", "watermarks", "bounded"),
        ("made-up", "signature", "validity"),
        ("answers-lost", "once", "once"),
    ] {
        for seed in 1..=10 {
            let off = play(scenario).switch(switch, false).seed(seed).ended();
            assert!(
                off.broken(law).is_some(),
                "{scenario} {switch}, seed {seed}"
            );
            let on = play(scenario).seed(seed).ended();
            assert!(!broken(&on).contains(&law), "{scenario}, seed {seed}");
        }
    }
}

/// 4.4: what one honest replica executed keeps its number in the next view.
#[test]
fn a_request_survives_the_view_change() {
    for seed in 1..=10 {
        let run = play("carried-over").seed(seed).ended();
        let mut by = said(&run, &marks::EXECUTES, 1);
        by.sort();
        let all = [1, 2, 3, 4].map(|id| (id, "n5:1 x=1".to_owned()));
        assert_eq!(by, all, "seed {seed}");
        assert!(run.read("view") >= 1.0);
        assert_eq!(run.read("ok"), 100.0, "seed {seed}");
        assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
    }
}

/// 4.1: a client believes f + 1 equal answers; one wrong answer never counts.
#[test]
fn one_wrong_answer_is_outvoted() {
    let mut fooled = 0;
    for seed in 1..=20 {
        let run = play("wrong-answer").seed(seed).ended();
        assert_eq!((run.read("ok"), run.read("violations")), (100.0, 0.0));
        assert!(run.all_broken().is_empty());
        let off = play("wrong-answer")
            .switch("replies", false)
            .seed(seed)
            .ended();
        fooled += u32::from(off.broken("linearizable").is_some());
    }
    assert!(fooled > 3, "{fooled} of 20");
}

/// Votes count once, however often they come: the number of messages changes and nothing else.
#[test]
fn old_and_repeated_votes_do_no_harm() {
    for seed in 1..=10 {
        let run = play("old-votes").seed(seed).ended();
        assert_eq!((run.read("split"), run.read("ok")), (0.0, 100.0));
        assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
    }
}

/// 4.3: logs stay short, and who was down fetches the state.
#[test]
fn checkpoints_shorten_the_log() {
    for seed in 1..=5 {
        let run = play("checkpoint").seed(seed).ended();
        assert!(run.read("stable") >= 4.0, "{}", run.read("stable"));
        for id in 1..=4 {
            let replica = replica(&run, id);
            assert!(replica.log.len() <= 8 && replica.snapshots.len() <= 3);
        }
        assert_eq!(broken(&run), [""; 0]);
        let late = play("catch-up").seed(seed).ended();
        assert!(late.who(&marks::FETCHED).contains(&4), "seed {seed}");
        let (low, state) = (replica(&late, 4).low, replica(&late, 4).executed);
        assert!(low >= 4 && state >= low);
        assert!(broken(&late).iter().all(|law| *law == "answered"));
    }
}

/// Without a quorum nothing runs, and nothing wrong runs either.
#[test]
fn two_of_four_down_stop_everything() {
    let run = play("two-silent").at(12_000);
    assert_eq!(run.read("executed"), 0.0);
    for seed in 1..=5 {
        let run = play("two-silent").seed(seed).ended();
        assert_eq!(run.read("ok"), 100.0, "seed {seed}");
        assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
    }
}

fn alone(me: u32) -> Solo<Node> {
    let settings = Settings::new(PROTOCOL.params, PROTOCOL.switches);
    Solo::new(me, 5, settings)
}

fn request(number: u64) -> Request {
    let from = NodeId(5);
    let (key, value) = ("x".to_owned(), number.to_string());
    Request::sign(RequestId { from, number }, Op::Write { key, value })
}

fn proposal(number: u64) -> Proposal {
    Some(Rc::new(request(number)))
}

fn pre_prepare(n: u64, request: Proposal) -> Message {
    let (view, digest) = (0, digest_of(&request));
    Message::PrePrepare {
        view,
        n,
        digest,
        request,
    }
}

fn kinds(sent: &[(NodeId, Message)]) -> Vec<&'static str> {
    let kind = |message: &Message| match message {
        Message::Prepare { .. } => "prepare",
        Message::Commit { .. } => "commit",
        Message::Reply { .. } => "reply",
        Message::ViewChange(_) => "view change",
        Message::NewView(_) => "new view",
        _ => "other",
    };
    sent.iter().map(|(_, message)| kind(message)).collect()
}

/// P-Q, 4.2: prepared takes a pre-prepare and 2f prepares, committed 2f + 1 commits, one's own among them.
#[test]
fn a_backup_follows_the_three_phases() {
    let mut solo = alone(2);
    let digest = digest_of(&proposal(1));
    let prepare = |digest| Message::Prepare {
        view: 0,
        n: 1,
        digest,
    };
    let commit = |digest| Message::Commit {
        view: 0,
        n: 1,
        digest,
    };
    assert_eq!(
        kinds(&solo.deliver(1, pre_prepare(1, proposal(1)))),
        ["prepare"; 3]
    );
    assert!(
        solo.deliver(1, prepare(digest)).is_empty(),
        "the primary has no prepare"
    );
    assert!(
        solo.deliver(3, prepare(Digest(7))).is_empty(),
        "another digest"
    );
    assert!(
        solo.deliver(3, prepare(digest)).is_empty(),
        "its first vote counts"
    );
    assert_eq!(kinds(&solo.deliver(4, prepare(digest))), ["commit"; 3]);
    assert!(solo.deliver(4, prepare(digest)).is_empty());
    assert!(solo.deliver(1, commit(digest)).is_empty());
    assert!(
        solo.deliver(1, commit(digest)).is_empty(),
        "counted already"
    );
    assert_eq!(kinds(&solo.deliver(3, commit(digest))), ["reply"]);
    assert!(solo.deliver(4, commit(digest)).is_empty());
}

/// 4.2: what a backup does not accept.
#[test]
fn a_backup_refuses_what_does_not_fit() {
    let mut solo = alone(3);
    let mut forged = request(1);
    forged.op = request(2).op;
    let unsigned: Proposal = Some(Rc::new(forged));
    assert!(solo.deliver(1, pre_prepare(1, unsigned)).is_empty());
    assert!(
        solo.deliver(2, pre_prepare(1, proposal(1))).is_empty(),
        "not the primary"
    );
    assert!(
        solo.deliver(1, pre_prepare(17, proposal(1))).is_empty(),
        "above H"
    );
    assert!(
        solo.deliver(1, pre_prepare(1, None)).is_empty(),
        "null needs a new view"
    );
    assert_eq!(solo.deliver(1, pre_prepare(1, proposal(1))).len(), 3);
    assert!(
        solo.deliver(1, pre_prepare(1, proposal(2))).is_empty(),
        "a second request"
    );
    solo.set_switch("watermarks", false);
    assert_eq!(solo.deliver(1, pre_prepare(17, proposal(3))).len(), 3);
}

fn change(from: u32, stable: u64, prepared: &[(u64, u64, u64)]) -> Rc<ViewChange> {
    let proof = |(n, view, number): &(u64, u64, u64)| Prepared {
        n: *n,
        view: *view,
        digest: digest_of(&proposal(*number)),
        request: proposal(*number),
        by: vec![NodeId(2), NodeId(3)],
    };
    Rc::new(ViewChange {
        view: 1,
        from: NodeId(from),
        stable,
        state: Digest::default(),
        prepared: prepared.iter().map(proof).collect(),
    })
}

/// 4.4: the latest view's proof counts, a number without one gets a null request, and who leaves one out is
/// refused.
#[test]
fn a_new_view_keeps_what_is_proved() {
    let changes = vec![
        change(2, 0, &[(1, 0, 1), (3, 0, 3)]),
        change(3, 1, &[(3, 1, 4)]),
        change(4, 0, &[(1, 0, 1)]),
    ];
    let found = orders(&changes);
    assert_eq!(found, [(2, None), (3, proposal(4))]);
    let changes = vec![
        change(2, 0, &[(1, 0, 1)]),
        change(3, 0, &[]),
        change(4, 0, &[]),
    ];
    for (orders, accepted) in [(vec![], false), (vec![(1, proposal(1))], true)] {
        let mut solo = alone(3);
        let new = NewView {
            view: 1,
            changes: changes.clone(),
            orders,
        };
        let sent = solo.deliver(2, Message::NewView(Rc::new(new)));
        assert_eq!(kinds(&sent), vec!["prepare"; if accepted { 3 } else { 0 }]);
    }
}

/// 4.4: f + 1 replicas that ask are joined; the primary of the next view begins with a quorum.
#[test]
fn view_changes_are_joined() {
    let mut solo = alone(2);
    assert!(
        solo.deliver(3, Message::ViewChange(change(3, 0, &[])))
            .is_empty()
    );
    let sent = solo.deliver(4, Message::ViewChange(change(4, 0, &[(1, 0, 1)])));
    let kinds = kinds(&sent);
    assert_eq!(
        kinds[..6],
        [
            "view change",
            "view change",
            "view change",
            "new view",
            "new view",
            "new view"
        ]
    );
    let mut late = alone(3);
    late.deliver(
        5,
        Message::Request {
            request: Rc::new(request(1)),
        },
    );
    let sent = late.fire(Timer::Patience);
    assert!(
        sent.iter()
            .all(|(_, message)| matches!(message, Message::ViewChange(_)))
    );
    assert_eq!(sent.len(), 3);
}

/// A crash of any replica behind any event breaks nothing.
#[test]
fn a_crash_behind_any_event_breaks_nothing() {
    let base = play("two-clients");
    let steps = base.at(8_000).0.world().events();
    for after in (1..=steps).step_by(7) {
        for node in 1..=4 {
            let crash = base.does(&format!("@{after} crash n{node}"));
            let run = crash.does(&format!("9s recover n{node}")).at(40_000);
            assert_eq!(broken(&run), [""; 0], "n{node} after {after}");
        }
    }
}
