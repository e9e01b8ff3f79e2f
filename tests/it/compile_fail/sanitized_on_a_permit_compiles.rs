//! The twin of `sanitized_cannot_be_made_without_a_permit`: the one way to a body.

use gateway::sanitize::{Addressed, Sanitized};
use gateway::{Keys, Plan};
use policy::Permit;

fn write(
    permit: Permit,
    addressed: &Addressed<'_, '_>,
    plan: &Plan,
    keys: &Keys,
) -> Option<Sanitized> {
    Sanitized::write(permit, addressed, plan, keys)
}

fn main() {}
