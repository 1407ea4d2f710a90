//! Checks of the way to the server, from the name to the token. The first thing that fails ends the way.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::Value;

use super::Check;
use crate::client::calls::FleetQuery;
use crate::client::credentials::Credentials;
use crate::client::failure::blame;
use crate::client::http::{Client, Health};
use crate::clock::{Clock, Time};
use crate::error::{Error, Kind};

/// Clocks that are farther apart are worth a look.
pub const WORRYING_SKEW: Duration = Duration::from_secs(30);

/// Clocks that are farther apart break certificates, keys with an end, and every log that is read together.
pub const MAX_SKEW: Duration = Duration::from_mins(5);

/// What may be shown to the server.
#[derive(Clone, Copy)]
pub struct Tokens<'a> {
    /// The token that was named, whoever's it is.
    pub named: Option<&'a SecretString>,
    /// This machine's own, issued by this server.
    pub own: Option<&'a Credentials>,
}

/// Asks the server what it says to this machine, this program and these tokens.
pub fn server(client: &Client, tokens: Tokens<'_>, clock: &dyn Clock) -> Vec<Check> {
    let mut checks = vec![proxy(client)];
    let health = client.health();
    let now = clock.now();
    let (reached, certificate) = way(client, health.as_ref().err());
    checks.extend([reached, certificate]);
    let Ok(health) = health else {
        // The same names each time, for whoever reads them by program.
        let unseen = ["ready", "clock", "version", "token", "machine_token"];
        checks.extend(unseen.map(|name| Check::skipped(name, "the server was not reached")));
        return checks;
    };
    checks.push(match client.ready() {
        Ok(()) => Check::ok("ready", "the server can work"),
        Err(error) => refused("ready", &error, "look at the server's log"),
    });
    checks.push(skew(&health, now));
    checks.push(match &health.version {
        Some(version) => Check::ok("version", format!("the server is lea {version}, this program lea {}", crate::VERSION)),
        None => Check::skipped("version", "the server does not tell its version"),
    });
    checks.push(named_token(client, tokens.named));
    checks.push(own_token(client, tokens.own));
    checks
}

fn proxy(client: &Client) -> Check {
    match client.proxy() {
        None => Check::ok("proxy", "none is used"),
        Some(proxy) => Check::ok("proxy", format!("{} is used, from {}", proxy.host_port(), proxy.variable())),
    }
}

/// Whether the server was reached, and whether its certificate held.
fn way(client: &Client, failure: Option<&Error>) -> (Check, Check) {
    let at = client.server().host_port();
    let plain = || match client.server().warning() {
        Some(warning) => Check::warning("certificate", warning, "give the server a certificate, and name it by https://"),
        None if client.server().is_https() => Check::ok("certificate", format!("the certificate of {at} holds")),
        None => Check::skipped("certificate", "plain HTTP that stays on this machine has none"),
    };
    match failure.map(|error| (error, error.details().get("blame").and_then(Value::as_str))) {
        None => (Check::ok("server", format!("{at} answers")), plain()),
        Some((error, Some(blame::CERTIFICATE))) => {
            (Check::ok("server", format!("{at} can be reached")), Check::of_error("certificate", error))
        }
        Some((error, _)) => (
            refused("server", error, "check that --server names a lea server, without a path, and that it runs"),
            Check::skipped("certificate", "the server was not reached"),
        ),
    }
}

fn skew(health: &Health, now: Time) -> Check {
    let name = "clock";
    let Some(theirs) = health.date else { return Check::skipped(name, "the server does not tell the time") };
    let apart = now.since(theirs).max(theirs.since(now));
    let seen = format!("this machine's clock and the server's are {} s apart", apart.as_secs());
    let mend = "set the clock of whichever is wrong, best by a time service";
    if apart > MAX_SKEW {
        Check::failed(name, seen, mend)
    } else if apart > WORRYING_SKEW {
        Check::warning(name, seen, mend)
    } else {
        Check::ok(name, seen)
    }
}

fn named_token(client: &Client, token: Option<&SecretString>) -> Check {
    let name = "token";
    let Some(token) = token else { return Check::skipped(name, "no token is named") };
    match client.with_token(Some(token.clone())).fleet(&FleetQuery { limit: Some(1), ..FleetQuery::default() }) {
        Ok(_) => Check::ok(name, "the server knows it as an operator's"),
        Err(error) if error.kind() == Kind::Forbidden && error.code() == "enroll_only" => {
            Check::ok(name, "the server knows it as an enrollment key")
        }
        Err(error) if error.kind() == Kind::Forbidden => Check::ok(name, "the server knows it; it is no operator's"),
        Err(error) => refused(name, &error, "name another token with --token-file or LEA_TOKEN"),
    }
}

fn own_token(client: &Client, own: Option<&Credentials>) -> Check {
    let name = "machine_token";
    let Some(own) = own else { return Check::skipped(name, "this machine has no token of its own for this server") };
    match client.with_token(Some(own.api_token.clone())).agent(own.machine_id.as_str()) {
        Ok(answer) => Check::ok(name, format!("the server knows it; {} is {}", answer.agent.machine_id, answer.agent.status)),
        Err(error) => refused(name, &error, "enroll this machine again with `lea enroll --key-file FILE`"),
    }
}

/// A failure with its own advice, or else this one.
fn refused(name: &'static str, error: &Error, mend: &str) -> Check {
    let check = Check::of_error(name, error);
    Check { mend: check.mend.or_else(|| Some(mend.to_owned())), ..check }
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    #[test]
    fn clocks_may_differ_a_little_either_way() {
        let theirs = Time::from_micros(1_700_000_000_000_000);
        let health = Health { status: "ok".to_owned(), version: None, date: Some(theirs) };
        let judged = |micros: i64| skew(&health, Time::from_micros(theirs.micros() + micros * 1_000_000)).status;
        for (seconds, status) in [(0, Status::Ok), (30, Status::Ok), (31, Status::Warning), (300, Status::Warning), (301, Status::Failed)] {
            assert_eq!((judged(seconds), judged(-seconds)), (status, status), "{seconds}");
        }
        assert_eq!(skew(&Health { date: None, ..health.clone() }, theirs).status, Status::Skipped);
    }
}
