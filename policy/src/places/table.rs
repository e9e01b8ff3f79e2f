//! The tables behind place words: codes of ISO 3166-1 and 3166-2, and who belongs to the EU and the
//! EEA when.

use crate::ast::Day;

/// Words that mean several countries.
pub const GROUPS: &[&str] = &["EEA", "EU"];

/// ISO 3166-1 alpha-2, all 249.
#[rustfmt::skip]
pub const COUNTRIES: &[&str] = &[
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX",
    "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ",
    "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK",
    "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM",
    "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR",
    "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS",
    "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN",
    "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN",
    "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV",
    "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ",
    "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI",
    "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM",
    "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC",
    "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV",
    "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR",
    "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI",
    "VN", "VU", "WF", "WS", "YE", "YT", "ZA", "ZM", "ZW",
];

/// Countries by a common English name.
#[rustfmt::skip]
pub const NAMES: &[(&str, &str)] = &[
    ("Austria", "AT"), ("Belgium", "BE"), ("Bulgaria", "BG"), ("Croatia", "HR"), ("Cyprus", "CY"),
    ("Czechia", "CZ"), ("Denmark", "DK"), ("Estonia", "EE"), ("Finland", "FI"), ("France", "FR"),
    ("Germany", "DE"), ("Greece", "GR"), ("Hungary", "HU"), ("Ireland", "IE"), ("Italy", "IT"),
    ("Latvia", "LV"), ("Lithuania", "LT"), ("Luxembourg", "LU"), ("Malta", "MT"),
    ("Netherlands", "NL"), ("Poland", "PL"), ("Portugal", "PT"), ("Romania", "RO"),
    ("Slovakia", "SK"), ("Slovenia", "SI"), ("Spain", "ES"), ("Sweden", "SE"), ("Iceland", "IS"),
    ("Liechtenstein", "LI"), ("Norway", "NO"), ("UK", "GB"), ("Switzerland", "CH"), ("USA", "US"),
    ("Canada", "CA"), ("Brazil", "BR"), ("Japan", "JP"), ("India", "IN"), ("Australia", "AU"),
    ("United Kingdom", "GB"), ("United States", "US"), ("New Zealand", "NZ"),
    ("South Korea", "KR"),
];

/// States of the US by name, with their ISO 3166-2 code. Georgia is left out: alone, it may be the
/// country (`GE`). It is written `US-GA`.
#[rustfmt::skip]
pub const STATES: &[(&str, &str)] = &[
    ("Alabama", "US-AL"), ("Alaska", "US-AK"), ("Arizona", "US-AZ"), ("Arkansas", "US-AR"),
    ("California", "US-CA"), ("Colorado", "US-CO"), ("Connecticut", "US-CT"),
    ("Delaware", "US-DE"), ("Florida", "US-FL"), ("Hawaii", "US-HI"),
    ("Idaho", "US-ID"), ("Illinois", "US-IL"), ("Indiana", "US-IN"), ("Iowa", "US-IA"),
    ("Kansas", "US-KS"), ("Kentucky", "US-KY"), ("Louisiana", "US-LA"), ("Maine", "US-ME"),
    ("Maryland", "US-MD"), ("Massachusetts", "US-MA"), ("Michigan", "US-MI"),
    ("Minnesota", "US-MN"), ("Mississippi", "US-MS"), ("Missouri", "US-MO"), ("Montana", "US-MT"),
    ("Nebraska", "US-NE"), ("Nevada", "US-NV"), ("New Hampshire", "US-NH"),
    ("New Jersey", "US-NJ"), ("New Mexico", "US-NM"), ("New York", "US-NY"),
    ("North Carolina", "US-NC"), ("North Dakota", "US-ND"), ("Ohio", "US-OH"),
    ("Oklahoma", "US-OK"), ("Oregon", "US-OR"), ("Pennsylvania", "US-PA"),
    ("Rhode Island", "US-RI"), ("South Carolina", "US-SC"), ("South Dakota", "US-SD"),
    ("Tennessee", "US-TN"), ("Texas", "US-TX"), ("Utah", "US-UT"), ("Vermont", "US-VT"),
    ("Virginia", "US-VA"), ("Washington", "US-WA"), ("West Virginia", "US-WV"),
    ("Wisconsin", "US-WI"), ("Wyoming", "US-WY"), ("District of Columbia", "US-DC"),
];

/// Members of the EU that belonged to it before any event a gateway could still see (2013).
#[rustfmt::skip]
const EU: &[&str] = &[
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Parts of members with a code of their own where EU law applies: outermost regions (Art. 355(1)
/// TFEU) and the Aland Islands (Art. 355(4) TFEU).
const EU_REGIONS: &[&str] = &["AX", "GF", "GP", "MF", "MQ", "RE", "YT"];

/// EEA members outside the EU. The GDPR applies there since Decision 154/2018 of the EEA Joint
/// Committee.
const EFTA_IN_EEA: &[&str] = &["IS", "LI", "NO"];

/// Croatia acceded on this day.
const CROATIA_FROM: Day = Day {
    year: 2013,
    month: 7,
    day: 1,
};

/// EU law applied to the United Kingdom until the end of this day (Withdrawal Agreement, Art. 126
/// and 127).
const UK_UNTIL: Day = Day {
    year: 2020,
    month: 12,
    day: 31,
};

pub(super) fn in_eu(country: &str, on: Day) -> bool {
    match country {
        "HR" => on >= CROATIA_FROM,
        "GB" => on <= UK_UNTIL,
        other => EU.contains(&other) || EU_REGIONS.contains(&other),
    }
}

pub(super) fn in_eea(country: &str, on: Day) -> bool {
    in_eu(country, on) || EFTA_IN_EEA.contains(&country)
}
