//! What a person used on the way to a goal, and whether it counts.

use super::Question;
use crate::command::{Command, Timed};
use crate::descriptor::{Catalogue, Recipe, Setup};
use crate::search::{Budget, BudgetKind};

/// What a run has besides its scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Faults. What mends one is none, and a share of all nodes that crashes is as many as these nodes.
    pub faults: u32,
    /// Requests.
    pub requests: u32,
    /// Other rules, parameters or nodes than the scenario's own.
    pub settings: bool,
    /// It was played by hand: everything may be late then, without a fault.
    pub by_hand: bool,
    /// A fault that the protocol does not promise to bear.
    pub unborne: Option<BudgetKind>,
}

/// Why a goal that was reached does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foul {
    /// More faults than this.
    Faults(u32),
    /// Requests were made, and the goal allows none.
    Requests,
    /// Settings were changed, and the goal is about those of the scenario.
    Settings,
    /// It was played by hand.
    ByHand,
    /// Nobody can reach it as long as nothing of this kind happens: the protocol promises nothing then.
    Unborne(BudgetKind),
}

impl Used {
    /// What a run uses up to where it stands.
    ///
    /// # Errors
    /// One sentence, if there is no such scenario.
    pub fn of(catalogue: Catalogue, setup: &Setup, commands: &[Timed]) -> Result<Self, String> {
        let commands = || commands.iter().map(|timed| &timed.command);
        let nodes = (setup.protocol.nodes)(&setup.settings);
        let requests = commands().filter(|command| matches!(command, Command::Request(..)));
        let sets = |command: &Command| {
            matches!(
                command,
                Command::SetParam(..)
                    | Command::SetSwitch(..)
                    | Command::AddNode(_)
                    | Command::RemoveNode(_)
            )
        };
        let unborne = |command: &Command| {
            let Command::Fault(fault) = command else {
                return None;
            };
            let text = fault.to_string();
            let verb = text.split(' ').next().unwrap_or_default();
            let unborne = setup.protocol.unsupported_faults.contains(&verb);
            Budget::kind(command).filter(|_| unborne)
        };
        Ok(Self {
            faults: Budget::used(commands(), nodes).total(),
            requests: requests.count() as u32,
            settings: commands().any(sets) || !is_own(catalogue, setup)?,
            by_hand: commands().any(|command| *command == Command::ByHand(true)),
            unborne: commands().find_map(unborne),
        })
    }
}

/// Whether a run has the settings of its scenario.
fn is_own(catalogue: Catalogue, setup: &Setup) -> Result<bool, String> {
    let own = catalogue.setup(&Recipe::new(&setup.name(), setup.seed))?;
    let settings = |setup: &Setup| {
        let params = setup.settings.params();
        let params: Vec<_> = params
            .map(|(param, value)| (param.name, value.clone()))
            .collect();
        let switches = setup.settings.switches();
        let switches: Vec<_> = switches.map(|(switch, on)| (switch.name, on)).collect();
        (params, switches)
    };
    Ok(own.preset.delivery == setup.preset.delivery && settings(&own) == settings(setup))
}

impl Question {
    /// Whether its own way changes settings: then other ways may, too.
    #[must_use]
    pub fn changes_settings(&self) -> bool {
        self.does.iter().any(|text| {
            let command = Timed::parse(text).map(|timed| timed.command);
            matches!(command, Ok(Command::SetParam(..) | Command::SetSwitch(..)))
        })
    }

    /// Why a way that used so much does not count as reaching this goal; none if it does.
    #[must_use]
    pub fn foul(&self, used: &Used) -> Option<Foul> {
        let over = self.budget.filter(|most| used.faults > *most);
        if let Some(most) = over {
            return Some(Foul::Faults(most));
        }
        if self.no_requests && used.requests > 0 {
            return Some(Foul::Requests);
        }
        if used.settings && !self.changes_settings() {
            return Some(Foul::Settings);
        }
        if used.by_hand {
            return Some(Foul::ByHand);
        }
        let never = self.never.is_some();
        used.unborne.filter(|_| never).map(Foul::Unborne)
    }
}
