//! `sluice policy ...`: check, test and ask policies.

mod why;

use std::path::Path;

use policy::Policy;
use policy::diagnostic::Report;
use serde_json::json;

use crate::args::{Format, PolicyCommand};
use crate::exit::{Blame as _, Exit, Failure, Outcome};
use crate::out::Out;
use crate::terminal::{Paint, is_terminal};

/// Checks, tests or asks.
///
/// # Errors
/// [`Exit::Malformed`] if a file cannot be read; findings are printed, and set the exit code.
pub(super) fn run(command: PolicyCommand, out: Out) -> Outcome {
    match command {
        PolicyCommand::Check(args) => every(&args.files.files, |file| check(file, args.deny, out)),
        PolicyCommand::Test(files) => every(&files.files, |file| test(file, out)),
        PolicyCommand::Why(args) => why::run(*args, out),
    }
}

/// Goes on after a bad file: all findings in one run. The worst outcome is the exit code.
fn every(files: &[std::path::PathBuf], mut one: impl FnMut(&Path) -> Outcome) -> Outcome {
    let mut worst = Exit::Done;
    for file in files {
        let exit = match one(file) {
            Ok(exit) => exit,
            Err(failure) => {
                crate::out::complain(&format!("error: {:#}", failure.error));
                failure.exit
            }
        };
        if exit.code() > worst.code() {
            worst = exit;
        }
    }
    Ok(worst)
}

fn check(file: &Path, deny: bool, out: Out) -> Outcome {
    let (text, compiled) = compile(file)?;
    let policy = match compiled {
        Ok(policy) => policy,
        Err(report) => return broken(&report, out),
    };
    let lints = Report::new(file.to_owned(), text, policy.lints().to_vec());
    print_findings(&lints, out)?;
    let good = !deny || policy.lints().is_empty();
    let verdict = if good {
        "is good"
    } else {
        "has lints, and they are denied"
    };
    let text = format!(
        "`{}` {verdict}: policy `{}` version {}",
        file.display(),
        policy.name(),
        policy.version()
    );
    let json = json!({ "file": file, "ok": good, "name": policy.name(),
        "version": policy.version(), "sha256": crate::keys::hex(policy.hash()) });
    out.print(&text, &json)?;
    Ok(if good { Exit::Done } else { Exit::NotGood })
}

fn test(file: &Path, out: Out) -> Outcome {
    let policy = match compile(file)?.1 {
        Ok(policy) => policy,
        Err(report) => return broken(&report, out),
    };
    let outcomes = policy::testing::run(&policy);
    for outcome in &outcomes {
        let word = if outcome.passed { "pass" } else { "FAIL" };
        let mut text = format!("{word}  {}", outcome.name);
        if !outcome.passed {
            text.push_str(&format!("\n      found: {}", outcome.found));
        }
        let json = json!({ "file": file, "test": outcome.name, "passed": outcome.passed,
            "found": outcome.found });
        out.print(&text, &json)?;
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.passed).count();
    if failed > 0 {
        out.say(&format!("{failed} of {} tests fail", outcomes.len()))?;
        return Ok(Exit::NotGood);
    }
    out.say(&format!("{} tests pass", outcomes.len()))?;
    Ok(Exit::Done)
}

fn broken(report: &Report, out: Out) -> Outcome {
    print_findings(report, out)?;
    Ok(Exit::Malformed)
}

/// Findings, underlined for people, one object a line for programs.
fn print_findings(report: &Report, out: Out) -> Result<(), Failure> {
    if report.diagnostics.is_empty() {
        return Ok(());
    }
    match out.format() {
        Format::Text => crate::out::raw(&report.render(colored())),
        Format::Json => crate::out::raw(&report.to_json()),
    }
}

/// A policy's text, and what it compiles to.
type Compiled = (String, Result<Policy, Report>);

fn compile(file: &Path) -> Result<Compiled, Failure> {
    let doing = format!("reading the policy `{}`", file.display());
    let text = std::fs::read_to_string(file).or_malformed(doing)?;
    let compiled = Policy::compile(file, &text);
    Ok((text, compiled))
}

fn colored() -> bool {
    is_terminal() && !crate::environment::no_color()
}

/// How output is colored.
fn paint() -> Paint {
    Paint::for_stdout()
}
