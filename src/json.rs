//! What JSON text may say that its readers would bend.

/// Digits of a whole number that always fit 64 bits.
const SAFE_DIGITS: usize = 18;

/// Whether a whole number of the JSON text is beyond 64 bits: other programs would read another number.
pub fn has_huge_integer(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    let (mut index, mut in_text) = (0, false);
    while index < bytes.len() {
        match bytes[index] {
            b'\\' if in_text => index += 1,
            b'"' => in_text = !in_text,
            b'0'..=b'9' if !in_text => {
                let start = index;
                while bytes.get(index).is_some_and(u8::is_ascii_digit) {
                    index += 1;
                }
                let whole = !bytes.get(index).is_some_and(|next| matches!(next, b'.' | b'e' | b'E'));
                let negative = start > 0 && bytes[start - 1] == b'-';
                let digits = &raw[start..index];
                let fits = if negative { format!("-{digits}").parse::<i64>().is_ok() } else { digits.parse::<u64>().is_ok() };
                if whole && digits.len() > SAFE_DIGITS && !fits {
                    return true;
                }
                // What follows belongs to the number.
                while bytes.get(index).is_some_and(|next| matches!(next, b'.' | b'e' | b'E' | b'+' | b'-' | b'0'..=b'9')) {
                    index += 1;
                }
                continue;
            }
            _ => {}
        }
        index += 1;
    }
    false
}
