//! Messages, requests and replies without their types.

use std::any::Any;
use std::fmt::{self, Debug};
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use serde::Serialize;

use crate::hash::StableHasher;
use crate::memory;
use crate::text;

/// What a payload is taken to weigh where no allocator counts.
const USUAL_WEIGHT: usize = 48;

/// Something that travels or is remembered: one shared, immutable value that is
/// serialised only when somebody looks.
pub trait Payload {
    /// For [`Shared::get`], which knows the type again.
    fn as_any(&self) -> &dyn Any;
    /// Name of the enum variant.
    fn kind(&self) -> &'static str;
    /// Short text, `Kind {field value}`.
    fn text(&self) -> String;
    /// The whole value; null if it cannot be written as JSON.
    fn json(&self) -> serde_json::Value;
    /// Hashes the value, the same on every machine.
    fn hash_into(&self, hasher: &mut StableHasher);
    /// About how many bytes it keeps in memory.
    fn weight(&self) -> usize {
        USUAL_WEIGHT
    }
    /// How many bytes it takes on the network.
    fn size(&self) -> u64;
    /// The hash of the value by itself.
    fn own_hash(&self) -> u64 {
        let mut hasher = StableHasher::default();
        self.hash_into(&mut hasher);
        hasher.finish()
    }
}

impl<T: Hash + Serialize + 'static> Payload for T {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn kind(&self) -> &'static str {
        text::variant_name(self)
    }
    fn text(&self) -> String {
        text::short(self)
    }
    fn json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or(serde_json::Value::Null)
    }
    fn hash_into(&self, hasher: &mut StableHasher) {
        self.hash(hasher);
    }
    fn size(&self) -> u64 {
        text::encoded_length(self)
    }
}

/// A shared payload: cloning it copies a pointer.
#[derive(Clone)]
pub struct Shared(pub Rc<dyn Payload>);

/// The short text: a derived form for each type of message would weigh on the page.
impl Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text())
    }
}

/// A payload with its hash, which never changes and is asked for with every record.
struct Hashed<T> {
    hash: u64,
    weight: usize,
    size: fn(&T) -> u64,
    value: T,
}

impl<T: Payload> Payload for Hashed<T> {
    fn as_any(&self) -> &dyn Any {
        self.value.as_any()
    }
    fn kind(&self) -> &'static str {
        self.value.kind()
    }
    fn text(&self) -> String {
        self.value.text()
    }
    fn json(&self) -> serde_json::Value {
        self.value.json()
    }
    fn hash_into(&self, hasher: &mut StableHasher) {
        self.value.hash_into(hasher);
    }
    fn own_hash(&self) -> u64 {
        self.hash
    }
    fn weight(&self) -> usize {
        self.weight
    }
    fn size(&self) -> u64 {
        (self.size)(&self.value)
    }
}

impl Shared {
    /// Wraps a value.
    pub fn new<T: Payload + 'static>(value: T) -> Self {
        let (hash, weight) = (value.own_hash(), value.weight());
        let weight = weight + size_of::<T>();
        Self(Rc::new(Hashed {
            hash,
            weight,
            size: T::size,
            value,
        }))
    }

    /// The value itself, if it is of this type: what a monitor of one protocol knows.
    #[must_use]
    pub fn get<T: 'static>(&self) -> Option<&T> {
        self.0.as_any().downcast_ref()
    }

    /// Wraps a copy of a value that took so many bytes to make, and weighs it.
    pub(crate) fn copy_of<T: Payload + Clone + 'static>(
        value: &T,
        made_of: usize,
        size: fn(&T) -> u64,
    ) -> Self {
        let before = memory::held();
        let value = value.clone();
        let copied = memory::held().saturating_sub(before);
        let weight = if memory::is_counted() {
            made_of.max(copied) + size_of::<Hashed<T>>()
        } else {
            USUAL_WEIGHT + size_of::<T>()
        };
        let hash = value.own_hash();
        Self(Rc::new(Hashed {
            hash,
            weight,
            size,
            value,
        }))
    }
}

/// By what is hashed: a payload never changes.
impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        self.0.own_hash() == other.0.own_hash()
    }
}

impl Hash for Shared {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.own_hash());
    }
}

impl Serialize for Shared {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.json().serialize(serializer)
    }
}
