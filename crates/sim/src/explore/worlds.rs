//! The running catalogue as a model: worlds that are played by hand. An action is a command, so what an
//! exploration finds is a run like any other.
//!
//! **Nothing is lost by what is left out.** No message is ever dropped, delayed or stopped by a partition
//! here, unless links keep their order or a law looks at losses: one that has not been released is as good as lost, so all such
//! runs are among those that are explored. For the same reason a step that only uses up a message leads
//! nowhere new: whatever can happen after it can happen without it.

use std::cell::Cell;

use serde_json::Value as Json;

use super::alike::Alike;
use super::{Model, NO_LAW};
use crate::command::{At, Command, Timed};
use crate::descriptor::{RequestForm, Setup};
use crate::fault::{Fault, Lie};
use crate::hash::{StableHasher, stable_hash};
use crate::network::Address;
use crate::process::NodeId;
use crate::rng::{Rng, mix};
use crate::search::Budget;
use crate::time::{Duration, Time};
use crate::timeline::Run;
use crate::world::{Limits, World};

/// How much may be broken and asked in one run of an exploration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Faults: crashes, copies, liars, and losses where links keep messages in order. A node that is
    /// down may come back for nothing, and every message may be as late as can be.
    pub budget: Budget,
    /// Timers that run out; none: any number.
    pub timers: Option<u32>,
    /// Requests besides those of the scenario's script.
    pub requests: u32,
}

/// What a run has used up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Used {
    budget: Budget,
    timers: u32,
    /// Of the script, and others.
    asked: (u32, u32),
}

/// A state: a world and what was used up on the way to it.
#[derive(Clone)]
pub struct Place {
    world: World,
    used: Used,
    /// Of each node, the version of which the hash is, and the hash.
    nodes: Vec<(u32, u64)>,
    rest: u64,
    /// The hash of the whole.
    print: u64,
}

impl Place {
    /// The world as it is here.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Looks at what has changed.
    fn look(&mut self, alike: &Alike) {
        let as_they_are = StableHasher::default();
        self.nodes.resize(self.world.ids().len(), (u32::MAX, 0));
        for (id, known) in self.world.ids().zip(&mut self.nodes) {
            let version = self.world.node_version(id);
            if known.0 != version {
                *known = (version, self.world.timeless_node(id, &as_they_are));
            }
        }
        self.rest = self.world.timeless_rest(&as_they_are);
        let whole = match alike.is_trivial() {
            true => {
                let messages = self.world.waiting_under(&as_they_are);
                joined(
                    self.nodes.iter().map(|(_, hash)| *hash),
                    messages,
                    self.rest,
                )
            }
            false => alike.least(&self.world, whole),
        };
        self.print = mix(whole ^ stable_hash(&self.used));
    }

    fn same_but_for_messages(&self, other: &Self) -> bool {
        let hashes = |place: &Self| {
            place
                .nodes
                .iter()
                .map(|(_, hash)| *hash)
                .collect::<Vec<_>>()
        };
        self.rest == other.rest && hashes(self) == hashes(other)
    }
}

/// The hash of a whole world, with the names of a hasher.
fn whole(world: &World, names: &StableHasher, order: &[NodeId]) -> u64 {
    let nodes = order.iter().map(|id| world.timeless_node(*id, names));
    let messages = world.waiting_under(names);
    joined(nodes, messages, world.timeless_rest(names))
}

/// Messages wait in no order.
fn joined(nodes: impl Iterator<Item = u64>, messages: Vec<(Address, u64)>, rest: u64) -> u64 {
    let nodes = nodes.fold(0, |all, hash| mix(all ^ hash));
    let messages = messages.into_iter().map(|(_, hash)| mix(hash));
    let messages = messages.fold(0, u64::wrapping_add);
    mix(nodes ^ messages.rotate_left(17) ^ rest.rotate_left(31))
}

/// One thing that happens in a world that is played by hand.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// A message arrives.
    Arrives(Address),
    /// A timer runs out: node, name, number among its timers of that name.
    RunsOut(NodeId, &'static str, u32),
    /// The script's next request is made.
    Asks(NodeId, Json),
    /// A request of the protocol's list is made.
    AsksFreely(NodeId, Json),
    /// A node crashes.
    Crashes(NodeId),
    /// A node comes back.
    Recovers(NodeId),
    /// A message is lost.
    IsLost(Address),
    /// A message gets a copy.
    IsDoubled(Address),
    /// A node begins to lie.
    Lies(NodeId, Lie),
}

