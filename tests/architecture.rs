//! The shape of the house: which module may know which, where things are made and printed, how long a file may grow.
//!
//! A rule is a row of [`RULES`]: what it is called, how it is checked, and a snippet that it must refuse.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::root;
use crate::support::source::{Source, Token, Tree, files_below, is_rust, read, tokens};

/// What lies at the bottom: every module may know these.
const BASE: &[&str] = &["error", "clock", "id", "json"];

/// What the system is about.
const SLICES: &[&str] = &["fleet", "session", "workflow", "replay", "target", "update", "competence", "sync"];

/// A module of the library and which others it may know, [`BASE`] and [`SLICES`] standing for their members.
const ARROWS: &[(&str, &[&[&str]])] = &[
    ("error", &[]),
    ("clock", &[&["error"]]),
    ("id", &[&["error"]]),
    ("json", &[]),
    ("fleet", &[BASE]),
    ("target", &[BASE]),
    ("workflow", &[BASE, &["target"]]),
    ("session", &[BASE, &["workflow", "target"]]),
    ("replay", &[BASE, &["workflow", "target"]]),
    ("competence", &[BASE, &["workflow", "target"]]),
    ("update", &[BASE]),
    ("sync", &[BASE]),
    ("files", &[BASE, SLICES]),
    ("config", &[&["error", "files"]]),
    ("vision", &[BASE, SLICES]),
    ("ocr", &[BASE, SLICES]),
    ("store", &[BASE, SLICES, &["files"]]),
    ("api", &[BASE, SLICES]),
    ("client", &[BASE, SLICES, &["api", "config", "files"]]),
    ("server", &[BASE, SLICES, &["api", "config", "files", "store", "vision", "ocr"]]),
];

/// Crates that the commands leave to the library: databases, HTTP, pixels, and the runtime under them.
const NOT_IN_COMMANDS: &[&str] =
    &["rusqlite", "reqwest", "axum", "axum_server", "hyper", "hyper_util", "tower", "tower_http", "tokio", "image", "imageproc"];

/// An adapter's module and the names by which its types are made.
const MADE_BY: &[(&str, &[&str])] =
    &[("store", &["open", "open_in_memory", "connect", "new"]), ("vision", &["open", "new", "with_limits"]), ("ocr", &["open", "new"])];

/// The only files that make adapters, the adapters' own folders aside.
const MAKERS: &[&str] = &["commands/context.rs", "src/server/state.rs"];

/// The only file that prints.
const PRINTER: &str = "commands/output.rs";

/// The files that may hold `unsafe`: one small file for each SIMD kernel.
const UNSAFE_ALLOWED: &[&str] =
    &["src/vision/kernels/avx2.rs", "src/vision/kernels/avx512.rs", "src/vision/kernels/moments.rs", "src/vision/kernels/weigh.rs"];

/// The longest file, in lines without its tests.
const MAX_LINES: usize = 500;

/// Macros that stand for work not done or not cleaned up.
const UNFINISHED: &[&str] = &["todo", "unimplemented", "dbg"];

/// Words that mark work not done, wherever they stand. In two halves, so that this file doesn't hold them.
const MARKS: &[&str] = &[concat!("FIX", "ME"), concat!("XX", "X"), concat!("HA", "CK")];

/// Places and phrases that mean nothing to who reads this project.
const STRANGERS: &[&str] = &[concat!("../", "shared"), concat!("/wo", "rk/"), concat!("in prod", "uction")];

/// A rule, and a tree of files that breaks it.
struct Rule {
    name: &'static str,
    check: fn(&[Source]) -> Vec<String>,
    refuses: &'static [&'static [(&'static str, &'static str)]],
}

