//! What waits to be sent shows nothing of itself: there is no way to it past a fresh decision.

use ledger::{Outgoing, Recorded};

fn look<T: Outgoing>(recorded: &Recorded<T>) -> Vec<u8> {
    recorded.to_row()
}

fn main() {}
