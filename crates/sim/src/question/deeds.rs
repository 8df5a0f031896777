//! What a person does for a question, as commands for one run: `crash leader` names the leader there.

use super::Question;
use crate::command::{Command, Timed};
use crate::descriptor::{Catalogue, Recipe};
use crate::entries::Parsed;
use crate::probe::self_declared;
use crate::timeline::Pass;

/// The word at the end of a command that stands for the node that leads at its instant.
const LEADER: &str = " leader";

/// A command as it stands in a file. Where it names the leader, any node does.
pub(super) fn read(text: &str) -> Parsed<()> {
    match text.strip_suffix(LEADER) {
        None => Timed::parse(text).map(|_| ()),
        Some(deed) => match Timed::parse(&format!("{deed} n1"))? {
            Timed {
                at,
                command: Command::Fault(_),
            } if at.time.is_some() && at.after.is_none() => Ok(()),
            _ => Err("write `5s crash leader`".into()),
        },
    }
}

impl Question {
    /// What a person does, as commands of this run.
    ///
    /// # Errors
    /// One sentence, if there is no such run, or there is no leader where a command names one.
    pub fn deeds(&self, catalogue: Catalogue, recipe: &Recipe) -> Result<Vec<String>, String> {
        let mut recipe = recipe.clone();
        let mut deeds = Vec::new();
        for text in &self.does {
            let deed = match text.strip_suffix(LEADER) {
                None => text.clone(),
                Some(deed) => {
                    let time = Timed::parse(&format!("{deed} n1"))?.at.time;
                    let mut pass = Pass::new(&catalogue.setup(&recipe)?)?;
                    pass.run_until(time.unwrap_or_default(), u64::MAX);
                    let leader = self_declared(pass.world()).next();
                    let leader = leader.ok_or_else(|| format!("there is no leader yet: {text}"))?;
                    format!("{deed} {leader}")
                }
            };
            recipe.commands.push(deed.clone());
            deeds.push(deed);
        }
        Ok(deeds)
    }
}
