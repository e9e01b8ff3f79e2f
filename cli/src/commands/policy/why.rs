//! `sluice policy why`: which clauses speak of a flow, whether they hold, and what decides.

mod facts;
mod recorded;

use policy::verdict::Answer;
use policy::why::{ClauseWhy, Explanation, Holds};
use serde_json::{Value, json};

use crate::args::{Place, WhyArgs};
use crate::exit::{Exit, Failure, Outcome};
use crate::out::Out;
use crate::terminal::Tone;

/// Explains a situation that the person describes, or an entry that was recorded.
///
/// # Errors
/// [`Exit::Malformed`] for a broken policy, an unknown name or a fact that cannot be read;
/// [`Exit::Outside`] if the ledger cannot be opened.
pub(super) fn run(args: WhyArgs, out: Out) -> Outcome {
    match args.entry {
        Some(index) => {
            let place = Place {
                data: args.data,
                config: args.config,
            };
            recorded::run(index, &place, out)
        }
        None => supposed(args, out),
    }
}

fn supposed(args: WhyArgs, out: Out) -> Outcome {
    let file = args.file.unwrap_or_default();
    let policy = match super::compile(&file)?.1 {
        Ok(policy) => policy,
        Err(report) => return super::broken(&report, out),
    };
    let names = [args.source, args.recipient, args.purpose].map(Option::unwrap_or_default);
    let [source, recipient, purpose] = &names;
    let known = [
        (
            "source",
            source,
            policy
                .sources()
                .iter()
                .map(|one| &*one.name)
                .collect::<Vec<_>>(),
        ),
        (
            "recipient",
            recipient,
            policy.recipients().iter().map(|one| &*one.name).collect(),
        ),
        (
            "purpose",
            purpose,
            policy.purposes().iter().map(AsRef::as_ref).collect(),
        ),
    ];
    for (what, name, known) in known {
        facts::must_be_known(what, name, &known)?;
    }
    let flow = policy.flow(source, recipient, purpose);
    let flow = flow.ok_or_else(|| Failure::malformed("the policy knows no such flow"))?;
    let situation = facts::situation(&args.facts, &policy, purpose)?;
    let explanation = policy::why::why(&policy, flow, &situation)
        .ok_or_else(|| Failure::malformed("the policy knows no such flow"))?;
    out.print(&text(&explanation), &as_json(&explanation))?;
    Ok(Exit::Done)
}

fn text(explanation: &Explanation) -> String {
    let paint = super::paint();
    let mut lines = vec![match &explanation.answer {
        Answer::Permitted { clauses, program } => {
            let edited = program.steps.iter().any(|step| step.edit.is_some());
            let (tone, word) = if edited {
                (Tone::Edited, "edited")
            } else {
                (Tone::Sent, "sent")
            };
            let labels: Vec<&str> = clauses.iter().map(|label| &*label.0).collect();
            format!("{} because {}", paint.tone(tone, word), labels.join(", "))
        }
        Answer::Refused(refusal) => {
            let labels: Vec<&str> = refusal.clauses.iter().map(|label| &*label.0).collect();
            let because = if labels.is_empty() {
                refusal.reason.word().to_owned()
            } else {
                format!("{} ({})", labels.join(", "), refusal.reason.word())
            };
            format!("{} because {because}", paint.tone(Tone::Refused, "refused"))
        }
    }];
    lines.push(String::new());
    for (gate, open) in &explanation.gates {
        let word = if *open {
            "in order    "
        } else {
            "NOT in order"
        };
        lines.push(format!("{word}  {gate}"));
    }
    for clause in &explanation.clauses {
        lines.push(format!(
            "\n{}  {}",
            paint.tone(Tone::Bold, &clause.label.0),
            holds(clause)
        ));
        lines.extend(wrapped(&clause.sentence).map(|line| paint.tone(Tone::Dim, &line)));
        lines.extend(
            clause
                .because
                .iter()
                .map(|because| format!("    - {because}")),
        );
    }
    if let Answer::Permitted { program, .. } = &explanation.answer {
        let leaving: Vec<&str> = program.steps.iter().map(|step| &*step.category).collect();
        lines.push(format!("\nAt most this leaves: {}.", leaving.join(", ")));
    }
    lines.join("\n")
}

/// A clause's sentences, indented, in lines that fit.
fn wrapped(sentence: &str) -> impl Iterator<Item = String> {
    let mut lines = vec![String::from("   ")];
    for word in sentence.split_whitespace() {
        let fits = lines
            .last()
            .is_some_and(|line| line.chars().count() + word.len() < 90);
        if !fits {
            lines.push(String::from("   "));
        }
        if let Some(line) = lines.last_mut() {
            line.push(' ');
            line.push_str(word);
        }
    }
    lines.into_iter()
}

fn holds(clause: &ClauseWhy) -> &'static str {
    match clause.holds {
        Holds::Yes => "applies",
        Holds::No => "does not apply",
        Holds::CannotTell => "cannot be told: a fact is missing",
        Holds::Unreadable => "cannot be told: a signal is unreadable",
    }
}

fn as_json(explanation: &Explanation) -> Value {
    let (verdict, clauses, reason) = match &explanation.answer {
        Answer::Permitted { clauses, program } => {
            let edited = program.steps.iter().any(|step| step.edit.is_some());
            (if edited { "edited" } else { "sent" }, clauses, None)
        }
        Answer::Refused(refusal) => ("refused", &refusal.clauses, Some(refusal.reason.word())),
    };
    let labels: Vec<&str> = clauses.iter().map(|label| &*label.0).collect();
    let gates: Vec<Value> = explanation
        .gates
        .iter()
        .map(|(gate, open)| json!({ "gate": gate, "in_order": open }))
        .collect();
    let spoken: Vec<Value> = explanation
        .clauses
        .iter()
        .map(|clause| {
            let word = match clause.holds {
                Holds::Yes => "yes",
                Holds::No => "no",
                Holds::CannotTell => "cannot tell",
                Holds::Unreadable => "unreadable",
            };
            json!({ "clause": &*clause.label.0, "sentence": clause.sentence, "holds": word,
                "because": clause.because })
        })
        .collect();
    json!({ "verdict": verdict, "clauses": labels, "reason": reason, "gates": gates,
        "spoken": spoken })
}
