use proptest::prelude::*;

use super::{PackFault, PackWriter, Report, SCOPE, verify};
use crate::checkpoint::Checkpoint;
use crate::entry::{Body, Entry, EntryId, Kind, Stage, Verdict};
use crate::hash::Hash;
use crate::merkle::{Frontier, Index, Size};
use crate::note::SigningKey;
use crate::sidecar::{Commitment, Opening, Sidecar};

fn key() -> SigningKey {
    SigningKey::from_seed("example.com/ledger", &[1; 32]).unwrap()
}

fn opening(number: u8) -> Opening {
    let sidecar = Sidecar {
        decided_ms: u64::from(number),
        ..Sidecar::default()
    };
    Opening {
        salt: [number; 32],
        payload: sidecar.encode().unwrap(),
    }
}

fn decision(number: u8, verdict: Verdict, commitment: Option<Commitment>) -> Entry {
    Entry {
        second: 1_700_000_000,
        id: EntryId::from_bytes([number; 16]),
        commitment,
        body: Body::Decision {
            stage: Stage::Collect,
            policy: Hash::of(b"policy"),
            source: "Web shop".to_owned(),
            recipient: "Mailbird".to_owned(),
            purpose: "newsletter".to_owned(),
            verdict,
            clauses: vec!["A1".to_owned()],
            reason: None,
        },
    }
}

/// A start, a sent event with its opening, an edited one that is sealed, a refused one.
fn entries() -> Vec<(Entry, Option<Opening>)> {
    let start = Entry {
        body: Body::Start {
            software: "sluice 1".to_owned(),
            policy: Hash::of(b"policy"),
        },
        ..decision(0, Verdict::Sent, None)
    };
    let commitment = |number| {
        let Opening { salt, payload } = opening(number);
        Some(crate::sidecar::commit(&salt, &payload))
    };
    vec![
        (start, None),
        (decision(1, Verdict::Sent, commitment(1)), Some(opening(1))),
        (decision(2, Verdict::Edited, commitment(2)), None),
        (decision(3, Verdict::Refused, None), None),
    ]
}

fn pack_of(entries: &[(Entry, Option<Opening>)]) -> String {
    let tree: Frontier = entries
        .iter()
        .map(|(entry, _)| entry.leaf_hash().unwrap())
        .collect();
    let checkpoint = Checkpoint {
        origin: key().name().to_owned(),
        size: tree.size(),
        root: tree.root(),
    };
    let mut writer = PackWriter::new(Vec::new(), key().vkey(), tree.size()).unwrap();
    for (entry, opening) in entries {
        writer
            .entry(&entry.encode().unwrap(), opening.as_ref())
            .unwrap();
    }
    String::from_utf8(writer.finish(&checkpoint.sign(&key()).unwrap()).unwrap()).unwrap()
}

fn pack() -> String {
    pack_of(&entries())
}

fn check(pack: &[u8]) -> Result<Report, (u64, PackFault)> {
    verify(pack, Some(key().vkey()), &mut |_| {}).map_err(|error| (error.line, error.fault))
}

/// Checks a pack that must fail, and names the line and the text of the fault.
fn failure(pack: &str) -> String {
    let error = verify(pack.as_bytes(), Some(key().vkey()), &mut |_| {}).unwrap_err();
    error.to_string()
}

#[test]
fn a_good_pack_verifies_and_is_counted() {
    let mut heard = Vec::new();
    let report = verify(pack().as_bytes(), Some(key().vkey()), &mut |entries| {
        heard.push(entries)
    })
    .unwrap();
    assert_eq!(heard, [1, 2, 3, 4]);
    assert_eq!(&report.key, key().vkey());
    assert!(report.key_expected);
    assert_eq!(report.origin, "example.com/ledger");
    assert_eq!(report.scope, SCOPE);
    assert_eq!(report.size, Size::new(4));
    assert_eq!(
        report.kinds.into_iter().collect::<Vec<_>>(),
        [(Kind::Decision, 3), (Kind::Start, 1)]
    );
    assert_eq!(
        report.verdicts.into_iter().collect::<Vec<_>>(),
        [
            (Verdict::Sent, 1),
            (Verdict::Edited, 1),
            (Verdict::Refused, 1)
        ]
    );
    assert_eq!((report.openings_checked, report.sealed), (1, 1));
}

