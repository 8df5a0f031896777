//! What a protocol tells about itself, and how a run is set up from it.

use crate::sorted::SortedMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::command::Timed;
use crate::cost::Formula;
use crate::frame::{Answers, Kind};
use crate::history::End;
use crate::invariant::InvariantSpec;
use crate::judge::{Answer, Asked, Model};
use crate::kit::{Kit, Total};
use crate::mark::Mark;
use crate::naming::{Messages, Timers};
use crate::network::{Latency, Link};
use crate::node::{Fleet, Typed};
use crate::probe::{BROKEN, EACH, MEAN, ProbeSpec, UNANSWERED};
use crate::process::{NodeId, Process, Shared};
use crate::program::Program;
use crate::rng::{Rng, mix};
use crate::settings::{Param, Settings, Switch};
use crate::standing::{Form, Standing, View};
use crate::text::did_you_mean;
use crate::time::{Duration, Time};
use crate::world::{Limits, World};

/// How messages travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Over the network, with latency and faults.
    Network,
    /// As a direct call: a send is delivered with its whole consequence before the sender's next
    /// effect. For programs written as synchronous calls.
    Nested,
}

/// A named position of the switches (and, where the program needs it, of parameters).
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Preset {
    /// The word used in links and on the command line.
    pub name: &'static str,
    /// One phrase for people.
    pub title: &'static str,
    /// What it breaks by design; shown as "as written: breaks …".
    pub breaks: Option<&'static str>,
    /// How messages travel under it.
    pub delivery: Delivery,
    /// Switches other than their defaults.
    pub switches: &'static [(&'static str, bool)],
    /// Parameters other than their defaults, as text.
    pub params: &'static [(&'static str, &'static str)],
    /// Switches of which one is off, and nobody is told which: it follows from the parameter [`CASE`].
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub hides: &'static [&'static str],
}

/// The parameter that says which of a preset's hidden switches is off.
pub const CASE: &str = "case";

/// The parameter that says how many of a hundred messages are lost, on every link: for protocols whose
/// subject is loss, so that it can be dragged, swept and drawn.
pub const LOSS: &str = "loss";

/// The parameter that says how many milliseconds longer a message may take, on every link: for protocols
/// whose subject is a slow network, so that it can be dragged, swept and drawn.
pub const JITTER: &str = "jitter";

impl Preset {
    /// Over a network, everything at its default.
    pub const BASE: Self = Self {
        name: "",
        title: "",
        breaks: None,
        delivery: Delivery::Network,
        switches: &[],
        params: &[],
        hides: &[],
    };

    /// The hidden switch that is off in a case. The same one may be off in two cases, so nobody can tell
    /// it from the number, or from other cases.
    #[must_use]
    pub fn hidden(&self, case: u32) -> Option<&'static str> {
        let count = self.hides.len() as u64;
        let place = mix(u64::from(case) + count) % count.max(1);
        self.hides.get(place as usize).copied()
    }
}

/// A named starting state with a script, under the name a teacher would use.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Scenario {
    /// The word behind the slash in `protocol/scenario`.
    pub id: &'static str,
    /// One phrase for people.
    pub title: &'static str,
    /// One or two sentences: what is to be seen.
    pub summary: &'static str,
    /// The preset it is played under, unless a recipe names another.
    pub preset: &'static str,
    /// Parameters other than the preset's, as text.
    pub params: &'static [(&'static str, &'static str)],
    /// Switches other than the preset's; left out where a recipe names another preset.
    pub switches: &'static [(&'static str, bool)],
    /// Commands in words, such as `5s crash n2`.
    pub script: &'static [&'static str],
    /// How long a headless run lasts.
    pub until: Duration,
    /// Where the page opens it: with something to see.
    pub opens_at: Duration,
    /// Virtual seconds a wall second at speed 1x, so that a hop takes 400 to 800 ms.
    pub pace: f64,
    /// Links other than the protocol's usual ones.
    pub link: Option<Link>,
    /// The view that the page opens it with.
    #[serde(skip)]
    pub view: View,
    /// What to set beside it, as `protocol/scenario`: the same split under another algorithm.
    pub beside: Option<&'static str>,
    /// Scenarios with the same load and the same faults under other algorithms, this one among them: they are
    /// measured in one table, by [`AMONG`].
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub among: &'static [&'static str],
    /// Whether hunts draw it: not where it measures or maintains, and has nothing of its own to break.
    #[serde(skip)]
    pub hunted: bool,
}

