//! Checking a pack in one pass, with no more memory than one line needs.

use std::collections::BTreeMap;
use std::io::{BufRead, Read as _};

use super::line::{self, CheckpointLine, EntryLine, Manifest, Version};
use super::{PACK_VERSION, PackError, PackFault, SCOPE};
use crate::checkpoint::Checkpoint;
use crate::entry::{Body, Entry, Kind, Verdict};
use crate::hash::{Hash, leaf_hash};
use crate::merkle::{Frontier, Index, Size};
use crate::note::VerifyingKey;
use crate::sidecar::Sidecar;

/// The longest line, in bytes: an entry and a full sidecar take less.
const LINE_BYTES_MAX: u64 = 4_000_000;

const MANIFEST: &str = "the manifest of a pack";
const ENTRY: &str = "an entry";
const CHECKPOINT: &str = "the checkpoint";

/// What a pack shows, once every check has passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The key that signed.
    pub key: VerifyingKey,
    /// Whether that key was known beforehand. If not, the pack is only known to agree with itself.
    pub key_expected: bool,
    /// Which ledger.
    pub origin: String,
    /// What the pack is about; print it.
    pub scope: String,
    /// How many entries.
    pub size: Size,
    /// The root over them.
    pub root: Hash,
    /// Entries by kind. Kinds without entries are absent.
    pub kinds: BTreeMap<Kind, u64>,
    /// Decision entries by verdict. One event decided at collection and again when it was sent
    /// counts twice.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// Openings that are what their entry committed to, and sidecars by schema.
    pub openings_checked: u64,
    /// Entries whose commitment has no opening here: withheld or erased.
    pub sealed: u64,
}

