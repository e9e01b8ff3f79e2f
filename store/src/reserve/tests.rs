use std::fs;

use super::{HEAD_BYTES, Reserve, encode};
use crate::StoreError;

const ROOM: u64 = 4096;

struct Scratch(tempfile::TempDir);

impl Scratch {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> std::path::PathBuf {
        self.0.path().join("reserve")
    }

    fn open(&self) -> Reserve {
        Reserve::open(&self.path(), ROOM).unwrap()
    }

    fn edit(&self, edit: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = fs::read(self.path()).unwrap();
        edit(&mut bytes);
        fs::write(self.path(), bytes).unwrap();
    }
}

#[test]
fn the_room_is_written_beforehand() {
    let scratch = Scratch::new();
    scratch.open();
    assert_eq!(fs::read(scratch.path()).unwrap(), vec![0; 4096]);
}

#[test]
fn frames_survive_reopening_in_their_order() {
    let scratch = Scratch::new();
    let reserve = scratch.open();
    reserve.append(b"first").unwrap();
    reserve.append(b"second").unwrap();
    drop(reserve);
    let reserve = scratch.open();
    assert_eq!(
        reserve.replay().unwrap(),
        [b"first".to_vec(), b"second".to_vec()]
    );
    reserve.append(b"third").unwrap();
    assert_eq!(reserve.replay().unwrap().len(), 3);
}

#[test]
fn a_torn_last_frame_is_no_frame_and_its_place_is_used_again() {
    let scratch = Scratch::new();
    let reserve = scratch.open();
    reserve.append(b"kept").unwrap();
    reserve.append(b"torn away").unwrap();
    drop(reserve);
    let last = 2 * HEAD_BYTES + b"kepttorn away".len() - 1;
    scratch.edit(|bytes| bytes[last] = 0);

    let reserve = scratch.open();
    assert_eq!(reserve.replay().unwrap(), [b"kept".to_vec()]);
    reserve.append(b"new").unwrap();
    drop(reserve);
    assert_eq!(
        scratch.open().replay().unwrap(),
        [b"kept".to_vec(), b"new".to_vec()]
    );
}

#[test]
fn a_frame_hidden_in_a_torn_one_does_not_come_back() {
    let scratch = Scratch::new();
    let reserve = scratch.open();
    // Its content holds a whole frame exactly where the next frame after a short one would start.
    let hidden = encode(b"forged").unwrap();
    let content = [vec![1; b"short".len()], hidden].concat();
    reserve.append(&content).unwrap();
    drop(reserve);
    scratch.edit(|bytes| bytes[4] ^= 1);

    let reserve = scratch.open();
    reserve.append(b"short").unwrap();
    drop(reserve);
    assert_eq!(scratch.open().replay().unwrap(), [b"short".to_vec()]);
}

#[test]
fn a_changed_length_or_content_ends_the_replay() {
    for place in [3, 4, HEAD_BYTES] {
        let scratch = Scratch::new();
        let reserve = scratch.open();
        reserve.append(b"one").unwrap();
        reserve.append(b"two").unwrap();
        drop(reserve);
        scratch.edit(|bytes| bytes[place] ^= 1);
        assert!(scratch.open().replay().unwrap().is_empty(), "byte {place}");
    }
}

#[test]
fn whole_frames_behind_a_broken_one_are_set_aside_before_they_are_wiped() {
    let scratch = Scratch::new();
    let reserve = scratch.open();
    reserve.append(b"one").unwrap();
    reserve.append(b"two").unwrap();
    drop(reserve);
    let aside = scratch.0.path().join("reserve.damaged");

    let last = 2 * HEAD_BYTES + b"onetwo".len() - 1;
    scratch.edit(|bytes| bytes[last] ^= 1);
    assert_eq!(scratch.open().replay().unwrap(), [b"one".to_vec()]);
    assert!(!aside.exists(), "a torn end is no damage");

    scratch.open().append(b"two").unwrap();
    scratch.edit(|bytes| bytes[HEAD_BYTES] ^= 1);
    let damaged = fs::read(scratch.path()).unwrap();
    assert!(scratch.open().replay().unwrap().is_empty());
    assert_eq!(fs::read(aside).unwrap(), damaged);
}

#[test]
fn a_full_reserve_says_so_and_keeps_what_it_has() {
    let scratch = Scratch::new();
    let reserve = scratch.open();
    let frame = [7; 1000];
    let mut kept = 0;
    while reserve.append(&frame).is_ok() {
        kept += 1;
    }
    assert_eq!(kept, 3);
    assert!(matches!(
        reserve.append(&frame),
        Err(StoreError::ReserveFull)
    ));
    assert_eq!(reserve.replay().unwrap().len(), 3);
    assert_eq!(fs::metadata(scratch.path()).unwrap().len(), ROOM);
}

#[test]
fn clearing_leaves_nothing_behind_and_takes_nothing_new_with_it() {
    let scratch = Scratch::new();
    let reserve = scratch.open();
    reserve.append(b"one").unwrap();
    let seen = reserve.replay().unwrap().len();
    reserve.append(b"arrived meanwhile").unwrap();
    assert!(!reserve.clear(seen).unwrap());
    assert_eq!(reserve.replay().unwrap().len(), 2);

    assert!(reserve.clear(2).unwrap());
    assert!(reserve.replay().unwrap().is_empty());
    assert_eq!(fs::read(scratch.path()).unwrap(), vec![0; 4096]);
    reserve.append(b"after").unwrap();
    drop(reserve);
    assert_eq!(scratch.open().replay().unwrap(), [b"after".to_vec()]);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let scratch = Scratch::new();
    let path = scratch.0.path().join("missing/reserve");
    let error = Reserve::open(&path, ROOM).unwrap_err().to_string();
    assert!(error.contains("missing/reserve"), "{error}");
}
