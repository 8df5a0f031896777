//! The transactions that began at a node: each asks for its rows one after another, keeps them while it works,
//! and releases all of them at its end.

use faultline_sim::process::{Context, NodeId, Operation};
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::{Duration, LocalTime};
use serde::Serialize;

use super::any_of::Seen;
use super::descriptor::{PATIENCE, POLICY, RELEASE_ALL, RESTART, TWO_PHASE, WORK};
use super::{Claim, Message, Reply, Row, Site, Timer, Tx, marks, site_of};

/// A transaction at the node where it began, or a process of the paper with nothing but its waits.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Transaction {
    /// When it began for the first time.
    pub age: LocalTime,
    /// How often it was aborted.
    pub attempt: u32,
    pub plan: Vec<Row>,
    /// The place in the plan that it is at.
    pub next: u32,
    pub held: Vec<Row>,
    /// It has asked for this row and does not have it.
    pub waiting: Option<Row>,
    /// For whom it waits, as far as its node knows; empty: it does not, or does not know for whom.
    pub waits_for: Vec<Claim>,
    /// The searches that have reached it while it waits.
    pub seen: SortedMap<Tx, Seen>,
    /// The latest search that it began while it waits; 0: none.
    pub round: u64,
    pub operation: Option<Operation>,
    /// The client that has it begun, if one does so on its own.
    pub client: Option<u32>,
}

impl Transaction {
    pub(super) fn new(age: LocalTime, plan: Vec<Row>) -> Self {
        Self {
            age,
            attempt: 0,
            plan,
            next: 0,
            held: Vec::new(),
            waiting: None,
            waits_for: Vec::new(),
            seen: SortedMap::new(),
            round: 0,
            operation: None,
            client: None,
        }
    }

    #[must_use]
    pub fn claim(&self, tx: Tx, home: NodeId) -> Claim {
        Claim {
            tx,
            home,
            attempt: self.attempt,
            age: self.age,
        }
    }

    /// It goes on: searches that have reached it are void.
    fn stop_waiting(&mut self) {
        self.waiting = None;
        self.waits_for.clear();
        self.seen.clear();
        self.round = 0;
    }
}

impl Site {
    /// A new transaction. A row that is named twice is locked once.
    pub(super) fn begin(
        &mut self,
        cx: &mut Context<Self>,
        operation: Operation,
        rows: Vec<Row>,
        client: Option<u32>,
    ) {
        let mut plan: Vec<Row> = Vec::new();
        for row in rows {
            if !row.is_ascii_lowercase() {
                let why = format!("`{row}` is no row; rows are called a to z");
                return cx.reply(operation, Reply::Failed { why });
            }
            if !plan.contains(&row) {
                plan.push(row);
            }
        }
        let tx = Tx::T(operation.0);
        let rows: Vec<String> = plan.iter().map(char::to_string).collect();
        cx.mark(&marks::BEGINS, (tx, rows.join(", ")));
        cx.write();
        let mut transaction = Transaction::new(cx.now(), plan);
        transaction.operation = Some(operation);
        transaction.client = client;
        self.transactions.insert(tx, transaction);
        self.ask_next(cx, tx);
    }

    /// Asks for the next row of the plan; after the last one it commits.
    pub(super) fn ask_next(&mut self, cx: &mut Context<Self>, tx: Tx) {
        let me = cx.me();
        let Some(transaction) = self.transactions.get_mut(&tx) else {
            return;
        };
        let (plan, held) = (&transaction.plan, &transaction.held);
        let mut rest = plan.iter().skip(transaction.next as usize);
        // A victim that has kept a row does not ask for it again.
        let Some(row) = rest.find(|row| !held.contains(row)).copied() else {
            return self.commit(cx, tx);
        };
        cx.write();
        transaction.waiting = Some(row);
        let claim = transaction.claim(tx, me);
        let site = site_of(cx.settings(), row);
        self.route(cx, site, Message::Lock { claim, row });
        // A row of the own node may be there at once.
        let own = self.transactions.get(&tx);
        let waits = own.is_some_and(|own| own.claim(tx, me) == claim && own.waiting.is_some());
        if waits && matches!(cx.settings().choice(&POLICY), "detect" | "timeout") {
            cx.set_timer(Timer::Patience { tx }, cx.duration(&PATIENCE));
        }
    }

    /// A lock was given. One that nobody waits for any more goes back.
    pub(super) fn hold(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        tx: Tx,
        attempt: u32,
        row: Row,
    ) {
        let found = self.transactions.get_mut(&tx);
        let transaction = found.filter(|own| own.attempt == attempt);
        let has = transaction
            .as_ref()
            .is_some_and(|own| own.held.contains(&row));
        let Some(transaction) = transaction.filter(|own| own.waiting == Some(row)) else {
            if !has {
                self.route(cx, from, Message::Release { tx, attempt, row });
            }
            return;
        };
        transaction.stop_waiting();
        cx.cancel_timer(&Timer::Patience { tx });
        cx.set_timer(Timer::Work { tx }, cx.duration(&WORK));
        cx.mark(&marks::HOLDS, (tx, row.to_string()));
        let mut early = Vec::new();
        if !cx.switch(&TWO_PHASE) {
            early = std::mem::take(&mut transaction.held);
        }
        transaction.held.push(row);
        self.release_rows(cx, tx, attempt, early);
    }

