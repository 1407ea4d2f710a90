//! The frame that every command stands in: settings in layers, exit codes, errors in two forms, and what goes to which stream.

use std::io::Read;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{Run, Sandbox};

/// A sandbox with this text as `data/lea.toml`.
fn with_settings(text: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("data")).unwrap();
    std::fs::write(sandbox.path("data/lea.toml"), text).unwrap();
    sandbox
}

/// The row of a setting in the answer of `lea config show --json`.
fn setting(shown: &Run, name: &str) -> Value {
    let rows = shown.json()["settings"].clone();
    rows.as_array().unwrap().iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{name}: {rows}")).clone()
}

#[test]
fn a_flag_beats_the_environment_beats_the_file_beats_the_default() {
    let sandbox = with_settings("# ours\n[client]\ntimeout_seconds = 11\n\n[server]\nlisten = \"127.0.0.1:1\"\n");
    let file = sandbox.path("data/lea.toml").display().to_string();

    let all = Run::of(sandbox.lea(["config", "show", "--json", "--timeout", "13"]).env("LEA_TIMEOUT", "12")).expect(0);
    let row = setting(&all, "client.timeout_seconds");
    assert_eq!((&row["value"], &row["origin"]), (&"13".into(), &serde_json::json!({"from": "flag", "name": "--timeout"})));

    let no_flag = Run::of(sandbox.lea(["config", "show", "--json"]).env("LEA_TIMEOUT", "12")).expect(0);
    let row = setting(&no_flag, "client.timeout_seconds");
    assert_eq!((&row["value"], &row["origin"]), (&"12".into(), &serde_json::json!({"from": "environment", "name": "LEA_TIMEOUT"})));

    let file_only = sandbox.run(["config", "show", "--json"]).expect(0);
    let row = setting(&file_only, "client.timeout_seconds");
    assert_eq!((&row["value"], &row["origin"]), (&"11".into(), &serde_json::json!({"from": "file", "path": file, "line": 3})));
    assert_eq!(setting(&file_only, "server.listen")["origin"]["line"], 6);
    let row = setting(&file_only, "resolve.threshold");
    assert_eq!((&row["value"], &row["origin"]), (&"0.50".into(), &serde_json::json!({"from": "default"})));

    let text = sandbox.run(["config", "show"]).expect(0).out;
    assert!(text.lines().any(|line| line.starts_with("client.timeout_seconds ") && line.contains(&format!("{file}:3"))), "{text}");
}

#[test]
fn a_blank_variable_or_text_counts_as_unset() {
    let sandbox = with_settings("client.server = \"\"\nserver.allowed_origins = []\n");
    let shown = Run::of(sandbox.lea(["config", "show", "--json"]).env("LEA_TIMEOUT", " ")).expect(0);
    assert_eq!(setting(&shown, "client.timeout_seconds")["origin"]["from"], "default");
    assert_eq!(setting(&shown, "client.server")["value"], Value::Null);
    assert_eq!(setting(&shown, "server.allowed_origins")["value"], Value::Null);
}

#[test]
fn the_names_that_the_field_already_uses_are_read() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.lea(["config", "show", "--json"]);
    command.env("RPA_AGENTS_DB_PATH", "/srv/agents.db").env("CORS_ORIGINS", "https://a.example,https://b.example");
    let shown = Run::of(command.env("RPA_API_TOKEN", "field-secret")).expect(0);
    assert_eq!(setting(&shown, "server.database")["value"], "/srv/agents.db");
    assert_eq!(setting(&shown, "server.database")["origin"]["name"], "RPA_AGENTS_DB_PATH");
    assert_eq!(setting(&shown, "server.allowed_origins")["value"], "https://a.example,https://b.example");
    assert_eq!(setting(&shown, "token")["origin"]["name"], "RPA_API_TOKEN");

    let mut both = sandbox.lea(["config", "show", "--json"]);
    let shown = Run::of(both.env("RPA_AGENTS_DB_PATH", "/srv/agents.db").env("LEA_DATABASE", "/srv/lea.db")).expect(0);
    assert_eq!(setting(&shown, "server.database")["value"], "/srv/lea.db");
}

