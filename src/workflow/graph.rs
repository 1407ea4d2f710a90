//! The two file formats of workflows, read into one graph. Everything that is wrong is told at once, with where it stands.

use serde_json::{Map, Value};

use crate::id;

/// The most nodes, or edges, of a workflow.
const MAX_PARTS: usize = 10_000;

/// The longest name or id of a part, characters.
const MAX_NAME: usize = 200;

/// Something that is wrong with a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where, as a JSON pointer; empty for the whole.
    pub field: String,
    /// A sentence.
    pub reason: String,
}

/// A workflow.
#[derive(Debug, Clone, PartialEq)]
pub struct Workflow {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The machine that it was recorded on, if it says so.
    pub machine_id: Option<String>,
    /// The screens, by id, in the order of the file.
    pub nodes: Vec<String>,
    /// The ways between them, in the order of the file.
    pub edges: Vec<Edge>,
    /// Where it begins; the first node when it does not say.
    pub entry_nodes: Vec<String>,
}

/// A way from one screen to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// Its id.
    pub id: String,
    /// The screen that it leaves.
    pub from_node: String,
    /// The screen that it leads to.
    pub to_node: String,
    /// What is done on the way.
    pub action: Option<EdgeAction>,
}

/// What is done on the way, as it was recorded.
#[derive(Clone, PartialEq)]
pub struct EdgeAction {
    /// Its type: `mouse_click`, `text_input`, `key_press`, `compound`.
    pub kind: String,
    /// What it hits.
    pub target: Map<String, Value>,
    /// How.
    pub parameters: Map<String, Value>,
}

impl std::fmt::Debug for EdgeAction {
    /// Without texts, which may be about a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EdgeAction").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Reads a workflow from JSON text: the full graph (`workflow_id`, `nodes`, `edges`, `entry_nodes`), or the plain dictionary
/// (`name`, and of the graph what there is), whose id is `stem`, the file's name without its ending, unless it says another.
///
/// # Errors
/// Everything that is wrong.
pub fn parse(text: &str, stem: &str) -> Result<Workflow, Vec<Fault>> {
    let fault = |reason: String| vec![Fault { field: String::new(), reason }];
    let value: Value = serde_json::from_str(text).map_err(|cause| fault(format!("is no JSON: {cause}")))?;
    let Value::Object(fields) = value else { return Err(fault("must be a JSON object".to_owned())) };
    let mut reader = Reader { faults: Vec::new() };
    let workflow = reader.workflow(&fields, stem);
    if reader.faults.is_empty() { Ok(workflow) } else { Err(reader.faults) }
}

struct Reader {
    faults: Vec<Fault>,
}

impl Reader {
    fn wrong(&mut self, field: &str, reason: &str) {
        self.faults.push(Fault { field: field.to_owned(), reason: reason.to_owned() });
    }

    fn workflow(&mut self, fields: &Map<String, Value>, stem: &str) -> Workflow {
        if !fields.contains_key("name") && !fields.contains_key("workflow_id") {
            self.wrong("", "has neither a workflow_id nor a name: it is no workflow");
        }
        let id = match fields.get("workflow_id") {
            None | Some(Value::Null) => stem.to_owned(),
            Some(Value::String(id)) => id.clone(),
            Some(_) => {
                self.wrong("/workflow_id", "must be a text");
                String::new()
            }
        };
        if self.faults.is_empty()
            && let Some(why) = id::check(&id)
        {
            self.wrong("/workflow_id", &format!("the id of a workflow {why}"));
        }
        let nodes = self.list(fields, "nodes", |reader, at, node| match node {
            Value::String(id) => id.clone(),
            Value::Object(node) => reader.text(node, at, "node_id"),
            _ => {
                reader.wrong(at, "must be an object with a node_id");
                String::new()
            }
        });
        let edges = self.list(fields, "edges", Self::edge);
        let entry_nodes = self.list(fields, "entry_nodes", |reader, at, node| {
            node.as_str().map_or_else(
                || {
                    reader.wrong(at, "must be a node's id");
                    String::new()
                },
                str::to_owned,
            )
        });
        let mut seen = std::collections::HashSet::new();
        for (index, edge) in edges.iter().enumerate() {
            if !edge.id.is_empty() && !seen.insert(edge.id.as_str()) {
                self.wrong(&format!("/edges/{index}/edge_id"), "is another edge's too");
            }
        }
        let plain = |name: &str| fields.get(name).and_then(Value::as_str).map(|text| text.chars().take(MAX_NAME).collect::<String>());
        Workflow { name: plain("name").unwrap_or_default(), machine_id: plain("machine_id"), id, nodes, edges, entry_nodes }
    }

