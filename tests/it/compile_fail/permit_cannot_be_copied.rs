//! A permit is good for one event to one recipient: there is one of it, and it is used up.

use policy::Permit;

fn double(permit: Permit) -> (Permit, Permit) {
    (permit.clone(), permit)
}

fn main() {}
