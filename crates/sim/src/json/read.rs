//! The reader: a value in, a typed one out, or a sentence.

use std::fmt::Display;

use serde::de::{self, DeserializeOwned, Deserializer, Expected, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::map;

use super::{Json, text};
use crate::number::Shortest;

/// Reads a value of any type.
///
/// # Errors
/// What does not fit.
pub fn read<T: DeserializeOwned>(value: &Json) -> Result<T, String> {
    T::deserialize(Reader(value)).map_err(|wrong| wrong.0)
}

#[derive(Clone, Copy)]
struct Reader<'a>(&'a Json);

/// What does not fit.
#[derive(Debug)]
struct Wrong(String);

impl Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::error::Error for Wrong {}
impl de::Error for Wrong {
    fn custom<T: Display>(what: T) -> Self {
        Self(what.to_string())
    }
    fn invalid_type(found: Unexpected, expected: &dyn Expected) -> Self {
        Self(format!("{}, expected {expected}", describe(found)))
    }
    fn invalid_value(found: Unexpected, expected: &dyn Expected) -> Self {
        Self(format!("{}, expected {expected}", describe(found)))
    }
}

/// Serde's own words would bring the exact printing of reals along.
fn describe(found: Unexpected) -> String {
    match found {
        Unexpected::Bool(value) => format!("found `{value}`"),
        Unexpected::Unsigned(number) => format!("found `{number}`"),
        Unexpected::Signed(number) => format!("found `{number}`"),
        Unexpected::Float(number) => format!("found `{}`", Shortest(number)),
        Unexpected::Str(text) => format!("found {}", super::text(text)),
        Unexpected::Unit => "found null".to_owned(),
        Unexpected::Seq => "found a list".to_owned(),
        Unexpected::Map => "found an object".to_owned(),
        _ => "found something else".to_owned(),
    }
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Json::Null => visitor.visit_unit(),
            Json::Bool(value) => visitor.visit_bool(*value),
            Json::String(text) => visitor.visit_str(text),
            Json::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), ..) => visitor.visit_u64(number),
                (None, Some(number), _) => visitor.visit_i64(number),
                (None, None, real) => visitor.visit_f64(real.unwrap_or_default()),
            },
            Json::Array(items) => visitor.visit_seq(Items(items.iter())),
            Json::Object(fields) => visitor.visit_map(Fields {
                fields: fields.iter(),
                value: None,
            }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Json::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match self.0 {
            Json::String(variant) => visitor.visit_enum(Variant(variant, None)),
            Json::Object(fields) if fields.len() == 1 => {
                let (variant, inside) = fields.iter().next().expect("it has one");
                visitor.visit_enum(Variant(variant, Some(inside)))
            }
            other => Err(Wrong(format!(
                "found {}, expected a name or an object with one field",
                text(other)
            ))),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Items<'a>(std::slice::Iter<'a, Json>);

impl<'de> de::SeqAccess<'de> for Items<'_> {
    type Error = Wrong;
    fn next_element_seed<T: de::DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Wrong> {
        self.0
            .next()
            .map(|item| seed.deserialize(Reader(item)))
            .transpose()
    }
}

struct Fields<'a> {
    fields: map::Iter<'a>,
    value: Option<&'a Json>,
}

impl<'de> de::MapAccess<'de> for Fields<'_> {
    type Error = Wrong;
    fn next_key_seed<K: de::DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Wrong> {
        let Some((key, value)) = self.fields.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        seed.deserialize(Name(key)).map(Some)
    }
    fn next_value_seed<V: de::DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        seed.deserialize(Reader(self.value.take().unwrap_or(&Json::Null)))
    }
}

/// A key or a variant's name.
struct Name<'a>(&'a str);

impl<'de> Deserializer<'de> for Name<'_> {
    type Error = Wrong;
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_str(self.0)
    }
    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// A variant's name and what is in it.
struct Variant<'a>(&'a str, Option<&'a Json>);

impl<'a, 'de> de::EnumAccess<'de> for Variant<'a> {
    type Error = Wrong;
    type Variant = Inside<'a>;
    fn variant_seed<V: de::DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Inside<'a>), Wrong> {
        Ok((seed.deserialize(Name(self.0))?, Inside(self.1)))
    }
}

struct Inside<'a>(Option<&'a Json>);

impl Inside<'_> {
    fn reader(&self) -> Reader<'_> {
        Reader(self.0.unwrap_or(&Json::Null))
    }
}

impl<'de> de::VariantAccess<'de> for Inside<'_> {
    type Error = Wrong;
    fn unit_variant(self) -> Result<(), Wrong> {
        match self.0 {
            None | Some(Json::Null) => Ok(()),
            Some(_) => Err(Wrong("found something where nothing belongs".to_owned())),
        }
    }
    fn newtype_variant_seed<T: de::DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        seed.deserialize(self.reader())
    }
    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.reader().deserialize_any(visitor)
    }
    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.reader().deserialize_any(visitor)
    }
}