    fn list<T>(&mut self, fields: &Map<String, Value>, name: &str, mut read: impl FnMut(&mut Self, &str, &Value) -> T) -> Vec<T> {
        match fields.get(name) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) if items.len() <= MAX_PARTS => {
                items.iter().enumerate().map(|(index, item)| read(self, &format!("/{name}/{index}"), item)).collect()
            }
            Some(Value::Array(_)) => {
                self.wrong(&format!("/{name}"), &format!("has more than {MAX_PARTS} parts"));
                Vec::new()
            }
            Some(_) => {
                self.wrong(&format!("/{name}"), "must be a list");
                Vec::new()
            }
        }
    }

    fn text(&mut self, fields: &Map<String, Value>, at: &str, name: &str) -> String {
        match fields.get(name).map(|value| value.as_str().filter(|text| text.chars().count() <= MAX_NAME)) {
            Some(Some(text)) => text.to_owned(),
            Some(None) => {
                self.wrong(&format!("{at}/{name}"), &format!("must be a text of at most {MAX_NAME} characters"));
                String::new()
            }
            None => {
                self.wrong(&format!("{at}/{name}"), "is missing");
                String::new()
            }
        }
    }

    fn object(&mut self, fields: &Map<String, Value>, at: &str, name: &str) -> Map<String, Value> {
        match fields.get(name) {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(inner)) => inner.clone(),
            Some(_) => {
                self.wrong(&format!("{at}/{name}"), "must be an object");
                Map::new()
            }
        }
    }

    fn edge(&mut self, at: &str, value: &Value) -> Edge {
        let empty = Map::new();
        let fields = value.as_object().unwrap_or_else(|| {
            self.wrong(at, "must be an object");
            &empty
        });
        if fields.is_empty() {
            return Edge { id: String::new(), from_node: String::new(), to_node: String::new(), action: None };
        }
        let action = match fields.get("action") {
            None | Some(Value::Null) => None,
            Some(Value::Object(action)) => {
                let inside = format!("{at}/action");
                Some(EdgeAction {
                    kind: self.text(action, &inside, "type"),
                    target: self.object(action, &inside, "target"),
                    parameters: self.object(action, &inside, "parameters"),
                })
            }
            Some(_) => {
                self.wrong(&format!("{at}/action"), "must be an object");
                None
            }
        };
        Edge {
            id: self.text(fields, at, "edge_id"),
            from_node: self.text(fields, at, "from_node"),
            to_node: self.text(fields, at, "to_node"),
            action,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn everything_that_is_wrong_is_told_with_its_place() {
        let text = r#"{ "workflow_id": "a/b", "nodes": [5], "edges": [{ "edge_id": "e", "from_node": 1, "action": { "target": [] } },
            { "edge_id": "e", "from_node": "a", "to_node": "b" }, 7], "entry_nodes": "n" }"#;
        let fields: Vec<String> = parse(text, "f").unwrap_err().into_iter().map(|fault| fault.field).collect();
        let expected = [
            "/workflow_id",
            "/nodes/0",
            "/edges/0/action/type",
            "/edges/0/action/target",
            "/edges/0/from_node",
            "/edges/0/to_node",
            "/edges/2",
            "/entry_nodes",
            "/edges/1/edge_id",
        ];
        assert_eq!(fields, expected);
        assert_eq!(parse("[]", "f").unwrap_err()[0].reason, "must be a JSON object");
        assert!(parse("{\"name\": NaN}", "f").unwrap_err()[0].reason.starts_with("is no JSON"));
        assert!(parse("{}", "f").is_err());
    }

    #[test]
    fn the_plain_dictionary_is_known_by_its_file() {
        let workflow = parse(r#"{ "name": "Admission", "edges": [] }"#, "admission").unwrap();
        assert_eq!((workflow.id.as_str(), workflow.name.as_str()), ("admission", "Admission"));
    }

    proptest! {
        #[test]
        fn damage_never_panics(at in any::<prop::sample::Index>(), with in any::<u8>()) {
            let whole = r#"{"workflow_id":"w","name":"w","nodes":[{"node_id":"a"}],"edges":[{"edge_id":"e","from_node":"a","to_node":"b","action":{"type":"compound","target":null,"parameters":{"steps":[{"type":"wait"}]}}}],"entry_nodes":["a"]}"#;
            let mut bytes = whole.as_bytes().to_vec();
            let at = at.index(bytes.len());
            bytes[at] = with;
            if let Ok(workflow) = parse(&String::from_utf8_lossy(&bytes), "w") {
                let _ = crate::workflow::expand(&workflow, &Map::new(), None, &mut String::new);
            }
        }
    }
}
