//! `shorten IP address to /24 or /48`: keeps the first bits of an address and clears the rest.
//!
//! An IPv6 address that carries an IPv4 one is shortened as the latter asks: mapped (RFC 4291,
//! 2.5.5.2) leaves as IPv4, 6to4 (RFC 3056) keeps at most its prefix and so many bits of the IPv4
//! address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// None for anything but an address (one with a port or a zone is none), and for impossible
/// lengths.
pub(super) fn shorten(text: &str, v4: u8, v6: u8) -> Option<String> {
    if v4 > 32 || v6 > 128 {
        return None;
    }
    let address: IpAddr = text.trim().parse().ok()?;
    Some(match address.to_canonical() {
        IpAddr::V4(address) => shorten_v4(address, v4).to_string(),
        IpAddr::V6(address) if address.octets().starts_with(&[0x20, 0x02]) => {
            shorten_v6(address, v6.min(16 + v4)).to_string()
        }
        IpAddr::V6(address) => shorten_v6(address, v6).to_string(),
    })
}

fn shorten_v4(address: Ipv4Addr, bits: u8) -> Ipv4Addr {
    let cleared = u32::MAX.checked_shr(bits.into()).unwrap_or(0);
    Ipv4Addr::from_bits(address.to_bits() & !cleared)
}

fn shorten_v6(address: Ipv6Addr, bits: u8) -> Ipv6Addr {
    let cleared = u128::MAX.checked_shr(bits.into()).unwrap_or(0);
    Ipv6Addr::from_bits(address.to_bits() & !cleared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_first_bits_only() {
        for (text, short) in [
            ("203.0.113.77", "203.0.113.0"),
            ("2001:db8:1234:5678::9", "2001:db8:1234::"),
            ("::ffff:203.0.113.77", "203.0.113.0"),
            ("::ffff:cb00:714d", "203.0.113.0"),
            ("2002:cb00:714d::1", "2002:cb00:7100::"),
        ] {
            assert_eq!(shorten(text, 24, 48).as_deref(), Some(short), "{text}");
        }
    }

    #[test]
    fn reaches_both_ends() {
        assert_eq!(shorten("203.0.113.77", 0, 0).as_deref(), Some("0.0.0.0"));
        assert_eq!(
            shorten("203.0.113.77", 32, 128).as_deref(),
            Some("203.0.113.77")
        );
        assert_eq!(shorten("2001:db8::1", 32, 0).as_deref(), Some("::"));
        assert_eq!(
            shorten("2001:db8::1", 32, 128).as_deref(),
            Some("2001:db8::1")
        );
    }

    #[test]
    fn what_is_no_address_does_not_leave() {
        for text in [
            "",
            "203.0.113",
            "203.0.113.77:443",
            "fe80::1%eth0",
            "[::1]",
            "0xcb.0.113.77",
        ] {
            assert_eq!(shorten(text, 24, 48), None, "{text}");
        }
        assert_eq!(shorten("203.0.113.77", 33, 48), None);
        assert_eq!(shorten("203.0.113.77", 24, 129), None);
    }
}