#[test]
fn no_secret_is_ever_shown() {
    let sandbox = with_settings("");
    std::fs::write(sandbox.path("data/token"), "secret-in-a-file\n").unwrap();
    for arguments in [
        &["config", "show"][..],
        &["config", "show", "--json"],
        &["config", "show", "-vv"],
        &["config", "path", "-vv"],
        &["--json", "config"],
        &["--timeout", "0", "config", "show"],
    ] {
        let mut command = sandbox.lea(arguments);
        command.env("LEA_TOKEN", "secret-of-lea").env("RPA_API_TOKEN", "secret-of-rpa").env("LEA_LOG", "trace");
        command.env("LEA_REPLAY_CALLBACK_SECRET", "secret-of-callbacks");
        let run = Run::of(&mut command);
        assert!(!run.out.contains("secret-") && !run.err.contains("secret-"), "{arguments:?}: {run:?}");
    }
    let shown = Run::of(sandbox.lea(["config", "show", "--json"]).env("LEA_TOKEN", "secret-of-lea"));
    assert_eq!(setting(&shown, "token")["value"], "********");
    assert_eq!(setting(&sandbox.run(["config", "show", "--json"]), "token")["value"], Value::Null);
}

#[test]
fn an_address_with_a_password_is_refused_without_repeating_it() {
    let sandbox = Sandbox::new();
    for url in ["https://user:hunter2@lea.example", "user:hunter2@lea.example:5005", "http://hunter2@[::1]/api"] {
        let run = sandbox.run(["config", "show", "--json", "--server", url]).expect(2);
        assert!(!run.err.contains("hunter2") && run.err.contains("client.server (flag --server)"), "{}", run.err);
    }
    let fine = sandbox.run(["config", "show", "--json", "--server", "https://lea.example/at/@home?x=a@b"]).expect(0);
    assert_eq!(setting(&fine, "client.server")["origin"]["name"], "--server");
}

#[test]
fn a_variable_about_how_to_speak_is_refused_when_it_says_nothing_known() {
    let sandbox = Sandbox::new();
    for (name, wrong, right) in [
        ("LEA_COLOR", "mauve", "never"),
        ("LEA_JSON", "maybe", "off"),
        ("LEA_LOG_FORMAT", "xml", "json"),
        ("LEA_LOG", "lea=loud", "warn,lea=debug"),
    ] {
        let run = Run::of(sandbox.lea(["config", "path"]).env(name, wrong)).expect(3);
        assert!(run.err.contains(&format!("{name} = {wrong:?}: it must be")) && run.out.is_empty(), "{run:?}");
        Run::of(sandbox.lea(["config", "path"]).env(name, right)).expect(0);
        Run::of(sandbox.lea(["config", "path"]).env(name, "")).expect(0);
    }
}

#[test]
fn a_setting_that_does_not_exist_is_refused_by_name_file_and_line() {
    let sandbox = with_settings("\n[server]\nlsten = \"127.0.0.1:1\"\n");
    let place = format!("{}:3", sandbox.path("data/lea.toml").display());
    let run = sandbox.run(["config", "show", "--json"]).expect(3);
    let error = run.error();
    assert_eq!(error["code"], "invalid_settings");
    assert_eq!(error["message"], format!("{place}: there is no setting `server.lsten`"));
    assert!(error["hint"].as_str().unwrap().contains("did you mean `server.listen`?"), "{error}");
    assert_eq!(run.out, "");

    let text = sandbox.run(["config", "show"]).expect(3);
    assert!(text.err.starts_with(&format!("error: {place}: ")) && text.err.contains("\nhint: did you mean"), "{}", text.err);
}

#[test]
fn a_value_that_cannot_be_used_is_refused_with_its_origin() {
    for (settings, line) in [
        ("[client]\ntimeout_seconds = \"soon\"\n", "client.timeout_seconds = \"soon\" (FILE:2): it must be a whole number from 1 to 86400"),
        ("resolve.threshold = 1.5\n", "resolve.threshold = \"1.5\" (FILE:1): it must be a number from 0 to 1"),
        ("server.behind_proxy = \"perhaps\"\n", "server.behind_proxy = \"perhaps\" (FILE:1): it must be true or false"),
        ("server.tls_cert = \"a.pem\"\n", "server.tls_cert = \"a.pem\" (FILE:1): it needs server.tls_key beside it"),
        ("limits = 3\n", "FILE:1: there is no setting `limits`"),
        ("server.listen = 2026-04-15\n", "FILE:1: `server.listen` must be a text, a number, true or false, or a list of texts"),
    ] {
        let sandbox = with_settings(settings);
        let file = sandbox.path("data/lea.toml").display().to_string();
        let error = sandbox.run(["config", "show", "--json"]).expect(3).error();
        assert_eq!(error["message"], line.replace("FILE", &file));
    }
    let broken = with_settings("[server]\nlisten = \n");
    let error = broken.run(["config", "show", "--json"]).expect(3).error();
    assert!(error["message"].as_str().unwrap().contains("lea.toml:2: "), "{error}");

    let sandbox = Sandbox::new();
    let error = Run::of(sandbox.lea(["config", "show", "--json"]).env("LEA_TIMEOUT", "0")).expect(3).error();
    assert_eq!(error["message"], "client.timeout_seconds = \"0\" (environment LEA_TIMEOUT): it must be a whole number from 1 to 86400");
    let error = sandbox.run(["config", "show", "--json", "--timeout", "0"]).expect(2).error();
    assert_eq!(error["code"], "invalid_setting");
}

