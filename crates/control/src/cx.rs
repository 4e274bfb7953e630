//! Who asks, from where, and when: made once per request, before anything is done.

use crate::rng::Ids;
use model::Rights;
use model::id::TypedId;
use model::{
    AccessTokenId, ApiKeyId, CredentialId, DeviceId, OrgId, SessionId, Timestamp, TrustRuleId, UserId,
    WorkspaceId,
};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use store::audit::Scope;

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person in a browser.
    User {
        /// Who.
        user: UserId,
        /// Their name, for the audit log.
        name: String,
        /// By which session.
        session: SessionId,
        /// When they last proved who they are.
        authenticated_at: Timestamp,
    },
    /// A program, by an API key that Reeve was shown as it is.
    ApiKey {
        /// Who.
        user: UserId,
        /// Their name, for the audit log.
        name: String,
        /// By which.
        key: ByKey,
    },
    /// A ZenML client. It shows its token to every workspace it signs in to, so whoever runs one of them can
    /// act with it: it is for working with workspaces and administers nothing ([`Right::FOR_CLIENTS`]).
    ///
    /// [`Right::FOR_CLIENTS`]: crate::authz::Right::FOR_CLIENTS
    Client {
        /// Who.
        user: UserId,
        /// Their name, for the audit log.
        name: String,
        /// By what.
        via: ClientVia,
    },
    /// A person at Reeve's own command line. No workspace gets to see the token, and none lets anybody in with it: it is
    /// for administering. As there is a person who can be asked, what is sensitive takes a fresh sign-in here as in a
    /// browser: that of whoever approved it.
    CommandLine {
        /// Who.
        user: UserId,
        /// Their name, for the audit log.
        name: String,
        /// By which device.
        device: DeviceId,
        /// When they had last proven who they are as they approved it.
        authenticated_at: Timestamp,
    },
    /// A person at the door of one workspace. That is all: whoever runs that workspace has seen the token.
    Entrant {
        /// Who.
        user: UserId,
        /// Their name, for the audit log.
        name: String,
        /// Which workspace.
        workspace: WorkspaceId,
        /// By which API key, if it is not by their session in the dashboard.
        key: Option<ByKey>,
    },
    /// A workspace's server.
    Workspace {
        /// Which.
        workspace: WorkspaceId,
        /// Its organization.
        org: OrgId,
        /// Its identifier, for the audit log.
        name: String,
        /// By which enrollment key.
        credential: CredentialId,
    },
    /// Reeve itself.
    System {
        /// In which job.
        job: &'static str,
    },
}

impl Actor {
    /// The person, or the account of a machine, who acts anywhere: not who stands at the door of one workspace.
    pub const fn user(&self) -> Option<UserId> {
        match self {
            Self::User { user, .. }
            | Self::ApiKey { user, .. }
            | Self::Client { user, .. }
            | Self::CommandLine { user, .. } => Some(*user),
            Self::Entrant { .. } | Self::Workspace { .. } | Self::System { .. } => None,
        }
    }

    /// In whose log what they do belongs, where no place says so.
    pub(crate) const fn log(&self) -> Scope {
        match self {
            Self::User { user, .. }
            | Self::ApiKey { user, .. }
            | Self::Client { user, .. }
            | Self::CommandLine { user, .. }
            | Self::Entrant { user, .. } => Scope::Person(*user),
            Self::Workspace { org, .. } => Scope::Org(*org),
            Self::System { .. } => Scope::Installation,
        }
    }

    /// The API key by which they act, if it is one.
    pub const fn key(&self) -> Option<&ByKey> {
        match self {
            Self::ApiKey { key, .. } | Self::Client { via: ClientVia::Exchanged(_, key), .. } => Some(key),
            Self::Entrant { key, .. } => key.as_ref(),
            _ => None,
        }
    }

    /// Whether a workspace's server gets to see the credential in the course of things.
    pub(crate) const fn is_seen_by_workspaces(&self) -> bool {
        match self {
            Self::Client { .. } | Self::Entrant { .. } => true,
            Self::User { .. }
            | Self::ApiKey { .. }
            | Self::CommandLine { .. }
            | Self::Workspace { .. }
            | Self::System { .. } => false,
        }
    }
}

/// An API key as the one by which somebody acts, and what it is limited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByKey {
    /// Which.
    pub id: ApiKeyId,
    /// What it may be used for; `None` for all that its account holds.
    pub scopes: Option<Rights>,
    /// The one workspace it is for.
    pub workspace: Option<WorkspaceId>,
    /// Whether its account is one for machines, and not a person's.
    pub for_machine: bool,
}

impl ByKey {
    /// A person's key without limits.
    pub const fn unlimited(id: ApiKeyId) -> Self {
        Self { id, scopes: None, workspace: None, for_machine: false }
    }
}

/// The credential behind a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientVia {
    /// A short token exchanged for an API key.
    Exchanged(AccessTokenId, ByKey),
    /// A short token of an approved device.
    Device(AccessTokenId, DeviceId),
    /// A short token exchanged for one of an outside issuer, by a trust rule.
    Trusted(AccessTokenId, TrustRuleId),
}

/// From where a request came.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// Leads to the log lines. Empty for work without a request.
    pub request_id: String,
    /// The peer's address, or the one a trusted proxy named.
    pub ip: Option<IpAddr>,
    /// The `User-Agent` it sent.
    pub user_agent: Option<String>,
}

impl Origin {
    /// What attempts are counted by: the address, and of IPv6 the /64 it is in, as that is what one connection is given.
    pub fn network(&self) -> String {
        match self.ip.map(|ip| ip.to_canonical()) {
            Some(IpAddr::V4(ip)) => ip.to_string(),
            Some(IpAddr::V6(ip)) => {
                let [a, b, c, d, ..] = ip.segments();
                format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            None => "unknown".to_owned(),
        }
    }
}

/// The context of one request. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Cx(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    now: Timestamp,
    ids: Ids,
    origin: Origin,
    actor: Option<Actor>,
}

impl Cx {
    pub(crate) fn new(now: Timestamp, ids: Ids, origin: Origin, actor: Option<Actor>) -> Self {
        Self(Arc::new(Inner { now, ids, origin, actor }))
    }

    /// The instant at which this request is judged.
    pub fn now(&self) -> Timestamp {
        self.0.now
    }

    /// Who acts; `None` before sign-in.
    pub fn actor(&self) -> Option<&Actor> {
        self.0.actor.as_ref()
    }

    /// From where.
    pub fn origin(&self) -> &Origin {
        &self.0.origin
    }

    /// The person who acts, in a browser or through a program.
    pub fn user(&self) -> Option<UserId> {
        self.actor()?.user()
    }

    /// The browser session, if that is how they act.
    pub fn session(&self) -> Option<SessionId> {
        match self.actor()? {
            Actor::User { session, .. } => Some(*session),
            _ => None,
        }
    }

    /// The same request by somebody, once it is known who they are.
    #[must_use]
    pub fn with_actor(&self, actor: Actor) -> Self {
        Self::new(self.now(), self.0.ids.clone(), self.origin().clone(), Some(actor))
    }

    /// An id for something made by this request.
    pub fn new_id<T: TypedId>(&self) -> T {
        self.0.ids.next(self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_connection_counts_once_however_many_addresses_it_has() {
        for (ip, network) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ] {
            let origin = Origin { ip: Some(ip.parse().unwrap()), ..Origin::default() };
            assert_eq!(origin.network(), network);
        }
        assert_eq!(Origin::default().network(), "unknown");
    }
}
