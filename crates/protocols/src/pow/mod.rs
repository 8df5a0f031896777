//! Proof of work: a chain of blocks that nobody leads, and that anybody may extend who has done the work.
//!
//! **Problem.** Many nodes keep one list of payments. Nobody knows how many nodes there are, anybody may join,
//! and some cheat. Voting does not help: one person can make up any number of voters.
//!
//! **Idea.** Votes are counted in *work*. A *block* holds payments, the hash of the block before it, and a
//! *nonce*. It counts only if the hash of all this lies below a *target*, and the only way to find such a nonce is
//! to try one after the other (4). So blocks come at random times, and each node finds them in proportion to its
//! hash power. Everybody builds on the chain with the most work (5): changing an old block means doing the work
//! of all later blocks again, faster than all others do theirs (11).
//!
//! **The subtle point.** Nothing is ever decided. Two blocks found at about the same time make a *fork*; some
//! nodes build on one, some on the other, until one branch gets longer and the other one is given up. A payment
//! only gets *more certain* with each block behind it. How often forks happen depends on how long a block
//! travels, compared with the time between blocks (Decker and Wattenhofer).
//!
//! **Withheld blocks.** A miner need not show a block at once. With enough hash power it earns more than its
//! share if it does not (Eyal and Sirer), or takes back a payment that somebody counts on (11).
//!
//! **What is a model here.** The hashes are real: two rounds of SHA-256 over the 80 bytes of Bitcoin's header,
//! with the target in its short form. Targets are easy, so a miner tries all nonces when it begins, and then waits
//! as long as so many hashes take at its hash rate. A payment spends a numbered coin, nobody signs, and the
//! payload's digest is one hash in the place of a Merkle tree.
//!
//! **Ours.** Each node sends its blocks to every other one itself. Who misses a parent asks the sender for it,
//! with a list of blocks that it has (Bitcoin's `getblocks`). A crash loses nothing but payments that wait.
//! Bitcoin takes the time between the first and the last block of a window for one interval more than it is;
//! we do not.
//!
//! **References.** Nakamoto, "Bitcoin: A Peer-to-Peer Electronic Cash System", 2008 (sections above and below);
//! Decker and Wattenhofer, "Information Propagation in the Bitcoin Network", P2P 2013; Eyal and Sirer, "Majority
//! is not Enough: Bitcoin Mining is Vulnerable", FC 2014; Rosenfeld, "Analysis of Hashrate-Based Double Spending",
//! 2014; FIPS 180-4 (SHA-256).

mod attacker;
mod block;
mod captions;
mod chain;
mod descriptor;
mod figures;
mod forge;
mod hash;
mod header;
mod invariants;
mod ledger;
mod marks;
mod mining;
mod payments;
mod probes;
mod scenarios;
#[cfg(test)]
mod tests;
pub mod theory;

use std::rc::Rc;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::process::{Context, NodeId, Operation, Process, Start};
use faultline_sim::rng::Rng;
use faultline_sim::settings::Settings;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedMap;
use serde::{Deserialize, Serialize};

use crate::parts::request::RequestId;
use attacker::Attack;
use block::{Block, Payment};
use chain::{Chain, Moved, Receipt};
pub use descriptor::PROTOCOL;
use descriptor::{BITS, CHECKS, COVERED, HEAVIEST, INTERVAL, NODES, ONCE, RETARGET};
use hash::BlockHash;
use ledger::Ledger;
use mining::{Job, is_attacker};

/// Blocks that one answer holds.
const AT_ONCE: usize = 32;

faultline_sim::messages! {
    pub enum Message {
        Block { block: Rc<Block> } as "BLOCK" => Announce "B" "announces a block",
        /// Please send me this block, and those before it that I do not have.
        GetBlocks { wanted: BlockHash, known: Vec<BlockHash> } as "GETBLOCKS" => Request "?" "asks for blocks",
        /// Several at once, the lowest first.
        Blocks { blocks: Vec<Rc<Block>> } as "BLOCKS" => Data "BB" "sends blocks",
        Payment { payment: Payment } as "TX" => Data "$" "tells of a payment",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// All nonces of the search have had their time.
        Hashed,
        /// The next payment of its own.
        NextPayment,
    }
}

