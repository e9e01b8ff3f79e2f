//! Random bytes of the operating system.

use ring::rand::{SecureRandom as _, SystemRandom};

use crate::LedgerError;

pub(crate) fn random<const N: usize>() -> Result<[u8; N], LedgerError> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| LedgerError::Random)?;
    Ok(bytes)
}