#[test]
fn the_settings_file_can_be_named_and_must_then_exist() {
    let sandbox = Sandbox::new();
    std::fs::write(sandbox.path("other.toml"), "client.timeout_seconds = 7\n").unwrap();
    let by_flag = sandbox.run(["config", "show", "--json", "--config", "other.toml"]).expect(0);
    assert_eq!(setting(&by_flag, "client.timeout_seconds")["value"], "7");
    let by_variable = Run::of(sandbox.lea(["config", "path"]).env("LEA_CONFIG", "other.toml")).expect(0);
    assert_eq!((by_variable.out.as_str(), by_variable.err.as_str()), ("other.toml\n", ""));
    let missing = sandbox.run(["config", "show", "--json", "--config", "none.toml"]).expect(3).error();
    assert_eq!(missing["code"], "file_not_found");
}

#[test]
fn config_path_says_where_and_whether() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("data/lea.toml").display().to_string();
    let absent = sandbox.run(["config", "path"]).expect(0);
    assert_eq!(absent.out, format!("{path}\n"));
    assert!(absent.err.contains("does not exist"), "{}", absent.err);
    assert_eq!(sandbox.run(["config", "path", "--json"]).expect(0).json(), serde_json::json!({"path": path, "exists": false}));
    assert_eq!(sandbox.run(["config", "path", "--quiet"]).expect(0).err, "");

    let present = with_settings("");
    let run = present.run(["config", "path", "--json"]).expect(0);
    assert_eq!((run.json()["exists"].clone(), run.err.as_str()), (Value::Bool(true), ""));
}

#[test]
fn wrong_usage_ends_with_2_and_says_what_is_wrong() {
    let sandbox = Sandbox::new();
    for (arguments, says) in [
        (&["--json", "nonsense"][..], "unrecognized subcommand 'nonsense'"),
        (&["--json", "config", "show", "--frobnicate"], "unexpected argument '--frobnicate' found"),
        (&["--json", "completions"], "the following required arguments were not provided: <SHELL>"),
        (&["--json", "config", "show", "-q", "-v"], "the argument '--quiet' cannot be used with '--verbose...'"),
        (
            &["--json", "config", "show", "--color", "mauve"],
            "invalid value 'mauve' for '--color <WHEN>' [possible values: auto, always, never]",
        ),
        (&["--json", "config"], "a command is missing"),
    ] {
        let run = sandbox.run(arguments).expect(2);
        assert_eq!(run.out, "", "{arguments:?}");
        let error = run.error();
        assert_eq!((&error["code"], &error["exit_code"]), (&"usage".into(), &2.into()), "{arguments:?}");
        assert!(error["message"].as_str().unwrap().starts_with(says), "{error}");
        assert_eq!(run.err.lines().count(), 1, "{}", run.err);
    }
    let tip = sandbox.run(["--json", "config", "shov"]).expect(2).error();
    assert_eq!(tip["hint"], "a similar subcommand exists: 'show'");
    let by_variable = Run::of(sandbox.lea(["nonsense"]).env("LEA_JSON", "1")).expect(2).error();
    assert_eq!(by_variable["code"], "usage");
    let text = sandbox.run(["nonsense"]).expect(2);
    assert!(text.err.starts_with("error: unrecognized subcommand") && text.out.is_empty(), "{text:?}");
    assert!(sandbox.run([""; 0]).expect(2).out.is_empty());
}

#[cfg(unix)]
#[test]
fn what_is_not_text_is_refused_not_passed_over() {
    use std::os::unix::ffi::OsStrExt;
    let odd = std::ffi::OsStr::from_bytes(b"\xff");
    let sandbox = Sandbox::new();
    let run = Run::of(sandbox.lea(["--json"]).arg(odd)).expect(2);
    assert_eq!(run.error()["code"], "usage");
    let run = Run::of(sandbox.lea(["--json", "config", "show"]).env("LEA_DATA_DIR", odd)).expect(3);
    assert_eq!(run.error()["message"], "the value of LEA_DATA_DIR is not UTF-8");
    Run::of(sandbox.lea(["config", "show"]).env("OTHER", odd)).expect(0);
}

