//! What commands share: the settings in force, the token, the server or the data directory they work on.

use std::path::{Path, PathBuf};

use lea::client::retry::Waiting;
use lea::client::{Address, Client, ClientOptions, CredentialsFile, HttpAnalyser, ProxySettings, SnapshotKeys};
use lea::clock::{Clock, SystemClock};
use lea::competence::{MAX_PATTERN_FILE, Scanner};
use lea::config::{Effective, Environment, Layers, Origin, Settings};
use lea::error::{Error, Kind, Result};
use lea::files::{CompetenceFolder, RecordingFolder, ReleaseFolder, ScreenFolder, ScriptFolder, WorkflowFolder, read_capped, trusted_keys};
use lea::id;
use lea::ocr::{Recent, Tesseract, TesseractOptions};
use lea::store::{ConfigCache, Database};
use lea::target::Memory;
use lea::vision::{Ceilings, Correlation, Differences};
use secrecy::SecretString;

use crate::cli::{Command, Global};
use crate::output::Output;

/// The largest token file, bytes.
const MAX_TOKEN_BYTES: u64 = 4096;

/// What commands share.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) settings: Settings,
    pub(crate) output: Output,
    pub(crate) environment: Environment,
    pub(crate) data_dir: PathBuf,
    pub(crate) clock: SystemClock,
    layers: Layers,
    settings_path: PathBuf,
    local: bool,
}

impl Context {
    /// Reads the settings file and lays the layers.
    pub(crate) fn load(global: &Global, command: &Command, environment: Environment, output: Output) -> Result<Self> {
        let mut flags = Vec::new();
        let mut flag = |name: &'static str, path: &'static str, value: Option<String>| {
            if let Some(value) = value {
                flags.push((name, path, value));
            }
        };
        let text = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        flag("--data-dir", "data_dir", text(&global.data_dir));
        flag("--server", "client.server", global.server.clone());
        flag("--token-file", "client.token_file", text(&global.token_file));
        flag("--ca-cert", "client.ca_cert", text(&global.ca_cert));
        flag("--timeout", "client.timeout_seconds", global.timeout.map(|seconds| seconds.to_string()));
        if let Command::Serve(args) = command {
            flags.extend(args.settings());
        }
        match command {
            Command::Resolve(args) => flags.extend(args.settings()),
            Command::Anchor(args) => flags.extend(args.settings()),
            Command::Sync(args) => flags.extend(args.settings()),
            _ => {}
        }

        let named = global.config.clone().or_else(|| environment.get("LEA_CONFIG").map(PathBuf::from));
        let first_dir = global
            .data_dir
            .clone()
            .or_else(|| environment.get("LEA_DATA_DIR").map(PathBuf::from))
            .unwrap_or_else(|| default_data_dir(&environment));
        let settings_path = named.clone().unwrap_or_else(|| first_dir.join("lea.toml"));
        let file = (named.is_some() || settings_path.is_file()).then_some(settings_path.as_path());
        let layers = Layers::load(file, &environment, &flags)?;
        let settings = Settings::resolve(&layers)?;
        let data_dir = layers.path("data_dir").unwrap_or(first_dir);
        let local = settings.client.server.is_none() || (global.data_dir.is_some() && global.server.is_none());
        Ok(Self { settings, output, environment, data_dir, clock: SystemClock::new(), layers, settings_path, local })
    }

    /// The settings file that is read if it exists.
    pub(crate) fn settings_path(&self) -> &Path {
        &self.settings_path
    }

    /// Every setting with its value and origin; what has no value of its own shows the one that is used instead.
    pub(crate) fn effective_settings(&self) -> Vec<Effective> {
        let mut rows = self.layers.all().to_vec();
        for row in &mut rows {
            if row.is_secret() && row.value.is_some() {
                row.value = Some("********".to_owned());
            }
            let fallback = match row.name {
                "data_dir" => Some(self.data_dir.clone()),
                "server.database" => Some(self.database_path()),
                "sync.cache" => self.cache_path().ok(),
                _ => None,
            };
            if row.value.is_none() {
                row.value = fallback.map(|path| path.display().to_string());
            }
        }
        let token = ["LEA_TOKEN", "RPA_API_TOKEN"].into_iter().find(|name| self.environment.get(name).is_some());
        rows.push(Effective {
            name: "token",
            value: token.map(|_| "********".to_owned()),
            origin: token.map_or(Origin::Default, |name| Origin::Environment { name: name.to_owned() }),
        });
        rows
    }

