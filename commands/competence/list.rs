//! `lea competence list`.

use clap::ValueEnum;
use lea::competence::State;
use lea::error::Result;

use super::place::Place;
use crate::context::Context;
use crate::output::Columns;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only those in this state
    #[arg(long, value_enum)]
    state: Option<StateName>,
}

/// A state, as it is typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum StateName {
    /// Learned, and not tried.
    Candidate,
    /// Replayed once, and looked at by a person.
    Supervised,
    /// Proven in several places.
    Stable,
}

impl From<StateName> for State {
    fn from(name: StateName) -> Self {
        match name {
            StateName::Candidate => Self::Candidate,
            StateName::Supervised => Self::Supervised,
            StateName::Stable => Self::Stable,
        }
    }
}

pub(super) fn run(args: &Args, context: &Context, place: &Place<'_>) -> Result<()> {
    let answer = place.list(args.state.map(Into::into))?;
    if context.output.is_json() {
        return context.output.json(&answer);
    }
    let mut table = Columns::new(&["SLUG", "STATE", "NAME", "STEPS", "UPDATED"]);
    for one in &answer.competences {
        let updated = one.last_updated_at.clone().unwrap_or_else(|| "-".to_owned());
        table.row([one.slug.clone(), one.state.clone(), one.name.clone(), one.steps.to_string(), updated]);
    }
    if table.is_empty() {
        context.output.note("there is no competence here");
    } else {
        context.output.table(table)?;
    }
    for broken in &answer.broken {
        context.output.warn(&format!("{} ({}) cannot be read: {}", broken.slug, broken.state, broken.reason));
    }
    Ok(())
}
