//! The HTTP client of a `lea` server: typed calls, failures that say who is to blame, and what a machine does with both.
//!
//! The token goes to the configured server alone: redirects are not followed, and proxies come only from
//! [`ProxySettings`]. Nothing here prints, and waiting, time and chance are passed in.

mod address;
mod agent;
mod analyser;
mod answer;
mod calls;
mod competence_calls;
mod config_calls;
mod config_trust;
mod credentials;
pub mod doctor;
mod download;
mod ending;
mod enroll;
mod events;
mod failure;
mod follow;
mod http;
mod pending;
mod proxy;
mod replay_calls;
pub mod retry;
mod script;
mod session_calls;
mod update_calls;
mod watch;

pub use address::Address;
pub use agent::{AgentEnd, AgentNews, AgentOrder, run_agent, session_id};
pub use analyser::HttpAnalyser;
pub use answer::MAX_ANSWER_BYTES;
pub use calls::{EnrollCall, FleetQuery};
pub use config_trust::SnapshotKeys;
pub use credentials::{Credentials, CredentialsFile};
pub use download::Download;
pub use ending::on_ending;
pub use enroll::{EnrollDone, EnrollNews, EnrollOrder, enroll, known_machine, name_blame};
pub use failure::blame;
pub use follow::{FollowNews, follow};
pub use http::{Client, ClientOptions, Health};
pub use pending::{Notes, Pending, REPEATABLE};
pub use proxy::{Proxy, ProxySettings};
pub use replay_calls::{NextCall, Progress, ReplaysQuery, StartCall};
pub use script::{Deed, MAX_REPLIES, Script, ScriptedReply};
pub use update_calls::CheckQuery;
pub use watch::{WatchNews, watch};
