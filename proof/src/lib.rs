//! What a stranger needs to check a ledger: its tree, its notes, its entries, its packs.
//!
//! A regulator or a consumer has a pack or a proof file, and a key. This crate says whether they
//! hold together: [`merkle`] has the tree of RFC 6962, [`note`] and [`checkpoint`] the C2SP text
//! formats, [`entry`] and [`sidecar`] what the ledger records, [`tlog_proof`] the proof of one
//! entry, [`pack`] a whole ledger in a file. `docs/LEDGER.md` describes each byte.
//!
//! It is not the ledger. It opens no file, no socket and no database, knows no clock, has no
//! secret but a signing key that is lent to it, and decides nothing. It builds to WebAssembly.
//!
//! ```
//! use proof::checkpoint::Checkpoint;
//! use proof::entry::{Body, Entry, EntryId};
//! use proof::merkle::{Frontier, Size};
//! use proof::note::SigningKey;
//! use proof::pack::{self, PackWriter};
//! use proof::Hash;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A ledger with one entry, and its signed checkpoint.
//! let entry = Entry {
//!     second: 1_700_000_000,
//!     id: EntryId::from_bytes([7; 16]),
//!     commitment: None,
//!     body: Body::Start { software: "sluice 1".into(), policy: Hash::of(b"policy text") },
//! };
//! let tree: Frontier = [entry.leaf_hash()?].into_iter().collect();
//! let key = SigningKey::from_seed("example.com/ledger", &[1; 32])?;
//! let checkpoint = Checkpoint {
//!     origin: key.name().into(),
//!     size: tree.size(),
//!     root: tree.root(),
//! };
//!
//! // Exported, and checked by somebody who knows only the public key.
//! let mut writer = PackWriter::new(Vec::new(), key.vkey(), Size::new(1))?;
//! writer.entry(&entry.encode()?, None)?;
//! let mut bytes = writer.finish(&checkpoint.sign(&key)?)?;
//! let report = pack::verify(bytes.as_slice(), Some(key.vkey()), &mut |_entries| {})?;
//! assert_eq!(report.root, tree.root());
//!
//! // One changed bit, and it no longer holds.
//! if let Some(byte) = bytes.get_mut(400) {
//!     *byte ^= 1;
//! }
//! assert!(pack::verify(bytes.as_slice(), Some(key.vkey()), &mut |_entries| {}).is_err());
//! # Ok(())
//! # }
//! ```

pub mod checkpoint;
pub mod entry;
pub mod hash;
pub mod merkle;
pub mod note;
pub mod pack;
pub mod sidecar;
pub mod tlog_proof;

mod cbor;

pub use cbor::CborError;
pub use hash::Hash;
pub use merkle::{Index, Size};
