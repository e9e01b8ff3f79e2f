//! Every code there is: title, severity and explanation. 01xx reading, 02xx names, 03xx meaning,
//! 04xx lints.
//!
//! Codes are stable: one that is given up is never given to something else.

use super::{Code, Severity};

/// One code of the registry.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its number.
    pub code: Code,
    /// What it stands for, in a few words.
    pub title: &'static str,
    /// Errors stop the policy, lints do not.
    pub severity: Severity,
    /// Why it matters; the reason printed where a finding has none of its own.
    pub why: &'static str,
}

/// What the registry says about a code.
#[must_use]
pub fn entry(code: Code) -> &'static Entry {
    TABLE
        .iter()
        .find(|entry| entry.code == code)
        .unwrap_or(&UNREGISTERED)
}

const UNREGISTERED: Entry = Entry {
    code: Code(0),
    title: "a code without an entry",
    severity: Severity::Error,
    why: "this is a fault of the checker itself; the policy is refused to be safe",
};

/// Makes a constant and a line of the table from each entry.
macro_rules! registry {
    ($($name:ident = $number:literal, $severity:ident, $title:literal, $why:literal;)*) => {
        $(#[doc = $title] pub const $name: Code = Code($number);)*

        /// The registry, by code.
        pub const TABLE: &[Entry] = &[
            $(Entry { code: $name, title: $title, severity: Severity::$severity, why: $why },)*
        ];
    };
}

registry! {
    TEXT_TOO_LONG = 101, Error, "text too long",
        "a policy is at most 1 MiB of text, so that checking it always ends soon";
    TOO_MANY_SENTENCES = 102, Error, "too many sentences",
        "a policy has at most 10,000 sentences, so that checking it always ends soon";
    OPEN_QUOTE = 103, Error, "quotation mark never closed",
        "a quotation begins and ends on one line";
    MISSING_STOP = 104, Error, "full stop missing",
        "every sentence ends with a full stop; without it, two sentences would be read as one";
    UNKNOWN_SENTENCE = 105, Error, "unknown sentence",
        "the language is closed: what is not one of its sentences is not guessed at";
    UNEXPECTED = 106, Error, "unexpected words",
        "the language is closed: what is not one of its phrases is not guessed at";
    ENDS_EARLY = 107, Error, "sentence ends too early",
        "an unfinished sentence has no meaning";
    NO_OWNER = 108, Error, "sentence belongs to nothing",
        "this sentence adds to the sentence before it, which must be of the right kind";
    BAD_DATE = 109, Error, "not a date",
        "dates are calendar days, written year, month, day: 2026-12-01";
    BAD_NUMBER = 110, Error, "not a number, or out of range",
        "a number outside its range has no meaning here";
    NOT_YET = 111, Error, "not yet in this version",
        "the words are kept for a later version of the language; until then nothing would \
        enforce them";
    SAID_TWICE = 112, Error, "said twice",
        "two answers to one question would leave it open which holds";
    NO_LABEL = 113, Error, "clause without a number",
        "decisions, tests and the ledger cite clauses by their number";
    WRONG_GROUND_WORD = 114, Error, "wrong word for the ground",
        "lawful bases are those of GDPR Art. 6(1); the CCPA knows none, its notice and opt-out \
        is a `ground`";
    NO_JOIN = 115, Error, "several signals, not said how they join",
        "signals may disagree, and then the policy must say which way that falls";
    AGE_REQUIRED = 116, Error, "condition on an age that is mostly unknown",
        "the age of a visitor is mostly unknown, so the sentence must say what silence means";
    BAD_LABEL = 117, Error, "not a clause number",
        "clauses are numbered with letters and digits: A1, B2, N1";
    DUPLICATE_NAME = 201, Error, "name declared twice",
        "a name must mean one thing";
    UNKNOWN_NAME = 202, Error, "unknown name",
        "a clause may only speak of what the policy declares";
    UNKNOWN_PLACE = 203, Error, "unknown place",
        "places are EEA, EU, UK, countries and regions by ISO 3166 code or by name";
    RESERVED_IN_NAME = 204, Error, "reserved word in a name",
        "this word separates the parts of a sentence; inside a name it would make sentences \
        ambiguous";
    DUPLICATE_LABEL = 205, Error, "clause number given twice",
        "decisions and the ledger cite clauses by their number, so it must name one clause";
    UNKNOWN_LABEL = 206, Error, "unknown clause number",
        "a test may only cite clauses of this policy";
    UNKNOWN_WORD = 207, Error, "unknown fideslang key",
        "clauses about groups of data or purposes find them by these keys; an unknown key would \
        slip past them";
    UNKNOWN_SIGNAL = 208, Error, "unknown signal",
        "a signal that does not exist would never be heard";
    HEADER_MISSING = 301, Error, "header missing",
        "every decision names the policy and version that made it";
    VERSION_ZERO = 302, Error, "version 0",
        "versions count adoptions, from 1";
    DATES_REVERSED = 303, Error, "dates in the wrong order",
        "a period that ends before it begins never holds";
    BAD_PATH = 304, Error, "bad JSON path",
        "a path that cannot be followed finds nothing, and the data would go unnoticed";
    SHARED_PATH = 305, Error, "one path, two categories",
        "a value that is two things at once could leave as the one and be forbidden as the other";
    NO_BASIS = 306, Error, "purpose without a ground",
        "processing needs a lawful basis (GDPR Art. 6(1)) or notice and opt-out (CCPA 1798.100, \
        1798.120)";
    NO_CONSENT_SOURCE = 307, Error, "consent that is read from nowhere",
        "the controller must be able to demonstrate consent (GDPR Art. 7(1)); with no source \
        nothing would ever be sent";
    NO_OPT_OUT_SOURCE = 308, Error, "opt-out that is read from nowhere",
        "whoever relies on opt-out must hear it (CCPA 1798.120, 1798.135)";
    ALLOWS_FORBIDDEN = 309, Error, "an allow lists what a never forbids",
        "an allow can never override a never, so this clause promises what cannot happen";
    EDIT_NOT_LISTED = 310, Error, "edit of data that does not leave",
        "only the categories that the clause lists leave, so there is nothing to edit";
    EDIT_UNFIT = 311, Error, "edit that does not fit the data",
        "an edit that cannot be made removes the value from every event";
    ZERO = 312, Error, "zero of something",
        "nothing would ever pass, or last; leave the sentence out or say a number";
    EDIT_TWICE = 313, Error, "two edits of one category in one clause",
        "one clause says one form for each category; other clauses may be stricter";
    BANDS = 314, Error, "age bands overlap or are out of order",
        "each age must fall into one band at most";
    MISPLACED_CONDITION = 315, Error, "condition in the wrong clause",
        "allow states what must be proven, block what stops; a condition of the other kind would \
        not work";
    BAD_HOST = 316, Error, "not a host name",
        "the host is the only address a recipient's data may go to; it has no scheme, port or path";
    BASIS_TWICE = 317, Error, "two grounds for one place",
        "where two grounds hold at once, a person who withdraws from one would still be \
        processed under the other";
    TEST_INCOMPLETE = 318, Error, "test without given, when and expect",
        "a test shows nothing before it says what is supposed, done and expected";
    FALSE_SIGNAL = 319, Error, "signal that no purpose reads",
        "a test that supposes a signal nobody listens to shows nothing";
    SPECIAL_UNMARKED = 401, Lint, "special category not marked as such",
        "GDPR Art. 9(1) protects this kind of data; clauses find it by its key, readers only by \
        the mark";
    SPECIAL_ALLOWED = 402, Lint, "special category leaves",
        "GDPR Art. 9(1) forbids it unless a condition of Art. 9(2) holds, such as explicit \
        consent for this purpose";
    UNKEYED_HASH = 403, Lint, "hash without a key",
        "a SHA-256 of an address or number can be found by trying; it is still personal data";
    UNTESTED = 404, Lint, "clause that no test cites",
        "a clause that no test cites could change its meaning without anybody noticing";
    NOTHING_ALLOWED = 405, Lint, "nothing is allowed",
        "what no clause allows is refused, so under this policy nothing is ever sent";
    NO_TRANSFER = 406, Lint, "recipient outside the EEA without a transfer tool",
        "data of people in the EEA may leave it only on adequacy or safeguards (GDPR Art. 44 to \
        46)";
    NO_RETENTION = 407, Lint, "how long is not said",
        "personal data is kept no longer than necessary (GDPR Art. 5(1)(e)); say it with `keep`";
    NO_CONTROLLER = 408, Lint, "controller missing",
        "people must be told who the controller is (GDPR Art. 13(1)(a))";
    UNUSED = 409, Lint, "declared, never used",
        "what no clause uses does nothing; perhaps a clause is missing";
    OPT_OUT_NEEDS_ALL = 410, Lint, "opt-out that needs several signals",
        "one opt-out is enough (11 CCR 7025(c)); requiring several ignores people";
    CONSENT_WITHOUT_END = 411, Lint, "consent that never ends",
        "consent wears out: people forget what they once agreed to, so it must be asked again \
        some day";
    TRANSFER_ENDED = 412, Lint, "transfer tool that ends too early",
        "after that day nothing goes to the recipient";
    INTEREST_FOR_ADS = 413, Lint, "legitimate interest for advertising",
        "people may object to it at any time (GDPR Art. 21(2)), and since TCF 2.2 its purposes 3 \
        to 6 cannot rest on it";
    CANADA = 414, Lint, "CA is Canada",
        "`CA` is the country code of Canada; California is `US-CA`";
    NO_AGE_SOURCE = 415, Lint, "age asked for, but read from nowhere",
        "nothing ever says how old a person is, so this clause never stops anybody";
    NO_PLACE_SOURCE = 416, Lint, "place asked for, but read from nowhere",
        "everybody's place is unknown, and then every regime applies to everybody";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_ascend_so_none_is_given_twice() {
        assert!(TABLE.windows(2).all(|pair| pair[0].code < pair[1].code));
    }

    #[test]
    fn lints_are_those_from_0400() {
        for entry in TABLE {
            assert_eq!(
                entry.severity == Severity::Lint,
                entry.code.0 >= 400,
                "{}",
                entry.code
            );
        }
    }

    #[test]
    fn a_code_outside_the_table_is_an_error() {
        assert_eq!(entry(Code(9999)).severity, Severity::Error);
    }
}
