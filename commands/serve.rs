//! `lea serve`: the server.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{ValueEnum, ValueHint};
use lea::clock::SystemClock;
use lea::error::{Error, Result};
use lea::files::{Access, acquire, create_private_dir, write_whole};
use lea::fleet::{Token, TokenKind};
use lea::server::{Options, check_address, serve};
use lea::store::Database;
use lea::target::Analyser;
use secrecy::{ExposeSecret, SecretString};

use crate::context::Context;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Address and port to listen on; port 0 picks a free one [env: LEA_SERVER_LISTEN; default: 127.0.0.1:5005]
    #[arg(long, value_name = "HOST:PORT")]
    listen: Option<String>,
    /// SQLite database [env: LEA_DATABASE, RPA_AGENTS_DB_PATH; default: lea.db in the data directory]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    database: Option<PathBuf>,
    /// Certificate chain, PEM; read again when it changes [env: LEA_SERVER_TLS_CERT]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    tls_cert: Option<PathBuf>,
    /// Private key of the certificate, PEM [env: LEA_SERVER_TLS_KEY]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    tls_key: Option<PathBuf>,
    /// A proxy in front does TLS and says in X-Forwarded-For who calls [env: LEA_SERVER_BEHIND_PROXY]
    #[arg(long)]
    behind_proxy: bool,
    /// Listen beyond loopback without TLS: tokens and screens travel in clear [env: LEA_SERVER_INSECURE_HTTP]
    #[arg(long)]
    insecure_http: bool,
    /// How the log on standard error is written [env: LEA_LOG_FORMAT; default: text]
    #[arg(long, value_name = "FORMAT", value_enum)]
    log_format: Option<LogFormat>,
    /// Check the settings and the database, change nothing, and exit
    #[arg(long)]
    check: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Args {
    /// The settings that flags of this command set: flag, setting, value.
    pub(crate) fn settings(&self) -> Vec<(&'static str, &'static str, String)> {
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        let yes = |given: bool| given.then(|| "true".to_owned());
        let flags = [
            ("--listen", "server.listen", self.listen.clone()),
            ("--database", "server.database", path(&self.database)),
            ("--tls-cert", "server.tls_cert", path(&self.tls_cert)),
            ("--tls-key", "server.tls_key", path(&self.tls_key)),
            ("--behind-proxy", "server.behind_proxy", yes(self.behind_proxy)),
            ("--insecure-http", "server.insecure_http", yes(self.insecure_http)),
        ];
        flags.into_iter().filter_map(|(flag, setting, value)| Some((flag, setting, value?))).collect()
    }

    pub(crate) fn logs_json(&self) -> bool {
        self.log_format == Some(LogFormat::Json)
    }
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    let token = context.operator_token()?;
    let address = check_address(&context.settings.server, token.is_some())?;
    let database = context.database_path();
    if args.check {
        return check(context, address);
    }
    create_private_dir(&context.data_dir).map_err(|cause| Error::io("make", &context.data_dir, cause))?;
    let _lock = acquire(&context.data_dir.join("serve.lock"), "another lea serve")?;
    let token = match token {
        Some(token) => token,
        None => make_token(context)?,
    };
    if !Token::is_strong(token.expose_secret()) {
        tracing::warn!(
            "the operator's token is shorter than 32 characters: where wrong tokens come from, the right one is kept waiting too"
        );
    }
    if context.settings.server.insecure_http && !address.ip().is_loopback() && context.settings.server.tls.is_none() {
        tracing::warn!(%address, "listening without TLS: tokens and screens travel in clear");
    }
    let output = context.output.clone();
    let options = Options {
        settings: context.settings.clone(),
        database,
        data_dir: context.data_dir.clone(),
        token,
        failpoint: context.environment.get("LEA_FAILPOINT").map(str::to_owned),
        analyser: context.analyser()?.map(|analyser| Arc::new(analyser) as Arc<dyn Analyser>),
        scanner: context.scanner()?,
        clock: Arc::new(SystemClock::new()),
    };
    serve(options, move |url| output.line(&format!("listening on {url}")))?;
    Ok(ExitCode::SUCCESS)
}

/// A first start: the operator's token is made, kept in the data directory, and its place is told.
fn make_token(context: &Context) -> Result<SecretString> {
    let (token, path) = (Token::fresh(TokenKind::Operator)?, context.token_path());
    write_whole(&path, format!("{}\n", token.expose()).as_bytes(), Access::Owner)?;
    if context.output.logs_json() {
        tracing::info!(path = %path.display(), "made an operator's token");
    } else {
        context.output.note(&format!("made an operator's token; it is in {}", path.display()));
    }
    Ok(SecretString::from(token.expose()))
}

fn check(context: &Context, address: SocketAddr) -> Result<ExitCode> {
    let database = context.database_path();
    let there = Database::inspect(&database)?;
    if !there {
        let parts = context.data_dir.ancestors().find(|part| part.exists());
        if parts.is_some_and(|part| !part.is_dir()) {
            return Err(Error::io("make", &context.data_dir, std::io::ErrorKind::NotADirectory.into()));
        }
    }
    context.scanner()?;
    let tls = context.settings.server.tls.as_ref();
    if let Some((certificate, key)) = tls {
        lea::server::check_certificate(certificate, key)?;
    }
    if context.output.is_json() {
        let answer =
            serde_json::json!({ "ok": true, "listen": address, "tls": tls.is_some(), "database": database, "database_exists": there });
        context.output.json(&answer)?;
    } else {
        let state = if there { "is whole" } else { "will be made at the first start" };
        context.output.line(&format!("the settings are valid; would listen on {address}; the database {} {state}", database.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}
