//! `sluice check`: configuration and policies, all errors at once. It needs no secret.

use serde_json::{Value, json};

use crate::args::{ConfigArgs, Format};
use crate::config::{Config, Reading};
use crate::exit::{Exit, Failure, Outcome};
use crate::keys::{KeyError, Secret};
use crate::out::Out;

/// Checks a configuration. Key files that are not there yet are told, and are no error.
///
/// # Errors
/// [`Exit::Malformed`] if there is no such file, or a key file is of no use.
pub(super) fn run(args: &ConfigArgs, out: Out) -> Outcome {
    let reading = Reading::of(&args.config, &crate::environment::overrides())?;
    let Some(config) = &reading.config else {
        let told = reading.told();
        if out.format() == Format::Text {
            crate::out::line(&told.join("\n\n"))?;
        }
        for problem in reading.told_json() {
            out.note(&problem)?;
        }
        if let (Format::Json, Some(report)) = (out.format(), &reading.policy) {
            crate::out::raw(&report.to_json())?;
        }
        return Ok(Exit::Malformed);
    };
    let (missing, useless) = keys(config);
    if !useless.is_empty() {
        return Err(Failure::malformed(useless.join("\nerror: ")));
    }
    let tests = policy::testing::run(&config.policy);
    let passed = tests.iter().filter(|test| test.passed).count();
    let failed = tests.iter().filter(|test| !test.passed);
    let failed: Vec<_> = failed.map(|test| (&test.name, &test.found)).collect();
    let verdict = if failed.is_empty() {
        "is good"
    } else {
        "is not good, a test of its policy fails"
    };
    let mut lines = vec![format!(
        "`{}` {verdict}: {} route(s), policy `{}` version {}, {passed} of {} tests pass",
        reading.file.display(),
        config.gateway.routes.len(),
        config.policy.name(),
        config.policy.version(),
        tests.len(),
    )];
    let (told, flows) = flows(config);
    lines.extend(told);
    let fail = |(name, found)| format!("FAIL  {name}\n      found: {found}");
    lines.extend(failed.iter().copied().map(fail));
    lines.extend(missing.iter().map(|note| format!("note: {note}")));
    let failed: Vec<_> = failed
        .iter()
        .map(|(name, found)| json!({ "test": name, "found": found }))
        .collect();
    let json = json!({
        "ok": passed == tests.len(), "flows": flows, "tests": tests.len(), "passed": passed,
        "failed": failed, "notes": missing,
    });
    out.print(&lines.join("\n"), &json)?;
    Ok(if passed == tests.len() {
        Exit::Done
    } else {
        Exit::NotGood
    })
}

/// Where each flow goes, in words and as JSON; `connect` is shown because it overrides an address.
fn flows(config: &Config) -> (Vec<String>, Vec<Value>) {
    let mut lines = Vec::new();
    let mut flows = Vec::new();
    for route in &config.gateway.routes {
        for flow in &route.flows {
            let connect = flow
                .connect
                .map(|address| format!(" (connects to {address})"));
            lines.push(format!(
                "  {} {} -> {} for {}: {}{}",
                route.path,
                route.source,
                flow.recipient,
                flow.purpose,
                flow.upstream,
                connect.unwrap_or_default(),
            ));
            flows.push(json!({
                "path": route.path, "source": route.source, "recipient": flow.recipient,
                "purpose": flow.purpose, "upstream": flow.upstream, "connect": flow.connect,
            }));
        }
    }
    (lines, flows)
}

/// Key files that are not there yet, and those that are there and of no use.
fn keys(config: &Config) -> (Vec<String>, Vec<String>) {
    let errors = config
        .key_files()
        .into_iter()
        .filter_map(|file| Secret::read(file).err());
    let (missing, useless): (Vec<_>, Vec<_>) =
        errors.partition(|error| matches!(error, KeyError::Missing(_)));
    let words = |errors: Vec<KeyError>| errors.iter().map(ToString::to_string).collect();
    (words(missing), words(useless))
}
