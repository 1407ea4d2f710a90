//! Rust sources as text: without comments, without the inside of strings, without tests; and the paths that they name.
//!
//! No parser of the whole language: what is needed is which module names which other, and a few forbidden words. Modules
//! written inside a file are taken as part of it.

use std::collections::BTreeMap;
use std::path::Path;

/// One source file.
pub struct Source {
    /// Path from the root of the package, with slashes.
    pub path: String,
    /// The module that it is: `lea` for the library, `bin` for the executable, then the names below.
    pub module: Vec<String>,
    /// Its text as it stands.
    pub text: String,
    /// Its code: comments and the inside of strings are blank.
    pub code: String,
    /// Its code without what is only compiled for tests.
    pub live: String,
    /// The paths that the live code names.
    pub paths: Vec<Named>,
}

/// A path in the code, `a::b::c`.
pub struct Named {
    /// Its parts; `*` for a glob.
    pub parts: Vec<String>,
    /// The name that a `use` gives it in this file.
    pub imported_as: Option<String>,
    /// Whether that `use` hands it on to others.
    pub exported: bool,
}

impl Source {
    /// The file at `path` (from the root) with this text.
    pub fn new(path: &str, text: &str) -> Self {
        let code = blank(text, true);
        let live = without_tests(&code);
        let paths = named(&tokens(&live));
        Self { path: path.to_owned(), module: module_of(path), text: text.to_owned(), code, live, paths }
    }

    /// Whether the file is the library's.
    pub fn in_library(&self) -> bool {
        self.path.starts_with("src/")
    }

    /// Whether the file is the executable's.
    pub fn in_executable(&self) -> bool {
        self.path.starts_with("commands/")
    }

    /// Whether the file names the parts of a folder: `mod.rs`, `lib.rs`, `main.rs`.
    pub fn names_a_folder(&self) -> bool {
        ["mod.rs", "lib.rs", "main.rs"].iter().any(|name| self.path.ends_with(&format!("/{name}")))
    }
}

/// All `.rs` files below `folders` of the package, by path.
pub fn read(root: &Path, folders: &[&str]) -> Vec<Source> {
    let files = folders.iter().flat_map(|folder| files_below(root, folder));
    let mut sources: Vec<_> =
        files.filter(|path| is_rust(path)).map(|path| Source::new(&path, &std::fs::read_to_string(root.join(&path)).unwrap())).collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

/// Whether the file at `path` is Rust.
pub fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "rs")
}

/// The paths of all files below `folder`, from the root, with slashes; git's own, built ones and a fuzzer's finds left out.
pub fn files_below(root: &Path, folder: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(root.join(folder)) else { return Vec::new() };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if name.starts_with(".git") || matches!(path.as_str(), "target" | "fuzz/target" | "fuzz/corpus" | "fuzz/artifacts") {
            continue;
        }
        if entry.file_type().unwrap().is_dir() { files.extend(files_below(root, &path)) } else { files.push(path) }
    }
    files.sort();
    files
}

fn module_of(path: &str) -> Vec<String> {
    let mut parts: Vec<String> = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    match parts[0].as_str() {
        "src" => "lea".clone_into(&mut parts[0]),
        "commands" => "bin".clone_into(&mut parts[0]),
        _ => {}
    }
    if parts.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main")) {
        parts.pop();
    }
    parts
}

/// `text` with comments blanked, and the inside of strings and characters too where `strings` says so.
pub fn blank(text: &str, strings: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let (end, hide) = match (chars[at], chars.get(at + 1)) {
            ('/', Some('/')) => (line_end(&chars, at), true),
            ('/', Some('*')) => (comment_end(&chars, at), true),
            ('"', _) => (string_end(&chars, at), strings),
            ('r', _) if at == 0 || !is_word(chars[at - 1]) || matches!(chars[at - 1], 'b' | 'c') => match raw_string_end(&chars, at) {
                Some(end) => (end, strings),
                None => (at + 1, false),
            },
            ('\'', _) => match character_end(&chars, at) {
                Some(end) => (end, strings),
                None => (at + 1, false),
            },
            _ => (at + 1, false),
        };
        let is_text = hide && chars[at] != '/';
        if is_text {
            out.push('"');
        }
        out.extend(chars[at..end].iter().filter(|c| !hide || **c == '\n'));
        if is_text {
            out.push('"');
        }
        if hide && !is_text {
            out.push(' ');
        }
        at = end;
    }
    out
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn line_end(chars: &[char], at: usize) -> usize {
    chars[at..].iter().position(|c| *c == '\n').map_or(chars.len(), |length| at + length)
}

