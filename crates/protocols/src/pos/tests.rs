//! Facts of the papers, and what each rule is for.

use std::rc::Rc;

use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;
use faultline_sim::testing::{Play, Played};

use super::message::Header;
use super::slashing::{Evidence, is_double, judge, surrounds};
use super::stakes::{burned, stakes, total};
use super::{
    Attestation, Block, BlockId, Checkpoint, PROTOCOL, Tree, Validator, committee, marks, proposer,
};

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

fn settings(params: &[(&str, &str)]) -> Settings {
    let mut settings = Settings::new(PROTOCOL.params, PROTOCOL.switches);
    for (name, value) in params {
        settings.set_param(name, value).unwrap();
    }
    settings
}

fn node(run: &Played, id: u32) -> &Validator {
    run.node::<Validator>(id)
}

/// W-POS: stakes 50, 30 and 20 over 10000 slots give 5000, 3000 and 2000 blocks, within three standard deviations.
#[test]
fn slots_are_drawn_by_stake() {
    let settings = settings(&[
        ("nodes", "3"),
        ("stake-1", "50"),
        ("stake-2", "30"),
        ("stake-3", "20"),
    ]);
    let stakes = stakes(&settings, &[].into());
    for seed in 1..=5 {
        let mut made = [0_i64; 3];
        for slot in 1..=10_000 {
            let id = proposer(seed, slot, &stakes).unwrap();
            made[id.index()] += 1;
        }
        for (made, (expected, within)) in
            made.iter().zip([(5_000, 150), (3_000, 137), (2_000, 120)])
        {
            assert!(
                (made - expected).abs() <= within,
                "seed {seed}: {made}, not {expected}"
            );
        }
    }
    assert_eq!(proposer(1, 1, &[(NodeId(1), 0)]), None);
    assert_eq!(
        proposer(1, 1, &[(NodeId(1), 0), (NodeId(2), 1)]),
        Some(NodeId(2))
    );
}

/// Gasper 4.3: each validator is in one committee of an epoch, and committees differ by one at most.
#[test]
fn committees_share_out_the_validators() {
    for of in 1..=9_u32 {
        for epoch in 0..20 {
            let mut sizes = [0_u32; 4];
            for id in 1..=of {
                sizes[committee(7, epoch, (NodeId(id), of), 4) as usize] += 1;
            }
            assert_eq!(sizes.iter().sum::<u32>(), of);
            assert!(
                sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1,
                "{sizes:?}"
            );
        }
    }
}

fn vote(source: u64, target: u64, head: u32) -> Attestation {
    let at = |epoch: u64| Checkpoint {
        epoch,
        block: BlockId::GENESIS,
    };
    let head = BlockId {
        slot: 9,
        hash: head,
    };
    Attestation::sign(NodeId(1), 9, head, (at(source), at(target)))
}

/// Casper, section 2: both conditions, as a table.
#[test]
fn the_slashing_conditions_are_those_of_the_paper() {
    // Source and target of two votes, and what they break.
    for (a, b, double, surround) in [
        ((0, 1), (1, 2), false, false),
        ((0, 1), (0, 2), false, false),
        ((1, 2), (1, 3), false, false),
        ((0, 2), (1, 2), true, false),
        ((0, 1), (0, 1), true, false),
        ((0, 3), (1, 2), false, true),
        ((0, 5), (2, 3), false, true),
        ((0, 3), (0, 2), false, false),
        ((1, 4), (2, 4), true, false),
        ((0, 2), (2, 4), false, false),
        ((0, 3), (1, 4), false, false),
    ] {
        let (first, second) = (vote(a.0, a.1, 1), vote(b.0, b.1, 2));
        assert_eq!(is_double(&first, &second), double, "{a:?} {b:?}");
        assert_eq!(surrounds(&first, &second), surround, "{a:?} {b:?}");
        assert!(!surrounds(&second, &first), "{a:?} {b:?}");
        for (one, other) in [(&first, &second), (&second, &first)] {
            let proof = judge(one, other);
            assert_eq!(proof.is_some(), double || surround, "{a:?} {b:?}");
            assert!(proof.is_none_or(|proof| proof.holds() && proof.is_signed()));
            assert!(proof.is_none_or(|proof| proof.offender() == NodeId(1)));
        }
        assert_eq!(judge(&first, &first), None, "a vote that comes twice");
    }
}

/// A proof needs two signatures of one validator.
#[test]
fn a_proof_cannot_be_made_up() {
    let (mine, mut other) = (vote(0, 1, 1), vote(0, 1, 2));
    other.validator = NodeId(2);
    assert!(!Evidence::TwoVotes(mine, other).holds());
    other.validator = NodeId(1);
    other.signature = !other.signature;
    assert!(Evidence::TwoVotes(mine, other).holds());
    assert!(!Evidence::TwoVotes(mine, other).is_signed());
    let header = |hash| Header {
        by: NodeId(1),
        id: BlockId { slot: 3, hash },
        signature: 0,
    };
    assert!(Evidence::TwoBlocks(header(1), header(2)).holds());
    assert!(!Evidence::TwoBlocks(header(1), header(1)).holds());
    assert!(!Evidence::TwoBlocks(header(1), header(2)).is_signed());
}

