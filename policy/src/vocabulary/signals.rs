//! Names of consent signals, as their standards write them.

/// IAB Europe TCF 2.3: purposes 1 to 11.
pub const TCF_PURPOSES: std::ops::RangeInclusive<u8> = 1..=11;

/// IAB Tech Lab GPP, section usnat (7): the fields that hold an opt-out.
pub const GPP_OPT_OUTS: &[&str] = &["SaleOptOut", "SharingOptOut", "TargetedAdvertisingOptOut"];

/// Google Consent Mode v2.
pub const CONSENT_MODE: &[&str] = &[
    "ad_personalization",
    "ad_storage",
    "ad_user_data",
    "analytics_storage",
    "functionality_storage",
    "personalization_storage",
    "security_storage",
];
