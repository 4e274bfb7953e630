//! Which denials are written down: the log is for good, and whoever is refused decides how often they ask.

use crate::cx::Actor;
use model::{Permission, Timestamp, UserId, WorkspaceId};
use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use uuid::Uuid;

/// The denials noted last, by who was denied. In memory: every replica counts for itself.
#[derive(Debug, Default)]
pub(crate) struct Denials(Mutex<Noted>);

#[derive(Debug, Default)]
struct Noted {
    by: HashMap<Who, VecDeque<Denial>>,
    /// Everybody in `by`, once, from whoever came first: who is forgotten next, found without looking at the others.
    order: VecDeque<Who>,
}

/// Somebody who is refused, by whatever session, token or key they ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Who {
    Person(UserId),
    Workspace(WorkspaceId),
    Reeve,
}

impl From<&Actor> for Who {
    fn from(actor: &Actor) -> Self {
        match actor {
            Actor::User { user, .. }
            | Actor::ApiKey { user, .. }
            | Actor::Client { user, .. }
            | Actor::CommandLine { user, .. }
            | Actor::Entrant { user, .. } => Self::Person(*user),
            Actor::Workspace { workspace, .. } => Self::Workspace(*workspace),
            Actor::System { .. } => Self::Reeve,
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Denial {
    permission: Permission,
    place: Uuid,
    at: Timestamp,
}

impl Denials {
    const EVERY_MS: i64 = 60_000;
    /// Of one actor, in that time.
    const AT_MOST: usize = 20;
    /// How many are remembered.
    const ACTORS: usize = 10_000;

    /// Whether to write this denial down: the same one at most once in a minute, and no more than 20 of one actor.
    pub(super) fn is_due(&self, actor: &Actor, permission: Permission, place: Uuid, now: Timestamp) -> bool {
        let who = Who::from(actor);
        let mut noted = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Noted { by, order } = &mut *noted;
        if !by.contains_key(&who) {
            if by.len() >= Self::ACTORS
                && let Some(first) = order.pop_front()
            {
                by.remove(&first);
            }
            order.push_back(who);
        }
        let denials = by.entry(who).or_default();
        while denials.front().is_some_and(|denial| now.since_ms(denial.at) >= Self::EVERY_MS) {
            denials.pop_front();
        }
        let same = |denial: &Denial| denial.permission == permission && denial.place == place;
        let due = denials.len() < Self::AT_MOST && !denials.iter().any(same);
        if due {
            denials.push_back(Denial { permission, place, at: now });
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cx::ClientVia;
    use model::{ApiKeyId, CredentialId, OrgId, SessionId};

    fn id(n: usize) -> Uuid {
        Uuid::from_u128(n as u128)
    }

    fn person(n: usize) -> Actor {
        let (session, authenticated_at) = (SessionId::from_uuid(Uuid::max()), Timestamp::from_millis(0));
        Actor::User { user: UserId::from_uuid(id(n)), name: String::new(), session, authenticated_at }
    }

    fn workspace(n: usize) -> Actor {
        Actor::Workspace {
            workspace: WorkspaceId::from_uuid(id(n)),
            org: OrgId::from_uuid(id(0)),
            name: String::new(),
            credential: CredentialId::from_uuid(Uuid::max()),
        }
    }

    fn noted(denials: &Denials, actor: &Actor, places: std::ops::Range<usize>, now: Timestamp) -> usize {
        places.filter(|n| denials.is_due(actor, Permission::OrgRead, id(*n), now)).count()
    }

    #[test]
    fn the_same_denial_is_noted_once_in_a_minute() {
        let (denials, start) = (Denials::default(), Timestamp::from_millis(1_000_000));
        assert!(denials.is_due(&person(1), Permission::OrgRead, id(1), start));
        assert!(!denials.is_due(&person(1), Permission::OrgRead, id(1), start.plus_s(59)));
        assert!(denials.is_due(&person(1), Permission::OrgUpdate, id(1), start));
        assert!(denials.is_due(&person(1), Permission::OrgRead, id(1), start.plus_s(60)));
    }

    #[test]
    fn twenty_of_one_actor_are_noted_in_a_minute_whatever_they_ask_with() {
        let (denials, start) = (Denials::default(), Timestamp::from_millis(1_000_000));
        assert_eq!(noted(&denials, &person(1), 0..500, start), 20);
        let user = UserId::from_uuid(id(1));
        let key = crate::cx::ByKey::unlimited(ApiKeyId::from_uuid(Uuid::max()));
        let program = Actor::ApiKey { user, name: String::new(), key };
        let via = ClientVia::Exchanged(model::AccessTokenId::from_uuid(Uuid::max()), key);
        let client = Actor::Client { user, name: String::new(), via };
        let entrant =
            Actor::Entrant { user, name: String::new(), workspace: WorkspaceId::from_uuid(id(1)), key: None };
        for other in [program, client, entrant] {
            assert_eq!(noted(&denials, &other, 500..600, start.plus_s(59)), 0);
        }
        assert_eq!(noted(&denials, &person(1), 0..500, start.plus_s(60)), 20);
    }

    #[test]
    fn nobody_silences_another() {
        let (denials, now) = (Denials::default(), Timestamp::from_millis(1_000_000));
        for actor in [person(1), person(2), workspace(1), workspace(2), Actor::System { job: "test" }] {
            assert_eq!(noted(&denials, &actor, 0..500, now), 20, "{actor:?}");
        }
    }

    #[test]
    fn who_came_first_is_forgotten_first() {
        let (denials, now) = (Denials::default(), Timestamp::from_millis(1_000_000));
        for n in 0..Denials::ACTORS {
            assert_eq!(noted(&denials, &person(n), 0..1, now), 1);
        }
        assert_eq!(noted(&denials, &person(0), 0..1, now), 0, "remembered");
        assert_eq!(noted(&denials, &workspace(0), 0..1, now), 1);
        {
            let noted = denials.0.lock().unwrap();
            assert_eq!((noted.by.len(), noted.order.len()), (Denials::ACTORS, Denials::ACTORS));
        }
        assert_eq!(noted(&denials, &person(1), 0..1, now), 0, "remembered");
        assert_eq!(noted(&denials, &person(0), 0..1, now), 1, "forgotten");
    }
}
