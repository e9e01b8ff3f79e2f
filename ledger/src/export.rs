//! What leaves for strangers to check: packs and proofs.

use std::io::Write;

use proof::checkpoint::Checkpoint;
use proof::entry::Body;
use proof::merkle::{Frontier, inclusion_proof};
use proof::pack::PackWriter;
use proof::tlog_proof::TlogProof;
use proof::{Index, Size};
use store::Lane;

use crate::read::{Sealed, decode};
use crate::walk::Walk;
use crate::{Draft, Ledger, LedgerError};

impl Ledger {
    /// Writes a pack of every entry up to now, and returns how many. The export itself is an entry,
    /// durable before the first byte is written; so it stands after the pack's last one, in the
    /// next pack, and does not know the pack's hash.
    /// `openings` adds the sidecars that still can be opened; `progress` hears the entries written.
    ///
    /// Memory does not grow with the ledger. `out` blocks this task while it writes.
    ///
    /// # Errors
    /// [`LedgerError::Pack`] if `out` fails, [`LedgerError::Damaged`], [`LedgerError::Store`].
    pub async fn export<W: Write + Send>(
        &self,
        out: W,
        openings: bool,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Size, LedgerError> {
        let note = self.checkpoint().await?;
        let checkpoint = Checkpoint::open(&note, self.vkey())?;
        let export = Body::Export {
            first: Index::new(0),
            size: checkpoint.size,
            root: checkpoint.root,
            hash: None,
        };
        self.append(Lane::House, vec![Draft::new(export)]).await?;
        let readers = self.0.store.readers();
        let mut pack = PackWriter::new(out, self.vkey(), checkpoint.size)?;
        let mut walk = Walk::new(readers, Frontier::empty(), checkpoint.size);
        while let Some(row) = walk.next().await? {
            let sealed = match openings {
                true => Some(Sealed::of(readers, &row).await?),
                false => None,
            };
            for (index, bytes) in row.numbered() {
                let opening = match &sealed {
                    Some(sealed) => sealed.open(index, &decode(index, bytes)?)?,
                    None => None,
                };
                pack.entry(bytes, opening.as_ref())?;
            }
            progress(walk.tree().size().get());
        }
        pack.finish(&note)?;
        Ok(checkpoint.size)
    }

    /// The text of a proof file (c2sp.org/tlog-proof@v1) for one entry, under a checkpoint of now.
    /// Reads every entry, and holds 32 bytes of each.
    ///
    /// # Errors
    /// [`LedgerError::NoEntry`], [`LedgerError::Damaged`], [`LedgerError::Store`].
    pub async fn prove(&self, index: Index) -> Result<String, LedgerError> {
        let size = self.size();
        if index.get() >= size.get() {
            return Err(LedgerError::NoEntry { index, size });
        }
        let note = self.checkpoint().await?;
        let size = Checkpoint::open(&note, self.vkey())?.size;
        let mut walk = Walk::new(self.0.store.readers(), Frontier::empty(), size);
        let (mut leaves, mut entry) = (Vec::new(), Vec::new());
        while let Some(row) = walk.next().await? {
            if let Some((_, bytes)) = row.numbered().find(|(place, _)| *place == index) {
                entry = bytes.to_vec();
            }
            leaves.extend_from_slice(&row.leaves);
        }
        let proof = TlogProof {
            entry,
            index,
            path: inclusion_proof(&leaves, index, size)?,
            checkpoint: note,
        };
        Ok(proof.to_text())
    }
}