fn comment_end(chars: &[char], at: usize) -> usize {
    let (mut depth, mut next) = (0, at);
    while next + 1 < chars.len() {
        match (chars[next], chars[next + 1]) {
            ('/', '*') => depth += 1,
            ('*', '/') => depth -= 1,
            _ => {
                next += 1;
                continue;
            }
        }
        next += 2;
        if depth == 0 {
            return next;
        }
    }
    chars.len()
}

fn string_end(chars: &[char], at: usize) -> usize {
    let mut next = at + 1;
    while next < chars.len() {
        match chars[next] {
            '\\' => next += 2,
            '"' => return next + 1,
            _ => next += 1,
        }
    }
    chars.len()
}

fn raw_string_end(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
    if chars.get(at + 1 + hashes) != Some(&'"') {
        return None;
    }
    let mut next = at + 2 + hashes;
    while next < chars.len() {
        if chars[next] == '"' && chars[next + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes {
            return Some(next + 1 + hashes);
        }
        next += 1;
    }
    Some(chars.len())
}

/// The end of a character literal, or `None` when the quote begins a lifetime.
fn character_end(chars: &[char], at: usize) -> Option<usize> {
    if chars.get(at + 1) == Some(&'\\') {
        return chars[at + 3..].iter().position(|c| *c == '\'').map(|length| at + 3 + length + 1);
    }
    (chars.get(at + 2) == Some(&'\'')).then_some(at + 3)
}

/// `code` (blanked) without the items under `#[cfg(test)]`, lines included.
pub fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let Some(start) = code.find(MARK) else { return code.to_owned() };
    let after = &code[start + MARK.len()..];
    let (mut depth, mut end) = (0_usize, after.len());
    for (offset, c) in after.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && matches!(c, ';' | '}') {
            end = offset + 1;
            break;
        }
    }
    format!("{}{}", &code[..start], without_tests(&after[end..]))
}

/// A word, `::`, or any other sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    Word(String),
    Join,
    Sign(char),
}

/// The tokens of blanked code.
pub fn tokens(code: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = code.chars().peekable();
    while let Some(c) = rest.next() {
        if is_word(c) {
            let mut word = c.to_string();
            while let Some(next) = rest.next_if(|next| is_word(*next)) {
                word.push(next);
            }
            tokens.push(Token::Word(word));
        } else if c == ':' && rest.next_if_eq(&':').is_some() {
            tokens.push(Token::Join);
        } else if !c.is_whitespace() {
            tokens.push(Token::Sign(c));
        }
    }
    tokens
}

fn word_at(tokens: &[Token], at: usize) -> Option<&str> {
    match tokens.get(at) {
        Some(Token::Word(word)) => Some(word),
        _ => None,
    }
}

fn named(tokens: &[Token]) -> Vec<Named> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(word) = word_at(tokens, at) else {
            at += 1;
            continue;
        };
        let opens_use = word == "use" && !matches!(tokens.get(at + 1), Some(Token::Sign('<')) | None);
        if opens_use {
            let before = at.checked_sub(1).map(|before| &tokens[before]);
            let exported = matches!(before, Some(Token::Sign(')'))) || before == Some(&Token::Word("pub".to_owned()));
            at += 1;
            use_tree(tokens, &mut at, &[], exported, &mut found);
            continue;
        }
        let mut parts = vec![word.to_owned()];
        let begins = at == 0 || !matches!(tokens[at - 1], Token::Join | Token::Sign('.'));
        at += 1;
        while begins && tokens.get(at) == Some(&Token::Join) {
            let Some(next) = word_at(tokens, at + 1) else { break };
            parts.push(next.to_owned());
            at += 2;
        }
        if parts.len() > 1 {
            found.push(Named { parts, imported_as: None, exported: false });
        }
    }
    found
}

