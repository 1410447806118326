//! The words for rights, roles and decisions: [`dragoman_engine::people`], [`dragoman_exchange::Decision`].

use utoipa::ToSchema;

/// What somebody may do.
#[derive(ToSchema)]
#[schema(as = Right, rename_all = "snake_case")]
#[expect(dead_code, reason = "a shape for the reference")]
pub enum RightWord {
    /// See what there is.
    Read,
    /// Take in, file, correct, replay.
    Write,
    /// Release what another filed.
    Approve,
    /// Keep users, keys and webhooks.
    Administer,
}

/// A person's standing: each role may do what those before it may.
#[derive(ToSchema)]
#[schema(as = Role, rename_all = "snake_case")]
#[expect(dead_code, reason = "a shape for the reference")]
pub enum RoleWord {
    /// Sees everything.
    Viewer,
    /// Files and corrects.
    Clerk,
    /// Also releases what another filed.
    Approver,
    /// Also keeps users and keys.
    Admin,
}

/// What a person makes of a submission whose outcome nobody knows.
#[derive(ToSchema)]
#[schema(as = Decision, rename_all = "snake_case")]
#[expect(dead_code, reason = "a shape for the reference")]
pub enum DecisionWord {
    /// It did not arrive, and is sent again.
    Resend,
    /// It arrived.
    Delivered,
    /// It is given up.
    GiveUp,
}

#[cfg(test)]
mod tests {
    use dragoman_engine::people::{Right, Role};
    use dragoman_exchange::Decision;
    use utoipa::PartialSchema;

    use super::*;

    #[test]
    fn the_words_are_those_that_are_written() {
        let words = |schema: utoipa::openapi::RefOr<utoipa::openapi::Schema>| {
            serde_json::to_value(schema).unwrap()["enum"].clone()
        };
        assert_eq!(words(RightWord::schema()), serde_json::to_value(Right::ALL).unwrap());
        assert_eq!(words(RoleWord::schema()), serde_json::to_value(Role::ALL).unwrap());
        let decisions = [Decision::Resend, Decision::Delivered, Decision::GiveUp];
        assert_eq!(words(DecisionWord::schema()), serde_json::to_value(decisions).unwrap());
    }
}
