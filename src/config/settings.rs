//! The settings as the program uses them: typed, checked, with names for units.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use super::layers::Layers;
use crate::error::Result;

/// Every setting, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What commands that talk to a server need.
    pub client: Client,
    /// What `lea serve` needs.
    pub server: Server,
    /// Ceilings on what comes from outside.
    pub limits: Limits,
    /// How recordings are kept.
    pub session: Session,
    /// How replays are carried out.
    pub replay: Replay,
    /// How targets are found.
    pub resolve: Resolve,
    /// How updates are offered and taken.
    pub update: Update,
    /// How a copy of the configuration is kept.
    pub sync: Sync,
    /// How competences are taken in.
    pub competence: Competence,
}

/// What commands that talk to a server need.
#[derive(Debug, Clone)]
pub struct Client {
    /// Address of the server, `http://…` or `https://…`.
    pub server: Option<String>,
    /// File that holds the token.
    pub token_file: Option<PathBuf>,
    /// A certificate authority to trust besides the system's.
    pub ca_cert: Option<PathBuf>,
    /// How long to wait in all.
    pub timeout: Duration,
}

/// What `lea serve` needs.
#[derive(Debug, Clone)]
pub struct Server {
    /// Where to listen, `HOST:PORT`.
    pub listen: String,
    /// The database, if it isn't `lea.db` in the data directory.
    pub database: Option<PathBuf>,
    /// Certificate chain and private key; both or neither.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// A proxy in front does TLS and names the caller in `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// Plain HTTP beyond loopback, by the operator's own decision.
    pub insecure_http: bool,
    /// Web origins that browsers may call from.
    pub allowed_origins: Vec<String>,
}

/// Ceilings on what comes from outside.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Largest JSON body, bytes.
    pub body_bytes: usize,
    /// Deepest nesting of a JSON body.
    pub json_depth: usize,
    /// Largest picture, bytes as encoded.
    pub image_bytes: usize,
    /// Largest picture, pixels.
    pub image_pixels: u64,
    /// Largest event, bytes as JSON.
    pub event_bytes: usize,
    /// Most actions of a replay.
    pub actions_per_replay: usize,
    /// Connections open at once.
    pub connections: usize,
    /// Longest time that a request may take.
    pub request: Duration,
}

/// How recordings are kept.
#[derive(Debug, Clone)]
pub struct Session {
    /// How long an event that was acknowledged may wait to be flushed; zero: it is flushed first.
    pub flush: Duration,
    /// Age from which a recording is purged.
    pub keep: Duration,
}

/// How replays are carried out.
#[derive(Debug, Clone)]
pub struct Replay {
    /// Silence after which the outcome of an action that is out is unknown.
    pub lease: Duration,
    /// Times an action is tried again after a reported failure.
    pub max_retries: u32,
    /// What follows when an action changed nothing on the screen.
    pub on_unchanged: OnUnchanged,
    /// How long finished replays are kept.
    pub keep: Duration,
    /// Hosts that error callbacks may go to, in lower case; private addresses only when they stand here themselves.
    pub callback_allow: Vec<String>,
    /// Key with which error callbacks are signed.
    pub callback_secret: Option<SecretString>,
}

/// What follows when an action changed nothing on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnUnchanged {
    /// It is noted; the replay goes on and ends with warnings.
    Warn,
    /// It is tried again if that is safe, else noted.
    Retry,
    /// The replay waits for a person.
    Stall,
}

/// How targets are found.
#[derive(Debug, Clone)]
pub struct Resolve {
    /// Score from which a place counts as the target, 0 to 1.
    pub threshold: f64,
    /// The Tesseract program; a bare name is looked for on PATH.
    pub ocr_program: PathBuf,
    /// Its language data, such as `fra` or `fra+eng`.
    pub ocr_languages: String,
    /// How long one reading of a screen may take.
    pub ocr_limit: Duration,
    /// A program that says what is on a screen, instead of reading it here.
    pub analyzer_url: Option<String>,
    /// Hosts besides this machine that screens may be sent to.
    pub analyzer_allow: Vec<String>,
    /// How long its answer may take.
    pub analyzer_limit: Duration,
}

