//! `sluice demo`: everything in one process, with a sample shop and fake marketing tools on real
//! sockets. It ends by itself, verified.

mod choices;
mod place;
mod random;
mod shop;
mod story;
mod summary;
mod tools;
mod traffic;
mod view;
mod world;

use std::time::Duration;

use policy::Policy;
use tokio::time::{Instant, sleep_until, timeout};

use crate::args::DemoArgs;
use crate::commands::ledger::{verify_pack, write_pack};
use crate::exit::{Blame as _, Exit, Failure, Outcome};
use crate::out::{Out, to_line};
use crate::terminal::{Paint, Tone, is_terminal};
use place::Place;
use shop::{POLICY, POLICY_NAME};
use summary::Summary;
use view::{Moment, View};
use world::World;

/// Runs the demo.
///
/// # Errors
/// [`Exit::Malformed`] if the directory is not empty, [`Exit::Outside`] if the machine fails it or
/// somebody interrupts; what does not hold is told, and is [`Exit::NotGood`].
pub(crate) async fn run(args: DemoArgs, out: Out) -> Outcome {
    let paint = Paint::for_stdout();
    out.say(&paint.tone(
        Tone::Bold,
        "Sluice demo: a sample shop, two marketing tools, one policy",
    ))?;
    let policy = tested_policy(paint, out)?;
    let place = Place::make(args.data.clone())?;
    let live = !args.once && is_terminal() && !crate::environment::is_dumb();
    let view = View::new(out, live);
    let told = tokio::select! {
        told = show(&args, policy, &place, view, out) => told?,
        _ = tokio::signal::ctrl_c() => {
            let message = format!("interrupted; what was recorded is in `{}`", place.dir.display());
            return Err(Failure::outside(message));
        }
    };
    crate::out::line(&to_line(&told.summary)?)?;
    Ok(if told.faults.is_empty() {
        Exit::Done
    } else {
        Exit::NotGood
    })
}

/// What the demo came to.
struct Told {
    summary: Summary,
    faults: Vec<String>,
}

/// The policy must pass its own tests before it decides anything.
fn tested_policy(paint: Paint, out: Out) -> Result<Policy, Failure> {
    let policy = Policy::compile(POLICY_NAME.as_ref(), POLICY)
        .map_err(|report| Failure::malformed(report.render(false)))?;
    let outcomes = policy::testing::run(&policy);
    if let Some(failed) = outcomes.iter().find(|outcome| !outcome.passed) {
        let message = format!(
            "test `{}` of the policy fails: {}",
            failed.name, failed.found
        );
        return Err(Failure::not_good(message));
    }
    let line = format!(
        "policy    {} version {} ({POLICY_NAME}): {} tests pass",
        policy.name(),
        policy.version(),
        outcomes.len()
    );
    out.say(&paint.tone(Tone::Dim, &line))?;
    Ok(policy)
}

async fn show(
    args: &DemoArgs,
    policy: Policy,
    place: &Place,
    mut view: View,
    out: Out,
) -> Result<Told, Failure> {
    let mut world = World::start(args, policy, place).await?;
    let paint = view.paint();
    for line in world.introduction(place) {
        out.say(&paint.tone(Tone::Dim, &line))?;
    }
    out.say("")?;
    world.begin().await?;
    draw(
        &mut view,
        &world,
        "people's choices are being kept, through the admin API",
    )?;
    world.keep_choices().await?;
    let (begun, mut drawn) = (Instant::now(), Instant::now());
    let mut note = "events arrive, and are decided for two recipients each".to_owned();
    while world.done < args.events {
        if world.done == args.events / 2 {
            let withdrawn = world.withdraw().await?;
            note = format!("half way, {withdrawn} people withdrew: effective before acknowledged");
        }
        world.send().await?;
        if drawn.elapsed() >= FRAME || !view.is_live() {
            drawn = Instant::now();
            draw(&mut view, &world, &note)?;
        }
        if view.is_live() {
            sleep_until(begun + pace(args.events, world.done)).await;
        }
    }
    world.traffic.flush().await?;
    draw(&mut view, &world, "the outbox is being emptied")?;
    let drained = timeout(PATIENCE, world.running.gateway.drained()).await;
    drained.or_outside("waiting for the fake tools")?;
    draw(
        &mut view,
        &world,
        "every event was decided, recorded, and sent or refused",
    )?;
    view.finish()?;
    if !view.is_live() {
        out.say("")?;
        for line in world
            .story()
            .lines(paint, "One event of Kim's, before and after")
        {
            out.say(&line)?;
        }
    }
    conclude(args, place, world, paint, out).await
}

