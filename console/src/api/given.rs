//! What a request says, read without ever repeating it.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use consent::{IdentifierKind, Personal, Pseudonyms, SUBJECTS_MAX, SubjectId};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use policy::situation::Millis;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::{BODY_BYTES_MAX, BODY_TIME};
use crate::respond::Problem;

/// A JSON body of a known shape.
pub(crate) struct Given<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Given<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let read_whole = to_bytes(request.into_body(), BODY_BYTES_MAX);
        let Ok(whole) = timeout(BODY_TIME, read_whole).await else {
            return Err(Problem::too_slow());
        };
        let Ok(bytes) = whole else {
            return Err(Problem::too_large());
        };
        read(&bytes).map(Self)
    }
}

/// Reads JSON. Of an error only the place is told: serde's own words would repeat values.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|error| {
        let what = if error.is_data() {
            "not what belongs here"
        } else {
            "not JSON"
        };
        let place = match error.line() {
            // Where a shape is one of several, nothing says at which byte it went wrong.
            0 => "the body".to_owned(),
            line => format!("line {line}, column {}", error.column()),
        };
        Problem::malformed(format!(
            "{place}: {what}; `/openapi.json` describes the body"
        ))
    })
}

/// One identifier of a person.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Identifier {
    kind: String,
    value: String,
}

/// The person whom identifiers name, under each of them.
pub(crate) fn subjects(
    pseudonyms: &Pseudonyms,
    identifiers: Vec<Identifier>,
) -> Result<Vec<SubjectId>, Problem> {
    if identifiers.is_empty() || identifiers.len() > SUBJECTS_MAX {
        let detail = format!("name the person by 1 to {SUBJECTS_MAX} identifiers");
        return Err(Problem::malformed(detail));
    }
    let mut subjects = Vec::new();
    for (at, Identifier { kind, value }) in identifiers.into_iter().enumerate() {
        let Some(kind) = IdentifierKind::from_word(&kind) else {
            let words = IdentifierKind::ALL.map(IdentifierKind::word).join(", ");
            return Err(Problem::malformed(format!(
                "identifier {at}: `kind` is one of {words}"
            )));
        };
        let Some(subject) = pseudonyms.of(kind, &Personal::new(value)) else {
            return Err(Problem::malformed(format!(
                "identifier {at}: the value names nobody"
            )));
        };
        subjects.push(subject);
    }
    Ok(subjects)
}

/// An instant as RFC 3339 writes it, or a day, which is its first instant in UTC.
pub(crate) fn instant(field: &str, text: &str) -> Result<Millis, Problem> {
    let wrong = || {
        let detail = format!("`{field}` is not an instant; write it like `2026-12-01T09:30:00Z`");
        Problem::malformed(detail)
    };
    let stamp = match text.parse::<Timestamp>() {
        Ok(stamp) => stamp,
        Err(_) => {
            let day: Date = text.parse().map_err(|_| wrong())?;
            day.to_zoned(TimeZone::UTC)
                .map_err(|_| wrong())?
                .timestamp()
        }
    };
    Ok(Millis(stamp.as_millisecond()))
}

/// An instant as RFC 3339 writes it.
pub(crate) fn rfc3339(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map_or_else(|_| "out of range".to_owned(), |at| at.to_string())
}

/// So many bytes, as lower or upper case hexadecimal digits.
pub(crate) fn hex<const N: usize>(field: &str, text: &str) -> Result<[u8; N], Problem> {
    let wrong = || Problem::malformed(format!("`{field}` must be {} hexadecimal digits", N * 2));
    if text.len() != N * 2 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| wrong())?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
    }
    Ok(bytes)
}

/// Lower case hexadecimal digits.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Shape {
        #[expect(dead_code, reason = "only its reading is tested")]
        count: u8,
    }

    #[test]
    fn a_problem_never_repeats_what_was_sent() {
        for body in [
            r#"{"count":"canary@example.org"}"#,
            r#"{"canary@example.org":1}"#,
            r#"{"count":1,"canary":2}"#,
            r#"canary"#,
            r#"{"count":1}canary"#,
        ] {
            let problem = format!("{:?}", read::<Shape>(body.as_bytes()).unwrap_err());
            assert!(!problem.contains("canary"), "{problem}");
            assert!(problem.contains("line 1, column"), "{problem}");
        }
        for field in [
            instant("at", "canary").unwrap_err(),
            hex::<16>("id", "canary").unwrap_err(),
        ] {
            assert!(!format!("{field:?}").contains("canary"));
        }
    }

    #[test]
    fn an_instant_or_a_day_is_read() {
        assert_eq!(instant("at", "1970-01-02").unwrap(), Millis(86_400_000));
        assert_eq!(
            instant("at", "1970-01-01T01:00:01.5+01:00").unwrap(),
            Millis(1500)
        );
        assert!(instant("at", "2026-02-30").is_err());
        assert_eq!(rfc3339(1500), "1970-01-01T00:00:01.5Z");
    }

    #[test]
    fn identifiers_need_a_kind_that_is_known_and_a_value() {
        let pseudonyms = Pseudonyms::new(&[1; 32]);
        let named = |kind: &str, value: &str| {
            let one = Identifier {
                kind: kind.to_owned(),
                value: value.to_owned(),
            };
            subjects(&pseudonyms, vec![one])
        };
        assert_eq!(named("email", "a@example.org").unwrap().len(), 1);
        assert!(named("Email", "a@example.org").is_err());
        assert!(named("email", " ").is_err());
        assert!(subjects(&pseudonyms, Vec::new()).is_err());
    }

    #[test]
    fn digits_are_read_and_written() {
        assert_eq!(to_hex(&hex::<2>("id", "0aFF").unwrap()), "0aff");
        assert!(hex::<2>("id", "0aF").is_err());
        assert!(hex::<2>("id", "0aFé").is_err());
    }
}