    /// The database that local commands and `lea serve` open.
    pub(crate) fn database_path(&self) -> PathBuf {
        self.settings.server.database.clone().unwrap_or_else(|| self.data_dir.join("lea.db"))
    }

    /// The file in which `lea serve` keeps the token that it made.
    pub(crate) fn token_path(&self) -> PathBuf {
        self.data_dir.join("token")
    }

    /// The file in which this machine's own token is kept.
    pub(crate) fn credentials_path(&self) -> PathBuf {
        self.data_dir.join("credentials.json")
    }

    /// The file in which this machine keeps its copy of the configuration.
    pub(crate) fn cache_path(&self) -> Result<PathBuf> {
        match &self.settings.sync.cache {
            Some(named) => self.expanded(named),
            None => Ok(self.data_dir.join("config_cache.db")),
        }
    }

    /// This machine's copy of the configuration; what is done about a damaged one is the command's.
    pub(crate) fn config_cache(&self) -> Result<ConfigCache> {
        let (cache, told) = ConfigCache::open(&self.cache_path()?, self.clock.now());
        if let Some(error) = told {
            self.output.warn_of(&error);
        }
        Ok(cache)
    }

    /// Whose signature the configuration must have, if the settings name any.
    pub(crate) fn config_keys(&self) -> Result<Option<SnapshotKeys>> {
        Ok(SnapshotKeys::of(trusted_keys(&self.settings.sync.public_keys)?))
    }

    /// `path` with the home folder in place of a leading `~`, which a shell leaves alone in quotes and in variables.
    fn expanded(&self, path: &Path) -> Result<PathBuf> {
        let Ok(rest) = path.strip_prefix("~") else {
            let named = path.to_str().is_some_and(|text| text.starts_with('~'));
            return if named { Err(unexpanded(path, "only `~` itself stands for a home folder here")) } else { Ok(path.to_path_buf()) };
        };
        let home = self.environment.get("HOME").or_else(|| self.environment.get("USERPROFILE"));
        home.map(|home| Path::new(home).join(rest)).ok_or_else(|| unexpanded(path, "there is no home folder: HOME is not set"))
    }

    /// Whether the command works on the data directory rather than on a server.
    pub(crate) fn is_local(&self) -> bool {
        self.local
    }

    /// What looks at pictures, with the ceilings in force.
    pub(crate) fn pixels(&self) -> Correlation {
        /// More hardly help: the sizes of one search are shared out among them.
        const MOST_THREADS: usize = 4;
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
        Correlation::new(self.ceilings()).on_threads(threads)
    }

    /// What reads text: as the settings say, on as many threads as help.
    pub(crate) fn tesseract(&self) -> Tesseract {
        Tesseract::new(self.tesseract_options())
    }

    /// How the reader of text is called.
    pub(crate) fn tesseract_options(&self) -> TesseractOptions {
        /// Parts of one screen that are read at once.
        const MOST_READERS: usize = 4;
        let resolve = &self.settings.resolve;
        TesseractOptions {
            program: resolve.ocr_program.clone(),
            languages: resolve.ocr_languages.clone(),
            timeout: resolve.ocr_limit,
            calls: std::thread::available_parallelism().map_or(1, usize::from).min(MOST_READERS),
            // A command asks once.
            waiting: 0,
        }
    }

    /// Another program that looks at screens, if the settings name one.
    pub(crate) fn analyser(&self) -> Result<Option<HttpAnalyser>> {
        let resolve = &self.settings.resolve;
        let made = |url: &String| {
            let proxy = ProxySettings::from_environment(&self.environment);
            HttpAnalyser::new(url, &resolve.analyzer_allow, resolve.analyzer_limit, proxy)
        };
        resolve.analyzer_url.as_ref().map(made).transpose()
    }

    /// What was read of screenshots by earlier commands; nothing where `cached` says so.
    pub(crate) fn scripts(&self, cached: bool) -> Box<dyn Memory> {
        if cached { Box::new(ScriptFolder::new(self.data_dir.join("cache").join("text"))) } else { Box::new(Recent::new(1)) }
    }

    /// What compares two pictures, with the same ceilings.
    pub(crate) fn differences(&self) -> Differences {
        Differences::new(self.ceilings())
    }

    /// What an update ZIP may be at most.
    pub(crate) fn update_ceilings(&self) -> lea::update::Ceilings {
        let update = &self.settings.update;
        lea::update::Ceilings {
            bytes: update.max_bytes,
            expanded: update.max_expanded_bytes,
            ratio: update.max_ratio,
            entries: update.max_entries,
        }
    }