impl Happening {
    /// The command that makes it happen.
    #[must_use]
    pub fn command(&self) -> Command {
        let fault = match self {
            Self::Arrives(message) => Fault::Release(*message),
            Self::RunsOut(node, name, 1) => Fault::Fire(*node, (*name).to_owned()),
            Self::RunsOut(node, name, number) => Fault::Fire(*node, format!("{name}#{number}")),
            Self::Asks(node, json) | Self::AsksFreely(node, json) => {
                return Command::Request(*node, json.clone());
            }
            Self::Crashes(node) => Fault::Crash(*node),
            Self::Recovers(node) => Fault::Recover(*node),
            Self::IsLost(message) => Fault::Drop(*message),
            Self::IsDoubled(message) => Fault::Duplicate(*message),
            Self::Lies(node, lie) => Fault::Lie(*node, Some(*lie)),
        };
        Command::Fault(fault)
    }

    /// Whether it is a fault.
    #[must_use]
    pub fn is_fault(&self) -> bool {
        matches!(
            self,
            Self::Crashes(_) | Self::IsLost(_) | Self::IsDoubled(_) | Self::Lies(..)
        )
    }
}

/// A request that may be made: to which node.
struct Asking {
    node: NodeId,
    form: &'static RequestForm,
}

/// The worlds that can come of a run by hand.
pub struct Worlds {
    start: Place,
    /// The commands up to the start.
    before: Vec<Timed>,
    allowed: Allowed,
    /// The script's requests.
    script: Vec<(NodeId, Json)>,
    askings: Vec<Asking>,
    styles: Vec<Lie>,
    /// A law looks at losses: a message that is lost is not as one that waits for ever.
    losses: bool,
    alike: Alike,
    seed: u64,
    /// Time between two steps, so that people can tell them apart.
    gap: Duration,
    cut: Cell<u64>,
}

impl Worlds {
    /// Of a run that is played by itself up to `from`, and by hand from there on. `law`: the only one
    /// that matters; none: all that hunts are after; [`NO_LAW`]: no law at all.
    ///
    /// # Errors
    /// One sentence, if the run cannot be set up.
    pub fn new(
        setup: &Setup,
        from: Time,
        law: Option<&'static str>,
        allowed: Allowed,
    ) -> Result<Self, String> {
        let mut run = Run::checked(setup, Limits::of_hunt())?;
        let later = |timed: &Timed| timed.at.time.is_none_or(|time| time >= from);
        if from > Time::ZERO {
            run.run_until(Time(from.0 - 1));
        }
        let mut before: Vec<Timed> = setup.commands.clone();
        before.retain(|timed| !later(timed));
        let script = setup.script.iter().chain(&setup.commands);
        let script = script.filter(|timed| later(timed));
        let script: Vec<(NodeId, Json)> = script
            .filter_map(|timed| match &timed.command {
                Command::Request(node, json) => Some((*node, json.clone())),
                _ => None,
            })
            .collect();
        let mut world = run.world().clone();
        world.drop_records();
        world.keep_for_exploring(law);
        world.advance_to(from);
        let mut own = Self {
            seed: setup.seed,
            gap: gap(&world),
            start: Place {
                world,
                used: Used::default(),
                nodes: Vec::new(),
                rest: 0,
                print: 0,
            },
            before,
            allowed,
            script,
            askings: Vec::new(),
            styles: Vec::new(),
            losses: false,
            alike: Alike::default(),
            cut: Cell::new(0),
        };
        own.begin(setup, law == Some(NO_LAW))?;
        Ok(own)
    }

