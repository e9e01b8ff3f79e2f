//! How bodies stand in a row of the outbox.

use policy::verdict::EventId;
use proof::{Hash, Index};

/// No policy decided; no text hashes to it.
const NO_POLICY: [u8; 32] = [0; 32];

/// One body, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame<'a> {
    pub(crate) index: Index,
    pub(crate) event: EventId,
    pub(crate) policy: Option<Hash>,
    pub(crate) body: &'a [u8],
}

/// Adds a frame. A body longer than 4 GiB has none; no listener lets one in.
pub(crate) fn push(row: &mut Vec<u8>, frame: &Frame<'_>) {
    let policy = frame.policy.map_or(NO_POLICY, |hash| *hash.as_bytes());
    let length = u32::try_from(frame.body.len()).unwrap_or(u32::MAX);
    row.extend_from_slice(&frame.index.get().to_be_bytes());
    row.extend_from_slice(&frame.event.0);
    row.extend_from_slice(&policy);
    row.extend_from_slice(&length.to_be_bytes());
    row.extend_from_slice(frame.body);
}

/// The frames of a row; `None` if its lengths do not fit it.
pub(crate) fn split(row: &[u8]) -> Option<Vec<Frame<'_>>> {
    let mut frames = Vec::new();
    let mut rest = row;
    while !rest.is_empty() {
        let (index, after) = rest.split_first_chunk::<8>()?;
        let (event, after) = after.split_first_chunk::<16>()?;
        let (policy, after) = after.split_first_chunk::<32>()?;
        let (length, after) = after.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (body, after) = after.split_at_checked(length)?;
        frames.push(Frame {
            index: Index::new(u64::from_be_bytes(*index)),
            event: EventId(*event),
            policy: (*policy != NO_POLICY).then(|| Hash::from_bytes(*policy)),
            body,
        });
        rest = after;
    }
    Some(frames)
}

#[cfg(test)]
mod tests {
    use policy::verdict::EventId;
    use proof::{Hash, Index};

    use super::{Frame, push, split};

    #[test]
    fn frames_come_back_and_cut_rows_do_not() {
        let frames = [
            Frame {
                index: Index::new(7),
                event: EventId([1; 16]),
                policy: Some(Hash::of(b"policy")),
                body: b"body",
            },
            Frame {
                index: Index::new(8),
                event: EventId([2; 16]),
                policy: None,
                body: b"",
            },
        ];
        let mut row = Vec::new();
        frames.iter().for_each(|frame| push(&mut row, frame));
        assert_eq!(split(&row).unwrap(), frames);
        for end in (1..row.len()).filter(|end| *end != 64) {
            assert_eq!(split(&row[..end]), None, "cut at {end}");
        }
    }
}
