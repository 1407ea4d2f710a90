//! `lea doctor`: looks at what usually goes wrong, and says how to mend it. It changes nothing.

use std::process::ExitCode;

use lea::client::doctor::{self, Check, Report, Status, Tokens};
use lea::client::{Client, Credentials, CredentialsFile};
use lea::error::{Error, Result};
use lea::store::Database;
use secrecy::SecretString;

use crate::context::Context;
use crate::output::{Columns, Output};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_args: &Args, context: &Context) -> Result<ExitCode> {
    let spinner = context.output.spinner("looking");
    let (mut checks, own) = local_checks(context);
    checks.extend(server_checks(context, own.as_ref()));
    spinner.finish_and_clear();
    report(&Report::of(checks), &context.output)
}

/// The report when not even the settings can be read: nothing else can be looked at.
pub(crate) fn without_settings(error: &Error, output: &Output) -> Result<ExitCode> {
    report(&Report::of(vec![Check::of_error("settings", error)]), output)
}

/// What this machine has, and its credentials if they may be shown to the server that is named.
fn local_checks(context: &Context) -> (Vec<Check>, Option<Credentials>) {
    let server = context.settings.client.server.as_deref();
    let (credentials, own) = doctor::credentials(&CredentialsFile::new(context.credentials_path()), server);
    let token = match &context.settings.client.token_file {
        Some(named) => doctor::secret_file("token_file", named, true),
        None => doctor::secret_file("token_file", &context.token_path(), false),
    };
    let reader = context.tesseract_options();
    let checks = vec![
        doctor::settings_file(context.settings_path()),
        doctor::data_dir(&context.data_dir),
        doctor::disk_space(&context.data_dir),
        doctor::workflows(&context.workflows()),
        doctor::text_reader(lea::ocr::look(&reader).map(|found| (found.version, found.languages)), &reader.languages),
        database(context),
        token,
        credentials,
    ];
    (checks, own)
}

fn database(context: &Context) -> Check {
    let path = context.database_path();
    match Database::inspect(&path) {
        Ok(false) => Check::skipped("database", format!("there is no {}; `lea serve` makes it", path.display())),
        Ok(true) => Check::ok("database", format!("{} is whole", path.display())),
        Err(error) => Check::of_error("database", &error),
    }
}

fn server_checks(context: &Context, own: Option<&Credentials>) -> Vec<Check> {
    if context.settings.client.server.is_none() {
        return vec![Check::skipped("server", "no server is named")];
    }
    let asked = || -> Result<(Client, Option<SecretString>)> { Ok((context.client(None)?, context.operator_token()?)) };
    match asked() {
        Ok((client, named)) => doctor::server(&client, Tokens { named: named.as_ref(), own }, &context.clock),
        Err(error) => vec![Check::of_error("server", &error)],
    }
}

fn report(report: &Report, output: &Output) -> Result<ExitCode> {
    if output.is_json() {
        output.json(report)?;
    } else {
        let mut table = Columns::new(&["CHECK", "STATUS", "WHAT WAS SEEN", "HOW TO MEND IT"]);
        for check in &report.checks {
            let mend = check.mend.clone().unwrap_or_default();
            table.row([check.name.to_owned(), check.status.word().to_owned(), check.message.clone(), mend]);
        }
        output.table(table)?;
        let (failed, warnings) = (report.count(Status::Failed), report.count(Status::Warning));
        output.note(&format!("{} checks, {failed} failed, {warnings} with a warning", report.checks.len()));
    }
    Ok(ExitCode::from(u8::from(!report.ok)))
}
