//! Entry bundles as in C2SP tlog-tiles: a big-endian 16-bit length before each entry.

use proof::Index;

use crate::LedgerError;

/// Adds an entry.
pub(crate) fn push(bundle: &mut Vec<u8>, entry: &[u8], index: Index) -> Result<(), LedgerError> {
    let length = u16::try_from(entry.len()).map_err(|_| LedgerError::Damaged {
        index,
        what: "an entry is too long for a bundle",
    })?;
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
    Ok(())
}

/// The entries in a bundle; `None` if its lengths do not fit it.
pub(crate) fn split(bundle: &[u8]) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    let mut rest = bundle;
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<2>()?;
        let (entry, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        entries.push(entry);
        rest = after;
    }
    Some(entries)
}

#[cfg(test)]
mod tests {
    use proof::{Hash, Index};

    use super::{push, split};

    /// The golden bundle of the eight reference leaves of RFC 6962 implementations.
    #[test]
    fn eight_reference_leaves() {
        let leaves: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let mut bundle = Vec::new();
        for leaf in leaves {
            push(&mut bundle, leaf, Index::new(0)).unwrap();
        }
        assert_eq!(bundle.len(), 50);
        assert_eq!(
            Hash::of(&bundle).to_string(),
            "1afdc32f06ff88236207410a37b10ff2b5647186b52a531da0416d539b15a876"
        );
        assert_eq!(split(&bundle).unwrap(), leaves);
        assert_eq!(split(&bundle[..49]), None);
        assert_eq!(split(&bundle[..51 - 18]), None);
    }

    #[test]
    fn an_entry_has_at_most_65535_bytes() {
        let mut bundle = Vec::new();
        assert!(push(&mut bundle, &[0; 65_535], Index::new(0)).is_ok());
        assert!(push(&mut bundle, &[0; 65_536], Index::new(0)).is_err());
    }
}