/// How updates are offered and taken.
#[derive(Debug, Clone)]
pub struct Update {
    /// Whether this machine asks for updates by itself.
    pub enabled: bool,
    /// Whether the server offers updates.
    pub server_enabled: bool,
    /// Public keys whose signatures count, or files that hold one.
    pub public_keys: Vec<String>,
    /// Largest ZIP, bytes.
    pub max_bytes: u64,
    /// Largest ZIP when unpacked, bytes.
    pub max_expanded_bytes: u64,
    /// How many times larger an entry may be than it is packed.
    pub max_ratio: u64,
    /// Most entries of a ZIP.
    pub max_entries: u64,
}

/// How a copy of the configuration is kept.
#[derive(Debug, Clone)]
pub struct Sync {
    /// How often the server is asked.
    pub interval: Duration,
    /// The copy, if it isn't `config_cache.db` in the data directory.
    pub cache: Option<PathBuf>,
    /// Public keys one of which must have signed what is taken, or files that hold one.
    pub public_keys: Vec<String>,
    /// The file with the key by which the server signs.
    pub secret_key: Option<PathBuf>,
}

/// How competences are taken in.
#[derive(Debug, Clone)]
pub struct Competence {
    /// Patterns that count as personal data besides the known kinds, one a line.
    pub pii_patterns_file: Option<PathBuf>,
    /// How many a machine may persist in a minute.
    pub per_minute: usize,
}

impl Settings {
    /// Checks every value.
    ///
    /// # Errors
    /// The first value that cannot be used, with where it came from.
    pub fn resolve(layers: &Layers) -> Result<Self> {
        let tls = match (layers.path("server.tls_cert"), layers.path("server.tls_key")) {
            (Some(cert), Some(key)) => Some((cert, key)),
            (None, None) => None,
            (Some(_), None) => return Err(layers.refuse("server.tls_cert", "needs server.tls_key beside it")),
            (None, Some(_)) => return Err(layers.refuse("server.tls_key", "needs server.tls_cert beside it")),
        };
        let origins = list(layers.text("server.allowed_origins"));
        if origins.iter().any(|origin| !is_origin(origin)) {
            let why = "must be origins such as https://console.example.org, without a path; a star would let every web page in";
            return Err(layers.refuse("server.allowed_origins", why));
        }
        Ok(Self {
            client: Client {
                server: server_url(layers)?,
                token_file: layers.path("client.token_file"),
                ca_cert: layers.path("client.ca_cert"),
                timeout: Duration::from_secs(layers.number("client.timeout_seconds", 1..=86_400)?),
            },
            server: Server {
                listen: layers.text("server.listen").unwrap_or_default().trim().to_owned(),
                database: layers.path("server.database"),
                tls,
                behind_proxy: layers.flag("server.behind_proxy")?,
                insecure_http: layers.flag("server.insecure_http")?,
                allowed_origins: origins,
            },
            limits: Limits {
                body_bytes: layers.number("limits.body_bytes", 1024..=(1 << 30))? as usize,
                json_depth: layers.number("limits.json_depth", 4..=120)? as usize,
                image_bytes: layers.number("limits.image_bytes", 1024..=(1 << 30))? as usize,
                image_pixels: layers.number("limits.image_pixels", 1024..=(1 << 30))?,
                event_bytes: layers.number("limits.event_bytes", 256..=(16 << 20))? as usize,
                actions_per_replay: layers.number("limits.actions_per_replay", 1..=100_000)? as usize,
                connections: layers.number("limits.connections", 1..=1_000_000)? as usize,
                request: Duration::from_secs(layers.number("limits.request_seconds", 1..=3600)?),
            },
            session: Session {
                flush: Duration::from_millis(layers.number("session.flush_ms", 0..=60_000)?),
                keep: days(layers.number("session.keep_days", 0..=36_500)?),
            },
            replay: Replay {
                lease: Duration::from_secs(layers.number("replay.lease_seconds", 1..=86_400)?),
                max_retries: layers.number("replay.max_retries", 0..=100)? as u32,
                on_unchanged: on_unchanged(layers)?,
                keep: days(layers.number("replay.keep_days", 0..=36_500)?),
                callback_allow: list(layers.text("replay.callback_allow")).into_iter().map(|host| host.to_lowercase()).collect(),
                callback_secret: layers.text("replay.callback_secret").map(SecretString::from),
            },
            resolve: Resolve {
                threshold: layers.fraction("resolve.threshold", 0.0..=1.0)?,
                ocr_program: layers.text("resolve.ocr_program").unwrap_or_default().trim().into(),
                ocr_languages: languages(layers)?,
                ocr_limit: Duration::from_secs(layers.number("resolve.ocr_seconds", 1..=600)?),
                analyzer_url: layers.text("resolve.analyzer_url").map(|url| url.trim().to_owned()),
                analyzer_allow: list(layers.text("resolve.analyzer_allow")),
                analyzer_limit: Duration::from_secs(layers.number("resolve.analyzer_seconds", 1..=600)?),
            },
            update: Update {
                enabled: is_on(layers.text("update.enabled")),
                server_enabled: is_on(layers.text("update.server_enabled")),
                public_keys: list(layers.text("update.public_keys")),
                max_bytes: layers.number("update.max_bytes", 1024..=(1 << 40))?,
                max_expanded_bytes: layers.number("update.max_expanded_bytes", 1024..=(1 << 40))?,
                max_ratio: layers.number("update.max_ratio", 1..=100_000)?,
                max_entries: layers.number("update.max_entries", 1..=1_000_000)?,
            },
            sync: Sync {
                interval: Duration::from_secs(layers.number("sync.interval_seconds", 1..=604_800)?),
                cache: layers.path("sync.cache"),
                public_keys: list(layers.text("sync.public_keys")),
                secret_key: layers.path("sync.secret_key"),
            },
            competence: Competence {
                pii_patterns_file: layers.path("competence.pii_patterns_file"),
                per_minute: layers.number("competence.per_minute", 1..=100_000)? as usize,
            },
        })
    }
}

