//! Changing a few lines of a document, and nothing else of it: what a person wrote stays as it stands, remarks and all.

use super::node::Node;
use super::yaml::{read_one, write_yaml};
use crate::error::{Error, Kind, Result};

/// `text` with a new state, a new time of its last change, and one more entry in its history.
///
/// # Errors
/// `document_not_editable` where its lines don't stand as they do in documents of the field; it is then untouched.
pub(super) fn edited(text: &str, state: &str, now: &str, entry: &Node) -> Result<String> {
    let before = read_one(text)?;
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    replace(&mut lines, "learning_state", state)?;
    replace(&mut lines, "last_updated_at", now)?;
    add_to_history(&mut lines, entry)?;
    let mut after = lines.join("\n");
    after.push('\n');
    // Read back, it must be what was meant, and nothing else may have changed.
    if read_one(&after).ok().as_ref() == Some(&expected(&before, state, now, entry)) {
        Ok(after)
    } else {
        Err(not_editable("its lines are unusual"))
    }
}

fn expected(before: &Node, state: &str, now: &str, entry: &Node) -> Node {
    let changed = |(key, value): &(String, Node)| {
        let value = match key.as_str() {
            "learning_state" => Node::from(state),
            "last_updated_at" => Node::from(now),
            "promotion" => Node::Map(
                value
                    .entries()
                    .iter()
                    .map(|(key, value)| (key.clone(), if key == "history" { longer(value, entry) } else { value.clone() }))
                    .collect(),
            ),
            _ => value.clone(),
        };
        (key.clone(), value)
    };
    Node::Map(before.entries().iter().map(changed).collect())
}

fn longer(list: &Node, entry: &Node) -> Node {
    let mut items = list.items().to_vec();
    items.push(entry.clone());
    Node::List(items)
}

fn not_editable(why: &str) -> Error {
    Error::new(Kind::Input, "document_not_editable", format!("the document cannot be changed without rewriting it: {why}"))
        .hint("write its keys one a line, without braces, as `lea competence persist` does")
}

/// Gives the value of a key at the top a new text.
fn replace(lines: &mut [String], key: &str, value: &str) -> Result<()> {
    let lead = format!("{key}:");
    let line = lines.iter_mut().find(|line| line.starts_with(&lead)).ok_or_else(|| not_editable(&format!("it has no line {key}")))?;
    let written = write_yaml(&Node::from(value))?;
    *line = format!("{lead} {}", written.trim_end());
    Ok(())
}

/// How far a line is indented; blank lines and remarks by nothing.
fn indent(line: &str) -> Option<usize> {
    let rest = line.trim_start_matches(' ');
    (!rest.is_empty() && !rest.starts_with('#')).then(|| line.len() - rest.len())
}

/// Adds an entry at the end of `promotion.history`.
fn add_to_history(lines: &mut Vec<String>, entry: &Node) -> Result<()> {
    let missing = || not_editable("promotion.history is not where it should be");
    let promotion = lines.iter().position(|line| line.trim_end() == "promotion:").ok_or_else(missing)?;
    let inside = |line: &String| indent(line).is_none_or(|indent| indent > 0);
    let end = lines.iter().skip(promotion + 1).position(|line| !inside(line)).map_or(lines.len(), |offset| promotion + 1 + offset);
    let history = (promotion + 1..end).find(|at| lines[*at].trim_start().starts_with("history:")).ok_or_else(missing)?;
    let base = indent(&lines[history]).ok_or_else(missing)?;
    let (at, depth) = match lines[history].trim() {
        "history: []" => {
            lines[history] = format!("{}history:", " ".repeat(base));
            (history + 1, base)
        }
        "history:" => {
            let first = (history + 1..end).find(|at| indent(&lines[*at]).is_some()).ok_or_else(missing)?;
            let depth =
                indent(&lines[first]).filter(|depth| *depth >= base && lines[first].trim_start().starts_with('-')).ok_or_else(missing)?;
            let mut last = first;
            for (at, line) in lines.iter().enumerate().take(end).skip(first) {
                match indent(line) {
                    Some(found) if found > depth || (found == depth && line.trim_start().starts_with('-')) => last = at,
                    Some(_) => break,
                    None => {}
                }
            }
            (last + 1, depth)
        }
        _ => return Err(missing()),
    };
    let written = write_yaml(&Node::List(vec![entry.clone()]))?;
    let added: Vec<String> = written.lines().map(|line| format!("{}{line}", " ".repeat(depth))).collect();
    lines.splice(at..at, added);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::node::map;
    use super::*;

    fn entry() -> Node {
        map([("at", Node::from("2026-04-15T07:09:19+00:00")), ("to", Node::from("supervised")), ("by", Node::from("Zoé: #1"))])
    }

    #[test]
    fn only_the_lines_that_are_meant_change() {
        let text = "# made by hand\nid: abc\nlearning_state: candidate # so far\npromotion:\n  history:\n  - at: '2026'\n    to: candidate\n  # remark\n  t2_known_gaps: []\nwhen: 2026-04-15\nlast_updated_at: '2026'\n";
        let after = edited(text, "supervised", "2026-04-15T07:09:19+00:00", &entry()).unwrap();
        assert_eq!(
            after,
            "# made by hand\nid: abc\nlearning_state: supervised\npromotion:\n  history:\n  - at: '2026'\n    to: candidate\n  - at: \"2026-04-15T07:09:19+00:00\"\n    to: supervised\n    by: \"Zoé: #1\"\n  # remark\n  t2_known_gaps: []\nwhen: 2026-04-15\nlast_updated_at: \"2026-04-15T07:09:19+00:00\"\n"
        );
    }

    #[test]
    fn what_stands_otherwise_is_left_alone() {
        for text in [
            "learning_state: candidate\nlast_updated_at: x\npromotion: {history: []}\n",
            "{learning_state: candidate, last_updated_at: x}\n",
            "learning_state: >\n  candidate\nlast_updated_at: x\npromotion:\n  history: []\n",
            "learning_state: candidate\nlast_updated_at: x\npromotion:\n  note: |\n    history:\n    - x\n",
        ] {
            assert_eq!(edited(text, "stable", "y", &entry()).unwrap_err().code(), "document_not_editable", "{text}");
        }
        let empty = "learning_state: candidate\nlast_updated_at: x\npromotion:\n  history: []\n";
        assert!(edited(empty, "stable", "y", &entry()).is_ok());
    }
}
