//! Who is signed in, and where.

use crate::device::Device;
use crate::org::MyOrg;
use crate::words;
use crate::{SessionId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// The signed-in person, as every page needs them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Me {
    /// Their id.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their name inside workspaces.
    pub username: String,
    /// Whether it is an account for machines.
    pub is_service_account: bool,
    /// Their organizations, by name.
    pub orgs: Vec<MyOrg>,
}

/// A browser session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// How it began: a connection's label, or the e-mail link.
    pub method: String,
    /// Where from, when it began: the address, and what is known of it.
    pub place: String,
    /// Browser and system in words.
    pub agent: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to within a minute.
    pub last_seen_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// Whether it is the one asking.
    pub current: bool,
}

/// Sessions and devices of a person that an administrator ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ending {
    /// When.
    pub at: Timestamp,
    /// The administrator's name at that time.
    pub by: String,
    /// How many sessions, and how many devices.
    pub ended: Ended,
}

/// How much was ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ended {
    /// Sessions.
    pub sessions: u32,
    /// Devices.
    pub devices: u32,
}

/// The sessions and devices of a member, for an administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MemberSessions {
    /// Whose they are.
    pub name: String,
    /// Those that hold, newest first; empty if they are not the organization's business.
    pub sessions: Vec<Session>,
    /// The approved devices, newest first, the revoked ones too; empty as above.
    pub devices: Vec<Device>,
    /// Why the one who asks cannot end them, if so.
    pub obstacle: Option<String>,
}

/// What the sign-in page offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignInOptions {
    /// The organization's name, if there is just one.
    pub org_name: Option<String>,
    /// Providers.
    pub connections: Vec<SignInConnection>,
    /// Whether one-time links can be mailed.
    pub email: bool,
    /// Whether the installation still waits for its first organization.
    pub needs_setup: bool,
    /// Who is signed in already, and confirms who they are.
    pub signed_in: Option<SignedIn>,
}

/// Somebody who is signed in already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignedIn {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// A provider on the sign-in page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignInConnection {
    /// Its id.
    pub id: crate::ConnectionId,
    /// What the button says after "Continue with".
    pub label: String,
}

/// What the frame around the pages shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Frame {
    /// Who is here.
    pub me: Me,
    /// The organization being looked at, if they are a member of one.
    pub org: Option<MyOrg>,
    /// What they may do in the organization, for deciding which links are shown.
    pub rights: Vec<crate::Permission>,
    /// Workspaces they may open: identifier and name for people; at most fifty.
    pub workspaces: Vec<(String, String)>,
}

words! {
    /// Why a sign-in through a provider did not work: all that the person is told. The rest is in the log.
    SignInProblem {
        /// The person or the provider declined.
        AccessDenied = "access_denied",
        /// The provider did not answer in time.
        ProviderUnreachable = "provider_unreachable",
        /// The provider's answer did not hold.
        ProviderAnswerInvalid = "provider_answer_invalid",
        /// The provider does not know Reeve by the client id and secret of the connection.
        ClientRefused = "client_refused",
        /// The attempt took too long, or was used already.
        AttemptExpired = "attempt_expired",
        /// It was begun in another browser.
        WrongBrowser = "wrong_browser",
        /// The provider names no usable e-mail address.
        NoEmail = "no_email",
        /// The account is closed.
        AccountClosed = "account_closed",
        /// The connection is not offered (any more).
        ConnectionDisabled = "connection_disabled",
        /// To confirm who somebody is, and the provider did not ask them.
        NotAskedAgain = "not_asked_again",
        /// Too many attempts.
        TooMany = "too_many",
    }
}

impl SignInProblem {
    /// What happened, as a heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::AccessDenied => "Sign-in was declined",
            Self::ProviderUnreachable => "The provider does not answer",
            Self::ProviderAnswerInvalid => "The provider's answer cannot be trusted",
            Self::ClientRefused => "The provider does not accept this connection",
            Self::AttemptExpired => "This sign-in has run out",
            Self::WrongBrowser => "This sign-in began in another browser",
            Self::NoEmail => "No e-mail address",
            Self::AccountClosed => "This account is closed",
            Self::ConnectionDisabled => "This way to sign in is switched off",
            Self::NotAskedAgain => "Your provider did not ask who you are",
            Self::TooMany => "Too many attempts",
        }
    }

    /// What to do about it.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::AccessDenied => {
                "You or your provider said no. Try again, or ask whoever runs the provider for access."
            }
            Self::ProviderUnreachable => {
                "Your identity provider did not answer in time. Nothing was changed; try again in a minute."
            }
            Self::ProviderAnswerInvalid => {
                "The answer of your identity provider failed a check, so nobody was signed in. Try again; if it \
                 happens again, tell your administrator."
            }
            Self::ClientRefused => {
                "Your administrator has to check the client id and the client secret of this sign-in connection."
            }
            Self::AttemptExpired => {
                "A sign-in must be finished within ten minutes, and only once. Start again."
            }
            Self::WrongBrowser => {
                "For your safety a sign-in ends in the browser it began in. Start again here."
            }
            Self::NoEmail => {
                "Your provider did not name an e-mail address that can be used. Ask your administrator to release \
                 the e-mail claim to this application."
            }
            Self::AccountClosed => "Ask an administrator of your organization to open it again.",
            Self::ConnectionDisabled => "Sign in another way, or ask your administrator to switch it on.",
            Self::NotAskedAgain => {
                "To confirm that it is you, your provider has to ask you again, and it let you pass by an earlier \
                 sign-in. Sign out there first, or sign in another way."
            }
            Self::TooMany => "Wait a quarter of an hour and try again.",
        }
    }
}