/// Names of language data, joined as Tesseract wants them. They become a part of a command line.
fn languages(layers: &Layers) -> Result<String> {
    let text = layers.text("resolve.ocr_languages").unwrap_or_default().trim();
    let named = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if text.len() <= 100 && text.split('+').all(named) {
        return Ok(text.to_owned());
    }
    Err(layers.refuse("resolve.ocr_languages", "must be names of language data with + between them, such as fra+eng"))
}

/// Whether a switch of the field's programs is on: they take anything but these words for no, and so does everybody who set one.
fn is_on(value: Option<&str>) -> bool {
    let value = value.unwrap_or_default().trim();
    ["true", "1", "yes", "on"].iter().any(|word| value.eq_ignore_ascii_case(word))
}

fn days(number: u64) -> Duration {
    Duration::from_secs(number * 86_400)
}

fn on_unchanged(layers: &Layers) -> Result<OnUnchanged> {
    match layers.text("replay.on_unchanged").unwrap_or_default().trim() {
        "warn" => Ok(OnUnchanged::Warn),
        "retry" => Ok(OnUnchanged::Retry),
        "stall" => Ok(OnUnchanged::Stall),
        _ => Err(layers.refuse("replay.on_unchanged", "must be warn, retry or stall")),
    }
}

/// What stands between commas, in lower case.
fn list(text: Option<&str>) -> Vec<String> {
    text.unwrap_or_default().split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The address of the server. A password in it would be shown wherever the address is.
fn server_url(layers: &Layers) -> Result<Option<String>> {
    let Some(url) = layers.text("client.server") else { return Ok(None) };
    let url = url.trim().trim_end_matches('/');
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest).split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(layers.refuse_unseen("client.server", "must hold no user name and no password; a token comes by LEA_TOKEN or a file"));
    }
    Ok(Some(url.to_owned()))
}

/// Whether `text` is a scheme, a host and perhaps a port, as a browser sends it.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| {
        !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']'))
    })
}
