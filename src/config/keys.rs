//! The list of all settings.

/// One setting: its path in `lea.toml`, the environment variables that set it, its default and what it is for.
#[derive(Debug)]
pub struct Key {
    /// Path in `lea.toml`, `table.name`.
    pub path: &'static str,
    /// Environment variables, the first that is set wins. The first is the one to document.
    pub env: &'static [&'static str],
    /// The value when nobody says otherwise; `None` means unset.
    pub default: Option<&'static str>,
    /// One line for `lea config show`.
    pub help: &'static str,
    /// Whether the value is never shown.
    pub secret: bool,
}

const fn key(path: &'static str, env: &'static [&'static str], default: Option<&'static str>, help: &'static str) -> Key {
    Key { path, env, default, help, secret: false }
}

/// All settings, in the order in which they are shown.
pub const KEYS: &[Key] = &[
    key("data_dir", &["LEA_DATA_DIR"], None, "where the database, the token and the credentials are kept"),
    key("client.server", &["LEA_SERVER", "LEA_CLIENT_SERVER"], None, "address of the server that commands talk to"),
    key("client.token_file", &["LEA_TOKEN_FILE", "LEA_CLIENT_TOKEN_FILE"], None, "file that holds the token"),
    key("client.ca_cert", &["LEA_CA_CERT", "LEA_CLIENT_CA_CERT"], None, "certificate authority to trust besides the system's, PEM"),
    key("client.timeout_seconds", &["LEA_CLIENT_TIMEOUT_SECONDS", "LEA_TIMEOUT"], Some("30"), "how long a command waits for the server"),
    key("server.listen", &["LEA_SERVER_LISTEN"], Some("127.0.0.1:5005"), "address and port to listen on"),
    key(
        "server.database",
        &["LEA_SERVER_DATABASE", "LEA_DATABASE", "RPA_AGENTS_DB_PATH"],
        None,
        "SQLite database; default lea.db in the data directory",
    ),
    key("server.tls_cert", &["LEA_SERVER_TLS_CERT"], None, "certificate chain of the server, PEM"),
    key("server.tls_key", &["LEA_SERVER_TLS_KEY"], None, "private key of the server, PEM"),
    key("server.behind_proxy", &["LEA_SERVER_BEHIND_PROXY"], Some("false"), "a proxy in front does TLS and sets X-Forwarded-For"),
    key("server.insecure_http", &["LEA_SERVER_INSECURE_HTTP"], Some("false"), "listen beyond loopback without TLS"),
    key(
        "server.allowed_origins",
        &["LEA_SERVER_ALLOWED_ORIGINS", "CORS_ORIGINS"],
        None,
        "web origins that browsers may call from, separated by commas",
    ),
    key("limits.body_bytes", &["LEA_LIMITS_BODY_BYTES"], Some("1048576"), "largest JSON body, bytes"),
    key("limits.json_depth", &["LEA_LIMITS_JSON_DEPTH"], Some("64"), "deepest nesting of a JSON body"),
    key("limits.image_bytes", &["LEA_LIMITS_IMAGE_BYTES"], Some("20971520"), "largest picture, bytes as encoded"),
    key("limits.image_pixels", &["LEA_LIMITS_IMAGE_PIXELS"], Some("67108864"), "largest picture, pixels"),
    key("limits.connections", &["LEA_LIMITS_CONNECTIONS"], Some("16384"), "connections open at once"),
    key("limits.request_seconds", &["LEA_LIMITS_REQUEST_SECONDS"], Some("60"), "longest time a request may take"),
    key("limits.event_bytes", &["LEA_LIMITS_EVENT_BYTES"], Some("262144"), "largest event, bytes"),
    key("limits.actions_per_replay", &["LEA_LIMITS_ACTIONS_PER_REPLAY"], Some("500"), "most actions of a replay"),
    key(
        "session.flush_ms",
        &["LEA_SESSION_FLUSH_MS"],
        Some("200"),
        "after a power cut, events of this many milliseconds may be lost; 0 flushes each",
    ),
    key("session.keep_days", &["LEA_SESSION_KEEP_DAYS"], Some("90"), "age from which `lea session purge` removes a recording"),
    key("replay.lease_seconds", &["LEA_REPLAY_LEASE_SECONDS"], Some("120"), "silence after which an action's outcome is unknown"),
    key("replay.max_retries", &["LEA_REPLAY_MAX_RETRIES"], Some("3"), "times an action is tried again after a reported failure"),
    key(
        "replay.on_unchanged",
        &["LEA_REPLAY_ON_UNCHANGED"],
        Some("warn"),
        "what follows when an action changed nothing: warn, retry or stall",
    ),
    key("replay.keep_days", &["LEA_REPLAY_KEEP_DAYS"], Some("30"), "how long finished replays are kept"),
    key("replay.callback_allow", &["LEA_REPLAY_CALLBACK_ALLOW"], None, "hosts that error callbacks may go to, separated by commas"),
    Key {
        path: "replay.callback_secret",
        env: &["LEA_REPLAY_CALLBACK_SECRET"],
        default: None,
        help: "key with which error callbacks are signed",
        secret: true,
    },
    key("resolve.threshold", &["LEA_RESOLVE_THRESHOLD"], Some("0.50"), "score from which a place counts as the target, 0 to 1"),
    key("resolve.ocr_program", &["LEA_RESOLVE_OCR_PROGRAM"], Some("tesseract"), "the Tesseract program that reads text"),
    key(
        "resolve.ocr_languages",
        &["LEA_RESOLVE_OCR_LANGUAGES"],
        Some("fra"),
        "its language data, such as fra, or several joined by a plus sign; more take longer",
    ),
    key(
        "competence.pii_patterns_file",
        &["LEA_COMPETENCE_PII_PATTERNS_FILE", "LEA_PII_PATTERNS_FILE"],
        None,
        "file of patterns, one a line, that count as personal data besides the known kinds",
    ),
    key("competence.per_minute", &["LEA_COMPETENCE_PER_MINUTE"], Some("10"), "competences that a machine may persist in a minute"),
    key("resolve.ocr_seconds", &["LEA_RESOLVE_OCR_SECONDS"], Some("10"), "longest time one reading of a screen may take"),
    key("resolve.analyzer_url", &["LEA_RESOLVE_ANALYZER_URL"], None, "a program that says what is on a screen, instead of reading it here"),
    key(
        "resolve.analyzer_allow",
        &["LEA_RESOLVE_ANALYZER_ALLOW"],
        None,
        "hosts besides this machine that screens may be sent to, separated by commas",
    ),
    key("resolve.analyzer_seconds", &["LEA_RESOLVE_ANALYZER_SECONDS"], Some("10"), "longest time that its answer may take"),
    key(
        "update.enabled",
        &["LEA_UPDATE_ENABLED", "RPA_AUTO_UPDATE_ENABLED"],
        Some("false"),
        "this machine asks for updates: true, 1, yes or on; anything else is no",
    ),
    key(
        "update.server_enabled",
        &["LEA_UPDATE_SERVER_ENABLED", "RPA_AUTO_UPDATE_SERVER_ENABLED"],
        Some("false"),
        "the server offers updates: true, 1, yes or on; anything else is no",
    ),
    key(
        "update.public_keys",
        &["LEA_UPDATE_PUBLIC_KEYS"],
        None,
        "public keys whose signatures count, or files that hold one, separated by commas; with any, updates must be signed",
    ),
    key("update.max_bytes", &["LEA_UPDATE_MAX_BYTES"], Some("1073741824"), "largest update ZIP, bytes"),
    key("update.max_expanded_bytes", &["LEA_UPDATE_MAX_EXPANDED_BYTES"], Some("4294967296"), "largest update ZIP when unpacked, bytes"),
    key("update.max_ratio", &["LEA_UPDATE_MAX_RATIO"], Some("200"), "how many times larger an entry may be than it is packed"),
    key("update.max_entries", &["LEA_UPDATE_MAX_ENTRIES"], Some("50000"), "most entries of an update ZIP"),
    key("sync.interval_seconds", &["LEA_SYNC_INTERVAL_SECONDS"], Some("300"), "how often `lea sync watch` asks the server"),
    key(
        "sync.cache",
        &["LEA_SYNC_CACHE", "AGENTKIT_CONFIG_CACHE"],
        None,
        "copy of the configuration; default config_cache.db in the data directory",
    ),
    key(
        "sync.public_keys",
        &["LEA_SYNC_PUBLIC_KEYS"],
        None,
        "public keys, or files that hold one, separated by commas; with any, a configuration must be signed by one of them",
    ),
    key("sync.secret_key", &["LEA_SYNC_SECRET_KEY"], None, "file with the secret key by which the server signs the configuration"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_and_variable_stands_once_and_follows_the_rule() {
        let mut seen = std::collections::HashSet::new();
        for key in KEYS {
            assert!(seen.insert(key.path), "{}", key.path);
            let by_path = format!("LEA_{}", key.path.replace('.', "_").to_uppercase());
            assert!(key.env.contains(&by_path.as_str()), "{} lacks {by_path}", key.path);
            for name in key.env {
                assert!(seen.insert(name), "{name}");
            }
        }
    }
}