    /// `lawless`: no law counts.
    fn begin(&mut self, setup: &Setup, lawless: bool) -> Result<(), String> {
        let world = &mut self.start.world;
        let link = *world.network().default_link();
        let mut commands = vec![Command::ByHand(true)];
        if link.loss > 0.0 {
            commands.push(Command::Fault(Fault::Loss(None, 0.0)));
        }
        if link.duplication > 0.0 {
            commands.push(Command::Fault(Fault::Duplication(None, 0.0)));
        }
        for command in commands {
            self.before.push(Timed {
                at: At::time(world.now()),
                command: command.clone(),
            });
            if !world.take_step(&command) {
                return Err("The run does not come to rest by hand: it cannot be explored.".into());
            }
        }
        let protocol = setup.protocol;
        let (laws, losses) = world.explored_laws();
        if laws == 0 && !lawless {
            return Err(format!(
                "{} has no rule that must hold at every instant, so no order of events breaks one.",
                protocol.title
            ));
        }
        self.losses = losses;
        for node in self.start.world.ids() {
            let role = self.start.world.role_of(node);
            let takes = |form: &&RequestForm| form.role.is_none_or(|wanted| wanted == role);
            let forms = protocol.requests.iter().filter(takes);
            self.askings.extend(forms.map(|form| Asking { node, form }));
        }
        self.look_alike(setup);
        self.styles = vec![Lie::Replay, Lie::Swap];
        if protocol.forges {
            self.styles.push(Lie::Forge);
        }
        Ok(())
    }

    /// The same with other things allowed.
    #[must_use]
    pub(super) fn allowing(mut self, setup: &Setup, allowed: Allowed) -> Self {
        self.allowed = allowed;
        self.look_alike(setup);
        self
    }

    fn look_alike(&mut self, setup: &Setup) {
        let told = self.script.iter();
        let told = told.map(|(node, json)| (Some(*node), json.clone()));
        let free = self.askings.iter().filter(|_| self.allowed.requests > 0);
        let free = free.map(|asking| (None, (asking.form.example)()));
        self.alike = Alike::of(setup, &self.start.world, told.chain(free));
        self.start.look(&self.alike);
    }

    /// Whether anything can happen at the start that nobody breaks.
    #[must_use]
    pub fn can_begin(&self) -> bool {
        let mut actions = Vec::new();
        self.actions(&self.start, &mut actions);
        actions.iter().any(|action| !action.is_fault())
    }

    /// Whether a lost message is not as one that never comes: a law looks at losses, or links keep messages
    /// in order.
    #[must_use]
    pub fn losses_count(&self) -> bool {
        self.losses || self.start.world.network().default_link().fifo
    }

    /// Whether states are told apart without their times.
    #[must_use]
    pub fn is_timeless(&self) -> bool {
        self.start.world.is_timeless()
    }

    /// How many steps led to worlds that were cut off at a limit, and were not gone on from.
    #[must_use]
    pub fn cut(&self) -> u64 {
        self.cut.get()
    }

    /// The commands of the run along some steps, the commands before the start among them, and the
    /// instant at which it ends.
    #[must_use]
    pub fn commands(&self, steps: &[Happening]) -> (Vec<Timed>, Time) {
        let mut commands = self.before.clone();
        let mut place = self.start.clone();
        for step in steps {
            let Some(next) = self.taken(&place, step) else {
                break;
            };
            commands.push(Timed {
                at: At::time(self.instant_after(place.world.now())),
                command: step.command(),
            });
            place = next;
        }
        (commands, place.world.now())
    }

    /// The state after a step, also where it leads nowhere new: for tests of what is left out.
    #[must_use]
    pub fn unreduced(&self, place: &Place, step: &Happening) -> Option<Place> {
        self.taken(place, step)
    }

    /// A hash of the nodes alone, whatever is under way and whatever was used up.
    #[must_use]
    pub fn nodes_of(&self, place: &Place) -> u64 {
        self.alike.least(&place.world, |world, names, order| {
            let nodes = order.iter().map(|id| world.timeless_node(*id, names));
            joined(nodes, Vec::new(), 0)
        })
    }

    /// When the step after an instant is taken.
    fn instant_after(&self, now: Time) -> Time {
        Time((now.0 / self.gap.0 + 1) * self.gap.0)
    }

    fn taken(&self, place: &Place, step: &Happening) -> Option<Place> {
        let mut next = place.clone();
        let now = self.instant_after(place.world.now());
        next.world.advance_to(now);
        if !next.world.take_step(&step.command()) {
            self.cut.set(self.cut.get() + 1);
            return None;
        }
        let used = &mut next.used;
        match step {
            Happening::RunsOut(..) => used.timers += u32::from(self.allowed.timers.is_some()),
            Happening::Asks(..) => used.asked.0 += 1,
            Happening::AsksFreely(..) => used.asked.1 += 1,
            Happening::Crashes(_) => used.budget.crashes += 1,
            Happening::IsLost(_) => used.budget.drops += 1,
            Happening::IsDoubled(_) => used.budget.duplicates += 1,
            Happening::Lies(..) => used.budget.liars += 1,
            Happening::Arrives(_) | Happening::Recovers(_) => {}
        }
        next.look(&self.alike);
        Some(next)
    }

