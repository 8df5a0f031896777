//! The writer: a serializer that cannot fail, so that no place where something is written has to
//! think of it.

use std::fmt::{self, Display, Write};

use serde::ser::{self, Serialize};

use crate::number::Shortest;

/// What stands between the parts.
pub(super) struct Style {
    null: &'static str,
    behind_key: &'static str,
    between_fields: &'static str,
    between_items: &'static str,
    quotes: bool,
    /// Whether whole numbers from 2^53 on are written as texts.
    javascript: bool,
}

impl Style {
    pub(super) const JSON: Self = Self {
        null: "null",
        behind_key: ":",
        between_fields: ",",
        between_items: ",",
        quotes: true,
        javascript: false,
    };
    pub(super) const JAVASCRIPT: Self = Self {
        javascript: true,
        ..Self::JSON
    };
    pub(super) const SHORT: Self = Self {
        null: "-",
        behind_key: " ",
        between_fields: ", ",
        between_items: " ",
        quotes: false,
        javascript: false,
    };
}

pub(super) struct Writer {
    pub(super) out: String,
    style: &'static Style,
    /// Nothing is written yet, and an enum is to be written without its variant.
    pub(super) bare: bool,
    /// The outermost value is an enum whose variant was left out.
    pub(super) in_variant: bool,
    /// What was written last is a list or an object.
    pub(super) compound: bool,
}

/// The error that there is not.
#[derive(Debug)]
pub(super) struct Never;

impl Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}
impl std::error::Error for Never {}
impl ser::Error for Never {
    fn custom<T: Display>(_: T) -> Self {
        Never
    }
}

type Done = Result<(), Never>;

impl Writer {
    pub(super) fn new(style: &'static Style) -> Self {
        Self {
            out: String::new(),
            style,
            bare: false,
            in_variant: false,
            compound: false,
        }
    }

    fn plain(&mut self, text: &str) {
        self.bare = false;
        self.compound = false;
        self.out.push_str(text);
    }

    fn number(&mut self, number: &dyn Display, large: bool) {
        self.bare = false;
        self.compound = false;
        let quote = if large { "\"" } else { "" };
        let _ = write!(self.out, "{quote}{number}{quote}");
    }

    fn text(&mut self, text: &str) {
        self.bare = false;
        self.compound = false;
        if !self.style.quotes {
            self.out.push_str(text);
            return;
        }
        self.out.push('"');
        for letter in text.chars() {
            match letter {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\u{8}' => self.out.push_str("\\b"),
                '\u{c}' => self.out.push_str("\\f"),
                '\0'..='\x1f' => drop(write!(self.out, "\\u{:04x}", letter as u32)),
                _ => self.out.push(letter),
            }
        }
        self.out.push('"');
    }

    fn open(&mut self, sign: char) {
        self.bare = false;
        self.out.push(sign);
    }

    fn close(&mut self, sign: char) {
        self.out.push(sign);
        self.compound = true;
    }

    /// The object around a variant with something in it; whether it is written.
    fn open_variant(&mut self, variant: &str) -> bool {
        if self.bare {
            self.in_variant = true;
            return false;
        }
        self.open('{');
        self.key(variant);
        true
    }

    fn key(&mut self, key: &str) {
        self.text(key);
        self.out.push_str(self.style.behind_key);
    }
}

/// A list or an object under way.
pub(super) struct Open<'a> {
    writer: &'a mut Writer,
    first: bool,
    close: char,
    variant: bool,
}

impl<'a> Open<'a> {
    fn list(writer: &'a mut Writer, variant: bool) -> Result<Self, Never> {
        writer.open('[');
        Ok(Self {
            writer,
            first: true,
            close: ']',
            variant,
        })
    }

    fn object(writer: &'a mut Writer, variant: bool) -> Result<Self, Never> {
        writer.open('{');
        Ok(Self {
            writer,
            first: true,
            close: '}',
            variant,
        })
    }

    fn between(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.writer.out.push_str(self.writer.style.between_items);
        }
    }

    fn key(&mut self, key: &str) {
        if !std::mem::take(&mut self.first) {
            self.writer.out.push_str(self.writer.style.between_fields);
        }
        self.writer.key(key);
    }

    fn end(self) -> Done {
        self.writer.close(self.close);
        if self.variant {
            self.writer.close('}');
        }
        Ok(())
    }
}