#[test]
fn an_empty_ledger_has_a_pack_too() {
    let report = check(pack_of(&[]).as_bytes()).unwrap();
    assert_eq!(report.size, Size::new(0));
    assert_eq!(report.root, crate::hash::empty_root());
}

#[test]
fn a_pack_agrees_with_itself_without_a_known_key() {
    let report = verify(pack().as_bytes(), None, &mut |_| {}).unwrap();
    assert!(!report.key_expected);
}

#[test]
fn a_wrong_key_fails() {
    let other = SigningKey::from_seed("example.com/ledger", &[2; 32]).unwrap();
    let error = verify(pack().as_bytes(), Some(other.vkey()), &mut |_| {}).unwrap_err();
    assert_eq!(error.line, 1);
    assert!(
        matches!(error.fault, PackFault::KeyDiffers { .. }),
        "{error}"
    );

    // The other key in the manifest too: then the signature is not by it.
    let swapped = pack().replace(&key().vkey().to_string(), &other.vkey().to_string());
    let error = verify(swapped.as_bytes(), None, &mut |_| {}).unwrap_err();
    assert_eq!(error.line, 6);
    assert!(matches!(error.fault, PackFault::Checkpoint(_)), "{error}");
}

#[test]
fn every_changed_bit_is_found() {
    let pack = pack().into_bytes();
    for at in 0..pack.len() {
        for bit in 0..8 {
            let mut changed = pack.clone();
            changed[at] ^= 1 << bit;
            assert!(check(&changed).is_err(), "bit {bit} of byte {at}");
            // Nor does it help that the verifier knows no key.
            assert!(
                verify(changed.as_slice(), None, &mut |_| {}).is_err(),
                "bit {bit} of {at}"
            );
        }
    }
}

#[test]
fn every_truncated_pack_is_found() {
    let pack = pack().into_bytes();
    for length in 0..pack.len() {
        assert!(check(&pack[..length]).is_err(), "{length} bytes");
    }
}

