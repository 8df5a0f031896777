//! A crowd: requests that arrive at a rate, whatever happens to them, or users who wait for each answer.

use faultline_sim::process::{Context, Operation};
use faultline_sim::rng::Rng;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Duration;
use serde::Serialize;

use super::params::{ARRIVALS, FAVOURITES, KEYS, RATE, THINK, USERS, WRITES};
use super::server::exponential;
use super::{Job, Kind, Node, Outcome, Reply, Request, Ticket, Timer, Why};

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Crowd {
    /// Requests so far, on disk.
    pub asked: u64,
    /// Requests that wait: the operation, and the user who made it.
    pub open: SortedMap<u64, (Option<Operation>, Option<u32>)>,
    /// Whether requests arrive, and how many users there are.
    pub arriving: bool,
    pub users: u32,
}

impl Crowd {
    pub fn recover(&self) -> Self {
        Self {
            asked: self.asked,
            ..Self::default()
        }
    }

    /// The crowd goes: its open requests end.
    pub fn stop(&self, cx: &mut Context<Node>) {
        for operation in self.open.values().filter_map(|(operation, _)| *operation) {
            let why = Why::Stopped.words();
            cx.reply(operation, Reply::Failed { why });
        }
    }
}

fn after(seconds: f64) -> Duration {
    Duration((seconds * 1e6).clamp(1.0, 1e12) as u64)
}

/// How long until the next request arrives.
fn gap(cx: &mut Context<Node>) -> Duration {
    let mean = 1.0 / cx.param(&RATE);
    if cx.choice(&ARRIVALS) == "regular" {
        return after(mean);
    }
    let draw = cx.rng().unit();
    after(mean * exponential(draw))
}

/// What a request is about. The first keys are favourites.
fn key(cx: &mut Context<Node>) -> u32 {
    let (keys, skew) = (cx.count(&KEYS), cx.param(&FAVOURITES) / 100.0);
    zipf(cx.rng(), keys, skew)
}

/// A rank from 1 to `ranks`; rank k in proportion to k to the power of -`skew` (Zipf). A number with the density
/// x to the power of -`skew` is drawn, and its whole part is kept so often that the shares are right.
pub fn zipf(rng: &mut Rng, ranks: u32, skew: f64) -> u32 {
    let last = f64::from(ranks);
    // The area under the density from 1 on, and where an area ends.
    let power = 1.0 - skew;
    let is_log = power.abs() < 1e-6;
    let area = |x: f64| match is_log {
        true => libm::log(x),
        false => (libm::pow(x, power) - 1.0) / power,
    };
    let end = |area: f64| match is_log {
        true => libm::exp(area),
        false => libm::pow(area * power + 1.0, 1.0 / power),
    };
    // The first rank is the one that the density gives least of its share.
    let most = 1.0 / area(2.0);
    loop {
        let rank = end(rng.unit() * area(last + 1.0)).floor().clamp(1.0, last);
        let share = libm::pow(rank, -skew) / (area(rank + 1.0) - area(rank));
        if rng.unit() * most < share {
            return rank as u32;
        }
    }
}

impl Node {
    /// Begins what a person has set since the last look.
    pub(super) fn gather(&mut self, cx: &mut Context<Self>) {
        let users = cx.count(&USERS);
        while self.crowd.users < users {
            let user = self.crowd.users;
            self.crowd.users += 1;
            self.think(cx, user);
        }
        let arrives = users == 0 && cx.param(&RATE) > 0.0;
        if arrives && !self.crowd.arriving {
            self.crowd.arriving = true;
            let first = gap(cx);
            cx.set_timer(Timer::Arrive, first);
        }
    }

    pub(super) fn arrive(&mut self, cx: &mut Context<Self>) {
        if cx.count(&USERS) > 0 || cx.param(&RATE) <= 0.0 {
            self.crowd.arriving = false;
            return;
        }
        let next = gap(cx);
        cx.set_timer(Timer::Arrive, next);
        self.ask_any(cx, None);
    }

    fn think(&mut self, cx: &mut Context<Self>, user: u32) {
        let mean = cx.param(&THINK) / 1_000.0;
        let draw = cx.rng().unit();
        cx.set_timer(Timer::Think { user }, after(mean * exponential(draw)));
    }

    /// One user asks, unless a person has sent it away.
    pub(super) fn ask_as(&mut self, cx: &mut Context<Self>, user: u32) {
        if user < cx.count(&USERS) {
            self.ask_any(cx, Some(user));
        } else {
            self.crowd.users = self.crowd.users.min(user);
        }
    }

    fn ask_any(&mut self, cx: &mut Context<Self>, user: Option<u32>) {
        let writes = cx.param(&WRITES) / 100.0;
        let key = key(cx);
        let request = if cx.rng().chance(writes) {
            Request::Write { key }
        } else {
            Request::Read { key }
        };
        let operation = cx.invoke(request);
        self.ask(cx, request, Some(operation), user);
    }

    pub(super) fn ask(
        &mut self,
        cx: &mut Context<Self>,
        request: Request,
        operation: Option<Operation>,
        user: Option<u32>,
    ) {
        let (key, write) = match request {
            Request::Read { key } => (key, false),
            Request::Write { key } => (key, true),
        };
        self.crowd.asked += 1;
        let job = Job {
            from: cx.me(),
            number: self.crowd.asked,
            key,
            write,
        };
        self.crowd.open.insert(job.number, (operation, user));
        self.call(cx, job, Ticket::Mine);
    }

    /// A request of this crowd has ended.
    pub(super) fn told(&mut self, cx: &mut Context<Self>, job: Job, outcome: Outcome) {
        let Some((operation, user)) = self.crowd.open.remove(&job.number) else {
            return;
        };
        if let Some(operation) = operation {
            let key = job.key;
            cx.reply(
                operation,
                match outcome {
                    Outcome::Done { version } => Reply::Done { key, version },
                    Outcome::Failed(why) => Reply::Failed { why: why.words() },
                },
            );
        }
        if let Some(user) = user.filter(|_| self.kind == Kind::Crowd) {
            self.think(cx, user);
        }
    }
}
