//! A validator: it takes in blocks and votes, follows the chain with the most votes, and attests.

use std::rc::Rc;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::rng::Rng;
use faultline_sim::settings::Settings;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::Duration;
use serde::Serialize;

use super::casper::Step;
use super::descriptor::{EPOCH, NODES, REMEMBER, SIGNATURES, SLOT, VOTES_FIRST};
use super::message::Header;
use super::slashing::{is_double, surrounds};
use super::stakes::{stakes, validators};
use super::{
    Attestation, Block, BlockId, Casper, Checkpoint, Evidence, Message, Timer, Tree, committee,
    figures, forge, marks, proposer,
};

/// Blocks and votes that wait for a block they rest on.
const WAITING: usize = 64;
/// Blocks that one answer carries.
const AT_ONCE: usize = 32;

/// A validator's state, all of it on disk.
#[derive(Clone, Hash, Serialize)]
pub struct Validator {
    /// How many validators there are, and how many slots an epoch has.
    pub of: u32,
    pub slots: u64,
    /// The latest slot that it has seen begin.
    pub slot: u64,
    pub tree: Tree,
    pub head: BlockId,
    pub casper: Casper,
    /// The latest vote of each validator: for the fork choice.
    pub latest: SortedMap<NodeId, Attestation>,
    /// Blocks whose parents are missing, and votes whose heads are.
    #[serde(skip)]
    orphans: Vec<Rc<Block>>,
    #[serde(skip)]
    early: Vec<Attestation>,
    /// Blocks that it has asked for in this slot.
    #[serde(skip)]
    asked: SortedSet<BlockId>,
    /// The first block of each proposer for each slot.
    #[serde(skip)]
    made: SharedMap<(u64, NodeId), Header>,
    pub evidence: SortedMap<NodeId, Evidence>,
    /// Its own last vote, and the last slot for which it made a block.
    pub mine: Option<Attestation>,
    pub proposed: u64,
}

impl Validator {
    /// The epoch of a slot.
    pub fn epoch(&self, slot: u64) -> u64 {
        slot / self.slots
    }

    /// How far its clock is: the slot, and the time until the next one.
    fn clock(cx: &Context<Self>) -> (u64, Duration) {
        let length = cx.settings().duration(&SLOT).0.max(1);
        let now = cx.now().0.max(0) as u64;
        (now / length, Duration(length - now % length))
    }

    fn length_of_half(cx: &Context<Self>) -> Duration {
        Duration(cx.settings().duration(&SLOT).0 / 2)
    }

    /// Stakes that count in an epoch on a chain: as they are at its checkpoint.
    pub fn stakes_at(&self, settings: &Settings, head: BlockId, epoch: u64) -> Vec<(NodeId, u64)> {
        let from = self.tree.checkpoint(head, epoch, self.slots).block;
        stakes(settings, &self.tree.slashed(from))
    }

    fn begin_slot(&mut self, cx: &mut Context<Self>) {
        let (slot, rest) = Self::clock(cx);
        cx.set_timer(Timer::Slot, rest);
        if slot <= self.slot {
            return;
        }
        self.slot = slot;
        self.asked.clear();
        self.propose(cx);
        if self.is_due(cx) {
            let half = Self::length_of_half(cx);
            cx.set_timer(Timer::Attest, half);
        }
    }

    /// Whether it has yet to attest in this epoch, and the slot of its committee has come. A validator that was
    /// down then does it later in the epoch.
    fn is_due(&self, cx: &Context<Self>) -> bool {
        let (me, epoch) = (cx.me(), self.epoch(self.slot));
        let seed = cx.settings().seed();
        let done = self.mine.is_some_and(|mine| mine.target.epoch >= epoch);
        let come = committee(seed, epoch, (me, self.of), self.slots) <= self.slot % self.slots;
        let stakes = self.stakes_at(cx.settings(), self.head, epoch);
        !done && come && stakes.iter().any(|(id, stake)| *id == me && *stake > 0)
    }

    /// It votes for the head and for a link, once an epoch (Gasper 4.3).
    fn attest(&mut self, cx: &mut Context<Self>) {
        if !self.is_due(cx) {
            return;
        }
        let vote = self.vote_for(cx.me(), self.slot, self.head);
        if let Some(mine) = &self.mine
            && (is_double(mine, &vote) || surrounds(&vote, mine) || surrounds(mine, &vote))
        {
            return cx.mark(&marks::HOLDS, vote.target.epoch);
        }
        self.mine = Some(vote);
        let link = (vote.source.epoch, vote.target.epoch, vote.head);
        cx.mark(&marks::ATTESTS, link);
        cx.broadcast(Message::Attest { vote });
        let me = cx.me();
        self.take_vote(cx, me, vote);
    }

