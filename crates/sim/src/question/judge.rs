//! When a run decides a question, and what it says then.

use super::{Answer, Clause, Kind, Question, Until};
use crate::descriptor::{Catalogue, Recipe, Setup};
use crate::event::{Event, Record};
use crate::frame::{Figure, Light, Shape};
use crate::moment::Moment;
use crate::network::Address;
use crate::process::NodeId;
use crate::search::Goal;
use crate::time::Time;
use crate::timeline::Run;
use crate::world::{Limits, World};

/// What a run says.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// A number.
    Number(f64),
    /// A word or a text.
    Word(String),
    /// A node.
    Node(NodeId),
    /// A message.
    Message(Address),
    /// A record by its number.
    Event(u64),
    /// A line of the program, from 1.
    Line(usize),
    /// The cards in the order in which their conditions came true; one that never did is left out.
    Order(Vec<usize>),
    /// Points of a curve.
    Curve(Vec<(f64, f64)>),
    /// Nothing: the run does not have it.
    Nothing,
}

/// Where a question is decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// The instant.
    pub time: Time,
    /// The last record then.
    pub seq: u64,
    /// Events and commands by then.
    pub moves: u64,
    /// What the run says.
    pub found: Found,
}

/// A question while its run goes on.
#[derive(Clone, Debug)]
pub struct Watch {
    from: Until,
    until: Until,
    answer: Answer,
    cards: Vec<Clause>,
    /// The words of a choice.
    options: Vec<String>,
    /// The next step of `from`, then of `until`.
    step: usize,
    /// Where the question was asked, and how a probe stood then.
    asked: Option<(Time, f64)>,
    /// When the present step began.
    since: Time,
    /// Whether anything but a heartbeat was sent since it was asked.
    stirred: bool,
    /// The cards whose conditions came true, in order.
    order: Vec<usize>,
    /// The deciding record, if a record decided, and which clause it was.
    decided: Option<(Option<Record>, usize)>,
}

impl Watch {
    /// A question before its run begins.
    #[must_use]
    pub fn new(question: &Question) -> Self {
        let cards = match &question.kind {
            Kind::Order(cards) => cards.iter().map(|(clause, _)| clause.clone()).collect(),
            _ => Vec::new(),
        };
        let options = match &question.kind {
            Kind::Choice(options) => options.iter().map(|(key, _)| key.clone()).collect(),
            _ => Vec::new(),
        };
        let (from, until) = (question.from.clone(), question.until.clone());
        Self {
            cards,
            options,
            ..Self::of(from, until, question.answer.clone())
        }
    }

    /// Of a goal.
    #[must_use]
    pub fn of_goal(goal: &Goal) -> Self {
        Self::of(goal.from.clone(), goal.reach.clone(), Answer::Met)
    }

    /// The same without cards.
    fn of(from: Until, until: Until, answer: Answer) -> Self {
        Self {
            from,
            until,
            answer,
            cards: Vec::new(),
            options: Vec::new(),
            step: 0,
            asked: None,
            since: Time::ZERO,
            stirred: false,
            order: Vec::new(),
            decided: None,
        }
    }

