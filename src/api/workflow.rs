//! Answers about workflows.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::workflow::{BrokenFile, Workflow};

/// `GET /traces/stream/workflows`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkflowsAnswer {
    /// Those that can be replayed.
    pub workflows: Vec<WorkflowView>,
    /// What is wrong with files that cannot.
    pub broken: Vec<BrokenWorkflowView>,
    /// The machines that have sessions here.
    pub machines: Vec<String>,
}

/// A workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkflowView {
    /// Its id.
    pub workflow_id: String,
    /// Its name.
    pub name: String,
    /// How many screens it knows.
    pub nodes: usize,
    /// How many ways between them.
    pub edges: usize,
}

impl WorkflowView {
    /// What is told of a workflow.
    pub fn of(workflow: &Workflow) -> Self {
        let Workflow { id, name, nodes, edges, .. } = workflow;
        Self { workflow_id: id.clone(), name: name.clone(), nodes: nodes.len(), edges: edges.len() }
    }
}

/// One thing that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BrokenWorkflowView {
    /// The file.
    pub file: String,
    /// Where in it, as a JSON pointer; empty for the whole.
    pub field: String,
    /// What.
    pub reason: String,
}

impl BrokenWorkflowView {
    /// Everything that is wrong with a file.
    pub fn all(broken: &BrokenFile) -> Vec<Self> {
        let view =
            |fault: &crate::workflow::Fault| Self { file: broken.file.clone(), field: fault.field.clone(), reason: fault.reason.clone() };
        broken.faults.iter().map(view).collect()
    }
}