    /// The vote of a validator that sees this head.
    pub(super) fn vote_for(&self, validator: NodeId, slot: u64, head: BlockId) -> Attestation {
        let epoch = self.epoch(slot);
        let target = self.tree.checkpoint(head, epoch, self.slots);
        let source = self.casper.source(&self.tree, head, (epoch, self.slots));
        Attestation::sign(validator, slot, head, (source, target))
    }

    /// Whether the link of a vote lies on the chain of its head.
    fn fits(&self, vote: &Attestation) -> bool {
        let Checkpoint { epoch, block } = vote.source;
        let target = self
            .tree
            .checkpoint(vote.head, vote.target.epoch, self.slots);
        let source = self.tree.checkpoint(vote.head, epoch, self.slots).block;
        let forward = epoch < vote.target.epoch || vote.target.epoch == 0;
        forward && vote.target == target && block == source && vote.head.slot <= vote.slot
    }

    fn take_vote(&mut self, cx: &mut Context<Self>, from: NodeId, vote: Attestation) {
        if !validators(cx.settings()).any(|id| id == vote.validator) || !self.casper.is_new(&vote) {
            return;
        }
        if !vote.is_signed() && cx.switch(&SIGNATURES) {
            return cx.mark(&marks::REFUSES, vote.validator);
        }
        // Nobody votes in a slot that has not come. Clocks may differ a little.
        if vote.slot > Self::clock(cx).0 + 1 {
            return;
        }
        if !self.tree.has(vote.head) {
            if self.early.len() < WAITING && !self.early.contains(&vote) {
                self.early.push(vote);
            }
            return self.ask(cx, from, vote.head);
        }
        if !self.fits(&vote) {
            return;
        }
        if let Some(proof) = self.casper.proof(&vote) {
            self.keep_proof(cx, proof);
        }
        let latest = self.latest.get(&vote.validator);
        if latest.is_none_or(|latest| latest.slot < vote.slot) {
            self.latest.insert(vote.validator, vote);
        }
        for step in self.casper.count(cx.settings(), &self.tree, vote) {
            match step {
                Step::Justified(Checkpoint { epoch, block }) => {
                    cx.mark(&marks::JUSTIFIES, (epoch, block));
                }
                Step::Final(Checkpoint { epoch, block }) => {
                    cx.mark(&marks::FINALIZES, (epoch, block, block.slot));
                }
            }
        }
        self.choose_head(cx);
    }

    /// Only others can prove anything against a validator: it does not report itself.
    fn keep_proof(&mut self, cx: &mut Context<Self>, proof: Evidence) {
        let offender = proof.offender();
        if offender == cx.me() || self.evidence.contains_key(&offender) {
            return;
        }
        let mark = match proof {
            Evidence::TwoBlocks(..) => &marks::PROVES_BLOCKS,
            _ => &marks::PROVES_VOTES,
        };
        cx.mark(mark, (offender, proof.in_words()));
        self.evidence.insert(offender, proof);
    }

    /// The head of the chain: by the latest votes, with the stakes of the newest justified checkpoint.
    fn choose_head(&mut self, cx: &mut Context<Self>) {
        let head = match cx.switch(&VOTES_FIRST) {
            true => {
                let root = self.casper.newest.block;
                let stakes = stakes(cx.settings(), &self.tree.slashed(root));
                let latest = stakes.iter().filter_map(|(id, stake)| {
                    let vote = self.latest.get(id)?;
                    Some((vote.head, *stake))
                });
                let latest: Vec<(BlockId, u64)> = latest.collect();
                self.tree.ghost(root, &latest)
            }
            false => self.tree.longest(),
        };
        if !self.tree.is_on(self.head, head) {
            cx.mark(&marks::SWITCHES, (self.head, head));
        }
        self.head = head;
    }

    fn ask(&mut self, cx: &mut Context<Self>, from: NodeId, block: BlockId) {
        if from == cx.me() || !self.asked.insert(block) {
            return;
        }
        let down_to = self.casper.last_final.block.slot;
        cx.mark(&marks::ASKS, (block, from));
        cx.send(from, Message::Ask { block, down_to });
    }

    /// Sends a block with those before it, the oldest first.
    fn answer(&self, cx: &mut Context<Self>, from: NodeId, (block, down_to): (BlockId, u64)) {
        let mut blocks = Vec::new();
        let mut id = block;
        while let Some(block) = self
            .tree
            .block(id)
            .filter(|b| b.slot > down_to || b.slot == id.slot)
        {
            blocks.push(Rc::clone(block));
            id = block.parent;
            if blocks.len() == AT_ONCE || id.slot <= down_to {
                break;
            }
        }
        blocks.reverse();
        if !blocks.is_empty() {
            cx.send(from, Message::Blocks { blocks });
        }
    }

