//! Erasure at one seam: [`Typed`] turns the typed processes of one run into a `dyn Fleet`, so that one
//! event loop is compiled however many protocols there are.
//!
//! A fleet owns all its processes side by side, and a slab of the messages on their way: a message
//! is stored once for all its receivers, and no event allocates (see `docs/decisions/0001`).

use std::any::Any;
use std::collections::VecDeque;
use std::hash::{Hash, Hasher};

use serde_json::Value as Json;

use crate::frame::{NodeFrame, Shape, Word};
use crate::hash::StableHasher;
use crate::process::{Context, Handle, Io, NodeId, Payload, Process, Shared, Start};
use crate::rng::Rng;
use crate::settings::Settings;
use crate::sorted::SortedMap;
use crate::text;

/// Values by handle, each with a count of the places that still hold the handle.
#[derive(Clone, Debug)]
pub struct Slab<T> {
    entries: Vec<Slot<T>>,
    free: Vec<Handle>,
}

#[derive(Clone, Debug)]
struct Slot<T> {
    value: Option<T>,
    holders: u32,
    /// What was taken to make it, in bytes.
    weight: usize,
    /// What records keep of it, once one does.
    shared: Option<(&'static str, Shared)>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T: Clone + Payload + 'static> Slab<T> {
    #[inline]
    pub(crate) fn put(&mut self, value: T, holders: u32, weight: usize) -> Handle {
        if let Some(handle) = self.free.pop() {
            // A free entry has neither a value nor a shared copy that would have to go.
            let entry = &mut self.entries[handle as usize];
            entry.value = Some(value);
            entry.holders = holders;
            entry.weight = weight;
            return handle;
        }
        self.entries.push(Slot {
            value: Some(value),
            holders,
            weight,
            shared: None,
        });
        self.entries.len() as Handle - 1
    }

    fn get(&self, handle: Handle) -> &T {
        self.entries[handle as usize]
            .value
            .as_ref()
            .expect("the handle is held")
    }

    /// Gives up one hold and returns the value: moved out for the last holder, else a clone.
    #[inline]
    pub(crate) fn take(&mut self, handle: Handle) -> T {
        let slot = &mut self.entries[handle as usize];
        slot.holders -= 1;
        if slot.holders == 0 {
            slot.shared = None;
            self.free.push(handle);
            slot.value.take().expect("the handle is held")
        } else {
            slot.value.clone().expect("the handle is held")
        }
    }

    fn hold(&mut self, handle: Handle) {
        self.entries[handle as usize].holders += 1;
    }

    fn release(&mut self, handle: Handle) {
        let slot = &mut self.entries[handle as usize];
        slot.holders -= 1;
        if slot.holders == 0 {
            *slot = Slot {
                value: None,
                holders: 0,
                weight: 0,
                shared: None,
            };
            self.free.push(handle);
        }
    }

    /// Lets `change` alter each value that is held; it tells whether it did. What records keep stays
    /// as it was.
    pub(crate) fn alter(&mut self, mut change: impl FnMut(&mut T) -> bool) {
        for slot in &mut self.entries {
            if slot.value.as_mut().is_some_and(&mut change) {
                slot.shared = None;
            }
        }
    }

    fn shared(&mut self, handle: Handle, size: fn(&T) -> u64) -> (&'static str, Shared) {
        let slot = &mut self.entries[handle as usize];
        let value = slot.value.as_ref().expect("the handle is held");
        let weight = slot.weight;
        slot.shared
            .get_or_insert_with(|| (value.kind(), Shared::copy_of(value, weight, size)))
            .clone()
    }
}

/// The timers that one node has set. Ids are given in order and never used again.
#[derive(Clone, Debug)]
pub struct TimerTable<T> {
    set: Vec<(u32, T)>,
    next: u32,
}

impl<T> Default for TimerTable<T> {
    fn default() -> Self {
        Self {
            set: Vec::new(),
            next: 0,
        }
    }
}

impl<T: PartialEq> TimerTable<T> {
    pub(crate) fn insert(&mut self, timer: T) -> u32 {
        self.next += 1;
        self.set.push((self.next, timer));
        self.next
    }

    pub(crate) fn remove_equal(&mut self, timer: &T) -> Option<u32> {
        let at = self.set.iter().position(|(_, t)| t == timer)?;
        Some(self.set.remove(at).0)
    }

    fn take(&mut self, id: u32) -> Option<T> {
        let at = self.set.iter().position(|(i, _)| *i == id)?;
        Some(self.set.remove(at).1)
    }

    fn get(&self, id: u32) -> Option<&T> {
        self.set
            .iter()
            .find(|(i, _)| *i == id)
            .map(|(_, timer)| timer)
    }
}

/// The processes of a run, without their types.
pub trait Fleet {
    /// A copy of all processes, timers and messages, for a checkpoint.
    fn clone_box(&self) -> Box<dyn Fleet>;
    /// For [`World::node`](crate::world::World::node), which knows the type again.
    fn as_any(&self) -> &dyn Any;
    /// Makes the process of a node that has just been added.
    fn add(&mut self, id: NodeId, settings: &Settings);

    /// Runs [`Process::on_start`] at the node of `io`.
    fn start<'a>(&'a mut self, io: &'a mut Io<'a>);
    /// Runs [`Process::on_message`]. Gives up one hold of the message.
    fn deliver<'a>(&'a mut self, from: NodeId, message: Handle, io: &'a mut Io<'a>);
    /// Runs [`Process::on_timer`]. False if the timer is no longer set.
    fn fire<'a>(&'a mut self, timer: u32, io: &'a mut Io<'a>) -> bool;
    /// Hands a request over.
    ///
    /// # Errors
    /// One sentence, if the JSON is no request of this protocol; nothing has changed then.
    fn request<'a>(&'a mut self, request: &Json, io: &'a mut Io<'a>) -> Result<(), String>;
    /// Reads a request without handing it over.
    ///
    /// # Errors
    /// As [`Fleet::request`].
    fn parse_request(&self, request: &Json) -> Result<Shared, String>;
    /// Runs [`Process::on_leave`].
    fn leave<'a>(&'a mut self, io: &'a mut Io<'a>);
    /// Replaces the process by what [`Process::recover`] keeps of it, and starts that.
    fn restart<'a>(&'a mut self, io: &'a mut Io<'a>);
    /// Forgets all timers of a crashed node.
    fn forget_timers(&mut self, node: NodeId);

    /// The process as it is now is what a write that begins will leave on the node's disk.
    fn begin_write(&mut self, node: NodeId);
    /// The oldest write under way is done.
    fn finish_write(&mut self, node: NodeId);
    /// No write is under way, and none will take time: the process itself is on the disk.
    fn forget_writes(&mut self, node: NodeId);
    /// Writes under way will never be done.
    fn lose_writes(&mut self, node: NodeId);
    /// After lost writes, the process is what the last finished write left.
    fn revert(&mut self, node: NodeId);
    /// What [`Process::forge`] makes of a message, held once; none if it keeps it.
    fn forge(&mut self, node: NodeId, message: Handle, to: NodeId, rng: &mut Rng)
    -> Option<Handle>;

    /// One more place holds the message.
    fn hold(&mut self, message: Handle);
    /// One place fewer holds the message; the last one frees it.
    fn release(&mut self, message: Handle);
    /// What the message took to be made, in bytes.
    fn weight(&self, message: Handle) -> usize;
    /// What [`Process::size`] says, in bytes.
    fn size(&self, message: Handle) -> u64;
    /// Name of the message's variant.
    fn kind(&self, message: Handle) -> &'static str;
    /// What [`Process::glyph_override`] says.
    fn glyph_override(&self, message: Handle) -> Option<(Shape, &'static str)>;
    /// The shape that [`Process::glyph_override`] gives a message of a record.
    fn shape_of(&self, message: &Shared) -> Option<Shape>;
    /// What [`Process::word`] says.
    fn word(&self, message: Handle) -> Option<Word>;
    /// Short text of the message.
    fn text(&self, message: Handle) -> String;
    /// The message as records keep it, with its kind: one value, however often it is asked for.
    fn shared(&mut self, message: Handle) -> (&'static str, Shared);
    /// Hashes the message, the same on every machine.
    fn hash_message(&self, message: Handle, hasher: &mut StableHasher);
    /// The name of a timer that is set; empty if it is not.
    fn timer_kind(&self, node: NodeId, timer: u32) -> &'static str;
    /// Short text of a timer that is set; empty if it is not.
    fn timer_text(&self, node: NodeId, timer: u32) -> String;

    /// Runs [`Process::draw`].
    fn draw(&self, node: NodeId, settings: &Settings, to: &mut NodeFrame);
    /// Hashes a process's state and the timers it has set.
    fn hash_node(&self, node: NodeId, hasher: &mut StableHasher);
    /// Hashes what [`Process::timeless`] leaves of a process, and the timers it has set in any order. False
    /// if it leaves nothing out: then all of the process was hashed.
    fn hash_timeless(&self, node: NodeId, settings: &Settings, hasher: &mut StableHasher) -> bool;
    /// A process's state as JSON.
    fn state(&self, node: NodeId) -> Json;
}

/// The processes of a run, with their type.
#[derive(Clone)]
pub struct Typed<P: Process> {
    make: fn(NodeId, &Settings) -> P,
    nodes: Vec<P>,
    timers: Vec<TimerTable<P::Timer>>,
    messages: Slab<P::Message>,
    /// Of nodes whose disk is slow.
    disks: SortedMap<NodeId, Written<P>>,
}

/// The states that a slow disk holds.
#[derive(Clone, Hash)]
struct Written<P> {
    /// What the last finished write left, then one for each write under way.
    states: VecDeque<P>,
    /// The node is down, and writes were lost.
    lost: bool,
}

impl<P: Process> Typed<P> {
    /// An empty fleet.
    #[must_use]
    pub fn boxed() -> Box<dyn Fleet> {
        Self::made_by(P::new)
    }

    /// An empty fleet whose nodes begin otherwise than by [`Process::new`].
    #[must_use]
    pub fn made_by(make: fn(NodeId, &Settings) -> P) -> Box<dyn Fleet> {
        Box::new(Self {
            make,
            nodes: Vec::new(),
            timers: Vec::new(),
            messages: Slab::default(),
            disks: SortedMap::new(),
        })
    }

    /// The state of one process.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &P {
        &self.nodes[id.index()]
    }

    /// A message that is on its way.
    #[must_use]
    pub fn message(&self, message: Handle) -> &P::Message {
        self.messages.get(message)
    }

    #[inline]
    fn with<'a, R>(
        &'a mut self,
        io: &'a mut Io<'a>,
        act: impl FnOnce(&mut P, &mut Context<'a, P>) -> R,
    ) -> R {
        let at = io.me.index();
        let timers = &mut self.timers[at];
        let mut cx = Context {
            io,
            messages: &mut self.messages,
            timers,
        };
        act(&mut self.nodes[at], &mut cx)
    }
}