macro_rules! numbers {
    ($($method:ident: $type:ty as $wide:ty),*) => { $(
        fn $method(self, number: $type) -> Done {
            let number = <$wide>::from(number);
            let large = self.style.javascript && number.size() >= 1 << 53;
            self.number(&number, large);
            Ok(())
        }
    )* };
}

/// The size of a whole number, signed or not.
trait Size {
    fn size(self) -> u64;
}
impl Size for u64 {
    fn size(self) -> u64 {
        self
    }
}
impl Size for i64 {
    fn size(self) -> u64 {
        self.unsigned_abs()
    }
}

impl<'a> ser::Serializer for &'a mut Writer {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Open<'a>;
    type SerializeTuple = Open<'a>;
    type SerializeTupleStruct = Open<'a>;
    type SerializeTupleVariant = Open<'a>;
    type SerializeMap = Open<'a>;
    type SerializeStruct = Open<'a>;
    type SerializeStructVariant = Open<'a>;

    numbers!(serialize_i8: i8 as i64, serialize_i16: i16 as i64, serialize_i32: i32 as i64,
        serialize_i64: i64 as i64, serialize_u8: u8 as u64, serialize_u16: u16 as u64,
        serialize_u32: u32 as u64, serialize_u64: u64 as u64);

    fn serialize_bool(self, value: bool) -> Done {
        self.plain(if value { "true" } else { "false" });
        Ok(())
    }
    fn serialize_f32(self, number: f32) -> Done {
        self.serialize_f64(f64::from(number))
    }
    fn serialize_f64(self, number: f64) -> Done {
        if number.is_finite() {
            self.number(&Shortest(number), false);
            // A real number stays one: JSON tells 1.0 from 1.
            if number == number.trunc() && number.abs() < 9e15 {
                self.out.push_str(".0");
            }
        } else {
            self.plain(self.style.null);
        }
        Ok(())
    }
    fn serialize_char(self, letter: char) -> Done {
        self.text(letter.encode_utf8(&mut [0; 4]));
        Ok(())
    }
    fn serialize_str(self, text: &str) -> Done {
        self.text(text);
        Ok(())
    }
    fn serialize_bytes(self, bytes: &[u8]) -> Done {
        self.collect_seq(bytes)
    }
    fn serialize_none(self) -> Done {
        self.serialize_unit()
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Done {
        self.plain(self.style.null);
        Ok(())
    }
    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.serialize_unit()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done {
        if !self.bare {
            self.text(variant);
        }
        Ok(())
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Done {
        let around = self.open_variant(variant);
        // What is inside is no longer the outermost enum.
        self.bare = false;
        value.serialize(&mut *self)?;
        if around {
            self.close('}');
        }
        Ok(())
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'a>, Never> {
        Open::list(self, false)
    }
    fn serialize_tuple(self, _: usize) -> Result<Open<'a>, Never> {
        Open::list(self, false)
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Open<'a>, Never> {
        Open::list(self, false)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'a>, Never> {
        let around = self.open_variant(variant);
        Open::list(self, around)
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Open<'a>, Never> {
        Open::object(self, false)
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Open<'a>, Never> {
        Open::object(self, false)
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Open<'a>, Never> {
        let around = self.open_variant(variant);
        Open::object(self, around)
    }
}

macro_rules! items {
    ($($trait:ident::$method:ident),*) => { $(
        impl ser::$trait for Open<'_> {
            type Ok = ();
            type Error = Never;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
                self.between();
                value.serialize(&mut *self.writer)
            }
            fn end(self) -> Done {
                Open::end(self)
            }
        }
    )* };
}
items!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);

macro_rules! fields {
    ($($trait:ident),*) => { $(
        impl ser::$trait for Open<'_> {
            type Ok = ();
            type Error = Never;
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Done {
                self.key(key);
                value.serialize(&mut *self.writer)
            }
            fn end(self) -> Done {
                Open::end(self)
            }
        }
    )* };
}
fields!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Open<'_> {
    type Ok = ();
    type Error = Never;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        // Keys are texts in JSON, whatever they are here.
        let mut inner = Writer::new(&Style::SHORT);
        key.serialize(&mut inner)?;
        self.key(&inner.out);
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        value.serialize(&mut *self.writer)
    }
    fn end(self) -> Done {
        Open::end(self)
    }
}
