//! Where competences are kept: on a server, or in the data directory. Both give the same answers.

use lea::api::{AuditVerdict, CompetenceAnswer, CompetencesAnswer, MoveAnswer, MoveRequest, PersistAnswer};
use lea::client::Client;
use lea::clock::{Clock, Time};
use lea::competence::{
    Evidence, Filter, Journal, Ledger, Library, Move, Node, Request, State, Tools, change_state, draft, entries, look_up, persist, pick,
    prove, shelf,
};
use lea::error::{Error, Kind, Result};
use lea::files::CompetenceFolder;
use lea::replay::Status;
use lea::store::Database;

use crate::context::Context;

/// Entries that are asked of a server at once.
const PAGE: usize = 1_000;

/// A server, or the data directory.
pub(super) enum Place<'a> {
    /// By HTTP.
    Server(Box<Client>),
    /// The folder, and the database when it is needed.
    Local(Local<'a>),
}

/// The data directory.
pub(super) struct Local<'a> {
    context: &'a Context,
    folder: CompetenceFolder,
    now: Time,
}

impl<'a> Place<'a> {
    /// The place that the settings name, for what operators do.
    pub(super) fn open(context: &'a Context) -> Result<Self> {
        Self::reached(context, Context::operator_client)
    }

    /// The place that the settings name, for what a machine may do too: with its own token where no operator's is at hand.
    pub(super) fn open_for_machine(context: &'a Context) -> Result<Self> {
        let operator = context.operator_token()?.is_some();
        Self::reached(context, if operator { Context::operator_client } else { Context::machine_client })
    }

    fn reached(context: &'a Context, client: fn(&Context) -> Result<Client>) -> Result<Self> {
        if !context.is_local() {
            return Ok(Self::Server(Box::new(client(context)?)));
        }
        tracing::info!(data_dir = %context.data_dir.display(), "working on the data directory");
        Ok(Self::Local(Local { context, folder: context.competences(), now: context.clock.now() }))
    }

    /// Persists a competence. What a server would refuse for its form is refused before it is asked.
    pub(super) fn persist(&self, body: &Node, request: &Request) -> Result<PersistAnswer> {
        match self {
            Self::Server(client) => client.persist(body),
            Self::Local(local) => {
                let scanner = local.context.scanner()?;
                // What would be refused makes no folder and no database.
                if local.context.database_if_there()?.is_none() {
                    draft(&scanner, request, local.now)?;
                }
                let mut answer: PersistAnswer = local.changing(|tools| persist(tools, &scanner, request, local.now))?.into();
                answer.path = local.context.data_dir.join(&answer.path).display().to_string();
                Ok(answer)
            }
        }
    }

    /// Every competence, or those in a state.
    pub(super) fn list(&self, state: Option<State>) -> Result<CompetencesAnswer> {
        match self {
            Self::Server(client) => client.list_competences(state.map(State::word)),
            Self::Local(local) => shelf(&local.folder, state).map(|(read, unreadable)| CompetencesAnswer::of(&read, unreadable)),
        }
    }

    /// One competence.
    pub(super) fn competence(&self, slug: &str) -> Result<CompetenceAnswer> {
        match self {
            Self::Server(client) => client.competence(slug),
            Self::Local(local) => pick(&local.folder, slug).map(Into::into),
        }
    }

    /// Moves a competence up or down.
    pub(super) fn change_state(&self, slug: &str, up: bool, request: MoveRequest) -> Result<MoveAnswer> {
        match self {
            Self::Server(client) => client.move_competence(slug, if up { "promote" } else { "demote" }, &request),
            Self::Local(local) => {
                let scanner = local.context.scanner()?;
                let wanted = Move {
                    slug: slug.to_owned(),
                    to: State::named(&request.to)?,
                    up,
                    by: request.by,
                    reason: request.reason,
                    replay: request.replay,
                };
                let evidence = local.evidence(wanted.replay.as_deref())?;
                local.changing(|tools| change_state(tools, &scanner, &wanted, evidence, local.now)).map(Into::into)
            }
        }
    }

    /// Entries of the audit, oldest first.
    pub(super) fn entries(&self, filter: &Filter, take: &mut dyn FnMut(Node) -> Result<()>) -> Result<()> {
        match self {
            Self::Local(local) => entries(&mut *local.folder.audit(0)?, filter, take),
            Self::Server(client) => {
                let mut filter = filter.clone();
                loop {
                    let page = Filter { limit: Some(filter.limit.map_or(PAGE, |left| left.min(PAGE))), ..filter.clone() };
                    let answer = client.audit(&page)?;
                    let (count, next) = (answer.entries.len(), answer.next_after);
                    answer.entries.into_iter().try_for_each(&mut *take)?;
                    filter.limit = filter.limit.map(|left| left.saturating_sub(count));
                    filter.after = next;
                    if next.is_none() || filter.limit == Some(0) {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// One entry of the audit.
    pub(super) fn entry(&self, id: &str) -> Result<Node> {
        match self {
            Self::Server(client) => client.audit_entry(id),
            Self::Local(local) => {
                let database = local.context.database_if_there()?;
                look_up(&local.folder, database.as_ref().map(|database| database as &dyn Ledger), id)
            }
        }
    }

    /// Takes in lines of the audit that the database does not know; says how many.
    pub(super) fn adopt(&self) -> Result<u64> {
        match self {
            Self::Server(_) => Err(Error::new(Kind::Usage, "not_on_a_server", "this is done where the data directory is")
                .hint("log in there, and run it without --server")),
            Self::Local(local) => local.changing(|tools| Journal::adopt(tools)),
        }
    }

    /// Whether the audit is whole.
    pub(super) fn verdict(&self) -> Result<AuditVerdict> {
        match self {
            Self::Server(client) => client.audit_verdict(),
            Self::Local(local) => {
                let database = local.context.database_if_there()?;
                let (verdict, head_known) = prove(&local.folder, database.as_ref().map(|database| database as &dyn Ledger))?;
                Ok(AuditVerdict::of(verdict, head_known, local.folder.set_aside()?))
            }
        }
    }
}

impl Local<'_> {
    fn changing<R>(&self, work: impl FnOnce(&Tools<'_>) -> Result<R>) -> Result<R> {
        // One after the other also where the database is made: of several that come first, all but one would find it locked.
        let held = self.folder.hold()?;
        let database: Database = self.context.database()?;
        drop(held);
        work(&Tools { library: &self.folder, ledger: &database, pass: &|_| {} })
    }

    /// What a replay that was named proves.
    fn evidence(&self, replay: Option<&str>) -> Result<Evidence> {
        let Some(replay) = replay else { return Ok(Evidence::default()) };
        let found = match self.context.database_if_there()? {
            Some(database) => database.read(|entities| entities.find_replay(replay))?,
            None => None,
        };
        match found {
            Some(kept) if kept.replay.status() == Status::Completed => Ok(Evidence { replayed: true }),
            Some(_) => Err(Error::new(Kind::Conflict, "replay_not_completed", "that replay did not end as completed")),
            None => Err(Error::new(Kind::NotFound, "unknown_replay", "there is no replay of that id")),
        }
    }
}