/// The pack as lines, changed, and put together again.
fn edited(edit: impl FnOnce(&mut Vec<String>)) -> String {
    let mut lines: Vec<String> = pack().lines().map(str::to_owned).collect();
    edit(&mut lines);
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[test]
fn lines_cut_swapped_repeated_or_added_are_found() {
    let cut = "line 4: here belongs entry 2, but this is entry 3; the pack has a gap";
    assert_eq!(failure(&edited(|lines| drop(lines.remove(3)))), cut);
    assert_eq!(failure(&edited(|lines| lines.swap(3, 4))), cut);
    assert_eq!(
        failure(&edited(|lines| lines[3] = lines[2].clone())),
        "line 4: here belongs entry 2, but this is entry 1; the pack has a gap"
    );
    let early = "the pack ends after 3 of 4 entries; copy it again or ask for it again";
    assert_eq!(
        failure(&edited(|lines| drop(lines.remove(4)))),
        format!("line 5: {early}")
    );
    assert_eq!(
        failure(&edited(|lines| lines.truncate(4))),
        format!("line 5: {early}")
    );
    assert_eq!(
        failure(&edited(|lines| lines.push(lines[5].clone()))),
        "line 7: the pack is over, but something follows"
    );
    assert!(failure(&edited(|lines| lines.insert(2, String::new()))).starts_with("line 3: column"));
    assert!(failure(&pack().replace('\n', "\r\n\n")).starts_with("line 2: column"));
}

#[test]
fn a_ledger_cut_short_with_a_lower_size_is_found() {
    let shorter = edited(|lines| {
        lines[0] = lines[0].replace("\"size\":4", "\"size\":3");
        lines.remove(4);
    });
    assert_eq!(
        failure(&shorter),
        "line 5: the checkpoint is of 4 entries, but the manifest is of 3"
    );
}

#[test]
fn an_entry_replaced_by_another_good_one_is_found() {
    let mut other = entries();
    other[3].0 = decision(3, Verdict::Sent, None);
    let line = pack_of(&other).lines().nth(4).unwrap().to_owned();
    assert_eq!(
        failure(&edited(|lines| lines[4] = line)),
        "line 6: the entries do not lead to the signed root: at least one was changed"
    );
}

#[test]
fn openings_must_open() {
    let mut wrong = entries();
    wrong[1].1 = Some(opening(9));
    assert_eq!(
        failure(&pack_of(&wrong)),
        "line 3: the opening is not what the entry committed to: one of them was changed"
    );

    let mut unasked = entries();
    unasked[3].1 = Some(opening(3));
    assert_eq!(
        failure(&pack_of(&unasked)),
        "line 5: the entry commits to nothing, but an opening stands beside it"
    );

    let odd = Opening {
        salt: [5; 32],
        payload: b"not a sidecar".to_vec(),
    };
    let commitment = crate::sidecar::commit(&odd.salt, &odd.payload);
    let mut no_sidecar = entries();
    no_sidecar[1] = (decision(1, Verdict::Sent, Some(commitment)), Some(odd));
    assert!(failure(&pack_of(&no_sidecar)).starts_with("line 3: the sidecar is not"));
}

#[test]
fn an_opening_field_left_out_is_not_an_entry_without_opening() {
    let left_out = pack().replace(",\"opening\":null", "");
    assert!(
        failure(&left_out).contains("here belongs an entry"),
        "{}",
        failure(&left_out)
    );
}

#[test]
fn the_manifest_claims_nothing_more() {
    let scope = edited(|lines| lines[0] = lines[0].replace("every entry", "Every entry"));
    assert_eq!(
        failure(&scope),
        "line 1: the manifest's scope is not that of a pack of format 1"
    );
    let version = edited(|lines| {
        lines[0] = lines[0].replace("{\"sluice_pack\":1", "{\"new\":0,\"sluice_pack\":2");
    });
    assert_eq!(
        failure(&version),
        "line 1: the pack has format 2, but only 1 is known here; use a newer `sluice`"
    );
    let origin = edited(|lines| lines[0] = lines[0].replacen("example.com", "example.org", 1));
    assert_eq!(
        failure(&origin),
        "line 1: the manifest's origin is not `example.com/ledger`, which its key signs for"
    );
}

#[test]
fn errors_never_show_what_a_line_holds() {
    let secret = pack().replace("\"opening\":null", "\"opening\":\"anna@example.com\"");
    assert!(!failure(&secret).contains("anna"));
    let field = pack().replace("\"opening\":null", "\"anna@example.com\":null");
    assert!(!failure(&field).contains("anna"));
}

#[test]
fn a_line_without_end_is_refused_and_not_kept() {
    let flood = std::io::BufReader::new(std::io::repeat(b'x'));
    let error = verify(flood, None, &mut |_| {}).unwrap_err();
    assert!(matches!(error.fault, PackFault::LineTooLong), "{error}");
}

#[test]
fn the_writer_writes_what_it_announced() {
    let announced = |size| PackWriter::new(Vec::new(), key().vkey(), Size::new(size)).unwrap();
    let entry = decision(1, Verdict::Sent, None).encode().unwrap();

    let error = announced(1).finish("").unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 2: the manifest states 1 entries, but 0 were written"
    );
    let mut full = announced(1);
    full.entry(&entry, None).unwrap();
    let error = full.entry(&entry, None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 3: the manifest states 1 entries, but 2 were written"
    );
}

#[test]
fn an_order_fault_names_both_indices() {
    let found = check(edited(|lines| drop(lines.remove(1))).as_bytes()).unwrap_err();
    assert!(matches!(
        found,
        (2, PackFault::Order { expected, found })
            if expected == Index::new(0) && found == Index::new(1)
    ));
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in any::<Vec<u8>>()) {
        prop_assert!(check(&bytes).is_err());
    }

    #[test]
    fn a_replaced_byte_is_found(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let mut pack = pack().into_bytes();
        let at = at.index(pack.len());
        prop_assume!(pack[at] != to);
        pack[at] = to;
        prop_assert!(check(&pack).is_err());
    }
}
