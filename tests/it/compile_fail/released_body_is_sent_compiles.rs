//! The twin of `raw_body_cannot_be_sent`: what is released is what egress takes.

use std::sync::Arc;

use gateway::egress::{Egress, Sent, Target};
use gateway::sanitize::Sanitized;
use ledger::Released;

async fn send(egress: &mut Egress, target: &Arc<Target>, body: Released<Sanitized>) -> Sent {
    egress.send(target, &[body], std::time::Duration::from_secs(1)).await
}

fn main() {}
