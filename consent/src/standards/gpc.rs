//! Global Privacy Control: the request header field `Sec-GPC` (W3C, section 3).
//!
//! An opt-out of sale and sharing (11 CCR 7025), not of analytics. Its only meaningful value is
//! `1`; a browser without the preference sends no field at all.

use policy::situation::Heard;

/// What the header fields of one request say.
///
/// No field is silence. The single value `1` opts out. Any other value, and any repetition (even
/// of `1`: something on the way wrote it), is unreadable.
#[must_use]
pub fn heard(fields: &[&[u8]]) -> Option<Heard> {
    match fields {
        [] => None,
        [b"1"] => Some(Heard::Refuses),
        [_] | [_, ..] => Some(Heard::Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_pairs() {
        let golden: &[(&[&[u8]], Option<Heard>)] = &[
            (&[], None),
            (&[b"1"], Some(Heard::Refuses)),
            (&[b"0"], Some(Heard::Unreadable)),
            (&[b""], Some(Heard::Unreadable)),
            (&[b"true"], Some(Heard::Unreadable)),
            (&[b"1, 1"], Some(Heard::Unreadable)),
            (&[b" 1"], Some(Heard::Unreadable)),
            (&[b"?1"], Some(Heard::Unreadable)),
            (&[b"\xff"], Some(Heard::Unreadable)),
            (&[b"1", b"1"], Some(Heard::Unreadable)),
            (&[b"1", b"0"], Some(Heard::Unreadable)),
        ];
        for (fields, expected) in golden {
            assert_eq!(heard(fields), *expected, "{fields:?}");
        }
    }
}
