//! A labelled set of made-up personal data, and of what only looks like it: what is found of it stands as a table in the documents.

use std::collections::BTreeMap;
use std::fmt::Write;

use lea::competence::{Node, Scanner};
use serde::Deserialize;

use crate::support::root;

#[derive(Deserialize)]
struct Case {
    kind: String,
    is_one: bool,
    why: String,
    text: Option<String>,
    json: Option<Node>,
}

impl Case {
    fn found(&self, scanner: &Scanner) -> bool {
        let document = self.json.clone().or_else(|| self.text.clone().map(Node::Text)).unwrap();
        scanner.document(&document).iter().any(|finding| finding.kind == self.kind)
    }
}

#[test]
fn each_kind_is_found_and_nothing_else_is_as_the_table_says() {
    let text = std::fs::read_to_string(root().join("tests/fixtures/personal_data.json")).unwrap();
    let cases: Vec<Case> = serde_json::from_str(&text).unwrap();
    let scanner = Scanner::new(None, None).unwrap();
    // Positives, of these found; negatives, of these found.
    let mut counts: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in &cases {
        let found = case.found(&scanner);
        let count = counts.entry(&case.kind).or_default();
        count[if case.is_one { 0 } else { 2 }] += 1;
        count[if case.is_one { 1 } else { 3 }] += usize::from(found);
        if found != case.is_one {
            wrong.push(format!("{} {} ({}): {:?}", case.kind, if found { "found" } else { "missed" }, case.why, case.text));
        }
    }
    for (kind, [ones, found, others, false_ones]) in &counts {
        assert!(*ones >= 40 && *others >= 60, "{kind}: {ones}, {others}");
        assert!(found * 100 >= ones * 98 && *false_ones == 0, "{}", wrong.join("\n"));
    }
    let mut table = String::from("| kind | personal data | found | other text | taken for it |\n| --- | --- | --- | --- | --- |\n");
    for (kind, [ones, found, others, false_ones]) in counts {
        writeln!(table, "| `{kind}` | {ones} | {found} | {others} | {false_ones} |").unwrap();
    }
    let documented = std::fs::read_to_string(root().join("docs/competences.md")).unwrap();
    assert!(documented.contains(&table), "docs/competences.md should say:\n{table}");
}