/// What people may ask of a miner.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Pay from this node's account.
    Pay { to: NodeId, amount: u64 },
    /// Write into a stored block that another node made it.
    Edit { height: u64, by: NodeId },
    /// The SHA-256 of a text.
    Hash { text: String },
    /// The hash of a header of 80 bytes, given in hexadecimal digits.
    Header { hex: String },
    /// The first number that, behind a text, makes a hash begin with so many hexadecimal zeros.
    Search { text: String, zeros: u32 },
}

/// How a request ended.
#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    /// The payment has its confirmations.
    Confirmed { height: u64 },
    Edited { height: u64 },
    Hash { hash: String },
    Number { n: u32, hash: String },
    /// It had no effect.
    Refused { why: String },
    /// The node crashed. Others may know of the payment.
    Unknown { why: String },
}

/// The rules of the algorithm as a node has them.
#[derive(Clone, Copy)]
pub struct Rules {
    checks: bool,
    covered: bool,
    once: bool,
    heaviest: bool,
    /// Blocks between two changes of the target; 0: it stays.
    retarget: u64,
    /// Milliseconds between two blocks that a change aims at.
    interval: u64,
}

impl Rules {
    fn of(cx: &Context<Miner>) -> Self {
        Self {
            checks: cx.switch(&CHECKS),
            covered: cx.switch(&COVERED),
            once: cx.switch(&ONCE),
            heaviest: cx.switch(&HEAVIEST),
            retarget: cx.settings().count(&RETARGET).into(),
            interval: cx.settings().duration(&INTERVAL).0 / 1_000,
        }
    }
}

/// A miner, which is also a wallet. All of it is on disk but the search and the payments that wait.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Miner {
    me: NodeId,
    pub chain: Chain,
    /// Payments that are in no block of its chain.
    pub pool: SortedMap<RequestId, Payment>,
    pub job: Option<Job>,
    /// Hashes that it has tried.
    pub hashes: u64,
    /// The number of its next payment.
    next: u64,
    /// Its own payments that wait for confirmations.
    #[serde(skip)]
    waits: SortedMap<u64, Operation>,
    /// Payments to it that it counts on.
    #[serde(skip)]
    counts_on: SharedMap<RequestId, Payment>,
    /// Up to this height all payments of its chain have had their confirmations.
    confirmed: u64,
    pub attack: Attack,
}

impl Miner {
    fn next_id(&mut self, from: NodeId) -> RequestId {
        let number = self.next;
        self.next += 1;
        RequestId { from, number }
    }

    /// Sends blocks of its own to all others.
    fn announce(&self, cx: &mut Context<Self>, hashes: &[BlockHash]) {
        let blocks = hashes.iter().filter_map(|hash| self.chain.get(hash));
        let blocks: Vec<Rc<Block>> = blocks.map(|stored| Rc::clone(&stored.block)).collect();
        match &blocks[..] {
            [] => {}
            [block] => cx.broadcast(Message::Block {
                block: Rc::clone(block),
            }),
            _ => cx.broadcast(Message::Blocks { blocks }),
        }
    }

    /// The search has had its time.
    fn hashed(&mut self, cx: &mut Context<Self>) {
        let rules = Rules::of(cx);
        let Some((block, tries)) = self.end_search(cx) else {
            return;
        };
        let hash = block.hash();
        let height = self.chain.height() + 1;
        cx.mark(&marks::FOUND, (hash.to_string(), height, tries));
        self.chain.receive(block, &rules);
        let moved = self.chain.move_to(hash, &rules);
        self.after(cx, &moved);
        match is_attacker(cx.settings(), cx.me()) {
            true => self.keep_secret(cx, hash),
            false => self.announce(cx, &[hash]),
        }
        self.mine(cx, &rules);
    }