    fn receive_block(&mut self, cx: &mut Context<Self>, from: NodeId, block: Rc<Block>) {
        if self.tree.has(block.id()) || block.slot > Self::clock(cx).0 + 1 {
            return;
        }
        if !self.tree.has(block.parent) {
            let parent = block.parent;
            if self.orphans.len() < WAITING && !self.orphans.contains(&block) {
                self.orphans.push(block);
            }
            return self.ask(cx, from, parent);
        }
        self.attach(cx, from, block);
        self.attach_orphans(cx, from);
    }

    fn attach_orphans(&mut self, cx: &mut Context<Self>, from: NodeId) {
        while let Some(at) = self.orphans.iter().position(|b| self.tree.has(b.parent)) {
            let block = self.orphans.remove(at);
            self.attach(cx, from, block);
        }
        let (ready, early) = std::mem::take(&mut self.early)
            .into_iter()
            .partition(|vote| self.tree.has(vote.head));
        self.early = early;
        let ready: Vec<Attestation> = ready;
        for vote in ready {
            self.take_vote(cx, from, vote);
        }
    }

    /// Whether a block was made by the proposer of its slot, and what it proves is proved.
    fn is_valid(&self, cx: &Context<Self>, block: &Block) -> bool {
        let (settings, epoch) = (cx.settings(), self.epoch(block.slot));
        let stakes = self.stakes_at(settings, block.parent, epoch);
        let right = proposer(settings.seed(), block.slot, &stakes);
        let proved = |proof: &Evidence| proof.holds() && proof.is_signed();
        // Evidence from votes that nobody checks is as good as these votes.
        let loose = !cx.switch(&SIGNATURES);
        right == Some(block.by)
            && block.header().is_signed()
            && block.slot > block.parent.slot
            && block
                .evidence
                .iter()
                .all(|proof| proved(proof) || (loose && proof.holds()))
    }

    /// Puts a block whose parent is there into the tree, with what it carries.
    pub(super) fn attach(&mut self, cx: &mut Context<Self>, from: NodeId, block: Rc<Block>) {
        let id = block.id();
        if self.tree.has(id) || !self.is_valid(cx, &block) {
            return;
        }
        let header = block.header();
        let first = *self.made.get_or_insert((block.slot, block.by), header);
        if first.id != id {
            self.keep_proof(cx, Evidence::TwoBlocks(first, header));
        }
        let mut slashed = self.tree.slashed(block.parent);
        for proof in &block.evidence {
            Rc::make_mut(&mut slashed).insert(proof.offender());
            let known = self.evidence.contains_key(&proof.offender());
            if !known {
                self.evidence.insert(proof.offender(), *proof);
            }
        }
        self.tree.add(id, Rc::clone(&block), slashed);
        for vote in &block.votes {
            self.take_vote(cx, from, *vote);
        }
        self.choose_head(cx);
    }
}

impl Process for Validator {
    type Message = Message;
    type Timer = Timer;
    type Request = ();
    type Reply = ();

    fn new(_me: NodeId, settings: &Settings) -> Self {
        Self {
            of: settings.count(&NODES),
            slots: u64::from(settings.count(&EPOCH)).max(1),
            slot: 0,
            tree: Tree::new(),
            head: BlockId::GENESIS,
            casper: Casper::default(),
            latest: SortedMap::new(),
            orphans: Vec::new(),
            early: Vec::new(),
            asked: SortedSet::new(),
            made: SharedMap::new(),
            evidence: SortedMap::new(),
            mine: None,
            proposed: 0,
        }
    }

    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        cx.set_timer(Timer::Slot, Self::clock(cx).1);
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        match message {
            Message::Block { block } => self.receive_block(cx, from, block),
            Message::Attest { vote } => self.take_vote(cx, from, vote),
            Message::Ask { block, down_to } => self.answer(cx, from, (block, down_to)),
            Message::Blocks { blocks } => {
                for block in blocks {
                    self.receive_block(cx, from, block);
                }
            }
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Slot => self.begin_slot(cx),
            Timer::Attest => self.attest(cx),
        }
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        let mine = self.mine.filter(|_| cx.switch(&REMEMBER));
        Self {
            mine,
            ..self.clone()
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn word(message: &Message) -> Option<Word> {
        Some(match message {
            Message::Block { block } => Word::of(format_args!("block {}", block.slot)),
            Message::Attest { vote } => Word::of(format_args!(
                "{} to {}",
                vote.source.epoch, vote.target.epoch
            )),
            Message::Ask { block, .. } => Word::of(format_args!("block {}?", block.slot)),
            Message::Blocks { blocks } => Word::of(format_args!("{} blocks", blocks.len())),
        })
    }

    fn forge(&self, message: &Message, to: NodeId, _rng: &mut Rng) -> Option<Message> {
        forge::forge(self, message, to)
    }
}
