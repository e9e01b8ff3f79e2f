//! The fields of each kind on the wire, and how a field is written and read.
//!
//! The table is the schema: writer and reader are both made from it, so they cannot differ.

use super::body::Body;
use super::codes::{DeliveryOutcome, Kind, RightsAct, Stage, SwitchState, SwitchWhat, Verdict};
use super::{CLAUSES_MAX, EntryError, TEXT_BYTES_MAX};
use crate::cbor::{MapReader, MapWriter, Reader, Writer};
use crate::hash::Hash;
use crate::merkle::{Index, Size};

/// Makes `Body::write` and `Body::read` from keys and fields; keys ascend within a kind.
macro_rules! wire {
    ($($kind:ident { $($key:literal: $field:ident,)+ })+) => {
        impl Body {
            pub(super) fn write(&self, map: &mut MapWriter) -> Result<(), EntryError> {
                match self {
                    $(Self::$kind { $($field),+ } => {
                        $($field.put(map, $key, stringify!($field))?;)+
                    })+
                }
                Ok(())
            }

            pub(super) fn read(
                kind: Kind,
                map: &mut MapReader<'_, '_>,
            ) -> Result<Self, EntryError> {
                // The fields of a literal are evaluated in the order written.
                Ok(match kind {
                    $(Kind::$kind => Self::$kind {
                        $($field: Field::get(map, $key, stringify!($field))?),+
                    },)+
                })
            }
        }
    };
}

wire! {
    Decision {
        8: stage,
        9: policy,
        10: source,
        11: recipient,
        12: purpose,
        13: verdict,
        14: clauses,
        15: reason,
    }
    Policy {
        8: hash,
        9: name,
        10: version,
    }
    Rights {
        8: act,
        9: purpose,
    }
    Start {
        8: software,
        9: policy,
    }
    Switch {
        8: what,
        9: name,
        10: state,
        11: reason_hash,
    }
    Delivery {
        8: recipient,
        9: outcome,
        10: count,
    }
    Facts {
        8: name,
        9: hash,
    }
    Export {
        8: first,
        9: size,
        10: root,
        11: hash,
    }
}

/// A key of the map and its value; an `Option` is absent where it is `None`.
trait Field: Sized {
    fn put(&self, map: &mut MapWriter, key: u64, name: &'static str) -> Result<(), EntryError>;
    fn get(map: &mut MapReader<'_, '_>, key: u64, name: &'static str) -> Result<Self, EntryError>;
}

/// A value that some key has. `name` is for errors.
trait Value: Sized {
    fn write(&self, writer: &mut Writer, name: &'static str) -> Result<(), EntryError>;
    fn read(reader: &mut Reader<'_>, name: &'static str) -> Result<Self, EntryError>;
}

impl<T: Value> Field for T {
    fn put(&self, map: &mut MapWriter, key: u64, name: &'static str) -> Result<(), EntryError> {
        self.write(map.key(key), name)
    }

    fn get(map: &mut MapReader<'_, '_>, key: u64, name: &'static str) -> Result<Self, EntryError> {
        T::read(map.required(key)?, name)
    }
}

impl<T: Value> Field for Option<T> {
    fn put(&self, map: &mut MapWriter, key: u64, name: &'static str) -> Result<(), EntryError> {
        self.as_ref()
            .map_or(Ok(()), |value| value.write(map.key(key), name))
    }

    fn get(map: &mut MapReader<'_, '_>, key: u64, name: &'static str) -> Result<Self, EntryError> {
        map.optional(key)?
            .map(|value| T::read(value, name))
            .transpose()
    }
}

impl Value for u64 {
    fn write(&self, writer: &mut Writer, _: &'static str) -> Result<(), EntryError> {
        writer.uint(*self);
        Ok(())
    }

    fn read(reader: &mut Reader<'_>, _: &'static str) -> Result<Self, EntryError> {
        Ok(reader.uint()?)
    }
}

impl Value for Hash {
    fn write(&self, writer: &mut Writer, _: &'static str) -> Result<(), EntryError> {
        writer.bytes(self.as_bytes());
        Ok(())
    }

    fn read(reader: &mut Reader<'_>, _: &'static str) -> Result<Self, EntryError> {
        Ok(Self::from_bytes(reader.fixed()?))
    }
}

impl Value for String {
    fn write(&self, writer: &mut Writer, name: &'static str) -> Result<(), EntryError> {
        check_text(name, self)?;
        writer.text(self);
        Ok(())
    }

    fn read(reader: &mut Reader<'_>, name: &'static str) -> Result<Self, EntryError> {
        let text = reader.text()?;
        check_text(name, text)?;
        Ok(text.to_owned())
    }
}

impl Value for Vec<String> {
    fn write(&self, writer: &mut Writer, name: &'static str) -> Result<(), EntryError> {
        check_count(self.len())?;
        writer.array(self.len());
        self.iter()
            .try_for_each(|clause| clause.write(writer, name))
    }

    fn read(reader: &mut Reader<'_>, name: &'static str) -> Result<Self, EntryError> {
        let count = reader.array()?;
        check_count(count)?;
        (0..count).map(|_| String::read(reader, name)).collect()
    }
}

/// Numbers and codes are all unsigned integers on the wire.
macro_rules! uint_values {
    (codes: $($code:ident)+; numbers: $($number:ident)+) => {
        $(impl Value for $code {
            fn write(&self, writer: &mut Writer, name: &'static str) -> Result<(), EntryError> {
                self.code().write(writer, name)
            }

            fn read(reader: &mut Reader<'_>, name: &'static str) -> Result<Self, EntryError> {
                let code = reader.uint()?;
                Self::from_code(code).ok_or(EntryError::Code { field: name, code })
            }
        })+
        $(impl Value for $number {
            fn write(&self, writer: &mut Writer, name: &'static str) -> Result<(), EntryError> {
                self.get().write(writer, name)
            }

            fn read(reader: &mut Reader<'_>, _: &'static str) -> Result<Self, EntryError> {
                Ok(Self::new(reader.uint()?))
            }
        })+
    };
}

uint_values! {
    codes: DeliveryOutcome RightsAct Stage SwitchState SwitchWhat Verdict;
    numbers: Index Size
}

fn check_count(clauses: usize) -> Result<(), EntryError> {
    if clauses > CLAUSES_MAX {
        Err(EntryError::TooManyClauses(clauses))
    } else {
        Ok(())
    }
}

fn check_text(field: &'static str, text: &str) -> Result<(), EntryError> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(EntryError::TextTooLong {
            field,
            bytes: text.len(),
        });
    }
    if text.chars().any(char::is_control) {
        return Err(EntryError::TextControl(field));
    }
    Ok(())
}