    /// Blocks have arrived.
    fn receive(&mut self, cx: &mut Context<Self>, from: NodeId, blocks: Vec<Rc<Block>>) {
        let rules = Rules::of(cx);
        let before = self.chain.tip();
        let mut missing = None;
        for block in blocks {
            let name = block.hash().to_string();
            match self.chain.receive(block, &rules) {
                Receipt::Known => {}
                Receipt::Refused(flaw) => cx.mark(&marks::REFUSES, (name, from, flaw.word())),
                Receipt::Orphan(parent) => missing = Some(parent),
                Receipt::Connected(hashes) => self.choose(cx, &rules, &hashes),
            }
        }
        if let Some(wanted) = missing.filter(|hash| self.chain.get(hash).is_none()) {
            cx.mark(&marks::ASKS, (from, wanted.to_string()));
            let known = self.chain.locator();
            cx.send(from, Message::GetBlocks { wanted, known });
        }
        if self.chain.tip() != before {
            self.mine(cx, &rules);
        }
    }

    /// New blocks stand in the tree: is there a better chain now?
    fn choose(&mut self, cx: &mut Context<Self>, rules: &Rules, hashes: &[BlockHash]) {
        for hash in hashes {
            let moves = match is_attacker(cx.settings(), cx.me()) {
                true => {
                    let public = self.chain.work(&self.attack.public);
                    self.chain.work(hash) > public && self.respond(cx, rules, *hash)
                }
                false => self.chain.is_better(hash, rules),
            };
            if moves {
                let moved = self.chain.move_to(*hash, rules);
                self.after(cx, &moved);
            } else if let Some(stored) = self.chain.get(hash).filter(|stored| !stored.broken) {
                cx.mark(&marks::ASIDE, (hash.to_string(), stored.height, stored.work));
            }
        }
    }

    /// The chain is another one: says so, and looks what it means for payments.
    fn after(&mut self, cx: &mut Context<Self>, moved: &Moved) {
        let (tip, height) = (self.chain.tip().to_string(), self.chain.height());
        let lowest = moved.common + 1;
        match moved.back.len() as u64 {
            0 if moved.forth.is_empty() => {}
            0 => cx.mark(&marks::EXTENDS, (tip, height, lowest)),
            lost => cx.mark(&marks::REORGS, (tip, height, lost, lowest)),
        }
        self.settle_payments(cx, moved);
    }

    fn edit(&mut self, cx: &mut Context<Self>, height: u64, by: NodeId) -> Reply {
        let rules = Rules::of(cx);
        let named = self.chain.hash_at(height).unwrap_or_default().to_string();
        let Some(moved) = self.chain.edit(height, by, &rules) else {
            let why = "there is no such block, or that node made it".to_owned();
            return Reply::Refused { why };
        };
        cx.mark(&marks::EDITED, (named, height));
        if !moved.back.is_empty() {
            cx.mark(&marks::BREAKS, moved.back.len());
        }
        let lost = moved.back.last().map(|block| block.hash());
        self.after(cx, &moved);
        // It asks for what it had, as a node that was away does.
        if let (Some(wanted), Some(from)) = (lost, cx.random_peer()) {
            cx.mark(&marks::ASKS, (from, wanted.to_string()));
            let known = self.chain.locator();
            cx.send(from, Message::GetBlocks { wanted, known });
        }
        self.mine(cx, &rules);
        Reply::Edited { height }
    }
}

impl Process for Miner {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;

