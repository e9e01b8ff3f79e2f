//! What the demo comes to. Its JSON is kept stable: scripts read the last line.

use serde::Serialize;

/// The last line of `sluice demo`.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub(super) struct Summary {
    /// Events collected.
    pub events: u64,
    /// One event to one recipient is one decision.
    pub decisions: u64,
    /// Decisions that let the event go.
    pub sent: u64,
    /// Those of them where something was changed, removed or left out.
    pub edited: u64,
    /// Decisions that did not.
    pub refused: u64,
    /// Entries of the ledger that the verified pack proves.
    pub ledger_entries: u64,
    /// Whether the pack verified.
    pub ledger_verified: bool,
}

impl Summary {
    /// What does not add up, if anything.
    pub(super) fn fault(&self, expected_events: u64) -> Option<&'static str> {
        if self.events != expected_events {
            return Some("not every event was collected");
        }
        if self.sent + self.refused != self.decisions {
            return Some("sent and refused are not all decisions");
        }
        if self.edited > self.sent {
            return Some("more was edited than sent");
        }
        if self.ledger_entries < self.decisions {
            return Some("the ledger has fewer entries than there were decisions");
        }
        (!self.ledger_verified).then_some("the ledger does not verify")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Summary {
        Summary {
            events: 10,
            decisions: 20,
            sent: 12,
            edited: 9,
            refused: 8,
            ledger_entries: 25,
            ledger_verified: true,
        }
    }

    #[test]
    fn the_last_line_is_exactly_this() {
        assert_eq!(
            serde_json::to_string(&good()).unwrap(),
            concat!(
                r#"{"events":10,"decisions":20,"sent":12,"edited":9,"refused":8,"#,
                r#""ledger_entries":25,"ledger_verified":true}"#
            )
        );
    }

    #[test]
    fn what_does_not_add_up_is_found() {
        assert_eq!(good().fault(10), None);
        assert!(good().fault(11).is_some());
        assert!(Summary { sent: 13, ..good() }.fault(10).is_some());
        assert!(
            Summary {
                edited: 13,
                ..good()
            }
            .fault(10)
            .is_some()
        );
        assert!(
            Summary {
                ledger_entries: 19,
                ..good()
            }
            .fault(10)
            .is_some()
        );
        assert!(
            Summary {
                ledger_verified: false,
                ..good()
            }
            .fault(10)
            .is_some()
        );
    }
}
