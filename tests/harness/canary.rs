//! Markers that may be seen nowhere but where a clause lets them go, and the fourteen ways they could hide.

use std::io::Write;

/// A value that cannot occur by chance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker(pub String);

impl Marker {
    /// A fresh marker, told apart by a running number and random hex: `cnry-<n>-<64 bit>`.
    #[must_use]
    pub fn new(number: u64) -> Self {
        use std::hash::{BuildHasher, Hasher};
        let mut hasher = std::collections::hash_map::RandomState::new().build_hasher();
        hasher.write_u64(number);
        Self(format!("cnry-{number}-{:016x}", hasher.finish()))
    }

    /// Whether the bytes hold the marker in any of its encodings.
    #[must_use]
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        encodings(&self.0).iter().any(|(_, code)| {
            bytes
                .windows(code.len())
                .any(|window| window == code.as_slice())
        })
    }
}

/// The marker's encodings by name. base64 at three offsets leaves out the first and last group, which depend on neighbors.
#[must_use]
pub fn encodings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    let bytes = text.as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let percent: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
    let entity: String = bytes.iter().map(|byte| format!("&#{byte};")).collect();
    let escaped: String = bytes.iter().map(|byte| format!("\\u{byte:04x}")).collect();
    let offset = |skip: usize| {
        let padded = [&b"xx"[..skip], bytes, b"xx"].concat();
        let code = STANDARD.encode(padded);
        code.as_bytes()[4..code.len() - 8].to_vec()
    };
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(bytes).expect("memory can be written");
    vec![
        ("raw", bytes.to_vec()),
        ("percent", percent.clone().into_bytes()),
        ("double percent", percent.replace('%', "%25").into_bytes()),
        ("JSON escapes", escaped.into_bytes()),
        ("HTML entities", entity.into_bytes()),
        ("base64, offset 0", offset(0)),
        ("base64, offset 1", offset(1)),
        ("base64, offset 2", offset(2)),
        (
            "base64url",
            URL_SAFE_NO_PAD
                .encode(&bytes[..bytes.len() / 3 * 3])
                .into_bytes(),
        ),
        ("hex", hex.into_bytes()),
        (
            "gzip",
            gzip.finish().expect("memory can be written")[10..].to_vec(),
        ),
        (
            "UTF-16",
            text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ),
        ("SHA-256", digest(text)),
        (
            "SHA-256 in hex",
            digest(text)
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect::<String>()
                .into(),
        ),
    ]
}

fn digest(text: &str) -> Vec<u8> {
    let normal = text.trim().to_lowercase();
    ring::digest::digest(&ring::digest::SHA256, normal.as_bytes())
        .as_ref()
        .to_vec()
}
