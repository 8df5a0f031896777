//! What must hold, and within which bounds: silence may always have another reason than a death.

use std::hash::{Hash, Hasher};

use faultline_sim::command::Command;
use faultline_sim::event::{Event, Record};
use faultline_sim::fault::Fault;
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Time;
use faultline_sim::world::World;

use super::descriptor::{PERIOD, SUSPECT};
use super::list::log2;
use super::truth::Wrong;
use super::{Message, marks};

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "no-false-death", "Losses for less than a period make no live member dead, if suspects have time for two rounds of pings", new NoFalseDeath),
    invariant!(always "around", "One broken link makes no live member a suspect", new Around),
    invariant!(always "own-incarnation", "No member is known under a higher incarnation than it ever gave itself", new OwnIncarnation),
    invariant!(always "never-back", "No member goes back to older news", new NeverBack),
    invariant!(eventually "agree", "Eventually each live member lists the live members and nobody else", new Agree),
];

/// Whether a law about live members still applies: nothing has happened but losses of messages.
#[derive(Clone, Default, Hash)]
struct Calm {
    over: bool,
}

impl Calm {
    fn on_record(&mut self, record: &Record) {
        if let Event::Faulted {
            command,
            missed: None,
        } = &record.event
        {
            let only_loses = matches!(
                **command,
                Command::Fault(
                    Fault::Drop(_)
                        | Fault::Cut(..)
                        | Fault::Join(..)
                        | Fault::Heal
                        | Fault::Loss(..)
                        | Fault::Partition(_)
                        | Fault::OneWay(..)
                        | Fault::Duplicate(_)
                        | Fault::Duplication(..)
                        | Fault::Fifo(..)
                )
            );
            self.over |= !only_loses;
        }
    }
}

/// The live member that this record suspects or declares dead.
fn accused(record: &Record, world: &World, suspects: bool) -> Option<NodeId> {
    let marked = record.marked(&marks::DECLARES);
    let marked = marked.or_else(|| record.marked(&marks::SUSPECTS).filter(|_| suspects));
    marked?.node(0).filter(|member| world.is_live(*member))
}

#[derive(Clone, Default, Hash)]
struct NoFalseDeath {
    calm: Calm,
    /// The first and the last loss.
    lost: Option<(Time, Time)>,
}

impl Invariant for NoFalseDeath {
    faultline_sim::clone_invariant!();
    fn judges_losses(&self) -> bool {
        true
    }
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        self.calm.on_record(record);
        if matches!(record.event, Event::Lost { .. }) {
            let first = self.lost.map_or(record.time, |(first, _)| first);
            self.lost = Some((first, record.time));
        }
        let Some(member) = accused(record, world, false).filter(|_| !self.calm.over) else {
            return Ok(());
        };
        // In 2n - 1 periods every member pings the suspect, so it hears of the suspicion and answers (4.3).
        let size = world.live().count() as u32;
        let time = world.settings().param(&SUSPECT) * f64::from(log2(size));
        if time.ceil() < f64::from(2 * size) - 1.0 {
            return Ok(());
        }
        let period = world.settings().duration(&PERIOD);
        if self
            .lost
            .is_some_and(|(first, last)| last.since(first) >= period)
        {
            return Ok(());
        }
        let who = record.node.map_or_else(String::new, |id| id.to_string());
        Err(format!("{who} declares {member} dead, which is alive"))
    }
}

#[derive(Clone, Default, Hash)]
struct Around {
    calm: Calm,
    /// The link that has lost messages, and whether others have, too.
    link: Option<(NodeId, NodeId)>,
    more: bool,
}

impl Invariant for Around {
    faultline_sim::clone_invariant!();
    fn judges_losses(&self) -> bool {
        true
    }
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        self.calm.on_record(record);
        if let Event::Lost { address, .. } = &record.event {
            let (a, b) = (address.from, address.to);
            let link = (a.min(b), a.max(b));
            self.more |= self.link.is_some_and(|known| known != link);
            self.link = Some(link);
        }
        let applies = !self.calm.over && !self.more;
        let Some(member) = accused(record, world, true).filter(|_| applies) else {
            return Ok(());
        };
        // Two nodes have no way around.
        if world.live().take(3).count() < 3 {
            return Ok(());
        }
        let who = record.node.map_or_else(String::new, |id| id.to_string());
        Err(format!(
            "{who} suspects {member}, which other members can reach"
        ))
    }
}

/// The highest incarnation that each member has ever given itself. What a disk forgets was said all the
/// same.
#[derive(Clone, Default, Hash)]
struct OwnIncarnation(SortedMap<NodeId, u64>);

impl Invariant for OwnIncarnation {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, _world: &World) -> Result<(), String> {
        match &record.event {
            Event::Marked(marked) if marked.is(&marks::RAISES) => {
                if let (Some(id), Some(number)) = (record.node, marked.number(0)) {
                    let highest = self.0.entry(id).or_default();
                    *highest = number.max(*highest);
                }
                Ok(())
            }
            Event::Delivered { message, .. } => {
                let Some(message) = message.get::<Message>() else {
                    return Ok(());
                };
                let too_high = |(member, incarnation): &(NodeId, u32)| {
                    let own = self.0.get(member).copied().unwrap_or(0);
                    u64::from(*incarnation) > own
                };
                let wrong = incarnations(message).find(too_high);
                wrong.map_or(Ok(()), |(member, incarnation)| {
                    Err(format!(
                        "{member} is said to be in incarnation {incarnation}, which it has never been in"
                    ))
                })
            }
            _ => Ok(()),
        }
    }
}

/// The incarnations that a message tells of.
fn incarnations(message: &Message) -> impl Iterator<Item = (NodeId, u32)> + '_ {
    let (news, list) = match message {
        Message::Ping { news, .. }
        | Message::PingReq { news, .. }
        | Message::Ack { news, .. }
        | Message::News { news } => (news.as_slice(), None),
        Message::Members { known, .. } => (&[][..], Some(known)),
        Message::Nack { .. } | Message::Join { .. } => (&[][..], None),
    };
    let of_list = list.into_iter().flat_map(|known| known.iter());
    let of_list = of_list.map(|(member, known)| (*member, known.incarnation));
    let of_news = news
        .iter()
        .map(|update| (update.member, update.incarnation));
    of_news.chain(of_list)
}

#[derive(Clone, Default, Hash)]
struct NeverBack;

impl Invariant for NeverBack {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, _world: &World) -> Result<(), String> {
        let Some(member) = record
            .marked(&marks::GOES_BACK)
            .and_then(|marked| marked.node(0))
        else {
            return Ok(());
        };
        let who = record.node.map_or_else(String::new, |id| id.to_string());
        Err(format!("{who} goes back to older news about {member}"))
    }
}

#[derive(Clone, Default)]
struct Agree(Wrong);

/// All that it remembers follows from the world.
impl Hash for Agree {
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}

impl Invariant for Agree {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        self.0.on_record(record, world);
        Ok(())
    }
    fn satisfied(&self, world: &World) -> Result<(), String> {
        match self.0.count(world) {
            0 => Ok(()),
            count => Err(format!("{count} entries of their lists are wrong")),
        }
    }
}
