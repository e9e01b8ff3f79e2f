//! The build that ships: nothing can be injected.

use super::CrashPoint;
use crate::StoreError;

#[derive(Clone, Debug, Default)]
pub(crate) struct Faults(());

impl Faults {
    pub(crate) fn refusal(&self) -> Option<StoreError> {
        None
    }

    pub(crate) fn disk_is_full(&self) -> bool {
        false
    }

    pub(crate) fn answers_before_commit(&self) -> bool {
        false
    }

    pub(crate) fn pass(&self, _point: CrashPoint) {}
}
