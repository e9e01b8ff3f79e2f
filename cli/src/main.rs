//! The one executable, `sluice`.
fn main() {}