    /// Published updates, as `lea serve` keeps them in the data directory.
    pub(crate) fn releases(&self) -> ReleaseFolder {
        ReleaseFolder::new(self.data_dir.join("updates"))
    }

    /// The competences, as `lea serve` keeps them in the data directory.
    pub(crate) fn competences(&self) -> CompetenceFolder {
        CompetenceFolder::new(self.data_dir.join("competences"))
    }

    /// The database, made if it isn't there.
    pub(crate) fn database(&self) -> Result<Database> {
        Database::open(&self.database_path(), self.clock.now())
    }

    /// The database, if there is one.
    pub(crate) fn database_if_there(&self) -> Result<Option<Database>> {
        if self.database_path().exists() { self.database().map(Some) } else { Ok(None) }
    }

    /// What looks for personal data: as `RPA_PII_PATTERNS` and the file of patterns say.
    pub(crate) fn scanner(&self) -> Result<Scanner> {
        let file = self.settings.competence.pii_patterns_file.as_deref();
        let adding = file.map(|path| -> Result<(String, String)> {
            let bytes = read_capped(path, MAX_PATTERN_FILE)?;
            let text = String::from_utf8(bytes)
                .map_err(|_| Error::new(Kind::Input, "invalid_pattern", format!("{}: patterns are text in UTF-8", path.display())))?;
            Ok((path.display().to_string(), text))
        });
        let adding = adding.transpose()?;
        Scanner::new(self.environment.get("RPA_PII_PATTERNS"), adding.as_ref().map(|(name, text)| (name.as_str(), text.as_str())))
    }

    fn ceilings(&self) -> Ceilings {
        Ceilings { bytes: self.settings.limits.image_bytes, pixels: self.settings.limits.image_pixels }
    }

    /// The recordings, as `lea serve` keeps them in the data directory.
    pub(crate) fn recordings(&self) -> RecordingFolder {
        RecordingFolder::new(self.data_dir.join("sessions"), self.settings.limits.image_bytes)
    }

    /// The workflows, as `lea serve` reads them from the data directory.
    pub(crate) fn workflows(&self) -> WorkflowFolder {
        WorkflowFolder::new(self.data_dir.join("workflows"))
    }

    /// The screens of replays, as `lea serve` keeps them in the data directory.
    pub(crate) fn screens(&self) -> ScreenFolder {
        ScreenFolder::new(self.data_dir.join("replays"), self.settings.limits.image_bytes)
    }

