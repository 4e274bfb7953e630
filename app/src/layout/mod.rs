//! The frame around every page. It takes plain data and children; nothing here asks the server for anything.
//!
//! Pages behind a session stand in [`AppFrame`], rendered once by their parent route. Public pages stand in
//! [`PublicFrame`]. *Invariant: every control here works without JavaScript, or appears only with it.*

#![expect(unreachable_pub, reason = "the component macro makes what it generates public")]

mod announce;
mod frame;
mod logo;
mod places;
mod public;
mod shortcuts;
mod sidebar;
#[cfg(test)]
mod tests;
mod theme;
mod user_menu;

pub use frame::{AppFrame, Part, WithNav};
pub use logo::Logo;
pub use public::PublicFrame;
pub use theme::{Theme, ThemeMenu};

use model::OrgId;
use serde::{Deserialize, Serialize};

/// Where the sign-out form is posted to.
pub const SIGN_OUT: &str = "/logout";

/// Where the theme form is posted to, with the field `theme`. Answers with a redirect to the `Referer`.
pub const SET_THEME: &str = "/theme";

/// What the frame shows: who is here, where, and what they may open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct Nav {
    /// The organization being looked at. `None` on pages of the person alone when they are in none.
    pub org: Option<NavOrg>,
    /// Every organization of the person, this one too.
    pub orgs: Vec<NavOrg>,
    /// What the person is called.
    pub person_name: String,
    /// Their address.
    pub person_email: String,
    /// Numbers next to the links. Zero is not shown.
    pub counts: NavCounts,
    /// Which links are shown. Advice only: every page checks again.
    pub can: NavCan,
    /// The workspaces the person may open, for the command menu: name in the address, name for people.
    pub workspaces: Vec<(String, String)>,
    /// The theme chosen on this browser.
    pub theme: Theme,
}

/// An organization in the switcher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct NavOrg {
    /// Its id, as in addresses.
    pub id: OrgId,
    /// Its name for people.
    pub name: String,
}

/// How many of each there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct NavCounts {
    /// Members.
    pub members: u64,
    /// Open invitations.
    pub invitations: u64,
    /// Workspaces.
    pub workspaces: u64,
}

/// What the person may open.
#[expect(clippy::struct_excessive_bools, reason = "one flag per link, none depends on another")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct NavCan {
    /// The list of members.
    pub members: bool,
    /// The list of invitations.
    pub invitations: bool,
    /// The list of teams.
    pub teams: bool,
    /// The list of service accounts.
    pub service_accounts: bool,
    /// The list of roles.
    pub roles: bool,
    /// Who may do what, and why.
    pub access: bool,
    /// What is used, and the limits.
    pub limits: bool,
    /// The audit log.
    pub audit: bool,
    /// The sign-in connections.
    pub connections: bool,
    /// The organization's settings.
    pub settings: bool,
    /// Enrolling a workspace.
    pub enrol: bool,
    /// Inviting people.
    pub invite: bool,
}
