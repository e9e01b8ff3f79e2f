//! The twin of `recorded_yields_nothing_without_a_permit`: with the permit it does.

use ledger::{Mismatch, Outgoing, Recorded};
use policy::Permit;

fn look<T: Outgoing>(recorded: Recorded<T>, permit: Permit) -> Result<Vec<u8>, Mismatch<T>> {
    Ok(recorded.redecide(permit)?.to_row())
}

fn main() {}
