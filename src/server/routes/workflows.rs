//! The workflows that can be replayed, and files that cannot.

use axum::Json as Reply;
use axum::extract::State;

use crate::api::{BrokenWorkflowView, WorkflowView, WorkflowsAnswer};
use crate::error::Error;
use crate::server::auth::Principal;
use crate::server::extract::Parameters;
use crate::server::reply::Answer;
use crate::server::state::Shared;
use crate::session::Owner;

/// Every workflow, and every file that is none, with everything that is wrong with it.
#[utoipa::path(
    get, path = "/api/v1/traces/stream/workflows", tag = "replays",
    params(("machine_id" = Option<String>, Query, description = "only those of a machine, or of none")),
    responses((status = 200, description = "by id", body = WorkflowsAnswer))
)]
pub(in crate::server) async fn list(
    State(state): State<Shared>,
    principal: Principal,
    parameters: Parameters,
) -> Answer<Reply<WorkflowsAnswer>> {
    principal.operator()?;
    let wrong = |why: Error| Error::field(&["query", "machine_id"], "value_error", why.to_string());
    let machine = Owner::named(parameters.text("machine_id")).map_err(wrong)?;
    let loaded = state.workflows().await?;
    let fits = |of: Option<&String>| match (&machine, of) {
        (Owner::Machine(machine), Some(of)) => of.eq_ignore_ascii_case(machine.as_str()),
        _ => true,
    };
    let workflows = loaded.workflows.values().filter(|workflow| fits(workflow.machine_id.as_ref()));
    Ok(Reply(WorkflowsAnswer {
        workflows: workflows.map(|workflow| WorkflowView::of(workflow)).collect(),
        broken: loaded.broken.iter().flat_map(BrokenWorkflowView::all).collect(),
        machines: state.seats.machines(),
    }))
}
