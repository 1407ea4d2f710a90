//! What is generated from the argument tree and committed: the completion scripts and the man pages.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Run, Sandbox, lea_path, root};

/// A script below `completions/` and the shell that it is for.
const SCRIPTS: &[(&str, &str)] =
    &[("lea.bash", "bash"), ("_lea", "zsh"), ("lea.fish", "fish"), ("lea.ps1", "powershell"), ("lea.elv", "elvish")];

const STALE: &str = "is not what the program prints; run .ci/generate and commit what it writes";

#[test]
fn completion_scripts_are_what_the_program_prints() {
    let sandbox = Sandbox::new();
    for (name, shell) in SCRIPTS {
        let printed = sandbox.run(["completions", shell]).expect(0).out;
        let kept = std::fs::read_to_string(root().join("completions").join(name)).unwrap_or_default();
        assert!(kept == printed, "completions/{name} {STALE}");
    }
}

#[test]
fn man_pages_are_what_the_program_writes() {
    let sandbox = Sandbox::new();
    Run::of(sandbox.lea(["man"]).arg(sandbox.path("man"))).expect(0);
    let pages = |folder: &Path| -> BTreeSet<String> {
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let kept = root().join("man");
    assert_eq!(pages(&kept), pages(&sandbox.path("man")), "man/ {STALE}");
    for page in pages(&kept) {
        let read = |folder: &Path| std::fs::read_to_string(folder.join(&page)).unwrap();
        assert!(read(&kept) == read(&sandbox.path("man")), "man/{page} {STALE}");
    }
}

#[test]
fn bash_completes() {
    let Some(bash) = shell("bash") else { return };
    let script = script("lea.bash");
    Run::of(Command::new(&bash).arg("-n").arg(&script)).expect(0);
    let ask = r#"source "$1"; complete -p lea
        COMP_WORDS=(lea ''); COMP_CWORD=1; _lea lea '' lea; printf '%s\n' "${COMPREPLY[@]}"
        COMP_WORDS=(lea config ''); COMP_CWORD=2; _lea lea '' config; printf 'config:%s\n' "${COMPREPLY[@]}""#;
    let run = Run::of(Command::new(&bash).args(["--norc", "--noprofile", "-c", ask, "bash"]).arg(&script)).expect(0);
    let lines: Vec<&str> = run.out.lines().collect();
    assert!(lines[0].contains("-F _lea") && lines[0].ends_with(" lea"), "{}", run.out);
    for word in ["serve", "--server", "config:show"] {
        assert!(lines.contains(&word), "{word}: {}", run.out);
    }
}

#[test]
fn zsh_completes() {
    let Some(zsh) = shell("zsh") else { return };
    let script = script("_lea");
    Run::of(Command::new(&zsh).args(["-f", "-n"]).arg(&script)).expect(0);
    let sandbox = Sandbox::new();
    let ask = r#"fpath=("$1" $fpath); autoload -Uz compinit; compinit -u -d "$2"; print -r -- "$_comps[lea]"
        autoload +X _lea; functions _lea >/dev/null && print loaded"#;
    let mut command = Command::new(&zsh);
    command.args(["-f", "-c", ask, "zsh"]).arg(script.parent().unwrap()).arg(sandbox.path("dump"));
    let run = Run::of(&mut command).expect(0);
    assert_eq!(run.out, "_lea\nloaded\n", "{}", run.err);
}

#[test]
fn fish_completes() {
    let Some(fish) = shell("fish") else { return };
    let script = script("lea.fish");
    let sandbox = Sandbox::new();
    let fish = || {
        let mut command = Command::new(&fish);
        command.env("HOME", sandbox.path("")).env("XDG_CONFIG_HOME", sandbox.path("c")).env("XDG_DATA_HOME", sandbox.path("d"));
        command.env("PATH", path_with_lea());
        command
    };
    Run::of(fish().arg("--no-execute").arg(&script)).expect(0);
    let run = Run::of(fish().args(["-c", "source $argv[1]; complete -C 'lea '; complete -C 'lea config s'"]).arg(&script)).expect(0);
    let words: Vec<&str> = run.out.lines().filter_map(|line| line.split('\t').next()).collect();
    for word in ["serve", "fleet", "show"] {
        assert!(words.contains(&word), "{word}: {}", run.out);
    }
}

/// The committed script that a real shell is to load.
fn script(name: &str) -> PathBuf {
    root().join("completions").join(name)
}

/// Where `name` is installed. Where it isn't, the test is skipped and says so, but never where CI promises all shells.
fn shell(name: &str) -> Option<PathBuf> {
    let places = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&places).map(|place| place.join(name)).find(|path| path.is_file());
    if found.is_none() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{name} is not installed");
        eprintln!("skipped: {name} is not installed");
    }
    found
}

/// fish completes only what it can find.
fn path_with_lea() -> std::ffi::OsString {
    let own = lea_path().parent().unwrap().to_path_buf();
    let places = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&places))).unwrap()
}