const RULES: &[Rule] = &[
    Rule {
        name: "modules know only what lies below them",
        check: arrows,
        refuses: &[
            &[("src/fleet/a.rs", "use crate::store::Database;"), ("src/store/mod.rs", "")],
            &[("src/fleet/a.rs", "fn f() { crate::client::get() }"), ("src/client/mod.rs", "")],
            &[("src/target/a.rs", "use crate::{error::Error, fleet::{Agent, Key}};"), ("src/fleet/mod.rs", ""), ("src/error.rs", "")],
            &[("src/client/a.rs", "use super::super::server;"), ("src/client/mod.rs", ""), ("src/server/mod.rs", "")],
            &[("src/api/a.rs", "use crate::files;"), ("src/files/mod.rs", "")],
            &[("src/newcomer.rs", "")],
            &[("src/store/a.rs", "#[path = \"../../commands/cli.rs\"] mod cli;")],
            &[("src/store/a.rs", "fn f() { commands::run() }")],
        ],
    },
    Rule {
        name: "no circles",
        check: circles,
        refuses: &[
            &[("src/lib.rs", "pub mod a; pub mod b;"), ("src/a.rs", "use crate::b::B;"), ("src/b.rs", "use crate::a::A;")],
            &[
                ("src/f/mod.rs", "mod a; mod b; pub use a::A;"),
                ("src/f/a.rs", "pub struct A; use super::b::B;"),
                ("src/f/b.rs", "use super::A;"),
            ],
            &[
                ("src/f/mod.rs", "mod a; mod b; pub use a::*;"),
                ("src/f/a.rs", "pub struct A; fn f() { super::b::g() }"),
                ("src/f/b.rs", "use crate::f::A;"),
            ],
            &[("src/f/mod.rs", "mod a; use a::A; pub struct M;"), ("src/f/a.rs", "use super::M;")],
        ],
    },
    Rule {
        name: "commands leave databases, HTTP and pixels to the library",
        check: command_crates,
        refuses: &[&[("commands/a.rs", "use rusqlite::Connection;")], &[("commands/b/c.rs", "async fn f() { tokio::spawn(g()) }")]],
    },
    Rule {
        name: "adapters are made in one place on each side",
        check: makers,
        refuses: &[
            &[("commands/a.rs", "use lea::store::Database; fn f() { Database::open(p) }"), ("src/store/mod.rs", "")],
            &[("src/server/routes.rs", "fn f() { crate::store::Database::open(p) }"), ("src/store/mod.rs", "")],
            &[("src/server/a.rs", "use crate::store as s; fn f() { s::Database::new(p) }"), ("src/store/mod.rs", "")],
        ],
    },
    Rule {
        name: "one file prints",
        check: printing,
        refuses: &[
            &[("commands/a.rs", "fn f() { println!(\"x\") }")],
            &[("src/a.rs", "fn f() { std::io::stderr().write_all(b) }")],
            &[("src/a.rs", "use std::io::{Write, stdout};")],
        ],
    },
    Rule { name: "no file is too long", check: lengths, refuses: &[] },
    Rule {
        name: "nothing is left unfinished",
        check: unfinished,
        refuses: &[
            &[("tests/a.rs", "fn f() { todo!() }")],
            &[("src/a.rs", "fn f() { let a = dbg! (b); }")],
            &[("tests/a.rs", "#[test] #[ignore = \"slow\"] fn f() {}")],
            &[("benches/a.rs", "fn f() { unimplemented!() }")],
        ],
    },
    Rule {
        name: "unsafe code stands in its own files",
        check: unsafe_code,
        refuses: &[&[("src/vision/a.rs", "fn f() { unsafe { g() } }")], &[("tests/a.rs", "unsafe impl Send for X {}")]],
    },
    Rule {
        name: "no marks of work to do",
        check: |sources| sources.iter().flat_map(|source| marks(&source.path, &source.text)).collect(),
        refuses: &[&[("src/a.rs", concat!("// FIX", "ME: later"))], &[("docs/a.md", concat!("a HA", "CK"))]],
    },
    Rule {
        name: "no word of places outside the project",
        check: |sources| sources.iter().flat_map(|source| strangers(&source.path, &source.text)).collect(),
        refuses: &[&[("docs/a.md", concat!("see ../", "shared"))], &[("src/a.rs", concat!("// In prod", "uction one would"))]],
    },
];

