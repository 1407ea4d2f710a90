//! What a careful reviewer would say about a document.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::node::{Node, pointer_part};
use super::pii::Scanner;
use super::request::{PARAMETER_TYPES, step_id};
use super::requirements::is_vacuous;
use crate::error::Result;
use crate::target::{Anchors, Order, Pixels, Verdict, resolve};

/// The longest wait that needs no second thought, milliseconds.
const LONG_WAIT: f64 = 60_000.0;

/// Where a step may say how long it waits, and in how many milliseconds.
const WAITS: [(&str, f64); 11] = [
    ("duration_ms", 1.0),
    ("wait_ms", 1.0),
    ("delay_ms", 1.0),
    ("timeout_ms", 1.0),
    ("ms", 1.0),
    ("milliseconds", 1.0),
    ("duration_s", 1000.0),
    ("seconds", 1000.0),
    ("delay", 1000.0),
    ("duration", 1000.0),
    ("minutes", 60_000.0),
];

/// Kinds of steps that hit something.
const CLICKS: [&str; 6] = ["click", "double_click", "right_click", "left_click", "click_text", "click_anchor"];

/// Where a step may say what it hits, or where.
const TARGETS: [&str; 9] = ["target", "target_spec", "anchor", "anchor_image_base64", "by_text", "by_role", "element", "selector", "x_pct"];

/// Kinds after which nothing follows.
const ENDS: [&str; 7] = ["stop", "end", "return", "exit", "fail", "abort", "raise"];

/// Keys that close or delete without a question.
const DANGEROUS_KEYS: [&str; 8] =
    ["alt+f4", "shift+delete", "shift+suppr", "ctrl+alt+delete", "ctrl+alt+suppr", "win+l", "ctrl+w", "ctrl+shift+w"];

/// Commands that destroy or switch off.
const DANGEROUS_TEXT: [&str; 11] =
    ["rm -rf", "del /", "format c", "rmdir /s", "rd /s", "shutdown", "reg delete", "taskkill", "diskpart", "drop table", "net user"];

/// Names under which secrets stand.
const SECRET_NAMES: [&str; 10] = ["password", "passwd", "mot_de_passe", "motdepasse", "mdp", "secret", "token", "api_key", "apikey", "pin"];

/// How texts begin that are secrets.
const SECRET_BEGINNINGS: [&str; 12] =
    ["lea_o_", "lea_m_", "lea_k_", "eyj", "ghp_", "gho_", "glpat-", "sk-", "xoxb-", "akia", "-----begin", "bearer "];

/// Something to say about a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// A word for it.
    pub code: &'static str,
    /// Where, a JSON pointer.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub suggestion: &'static str,
    /// Whether it must be mended; else it is worth a look.
    pub serious: bool,
}

/// What looks at anchors.
pub struct Sight<'a> {
    /// Tells what an anchor is worth by itself.
    pub anchors: &'a dyn Anchors,
    /// Looks for it.
    pub pixels: &'a dyn Pixels,
    /// The score from which a place counts.
    pub threshold: f64,
}

