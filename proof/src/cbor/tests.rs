use proptest::prelude::*;

use super::{CborError, MapWriter, Reader};

fn check_uint(value: u64, expected: &[u8]) {
    let mut map = MapWriter::default();
    map.key(0).uint(value);
    assert_eq!(map.finish(), [&[0xa1, 0x00], expected].concat());
    let mut reader = Reader::new(expected);
    assert_eq!(reader.uint(), Ok(value));
    assert_eq!(reader.end(), Ok(()));
}

#[test]
fn numbers_have_their_shortest_form() {
    // RFC 8949, appendix A.
    check_uint(0, &[0x00]);
    check_uint(23, &[0x17]);
    check_uint(24, &[0x18, 0x18]);
    check_uint(255, &[0x18, 0xff]);
    check_uint(256, &[0x19, 0x01, 0x00]);
    check_uint(65_535, &[0x19, 0xff, 0xff]);
    check_uint(65_536, &[0x1a, 0x00, 0x01, 0x00, 0x00]);
    check_uint(1_000_000, &[0x1a, 0x00, 0x0f, 0x42, 0x40]);
    check_uint(4_294_967_296, &[0x1b, 0, 0, 0, 1, 0, 0, 0, 0]);
    check_uint(
        u64::MAX,
        &[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    );
}

#[test]
fn longer_forms_are_refused() {
    let longer: [&[u8]; 6] = [
        &[0x18, 0x17],
        &[0x19, 0x00, 0xff],
        &[0x1a, 0x00, 0x00, 0xff, 0xff],
        &[0x1b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
        &[0x1c],
        &[0x1f],
    ];
    for bytes in longer {
        assert_eq!(
            Reader::new(bytes).uint(),
            Err(CborError::NotShortest),
            "{bytes:?}"
        );
    }
    // Indefinite lengths (RFC 8949, section 3.2.2).
    assert_eq!(
        Reader::new(&[0x5f, 0xff]).bytes(),
        Err(CborError::NotShortest)
    );
    assert_eq!(
        Reader::new(&[0x9f, 0xff]).array(),
        Err(CborError::NotShortest)
    );
}

#[test]
fn broken_values_are_refused() {
    assert_eq!(Reader::new(&[]).uint(), Err(CborError::Truncated));
    assert_eq!(Reader::new(&[0x19, 0x01]).uint(), Err(CborError::Truncated));
    assert_eq!(
        Reader::new(&[0x42, 0x01]).bytes(),
        Err(CborError::Truncated)
    );
    assert_eq!(
        Reader::new(&[0x9a, 0xff, 0xff, 0xff, 0xff]).array(),
        Err(CborError::Truncated)
    );
    assert_eq!(Reader::new(&[0x61, 0xff]).text(), Err(CborError::Utf8));
    assert_eq!(Reader::new(&[0x20]).uint(), Err(CborError::Type));
    assert_eq!(
        Reader::new(&[0x42, 1, 2]).fixed::<3>(),
        Err(CborError::Length)
    );
}

#[test]
fn keys_out_of_order_or_repeated_are_refused() {
    let read = |bytes: &[u8]| -> Result<(), CborError> {
        let mut reader = Reader::new(bytes);
        let mut map = reader.map()?;
        map.required(1)?.uint()?;
        map.optional(2)?.map(Reader::uint).transpose()?;
        map.required(3)?.uint()?;
        map.end()?;
        reader.end()
    };
    assert_eq!(read(&[0xa3, 1, 0, 2, 0, 3, 0]), Ok(()));
    assert_eq!(read(&[0xa2, 1, 0, 3, 0]), Ok(()));
    assert_eq!(read(&[0xa2, 1, 0, 3, 0, 0]), Err(CborError::Trailing));
    assert_eq!(read(&[0xa1, 1, 0]), Err(CborError::KeyMissing(3)));
    assert_eq!(read(&[0xa2, 1, 0, 4, 0]), Err(CborError::KeyMissing(3)));
    assert_eq!(read(&[0xa2, 0, 0, 1, 0]), Err(CborError::KeyUnexpected(0)));
    assert_eq!(
        read(&[0xa3, 1, 0, 1, 0, 3, 0]),
        Err(CborError::KeyUnexpected(1))
    );
    assert_eq!(
        read(&[0xa3, 1, 0, 3, 0, 2, 0]),
        Err(CborError::KeyUnexpected(2))
    );
    assert_eq!(
        read(&[0xa3, 1, 0, 3, 0, 7, 0]),
        Err(CborError::KeyUnexpected(7))
    );
}

proptest! {
    #[test]
    fn a_number_survives(value in any::<u64>()) {
        let mut map = MapWriter::default();
        map.key(value).uint(value);
        let bytes = map.finish();
        let mut reader = Reader::new(&bytes);
        let mut map = reader.map().unwrap();
        prop_assert_eq!(map.required(value).unwrap().uint(), Ok(value));
        prop_assert_eq!(map.end(), Ok(()));
    }
}