impl Scenario {
    /// Ten seconds at usual pace, nothing changed.
    pub const BASE: Self = Self {
        id: "",
        title: "",
        summary: "",
        preset: "",
        params: &[],
        switches: &[],
        script: &[],
        until: Duration::seconds(10),
        opens_at: Duration(0),
        pace: 1.0,
        link: None,
        view: View::BASE,
        beside: None,
        among: &[],
        hunted: true,
    };
}

/// Probes of every protocol whose scenarios are measured [`Scenario::among`] others, the less the better.
pub const AMONG: [ProbeSpec; 4] = [EACH, MEAN, UNANSWERED, BROKEN];

/// A request that a person may send to a node, as a button or a form.
#[derive(Clone, Copy, Debug)]
pub struct RequestForm {
    /// What it does, as a verb phrase: "Start an election".
    pub title: &'static str,
    /// An example of it, made from the protocol's own type by [`json`].
    pub example: fn() -> Json,
    /// Which nodes take it: all, or only those of this role.
    pub role: Option<&'static str>,
    /// What hunts ask in the place of the example, from a stream of random numbers and the request's
    /// number in its run, from 1: what clients write then differs, so a reader can tell whose it is.
    pub varied: Option<fn(&mut Rng, u64) -> Json>,
}

impl RequestForm {
    /// A request that every node takes.
    #[must_use]
    pub const fn new(title: &'static str, example: fn() -> Json) -> Self {
        Self {
            title,
            example,
            role: None,
            varied: None,
        }
    }

    /// The same, and each request of a hunt is another one.
    #[must_use]
    pub const fn varied(self, varied: fn(&mut Rng, u64) -> Json) -> Self {
        let varied = Some(varied);
        Self { varied, ..self }
    }

    /// The request that a hunt makes as its `number`th.
    #[must_use]
    pub fn draw(&self, rng: &mut Rng, number: u64) -> Json {
        match self.varied {
            Some(varied) => varied(rng, number),
            None => (self.example)(),
        }
    }

    /// A request for nodes of one role.
    #[must_use]
    pub const fn of_role(self, role: &'static str) -> Self {
        let role = Some(role);
        Self { role, ..self }
    }
}

/// A request as the JSON that people and links carry.
pub fn json(request: impl Serialize) -> Json {
    serde_json::to_value(request).unwrap_or_default()
}

/// A part of the library, after the curriculum's modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Shelf {
    /// Messages, clocks, failures.
    Fundamentals,
    /// Elections and agreement.
    Consensus,
    /// Replicas, shards, caches.
    Storage,
    /// Detectors, checkpoints, repair.
    FaultTolerance,
    /// All or nothing, deadlocks.
    Transactions,
    /// Load, balance, queues.
    Scalability,
    /// The curriculum's hands-on programs.
    Activities,
}

impl Shelf {
    /// In the order of the library, with titles.
    pub const ALL: [(Self, &'static str); 7] = [
        (Shelf::Fundamentals, "Fundamentals"),
        (Shelf::Consensus, "Consensus"),
        (Shelf::Storage, "Storage"),
        (Shelf::FaultTolerance, "Fault tolerance"),
        (Shelf::Transactions, "Transactions"),
        (Shelf::Scalability, "Scalability"),
        (Shelf::Activities, "Activities"),
    ];

    /// The title for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        let found = Self::ALL.iter().find(|(shelf, _)| *shelf == self);
        found.map_or("", |(_, title)| title)
    }
}

