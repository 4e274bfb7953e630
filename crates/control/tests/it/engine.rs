//! The decision engine beside a second implementation of the same rules, which is too plain to be wrong in the same way.
//!
//! Where a comment says how an engine was broken by hand, the claim was seen to fail on it. Breakages that can be made by
//! showing the engine other rows are made in [`spoiled`], by every run.

mod about;
mod arbitrary;
mod compare;
mod differences;
mod exhaustive;
mod naive;
mod new_enemy;
mod spoiled;
mod supposed;

use arbitrary::asked;
use compare::agree;
use control::authz::Snapshot;
use model::OrgId;
use naive::Naive;
use proptest::prelude::*;
use store::policy::Rows;

/// Nothing is written beside the sources: a case that failed is printed, small enough to become a test of its own.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, max_shrink_time: 20_000, ..ProptestConfig::default() }
}

fn compile(rows: &Rows) -> Snapshot {
    Snapshot::compile(OrgId::from_uuid(arbitrary::id(1)), rows)
}

proptest! {
    #![proptest_config(config(400))]

    /// Decisions, lists, rights, entry and explanations.
    ///
    /// Fails if `Held::holds_at` ignores `expires_at`, if `Snapshot::holders` takes the first team only, if
    /// `Standing::by_share` leaves out the comparison of projects, or if `Standing::by_project` lets a role in a project
    /// reach the next project.
    #[test]
    fn the_engine_answers_what_the_rules_say((rows, questions) in asked(40)) {
        agree(&compile(&rows), &Naive(&rows), &questions).map_err(TestCaseError::fail)?;
    }
}