fn draw(view: &mut View, world: &World, note: &str) -> Result<(), Failure> {
    view.show(&Moment {
        done: world.done,
        all: world.all,
        counts: &world.running.gateway.counts(),
        recent: &world.running.gateway.recent(),
        story: &world.story(),
        note,
    })
}

/// Checkpoint, export, verification of the pack as a stranger would do it, and the last words.
async fn conclude(
    args: &DemoArgs,
    place: &Place,
    world: World,
    paint: Paint,
    out: Out,
) -> Result<Told, Failure> {
    let counts = world.running.gateway.counts();
    let refused = world.refused_entry();
    let mut faults = world.faults();
    let ledger = &world.running.ledger;
    ledger
        .checkpoint()
        .await
        .or_outside("signing a checkpoint")?;
    let pack = place.pack();
    write_pack(ledger, &pack, false).await?;
    let vkey = ledger.vkey().clone();
    let verified = verify_pack(&pack, Some(&vkey))?;
    world.running.stop().await?;
    let (entries, fault) = match &verified {
        Ok(report) => (report.size.get(), None),
        Err(fault) => (0, Some(fault.clone())),
    };
    let summary = Summary {
        events: counts.events,
        decisions: counts.decisions,
        sent: counts.sent,
        edited: counts.edited,
        refused: counts.refused,
        ledger_entries: entries,
        ledger_verified: verified.is_ok(),
    };
    faults.extend(fault);
    faults.extend(summary.fault(args.events).map(str::to_owned));
    let root = verified
        .map(|report| report.root.to_string())
        .unwrap_or_default();
    for line in last_words(place, &vkey.to_string(), refused, &root, paint) {
        out.say(&line)?;
    }
    for fault in &faults {
        crate::out::complain(&format!("not good: {fault}"));
    }
    Ok(Told { summary, faults })
}

/// The exact commands to look further.
fn last_words(
    place: &Place,
    vkey: &str,
    refused: Option<u64>,
    root: &str,
    paint: Paint,
) -> Vec<String> {
    let program = std::env::args_os()
        .next()
        .and_then(|name| name.into_string().ok());
    let program = program.unwrap_or_else(|| "sluice".to_owned());
    let (program, dir) = (quoted(&program), quoted(&place.dir.display().to_string()));
    let pack = quoted(&place.pack().display().to_string());
    let entry = refused.unwrap_or(0);
    let kept = if place.named {
        "kept in"
    } else {
        "kept until you delete it:"
    };
    let mut lines = vec![
        String::new(),
        format!("ledger    exported and verified, root {root}"),
        paint.tone(Tone::Dim, &format!("data      {kept} {dir}")),
        String::new(),
        paint.tone(Tone::Bold, "Look further"),
    ];
    let further = [
        (
            "check the ledger as a stranger",
            format!("ledger verify {pack} --key {vkey}"),
        ),
        (
            "why was an event refused?",
            format!("policy why --entry {entry} --data {dir}"),
        ),
        (
            "prove that entry",
            format!("ledger prove {entry} --data {dir}"),
        ),
        (
            "ask the policy",
            format!(
                "policy why {dir}/shop.policy --source 'web shop' --recipient 'Meta Ads' \
                 --purpose 'personalised ads' --place US-CA --gpc --gate DPIA-2026-014=2027-12-31"
            ),
        ),
    ];
    for (what, command) in further {
        lines.push(paint.tone(Tone::Dim, &format!("  # {what}")));
        lines.push(format!("  {program} {command}"));
    }
    lines.push(String::new());
    lines
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+=:".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// On a terminal the demo takes its time, so that a person can follow it.
fn pace(events: u64, done: u64) -> Duration {
    let whole = WATCHED.as_millis();
    let so_far = whole * u128::from(done) / u128::from(events.max(1));
    Duration::from_millis(u64::try_from(so_far).unwrap_or(0))
}

const WATCHED: Duration = Duration::from_secs(8);
const FRAME: Duration = Duration::from_millis(80);
/// How long the fake tools may take to take what waits.
const PATIENCE: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests;
