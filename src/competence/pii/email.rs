//! E-mail addresses, and what only looks like one: file names with a density, units of systemd, addresses of git.

use super::fold::LETTER;
use super::number::{byte, is_letter};

/// The longest part before the sign, and the longest after it (RFC 5321).
const MAX_LOCAL: usize = 64;
const MAX_DOMAIN: usize = 255;

/// Endings of files and units that are no domain.
const NOT_DOMAINS: &[&[u8]] = &[
    b"png", b"jpg", b"jpeg", b"gif", b"svg", b"webp", b"bmp", b"ico", b"tif", b"tiff", b"avif", b"heic", b"pdf", b"css", b"scss", b"js",
    b"mjs", b"jsx", b"tsx", b"json", b"jsonl", b"xml", b"html", b"htm", b"txt", b"csv", b"yaml", b"yml", b"toml", b"exe", b"dll", b"msi",
    b"zip", b"gz", b"log", b"service", b"socket", b"timer", b"target", b"slice", b"mount", b"conf", b"cfg", b"ini", b"bak", b"tmp",
    b"docx", b"xlsx", b"doc", b"xls", b"odt", b"ods", b"mp4", b"mp3", b"wav", b"woff", b"ttf", b"git", b"lock", b"rpm", b"deb",
];

/// Endings of domains that are common here, besides those of two letters.
const COMMON: &[&[u8]] = &[b"com", b"org", b"net", b"info", b"edu", b"gov", b"paris", b"bzh", b"corsica", b"alsace"];

/// How many parts are taken off what stands after the sign.
const MOST_CUTS: usize = 4;

/// The address around the `@` at `at`: where it begins and ends.
pub(super) fn find(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let local = |byte: &&u8| is_letter(**byte) || byte.is_ascii_digit() || b"._%+-".contains(byte);
    let start = at - text[..at].iter().rev().take(MAX_LOCAL).take_while(local).count();
    let start = start + text[start..at].iter().take_while(|byte| matches!(byte, b'.' | b'-' | b'%' | b'+')).count();
    let name = &text[start..at];
    if !name.iter().any(|byte| is_letter(*byte) || byte.is_ascii_digit()) || name.eq_ignore_ascii_case(b"git") {
        return None;
    }
    let domain = |byte: &&u8| is_letter(**byte) || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_');
    let length = text[at + 1..].iter().take(MAX_DOMAIN).take_while(domain).count();
    let mut host = &text[at + 1..at + 1 + length];
    while let [rest @ .., b'.' | b'-' | b'_'] = host {
        host = rest;
    }
    let whole = is_host(host, false);
    // What a file's name, a date or a number puts after the address: `jean@chu.fr.json`, `jean@chu.fr_2024`.
    for _ in 0..MOST_CUTS {
        if is_host(host, !whole) {
            break;
        }
        host = &host[..host.iter().rposition(|byte| matches!(byte, b'.' | b'_'))?];
    }
    let end = at + 1 + host.len();
    (is_host(host, !whole) && !is_git(text, start, end) && byte(text, end) != b'@').then_some((start, end))
}

/// Whether it is a host with a domain. `strict` for what is only a part of what stands there: then its ending must be one of a country, or a
/// common one.
fn is_host(host: &[u8], strict: bool) -> bool {
    let Some(dot) = host.iter().rposition(|byte| *byte == b'.') else { return false };
    let last = &host[dot + 1..];
    let parts = host[..dot].split(|byte| *byte == b'.');
    let has_name = parts.clone().all(|part| !part.is_empty())
        && parts.clone().any(|part| part.iter().any(u8::is_ascii_alphanumeric) || part.contains(&LETTER));
    let among = |list: &[&[u8]]| list.iter().any(|known| last.eq_ignore_ascii_case(known));
    let lettered = last.len() >= 2 && last.iter().all(|byte| is_letter(*byte));
    has_name && lettered && !is_density(&host[..dot]) && !among(NOT_DOMAINS) && (!strict || last.len() == 2 || among(COMMON))
}

/// `2x`, `1.5x`: what stands before the ending of a picture for screens of that density.
fn is_density(text: &[u8]) -> bool {
    matches!(text.split_last(), Some((b'x' | b'X', number)) if !number.is_empty() && number.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.'))
}

/// Whether it is the user and host of a repository or another address: `ssh://user@host/…`, `user@host:path/name.git`.
fn is_git(text: &[u8], start: usize, end: usize) -> bool {
    // A scheme, and no slash between it and the name; a password may stand between.
    let token = text[..start]
        .iter()
        .rev()
        .take(MAX_DOMAIN)
        .take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'('));
    let head = start - token.count();
    if text[..head].ends_with(b"://") {
        return true;
    }
    if byte(text, end) != b':' {
        return false;
    }
    let path: &[u8] = &text[end + 1..text.len().min(end + 1 + MAX_DOMAIN)];
    let path = path
        .split(|byte| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b',' | b';' | b')' | b'>'))
        .next()
        .unwrap_or_default();
    // A date or a share may follow an address.
    let numbers = path.iter().all(|byte| byte.is_ascii_digit() || *byte == b'/');
    path.ends_with(b".git") || (path.contains(&b'/') && !path.starts_with(b"/") && !numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> bool {
        let folded = super::super::fold::fold(text);
        (0..folded.len()).any(|at| folded[at] == b'@' && find(&folded, at).is_some())
    }

    #[test]
    fn addresses_are_found() {
        for text in [
            "jean.dupont@chu-lyon.fr",
            "a@b.co",
            "user+tag@example.org.",
            "<x@y.zz>",
            "user@host_name.fr",
            "A@B.CO",
            "é@é.fr",
            "用户@例子.公司",
            "mailto:jean@chu.fr",
            "https://x.fr/?u=jean@chu.fr",
            "mail:jean@chu.fr:urgent",
            "...jean@chu.fr",
            "http://site.fr?mail=jean@chu.fr",
            "https://intranet#jean@chu.fr",
            "capture_jean.dupont@chu-lyon.fr_20240501.png",
            "jean.dupont@chu-lyon.fr.json",
            "jean@chu.fr_2024",
            "jean.dupont@chu-lyon.fr:12/05/2024",
        ] {
            assert!(found(text), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for text in [
            "icon@2x.png",
            "logo@1.5x.webp",
            "photo@home.jpg",
            "git@github.com:owner/name.git",
            "deploy@forge.chu.fr:outils/lea",
            "ssh://git@forge.fr/x.git",
            "https://jean@forge.fr/x.git",
            "a@b",
            "a@b.c",
            "a@.co",
            "x@@y.zz",
            "x @ y.zz",
            "a@b,co",
            "..@...aa",
            "-@-.aa",
            "@b.co",
            "x@1.2.3.44",
            "react@18.2.0",
            "getty@tty1.service",
            "a@localhost",
            "git@github.com:x/y.git",
            "jquery@next.min.js",
            "icon@2x.min.png",
            "lea@v1.2_20240501.zip",
        ] {
            assert!(!found(text), "{text}");
        }
    }
}