#[test]
fn the_tree_keeps_every_rule() {
    let sources = read(root(), &["src", "commands", "tests", "benches", "fuzz"]);
    assert!(sources.iter().any(|source| source.path == "src/lib.rs") && sources.iter().any(Source::in_executable));
    let faults: Vec<String> =
        RULES.iter().flat_map(|rule| (rule.check)(&sources).into_iter().map(|fault| format!("{}: {fault}", rule.name))).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn other_texts_keep_the_rules_on_words() {
    let mut faults = Vec::new();
    for path in files_below(root(), "") {
        if is_rust(&path) || path == "Cargo.lock" {
            continue;
        }
        // What isn't text (a picture, a database) has no words.
        let Ok(text) = std::fs::read_to_string(root().join(&path)) else { continue };
        faults.extend(marks(&path, &text));
        faults.extend(strangers(&path, &text));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_rule_refuses_what_it_is_there_for() {
    for rule in RULES {
        for files in rule.refuses {
            let sources: Vec<Source> = files.iter().map(|(path, text)| Source::new(path, text)).collect();
            assert!(!(rule.check)(&sources).is_empty(), "`{}` lets through {files:?}", rule.name);
        }
    }
    let long = |lines: usize, tests: usize| {
        let text = format!("{}#[cfg(test)]\nmod tests {{\n{}}}\n", "fn f() {}\n".repeat(lines), "// test\n".repeat(tests));
        lengths(&[Source::new("src/a.rs", &text)])
    };
    assert!(long(MAX_LINES - 1, 300).is_empty());
    assert!(!long(MAX_LINES + 1, 0).is_empty());
}

#[test]
fn no_rule_takes_words_in_comments_and_strings_or_tests_for_code() {
    let harmless = [
        ("src/lib.rs", "pub mod error; pub mod fleet; pub mod store; pub const VERSION: &str = \"\";"),
        ("src/error.rs", "pub struct Error;"),
        (
            "src/fleet/mod.rs",
            "//! Not crate::store::X, not println!(). \n mod a; pub use a::A; /* unsafe /* nested */ todo!() */ \n\
             const S: &str = \"println!(\\\"crate::store::X\\\")\"; const R: &str = r#\"todo!() \"unsafe\" \"#; const Q: char = '\"';\n\
             fn f<'a>(child: &'a Child) -> &'a str { use crate::error::Error; child.stdout.get(crate::VERSION) }\n\
             #[cfg(test)] mod tests { use crate::store::Database; fn f() { Database::open(); println!(\"x\"); } }",
        ),
        ("src/fleet/a.rs", "pub struct A; use crate::error::Error;"),
        ("src/store/mod.rs", "use crate::fleet::A; pub struct Database; impl Database { pub fn open() -> Self { Database::new() } }"),
        ("commands/context.rs", "use lea::store::Database; fn f() { Database::open(); }"),
        ("commands/output.rs", "fn f() { std::io::stdout(); }"),
        ("commands/a.rs", "use crate::context::Context; use lea::fleet::A; fn f() { A::new() }"),
    ];
    let sources: Vec<Source> = harmless.iter().map(|(path, text)| Source::new(path, text)).collect();
    for rule in RULES {
        assert_eq!((rule.check)(&sources), Vec::<String>::new(), "{}", rule.name);
    }
}

fn arrows(sources: &[Source]) -> Vec<String> {
    let tree = Tree::new(sources);
    let mut faults = Vec::new();
    for source in sources.iter().filter(|source| source.in_library()) {
        if source.code.contains("#[path") || tokens(&source.code).windows(2).any(|pair| is_macro(pair, "include")) {
            faults.push(format!("{} takes in a file from elsewhere", source.path));
        }
        let Some(from) = source.module.get(1) else { continue };
        let Some((_, allowed)) = ARROWS.iter().find(|(module, _)| module == from) else {
            faults.push(format!("{}: `{from}` has no row in ARROWS; decide what it may know", source.path));
            continue;
        };
        for named in &source.paths {
            let target = tree.absolute(source, &named.parts);
            if matches!(target[0].as_str(), "bin" | "commands") {
                faults.push(format!("{} knows the commands: {}", source.path, target.join("::")));
            }
            let Some(to) = target.get(1).filter(|_| target[0] == "lea") else { continue };
            let is_ours = tree.is_module(&target[..2]);
            if is_ours && to != from && !allowed.iter().any(|group| group.contains(&to.as_str())) {
                faults.push(format!("{}: `{from}` must not know `{to}` ({})", source.path, target.join("::")));
            }
        }
    }
    faults
}

fn circles(sources: &[Source]) -> Vec<String> {
    let tree = Tree::new(sources);
    let mut faults = Vec::new();
    for folder in tree.folders().filter(|folder| folder.in_library()) {
        let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for source in sources.iter().filter(|source| source.module.starts_with(&folder.module)) {
            let own = source.module.get(folder.module.len()).map_or("mod", String::as_str);
            // That a folder names its parts is no dependence on them.
            let named = source.paths.iter().filter(|named| !(own == "mod" && named.exported));
            let parts = named.filter_map(|named| tree.part_of(folder, &tree.absolute(source, &named.parts)));
            edges.entry(own.to_owned()).or_default().extend(parts.filter(|part| part != own));
        }
        faults.extend(circle(&edges).map(|parts| format!("{}: {}", folder.path, parts.join(" -> "))));
    }
    faults
}

/// A circle in the graph, if there is one.
fn circle(edges: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    fn walk<'a>(at: &'a str, edges: &'a BTreeMap<String, BTreeSet<String>>, path: &mut Vec<&'a str>, done: &mut BTreeSet<&'a str>) -> bool {
        if path.contains(&at) {
            path.push(at);
            return true;
        }
        if !done.insert(at) {
            return false;
        }
        path.push(at);
        if edges.get(at).into_iter().flatten().any(|next| walk(next, edges, path, done)) {
            return true;
        }
        path.pop();
        false
    }
    let mut done = BTreeSet::new();
    edges.keys().find_map(|start| {
        let mut path = Vec::new();
        walk(start, edges, &mut path, &mut done).then(|| {
            let last = path[path.len() - 1];
            path.iter().skip_while(|part| **part != last).map(ToString::to_string).collect()
        })
    })
}

fn command_crates(sources: &[Source]) -> Vec<String> {
    let commands = sources.iter().filter(|source| source.in_executable());
    let named = commands.flat_map(|source| source.paths.iter().map(move |named| (source, &named.parts[0])));
    named
        .filter(|(_, first)| NOT_IN_COMMANDS.contains(&first.as_str()))
        .map(|(source, first)| format!("{} uses {first}", source.path))
        .collect()
}

fn makers(sources: &[Source]) -> Vec<String> {
    let tree = Tree::new(sources);
    let mut faults = Vec::new();
    for source in sources.iter().filter(|source| source.in_executable() || source.path.starts_with("src/server/")) {
        if MAKERS.contains(&source.path.as_str()) {
            continue;
        }
        for named in &source.paths {
            let target = tree.spelled_out(source, named);
            let made = MADE_BY.iter().any(|(adapter, makes)| {
                target.len() > 3 && target[..2] == ["lea", *adapter] && makes.contains(&target[target.len() - 1].as_str())
            });
            if made {
                faults.push(format!("{} makes an adapter: {}", source.path, target.join("::")));
            }
        }
    }
    faults
}

fn printing(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources.iter().filter(|source| (source.in_library() || source.in_executable()) && source.path != PRINTER) {
        let tokens = tokens(&source.live);
        for name in ["println", "eprintln", "print", "eprint"] {
            if tokens.windows(2).any(|pair| is_macro(pair, name)) {
                faults.push(format!("{} uses {name}!", source.path));
            }
        }
        for named in &source.paths {
            if let [.., io, stream] = named.parts.as_slice()
                && io == "io"
                && matches!(stream.as_str(), "stdout" | "stderr")
            {
                faults.push(format!("{} takes hold of {stream}", source.path));
            }
        }
    }
    faults
}

fn lengths(sources: &[Source]) -> Vec<String> {
    let counted = sources.iter().filter(|source| source.in_library() || source.in_executable()).filter(|s| !s.path.ends_with("/tests.rs"));
    counted
        .map(|source| (source, source.live.lines().count()))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(source, lines)| format!("{} has {lines} lines; split it by what its parts own", source.path))
        .collect()
}

fn unfinished(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources {
        let tokens = tokens(&source.code);
        for name in UNFINISHED {
            if tokens.windows(2).any(|pair| is_macro(pair, name)) {
                faults.push(format!("{} uses {name}!", source.path));
            }
        }
        let ignored = [Token::Sign('#'), Token::Sign('['), Token::Word("ignore".to_owned())];
        if tokens.windows(3).any(|three| three == ignored) {
            faults.push(format!("{} skips a test", source.path));
        }
    }
    faults
}

fn unsafe_code(sources: &[Source]) -> Vec<String> {
    let suspects = sources.iter().filter(|source| !UNSAFE_ALLOWED.contains(&source.path.as_str()));
    suspects
        .filter(|source| tokens(&source.code).contains(&Token::Word("unsafe".to_owned())))
        .map(|source| format!("{} holds unsafe code", source.path))
        .collect()
}

fn marks(path: &str, text: &str) -> Vec<String> {
    let words = tokens(text);
    MARKS.iter().filter(|mark| words.contains(&Token::Word((**mark).to_owned()))).map(|mark| format!("{path} says {mark}")).collect()
}

fn strangers(path: &str, text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    STRANGERS.iter().filter(|word| text.contains(**word)).map(|word| format!("{path} says `{word}`")).collect()
}

fn is_macro(pair: &[Token], name: &str) -> bool {
    pair == [Token::Word(name.to_owned()), Token::Sign('!')]
}