    /// The row's node says for whom it waits. News of another holder makes old searches void.
    pub(super) fn wait_for(&mut self, tx: Tx, attempt: u32, row: Row, holder: Claim) {
        let found = self.transactions.get_mut(&tx);
        if let Some(own) = found.filter(|own| own.attempt == attempt && own.waiting == Some(row)) {
            own.stop_waiting();
            own.waiting = Some(row);
            own.waits_for.push(holder);
        }
    }

    pub(super) fn finish_row(&mut self, cx: &mut Context<Self>, tx: Tx) {
        if let Some(transaction) = self.transactions.get_mut(&tx) {
            transaction.next += 1;
            self.ask_next(cx, tx);
        }
    }

    fn commit(&mut self, cx: &mut Context<Self>, tx: Tx) {
        let Some(own) = self.transactions.remove(&tx) else {
            return;
        };
        cx.mark(&marks::COMMITS, tx);
        cx.write();
        if let Some(operation) = own.operation {
            let aborted = own.attempt;
            cx.reply(operation, Reply::Committed { tx, aborted });
        }
        if let Some(client) = own.client {
            super::clients::think(cx, client);
        }
        self.release_rows(cx, tx, own.attempt, own.held);
    }

    pub(super) fn lose_patience(&mut self, cx: &mut Context<Self>, tx: Tx) {
        let Some(own) = self.transactions.get(&tx) else {
            return;
        };
        let (Some(row), attempt) = (own.waiting, own.attempt) else {
            return;
        };
        if cx.settings().choice(&POLICY) == "timeout" {
            cx.mark(&marks::TIMES_OUT, (tx, row.to_string()));
            cx.set_timer(Timer::Abort { tx, attempt }, Duration(0));
        } else {
            cx.set_timer(Timer::Patience { tx }, cx.duration(&PATIENCE));
            self.detect(cx, tx);
        }
    }

    /// A try is given up: all locks are released, and the transaction begins anew with its old age.
    pub(super) fn abort(&mut self, cx: &mut Context<Self>, tx: Tx, attempt: u32) {
        let found = self.transactions.get_mut(&tx);
        let alive = |own: &&mut Transaction| own.attempt == attempt && !own.plan.is_empty();
        let Some(own) = found.filter(alive) else {
            return;
        };
        cx.write();
        let mut rows: Vec<Row> = own.waiting.into_iter().collect();
        own.stop_waiting();
        own.next = 0;
        if cx.switch(&RELEASE_ALL) {
            own.attempt += 1;
            rows.append(&mut own.held);
        }
        cx.cancel_timer(&Timer::Patience { tx });
        cx.cancel_timer(&Timer::Work { tx });
        // At random, so that two do not meet again in the same way.
        let pause = cx.duration(&RESTART).0;
        let pause = cx.rng().between(pause / 2, pause + pause / 2);
        cx.set_timer(Timer::Restart { tx }, Duration(pause));
        cx.mark(&marks::ABORTS, tx);
        self.release_rows(cx, tx, attempt, rows);
    }

    /// After a crash: what ran here is lost, and its rows are released.
    pub(super) fn end_all(&mut self, cx: &mut Context<Self>) {
        let mut lost = std::mem::take(&mut self.transactions);
        for (tx, own) in &mut lost {
            if own.plan.is_empty() {
                self.transactions.insert(*tx, own.clone());
                continue;
            }
            cx.mark(&marks::ABORTS, *tx);
            own.held.extend(own.waiting);
            let rows = std::mem::take(&mut own.held);
            self.release_rows(cx, *tx, own.attempt, rows);
        }
    }

    fn release_rows(&mut self, cx: &mut Context<Self>, tx: Tx, attempt: u32, rows: Vec<Row>) {
        for row in rows {
            let site = site_of(cx.settings(), row);
            self.route(cx, site, Message::Release { tx, attempt, row });
        }
    }

    /// Draws a wait of the paper's graphs.
    pub(super) fn draw_wait(&mut self, me: NodeId, process: Tx, on: Tx, at: NodeId) {
        let new = || Transaction::new(LocalTime(0), Vec::new());
        for (tx, here) in [(process, true), (on, at == me)] {
            if here {
                self.transactions.entry(tx).or_insert_with(new);
            }
        }
        let Some(own) = self.transactions.get_mut(&process) else {
            return;
        };
        let claim = Claim {
            tx: on,
            home: at,
            attempt: 0,
            age: LocalTime(0),
        };
        if !own.waits_for.contains(&claim) {
            own.waits_for.push(claim);
        }
    }
}
