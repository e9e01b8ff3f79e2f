//! What leaves was recorded and decided again: bytes, however they came about, are not sent.

use std::sync::Arc;

use gateway::egress::{Egress, Sent, Target};

async fn send(egress: &mut Egress, target: &Arc<Target>, body: Vec<u8>) -> Sent {
    egress.send(target, &[body], std::time::Duration::from_secs(1)).await
}

fn main() {}
