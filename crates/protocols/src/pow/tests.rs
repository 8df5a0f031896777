//! Facts of the papers, and what each rule is for.

use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;
use faultline_sim::testing::{Play, Played, Solo};

use super::block::{Block, Flaw, Payment};
use super::hash::{BlockHash, search_text};
use super::header::{Bits, Header};
use super::theory::{catch_up, catch_up_exactly, from_behind, selfish_revenue};
use super::{Message, Miner, PROTOCOL, Timer, marks};
use crate::parts::request::RequestId;

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

/// The laws that are broken, without those that nobody promises.
fn broken(run: &Played) -> Vec<&'static str> {
    let mut broken = run.all_broken();
    broken.retain(|law| !["settled", "same-past"].contains(law));
    broken
}

fn miner(run: &Played, id: u32) -> &Miner {
    run.node(id)
}

/// W-SHA: the first example of FIPS 180-4.
#[test]
fn sha_256_gives_the_standards_example() {
    let hash = BlockHash::of(b"abc").hex();
    assert_eq!(
        hash,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

fn bytes(hex: &str) -> [u8; 32] {
    let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    let mut bytes = [0; 32];
    // Bitcoin writes the last byte first.
    for (at, byte) in bytes.iter_mut().rev().enumerate() {
        *byte = digit(2 * at);
    }
    bytes
}

/// W-GEN: Bitcoin's first block has its hash, and the work that its target asks for.
#[test]
fn bitcoins_first_block_has_its_hash() {
    let mut header = Header {
        version: 1,
        parent: BlockHash::default(),
        payload: BlockHash(bytes(
            "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b",
        )),
        time: 1_231_006_505,
        bits: Bits(0x1d00_ffff),
        nonce: 2_083_236_893,
    };
    assert_eq!(
        header.hash().written(),
        "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"
    );
    assert!(header.has_work());
    // The search finds this nonce as the first one from shortly before it.
    header.nonce -= 1_000;
    assert_eq!(header.search(10_000), Some(1_001));
    assert_eq!(header.nonce, 2_083_236_893);
    header.nonce += 1;
    assert!(!header.has_work());
}

/// W-NON: how far one has to count for one, two, three and four zeros.
#[test]
fn more_zeros_take_longer() {
    for (zeros, n) in [(1, 31), (2, 31), (3, 31), (4, 27_238)] {
        let (found, hash) = search_text("block", zeros, 100_000).unwrap();
        assert_eq!(found, n);
        assert!(hash.hex().starts_with(&"0".repeat(zeros as usize)));
    }
    assert_eq!(search_text("block", 4, 27_238), None);
}

/// W-GEO: k zero bits take 2^k hashes on average, and 63.2 % of the searches take no more than that.
#[test]
fn tries_are_geometric() {
    for zeros in [4, 6, 8] {
        let bits = Bits::of_zeros(zeros);
        assert_eq!(bits.work(), 1 << zeros);
        let (mut sum, mut within) = (0, 0);
        let count = 4_000_u32;
        for time in 0..count {
            let mut block = Block::behind(BlockHash::default(), NodeId(1), vec![], time, bits);
            let tries = block.header.search(u32::MAX).unwrap();
            assert!(block.check().is_ok());
            sum += tries;
            within += u32::from(tries <= 1 << zeros);
        }
        let mean = f64::from(sum) / f64::from(count);
        let expected = f64::from(1 << zeros);
        // Five standard errors.
        assert!(
            (mean - expected).abs() < 5.0 * expected / f64::from(count).sqrt(),
            "{mean}"
        );
        let part = f64::from(within) / f64::from(count);
        let exactly = 1.0 - (1.0 - 1.0 / expected).powf(expected);
        assert!(
            (part - exactly).abs() < 0.04,
            "{zeros} bits: {part}, {exactly}"
        );
        assert!((exactly - 0.632).abs() < 0.02);
    }
}

/// Targets keep their value in the short form, and change at most fourfold.
#[test]
fn targets_follow_the_time_that_blocks_took() {
    for zeros in 2..=24 {
        assert_eq!(Bits::of_zeros(zeros).target(), 1 << (128 - zeros));
    }
    assert_eq!(Bits(0x1d00_ffff).target(), 0xffff << 80);
    assert_eq!(Bits::of_target(0xffff << 80), Bits(0x1d00_ffff));
    assert_eq!(Bits::default().work(), u64::MAX);
    let bits = Bits::of_zeros(8);
    assert_eq!(bits.retargeted(40_000, 40_000).work(), 256);
    assert_eq!(bits.retargeted(20_000, 40_000).work(), 512);
    let slower = bits.retargeted(60_000, 40_000).work();
    assert!((169..=172).contains(&slower), "{slower}");
    assert_eq!(bits.retargeted(1, 40_000).work(), 1_024);
    assert_eq!(bits.retargeted(9_000_000, 40_000).work(), 64);
}

/// W-TAB, W-CATCH: the tables of section 11.
#[test]
fn an_attackers_chances_are_as_in_the_paper() {
    let tenth = [
        1.0,
        0.204_587_3,
        0.050_977_9,
        0.013_172_2,
        0.003_455_2,
        0.000_913_7,
        0.000_242_8,
        0.000_064_7,
        0.000_017_3,
        0.000_004_6,
        0.000_001_2,
    ];
    for (z, expected) in tenth.into_iter().enumerate() {
        let chance = catch_up(0.1, z as u32);
        assert!((chance - expected).abs() < 5.1e-8, "z = {z}: {chance}");
    }
    let three_tenths = [
        1.0,
        0.177_352_3,
        0.041_660_5,
        0.010_100_8,
        0.002_480_4,
        0.000_613_2,
        0.000_152_2,
        0.000_037_9,
        0.000_009_5,
        0.000_002_4,
        0.000_000_6,
    ];
    for (fives, expected) in three_tenths.into_iter().enumerate() {
        let chance = catch_up(0.3, 5 * fives as u32);
        assert!(
            (chance - expected).abs() < 5.1e-8,
            "z = {}: {chance}",
            5 * fives
        );
    }
    for (percent, z) in [
        (10, 5),
        (15, 8),
        (20, 11),
        (25, 15),
        (30, 24),
        (35, 41),
        (40, 89),
        (45, 340),
    ] {
        let share = f64::from(percent) / 100.0;
        assert!(
            catch_up(share, z) < 0.001 && catch_up(share, z - 1) >= 0.001,
            "{percent} %"
        );
    }
    assert!((from_behind(0.3, 2) - (3.0_f64 / 7.0).powi(2)).abs() < 1e-12);
    assert_eq!((from_behind(0.5, 9), catch_up(0.51, 100)), (1.0, 1.0));
    // Rosenfeld's table: the same question with the exact distribution.
    for (share, z, expected) in [
        (0.1, 1, 0.2),
        (0.1, 2, 0.056),
        (0.3, 3, 0.326_16),
        (0.3, 5, 0.197_62),
    ] {
        let chance = catch_up_exactly(share, z);
        assert!((chance - expected).abs() < 6e-5, "{share}, {z}: {chance}");
    }
}

/// Eyal and Sirer: nobody helps, so the threshold is a third.
#[test]
fn withholding_pays_from_a_third_on() {
    let revenue = |share| selfish_revenue(share, 0.0);
    assert!((revenue(1.0 / 3.0) - 1.0 / 3.0).abs() < 1e-12);
    assert!(revenue(0.3) < 0.3 && revenue(0.4) > 0.4);
    assert!((revenue(0.4) - 0.1664 / 0.344).abs() < 1e-12);
}

/// What the runs of some seeds read, on average.
fn mean(base: &Play, seeds: u64, probe: &str) -> f64 {
    let of = |seed| base.seed(seed).ended().read(probe);
    (0..seeds).map(of).sum::<f64>() / seeds as f64
}

/// W-TAB in runs: how often a payment is taken back, within three standard deviations of the paper's chance and of
/// the exact one.
#[test]
fn payments_are_taken_back_as_often_as_computed() {
    for (scenario, share, z, seeds) in [
        ("weak-attacker", 10, 1, 100_u32),
        ("double-spend", 30, 5, 100),
        ("double-spend", 30, 10, 100),
    ] {
        let base = play(scenario)
            .param("share", share)
            .param("confirmations", z);
        let share = f64::from(share) / 100.0;
        let measured = mean(&base, seeds.into(), "reversed");
        for chance in [catch_up(share, z), catch_up_exactly(share, z)] {
            let deviation = (chance * (1.0 - chance) / f64::from(seeds)).sqrt();
            assert!(
                (measured - chance).abs() < 3.0 * deviation + 0.01,
                "{share} {z}: {measured}, {chance} +- {deviation}"
            );
        }
    }
    // More than half always catches up.
    assert!(mean(&play("majority"), 20, "reversed") >= 0.95);
}

/// Selfish mining earns what the paper's formula says.
#[test]
fn withheld_blocks_earn_as_computed() {
    for share in [20, 33, 40] {
        let base = play("selfish").param("share", share);
        let revenue = mean(&base, 20, "revenue") / 100.0;
        let expected = selfish_revenue(f64::from(share) / 100.0, 0.0);
        assert!(
            (revenue - expected).abs() < 0.05,
            "{share} %: {revenue}, {expected}"
        );
    }
}

/// Decker and Wattenhofer: forks come in proportion to how long the news travels, compared with the time between
/// blocks. A block of another miner is in time if it is found before the news has arrived.
#[test]
fn forks_follow_the_delay() {
    let mut rates = Vec::new();
    for jitter in [0, 1_000, 4_000] {
        let base = play("fork-rate").param("jitter", jitter);
        let rate = mean(&base, 8, "fork-rate") / 100.0;
        let delay = 0.4 + f64::from(jitter) / 2_000.0;
        let expected = 1.0 - (-delay / 5.0 * 7.0 / 8.0).exp();
        assert!(
            (rate - expected).abs() < 0.06,
            "{jitter} ms: {rate}, {expected}"
        );
        rates.push(rate);
    }
    assert!(rates.is_sorted(), "{rates:?}");
}

/// Section 5: all build one chain, and after a split the one with more work wins.
#[test]
fn the_chain_with_the_most_work_wins() {
    for seed in 1..=10 {
        let run = play("chain-grows").seed(seed).ended();
        assert!(run.read("blocks") >= 5.0, "seed {seed}");
        assert!(broken(&run).is_empty(), "{:?}", broken(&run));
        let split = play("split-heals").seed(seed);
        let before = split.at(69_000);
        let heights = |run: &Played| [1, 8].map(|id| miner(run, id).chain.height());
        let [few, many] = heights(&before);
        let run = split.ended();
        assert!(run.read("reorg") >= 1.0, "seed {seed}: {few} {many}");
        assert!(run.broken("same-past").is_none(), "seed {seed}");
        assert!(broken(&run).is_empty(), "{:?}", broken(&run));
    }
}

/// Each rule that is left out breaks the law that its scenario shows, and the rule mends it.
#[test]
fn each_flaw_breaks_its_law() {
    for (scenario, switch, law) in [
        ("no-work", "checks", "valid"),
        ("edit-a-block", "checks", "valid"),
        ("too-much", "covered", "money"),
        ("late-payment", "once", "once"),
        ("slow-network", "heaviest", "heaviest"),
    ] {
        let mut met = 0;
        for seed in 1..=10 {
            let off = play(scenario).switch(switch, false).seed(seed).ended();
            met += u32::from(off.broken(law).is_some());
            let on = play(scenario).seed(seed).ended();
            assert!(
                broken(&on).is_empty(),
                "{scenario}, seed {seed}: {:?}",
                broken(&on)
            );
        }
        assert!(met >= 7, "{scenario} {switch}: {met} of 10");
    }
}

/// A change of an old block makes it and all blocks behind it worthless.
#[test]
fn a_changed_block_is_refused_and_fetched_again() {
    for seed in 1..=5 {
        let run = play("edit-a-block").seed(seed).ended();
        let edits = run.marked(&marks::EDITED).len();
        assert!(edits >= 1, "seed {seed}");
        assert!(!run.who(&marks::BREAKS).is_empty());
        let (own, other) = (miner(&run, 4), miner(&run, 5));
        assert_eq!(own.chain.hash_at(2), other.chain.hash_at(2), "seed {seed}");
        assert_eq!(own.chain.at(2), other.chain.at(2), "seed {seed}");
        assert!(broken(&run).is_empty(), "{:?}", broken(&run));
    }
}

/// Half of the power takes twice as long, until the target follows.
#[test]
fn the_target_follows_the_power() {
    let base = play("miners-leave");
    let before = base.at(80_000).read("difficulty");
    let mut after = 0.0;
    for seed in 1..=10 {
        after += base.seed(seed).ended().read("difficulty") / 10.0;
    }
    assert!(before > 100.0 && after < 200.0, "{before}, {after}");
}

fn alone() -> Solo<Miner> {
    let settings = Settings::new(PROTOCOL.params, PROTOCOL.switches);
    Solo::new(2, 3, settings)
}

fn mined(parent: BlockHash, by: u32, payments: Vec<Payment>) -> Block {
    let mut block = Block::behind(parent, NodeId(by), payments, 7, Bits::of_zeros(8));
    block.header.search(u32::MAX).unwrap();
    block
}

fn deliver(solo: &mut Solo<Miner>, block: &Block) -> Vec<(NodeId, Message)> {
    let block = block.clone().into();
    solo.deliver(1, Message::Block { block })
}

/// What a node does not take: another payload, no work, another target. A missing parent is asked for.
#[test]
fn a_node_checks_what_it_gets() {
    let genesis = Block::genesis(8).hash();
    let good = mined(genesis, 1, vec![]);
    let mut edited = good.clone();
    edited.by = NodeId(3);
    assert_eq!(edited.check(), Err(Flaw::Payload));
    let mut idle = good.clone();
    while idle.header.has_work() {
        idle.header.nonce += 1;
    }
    assert_eq!(idle.check(), Err(Flaw::Work));
    let mut easy = Block::behind(genesis, NodeId(1), vec![], 7, Bits::of_zeros(4));
    easy.header.search(u32::MAX).unwrap();
    let mut solo = alone();
    for refused in [&edited, &idle, &easy] {
        assert!(deliver(&mut solo, refused).is_empty());
        assert_eq!(solo.node.chain.height(), 0);
    }
    let second = mined(good.hash(), 1, vec![]);
    let asks = deliver(&mut solo, &second);
    assert!(
        matches!(&asks[..], [(NodeId(1), Message::GetBlocks { wanted, .. })] if *wanted == good.hash())
    );
    deliver(&mut solo, &good);
    assert_eq!(
        solo.node.chain.tip(),
        second.hash(),
        "the orphan has its parent"
    );
    // Of two chains with the same work the first one stays.
    let other = mined(good.hash(), 3, vec![]);
    deliver(&mut solo, &other);
    assert_eq!(solo.node.chain.tip(), second.hash());
    let third = mined(other.hash(), 3, vec![]);
    deliver(&mut solo, &third);
    assert_eq!(solo.node.chain.tip(), third.hash());
}

/// A payment without money, or a second time, makes a block worthless, with all its work.
#[test]
fn a_block_with_a_wrong_payment_is_worthless() {
    let id = RequestId {
        from: NodeId(1),
        number: 1,
    };
    let pays = |to, amount| Payment {
        id,
        to: NodeId(to),
        amount,
    };
    let genesis = Block::genesis(8).hash();
    let mut solo = alone();
    deliver(&mut solo, &mined(genesis, 1, vec![pays(2, 100)]));
    assert_eq!(solo.node.chain.height(), 0);
    let first = mined(genesis, 3, vec![pays(2, 10)]);
    deliver(&mut solo, &first);
    assert_eq!(solo.node.chain.ledger.owns(NodeId(2)), 20);
    deliver(&mut solo, &mined(first.hash(), 3, vec![pays(3, 0)]));
    assert_eq!(solo.node.chain.height(), 1);
}

/// A crash forgets the search and payments that wait, and no block.
#[test]
fn blocks_survive_a_crash() {
    let mut solo = alone();
    let first = mined(Block::genesis(8).hash(), 1, vec![]);
    deliver(&mut solo, &first);
    solo.crash_and_recover();
    assert_eq!(solo.node.chain.tip(), first.hash());
    assert!(solo.node.job.is_some(), "it goes on");
    let sent = solo.fire(Timer::Hashed);
    assert!(matches!(&sent[..], [(_, Message::Block { .. }), ..]));
    assert_eq!(solo.node.chain.height(), 2);
}
