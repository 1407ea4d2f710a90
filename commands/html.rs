//! Pages that need nothing else: no script, no other file, no network. Pictures are in them as they are.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

/// The most that the pictures of a page may take, bytes; a browser opens that in a few seconds.
pub(crate) const MAX_PICTURES: usize = 96 << 20;

/// The style of a page. No meaning by colour alone: each mark has its own form and a word in the caption.
const STYLE: &str = "
:root{color-scheme:light dark}
body{font:15px/1.45 system-ui,sans-serif;max-width:1400px;margin:1.5em auto;padding:0 1em}
h1{font-size:1.4em;overflow-wrap:anywhere}h2{font-size:1.1em;margin:0;overflow-wrap:anywhere}
table{border-collapse:collapse}td,th{text-align:left;padding:.15em 1em .15em 0;vertical-align:top;overflow-wrap:anywhere}
section{border:1px solid #8888;border-radius:6px;padding:.8em;margin:1em 0;break-inside:avoid}
.shots{display:grid;grid-template-columns:repeat(auto-fit,minmax(320px,1fr));gap:1em}
figure{margin:.6em 0 0}figcaption{font-size:.9em}svg{width:100%;height:auto;border:1px solid #8888}
.none{border:1px dashed #8888;padding:2em;text-align:center}
.badge{border:1px solid;border-radius:4px;padding:0 .4em;font-weight:600}
.box{fill:none;stroke:#00784a;stroke-width:3;vector-effect:non-scaling-stroke}
.halo{fill:none;stroke:#fff;stroke-width:6;vector-effect:non-scaling-stroke}
.cross{fill:none;stroke:#b44c00;stroke-width:3;vector-effect:non-scaling-stroke}
";

/// What stands before the content of a page, up to the opened body. The page may load nothing.
pub(crate) fn head(title: &str) -> String {
    let title = escaped(title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width\"/>\n<meta name=\"referrer\" content=\"no-referrer\"/>\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
    )
}

/// A PNG or JPEG as an address that holds it.
pub(crate) fn image(bytes: &[u8]) -> String {
    let kind = if bytes.starts_with(b"\x89PNG") { "png" } else { "jpeg" };
    format!("data:image/{kind};base64,{}", BASE64.encode(bytes))
}

/// `text` as it may stand between tags and in quoted attributes; without characters that no document may hold.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(' '),
            _ if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => {
                out.push(char::REPLACEMENT_CHARACTER);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
/// Fails unless tags open and close in order, and attributes are quoted.
pub(crate) fn assert_well_formed(text: &str) {
    let (mut open, mut rest) = (Vec::new(), text.strip_prefix("<!DOCTYPE html>").unwrap());
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').expect("an open tag");
        let tag = &rest[start + 1..end];
        assert!(!rest[..start].contains('>') || open.last() == Some(&"style"), "a stray sign before <{tag}>");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        rest = &rest[end + 1..];
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}
