//! A miner: it takes blocks and payments, chooses a chain, and looks for the next block.

use std::rc::Rc;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::process::{Context, NodeId, Operation, Process, Start};
use faultline_sim::rng::Rng;
use faultline_sim::settings::Settings;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedMap;
use serde::Serialize;

use super::attacker::Attack;
use super::block::{Block, Payment};
use super::chain::{Chain, Moved, Receipt};
use super::descriptor::{BITS, NODES};
use super::hash::BlockHash;
use super::ledger::Ledger;
use super::mining::{Job, is_attacker};
use super::{Message, Reply, Request, Rules, Timer, figures, marks, request};
use crate::parts::request::RequestId;

/// Blocks that one answer holds.
const AT_ONCE: usize = 32;

/// A miner, which is also a wallet. All of it is on disk but the search and the payments that wait.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Miner {
    pub me: NodeId,
    pub chain: Chain,
    /// Payments that are in no block of its chain.
    pub pool: SortedMap<RequestId, Payment>,
    pub job: Option<Job>,
    /// Hashes that it has tried.
    pub hashes: u64,
    /// The number of its next payment.
    pub next: u64,
    /// Its own payments that wait for confirmations.
    #[serde(skip)]
    pub waits: SortedMap<u64, Operation>,
    /// Payments to it that it counts on.
    #[serde(skip)]
    pub counts_on: SharedMap<RequestId, Payment>,
    /// Up to this height all payments of its chain have had their confirmations.
    pub confirmed: u64,
    pub attack: Attack,
}

impl Miner {
    pub fn next_id(&mut self, from: NodeId) -> RequestId {
        let number = self.next;
        self.next += 1;
        RequestId { from, number }
    }

    /// Sends blocks of its own to all others.
    pub fn announce(&self, cx: &mut Context<Self>, hashes: &[BlockHash]) {
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
                cx.mark(
                    &marks::ASIDE,
                    (hash.to_string(), stored.height, stored.work),
                );
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
            Request::Header { hex } => request::header_hash(&hex),
            Request::Search { text, zeros } => request::search(&text, zeros),
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