/// Reads one branch of a `use` and leaves `at` behind it.
fn use_tree(tokens: &[Token], at: &mut usize, above: &[String], exported: bool, found: &mut Vec<Named>) {
    let mut parts = above.to_vec();
    loop {
        match tokens.get(*at) {
            Some(Token::Word(word)) => parts.push(word.clone()),
            Some(Token::Sign('*')) => parts.push("*".to_owned()),
            Some(Token::Join) => {}
            Some(Token::Sign('{')) => {
                *at += 1;
                while !matches!(tokens.get(*at), Some(Token::Sign('}')) | None) {
                    use_tree(tokens, at, &parts, exported, found);
                    if tokens.get(*at) == Some(&Token::Sign(',')) {
                        *at += 1;
                    }
                }
                *at += 1;
                return;
            }
            _ => break,
        }
        *at += 1;
        if word_at(tokens, *at) == Some("as") {
            let name = word_at(tokens, *at + 1).unwrap_or("_").to_owned();
            *at += 2;
            found.push(Named { parts, imported_as: Some(name), exported });
            return;
        }
    }
    if parts.len() > 1 && parts.last().is_some_and(|last| last == "self") {
        parts.pop();
    }
    let name = parts.last().cloned();
    if name.is_some() {
        found.push(Named { parts, imported_as: name, exported });
    }
}

/// The sources by module, and what their paths mean.
pub struct Tree<'a> {
    by_module: BTreeMap<Vec<String>, &'a Source>,
}

impl<'a> Tree<'a> {
    /// Of the library's and the executable's sources.
    pub fn new(sources: &'a [Source]) -> Self {
        let ours = sources.iter().filter(|source| source.in_library() || source.in_executable());
        Self { by_module: ours.map(|source| (source.module.clone(), source)).collect() }
    }

    /// Whether `path` is a module: a file, or a folder of some.
    pub fn is_module(&self, path: &[String]) -> bool {
        self.by_module.range(path.to_vec()..).next().is_some_and(|(module, _)| module.starts_with(path))
    }

    /// Every module that is a folder, with the file that names its parts.
    pub fn folders(&self) -> impl Iterator<Item = &'a Source> {
        self.by_module.values().copied().filter(|source| source.names_a_folder())
    }

    /// The path from its crate's root: `lea::…`, `bin::…`, or another crate's name first.
    pub fn absolute(&self, from: &Source, parts: &[String]) -> Vec<String> {
        let (first, rest) = (parts[0].as_str(), &parts[1..]);
        let join = |base: &[String], rest: &[String]| [base, rest].concat();
        match first {
            "crate" => join(&from.module[..1], rest),
            "self" => join(&from.module, rest),
            "super" => {
                let up = parts.iter().take_while(|part| *part == "super").count();
                join(&from.module[..from.module.len().saturating_sub(up).max(1)], &parts[up..])
            }
            "lea" => parts.to_vec(),
            _ => {
                let child = join(&from.module, &parts[..1]);
                if child != from.module && self.is_module(&child) { join(&from.module, parts) } else { parts.to_vec() }
            }
        }
    }

    /// Like [`Self::absolute`], with a name that a `use` of the file brought in written out.
    pub fn spelled_out(&self, from: &Source, named: &Named) -> Vec<String> {
        let import = from.paths.iter().find(|path| path.imported_as.as_ref() == named.parts.first());
        match import {
            Some(import) if named.imported_as.is_none() && !std::ptr::eq(import, named) => {
                [self.absolute(from, &import.parts), named.parts[1..].to_vec()].concat()
            }
            _ => self.absolute(from, &named.parts),
        }
    }

    /// The part of folder `folder` in which `path` ends, through what the folder hands on; `None` when it is elsewhere.
    pub fn part_of(&self, folder: &Source, path: &[String]) -> Option<String> {
        let name = path.strip_prefix(folder.module.as_slice())?.first()?;
        if self.is_module(&[folder.module.as_slice(), std::slice::from_ref(name)].concat()) {
            return Some(name.clone());
        }
        for export in folder.paths.iter().filter(|path| path.exported) {
            let target = self.absolute(folder, &export.parts);
            let Some(part) = target.strip_prefix(folder.module.as_slice()).and_then(<[String]>::first) else { continue };
            let through_glob = target.last().is_some_and(|last| last == "*") && self.declares(&target[..target.len() - 1], name);
            if export.imported_as.as_ref() == Some(name) || through_glob {
                return Some(part.clone());
            }
        }
        Some("mod".to_owned())
    }

    fn declares(&self, module: &[String], name: &str) -> bool {
        let Some(source) = self.by_module.get(module) else { return false };
        tokens(&source.live).windows(2).any(|pair| match pair {
            [Token::Word(kind), Token::Word(found)] => {
                found == name && matches!(kind.as_str(), "struct" | "enum" | "trait" | "fn" | "type" | "const" | "static" | "union")
            }
            _ => false,
        })
    }
}
