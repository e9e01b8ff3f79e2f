//! A value about a person has no `Display`: it cannot slip into a log line or an error text.

fn main() {
    let email = consent::Personal::new("ada@example.com");
    println!("{}", email);
}
