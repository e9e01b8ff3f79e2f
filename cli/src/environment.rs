//! The one place that reads the environment.

/// Variables that override a key of the configuration: `SLUICE_PROXY__LISTEN` is `[proxy] listen`.
///
/// Sorted by name, so that problems are told in the same order every time.
pub(crate) fn overrides() -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with(PREFIX) && name.contains("__"))
        .collect();
    found.sort();
    found
}

/// What the names of our variables begin with.
pub(crate) const PREFIX: &str = "SLUICE_";

/// How much is logged: `SLUICE_LOG`, such as `info` or `gateway=debug`.
pub(crate) fn log_filter() -> String {
    std::env::var_os("SLUICE_LOG")
        .and_then(|value| value.into_string().ok())
        .unwrap_or_else(|| "info".to_owned())
}

/// Whether the person asked for no colors (no-color.org).
pub(crate) fn no_color() -> bool {
    is_dumb() || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

/// Whether the terminal only takes lines.
pub(crate) fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|value| value == "dumb")
}
