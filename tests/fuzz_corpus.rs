//! The corpus of the fuzz target, replayed without a fuzzer.

use lea::target::Verdict;

use crate::support::source::files_below;
use crate::support::{decode_to_verdict, root};

const CORPUS: &str = "tests/fixtures/fuzz/resolve";

#[test]
fn every_input_of_the_corpus_ends_with_an_outcome() {
    let mut outcomes = Vec::new();
    for path in files_below(root(), CORPUS) {
        // Seen only where the test fails: then the last is the one to look at.
        println!("{path}");
        outcomes.push(decode_to_verdict::run(&std::fs::read(root().join(&path)).unwrap()));
    }
    // A corpus that never gets as far as a search would prove nothing.
    for outcome in [Some(Verdict::Found), Some(Verdict::Ambiguous), Some(Verdict::UnusableScreen), Some(Verdict::UnusableAnchor), None] {
        assert!(outcomes.contains(&outcome), "no input of {CORPUS} ends with {outcome:?}: {outcomes:?}");
    }
}
