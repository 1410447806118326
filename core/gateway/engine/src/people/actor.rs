//! Who does something: a person, a program with a key, or the gateway itself.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// See what there is in the tenant.
    Read,
    /// See who buys and who receives: names, addresses, numbers of persons.
    Personal,
    /// Take in orders, file, correct, amend, replay.
    Write,
    /// Release what another person filed, where four eyes are asked for.
    Approve,
    /// Keep users, keys, accounts and webhook endpoints.
    Administer,
}

impl Right {
    /// All of them, the least first.
    pub const ALL: [Self; 5] = [Self::Read, Self::Personal, Self::Write, Self::Approve, Self::Administer];

    /// The word that keys and problems use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Personal => "personal",
            Self::Write => "write",
            Self::Approve => "approve",
            Self::Administer => "administer",
        }
    }

    /// The right of that word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.word() == word)
    }
}

/// A person's standing: each role may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees everything but persons, changes nothing.
    Viewer,
    /// Files and corrects, and sees for whom.
    Clerk,
    /// Also releases what another filed.
    Approver,
    /// Also keeps users, keys and accounts.
    Admin,
}

impl Role {
    /// All of them, the least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Clerk, Self::Approver, Self::Admin];

    /// The word that people use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Clerk => "clerk",
            Self::Approver => "approver",
            Self::Admin => "admin",
        }
    }

    /// The role of that word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// What it may do.
    pub fn rights(self) -> BTreeSet<Right> {
        // A clerk has two more than a viewer.
        let more = usize::from(self != Self::Viewer);
        Right::ALL.into_iter().take(self as usize + 1 + more).collect()
    }
}

/// Who does something. Every event of the journal names one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The tenant that everything the actor sees and does is in.
    pub tenant: String,
    /// As the journal names it: `anna` for a person, `key:shop` for a program, `gateway` for the machine.
    pub name: String,
    /// What it may do.
    pub rights: BTreeSet<Right>,
}

impl Actor {
    /// A person.
    pub fn person(tenant: &str, name: &str, role: Role) -> Self {
        Self { tenant: tenant.to_owned(), name: name.to_owned(), rights: role.rights() }
    }

    /// A program that showed a key; keys and people cannot be named alike.
    pub fn program(tenant: &str, key: &str, scopes: BTreeSet<Right>) -> Self {
        Self { tenant: tenant.to_owned(), name: format!("key:{key}"), rights: scopes }
    }

    /// The gateway's own workers, which may do everything but approve.
    pub fn gateway(tenant: &str) -> Self {
        let rights = [Right::Read, Right::Personal, Right::Write].into();
        Self { tenant: tenant.to_owned(), name: "gateway".to_owned(), rights }
    }

    /// True where it has a right.
    pub fn may(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_those_before_it_may() {
        for pair in Role::ALL.windows(2) {
            assert!(pair[0].rights().is_subset(&pair[1].rights()) && pair[0] < pair[1]);
        }
        assert_eq!(Role::Viewer.rights(), [Right::Read].into());
        assert!(!Role::Clerk.rights().contains(&Right::Approve));
        assert_eq!(Role::Admin.rights().len(), Right::ALL.len());
    }

    #[test]
    fn words_come_back() {
        assert!(Right::ALL.iter().all(|right| Right::of(right.word()) == Some(*right)));
        assert!(Role::ALL.iter().all(|role| Role::of(role.word()) == Some(*role)));
        for right in Right::ALL {
            assert_eq!(serde_json::to_value(right).unwrap(), right.word());
        }
        for role in Role::ALL {
            assert_eq!(serde_json::to_value(role).unwrap(), role.word());
        }
    }
}