    /// Whether it has been asked by now.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// Whether it has been decided.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        self.decided.is_some()
    }

    /// The next instant at which it may be asked or decided without any event.
    #[must_use]
    pub fn due(&self) -> Option<Time> {
        let clauses = self.steps().get(self.step)?;
        let due = clauses.iter().filter_map(|clause| match clause {
            Clause::At(at) => Some(Time(at.0)),
            Clause::After(after) => Some(self.since + *after),
            _ => None,
        });
        due.min()
    }

    fn steps(&self) -> &[Vec<Clause>] {
        if self.asked.is_some() {
            &self.until.0
        } else {
            &self.from.0
        }
    }

    /// Takes a move of the run: the world after it, and its records. True once it is decided.
    pub fn look(&mut self, world: &World, fresh: &[Record]) -> bool {
        if self.decided.is_some() {
            return true;
        }
        if self.asked.is_some() {
            self.stirred |= fresh.iter().any(|record| stirs(world, record));
            for (card, clause) in self.cards.iter().enumerate() {
                let open = !self.order.contains(&card);
                if open && self.meets(clause, world, fresh).is_some() {
                    self.order.push(card);
                }
            }
        }
        loop {
            let Some(step) = self.steps().get(self.step) else {
                if self.asked.is_some() {
                    return self.decided.is_some();
                }
                self.ask(world);
                continue;
            };
            let mut met = step.iter().enumerate();
            let met = met.find_map(|(at, clause)| {
                let by = self.meets(clause, world, fresh)?;
                Some((by.cloned(), at + 1))
            });
            let Some(met) = met else {
                return false;
            };
            let timed = matches!(step[met.1 - 1], Clause::At(_) | Clause::After(_));
            self.step += 1;
            self.since = world.now();
            if self.asked.is_none() {
                if self.step == self.from.0.len() {
                    self.ask(world);
                    // What asked it does not decide it.
                    return false;
                }
            } else if self.step == self.until.0.len() {
                self.decided = Some(met);
                return true;
            }
            // One record is one step. An instant is none of them: what holds then, holds then.
            if !timed {
                return false;
            }
        }
    }

    fn ask(&mut self, world: &World) {
        let base = match &self.answer {
            Answer::Gained(name) => probe(world, name).unwrap_or(0.0),
            _ => 0.0,
        };
        self.asked = Some((world.now(), base));
        self.since = world.now();
        self.step = 0;
    }

    /// Whether a clause is met; by which record, if by one.
    fn meets<'a>(
        &self,
        clause: &Clause,
        world: &World,
        fresh: &'a [Record],
    ) -> Option<Option<&'a Record>> {
        let record =
            |is: &dyn Fn(&Record) -> bool| fresh.iter().find(|record| is(record)).map(Some);
        let state = |is: bool| is.then_some(None);
        match clause {
            Clause::Mark(name) => record(&|record| match &record.event {
                Event::Marked(marked) => marked.mark.name == name,
                _ => false,
            }),
            Clause::Event(moment) => {
                record(&|record| Moment::of(record, kinds(world)) == Some(*moment))
            }
            Clause::Broken(law) => record(&|record| match &record.event {
                Event::Violated { invariant, .. } => invariant == law,
                _ => false,
            }),
            Clause::AnyBroken => record(&|record| matches!(record.event, Event::Violated { .. })),
            Clause::Probe(name, by, value) => {
                state(probe(world, name).is_some_and(|read| by.holds(read, *value)))
            }
            Clause::Holds(law) => state(light(world, law) == Some(Light::Holds)),
            Clause::Quiet => state(self.stirred && world.is_quiet()),
            Clause::At(at) => state(world.now().0 >= at.0),
            Clause::After(after) => state(world.now() >= self.since + *after),
            Clause::Run(_) => state(false),
        }
    }

    /// What the run says where it was decided.
    #[must_use]
    pub fn found(&self, world: &World) -> Found {
        let Some((by, which)) = &self.decided else {
            return Found::Nothing;
        };
        let (asked, base) = self.asked.unwrap_or_default();
        let number = |value: Option<f64>| value.map_or(Found::Nothing, Found::Number);
        let marked = |at: usize| {
            let Event::Marked(marked) = &by.as_ref()?.event else {
                return None;
            };
            Some(match (marked.number(at), marked.node(at)) {
                (Some(value), _) => Found::Number(value as f64),
                (_, Some(node)) => Found::Node(node),
                _ => {
                    let word = marked.word(at)?;
                    word.parse()
                        .map_or_else(|_| Found::Word(word.to_owned()), Found::Number)
                }
            })
        };
        match &self.answer {
            Answer::Probe(name) => number(probe(world, name)),
            Answer::Gained(name) => number(probe(world, name).map(|value| value - base)),
            Answer::Took => Found::Number(world.now().since(asked).as_seconds()),
            Answer::Node => by
                .as_ref()
                .and_then(|by| by.node)
                .map_or(Found::Nothing, Found::Node),
            Answer::Message => match by.as_ref().map(|by| &by.event) {
                Some(
                    Event::Sent { address, .. }
                    | Event::Delivered { address, .. }
                    | Event::Lost { address, .. },
                ) => Found::Message(*address),
                _ => Found::Nothing,
            },
            Answer::Event => by
                .as_ref()
                .map_or(Found::Nothing, |by| Found::Event(by.seq)),
            Answer::Line => by.as_ref().map_or(Found::Nothing, |by| line(world, by)),
            Answer::Which => Found::Word(which.to_string()),
            Answer::Value(at) => marked(at - 1).unwrap_or(Found::Nothing),
            Answer::Law(law) => Found::Word(
                match light(world, law) {
                    Some(Light::Broken { .. }) => "broken",
                    _ => "holds",
                }
                .to_owned(),
            ),
            Answer::Field(node, name) => field(world, NodeId(*node), name),
            Answer::Order => Found::Order(self.order.clone()),
            Answer::Met => Found::Word("met".to_owned()),
            Answer::MissingRule => self.missing_rule(world),
            Answer::Sweep { .. } | Answer::Many(_) => Found::Nothing,
        }
    }
}

impl Watch {
    /// The one of its options that is off.
    fn missing_rule(&self, world: &World) -> Found {
        let mut off = world.settings().switches().filter(|(_, on)| !on);
        let missing = off.find(|(switch, _)| self.options.iter().any(|own| own == switch.name));
        missing.map_or(Found::Nothing, |(switch, _)| {
            Found::Word(switch.name.to_owned())
        })
    }
}

/// Whether something is under way that is not there all the time.
fn stirs(world: &World, record: &Record) -> bool {
    match &record.event {
        Event::Sent { kind, message, .. } => world.shape_of(kind, message) != Shape::Heartbeat,
        _ => false,
    }
}

fn kinds(world: &World) -> &'static [crate::frame::Kind] {
    world.protocol().map_or(&[], |protocol| protocol.kinds)
}

fn probe(world: &World, name: &str) -> Option<f64> {
    world.probes().find(|(spec, _)| spec.name == name)?.1
}