/// Everything there is to say about a document.
///
/// # Errors
/// When a picture is beyond a ceiling.
pub fn lint(document: &Node, scanner: &Scanner, sight: &Sight<'_>) -> Result<Vec<Remark>> {
    let mut remarks = Remarks::default();
    for finding in scanner.document(document) {
        remarks.serious(
            "personal_data",
            finding.path,
            format!("it holds personal data ({})", finding.kind),
            "put a parameter such as ${ipp} in its place",
        );
    }
    if is_vacuous(document.get("success_marker")) {
        let message = "success is claimed whatever happens: no marker could fail".to_owned();
        remarks.note("vacuous_success", "/success_marker".to_owned(), message, "name a text or an anchor that only shows when it worked");
    }
    parameters(document, &mut remarks);
    let steps = document.get("methods").map(Node::items).unwrap_or_default();
    if steps.is_empty() {
        remarks.serious("no_steps", "/methods".to_owned(), "there are no steps".to_owned(), "record it once more");
    }
    let ids: Vec<String> = steps.iter().enumerate().map(|(index, step)| step_id(index, step)).collect();
    let mut ended = None;
    let mut seen = BTreeSet::new();
    for (index, step) in steps.iter().enumerate() {
        let path = format!("/methods/{index}");
        if !seen.insert(&ids[index]) {
            remarks.serious(
                "repeated_id",
                format!("{path}/id"),
                format!("another step has the id {:?}", ids[index]),
                "give each step an id of its own",
            );
        }
        if let Some(end) = ended {
            remarks.serious(
                "unreachable",
                path.clone(),
                format!("step {end} ends before it comes to this one"),
                "take it out, or put it before that step",
            );
        }
        one_step(step, &path, &ids, &mut remarks);
        look_for_secrets(step, &path, &mut remarks);
        look_at_anchors(step, &path, sight, &mut remarks)?;
        if ended.is_none() && step.text_of("kind").is_some_and(|kind| ENDS.contains(&kind)) {
            ended = Some(index + 1);
        }
    }
    Ok(remarks.0)
}

#[derive(Default)]
struct Remarks(Vec<Remark>);

impl Remarks {
    fn serious(&mut self, code: &'static str, path: String, message: String, suggestion: &'static str) {
        self.0.push(Remark { code, path, message, suggestion, serious: true });
    }

    fn note(&mut self, code: &'static str, path: String, message: String, suggestion: &'static str) {
        self.0.push(Remark { code, path, message, suggestion, serious: false });
    }
}

/// Parameters of an unknown type, used and not declared, declared and not used.
fn parameters(document: &Node, remarks: &mut Remarks) {
    let declared = document.get("parameters").map(Node::entries).unwrap_or_default();
    for (name, parameter) in declared {
        let path = format!("/parameters/{}", pointer_part(name));
        match parameter.text_of("type") {
            Some(word) if !PARAMETER_TYPES.contains(&word.to_ascii_lowercase().as_str()) => {
                remarks.serious(
                    "unknown_type",
                    format!("{path}/type"),
                    "nobody knows that type".to_owned(),
                    "use one such as string, int, date or bool",
                );
            }
            _ => {}
        }
    }
    let mut used = BTreeSet::new();
    document.get("methods").into_iter().chain(document.get("preconditions")).for_each(|part| variables(part, &mut used));
    for name in used.iter().filter(|name| !declared.iter().any(|(known, _)| known == *name)) {
        let message = format!("${{{name}}} is used and not declared");
        remarks.serious("undeclared_parameter", "/parameters".to_owned(), message, "declare it, with its type and what it is");
    }
    for (name, _) in declared.iter().filter(|(name, _)| !used.contains(name)) {
        let path = format!("/parameters/{}", pointer_part(name));
        remarks.note(
            "unused_parameter",
            path,
            "it is declared and never used".to_owned(),
            "take it out, or type ${…} of it where it belongs",
        );
    }
}

/// The names in `${…}`.
fn variables(node: &Node, used: &mut BTreeSet<String>) {
    match node {
        Node::Text(text) => {
            for piece in text.split("${").skip(1) {
                used.extend(piece.split_once('}').map(|(name, _)| name.trim().to_owned()));
            }
        }
        Node::List(items) => items.iter().for_each(|item| variables(item, used)),
        Node::Map(entries) => entries.iter().for_each(|(_, value)| variables(value, used)),
        _ => {}
    }
}

fn number(node: Option<&Node>) -> Option<f64> {
    match node {
        Some(Node::Int(number)) => Some(*number as f64),
        Some(Node::Float(number)) => Some(*number),
        _ => None,
    }
}

