//! What must not compile, each beside a twin that does, one line away.

#[test]
fn guarantees_do_not_compile_when_broken() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("it/compile_fail/*_cannot_*.rs");
    cases.compile_fail("it/compile_fail/*_yields_nothing_*.rs");
    cases.pass("it/compile_fail/*_compiles.rs");
}
