//! What must hold of validators that have never lied, and what proofs there must be if two final blocks conflict.

use faultline_sim::event::Record;
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::process::NodeId;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedSet;
use faultline_sim::world::World;

use super::descriptor::{EPOCH, SLOT};
use super::liars::Liars;
use super::slashing::judge;
use super::stakes::{deposit, stakes, total, validators};
use super::{Attestation, BlockId, Validator, marks};

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "safety",
        "While less than a third of the stake lies, no two final blocks conflict", new Safety),
    invariant!(always "accountable",
        "If two final blocks conflict, votes prove that a third of the stake lied", new Accountable),
    invariant!(always "final-stays", "A node's head is never beside its final block", new Stays),
    invariant!(always "innocent", "No validator is slashed that has never lied", new Innocent),
    invariant!(always "punished", "A validator has no stake left once a final block proves its lie",
        new Punished),
    invariant!(eventually "finality",
        "Eventually new blocks become final, if two thirds of the stake works", finality),
];

/// The final blocks of all honest nodes, as long as they are one chain.
#[derive(Clone, Default, Hash)]
struct FinalChain {
    liars: Liars,
    /// Blocks by slot, and the last slot among them.
    blocks: SharedMap<u64, BlockId>,
    last: u64,
}

impl FinalChain {
    /// A block that conflicts with one that became final before, and the one it conflicts with.
    fn look(&mut self, record: &Record, world: &World) -> Option<(NodeId, BlockId, BlockId)> {
        self.liars.look(record);
        record.marked(&marks::FINALIZES)?;
        let id = record.node.filter(|id| !self.liars.has(*id))?;
        let node = world.node::<Validator>(id)?;
        let newest = node.casper.last_final.block;
        let mut new = Vec::new();
        let mut block = newest;
        while block != BlockId::GENESIS {
            match self.blocks.get(&block.slot) {
                Some(known) if *known == block => break,
                Some(other) => return Some((id, block, *other)),
                None if block.slot < self.last => {
                    let other = self.blocks.get(&self.last).copied();
                    return Some((id, newest, other.unwrap_or_default()));
                }
                None => new.push(block),
            }
            block = node.tree.parent(block);
        }
        // Above the last one, but not from it.
        if !new.is_empty() && block.slot != self.last {
            let other = self.blocks.get(&self.last).copied().unwrap_or_default();
            return Some((id, newest, other));
        }
        for block in new {
            self.last = self.last.max(block.slot);
            self.blocks.insert(block.slot, block);
        }
        None
    }
}

#[derive(Clone, Default, Hash)]
struct Safety(FinalChain);

impl Invariant for Safety {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        match self.0.look(record, world) {
            Some((node, block, other)) if self.0.liars.few(world) => Err(format!(
                "block {block} is final for {node}, and block {other} of another chain was final before"
            )),
            _ => Ok(()),
        }
    }
}

/// Validators against which there is a proof, if all nodes put together what they have.
pub fn proved(world: &World) -> SortedSet<NodeId> {
    let nodes = || world.ids().filter_map(|id| world.node::<Validator>(id));
    let lied = |id: NodeId| {
        if nodes().any(|node| node.evidence.contains_key(&id)) {
            return true;
        }
        let of = |node: &Validator| -> Vec<Attestation> {
            let all = node.casper.votes.iter().filter(|((_, by), _)| *by == id);
            all.flat_map(|(_, votes)| votes.iter().copied()).collect()
        };
        let votes: SortedSet<Attestation> = nodes().flat_map(of).collect();
        let pairs = || votes.iter().flat_map(|a| votes.iter().map(move |b| (a, b)));
        pairs().any(|(a, b)| judge(a, b).is_some())
    };
    validators(world.settings())
        .filter(|id| lied(*id))
        .collect()
}

#[derive(Clone, Default, Hash)]
struct Accountable(FinalChain);

impl Invariant for Accountable {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some((node, block, other)) = self.0.look(record, world) else {
            return Ok(());
        };
        let settings = world.settings();
        let lied = proved(world);
        let stake: u64 = lied.iter().map(|id| deposit(settings, *id)).sum();
        let all = total(settings);
        match stake * 3 >= all {
            true => Ok(()),
            false => Err(format!(
                "blocks {other} and {block} (of {node}) are final, and lies are proved of only {stake} of {all} coins"
            )),
        }
    }
}

/// The node that a record is about, if it has never lied.
fn honest<'w>(
    liars: &mut Liars,
    record: &Record,
    world: &'w World,
) -> Option<(NodeId, &'w Validator)> {
    liars.look(record);
    let id = record.node.filter(|id| !liars.has(*id))?;
    Some((id, world.node::<Validator>(id)?))
}

#[derive(Clone, Default, Hash)]
struct Stays(Liars);

impl Invariant for Stays {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some((id, node)) = honest(&mut self.0, record, world) else {
            return Ok(());
        };
        let (head, last) = (node.head, node.casper.last_final.block);
        match node.tree.is_on(last, head) {
            true => Ok(()),
            false => Err(format!(
                "{id} follows block {head}, and block {last} was final for it"
            )),
        }
    }
}

#[derive(Clone, Default, Hash)]
struct Innocent(Liars);

impl Invariant for Innocent {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, _world: &World) -> Result<(), String> {
        self.0.look(record);
        let convicted = record
            .marked(&marks::CONVICTS)
            .and_then(|marked| marked.node(0));
        match convicted.filter(|id| !self.0.has(*id)) {
            Some(id) => Err(format!("a block slashes {id}, which has never lied")),
            None => Ok(()),
        }
    }
}

#[derive(Clone, Default, Hash)]
struct Punished(Liars);

impl Invariant for Punished {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some((id, node)) = honest(&mut self.0, record, world) else {
            return Ok(());
        };
        let slashed = node.tree.slashed(node.casper.last_final.block);
        let left = stakes(world.settings(), &slashed);
        match left
            .iter()
            .find(|(id, stake)| *stake > 0 && slashed.contains(id))
        {
            Some((liar, stake)) => Err(format!(
                "a block that is final for {id} proves a lie of {liar}, and {liar} still has {stake} coins"
            )),
            None => Ok(()),
        }
    }
}

/// Epochs behind the clock that are usual: the present one, the one that is justified, and one for late votes.
const BEHIND: u64 = 4;

fn finality(world: &World) -> Result<(), String> {
    let settings = world.settings();
    let works = |id: &NodeId| world.is_live(*id);
    let up: u64 = validators(settings)
        .filter(works)
        .map(|id| deposit(settings, id))
        .sum();
    if up * 3 < total(settings) * 2 {
        return Ok(());
    }
    let length = settings.duration(&SLOT).0.max(1) * u64::from(settings.count(&EPOCH)).max(1);
    let now = world.now().0 / length;
    let late = |id: &NodeId| {
        let node = world.node::<Validator>(*id);
        node.is_some_and(|node| node.casper.last_final.epoch + BEHIND < now)
    };
    match validators(settings).filter(works).find(late) {
        Some(id) => Err(format!("nothing new is final for {id}")),
        None => Ok(()),
    }
}