fn one_step(step: &Node, path: &str, ids: &[String], remarks: &mut Remarks) {
    let kind = step.text_of("kind").unwrap_or_default();
    if kind.is_empty() {
        remarks.serious(
            "no_kind",
            path.to_owned(),
            "it does not say what is done".to_owned(),
            "give it a kind, such as click, type, key_combo or wait",
        );
    }
    if CLICKS.contains(&kind) {
        let named: Vec<&str> = TARGETS.into_iter().filter(|key| step.get(key).is_some_and(|value| !value.is_falsy())).collect();
        let by_place = named == ["x_pct"]
            || step.get("target").is_some_and(|target| target.entries().iter().all(|(key, _)| is_place(key)) && !target.is_falsy());
        if named.is_empty() {
            let suggestion = "name an anchor, a text or a role to click on";
            remarks.serious("click_without_target", path.to_owned(), "nobody can say where this click goes".to_owned(), suggestion);
        } else if by_place {
            let message = "it clicks on a place, whatever is there".to_owned();
            remarks.serious("click_by_place", path.to_owned(), message, "name an anchor, a text or a role, and keep the place as a hint");
        }
    }
    for below in ["", "params", "parameters", "args"] {
        let (part, at) = match below {
            "" => (Some(step), path.to_owned()),
            below => (step.get(below), format!("{path}/{below}")),
        };
        for (key, unit) in WAITS {
            if number(part.and_then(|part| part.get(key))).is_some_and(|length| length * unit > LONG_WAIT) {
                let message = "it waits for more than a minute".to_owned();
                remarks.note(
                    "long_wait",
                    format!("{at}/{key}"),
                    message,
                    "wait until something is on the screen (wait_until), with a limit",
                );
            }
        }
    }
    for key in ["next", "goto", "on_failure", "on_success"] {
        if step.text_of(key).is_some_and(|id| !ids.iter().any(|known| known == id)) {
            let message = "it names a step that is not there".to_owned();
            remarks.serious("unknown_step", format!("{path}/{key}"), message, "name the id of a step");
        }
    }
    let keys = match step.get("keys").or_else(|| step.get("key")) {
        Some(Node::List(keys)) => keys.iter().filter_map(Node::text).collect::<Vec<_>>().join("+"),
        Some(Node::Text(keys)) => keys.clone(),
        _ => String::new(),
    };
    let keys = keys.to_lowercase().replace([' ', '-'], "");
    if DANGEROUS_KEYS.contains(&keys.as_str()) {
        let message = "these keys close or delete without a question".to_owned();
        remarks.note("unsafe_keys", path.to_owned(), message, "click the button that does it, and check what is on the screen before");
    }
    let text = step.text_of("text").unwrap_or_default().to_lowercase();
    if DANGEROUS_TEXT.iter().any(|command| text.contains(command)) {
        let message = "it types a command that destroys or switches off".to_owned();
        remarks.serious("unsafe_text", format!("{path}/text"), message, "take it out: no replay should be able to do this");
    }
}

fn is_place(key: &str) -> bool {
    ["x", "y", "x_pct", "y_pct", "by_position", "position", "screen_width", "screen_height"].contains(&key)
}

/// Texts that look like secrets, by the name under which they stand, by how they begin, or by being typed into a field for one.
fn look_for_secrets(step: &Node, path: &str, remarks: &mut Remarks) {
    let into_password = step.get("target").is_some_and(|target| {
        let said = serde_json::to_string(target).unwrap_or_default().to_lowercase();
        ["mot de passe", "password", "mdp"].iter().any(|word| said.contains(word))
    });
    let mut tell = |path: String| {
        remarks.serious(
            "secret",
            path,
            "it looks like a secret".to_owned(),
            "put a parameter of the type secret in its place, such as ${mot_de_passe}",
        );
    };
    if into_password && step.text_of("text").is_some_and(|text| !text.is_empty() && !text.contains("${")) {
        tell(format!("{path}/text"));
        return;
    }
    walk_texts(step, path, &mut |name, path, text| {
        let lower = text.to_lowercase();
        let named = SECRET_NAMES.contains(&name.to_lowercase().as_str()) && !text.is_empty() && !text.contains("${");
        let begins = SECRET_BEGINNINGS.iter().any(|beginning| lower.starts_with(beginning)) && text.len() >= 12;
        if named || begins || tells_password(&lower) {
            tell(path.to_owned());
        }
    });
}