/// A protocol of the catalogue.
pub struct Protocol {
    /// The word before the slash in `protocol/scenario`.
    pub id: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// Where it stands in the library.
    pub shelf: Shelf,
    /// One sentence.
    pub summary: &'static str,
    /// Where the algorithm comes from.
    pub reference: &'static str,
    /// Raised when its behaviour changes, so that an old link can say so.
    pub revision: u32,
    /// What a person may set, in the order it is shown.
    pub params: &'static [Param],
    /// Rules of the algorithm, in the order they are shown.
    pub switches: &'static [Switch],
    /// The first one is used where none is named.
    pub presets: &'static [Preset],
    /// The first one is used where none is named.
    pub scenarios: &'static [Scenario],
    /// One for each variant of its messages.
    pub kinds: &'static [Kind],
    /// What the page offers to ask of a node; others may be typed.
    pub requests: &'static [RequestForm],
    /// What is measured, in the order it is shown.
    pub probes: &'static [ProbeSpec],
    /// Probes by which a league table ranks settings, the less the better; none: there is no such table.
    pub league: &'static [&'static str],
    /// What textbooks say that its requests cost, to be set beside what is measured.
    pub formulas: &'static [Formula],
    /// The laws, in the order they are shown.
    pub invariants: &'static [InvariantSpec],
    /// How links behave unless a scenario says otherwise.
    pub link: Link,
    /// How nodes stand on a stage, and which links there are.
    pub standing: Standing,
    /// The parameter that says how many nodes there are.
    pub sized_by: &'static str,
    /// How many nodes a run starts with.
    pub nodes: fn(&Settings) -> u32,
    /// Nodes of a run with these settings that differ in nothing but their numbers, and whose protocol
    /// never decides by a number: a search through all orders of events need not tell them apart.
    pub alike: fn(&Settings) -> Vec<NodeId>,
    /// An empty fleet of its processes.
    pub fleet: fn() -> Box<dyn Fleet>,
    /// How an operation ended that got this reply.
    pub end: fn(&Shared) -> End,
    /// What kind of objects clients share through it.
    pub objects: fn(&Settings) -> Option<Model>,
    /// What a request to a node does to which object.
    pub asked: fn(&Shared, NodeId, &World) -> Option<Asked>,
    /// What a reply says of that object.
    pub told: fn(&Shared) -> Option<Answer>,
    /// One sentence on what is going on.
    pub narrate: fn(&World) -> Option<String>,
    /// What each node would answer now. Where there is no other sentence, it is told in words.
    pub answers: fn(&World) -> Option<Answers>,
    /// Whether `lie … forge` has a meaning here.
    pub forges: bool,
    /// Verbs of faults that the algorithm does not promise to bear: under them its laws may break.
    pub unsupported_faults: &'static [&'static str],
    /// The names of its timers, one for each variant.
    pub timers: &'static [&'static str],
    /// The timer worth aligning and spreading, so that nodes act at once or one after another.
    pub aligns: Option<&'static str>,
    /// Kinds of messages that are counted on the stage, because how many there are is the lesson.
    pub counted: &'static [&'static str],
    /// What spreads among its nodes: a curve on the stage of a large cluster.
    pub news: Option<News>,
    /// The same as a program that a person may read, copy and run.
    pub program: Option<&'static Program>,
    /// What nodes may be and whom they call, where a person puts the system together.
    pub kit: Option<&'static Kit>,
    /// What all nodes hold together, such as money: a meter on the stage. None while there is nothing to
    /// be held against.
    pub total: fn(&World) -> Option<Total>,
}

/// Something that nodes hear from each other.
#[derive(Clone, Copy, Debug)]
pub struct News {
    /// What follows "194 of 700": "live nodes have the news".
    pub title: &'static str,
    /// The marks by which a node gets the news. It keeps them through a crash.
    pub marks: &'static [&'static Mark],
}

impl Protocol {
    /// The protocol of a process: its kinds and timers, a usual network, as many nodes as the parameters
    /// `nodes` and `clients` say. Names and rules are still to be told.
    #[must_use]
    pub const fn of<P: Process>() -> Self {
        Self {
            id: "",
            title: "",
            shelf: Shelf::Fundamentals,
            summary: "",
            reference: "",
            revision: 1,
            params: &[],
            switches: &[],
            presets: &[],
            scenarios: &[],
            kinds: P::Message::KINDS,
            requests: &[],
            probes: &[],
            league: &[],
            formulas: &[],
            invariants: &[],
            link: Link::new(Latency::Uniform {
                min: Duration::millis(300),
                max: Duration::millis(500),
            }),
            standing: Standing::new(Form::Circle),
            sized_by: "nodes",
            nodes: |settings| settings.count_named("nodes") + settings.count_named("clients"),
            alike: |_| Vec::new(),
            fleet: Typed::<P>::boxed,
            end: |reply| reply.get().map_or(End::Ok, P::end),
            objects: P::objects,
            asked: |request, node, world| P::asked(request.get()?, node, world),
            told: |reply| P::told(reply.get()?),
            narrate: |_| None,
            answers: |_| None,
            forges: false,
            unsupported_faults: &[],
            timers: P::Timer::NAMES,
            aligns: None,
            counted: &[],
            news: None,
            program: None,
            kit: None,
            total: |_| None,
        }
    }

