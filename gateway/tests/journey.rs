//! An event's journey over real sockets: a client on one side, a recipient on the other, a database
//! in a scratch directory between them.
#![cfg(test)]

#[path = "journey/answers.rs"]
mod answers;
#[path = "journey/load.rs"]
mod load;
#[cfg(feature = "controls")]
#[path = "journey/planted.rs"]
mod planted;
#[path = "journey/recipient.rs"]
mod recipient;
#[path = "journey/verdicts.rs"]
mod verdicts;
#[path = "journey/waiting.rs"]
mod waiting;
#[path = "journey/world.rs"]
mod world;