#[test]
fn help_and_version_are_answers() {
    let sandbox = Sandbox::new();
    let version = sandbox.run(["--version"]).expect(0);
    assert_eq!((version.out, version.err.as_str()), (format!("lea {}\n", env!("CARGO_PKG_VERSION")), ""));
    for arguments in [&["--help"][..], &["-h"], &["config", "--help"], &["--json", "--help"]] {
        let help = sandbox.run(arguments).expect(0);
        assert!(help.out.contains("Usage: lea") && help.err.is_empty(), "{help:?}");
    }
    let long = sandbox.run(["--help"]).out;
    assert!(long.contains("Exit codes:") && long.contains("70 a bug in lea"), "{long}");
}

#[test]
fn colour_is_for_terminals_and_for_who_asks() {
    let sandbox = with_settings("nonsense = 1\n");
    let painted = |arguments: &[&str], variables: &[(&str, &str)]| {
        let run = Run::of(sandbox.lea(["config", "show"]).args(arguments).envs(variables.iter().copied())).expect(3);
        run.err.contains('\u{1b}')
    };
    assert!(!painted(&[], &[]));
    assert!(painted(&["--color", "always"], &[]));
    assert!(painted(&[], &[("LEA_COLOR", "always")]));
    assert!(!painted(&["--color", "never"], &[("LEA_COLOR", "always")]));
    assert!(!painted(&["--color", "auto"], &[("NO_COLOR", "")]));
    // A flag is said by somebody who is there; the variable by nobody in particular.
    assert!(painted(&["--color", "always"], &[("NO_COLOR", "1")]));
}

#[test]
fn a_table_that_no_terminal_shows_has_no_borders_and_one_line_a_row() {
    let sandbox = Sandbox::new();
    let text = sandbox.run(["config", "show"]).expect(0).out;
    let json = sandbox.run(["config", "show", "--json"]).expect(0).json();
    assert_eq!(text.lines().count(), 1 + json["settings"].as_array().unwrap().len());
    let odd = text.chars().find(|c| ('\u{2500}'..='\u{257f}').contains(c) || matches!(c, '|' | '+' | '\u{1b}'));
    assert_eq!(odd, None, "{text}");
    assert!(text.lines().all(|line| line == line.trim()), "{text}");
}

#[test]
fn a_reader_who_leaves_early_is_no_error() {
    let sandbox = Sandbox::new();
    for arguments in [&["completions", "bash"][..], &["config", "show"], &["config", "show", "--json"], &["--help"], &["--version"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let run = ends_with(sandbox.lea(arguments).stdout(writer));
        assert_eq!(run, (0, String::new()), "{arguments:?}");
    }
    // One who reads a byte first, while more than a pipe holds is on its way.
    let (mut reader, writer) = std::io::pipe().unwrap();
    let mut command = sandbox.lea(["completions", "bash"]);
    let child = command.stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
    drop(command);
    reader.read_exact(&mut [0]).unwrap();
    drop(reader);
    let done = child.wait_with_output().unwrap();
    assert_eq!((done.status.code(), done.stderr.as_slice()), (Some(0), &b""[..]));
}

#[cfg(target_os = "linux")]
#[test]
fn data_that_could_not_be_written_is_an_error() {
    let sandbox = Sandbox::new();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let (code, err) = ends_with(sandbox.lea(["config", "show", "--json"]).stdout(full));
    assert_eq!(code, 9, "{err}");
    assert!(err.contains("\"code\":\"disk_full\"") && err.contains("standard output"), "{err}");
}

/// The exit code and the standard error of a command whose standard output is somebody else's.
fn ends_with(command: &mut Command) -> (i32, String) {
    let done = command.stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    (done.status.code().unwrap_or(-1), String::from_utf8(done.stderr).unwrap())
}

#[test]
fn help_is_coloured_when_told_to_and_only_then() {
    let sandbox = Sandbox::new();
    assert!(sandbox.run(["--color", "always", "--help"]).expect(0).out.contains('\u{1b}'));
    assert!(!sandbox.run(["--color=never", "--help"]).expect(0).out.contains('\u{1b}'));
    assert!(sandbox.run(["--color", "always", "--nosuch"]).expect(2).err.contains('\u{1b}'));
}
