use clap::CommandFactory as _;

use super::*;

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(line.split_whitespace())
}

#[test]
fn the_command_line_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn usage_errors_exit_with_two_and_help_with_zero() {
    for wrong in [
        "sluice",
        "sluice demon",
        "sluice demo --events 0",
        "sluice serve",
        "sluice policy why p.policy",
        "sluice policy why --entry 3",
        "sluice ledger export --out p",
        "sluice consent show --key k",
        "sluice stop tool X --because y --key k",
    ] {
        assert_eq!(parse(wrong).unwrap_err().exit_code(), 2, "{wrong}");
    }
    assert_eq!(parse("sluice demo --help").unwrap_err().exit_code(), 0);
}

#[test]
fn a_misspelled_command_is_answered_with_the_right_one() {
    let told = parse("sluice polcy check p").unwrap_err().to_string();
    assert!(told.contains("'policy'"), "{told}");
}

#[test]
fn identifiers_do_not_reach_debug_output() {
    let line = "sluice consent show --email canary@example.org --key k";
    assert!(!format!("{:?}", parse(line).unwrap()).contains("canary"));
}

#[test]
fn every_printing_command_takes_a_format() {
    for line in [
        "sluice check --config c --format json",
        "sluice --format json policy test p",
        "sluice ledger verify p --format json",
    ] {
        assert_eq!(parse(line).unwrap().format, Format::Json, "{line}");
    }
}