    /// A preset by name.
    ///
    /// # Errors
    /// A sentence naming the wrong word and the nearest right ones.
    pub fn preset(&self, name: &str) -> Result<&'static Preset, String> {
        self.presets.iter().find(|p| p.name == name).ok_or_else(|| {
            let hint = did_you_mean(name, self.presets.iter().map(|p| p.name));
            format!("{} has no preset `{name}`; {hint}", self.id)
        })
    }

    /// Whether a rule is on under a preset.
    #[must_use]
    pub fn switched(&self, preset: &Preset, rule: &Switch) -> bool {
        let mut own = preset.switches.iter();
        let own = own.find(|(name, _)| *name == rule.name);
        own.map_or(rule.default, |(_, on)| *on)
    }
}

/// All protocols there are.
#[derive(Clone, Copy)]
pub struct Catalogue(pub &'static [&'static Protocol]);

impl Catalogue {
    /// Finds `protocol/scenario`, or a protocol's first scenario.
    ///
    /// # Errors
    /// A sentence naming the wrong word and the nearest right ones.
    pub fn find(&self, name: &str) -> Result<(&'static Protocol, &'static Scenario), String> {
        let (id, scenario) = match name.split_once('/') {
            Some((id, scenario)) => (id, Some(scenario)),
            None => (name, None),
        };
        let protocol = self.0.iter().find(|p| p.id == id).ok_or_else(|| {
            let hint = did_you_mean(id, self.0.iter().map(|p| p.id));
            format!("there is no protocol `{id}`; {hint}")
        })?;
        let Some(scenario) = scenario else {
            return Ok((protocol, &protocol.scenarios[0]));
        };
        let found = protocol
            .scenarios
            .iter()
            .find(|s| s.id == scenario)
            .ok_or_else(|| {
                let hint = did_you_mean(scenario, protocol.scenarios.iter().map(|s| s.id));
                format!("{id} has no scenario `{scenario}`; {hint}")
            })?;
        Ok((protocol, found))
    }

    /// Sets a run up from its recipe.
    ///
    /// # Errors
    /// A sentence naming what in the recipe cannot be.
    pub fn setup(&self, recipe: &Recipe) -> Result<Setup, String> {
        if recipe.version != Recipe::VERSION {
            return Err(format!(
                "this run was saved in format {}, and this build reads format {}; open it with the \
                 version that saved it",
                recipe.version,
                Recipe::VERSION
            ));
        }
        let (protocol, scenario) = self.find(&recipe.scenario)?;
        let preset = protocol.preset(recipe.preset.as_deref().unwrap_or(scenario.preset))?;
        let mut settings = Settings::new(protocol.params, protocol.switches);
        for (name, value) in preset.params.iter().chain(scenario.params) {
            settings.set_param(name, value)?;
        }
        // A scenario's own switches belong to its own preset.
        let own = if recipe.preset.is_none() {
            scenario.switches
        } else {
            &[]
        };
        for (name, on) in preset.switches.iter().chain(own) {
            settings.set_switch(name, *on)?;
        }
        for (name, value) in common_first(&recipe.params) {
            settings.set_param(name, value)?;
        }
        if let Some(name) = preset.hidden(settings.count_named(CASE)) {
            settings.set_switch(name, false)?;
        }
        for (name, on) in common_first(&recipe.switches) {
            settings.set_switch(name, *on)?;
        }
        let seed = recipe
            .seed
            .parse()
            .map_err(|_| format!("the seed `{}` is not a whole number", recipe.seed))?;
        let parse = |text: &str| Timed::parse(text);
        let script = scenario
            .script
            .iter()
            .map(|s| parse(s))
            .collect::<Result<_, _>>()?;
        let commands = recipe
            .commands
            .iter()
            .map(|s| parse(s))
            .collect::<Result<_, _>>()?;
        let nodes = (protocol.nodes)(&settings);
        for (param, _) in settings.params() {
            for id in settings.nodes(param) {
                if id.0 > nodes {
                    return Err(format!(
                        "{} names {id}, but there are only {nodes} nodes",
                        param.name
                    ));
                }
            }
        }
        if let Some((id, name, _)) = settings.own().find(|(id, ..)| id.0 > nodes) {
            return Err(format!(
                "{id}.{name} is for {id}, but there are only {nodes} nodes"
            ));
        }
        let recipe = recipe.clone();
        Ok(Setup {
            protocol,
            scenario,
            preset,
            settings: settings.with_seed(seed),
            seed,
            script,
            commands,
            recipe,
        })
    }
}

