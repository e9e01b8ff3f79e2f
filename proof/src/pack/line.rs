//! The lines of a pack as JSON objects. Every field is required, and no other is accepted.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::PackFault;
use crate::sidecar::Opening;

/// What any version of the format starts with.
#[derive(Deserialize)]
pub(super) struct Version {
    pub(super) sluice_pack: u64,
}

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub(super) sluice_pack: u64,
    pub(super) origin: String,
    pub(super) vkey: String,
    pub(super) size: u64,
    pub(super) scope: String,
}

/// One line for each entry.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryLine {
    pub(super) index: u64,
    pub(super) entry: String,
    // Without this, serde would take a missing field for `null`.
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) opening: Option<OpeningLine>,
}

/// Salt and payload, where they may be shown.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OpeningLine {
    pub(super) salt: String,
    pub(super) payload: String,
}

/// The last line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckpointLine {
    pub(super) checkpoint: String,
}

impl OpeningLine {
    pub(super) fn new(opening: &Opening) -> Self {
        Self {
            salt: encode(&opening.salt),
            payload: encode(&opening.payload),
        }
    }

    pub(super) fn to_opening(&self) -> Result<Opening, PackFault> {
        let salt = decode("salt", &self.salt)?;
        Ok(Opening {
            salt: salt.try_into().map_err(|_| PackFault::Base64("salt"))?,
            payload: decode("payload", &self.payload)?,
        })
    }
}

/// Reads one line. The parser's own message could show a value, so only its column is kept.
pub(super) fn parse<'a, T: Deserialize<'a>>(
    line: &'a [u8],
    expected: &'static str,
) -> Result<T, PackFault> {
    serde_json::from_slice(line).map_err(|error| PackFault::Form {
        column: error.column(),
        expected,
    })
}

pub(super) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub(super) fn decode(field: &'static str, text: &str) -> Result<Vec<u8>, PackFault> {
    STANDARD.decode(text).map_err(|_| PackFault::Base64(field))
}
