//! Writing a pack, line by line: memory does not grow with the ledger.

use std::io::Write;

use serde::Serialize;

use super::line::{CheckpointLine, EntryLine, Manifest, OpeningLine, encode};
use super::{PACK_VERSION, PackError, PackFault, SCOPE};
use crate::merkle::Size;
use crate::note::VerifyingKey;
use crate::sidecar::Opening;

/// Writes a pack to `W`. Give it a buffered writer.
#[derive(Debug)]
pub struct PackWriter<W: Write> {
    out: W,
    size: Size,
    entries: u64,
}

impl<W: Write> PackWriter<W> {
    /// Starts a pack of the first `size` entries of the ledger that `key` signs for.
    ///
    /// # Errors
    /// [`PackFault::Io`].
    pub fn new(out: W, key: &VerifyingKey, size: Size) -> Result<Self, PackError> {
        let mut pack = Self {
            out,
            size,
            entries: 0,
        };
        pack.line(&Manifest {
            sluice_pack: PACK_VERSION,
            origin: key.name().to_owned(),
            vkey: key.to_string(),
            size: size.get(),
            scope: SCOPE.to_owned(),
        })?;
        Ok(pack)
    }

    /// Adds the next entry, and what opens its commitment where that may be shown.
    ///
    /// # Errors
    /// [`PackFault::Count`] beyond the size stated, or [`PackFault::Io`].
    pub fn entry(&mut self, entry: &[u8], opening: Option<&Opening>) -> Result<(), PackError> {
        if self.entries >= self.size.get() {
            return Err(self.error(self.miscounted(self.entries.saturating_add(1))));
        }
        self.line(&EntryLine {
            index: self.entries,
            entry: encode(entry),
            opening: opening.map(OpeningLine::new),
        })?;
        self.entries = self.entries.saturating_add(1);
        Ok(())
    }

    /// Ends the pack with the signed note of the checkpoint of exactly these entries.
    ///
    /// # Errors
    /// [`PackFault::Count`] if entries are missing, or [`PackFault::Io`].
    pub fn finish(mut self, checkpoint: &str) -> Result<W, PackError> {
        if self.entries != self.size.get() {
            return Err(self.error(self.miscounted(self.entries)));
        }
        self.line(&CheckpointLine {
            checkpoint: checkpoint.to_owned(),
        })?;
        match self.out.flush() {
            Ok(()) => Ok(self.out),
            Err(error) => Err(self.error(error.into())),
        }
    }

    fn line(&mut self, value: &impl Serialize) -> Result<(), PackError> {
        let written = serde_json::to_writer(&mut self.out, value)
            .map_err(std::io::Error::from)
            .and_then(|()| self.out.write_all(b"\n"));
        written.map_err(|error| self.error(error.into()))
    }

    fn miscounted(&self, entries: u64) -> PackFault {
        PackFault::Count {
            entries,
            size: self.size,
        }
    }

    /// The manifest is line 1, so entry n is on line n + 2.
    fn error(&self, fault: PackFault) -> PackError {
        PackError {
            line: self.entries.saturating_add(2),
            fault,
        }
    }
}
