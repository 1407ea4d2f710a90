//! Whether an enrollment is granted: one pure decision.

use crate::fleet::{Caller, Facts, Record, Status};

/// What an enrollment leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// A new row, a first token.
    Create,
    /// The row comes back, with a new token.
    Reactivate,
    /// An operator insists: the active row gets a new token.
    Force,
    /// The caller has proved to be this very machine: nothing changes.
    Same {
        /// Facts that were offered and differ.
        fields: Vec<&'static str>,
    },
    /// No.
    Refuse(Refusal),
}

/// Why an enrollment is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The machine is active, and the caller has not proved to be it.
    Active {
        /// Facts that were offered and differ.
        fields: Vec<&'static str>,
    },
    /// The machine was uninstalled, and the caller wants no reactivation.
    Uninstalled {
        /// Facts that were offered and differ.
        fields: Vec<&'static str>,
    },
    /// The row has an id that is none today; it can only be uninstalled.
    Legacy,
    /// The caller's token speaks for another machine.
    OtherMachine,
    /// Only an operator may force.
    ForceByOthers,
}

/// Decides about an enrollment that offers `facts` for the machine in `existing`.
pub fn decide(existing: Option<&Record>, caller: &Caller, facts: &Facts, allow_reactivate: bool, force: bool) -> Decision {
    let proved = match (caller, existing) {
        (Caller::Machine { agent, .. }, Some(record)) if *agent == record.agent.id => true,
        (Caller::Machine { .. }, _) => return Decision::Refuse(Refusal::OtherMachine),
        _ => false,
    };
    if force && !caller.is_operator() {
        return Decision::Refuse(Refusal::ForceByOthers);
    }
    let Some(Record { agent, .. }) = existing else { return Decision::Create };
    if agent.is_legacy() {
        return Decision::Refuse(Refusal::Legacy);
    }
    let fields = agent.facts.differing(facts);
    match agent.status {
        Status::Active if proved => Decision::Same { fields },
        Status::Active if force => Decision::Force,
        Status::Active => Decision::Refuse(Refusal::Active { fields }),
        Status::Uninstalled if proved => Decision::Refuse(Refusal::OtherMachine),
        Status::Uninstalled if allow_reactivate => Decision::Reactivate,
        Status::Uninstalled => Decision::Refuse(Refusal::Uninstalled { fields }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::{Agent, TokenHash};
    use proptest::prelude::*;

    fn record(status: Status, hostname: Option<&str>) -> Record {
        let facts = Facts { hostname: hostname.map(str::to_owned), ..Facts::default() };
        let agent = Agent {
            id: 7,
            machine_id: "m1".to_owned(),
            facts,
            status,
            enrolled_at: None,
            last_seen_at: None,
            uninstalled_at: None,
            uninstall_reason: None,
        };
        Record { agent, token: None }
    }

    fn machine(agent: i64) -> Caller {
        Caller::Machine { agent, token: TokenHash::of("x") }
    }

    #[test]
    fn the_token_of_an_uninstalled_machine_brings_it_not_back() {
        let known = record(Status::Uninstalled, None);
        let refused = Decision::Refuse(Refusal::OtherMachine);
        assert_eq!(decide(Some(&known), &machine(7), &Facts::default(), true, false), refused);
        assert_eq!(decide(Some(&known), &Caller::Operator, &Facts::default(), true, false), Decision::Reactivate);
    }

    fn callers() -> impl Strategy<Value = Caller> {
        prop_oneof![
            Just(Caller::Operator),
            Just(Caller::Local),
            (6_i64..9).prop_map(machine),
            Just(Caller::Key { id: "k".to_owned(), name: "n".to_owned() }),
        ]
    }

    proptest! {
        #[test]
        fn an_active_machine_changes_only_for_an_operator_who_insists(
            caller in callers(), allow in any::<bool>(), force in any::<bool>(), host in proptest::option::of("[a-c]")
        ) {
            let known = record(Status::Active, Some("a"));
            let facts = Facts { hostname: host, ..Facts::default() };
            let decision = decide(Some(&known), &caller, &facts, allow, force);
            prop_assert_eq!(decision == Decision::Force, force && caller.is_operator());
            prop_assert!(!matches!(decision, Decision::Create | Decision::Reactivate));
            let itself = caller == machine(7);
            let is_same = matches!(decision, Decision::Same { .. });
            prop_assert_eq!(is_same, itself && !force);
        }

        #[test]
        fn a_machines_token_never_speaks_for_another(agent in 8_i64..99, allow in any::<bool>(), known in any::<bool>(), active in any::<bool>()) {
            let status = if active { Status::Active } else { Status::Uninstalled };
            let record = record(status, None);
            let decision = decide(known.then_some(&record), &machine(agent), &Facts::default(), allow, false);
            prop_assert_eq!(decision, Decision::Refuse(Refusal::OtherMachine));
        }
    }

    #[test]
    fn what_is_not_said_does_not_differ_and_a_hostname_has_no_case() {
        let known = record(Status::Active, Some("PC-1")).agent.facts;
        assert!(known.differing(&Facts::default()).is_empty());
        assert!(known.differing(&Facts { hostname: Some("pc-1".to_owned()), ..Facts::default() }).is_empty());
        assert_eq!(known.differing(&Facts { os_info: Some("x".to_owned()), ..Facts::default() }), ["os_info"]);
    }
}