/// A block in a slot on a parent, put into the tree.
fn grow(tree: &mut Tree, slot: u64, parent: BlockId, graffiti: u32) -> BlockId {
    let block = Block {
        slot,
        parent,
        by: NodeId(1),
        votes: Vec::new(),
        evidence: Vec::new(),
        graffiti,
        signature: 0,
    };
    let id = block.id();
    tree.add(id, Rc::new(block), Rc::default());
    id
}

/// Jumps lead where steps lead.
#[test]
fn a_long_chain_is_searched_by_jumps() {
    let mut tree = Tree::new();
    let mut chain = vec![BlockId::GENESIS];
    for slot in 1..=200 {
        let last = *chain.last().unwrap();
        // Each third slot is empty.
        if slot % 3 > 0 {
            chain.push(grow(&mut tree, slot, last, 0));
        }
    }
    let head = *chain.last().unwrap();
    for slot in 0..=210 {
        let expected = chain.iter().rfind(|id| id.slot <= slot).unwrap();
        assert_eq!(tree.at_slot(head, slot), *expected);
    }
    assert!(chain.iter().all(|id| tree.is_on(*id, head)));
    assert_eq!(tree.checkpoint(head, 3, 4).block, tree.at_slot(head, 12));
    assert_eq!(tree.forks, 0);
}

/// Gasper, algorithm 4.1: the heaviest subtree, not the longest chain.
#[test]
fn the_fork_choice_follows_the_votes() {
    let mut tree = Tree::new();
    let first = grow(&mut tree, 1, BlockId::GENESIS, 0);
    let left = grow(&mut tree, 2, first, 1);
    let right = grow(&mut tree, 3, first, 2);
    let (right_a, right_b) = (grow(&mut tree, 4, right, 3), grow(&mut tree, 5, right, 4));
    let long = grow(&mut tree, 6, left, 5);
    let longer = grow(&mut tree, 7, long, 6);
    assert_eq!(tree.longest(), longer);
    // Two small branches weigh more together than one larger one.
    let votes = [(left, 3), (right_a, 2), (right_b, 2)];
    assert!([right_a, right_b].contains(&tree.ghost(BlockId::GENESIS, &votes)));
    assert_eq!(
        tree.ghost(BlockId::GENESIS, &[(left, 5), (right_a, 2), (right_b, 2)]),
        longer
    );
    assert_eq!(tree.ghost(right, &[(longer, 9), (right_a, 1)]), right_a);
    assert_eq!(tree.ghost(BlockId::GENESIS, &[(right_a, 1)]), right_a);
    assert_eq!(tree.forks, 2);
}

/// With all validators up, every epoch is justified when all have attested, and final one epoch later.
#[test]
fn each_epoch_becomes_final_two_epochs_later() {
    for seed in 1..=10 {
        let run = play("blocks-become-final").seed(seed).ended();
        // 45 s are seven and a half epochs of 6 s.
        assert!(
            run.read("final") >= 5.0,
            "seed {seed}: {}",
            run.read("final")
        );
        assert!(run.read("justified") > run.read("final"));
        assert_eq!((run.read("forks"), run.read("slashed")), (0.0, 0.0));
        assert_eq!((run.read("missed"), run.read("chains")), (0.0, 1.0));
        assert!(
            (10.0..14.0).contains(&run.read("finality")),
            "{}",
            run.read("finality")
        );
        assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
    }
}

/// Stakes and what was burned add up.
fn adds_up(run: &Played) {
    let settings = run.0.world().settings();
    for id in 1..=settings.count_named("nodes") {
        let node = node(run, id);
        let slashed = node.tree.slashed(node.head);
        let left: u64 = stakes(settings, &slashed)
            .iter()
            .map(|(_, stake)| stake)
            .sum();
        let out: u64 = slashed
            .iter()
            .map(|id| super::stakes::deposit(settings, *id))
            .sum();
        assert_eq!(left + out, total(settings));
        assert!(burned(settings, &slashed) <= out);
    }
    assert_eq!(
        run.read("stake") + run.read("burned"),
        total(settings) as f64
    );
}

