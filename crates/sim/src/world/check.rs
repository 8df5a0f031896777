//! Whether a command would find something to act on, and why not.

use super::{FlightState, State, World};
use crate::command::Command;
use crate::fault::Fault;
use crate::network::Rule;
use crate::process::NodeId;

/// Whether a command found something to act on, or why not.
type Found = Result<(), String>;

/// A node's number where any will do.
const ANY: NodeId = NodeId(1);

/// A parameter's name as one node's own: `n3.timeout`.
pub(super) fn name_at(node: NodeId, name: &str) -> String {
    format!("{node}.{name}")
}

impl World {
    /// What can never make sense.
    ///
    /// # Errors
    /// One sentence.
    pub fn check(&self, command: &Command) -> Result<(), String> {
        match command {
            Command::Request(_, json) => self.fleet.parse_request(json).map(|_| ()),
            Command::SetParam(name, value) => self.common.settings.clone().set_param(name, value),
            Command::SetSwitch(name, on) => self.common.settings.clone().set_switch(name, *on),
            Command::AddNode(own) => {
                let mut settings = self.common.settings.clone();
                let mut own = own.iter();
                own.try_for_each(|(name, value)| settings.set_param(&name_at(ANY, name), value))
            }
            Command::Fault(Fault::Lie(_, Some(crate::fault::Lie::Forge)))
                if self.protocol.is_some_and(|p| !p.forges) =>
            {
                Err(
                    "`lie … forge` has no meaning in this protocol; use silent, selective, replay \
                     or swap"
                        .into(),
                )
            }
            _ => Ok(()),
        }
    }

    /// Whether the node is there whose own setting a name is (`n3.timeout`).
    fn node_of(&self, name: &str) -> Found {
        let node = name.split_once('.').map(|(node, _)| NodeId::parse(node));
        node.transpose()?
            .map_or(Ok(()), |id| self.state_of(id).map(|_| ()))
    }

    fn state_of(&self, id: NodeId) -> Result<State, String> {
        match self.nodes.get(id.index()).map(|meta| meta.state) {
            None => Err(format!("there is no {id}")),
            Some(State::Removed) => Err(format!("{id} was removed")),
            Some(state) => Ok(state),
        }
    }

    /// Why a command finds nothing to act on.
    pub(super) fn missed(&self, command: &Command) -> Found {
        let exist = |ids: &[NodeId]| ids.iter().try_for_each(|id| self.state_of(*id).map(|_| ()));
        let fault = match command {
            Command::Fault(fault) => fault,
            Command::RemoveNode(id) => return self.state_of(*id).map(|_| ()),
            Command::Request(id, _) => return self.state_of(*id).map(|_| ()),
            Command::SetParam(name, _) => {
                let mut params = self.common.settings.params();
                let fixed = params.find(|(param, _)| param.name == name && param.at_start);
                return match fixed {
                    Some((param, _)) => Err(format!(
                        "“{}” only takes effect when a run begins",
                        param.title
                    )),
                    None => self.node_of(name),
                };
            }
            Command::SetSwitch(name, _) => return self.node_of(name),
            Command::AddNode(_) => return Ok(()),
            Command::ByHand(on) if *on == self.by_hand => {
                let word = if *on { "already" } else { "not" };
                return Err(format!("the run is {word} played by hand"));
            }
            Command::ByHand(_) | Command::Monkey(Some(_)) => return Ok(()),
            Command::Monkey(None) => {
                let found = self.monkey.map(|_| ());
                return found.ok_or_else(|| "no monkey is loose".to_owned());
            }
        };
        match fault {
            Fault::Crash(id) => match self.state_of(*id)? {
                State::Down { .. } => Err(format!("{id} is already down")),
                _ => Ok(()),
            },
            Fault::CrashShare(_) => match self.live().next() {
                Some(_) => Ok(()),
                None => Err("every node is already down".into()),
            },
            Fault::RecoverAll => match self.crashed().next() {
                Some(_) => Ok(()),
                None => Err("no node is down".into()),
            },
            Fault::Recover(id) => match self.state_of(*id)? {
                State::Down { .. } => Ok(()),
                _ if self.nodes[id.index()].flaky.is_some() => Ok(()),
                _ => Err(format!("{id} is not down")),
            },
            Fault::Pause(id) => match self.state_of(*id)? {
                State::Up => Ok(()),
                _ => Err(format!("{id} is not running")),
            },
            Fault::Resume(id) => match self.state_of(*id)? {
                State::Paused { .. } => Ok(()),
                _ => Err(format!("{id} is not paused")),
            },
            Fault::Partition(sides) => sides.iter().try_for_each(|side| exist(side)),
            Fault::OneWay(a, b) => exist(a).and_then(|()| exist(b)),
            Fault::Cut(a, b) | Fault::Join(a, b) | Fault::Slow(a, b, _) => exist(&[*a, *b]),
            Fault::Heal | Fault::Fifo(..) | Fault::Bandwidth(..) => Ok(()),
            Fault::Drop(m)
            | Fault::Delay(m, _)
            | Fault::Duplicate(m)
            | Fault::Hold(m)
            | Fault::Release(m) => {
                exist(&[m.from, m.to])?;
                let to_come = m.copy == 0 && m.k >= self.network.next_k(m.from, m.to);
                let holds = |slot| self.flight_state(slot) == FlightState::Held;
                match self.find_flight(*m) {
                    Some(_)
                        if matches!(fault, Fault::Duplicate(_))
                            && self.copies_of(*m) >= self.limits.copies =>
                    {
                        Err(format!("{m} has {} copies already", self.limits.copies))
                    }
                    Some(slot) if matches!(fault, Fault::Release(_)) && !holds(slot) => {
                        Err(format!("{m} is not held"))
                    }
                    Some(_) => Ok(()),
                    None if to_come && !matches!(fault, Fault::Release(_)) => {
                        let waiting = self.armed.get(&m.message()).map_or(0, Vec::len);
                        if waiting >= self.limits.copies as usize {
                            return Err(format!("{waiting} commands wait for {m} already"));
                        }
                        Ok(())
                    }
                    None => Err(format!("{m} is not in flight")),
                }
            }
            Fault::Reorder(a, b) => {
                let flying = |m| {
                    let slot = self.find_flight(m).ok_or(format!("{m} is not in flight"))?;
                    match self.flight_state(slot) {
                        FlightState::Flying => Ok(()),
                        _ => Err(format!("{m} is not moving")),
                    }
                };
                flying(*a).and_then(|()| flying(*b))
            }
            Fault::Loss(link, _) | Fault::Duplication(link, _) | Fault::Latency(link, _) => {
                link.map_or(Ok(()), |(a, b)| exist(&[a, b]))
            }
            Fault::Disk(id, _)
            | Fault::Skew(id, _)
            | Fault::Drift(id, _)
            | Fault::Flaky(id, ..)
            | Fault::Lie(id, _) => exist(&[*id]),
            Fault::Fire(id, timer) => {
                let found = self.timer_to_fire(*id, timer);
                found
                    .map(|_| ())
                    .ok_or_else(|| format!("{id} has no timer {timer} set"))
            }
            Fault::Align(timer) | Fault::Spread(timer) => {
                if self.timers_named(timer).is_empty() {
                    Err(format!("no node has a timer {timer} set"))
                } else {
                    Ok(())
                }
            }
        }
    }
}

pub(super) fn is_cut(rule: &Rule, a: NodeId, b: NodeId) -> bool {
    matches!(rule, Rule::Cut(x, y) if (*x, *y) == (a, b) || (*x, *y) == (b, a))
}
