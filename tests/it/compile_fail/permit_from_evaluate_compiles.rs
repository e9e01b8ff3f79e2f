//! The twin of `permit_cannot_be_forged`: the one way to a permit.

use policy::verdict::{EventId, FlowId, Label, Verdict};
use policy::{Permit, Policy, Situation};

fn mint(policy: &Policy, flow: FlowId, situation: &Situation) -> Option<Permit> {
    match policy.evaluate(flow, EventId([0; 16]), situation, situation) {
        Verdict::Permit(permit) => Some(permit),
        Verdict::Refused(_) => None,
    }
}

fn read(permit: &Permit) -> (EventId, FlowId, &[u8; 32], &[Label]) {
    (permit.event(), permit.flow(), permit.policy(), permit.clauses())
}

fn main() {}