/// Words before a password.
const PASSWORD_WORDS: [&str; 8] = ["password", "passwd", "pwd", "passphrase", "mot de passe", "mot_de_passe", "motdepasse", "mdp"];

/// Whether a text, in lower case, says a word for a password and then one: behind a colon or an equals sign anything, else what has
/// letters and digits.
fn tells_password(text: &str) -> bool {
    PASSWORD_WORDS.iter().any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let inside = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
            let rest = &text[at + word.len()..];
            let after = rest.trim_start();
            let told = after.trim_start_matches([':', '=']);
            let value = told.split_whitespace().next().unwrap_or_default();
            if inside || value.starts_with("${") || value.is_empty() {
                return false;
            }
            if told.len() < after.len() {
                return value.chars().count() >= 4;
            }
            let mixed = value.chars().any(char::is_alphabetic) && value.chars().any(|c| c.is_ascii_digit());
            rest.len() > after.len() && mixed && value.chars().count() >= 6
        })
    })
}

fn walk_texts(node: &Node, path: &str, take: &mut dyn FnMut(&str, &str, &str)) {
    match node {
        Node::Map(entries) => {
            for (key, value) in entries {
                let path = format!("{path}/{}", pointer_part(key));
                match value {
                    Node::Text(text) => take(key, &path, text),
                    other => walk_texts(other, &path, take),
                }
            }
        }
        Node::List(items) => items.iter().enumerate().for_each(|(index, item)| walk_texts(item, &format!("{path}/{index}"), take)),
        _ => {}
    }
}

/// Anchors that are flat, or that are ambiguous on the screenshot that stands beside them.
fn look_at_anchors(step: &Node, path: &str, sight: &Sight<'_>, remarks: &mut Remarks) -> Result<()> {
    let mut pictures: Vec<(String, Vec<u8>)> = Vec::new();
    let mut screenshot = None;
    walk_texts(step, path, &mut |name, path, text| {
        let bytes = || STANDARD.decode(text.split_once("base64,").map_or(text, |(_, rest)| rest).trim()).unwrap_or_default();
        match name {
            "anchor_image_base64" | "anchor_base64" | "anchor" if text.len() > 64 => pictures.push((path.to_owned(), bytes())),
            "screenshot_base64" | "screenshot_b64" | "screenshot" if text.len() > 64 => screenshot = Some(bytes()),
            _ => {}
        }
    });
    for (path, anchor) in pictures {
        let Some(quality) = sight.anchors.quality(&anchor)? else {
            let message = "the anchor is no readable PNG or JPEG".to_owned();
            remarks.serious("anchor_unreadable", path, message, "cut it out of a screenshot once more");
            continue;
        };
        if quality.flaw.is_some() {
            let message = "the anchor is flat, too small, or shows nothing that could be told apart".to_owned();
            remarks.serious("anchor_flat", path, message, "cut out a piece with an edge or a text in it; `lea anchor check` says more");
            continue;
        }
        let Some(screenshot) = &screenshot else { continue };
        let finding = resolve(&Order::new(screenshot, Some(&anchor), sight.threshold), sight.pixels)?;
        match finding.verdict {
            Verdict::Found => {}
            Verdict::Ambiguous => {
                let message = "several places of its own screenshot look like the anchor".to_owned();
                remarks.serious("anchor_ambiguous", path, message, "cut out more of its surroundings; `lea anchor check` proposes a crop");
            }
            _ => {
                let message = "the anchor is not on its own screenshot".to_owned();
                remarks.serious("anchor_absent", path, message, "cut it out of that screenshot, or keep the right one beside it");
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_tells_a_password() {
        for text in ["password=hunter2", "mot de passe : azerty!", "motdepasse: azerty123!", "mdp toto2024!", "pwd=abcd"] {
            assert!(tells_password(text), "{text}");
        }
        for text in [
            "mot de passe oublié",
            "mdp : ${mdp}",
            "mot de passe :",
            "saisir le mot de passe puis valider",
            "mdp = ${secret}",
            "lampwd=abcd",
        ] {
            assert!(!tells_password(text), "{text}");
        }
    }
}
