//! What an agent without a desktop answers: which action succeeds, which fails, which is lost. Pure.

use serde::Deserialize;

/// The most replies of a script. A longer one is a mistake: an agent answers some thousand actions a day.
pub const MAX_REPLIES: usize = 10_000;

/// One reply of a script; without a word it is a success.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScriptedReply {
    /// The action fails.
    pub fail: bool,
    /// Why, where it fails.
    pub error: Option<String>,
    /// Another try would fail too.
    pub fatal: bool,
    /// The action is taken and never answered.
    pub lose: bool,
}

/// What an agent answers to its actions, by their number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Script {
    /// Each so-manieth action fails; 0: none does.
    pub fail_every: u64,
    /// Each so-manieth action is taken and never answered; 0: none is.
    pub lose_every: u64,
    /// The agent ends right after it has taken so many actions, without answering the last; 0: it doesn't.
    pub die_after: u64,
    /// Replies to the first actions, in order; they stand before the rules above, but for the end of the agent.
    pub replies: Vec<ScriptedReply>,
}

/// What becomes of one action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// It is done.
    Succeed,
    /// It fails.
    Fail {
        /// Why.
        error: String,
        /// Whether another try would fail too.
        fatal: bool,
    },
    /// Nothing is said of it.
    Lose,
    /// Nothing is said of it, nor of anything else.
    Die,
}

impl Script {
    /// What becomes of action `number`, from 1. Waits count too.
    pub fn deed(&self, number: u64) -> Deed {
        let each = |every: u64| every > 0 && number.is_multiple_of(every);
        let failed = |error: Option<String>, fatal| Deed::Fail { error: error.unwrap_or_else(|| "failed on purpose".to_owned()), fatal };
        if self.die_after > 0 && number >= self.die_after {
            return Deed::Die;
        }
        let scripted = usize::try_from(number.saturating_sub(1)).ok().and_then(|index| self.replies.get(index));
        match scripted {
            Some(reply) if reply.lose => Deed::Lose,
            Some(reply) if reply.fail || reply.fatal => failed(reply.error.clone(), reply.fatal),
            None if each(self.lose_every) => Deed::Lose,
            None if each(self.fail_every) => failed(None, false),
            Some(_) | None => Deed::Succeed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deeds(script: &Script) -> String {
        let letter = |number| match script.deed(number) {
            Deed::Succeed => 's',
            Deed::Fail { fatal: false, .. } => 'f',
            Deed::Fail { .. } => 'F',
            Deed::Lose => 'l',
            Deed::Die => 'd',
        };
        (1..=9).map(letter).collect()
    }

    #[test]
    fn rules_and_replies() {
        assert_eq!(deeds(&Script::default()), "sssssssss");
        assert_eq!(deeds(&Script { fail_every: 3, ..Script::default() }), "ssfssfssf");
        assert_eq!(deeds(&Script { fail_every: 2, lose_every: 4, die_after: 7, ..Script::default() }), "sfslsfddd");
        let replies = serde_json::from_str(r#"[{"fail":true,"error":"no"},{},{"lose":true},{"fatal":true}]"#).unwrap();
        let script = Script { fail_every: 2, replies, ..Script::default() };
        assert_eq!(deeds(&script), "fslFsfsfs");
        assert_eq!(script.deed(1), Deed::Fail { error: "no".to_owned(), fatal: false });
        assert!(serde_json::from_str::<ScriptedReply>(r#"{"sucess":true}"#).is_err(), "a typing error passes for a success");
    }
}