    /// What repeating needs: this machine's clock, its patience and its chance.
    pub(crate) fn waiting(&self) -> Waiting<'_> {
        Waiting { clock: &self.clock, sleep: &std::thread::sleep, random: &random }
    }

    /// The address of the server, or what to do to name one.
    pub(crate) fn server_url(&self) -> Result<&str> {
        self.settings.client.server.as_deref().ok_or_else(|| {
            Error::new(Kind::Usage, "no_server", "no server is named")
                .hint("give --server URL, or set LEA_SERVER, or client.server in lea.toml")
        })
    }

    /// A client of the named server that shows `token`, with a warning where the way to the server is not encrypted.
    pub(crate) fn client(&self, token: Option<SecretString>) -> Result<Client> {
        let client = Client::new(ClientOptions {
            token,
            ca_cert: self.settings.client.ca_cert.clone(),
            proxy: ProxySettings::from_environment(&self.environment),
            timeout: self.settings.client.timeout,
            ..ClientOptions::new(self.server_url()?)
        })?;
        if let Some(warning) = client.warning() {
            self.output.warn(&warning);
        }
        Ok(client)
    }

    /// A client of the server of `url`, which is shown no token.
    pub(crate) fn stranger(&self, url: &str) -> Result<Client> {
        let end = url.find("://").map(|at| at + 3).and_then(|from| url[from..].find(['/', '?', '#']).map(|at| from + at));
        Client::new(ClientOptions {
            ca_cert: self.settings.client.ca_cert.clone(),
            proxy: ProxySettings::from_environment(&self.environment),
            timeout: self.settings.client.timeout,
            ..ClientOptions::new(&url[..end.unwrap_or(url.len())])
        })
    }

    /// A client of the named server with the operator's token, for what only a server can do.
    pub(crate) fn operator_client(&self) -> Result<Client> {
        if self.local && self.settings.client.server.is_some() {
            return Err(Error::new(Kind::Usage, "no_server", "only a server can do this, and --data-dir names a folder")
                .hint("leave out --data-dir, or give --server URL too"));
        }
        let url = self.server_url()?;
        tracing::info!(server = url, "working on the server");
        self.client(Some(self.needed_token()?))
    }

    /// A client for what a machine asks for itself: with the token that was named, else the machine's own where its credentials for this
    /// server are kept, else the operator's.
    pub(crate) fn machine_client(&self) -> Result<Client> {
        let client = self.client(None)?;
        let credentials = || CredentialsFile::new(self.credentials_path()).load().ok().flatten();
        let own = || credentials().filter(|found| found.server == client.server().to_string()).map(|found| found.api_token);
        let token = match self.named_token()?.or_else(own) {
            // The operator's token in the data directory is this machine's own server's, and goes to no other.
            None if client.server().is_loopback() => self.operator_token()?,
            token => token,
        };
        let token = token.ok_or_else(|| {
            Error::new(Kind::Unauthenticated, "missing_token", "no token is given")
                .hint("enroll this machine with `lea enroll`, or set LEA_TOKEN, or name a file with --token-file or LEA_TOKEN_FILE")
        })?;
        Ok(client.with_token(Some(token)))
    }

    /// The operator's token, or what to do to name one.
    pub(crate) fn needed_token(&self) -> Result<SecretString> {
        self.operator_token()?.ok_or_else(|| {
            Error::new(Kind::Unauthenticated, "missing_token", "no token is given")
                .hint("set LEA_TOKEN, or name a file with --token-file or LEA_TOKEN_FILE")
        })
    }

    /// The token that the caller was given: the token file if a flag names one, else `LEA_TOKEN` or `RPA_API_TOKEN`, else the token
    /// file that the environment or the settings name.
    pub(crate) fn named_token(&self) -> Result<Option<SecretString>> {
        let file = self.settings.client.token_file.as_deref();
        let by_flag = self.layers.effective("client.token_file").is_some_and(|value| matches!(value.origin, Origin::Flag { .. }));
        let named = self.environment.get("LEA_TOKEN").or_else(|| self.environment.get("RPA_API_TOKEN"));
        match (named, file) {
            (Some(token), _) if !by_flag => Ok(Some(SecretString::from(token.trim()))),
            (_, file) => file.map(read_token).transpose(),
        }
    }

    /// Whether commands work on the data directory or on a server of this very machine.
    fn is_own_server(&self) -> bool {
        let address = self.settings.client.server.as_deref().map(Address::parse);
        self.local || address.is_some_and(|address| address.is_ok_and(|address| address.is_loopback()))
    }

    /// The operator's token: the one that was given, else the one in the data directory.
    pub(crate) fn operator_token(&self) -> Result<Option<SecretString>> {
        match self.named_token()? {
            Some(token) => Ok(Some(token)),
            // It is this machine's own server's, and goes to no other.
            None if self.token_path().is_file() && self.is_own_server() => read_token(&self.token_path()).map(Some),
            None => Ok(None),
        }
    }
}

/// A random number, at least 0 and less than 1. Without randomness the waits only lose their spread.
fn random() -> f64 {
    let bits = id::random_bytes().map_or(1 << 63, u64::from_le_bytes);
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

fn unexpanded(path: &Path, why: &str) -> Error {
    Error::new(Kind::Usage, "invalid_path", format!("{}: {why}", path.display())).hint("write the path out")
}

/// The one line of a token file.
pub(crate) fn read_token(path: &Path) -> Result<SecretString> {
    let bytes = read_capped(path, MAX_TOKEN_BYTES)?;
    let wrong = |why: &str| Error::new(Kind::Input, "invalid_token_file", format!("{}: {why}", path.display()));
    let text = String::from_utf8(bytes).map_err(|_| wrong("a token is text"))?;
    let token = text.trim();
    if token.is_empty() {
        return Err(wrong("the file is empty"));
    }
    if token.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(wrong("it must hold one token on one line"));
    }
    Ok(SecretString::from(token))
}

/// Where data is kept when nobody says otherwise.
fn default_data_dir(environment: &Environment) -> PathBuf {
    let from = |name: &str| environment.get(name).map(PathBuf::from);
    if cfg!(windows) {
        return from("PROGRAMDATA").or_else(|| from("LOCALAPPDATA")).unwrap_or_default().join("lea");
    }
    match (from("XDG_DATA_HOME"), from("HOME")) {
        (Some(data), _) => data.join("lea"),
        (None, Some(home)) if cfg!(target_os = "macos") => home.join("Library/Application Support/lea"),
        (None, Some(home)) => home.join(".local/share/lea"),
        (None, None) => PathBuf::from("/var/lib/lea"),
    }
}
