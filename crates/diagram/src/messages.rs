//! All messages of a run by number; the oldest ones are forgotten.

use std::mem::size_of;

use crate::message::Message;
use crate::tail::Tail;

/// The messages that an index knows. Numbers count from the first one ever.
#[derive(Clone, Debug, Default)]
pub(crate) struct Messages {
    begun: Tail<Message>,
    /// Earlier messages that are still needed, in order: those in flight at the start of the kept part,
    /// and those that overtook them.
    older: Vec<(u32, Message)>,
}

impl Messages {
    /// The number of all messages ever.
    pub fn len(&self) -> u32 {
        self.begun.len() as u32
    }

    fn place(&self, id: u32) -> Result<usize, Option<usize>> {
        if id as usize >= self.begun.first() {
            return Ok(id as usize);
        }
        let older = self.older.binary_search_by(|(own, _)| own.cmp(&id));
        Err(older.ok())
    }

    pub fn get(&self, id: u32) -> Option<&Message> {
        match self.place(id) {
            Ok(place) => self.begun.get(place),
            Err(older) => self.older.get(older?).map(|(_, message)| message),
        }
    }

    pub fn get_mut(&mut self, id: u32) -> Option<&mut Message> {
        match self.place(id) {
            Ok(place) => self.begun.get_mut(place),
            Err(older) => self.older.get_mut(older?).map(|(_, message)| message),
        }
    }

    /// Adds a message and returns its number.
    pub fn push(&mut self, message: Message) -> u32 {
        self.begun.push(message);
        self.len() - 1
    }

    /// The known messages with their numbers, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, &Message)> {
        let older = self.older.iter().map(|(id, message)| (*id, message));
        let numbers = self.begun.first() as u32..self.len();
        older.chain(numbers.filter_map(|id| Some((id, self.begun.get(id as usize)?))))
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Message> {
        let older = self.older.iter_mut().map(|(_, message)| message);
        older.chain(self.begun.iter_mut())
    }

    /// How many messages had started by a record, which must be a kept one.
    pub fn begun_by(&self, seq: u64) -> u32 {
        self.begun.partition_point(|message| message.from <= seq) as u32
    }

    /// Drops the messages from a number on.
    pub fn truncate(&mut self, len: u32) {
        self.begun.truncate(len as usize);
    }

    /// Forgets the messages before a number, except for some (in order).
    pub fn forget(&mut self, first: u32, but: &[u32]) {
        let kept = but.iter().filter(|id| **id < first);
        let kept = kept.filter_map(|id| Some((*id, self.get(*id)?.clone())));
        self.older = kept.collect();
        self.begun.forget(first as usize);
    }

    /// Their memory.
    pub fn bytes(&self) -> usize {
        self.begun.bytes() + self.older.capacity() * size_of::<(u32, Message)>()
    }
}

impl std::ops::Index<u32> for Messages {
    type Output = Message;

    fn index(&self, id: u32) -> &Message {
        let message = self.get(id);
        message.expect("a message under way is never forgotten")
    }
}