/// Checks a whole pack. `progress` hears the number of entries checked so far, after each.
///
/// Without an `expected_key` the pack's own key is used: see [`Report::key_expected`].
///
/// # Errors
/// [`PackError`] with the first line that does not hold. [`PackFault::Io`] is the only fault that
/// says nothing about the pack.
pub fn verify(
    reader: impl BufRead,
    expected_key: Option<&VerifyingKey>,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, PackError> {
    let mut lines = Lines {
        reader,
        number: 0,
        buffer: Vec::new(),
    };
    check(&mut lines, expected_key, progress).map_err(|fault| PackError {
        line: lines.number,
        fault,
    })
}

fn check(
    lines: &mut Lines<impl BufRead>,
    expected_key: Option<&VerifyingKey>,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, PackFault> {
    let (key, size) = check_manifest(
        lines.next()?.ok_or(PackFault::Form {
            column: 1,
            expected: MANIFEST,
        })?,
        expected_key,
    )?;

    let mut tally = Tally::default();
    for entries in 0..size.get() {
        let Some(line) = lines.next()? else {
            return Err(PackFault::Truncated { entries, size });
        };
        tally.take(Index::new(entries), line, size)?;
        progress(entries.saturating_add(1));
    }

    let truncated = PackFault::Truncated {
        entries: size.get(),
        size,
    };
    let CheckpointLine { checkpoint } = line::parse(lines.next()?.ok_or(truncated)?, CHECKPOINT)?;
    let checkpoint = Checkpoint::open(&checkpoint, &key)?;
    if checkpoint.size != size {
        return Err(PackFault::SizeDiffers {
            signed: checkpoint.size,
            stated: size,
        });
    }
    if checkpoint.root != tally.tree.root() {
        return Err(PackFault::RootDiffers);
    }
    if lines.next()?.is_some() {
        return Err(PackFault::AfterEnd);
    }
    Ok(Report {
        key,
        key_expected: expected_key.is_some(),
        origin: checkpoint.origin,
        scope: SCOPE.to_owned(),
        size,
        root: checkpoint.root,
        kinds: tally.kinds,
        verdicts: tally.verdicts,
        openings_checked: tally.openings_checked,
        sealed: tally.sealed,
    })
}

/// Everything the manifest says is fixed by the format or signed with the checkpoint.
fn check_manifest(
    line: &[u8],
    expected_key: Option<&VerifyingKey>,
) -> Result<(VerifyingKey, Size), PackFault> {
    let version: Version = line::parse(line, MANIFEST)?;
    if version.sluice_pack != PACK_VERSION {
        return Err(PackFault::Version(version.sluice_pack));
    }
    let manifest: Manifest = line::parse(line, MANIFEST)?;
    let key = VerifyingKey::parse(&manifest.vkey).map_err(PackFault::Key)?;
    if let Some(expected) = expected_key
        && *expected != key
    {
        return Err(PackFault::KeyDiffers {
            expected: expected.to_string(),
            found: key.to_string(),
        });
    }
    if manifest.origin != key.name() {
        return Err(PackFault::OriginDiffers {
            key: key.name().to_owned(),
        });
    }
    if manifest.scope != SCOPE {
        return Err(PackFault::Scope);
    }
    Ok((key, Size::new(manifest.size)))
}

/// What has been seen so far.
#[derive(Default)]
struct Tally {
    tree: Frontier,
    kinds: BTreeMap<Kind, u64>,
    verdicts: BTreeMap<Verdict, u64>,
    openings_checked: u64,
    sealed: u64,
}

impl Tally {
    fn take(&mut self, index: Index, line: &[u8], size: Size) -> Result<(), PackFault> {
        let parsed: EntryLine = line::parse(line, ENTRY).map_err(|fault| {
            // The checkpoint in an entry's place: entries were cut out before it.
            match line::parse::<CheckpointLine>(line, CHECKPOINT) {
                Ok(_) => PackFault::Truncated {
                    entries: index.get(),
                    size,
                },
                Err(_) => fault,
            }
        })?;
        if parsed.index != index.get() {
            let found = Index::new(parsed.index);
            return Err(PackFault::Order {
                expected: index,
                found,
            });
        }
        let bytes = line::decode("entry", &parsed.entry)?;
        let entry = Entry::decode(&bytes)?;
        self.open(&entry, &parsed)?;
        count(&mut self.kinds, entry.kind());
        if let Body::Decision { verdict, .. } = entry.body {
            count(&mut self.verdicts, verdict);
        }
        self.tree.push(leaf_hash(&bytes));
        Ok(())
    }

    fn open(&mut self, entry: &Entry, line: &EntryLine) -> Result<(), PackFault> {
        match (&entry.commitment, &line.opening) {
            (None, None) => {}
            (None, Some(_)) => return Err(PackFault::OpeningUnasked),
            (Some(_), None) => self.sealed = self.sealed.saturating_add(1),
            (Some(commitment), Some(opening)) => {
                let opening = opening.to_opening()?;
                if !opening.opens(commitment) {
                    return Err(PackFault::OpeningDiffers);
                }
                Sidecar::decode(&opening.payload)?;
                self.openings_checked = self.openings_checked.saturating_add(1);
            }
        }
        Ok(())
    }
}

fn count<K: Ord>(counts: &mut BTreeMap<K, u64>, key: K) {
    let count = counts.entry(key).or_default();
    *count = count.saturating_add(1);
}

/// Lines that end in a newline, and where we are.
struct Lines<R> {
    reader: R,
    number: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// The next line without its newline; `None` at the end.
    fn next(&mut self) -> Result<Option<&[u8]>, PackFault> {
        self.number = self.number.saturating_add(1);
        self.buffer.clear();
        let read = self
            .reader
            .by_ref()
            .take(LINE_BYTES_MAX)
            .read_until(b'\n', &mut self.buffer)?;
        match self.buffer.strip_suffix(b"\n") {
            Some(line) => Ok(Some(line)),
            None if read == 0 => Ok(None),
            None if self.buffer.len() as u64 >= LINE_BYTES_MAX => Err(PackFault::LineTooLong),
            None => Err(PackFault::Form {
                column: read,
                expected: "a newline: the pack was cut off here",
            }),
        }
    }
}
