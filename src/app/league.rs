//! The league table: the present settings beside all presets, or the present faults under several
//! algorithms, each over the same many seeds.

use std::rc::Rc;

use faultline_protocols::CATALOGUE;
use faultline_sim::command::Command;
use faultline_sim::descriptor::{AMONG, Recipe};
use faultline_sim::probe::ProbeSpec;
use yew::prelude::*;

use super::{App, Msg, WorkOf};
use crate::text::asking::measured;
use crate::text::league as words;
use crate::ui::act::RunAct;
use crate::ui::league::{Deed, LeaguePanel, Place};
use crate::ui::{Act, Same};
use crate::worker::{Answer, League, News, Request, Row, Standing, Task};

/// Runs of each row.
const SEEDS: u64 = 100;

/// The table of one scenario; a person's own rows stay until another scenario opens.
#[derive(Default)]
pub(super) struct Table {
    league: Rc<League>,
    /// How many rows are a person's own; they come first.
    own: usize,
    standings: Rc<Vec<Standing>>,
    /// None: it is over.
    task: Option<Task>,
    in_page: bool,
    failed: Option<String>,
}

impl App {
    #[inline(never)]
    pub(super) fn league_act(&mut self, ctx: &Context<Self>, deed: Deed) {
        match deed {
            Deed::Measure => self.measure_league(ctx),
            Deed::Stop => self.end_league(None),
            Deed::Open(row) => {
                let recipe = self
                    .league
                    .league
                    .rows
                    .get(row)
                    .map(|row| row.recipe.clone());
                if let Some(recipe) = recipe {
                    self.run_act(ctx, RunAct::Run(Box::new(recipe)));
                }
            }
        }
    }

    fn measure_league(&mut self, ctx: &Context<Self>) {
        if !self.is_league_here() {
            self.league = Table::default();
        }
        let among = self.pane.engine.borrow().scenario().among;
        let (league, own_rows) = if among.is_empty() {
            self.league_of_presets()
        } else {
            (self.league_among(among), 0)
        };
        // The old one ends first, so that its worker is not in the way.
        self.league = Table::default();
        let tell = ctx.link().callback(|news| Msg::Work(WorkOf::League, news));
        let request = Request::League(Box::new(league.clone()));
        self.league = Table {
            standings: Rc::new(vec![Standing::default(); league.rows.len()]),
            league: Rc::new(league),
            own: own_rows,
            task: Some(Task::begin(request, tell)),
            in_page: false,
            failed: None,
        };
    }

    /// The presets of this scenario, and the person's settings of now and before.
    fn league_of_presets(&self) -> (League, usize) {
        let engine = self.pane.engine.borrow();
        let (protocol, own) = (engine.protocol(), engine.restarted());
        let plain = |preset: &str| {
            let mut recipe = own.clone();
            recipe.preset = Some(preset.to_owned());
            recipe.params.clear();
            recipe.switches.clear();
            recipe
        };
        let known = &self.league.league.rows[..self.league.own];
        let mut rows: Vec<Row> = known.to_vec();
        let changed = !own.params.is_empty() || !own.switches.is_empty();
        if changed && known.iter().all(|row| !row.is_of(&own)) {
            rows.insert(
                0,
                Row {
                    title: words::yours(known.len() + 1),
                    recipe: own.clone(),
                },
            );
        }
        let own_rows = rows.len();
        rows.extend(protocol.presets.iter().map(|preset| Row {
            title: preset.title.to_owned(),
            recipe: plain(preset.name),
        }));
        let probes = protocol.league.iter().map(|name| (*name).to_owned());
        let league = League {
            rows,
            probes: probes.collect(),
            seeds: SEEDS,
        };
        (league, own_rows)
    }

    /// Several algorithms under the faults of their scenarios and those that the person has added here.
    fn league_among(&self, among: &[&str]) -> League {
        let engine = self.pane.engine.borrow();
        let commands = engine.commands();
        let faults = commands
            .iter()
            .filter(|timed| matches!(timed.command, Command::Fault(_)));
        let faults: Vec<String> = faults.map(ToString::to_string).collect();
        let row = |name: &&str| {
            let mut recipe = Recipe::new(name, 1);
            recipe.commands.clone_from(&faults);
            let found = CATALOGUE.find(name).ok();
            Row {
                title: found.map_or_else(
                    || (*name).to_owned(),
                    |(protocol, _)| protocol.title.to_owned(),
                ),
                recipe,
            }
        };
        League {
            rows: among.iter().map(row).collect(),
            probes: AMONG.iter().map(|probe| probe.name.to_owned()).collect(),
            seeds: SEEDS,
        }
    }

    #[inline(never)]
    pub(super) fn league_news(&mut self, news: News) {
        if !self.is_league_here() {
            // The person has gone to another scenario.
            self.league = Table::default();
            return;
        }
        let table = &mut self.league;
        match news {
            News::Answers(answers) => {
                let standings = Rc::make_mut(&mut table.standings);
                for answer in answers {
                    if let Answer::Ranked(row, values) = answer
                        && let Some(standing) = standings.get_mut(row)
                    {
                        standing.add(values);
                    }
                }
            }
            News::InPage => table.in_page = true,
            News::Done => self.end_league(None),
            News::Failed(why) => self.end_league(Some(why)),
        }
    }

    fn end_league(&mut self, failed: Option<String>) {
        self.league.task = None;
        self.league.failed = failed;
        let done = self.league.standings.iter().map(|standing| standing.runs);
        let said = measured(done.sum::<u64>() as usize, self.league.league.runs());
        self.said.announcer.at_once(said);
    }

    /// Whether the table is one of the present scenario.
    fn is_league_here(&self) -> bool {
        let here = self.pane.engine.borrow().recipe().scenario;
        let mut rows = self.league.league.rows.iter();
        rows.any(|row| row.recipe.scenario == here)
    }

    /// In the tab of measures, where a protocol says by which numbers settings are ranked.
    #[inline(never)]
    pub(super) fn league_panel(&self, on_act: &Callback<Act>) -> Html {
        let engine = self.pane.engine.borrow();
        let protocol = engine.protocol();
        let among = !engine.scenario().among.is_empty();
        if protocol.league.is_empty() && !among {
            return Html::default();
        }
        let spec = |name: &&str| protocol.probes.iter().find(|probe| probe.name == *name);
        let columns: Vec<&ProbeSpec> = match among {
            true => AMONG.iter().collect(),
            false => protocol.league.iter().filter_map(spec).collect(),
        };
        let columns = columns
            .iter()
            .map(|probe| (probe.title, probe.unit))
            .collect::<Vec<_>>();
        let table = self.is_league_here().then_some(&self.league);
        let places = table.map_or_else(Vec::new, |table| {
            let rows = table.league.rows.iter().zip(&*table.standings).enumerate();
            let place = |(row, (named, standing)): (usize, (&Row, &Standing))| Place {
                row,
                title: named.title.clone(),
                own: row < table.own,
                standing: standing.clone(),
            };
            rows.map(place).collect()
        });
        html! {
            <LeaguePanel {among} {columns} places={Same(Rc::new(places))} seeds={SEEDS}
                under_way={table.is_some_and(|table| table.task.is_some())}
                in_page={table.is_some_and(|table| table.in_page)}
                failed={table.and_then(|table| table.failed.clone()).map(AttrValue::from)}
                on_act={on_act.clone()} />
        }
    }
}
