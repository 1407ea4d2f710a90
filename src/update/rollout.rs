//! Who comes first when a release is rolled out: a machine's place, the same at every look and computable by anybody.

use sha2::{Digest, Sha256};

use super::version::Version;

/// How many places there are: a percentage with two digits after the point.
const PLACES: u64 = 10_000;

/// The place of a machine in the rollout of a release, at least 0 and less than 100, in steps of 0.01: the first eight bytes of
/// SHA-256 over `<canonical version>\n<machine id in lower case>`, read as a big-endian number, modulo 10,000, divided by 100.
///
/// Each release shuffles anew, so that the same machines aren't always the first to meet what is new.
pub fn place(version: &Version, machine_id: &str) -> f64 {
    let text = format!("{}\n{}", version.canonical(), crate::id::trim(machine_id).to_lowercase());
    let digest = Sha256::digest(text.as_bytes());
    let first = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    (first % PLACES) as f64 / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_same_for_all_spellings_and_even_over_machines() {
        let version: Version = "1.4.0".parse().unwrap();
        assert!((place(&version, " PC-12 ") - place(&"v1.4".parse().unwrap(), "pc-12")).abs() < f64::EPSILON);
        let places: Vec<f64> = (0..2000).map(|machine| place(&version, &format!("PC-{machine}"))).collect();
        for percent in [5.0, 25.0, 50.0, 90.0] {
            let share = places.iter().filter(|place| **place < percent).count() as f64 / 20.0;
            assert!((share - percent).abs() < 4.0, "{share} of {percent}");
        }
    }

    #[test]
    fn the_formula_is_the_documented_one() {
        // printf '1.4.0\npc-12' | sha256sum | cut -c1-16
        let digest = Sha256::digest(b"1.4.0\npc-12");
        let first = u64::from_be_bytes(digest[..8].try_into().unwrap());
        assert!((place(&"1.4.0".parse().unwrap(), "PC-12") * 100.0 - (first % 10_000) as f64).abs() < 1e-6);
    }
}