fn light(world: &World, law: &str) -> Option<Light> {
    let mut verdicts = world.verdicts(false).into_iter();
    verdicts
        .find(|verdict| verdict.name == law)
        .map(|verdict| verdict.light)
}

fn field(world: &World, node: NodeId, name: &str) -> Found {
    if !world.ids().any(|id| id == node) {
        return Found::Nothing;
    }
    let frame = world.node_frame(node);
    let rows = frame.figures.iter().filter_map(|figure| match figure {
        Figure::Fields(rows) => Some(rows),
        _ => None,
    });
    let mut rows = rows.flatten();
    match rows.find(|(own, _)| own == name) {
        None => Found::Nothing,
        Some((_, value)) => value
            .parse()
            .map_or_else(|_| Found::Word(value.clone()), Found::Number),
    }
}

fn line(world: &World, record: &Record) -> Found {
    let Some(program) = world.protocol().and_then(|protocol| protocol.program) else {
        return Found::Nothing;
    };
    let lines = program.lines(world.settings());
    let at = lines.iter().position(|line| line.runs(record));
    at.map_or(Found::Nothing, |at| Found::Line(at + 1))
}

/// Plays a run until it decides a question, by `to` at the latest.
///
/// # Errors
/// One sentence, if there is no such run.
pub fn settle(setup: &Setup, question: &Question, to: Time) -> Result<Option<Settled>, String> {
    Watch::new(question).replay(setup, u64::MAX, to)
}

impl Watch {
    /// Takes all moves of a run up to a number of moves and an instant, or up to where it is decided.
    ///
    /// # Errors
    /// One sentence, if there is no such run.
    pub fn replay(
        &mut self,
        setup: &Setup,
        moves: u64,
        to: Time,
    ) -> Result<Option<Settled>, String> {
        let mut run = Run::checked(setup, Limits::default())?;
        let decided = self.look(run.world(), &[])
            || self.follow(&mut run, to, moves)
            || self.look(run.world(), &[]);
        Ok(decided.then(|| self.settled(run.world(), run.moves())))
    }

    /// Takes the moves of a run from where it stands, up to a number of moves in all and an instant. True
    /// as soon as it is decided: the run stands there then.
    pub fn follow(&mut self, run: &mut Run, to: Time, moves: u64) -> bool {
        let mut fresh: Vec<Record> = Vec::new();
        loop {
            let due = self.due().filter(|due| *due > run.world().now());
            let limit = due.map_or(to, |due| due.min(to));
            let moved = run.moves() < moves && run.advance(limit);
            fresh.clear();
            run.move_records(&mut fresh);
            if moved || !fresh.is_empty() {
                if self.look(run.world(), &fresh) {
                    return true;
                }
                continue;
            }
            // Nothing more happens up to there, so time passes.
            run.advance_if_free(limit);
            let waits = run.world().now() < limit;
            if limit >= to || waits || run.world().halted().is_some() {
                return false;
            }
            if self.look(run.world(), &[]) {
                return true;
            }
        }
    }

    /// Where it was decided: here.
    #[must_use]
    pub fn settled(&self, world: &World, moves: u64) -> Settled {
        Settled {
            time: world.now(),
            seq: world.records(),
            moves,
            found: self.found(world),
        }
    }
}

/// The curve of a question: for each value of its parameter the mean over its seeds. Runs that do not
/// decide it, or have no value, are left out.
///
/// # Errors
/// One sentence, if there is no such run.
pub fn sweep(catalogue: Catalogue, recipe: &Recipe, question: &Question) -> Result<Found, String> {
    let (Kind::Curve { param, .. }, Answer::Sweep { seeds, .. }) =
        (&question.kind, &question.answer)
    else {
        return Err("no curve is asked for".into());
    };
    let mut points = Vec::new();
    for x in question.values() {
        let mut all = Vec::new();
        for seed in 1..=*seeds {
            let mut recipe = recipe.clone();
            recipe.params.insert(param.clone(), x.to_string());
            recipe.seed = seed.to_string();
            all.extend(point(&catalogue.setup(&recipe)?, question)?);
        }
        if !all.is_empty() {
            points.push((x, all.iter().sum::<f64>() / all.len() as f64));
        }
    }
    Ok(Found::Curve(points))
}

/// One run of a curve.
///
/// # Errors
/// One sentence, if there is no such run.
pub fn point(setup: &Setup, question: &Question) -> Result<Option<f64>, String> {
    let Answer::Sweep { probe, .. } = &question.answer else {
        return Ok(None);
    };
    probe_when(setup, (&question.from, &question.until), probe)
}

/// What a probe reads where a run has done both, one after the other.
///
/// # Errors
/// One sentence, if there is no such run.
pub fn probe_when(
    setup: &Setup,
    (from, until): (&Until, &Until),
    probe: &str,
) -> Result<Option<f64>, String> {
    let answer = Answer::Probe(probe.to_owned());
    let mut watch = Watch::of(from.clone(), until.clone(), answer);
    let settled = watch.replay(setup, u64::MAX, setup.until())?;
    Ok(settled.and_then(|settled| match settled.found {
        Found::Number(value) => Some(value),
        _ => None,
    }))
}