    /// Whether messages from one node to another come in order.
    fn in_order(&self, place: &Place, message: Address) -> bool {
        place.world.network().link(message.from, message.to).fifo
    }

    fn faults(&self, place: &Place, messages: &[Address], into: &mut Vec<Happening>) {
        let (used, allowed) = (&place.used.budget, &self.allowed.budget);
        let more = allowed.most.is_none_or(|most| used.total() < most);
        if more && used.crashes < allowed.crashes {
            into.extend(place.world.live().map(Happening::Crashes));
        }
        let down = place.world.ids().filter(|id| !place.world.is_live(*id));
        into.extend(down.map(Happening::Recovers));
        if !more {
            return;
        }
        if used.drops < allowed.drops {
            let lost = messages
                .iter()
                .filter(|m| self.losses || self.in_order(place, **m));
            into.extend(lost.map(|message| Happening::IsLost(*message)));
        }
        if used.duplicates < allowed.duplicates {
            into.extend(messages.iter().map(|m| Happening::IsDoubled(*m)));
        }
        if used.liars < allowed.liars {
            for id in place.world.live().filter(|id| !place.world.lies(*id)) {
                into.extend(self.styles.iter().map(|lie| Happening::Lies(id, *lie)));
            }
        }
    }
}

/// A quarter of a usual way, in whole milliseconds.
fn gap(world: &World) -> Duration {
    let hop = world.network().default_link().latency.mean().0 / 4;
    Duration((hop / 1_000).max(1) * 1_000)
}

impl Model for Worlds {
    type State = Place;
    type Action = Happening;

    fn first(&self) -> Place {
        self.start.clone()
    }

    fn actions(&self, place: &Place, into: &mut Vec<Happening>) {
        let mut messages: Vec<(Address, u64)> = place.world.waiting_messages();
        // Of messages that say the same on the same way, one is as good as another; and where links keep
        // their order, only the first can arrive.
        let mut seen: Vec<u64> = Vec::new();
        let mut ways: Vec<(NodeId, NodeId)> = Vec::new();
        messages.retain(|(message, hash)| {
            let way = (message.from, message.to);
            let first = !self.in_order(place, *message) || !ways.contains(&way);
            ways.push(way);
            let new = !seen.contains(hash);
            seen.push(*hash);
            first && new
        });
        let messages: Vec<Address> = messages.into_iter().map(|(message, _)| message).collect();
        into.extend(messages.iter().map(|m| Happening::Arrives(*m)));
        let more = self
            .allowed
            .timers
            .is_none_or(|most| place.used.timers < most);
        if more {
            let timers = place.world.waiting_timers().into_iter();
            into.extend(timers.map(|(node, name, number)| Happening::RunsOut(node, name, number)));
        }
        let (scripted, free) = place.used.asked;
        if let Some((node, json)) = self.script.get(scripted as usize) {
            into.push(Happening::Asks(*node, json.clone()));
        }
        if free < self.allowed.requests {
            let mut rng = Rng::stream(self.seed, "explore", u64::from(free));
            for Asking { node, form } in &self.askings {
                let json = form.draw(&mut rng, u64::from(free) + 1);
                into.push(Happening::AsksFreely(*node, json));
            }
        }
        self.faults(place, &messages, into);
    }

    fn next(&self, place: &Place, step: &Happening) -> Option<Place> {
        let next = self.taken(place, step)?;
        let uses_up = match step {
            Happening::Arrives(message) => !self.losses && !self.in_order(place, *message),
            _ => false,
        };
        let sent = next.world.sent_in_all() > place.world.sent_in_all();
        let new = !uses_up || sent || !next.same_but_for_messages(place);
        new.then_some(next)
    }

    fn fingerprint(&self, place: &Place) -> u64 {
        place.print
    }

    fn cost(&self, step: &Happening) -> u32 {
        u32::from(step.is_fault())
    }

    fn broken(&self, place: &Place) -> Option<&'static str> {
        place.world.broken_law()
    }

    fn weight(&self, place: &Place) -> usize {
        place.world.rough_weight()
    }
}
