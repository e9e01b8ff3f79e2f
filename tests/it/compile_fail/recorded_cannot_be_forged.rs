//! A recorded body exists only after its commit: nobody but the ledger makes one.

use ledger::{Meta, Recorded};

fn forge(value: Vec<u8>, meta: Meta) -> Recorded<Vec<u8>> {
    Recorded { value, meta }
}

fn main() {}