/// With one of four down, three quarters are enough; with two down, nothing becomes final until one is back.
#[test]
fn two_thirds_must_be_online() {
    for seed in 1..=10 {
        let one = play("one-offline").seed(seed).at(36_000);
        assert!(one.read("final") >= 3.0, "seed {seed}");
        let one = play("one-offline").seed(seed).ended();
        assert!(one.all_broken().is_empty(), "{:?}", one.all_broken());
        assert_eq!(
            node(&one, 4).casper.last_final,
            node(&one, 1).casper.last_final
        );
        let before = play("half-offline").seed(seed).at(27_000).read("final");
        let two = play("half-offline").seed(seed).at(48_000);
        assert!(two.read("final") <= before, "seed {seed}");
        assert!(two.read("height") > 8.0, "seed {seed}");
        let two = play("half-offline").seed(seed).ended();
        assert!(
            two.read("final") >= 10.0,
            "seed {seed}: {}",
            two.read("final")
        );
        assert!(two.all_broken().is_empty(), "{:?}", two.all_broken());
        adds_up(&two);
    }
}

/// Two blocks for a slot or two votes for an epoch: their signer is slashed, and nobody else is.
#[test]
fn liars_are_slashed() {
    for seed in 1..=10 {
        for (scenario, liar) in [("two-blocks", 1), ("two-votes", 4), ("made-up-votes", 1)] {
            let run = play(scenario).seed(seed).ended();
            assert_eq!(run.read("slashed"), 1.0, "{scenario}, seed {seed}");
            let honest = if liar == 1 { 2 } else { 1 };
            let slashed = node(&run, honest).tree.slashed(node(&run, honest).head);
            assert!(slashed.contains(&NodeId(liar)), "{scenario}, seed {seed}");
            assert!(
                run.all_broken().is_empty(),
                "{scenario}, seed {seed}: {:?}",
                run.all_broken()
            );
            adds_up(&run);
        }
        let half = play("two-votes").param("slash", 50).seed(seed).ended();
        assert_eq!((half.read("burned"), half.read("stake")), (5.0, 35.0));
    }
}

/// A crash is no lie.
#[test]
fn who_remembers_its_votes_is_not_slashed() {
    for seed in 1..=10 {
        let run = play("crash-after-vote").seed(seed).ended();
        assert_eq!(run.read("slashed"), 0.0);
        assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
        let off = play("crash-after-vote")
            .switch("remember", false)
            .seed(seed)
            .ended();
        assert!(off.broken("innocent").is_some(), "seed {seed}");
    }
}

/// Neither half of a split makes anything final; with half as enough, both do.
#[test]
fn no_half_is_two_thirds() {
    for seed in 1..=10 {
        let split = play("split-in-half").seed(seed).at(40_000);
        assert_eq!(split.read("final"), 0.0, "seed {seed}");
        let run = play("split-in-half").seed(seed).ended();
        assert!(
            run.read("final") >= 6.0,
            "seed {seed}: {}",
            run.read("final")
        );
        assert!(
            run.all_broken().is_empty(),
            "seed {seed}: {:?}",
            run.all_broken()
        );
        let off = play("split-in-half")
            .switch("two-thirds", false)
            .seed(seed)
            .ended();
        assert_eq!(off.read("chains"), 2.0, "seed {seed}");
        assert!(off.broken("safety").is_some() && off.broken("accountable").is_some());
    }
}

/// Final blocks stay, however long another chain is.
#[test]
fn a_longer_chain_takes_nothing_back() {
    let mut taken = 0;
    for seed in 1..=10 {
        let run = play("longer-chain").seed(seed).ended();
        assert!(run.broken("final-stays").is_none() && run.broken("safety").is_none());
        let off = play("longer-chain")
            .switch("votes-first", false)
            .seed(seed)
            .ended();
        taken += u32::from(off.broken("final-stays").is_some());
    }
    assert!(taken >= 5, "{taken} of 10");
}

/// Casper, theorem 1: two final blocks conflict only if a third of the stake is proved to have lied.
#[test]
fn a_third_of_liars_can_be_named() {
    let mut conflicts = 0;
    for seed in 1..=10 {
        let run = play("a-third-lies").seed(seed).ended();
        conflicts += u32::from(run.read("chains") > 1.0);
        assert_eq!(run.read("proved"), 34.0, "seed {seed}");
        assert!(run.broken("accountable").is_none(), "seed {seed}");
        assert!(run.broken("innocent").is_none(), "seed {seed}");
        assert!(run.broken("safety").is_none(), "seed {seed}");
    }
    assert!(conflicts >= 8, "{conflicts} of 10");
}

/// A crash of any validator behind any event breaks nothing.
#[test]
fn a_crash_behind_any_event_breaks_nothing() {
    let base = play("blocks-become-final");
    let steps = base.at(15_000).0.world().events();
    for after in (1..=steps).step_by(7) {
        for node in [1, 3] {
            let crash = base.does(&format!("@{after} crash n{node}"));
            let run = crash.does(&format!("17s recover n{node}")).ended();
            assert_eq!(run.all_broken(), [""; 0], "n{node} after {after}");
            assert_eq!(run.read("slashed"), 0.0);
            assert!(run.who(&marks::CONVICTS).is_empty());
        }
    }
}
