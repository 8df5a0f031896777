//! What the nodes show: the chain that they see, and who has attested in this epoch.

use faultline_sim::frame::{Block as Drawn, BlockState, Figure, NodeFrame, Pips, Tone, Word};
use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;

use super::descriptor::TWO_THIRDS;
use super::stakes::{deposit, validators};
use super::tree::Entry;
use super::{BlockId, Checkpoint, Validator, committee};

/// Blocks that are shown, the latest ones.
const SHOWN: usize = 40;

impl Validator {
    /// Who has attested for an epoch, as far as this node has heard.
    pub fn voted(&self, epoch: u64) -> impl Iterator<Item = NodeId> {
        let ids = (1..=self.of).map(NodeId);
        ids.filter(move |id| !self.casper.of(epoch, *id).is_empty())
    }

    fn state(&self, id: BlockId) -> BlockState {
        let last = self.casper.last_final.block;
        if !self.tree.is_on(id, self.head) {
            return BlockState::Aside;
        }
        if id.slot <= last.slot && self.tree.is_on(id, last) {
            return BlockState::Final;
        }
        let epoch = id.slot.div_ceil(self.slots);
        let justified = |epoch| self.casper.is_justified(Checkpoint { epoch, block: id });
        match (epoch..=self.casper.newest.epoch).any(justified) {
            true => BlockState::Justified,
            false => BlockState::Chosen,
        }
    }

    fn drawn(&self, id: BlockId, entry: &Entry) -> Drawn {
        let (by, text) = match &entry.block {
            None => (None, "genesis".to_owned()),
            Some(block) => {
                let votes = format!("{} votes", block.votes.len());
                let proofs = block.evidence.iter().map(|proof| proof.offender().0);
                let proofs = proofs.map(|id| format!(", proof against node {id}"));
                (Some(block.by), votes + &proofs.collect::<String>())
            }
        };
        Drawn {
            id: id.number(),
            height: id.slot,
            parent: self.tree.parent(id).number(),
            label: id.slot.to_string(),
            by,
            state: self.state(id),
            text,
        }
    }

    /// The latest blocks, parents first.
    fn chain(&self) -> Figure {
        let newest = self.tree.blocks.iter().rev().take(SHOWN);
        let mut blocks: Vec<Drawn> = newest.map(|(id, entry)| self.drawn(*id, entry)).collect();
        blocks.reverse();
        let tip = self.head.number();
        Figure::Chain { blocks, tip }
    }

    fn row(&self, settings: &Settings, id: NodeId, stake: u64, epoch: u64) -> Vec<String> {
        let at = epoch * self.slots + committee(settings.seed(), epoch, (id, self.of), self.slots);
        let votes = self.casper.of(epoch, id).len();
        let slashed = self.tree.slashed(self.head).contains(&id);
        let state = match (slashed, self.evidence.contains_key(&id)) {
            (true, _) => "slashed",
            (false, true) => "proved to lie",
            (false, false) => "",
        };
        vec![
            format!("node {}", id.0),
            format!("{stake} of {}", deposit(settings, id)),
            at.to_string(),
            match votes {
                0 => "○".to_owned(),
                some => "●".repeat(some),
            },
            state.to_owned(),
        ]
    }
}

pub fn draw(node: &Validator, settings: &Settings, to: &mut NodeFrame) {
    let me = to.id;
    let epoch = node.epoch(node.slot);
    let slashed = node.tree.slashed(node.head).contains(&me);
    let is_validator = validators(settings).any(|id| id == me);
    let proposes = node.proposed == node.slot && node.slot > 0;
    let (role, tone) = match (is_validator, slashed, proposes) {
        (false, ..) => ("watches", Tone::Client),
        (true, true, _) => ("slashed", Tone::Bad),
        (true, false, true) => ("proposer", Tone::Leader),
        (true, false, false) => ("validator", Tone::Calm),
    };
    to.set(role, tone);
    to.inside = Some(Word::of(format_args!("block {}", node.head.slot)));
    let last = node.casper.last_final;
    to.chips.push(match last.epoch {
        0 => "nothing final".to_owned(),
        epoch => format!("epoch {epoch} final"),
    });
    if is_validator {
        to.chips.push(format!("stake {}", deposit(settings, me)));
    }
    draw_votes(node, settings, epoch, to);
    let said =
        |checkpoint: Checkpoint| format!("epoch {}, block {}", checkpoint.epoch, checkpoint.block);
    to.fields([
        ("slot", format!("{} (epoch {epoch})", node.slot)),
        ("head", node.head.to_string()),
        ("justified", said(node.casper.newest)),
        ("final", said(last)),
        (
            "its last vote",
            match node.mine {
                Some(vote) => format!("epoch {} to {}", vote.source.epoch, vote.target.epoch),
                None => "none".to_owned(),
            },
        ),
    ]);
}

/// The chain, and beside it who has attested in this epoch, with how much stake.
fn draw_votes(node: &Validator, settings: &Settings, epoch: u64, to: &mut NodeFrame) {
    let stakes = node.stakes_at(settings, node.head, epoch);
    let all: u64 = stakes.iter().map(|(_, stake)| stake).sum();
    let voted = |id: NodeId| !node.casper.of(epoch, id).is_empty();
    let attested: u64 = stakes
        .iter()
        .filter(|(id, _)| voted(*id))
        .map(|(_, s)| s)
        .sum();
    let share = match settings.switch(&TWO_THIRDS) {
        true => 2.0 / 3.0,
        false => 0.5,
    };
    to.pips = Some(Pips {
        yes: node.voted(epoch).count() as u32,
        no: 0,
        need: (f64::from(node.of) * share).ceil() as u32,
        of: node.of,
    });
    to.figures.push(node.chain());
    to.figures.push(Figure::Gauge {
        name: format!("stake that has attested in epoch {epoch}"),
        value: attested as f64,
        max: all as f64,
        mark: Some(all as f64 * share),
    });
    let head = ["validator", "stake", "attests in slot", "attested", "state"];
    let rows = stakes
        .iter()
        .map(|(id, stake)| node.row(settings, *id, *stake, epoch));
    to.figures.push(Figure::Table {
        head: head.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    });
}
