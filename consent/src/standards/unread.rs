//! Standards that are heard but cannot be read yet: TCF, GPP with its forerunner `us_privacy`,
//! and Google Consent Mode.
//!
//! Material of one of them must not count as silence: it is *unreadable*, and blocks wherever a
//! policy listens. So this file knows only the names under which such material travels.

use policy::ast::SignalName;
use policy::situation::Heard;

/// Names of IAB Europe TCF strings: query parameters, cookies, mobile keys, members of events.
const TCF: &[&str] = &[
    "IABTCF_TCString",
    "addtl_consent",
    "euconsent-v2",
    "gdpr_consent",
    "tcString",
    "tc_string",
];

/// Names of IAB Tech Lab GPP strings, and of the US Privacy string, which GPP holds as section 6.
const GPP: &[&str] = &[
    "IABGPP_HDR_GppString",
    "IABUSPrivacy_String",
    "gpp",
    "gppString",
    "gpp_string",
    "us_privacy",
    "usprivacy",
    "uspString",
];

/// Names of Google Consent Mode v2: the two encoded parameters and the signals themselves.
const CONSENT_MODE: &[&str] = &[
    "ad_personalization",
    "ad_storage",
    "ad_user_data",
    "analytics_storage",
    "functionality_storage",
    "gcd",
    "gcs",
    "personalization_storage",
    "security_storage",
];

/// Which of these standards have material in a request or event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    tcf: bool,
    gpp: bool,
    consent_mode: bool,
}

impl Seen {
    /// Notes one name: of a query parameter, a cookie, or a member of the event's `context` at
    /// any depth. Says whether it belongs to one of these standards. The value does not matter,
    /// not even an empty one.
    pub fn note(&mut self, name: &str) -> bool {
        let (tcf, gpp) = (TCF.contains(&name), GPP.contains(&name));
        let consent_mode = CONSENT_MODE.contains(&name);
        self.tcf |= tcf;
        self.gpp |= gpp;
        self.consent_mode |= consent_mode;
        tcf || gpp || consent_mode
    }

    /// What is heard under a signal's name: silence, or something unreadable.
    #[must_use]
    pub fn heard(self, signal: &SignalName) -> Option<Heard> {
        let present = match signal {
            SignalName::Tcf(_) => self.tcf,
            SignalName::Gpp(_) => self.gpp,
            SignalName::ConsentMode(_) => self.consent_mode,
            SignalName::OurRecords | SignalName::GlobalPrivacyControl | SignalName::Segment(_) => {
                false
            }
        };
        present.then_some(Heard::Unreadable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// TCF, GPP and Consent Mode, in this order.
    fn unreadable(names: &[&str]) -> [bool; 3] {
        let mut seen = Seen::default();
        for name in names {
            seen.note(name);
        }
        let signals = [
            SignalName::Tcf(vec![1, 3]),
            SignalName::Gpp("SaleOptOut".to_owned()),
            SignalName::ConsentMode("ad_user_data".to_owned()),
        ];
        signals.map(|signal| seen.heard(&signal) == Some(Heard::Unreadable))
    }

    #[test]
    fn golden_pairs() {
        let golden: &[(&[&str], [bool; 3])] = &[
            (&[], [false, false, false]),
            (&["gdpr", "consent", "GPP", "tcf"], [false, false, false]),
            (&["gdpr_consent"], [true, false, false]),
            (&["euconsent-v2"], [true, false, false]),
            (&["gpp"], [false, true, false]),
            (&["us_privacy"], [false, true, false]),
            (&["gcs"], [false, false, true]),
            (&["ad_user_data", "gpp_string"], [false, true, true]),
        ];
        for (names, expected) in golden {
            assert_eq!(unreadable(names), *expected, "{names:?}");
        }
    }

    #[test]
    fn signals_of_other_standards_stay_absent() {
        let mut seen = Seen::default();
        assert!(seen.note("gpp") && seen.note("gdpr_consent") && seen.note("gcd"));
        for signal in [
            SignalName::OurRecords,
            SignalName::GlobalPrivacyControl,
            SignalName::Segment("advertising".to_owned()),
        ] {
            assert_eq!(seen.heard(&signal), None, "{signal:?}");
        }
    }
}
