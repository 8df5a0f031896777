//! What proof of stake tells about itself: parameters, rules, presets.

use faultline_sim::descriptor::{Preset, Protocol, Shelf};
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::standing::{Form, Standing};

use super::{Validator, captions, invariants, probes, scenarios};

pub static PROTOCOL: Protocol = Protocol {
    id: "pos",
    title: "Proof of stake",
    shelf: Shelf::Consensus,
    summary: "Validators make blocks in turn, drawn by their stake. Votes of two thirds of the stake make blocks \
              final, and a validator that signs two stories loses its stake.",
    reference: "Buterin and Griffith 2017 (Casper FFG); Buterin et al. 2020 (Gasper)",
    params: &[NODES, STAKE_1, STAKE_2, STAKE_3, STAKE, SLOT, EPOCH, SLASH],
    switches: &[TWO_THIRDS, VOTES_FIRST, REMEMBER, SIGNATURES, SLASHING],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    probes: probes::PROBES,
    invariants: invariants::INVARIANTS,
    standing: Standing::new(Form::Circle),
    narrate: captions::narrate,
    forges: true,
    counted: &["BLOCK", "ATTESTATION"],
    aligns: Some("Slot"),
    ..Protocol::of::<Validator>()
};

pub const NODES: Param =
    Param::number("nodes", "Validators", "validators", 4.0, (1.0, 32.0)).at_start();
pub const STAKE_1: Param =
    Param::number("stake-1", "Stake of node 1", "coins", 10.0, (0.0, 1_000.0)).at_start();
pub const STAKE_2: Param =
    Param::number("stake-2", "Stake of node 2", "coins", 10.0, (0.0, 1_000.0)).at_start();
pub const STAKE_3: Param =
    Param::number("stake-3", "Stake of node 3", "coins", 10.0, (0.0, 1_000.0)).at_start();
pub const STAKE: Param = Param::number(
    "stake",
    "Stake of each other validator",
    "coins",
    10.0,
    (0.0, 1_000.0),
)
.at_start();
pub const SLOT: Param =
    Param::millis("slot", "Length of a slot", 1_500.0, (10.0, 60_000.0)).at_start();
pub const EPOCH: Param =
    Param::number("epoch", "Slots in an epoch", "slots", 4.0, (1.0, 64.0)).at_start();
pub const SLASH: Param = Param::number(
    "slash",
    "What slashing burns of a stake",
    "%",
    100.0,
    (0.0, 100.0),
)
.at_start();

pub const TWO_THIRDS: Switch = Switch::on("two-thirds", "A link needs two thirds of the stake")
    .guards(&Guard::of("safety").in_scenario("split-in-half"));
pub const VOTES_FIRST: Switch = Switch::on(
    "votes-first",
    "A node follows the votes above the newest justified checkpoint, not the longest chain",
)
.guards(&Guard::of("final-stays").in_scenario("longer-chain"));
pub const REMEMBER: Switch = Switch::on("remember", "A validator keeps its own votes on disk")
    .guards(&Guard::of("innocent").in_scenario("crash-after-vote"));
pub const SIGNATURES: Switch = Switch::on(
    "signatures",
    "Nodes refuse a vote that its validator did not sign",
)
.guards(
    &Guard::of("innocent")
        .in_scenario("made-up-votes")
        .within(Budget::NONE, 40),
);
pub const SLASHING: Switch = Switch::on("slashing", "A validator that is proved to lie is slashed")
    .guards(&Guard::of("punished").in_scenario("two-votes"));

const PRESETS: &[Preset] = &[
    Preset {
        name: "correct",
        title: "As in the papers",
        ..Preset::BASE
    },
    Preset {
        name: "half",
        title: "Half of the stake is enough",
        breaks: Some("safety: each half of a split makes its own blocks final"),
        switches: &[("two-thirds", false)],
        ..Preset::BASE
    },
    Preset {
        name: "longest-chain",
        title: "Nodes follow the longest chain",
        breaks: Some("final-stays: a longer chain takes a final block back"),
        switches: &[("votes-first", false)],
        ..Preset::BASE
    },
    Preset {
        name: "forgets-votes",
        title: "A validator forgets its votes in a crash",
        breaks: Some("innocent: it votes again and is slashed"),
        switches: &[("remember", false)],
        ..Preset::BASE
    },
    Preset {
        name: "no-signatures",
        title: "Nodes do not check who signed a vote",
        breaks: Some("innocent: a liar makes up votes of others"),
        switches: &[("signatures", false)],
        ..Preset::BASE
    },
    Preset {
        name: "no-slashing",
        title: "A proved lie costs nothing",
        breaks: Some("punished: a liar keeps its stake and its votes"),
        switches: &[("slashing", false)],
        ..Preset::BASE
    },
];
