//! The slug of a competence: the plain name under which its file is kept.
//!
//! The rule is the field's own, with two additions: letters that it silently lost are written out, and a name that Windows gives
//! to a device gets a prefix. [`older`] is the rule without them, by which files of older programs were named.

use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Kind, Result};
use crate::id;

/// The longest slug, characters.
const MAX_CHARS: usize = 80;

/// The shortest slug, characters.
const MIN_CHARS: usize = 3;

/// What stands before a slug that would begin with a digit, or be a device.
const PREFIX: &str = "c_";

/// The slug of `name`.
///
/// # Errors
/// `empty` for white space alone, `invalid_slug` when fewer than three usable characters are left.
pub fn slugify(name: &str) -> Result<String> {
    made_of(name, true)
}

/// The slug that older programs would have given to `name`, if they gave one.
pub fn older(name: &str) -> Option<String> {
    made_of(name, false).ok()
}

/// Whether `text` is a slug: a letter, then 2 to 79 letters, digits and underscores, all lower case.
pub fn is_slug(text: &str) -> bool {
    (MIN_CHARS..=MAX_CHARS).contains(&text.len())
        && text.as_bytes()[0].is_ascii_lowercase()
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn made_of(name: &str, written_out: bool) -> Result<String> {
    let name = id::trim(name);
    if name.is_empty() {
        return Err(Error::new(Kind::Input, "empty", "a name must not be empty"));
    }
    let mut slug = String::with_capacity(name.len().min(4 * MAX_CHARS));
    for c in name.nfkd() {
        match c {
            // What ASCII calls white space, with the four separators that Python counts among it.
            '\t'..='\r' | '\u{1c}'..='\u{1f}' | ' ' | '-' | '.' | '/' | '\\' | '_' => separate(&mut slug),
            'a'..='z' | '0'..='9' => slug.push(c),
            'A'..='Z' => slug.push(c.to_ascii_lowercase()),
            _ if written_out => slug.push_str(spelled(c)),
            _ => {}
        }
    }
    let slug = slug.trim_end_matches('_');
    let mut slug = if slug.starts_with(|c: char| c.is_ascii_digit()) { format!("{PREFIX}{slug}") } else { slug.to_owned() };
    if slug.len() > MAX_CHARS {
        slug.truncate(MAX_CHARS);
        slug.truncate(slug.trim_end_matches('_').len());
    }
    if written_out && id::is_device_name(&slug) {
        slug.insert_str(0, PREFIX);
    }
    if is_slug(&slug) {
        return Ok(slug);
    }
    Err(Error::new(Kind::Input, "invalid_slug", "the name leaves no usable slug")
        .hint("a slug is 3 to 80 of a-z, 0-9 and _, and begins with a letter: give the name more letters of the Latin alphabet"))
}

/// One underscore, unless there is one or nothing stands before it.
fn separate(slug: &mut String) {
    if !slug.is_empty() && !slug.ends_with('_') {
        slug.push('_');
    }
}

/// Letters that Unicode doesn't take apart, written out; nothing for any other.
fn spelled(c: char) -> &'static str {
    match c {
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        'ß' | 'ẞ' => "ss",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        'ı' => "i",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_are_written_out_and_devices_are_none() {
        for (name, slug) in [
            ("Cœur", "coeur"),
            ("ŒDÈME", "oedeme"),
            ("Straße", "strasse"),
            ("smørrebrød", "smorrebrod"),
            ("Łódź", "lodz"),
            ("Đorđe", "dorde"),
            ("ðæt", "daet"),
            ("Þing", "thing"),
            ("ısı", "isi"),
            ("con", "c_con"),
            ("Com1", "c_com1"),
            ("COM¹", "c_com1"),
            ("console", "console"),
            ("1er lancement", "c_1er_lancement"),
        ] {
            assert_eq!(slugify(name).unwrap(), slug);
        }
        assert_eq!(older("Cœur").unwrap(), "cur");
        assert_eq!(older("ærø"), None);
        assert_eq!(slugify(" \u{a0}\u{1c}").unwrap_err().code(), "empty");
        assert_eq!(slugify("é!").unwrap_err().code(), "invalid_slug");
    }

    proptest! {
        #[test]
        fn what_comes_out_is_a_slug_and_its_own(name in "\\PC{0,120}") {
            if let Ok(slug) = slugify(&name) {
                prop_assert!(is_slug(&slug) && !id::is_device_name(&slug), "{}", slug);
                prop_assert_eq!(slugify(&slug).unwrap(), slug);
            }
        }
    }
}
