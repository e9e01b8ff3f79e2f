//! Writes the layout.

use super::{LAYOUT_VERSION, age_bits};
use crate::ast::SignalName;
use crate::situation::{Choice, ChoiceState, Heard, Millis, Place, Record, Situation};

pub(super) fn situation(situation: &Situation) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    out.push(LAYOUT_VERSION);
    instant(&mut out, situation.at);
    place(&mut out, situation.place.as_ref());
    out.extend(age_bits(situation.age));
    count(&mut out, situation.records.len());
    for (purpose, kept) in &situation.records {
        name(&mut out, purpose);
        record(&mut out, kept);
    }
    count(&mut out, situation.signals.len());
    for (by_name, heard) in &situation.signals {
        signal(&mut out, by_name);
        out.push(match heard {
            Heard::Grants => 0,
            Heard::Refuses => 1,
            Heard::Unreadable => 2,
        });
    }
    names(&mut out, &situation.lists);
    count(&mut out, situation.gates.len());
    for (gate, at) in &situation.gates {
        name(&mut out, gate);
        instant(&mut out, *at);
    }
    names(&mut out, &situation.present);
    out
}

fn place(out: &mut Vec<u8>, place: Option<&Place>) {
    let Some(place) = place else {
        out.push(0);
        return;
    };
    out.push(if place.region().is_some() { 2 } else { 1 });
    out.extend(place.country().as_bytes());
    if let Some(region) = place.region() {
        name(out, region);
    }
}

fn record(out: &mut Vec<u8>, record: &Record) {
    let flag = |is_set, flag: u8| if is_set { flag } else { 0 };
    out.push(
        flag(record.general.is_some(), 1)
            | flag(record.objection.is_some(), 2)
            | flag(record.opt_out.is_some(), 4)
            | flag(record.opt_in.is_some(), 8),
    );
    if let Some(general) = &record.general {
        choice(out, general);
    }
    let instants = [record.objection, record.opt_out, record.opt_in];
    for at in instants.into_iter().flatten() {
        instant(out, at);
    }
    count(out, record.recipients.len());
    for (recipient, own) in &record.recipients {
        name(out, recipient);
        choice(out, own);
    }
    count(out, record.opt_ins.len());
    for (recipient, at) in &record.opt_ins {
        name(out, recipient);
        instant(out, *at);
    }
}

fn choice(out: &mut Vec<u8>, choice: &Choice) {
    out.push(match choice.state {
        ChoiceState::Expired => 0,
        ChoiceState::Given => 1,
        ChoiceState::Refused => 2,
        ChoiceState::Withdrawn => 3,
    });
    instant(out, choice.since);
}

fn signal(out: &mut Vec<u8>, signal: &SignalName) {
    let mut named = |tag, text: &str| {
        out.push(tag);
        name(out, text);
    };
    match signal {
        SignalName::OurRecords => out.push(0),
        SignalName::GlobalPrivacyControl => out.push(1),
        SignalName::Segment(category) => named(2, category),
        SignalName::Tcf(purposes) => {
            out.push(3);
            count(out, purposes.len());
            out.extend(purposes);
        }
        SignalName::Gpp(field) => named(4, field),
        SignalName::ConsentMode(signal) => named(5, signal),
    }
}

fn names<'name>(
    out: &mut Vec<u8>,
    list: impl IntoIterator<Item = &'name String, IntoIter: ExactSizeIterator>,
) {
    let list = list.into_iter();
    count(out, list.len());
    for listed in list {
        name(out, listed);
    }
}

fn name(out: &mut Vec<u8>, name: &str) {
    count(out, name.len());
    out.extend(name.as_bytes());
}

fn instant(out: &mut Vec<u8>, at: Millis) {
    out.extend(at.0.to_be_bytes());
}

/// Names come from policies and lists from their names: four thousand million of either do not fit
/// in memory.
fn count(out: &mut Vec<u8>, count: usize) {
    let mut rest = u32::try_from(count).unwrap_or(u32::MAX);
    loop {
        let [low, ..] = (rest & 0x7f).to_le_bytes();
        rest >>= 7;
        if rest == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}
