//! A body is written on a permit, and on nothing else.

use gateway::sanitize::{Addressed, Sanitized};
use gateway::{Keys, Plan};

fn write(addressed: &Addressed<'_, '_>, plan: &Plan, keys: &Keys) -> Option<Sanitized> {
    Sanitized::write(addressed, plan, keys)
}

fn main() {}