/// Values of all nodes before those of single nodes (`n3.timeout`), which are compared with them.
fn common_first<T>(values: &SortedMap<String, T>) -> impl Iterator<Item = (&String, &T)> {
    let of_node = |name: &str| name.contains('.');
    let common = values.iter().filter(move |(name, _)| !of_node(name));
    common.chain(values.iter().filter(move |(name, _)| of_node(name)))
}

/// A run as data: everything else is derived from it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// [`Recipe::VERSION`]; any other is refused.
    pub version: u32,
    /// `protocol/scenario`.
    pub scenario: String,
    /// A preset other than the scenario's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<String>,
    /// As text, because JavaScript's numbers cannot hold 64 bits.
    pub seed: String,
    /// What differs from the preset and the scenario.
    #[serde(default, skip_serializing_if = "SortedMap::is_empty")]
    pub params: SortedMap<String, String>,
    /// As for parameters.
    #[serde(default, skip_serializing_if = "SortedMap::is_empty")]
    pub switches: SortedMap<String, bool>,
    /// What the person did, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<String>,
}

impl Recipe {
    /// The format written and read here.
    pub const VERSION: u32 = 1;

    /// A scenario with nothing changed.
    #[must_use]
    pub fn new(scenario: &str, seed: u64) -> Self {
        Self {
            version: Self::VERSION,
            scenario: scenario.to_owned(),
            preset: None,
            seed: seed.to_string(),
            params: SortedMap::new(),
            switches: SortedMap::new(),
            commands: Vec::new(),
        }
    }
}

/// A recipe that has been looked up and checked.
#[derive(Clone)]
pub struct Setup {
    /// The protocol.
    pub protocol: &'static Protocol,
    /// The scenario.
    pub scenario: &'static Scenario,
    /// The recipe's preset, or else the scenario's.
    pub preset: &'static Preset,
    /// The values the run starts with.
    pub settings: Settings,
    /// Where all of the run's randomness comes from.
    pub seed: u64,
    /// The scenario's own commands.
    pub script: Vec<Timed>,
    /// The person's commands.
    pub commands: Vec<Timed>,
    /// What it was looked up from.
    pub recipe: Recipe,
}

impl Setup {
    /// The same run under another seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.settings = self.settings.with_seed(seed);
        self.recipe.seed = seed.to_string();
        self.seed = seed;
        self
    }

    /// The world before anything has happened.
    #[must_use]
    pub fn world(&self) -> World {
        self.world_with(Limits::default())
    }

    /// The same under other limits.
    #[must_use]
    pub fn world_with(&self, limits: Limits) -> World {
        let link = self.link();
        let nested = self.preset.delivery == Delivery::Nested;
        let fleet = (self.protocol.fleet)();
        let mut world = World::new(
            fleet,
            self.settings.clone(),
            self.seed,
            link,
            nested,
            limits,
        );
        world.describe(self.protocol);
        let down = self.settings.nodes_named("crashed").to_vec();
        for number in 1..=(self.protocol.nodes)(&self.settings) {
            let id = NodeId(number);
            world.spawn(!down.contains(&id));
        }
        world.settle();
        world
    }

    /// How links behave at first.
    #[must_use]
    pub fn link(&self) -> Link {
        let link = self.scenario.link.unwrap_or(self.protocol.link);
        let link = match self.settings.count_named(JITTER) {
            0 => link,
            more => Link {
                latency: link.latency.up_to(Duration::millis(more.into())),
                ..link
            },
        };
        match self.settings.count_named(LOSS) {
            0 => link,
            percent => Link {
                loss: f64::from(percent) / 100.0,
                ..link
            },
        }
    }

    /// The recipe with other commands.
    #[must_use]
    pub fn recipe_with(&self, commands: &[Timed]) -> Recipe {
        let commands = commands.iter().map(Timed::to_string).collect();
        Recipe {
            commands,
            ..self.recipe.clone()
        }
    }

    /// `protocol/scenario`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.protocol.id, self.scenario.id)
    }

    /// Where a headless run of this scenario ends.
    #[must_use]
    pub fn until(&self) -> Time {
        Time(self.scenario.until.0)
    }
}
