//! A link is the whole run: instant, commands, size, and what it says when the program has changed.

use faultline_protocols::CATALOGUE;
use faultline_sim::KERNEL;
use faultline_sim::command::Command;
use faultline_sim::descriptor::Recipe;
use faultline_sim::link::{Link, Partner, Place, Work};
use faultline_sim::time::{Duration, Time};
use faultline_sim::timeline::Timeline;

use super::{link, replay};

fn start(scenario: &str) -> Timeline {
    let setup = CATALOGUE.setup(&Recipe::new(scenario, 1)).unwrap();
    Timeline::new(setup).unwrap()
}

/// A run in which a person did this much, at instants that a hand would choose.
fn busy(commands: usize) -> Timeline {
    let words = [
        "crash n3",
        "recover n3",
        "cut n1-n2",
        "join n1-n2",
        "pause n4",
        "resume n4",
        "partition n1,n2|n3,n4,n5",
        "heal",
        "slow n1->n2 200ms",
        "lie n5 silent",
        "lie n5 honest",
        "request n1 {\"write\":{\"key\":\"x\",\"value\":\"7\"}}",
        "set heartbeat=75",
        "loss 0.1",
    ];
    let mut run = start("raft/kill-the-leader");
    let mut wait = 137_211;
    for number in 0..commands {
        wait = wait * 31 % 900_000;
        let to = run.now() + Duration(wait + 50_000);
        assert!(run.run_until(to, u64::MAX));
        run.apply(Command::parse(words[number * 5 % words.len()]).unwrap())
            .unwrap();
    }
    run.run_until(run.now() + Duration(1_234_567), u64::MAX);
    assert_eq!(run.commands().len(), commands);
    run
}

fn assert_same(run: &Timeline, link: &Link) {
    let again = replay(link).unwrap();
    assert_eq!(again.remark, None);
    let again = again.timeline;
    assert_eq!((again.now(), again.moves()), (run.now(), run.moves()));
    assert_eq!(again.trace_hash(), run.trace_hash());
    assert_eq!(again.state_hash(), run.state_hash());
    assert_eq!(again.commands(), run.commands());
}

#[test]
fn a_link_with_30_commands_has_under_600_characters() {
    let run = busy(30);
    let text = Link::of(&run).encode();
    println!("{} characters for 30 commands", text.len());
    assert!(text.len() < 600, "{} characters: {text}", text.len());
    assert_same(&run, &link(&text).unwrap());
}

#[test]
fn a_link_with_200_commands_opens() {
    let run = busy(200);
    assert_same(&run, &link(&Link::of(&run).encode()).unwrap());
    assert_same(&run, &link(&Link::of(&run).to_file()).unwrap());
}

/// Many events share an instant: the link stands between two of them.
#[test]
fn a_link_stands_between_two_events_of_one_instant() {
    for scenario in ["bully/one-election", "raft/kill-the-leader"] {
        let mut run = start(scenario);
        for _ in 0..40 {
            assert_same(&run, &link(&Link::of(&run).encode()).unwrap());
            run.step();
        }
        // Between two instants, and back in the middle of one.
        run.run_until(run.now() + Duration(1_001), u64::MAX);
        assert_same(&run, &link(&Link::of(&run).encode()).unwrap());
        run.step_back();
        assert_same(&run, &link(&Link::of(&run).encode()).unwrap());
    }
}

#[test]
fn commands_at_one_instant_keep_their_order() {
    let mut run = start("raft/kill-the-leader");
    run.run_until(Time(2_000_000), u64::MAX);
    for words in ["crash n1", "recover n1", "crash n1", "cut n2-n3"] {
        run.apply(Command::parse(words).unwrap()).unwrap();
        assert_same(&run, &link(&Link::of(&run).encode()).unwrap());
    }
    run.undo();
    assert_same(&run, &link(&Link::of(&run).encode()).unwrap());
}

#[test]
fn a_partner_comes_along() {
    let run = busy(4);
    let mut copied = Link::of(&run);
    let mut recipe = Recipe::new("bully/kill-the-leader", 9);
    recipe.commands = vec!["2s crash n5".into()];
    copied.partner = Some(Partner {
        recipe,
        mirror: true,
    });
    let read = link(&copied.encode()).unwrap();
    assert_eq!(read.partner, copied.partner);
    assert_same(&run, &read);
}

#[test]
fn another_program_says_so_and_the_same_one_refuses_another_run() {
    let run = busy(3);
    let mut link = Link::of(&run);
    link.digest = link.digest.map(|digest| digest ^ 1);
    let refused = replay(&link).map(|_| ()).unwrap_err();
    assert!(refused.contains("damaged"), "{refused}");
    let remark = |link: &Link| {
        let opened = replay(link).unwrap();
        assert_eq!(opened.timeline.now(), run.now());
        opened.remark.unwrap_or_default()
    };
    let now = link.revision;
    link.revision = now + 1;
    assert_eq!(
        remark(&link),
        "This link was made with a later Raft; this is what today's does."
    );
    link.revision = now - 1;
    assert_eq!(
        remark(&link),
        "This link was made with an earlier Raft; this is what today's does."
    );
    link.revision = now;
    link.kernel = KERNEL + 1;
    assert!(remark(&link).starts_with("This link was made with a later Faultline"));
    // A new revision that does the same has nothing to say.
    link.digest = Some(run.digest());
    assert_eq!(remark(&link), "");
}

#[test]
fn a_link_that_is_too_far_away_is_refused_before_it_runs() {
    let run = busy(1);
    let mut link = Link::of(&run);
    link.cursor = Some(Place {
        time: Time(8_000_000_000_000_000),
        moves: Some(3_000_000),
    });
    let refused = replay(&link).map(|_| ()).unwrap_err();
    assert!(refused.contains("3000000 events into its run"), "{refused}");
    // An old link does not say how far it is: it goes as far as a person would wait.
    link.cursor = link.cursor.map(|place| Place {
        moves: None,
        ..place
    });
    link.digest = None;
    let work = Work {
        moves: 20_000,
        records: 1_000_000,
    };
    let opened = link.replay(CATALOGUE, work).unwrap();
    let remark = opened.remark.unwrap();
    assert!(remark.contains("too far into the run"), "{remark}");
    assert!(opened.timeline.moves() <= 20_000);
}
