//! The RPPS number of a health professional: eleven digits, the last by Luhn's formula.

use super::context::{self, Hints};
use super::number::{Groups, before, is_code, is_decimals, luhn};

/// How many digits it has.
const DIGITS: usize = 11;

/// Where the number that begins at `from` ends, if it is one. Without a word by it, it must stand in one piece and begin with 1, as all that
/// were given out do.
pub(super) fn find(text: &[u8], from: usize, name: Hints) -> Option<usize> {
    let groups = Groups::read(text, from, DIGITS);
    // Under its national form an 8 stands before it.
    let extra = usize::from(groups.digits == DIGITS + 1 && text[from] == b'8');
    if groups.digits != DIGITS + extra || is_decimals(text, from) {
        return None;
    }
    let number = text[from..groups.end].iter().copied().filter(u8::is_ascii_digit).skip(extra);
    if !luhn(number.collect::<Vec<_>>().into_iter()) || is_code(text, from, groups.end) {
        return None;
    }
    let plain = groups.lengths().len() == 1 && text[from + extra] == b'1' && extra == 0 && before(text, from) != b'+';
    (plain || context::says(text, from, groups.end, name, Hints::RPPS)).then_some(groups.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> bool {
        let text = text.as_bytes();
        let at = text.iter().position(u8::is_ascii_digit).unwrap();
        find(text, at, Hints::default()).is_some()
    }

    #[test]
    fn the_last_digit_decides_and_a_word_helps() {
        assert!(found("10001234565") && !found("10001234563"));
        let right = "10001234565";
        let split = format!("{} {} {}", &right[..3], &right[3..7], &right[7..]);
        assert!(!found(&split) && found(&format!("RPPS : {split}")) && found(&format!("RPPS 8{right}")));
        assert!(!found(&format!("+{right}")) && !found("79927398713") && found("rpps 79927398713"));
    }
}
