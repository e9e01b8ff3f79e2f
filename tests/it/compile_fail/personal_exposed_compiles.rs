//! The twin: whoever wants the content says so, and can be found by searching for `expose`.

fn main() {
    let email = consent::Personal::new("ada@example.com");
    println!("{}", email.expose());
}