impl<P: Process> Fleet for Typed<P> {
    fn clone_box(&self) -> Box<dyn Fleet> {
        Box::new(self.clone())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn add(&mut self, id: NodeId, settings: &Settings) {
        debug_assert_eq!(id.index(), self.nodes.len());
        self.nodes.push((self.make)(id, settings));
        self.timers.push(TimerTable::default());
    }

    fn start<'a>(&'a mut self, io: &'a mut Io<'a>) {
        self.with(io, |node, cx| node.on_start(cx, Start::First));
    }

    #[inline]
    fn deliver<'a>(&'a mut self, from: NodeId, message: Handle, io: &'a mut Io<'a>) {
        let message = self.messages.take(message);
        self.with(io, |node, cx| node.on_message(cx, from, message));
    }

    fn fire<'a>(&'a mut self, timer: u32, io: &'a mut Io<'a>) -> bool {
        let Some(timer) = self.timers[io.me.index()].take(timer) else {
            return false;
        };
        self.with(io, |node, cx| node.on_timer(cx, timer));
        true
    }

    fn request<'a>(&'a mut self, request: &Json, io: &'a mut Io<'a>) -> Result<(), String> {
        let request = read_request::<P>(request)?;
        self.with(io, |node, cx| node.on_request(cx, request));
        Ok(())
    }

    fn parse_request(&self, request: &Json) -> Result<Shared, String> {
        read_request::<P>(request).map(Shared::new)
    }

    fn leave<'a>(&'a mut self, io: &'a mut Io<'a>) {
        self.with(io, |node, cx| node.on_leave(cx));
    }

    fn restart<'a>(&'a mut self, io: &'a mut Io<'a>) {
        self.with(io, |node, cx| {
            *node = node.recover(cx);
            node.on_start(cx, Start::Recovery);
        });
    }

    fn forget_timers(&mut self, node: NodeId) {
        self.timers[node.index()].set.clear();
    }

    fn begin_write(&mut self, node: NodeId) {
        let state = &self.nodes[node.index()];
        let disk = self.disks.entry(node).or_insert_with(|| Written {
            states: VecDeque::new(),
            lost: false,
        });
        // The memory of a node that is down is gone, whatever becomes of its disk.
        if !disk.lost {
            disk.states.push_back(state.clone());
        }
    }

    fn finish_write(&mut self, node: NodeId) {
        if let Some(disk) = self
            .disks
            .get_mut(&node)
            .filter(|disk| disk.states.len() > 1)
        {
            disk.states.pop_front();
        }
    }

    fn forget_writes(&mut self, node: NodeId) {
        if self.disks.get(&node).is_some_and(|disk| !disk.lost) {
            self.disks.remove(&node);
        }
    }

    fn lose_writes(&mut self, node: NodeId) {
        if let Some(disk) = self.disks.get_mut(&node) {
            disk.states.truncate(1);
            disk.lost = true;
        }
    }

    fn revert(&mut self, node: NodeId) {
        if let Some(disk) = self.disks.get_mut(&node).filter(|disk| disk.lost) {
            disk.lost = false;
            if let Some(state) = disk.states.front() {
                self.nodes[node.index()] = state.clone();
            }
        }
    }

    fn forge(
        &mut self,
        node: NodeId,
        message: Handle,
        to: NodeId,
        rng: &mut Rng,
    ) -> Option<Handle> {
        let forged = self.nodes[node.index()].forge(self.messages.get(message), to, rng)?;
        Some(self.messages.put(forged, 1, 0))
    }

    fn hold(&mut self, message: Handle) {
        self.messages.hold(message);
    }

    fn release(&mut self, message: Handle) {
        self.messages.release(message);
    }

    fn weight(&self, message: Handle) -> usize {
        self.messages.entries[message as usize].weight
    }

    fn size(&self, message: Handle) -> u64 {
        P::size(self.messages.get(message))
    }

    fn kind(&self, message: Handle) -> &'static str {
        text::variant_name(self.messages.get(message))
    }

    fn glyph_override(&self, message: Handle) -> Option<(Shape, &'static str)> {
        P::glyph_override(self.messages.get(message))
    }

    fn shape_of(&self, message: &Shared) -> Option<Shape> {
        let message = message.get::<P::Message>()?;
        P::glyph_override(message).map(|(shape, _)| shape)
    }

    fn word(&self, message: Handle) -> Option<Word> {
        // A value that a client chose may be empty, and then there is nothing to read.
        P::word(self.messages.get(message)).filter(|word| !word.as_str().is_empty())
    }

    fn text(&self, message: Handle) -> String {
        text::short(self.messages.get(message))
    }

    fn shared(&mut self, message: Handle) -> (&'static str, Shared) {
        self.messages.shared(message, P::size)
    }

    fn hash_message(&self, message: Handle, hasher: &mut StableHasher) {
        self.messages.get(message).hash(hasher);
    }

    fn timer_kind(&self, node: NodeId, timer: u32) -> &'static str {
        self.timers[node.index()]
            .get(timer)
            .map_or("", |timer| text::variant_name(timer))
    }

    fn timer_text(&self, node: NodeId, timer: u32) -> String {
        self.timers[node.index()]
            .get(timer)
            .map_or_else(String::new, text::short)
    }

    fn draw(&self, node: NodeId, settings: &Settings, to: &mut NodeFrame) {
        self.nodes[node.index()].draw(settings, to);
    }

    fn hash_timeless(&self, node: NodeId, settings: &Settings, hasher: &mut StableHasher) -> bool {
        let state = &self.nodes[node.index()];
        let timeless = state.timeless(settings);
        match &timeless {
            Some(state) => state.hash(hasher),
            None => state.hash(hasher),
        }
        let timers = self.timers[node.index()].set.iter();
        let hash = |timer: &P::Timer| {
            let mut own = hasher.fresh();
            timer.hash(&mut own);
            own.finish()
        };
        let timers = timers.map(|(_, timer)| hash(timer));
        let all = timers.fold(0_u64, u64::wrapping_add);
        all.hash(hasher);
        timeless.is_some()
    }

    fn hash_node(&self, node: NodeId, hasher: &mut StableHasher) {
        self.nodes[node.index()].hash(hasher);
        let timers = &self.timers[node.index()];
        hasher.write_u32(timers.next);
        for (id, timer) in &timers.set {
            hasher.write_u32(*id);
            timer.hash(hasher);
        }
        self.disks.get(&node).hash(hasher);
    }

    fn state(&self, node: NodeId) -> Json {
        serde_json::to_value(&self.nodes[node.index()]).unwrap_or(Json::Null)
    }
}

fn read_request<P: Process>(request: &Json) -> Result<P::Request, String> {
    serde_json::from_value(request.clone())
        .map_err(|error| format!("`{request}` is not a request of this protocol: {error}"))
}
