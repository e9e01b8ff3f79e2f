//! The twin of `recorded_cannot_be_forged`: the ledger hands it out once it is durable.

use ledger::{Draft, Ledger, LedgerError, Outgoing, Recorded};

async fn record<T: Outgoing>(
    ledger: &Ledger,
    draft: Draft,
    value: T,
) -> Result<Option<Recorded<T>>, LedgerError> {
    let mut recorded = ledger.record(vec![(draft, Some(value))], || ()).await?;
    Ok(recorded.pop().and_then(|(_, recorded)| recorded))
}

fn main() {}
