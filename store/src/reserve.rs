//! The reserve: room for people's choices that is there even when the disk is full.
//!
//! Frames stand one after the other from the start of the file: length (4 bytes, big-endian),
//! SHA-256 of length and content, content. What follows the last frame is zeros, so a length of
//! zero, a length past the end or a hash that differs is the end: at most the frame that was being
//! written when the power went is lost, and nobody was told that it was kept.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ring::digest::{Context, SHA256};

use crate::{StoreError, connect};

#[cfg(test)]
mod tests;

/// The size a reserve has unless told otherwise: 1 MiB, some thousand choices.
pub const RESERVE_BYTES: u64 = 1024 * 1024;

/// Length and hash.
const HEAD_BYTES: usize = 4 + 32;

/// A preallocated, flushed file that takes frames when the database cannot.
///
/// Every method blocks on the disk: call it from `spawn_blocking`. Replaying is the caller's
/// affair and must be idempotent by ids of its own: a crash may show frames again.
#[derive(Clone, Debug)]
pub struct Reserve(Arc<Mutex<Frames>>);

#[derive(Debug)]
struct Frames {
    path: PathBuf,
    file: File,
    /// The length of the file.
    room: usize,
    /// Where the next frame goes.
    end: usize,
    /// How many frames are there.
    count: usize,
    /// A flush failed: what is on the disk is not known any more.
    broken: bool,
}

impl Reserve {
    /// Opens the reserve, and makes it `bytes` long if it is shorter. One process at a time: the
    /// lock of the database beside it is what keeps others out.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub fn open(path: &Path, bytes: u64) -> Result<Self, StoreError> {
        let frames = Frames::open(path, bytes).map_err(|error| StoreError::file(path, error))?;
        connect::sync_folder(path)?;
        Ok(Self(Arc::new(Mutex::new(frames))))
    }

    /// Adds a frame; it is durable when this returns.
    ///
    /// # Errors
    /// [`StoreError::ReserveFull`], or [`StoreError::File`].
    pub fn append(&self, frame: &[u8]) -> Result<(), StoreError> {
        let mut frames = self.frames();
        let bytes = encode(frame).ok_or(StoreError::ReserveFull)?;
        let end = frames.end.saturating_add(bytes.len());
        if end > frames.room {
            return Err(StoreError::ReserveFull);
        }
        let start = frames.end;
        frames.write(&bytes, start)?;
        frames.end = end;
        frames.count = frames.count.saturating_add(1);
        Ok(())
    }

    /// All frames since the last clearing, in order.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub fn replay(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        let frames = self.frames();
        let read = frames.read(frames.end);
        let bytes = read.map_err(|error| StoreError::file(&frames.path, error))?;
        Ok(decode(&bytes).map(<[u8]>::to_vec).collect())
    }

    /// Forgets all frames, unless by now more than `frames` are there: then nothing happens and
    /// the answer is `false`. A crash in between leaves a beginning of the frames, or none.
    ///
    /// # Errors
    /// [`StoreError::File`].
    pub fn clear(&self, frames: usize) -> Result<bool, StoreError> {
        let mut ours = self.frames();
        if ours.count > frames {
            return Ok(false);
        }
        // Overwritten rather than cut off: the room stays ours, and no pseudonym is left behind.
        let zeros = vec![0; ours.end];
        ours.write(&zeros, 0)?;
        (ours.end, ours.count) = (0, 0);
        Ok(true)
    }

    fn frames(&self) -> MutexGuard<'_, Frames> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Frames {
    fn open(path: &Path, bytes: u64) -> io::Result<Self> {
        let file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path)?;
        let length = file.metadata()?.len();
        let room = usize::try_from(bytes.max(length)).map_err(io::Error::other)?;
        if let Some(missing) = bytes.checked_sub(length).filter(|missing| *missing > 0) {
            // Written, not only declared: a sparse file would need room when there is none.
            let zeros = vec![0; usize::try_from(missing).map_err(io::Error::other)?];
            file.write_all_at(&zeros, length)?;
        }
        let mut frames = Self {
            path: path.to_owned(),
            file,
            room,
            end: 0,
            count: 0,
            broken: false,
        };
        frames.take_up()?;
        frames.file.sync_all()?;
        Ok(frames)
    }

    /// Finds the end, and wipes what a torn frame left behind it. Whole frames behind a broken one
    /// are more than a torn end: the disk lost what it had confirmed. They are not believed, for
    /// nothing says where they began, but an operator gets all of it to look at.
    fn take_up(&mut self) -> io::Result<()> {
        let bytes = self.read(self.room)?;
        for frame in decode(&bytes) {
            self.end = self.end.saturating_add(HEAD_BYTES + frame.len());
            self.count = self.count.saturating_add(1);
        }
        let torn = bytes.get(self.end..).unwrap_or_default();
        if torn.iter().any(|byte| *byte != 0) {
            if holds_a_frame(torn) {
                let aside = self.path.with_added_extension("damaged");
                tracing::error!(
                    reserve = %self.path.display(),
                    "the reserve file is damaged: choices in it are lost; it was copied beside it"
                );
                std::fs::copy(&self.path, aside)?;
            } else {
                // Of a crash while it was written: nobody was told that it was kept.
                tracing::warn!(reserve = %self.path.display(), "a torn end was wiped");
            }
            self.file
                .write_all_at(&vec![0; torn.len()], as_offset(self.end))?;
        }
        Ok(())
    }

    fn read(&self, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, 0)?;
        Ok(bytes)
    }

    /// Writes and flushes. After a failed flush nothing is written any more: the page cache may
    /// show what the disk does not have.
    fn write(&mut self, bytes: &[u8], start: usize) -> Result<(), StoreError> {
        if self.broken {
            let error = io::Error::other("an earlier flush failed");
            return Err(StoreError::file(&self.path, error));
        }
        let flushed = self
            .file
            .write_all_at(bytes, as_offset(start))
            .and_then(|()| self.file.sync_data());
        flushed.map_err(|error| {
            self.broken = true;
            StoreError::file(&self.path, error)
        })
    }
}

fn as_offset(place: usize) -> u64 {
    u64::try_from(place).unwrap_or(u64::MAX)
}

/// Head and content. `None` where the content is empty or longer than a length can say.
fn encode(frame: &[u8]) -> Option<Vec<u8>> {
    let length = u32::try_from(frame.len())
        .ok()
        .filter(|length| *length > 0)?;
    let length = length.to_be_bytes();
    Some([&length, digest(&length, frame).as_slice(), frame].concat())
}

/// The frames up to the first that does not hold.
fn decode(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (hash, after) = after.split_first_chunk::<32>()?;
        let count = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (frame, after) = after.split_at_checked(count).filter(|_| count > 0)?;
        if digest(length, frame) != *hash {
            return None;
        }
        rest = after;
        Some(frame)
    })
}

/// Whether a whole frame stands anywhere in there.
fn holds_a_frame(bytes: &[u8]) -> bool {
    let starts = 0..bytes.len();
    starts
        .filter_map(|start| bytes.get(start..))
        .any(|rest| decode(rest).next().is_some())
}

fn digest(length: &[u8; 4], frame: &[u8]) -> Vec<u8> {
    let mut context = Context::new(&SHA256);
    context.update(length);
    context.update(frame);
    context.finish().as_ref().to_vec()
}
