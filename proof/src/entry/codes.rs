//! The closed lists of the entry schema, each with its code on the wire and its word.
//!
//! A code once given is never given a second meaning.

use std::fmt;

/// Declares a closed list: variants, their codes and their words stand side by side.
macro_rules! codes {
    (
        $(#[$doc:meta])*
        $name:ident { $($(#[$about:meta])* $variant:ident = $code:literal, $word:literal;)+ }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$about])* $variant,)+ }

        impl $name {
            /// All of them, in the order of their codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code on the wire.
            pub const fn code(self) -> u64 {
                match self { $(Self::$variant => $code),+ }
            }

            /// The word people read.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The meaning of a code, if it has one.
            pub const fn from_code(code: u64) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

codes! {
    /// What sort of entry it is; see [`super::Body`].
    Kind {
        /// An event was decided about.
        Decision = 1, "decision";
        /// A policy became active.
        Policy = 2, "policy";
        /// A person's choice was kept.
        Rights = 3, "rights";
        /// The gateway started.
        Start = 4, "start";
        /// Somebody stopped or resumed a recipient, source or purpose.
        Switch = 5, "switch";
        /// Permitted bytes were not delivered.
        Delivery = 6, "delivery";
        /// Facts that decisions rest on were changed.
        Facts = 7, "facts";
        /// The ledger was exported.
        Export = 8, "export";
    }
}

codes! {
    /// When an event was decided about.
    Stage {
        /// When it was collected.
        Collect = 1, "collect";
        /// Again, when it was about to be sent.
        Send = 2, "send";
    }
}

codes! {
    /// What was decided. An edited event is also sent.
    Verdict {
        /// It may go as it came.
        Sent = 1, "sent";
        /// It may go in the edited form.
        Edited = 2, "edited";
        /// It may not go.
        Refused = 3, "refused";
    }
}

codes! {
    /// What a person chose, or what became of that choice.
    RightsAct {
        /// Consent was given.
        Given = 1, "given";
        /// Consent was refused.
        Refused = 2, "refused";
        /// Consent was withdrawn (GDPR Art. 7(3)).
        Withdrawn = 3, "withdrawn";
        /// Consent ran out.
        Expired = 4, "expired";
        /// The person opted out of sale or sharing (11 CCR § 7026).
        OptedOut = 5, "opted out";
        /// The person opted in again after that (11 CCR § 7028).
        OptedIn = 6, "opted in";
        /// The person objected (GDPR Art. 21).
        Objected = 7, "objected";
    }
}

codes! {
    /// What a switch acts on.
    SwitchWhat {
        /// A marketing tool.
        Recipient = 1, "recipient";
        /// A place where data is collected.
        Source = 2, "source";
        /// A purpose of the policy.
        Purpose = 3, "purpose";
    }
}

codes! {
    /// Where a switch stands.
    SwitchState {
        /// Nothing passes.
        Stopped = 1, "stopped";
        /// The policy alone decides again.
        Resumed = 2, "resumed";
    }
}

codes! {
    /// Why permitted bytes were given up.
    DeliveryOutcome {
        /// They waited longer than the outbox keeps them.
        Expired = 1, "expired";
        /// The outbox of that recipient was full.
        Overflow = 2, "overflow";
        /// The recipient refused them for good.
        Rejected = 3, "rejected";
    }
}