    fn new(me: NodeId, settings: &Settings) -> Self {
        let genesis = Block::genesis(settings.count(&BITS));
        Self {
            me,
            chain: Chain::new(genesis, Ledger::new(settings.count(&NODES))),
            pool: SortedMap::new(),
            job: None,
            hashes: 0,
            next: 1,
            waits: SortedMap::new(),
            counts_on: SharedMap::new(),
            confirmed: 0,
            attack: Attack::default(),
        }
    }

    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        if is_attacker(cx.settings(), cx.me()) {
            self.begin_attack(cx);
        }
        self.plan_payment(cx);
        let rules = Rules::of(cx);
        self.mine(cx, &rules);
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        match message {
            Message::Block { block } => self.receive(cx, from, vec![block]),
            Message::Blocks { blocks } => self.receive(cx, from, blocks),
            Message::GetBlocks { wanted, known } => {
                let secret = self.attack.withheld.contains(&wanted);
                let blocks = self.chain.up_to(wanted, &known, AT_ONCE);
                if !blocks.is_empty() && !secret {
                    cx.send(from, Message::Blocks { blocks });
                }
            }
            Message::Payment { payment } => self.add_payment(cx, payment),
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Hashed => self.hashed(cx),
            Timer::NextPayment => self.pay_somebody(cx),
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        let operation = cx.operation();
        let reply = match request {
            Request::Pay { to, amount } => match self.pay(cx, to, amount, operation) {
                Ok(()) => return,
                Err(why) => Reply::Refused { why },
            },
            Request::Edit { height, by } => self.edit(cx, height, by),
            Request::Hash { text } => Reply::Hash {
                hash: BlockHash::of(text.as_bytes()).hex(),
            },
            Request::Header { hex } => header_hash(&hex),
            Request::Search { text, zeros } => search(&text, zeros),
        };
        if let Some(operation) = operation {
            cx.reply(operation, reply);
        }
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        for operation in self.waits.values() {
            let why = "the node crashed while it waited".to_owned();
            cx.reply(*operation, Reply::Unknown { why });
        }
        Self {
            pool: SortedMap::new(),
            job: None,
            waits: SortedMap::new(),
            ..self.clone()
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Refused { .. } => End::Failed,
            Reply::Unknown { .. } => End::Unknown,
            _ => End::Ok,
        }
    }

    fn size(message: &Message) -> u64 {
        match message {
            Message::Block { block } => block.size(),
            Message::GetBlocks { known, .. } => 32 * (known.len() as u64 + 1),
            Message::Blocks { blocks } => blocks.iter().map(|block| block.size()).sum(),
            Message::Payment { .. } => 24,
        }
    }

    fn word(message: &Message) -> Option<Word> {
        Some(match message {
            Message::Block { block } => Word::of(block.hash()),
            Message::GetBlocks { wanted, .. } => Word::of(format_args!("{wanted}?")),
            Message::Blocks { blocks } => Word::of(format_args!("{} blocks", blocks.len())),
            Message::Payment { payment } => {
                Word::of(format_args!("{} to {}", payment.amount, payment.to))
            }
        })
    }

    fn forge(&self, message: &Message, to: NodeId, rng: &mut Rng) -> Option<Message> {
        self.forged(message, to, rng)
    }
}

/// The hash of 80 bytes, written as Bitcoin does.
fn header_hash(hex: &str) -> Reply {
    let digits: Option<Vec<u8>> = hex.chars().map(|c| Some(c.to_digit(16)? as u8)).collect();
    match digits {
        Some(digits) if digits.len() == 160 => {
            let bytes: Vec<u8> = digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect();
            let hash = BlockHash::twice(&bytes).written();
            Reply::Hash { hash }
        }
        _ => Reply::Refused {
            why: "a header has 80 bytes, which are 160 digits".to_owned(),
        },
    }
}

/// Numbers that a search of a person tries.
const MOST_TRIES: u32 = 1 << 18;

fn search(text: &str, zeros: u32) -> Reply {
    match hash::search_text(text, zeros, MOST_TRIES) {
        Some((n, hash)) => Reply::Number { n, hash: hash.hex() },
        None => Reply::Refused {
            why: format!("none of the first {MOST_TRIES} numbers does it"),
        },
    }
}
