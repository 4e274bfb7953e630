//! Making and describing accounts.

use crate::Control;
use crate::audit::Event;
use crate::authz::{ApiKeyManage, Authorized, ClientSelfRead, CommandLineApprove, Right, SelfManage};
use crate::cx::Cx;
use crate::error::{Error, Result};
use model::audit::AuditAction;
use model::session::Me;
use model::text::{DisplayName, Email, Slug};
use model::{ConnectionId, UserId};
use serde_json::json;
use store::WriteTx;
use store::identities::Identity;
use store::users::{NameOf, User};

/// An account to be made.
pub(crate) struct NewPerson<'a> {
    pub name: &'a DisplayName,
    pub email: &'a Email,
    pub issuer: &'a str,
    pub subject: &'a str,
    pub connection: Option<ConnectionId>,
    /// Whether the identity is proven now.
    pub verified: bool,
}

/// Makes an account with its first identity. `None` if the identity belongs to somebody already.
pub(crate) async fn create(
    tx: &mut WriteTx,
    cx: &Cx,
    new: &NewPerson<'_>,
) -> Result<Option<(User, Identity)>> {
    let id = cx.new_id::<UserId>();
    let username = take_username(tx, cx, id, new.email).await?;
    let user = User {
        id,
        username,
        name: new.name.to_string(),
        email: new.email.to_string(),
        is_service_account: false,
        created_at: cx.now(),
        deactivated_at: None,
    };
    store::users::insert(tx, &user).await?;
    let identity = Identity {
        id: cx.new_id(),
        user_id: id,
        connection_id: new.connection,
        issuer: new.issuer.to_owned(),
        subject: new.subject.to_owned(),
        created_at: cx.now(),
        verified_at: new.verified.then_some(cx.now()),
    };
    Ok(store::identities::insert(tx, &identity).await?.then_some((user, identity)))
}

/// The part before the `@`, with a number behind it if somebody has or ever had that name.
async fn take_username(tx: &mut WriteTx, cx: &Cx, owner: UserId, email: &Email) -> Result<String> {
    let base = Slug::from_text(email.local(), "user").into_string();
    for n in 1..=50_u32 {
        let name = if n == 1 { base.clone() } else { format!("{base}-{n}") };
        if store::users::take_username(tx, NameOf::User, &name, owner, cx.now()).await? {
            return Ok(name);
        }
    }
    // Fifty people of one name: the id's random end is unique enough, and the table makes sure.
    let tail = owner.uuid().simple().to_string();
    let name = format!("{base}-{}", tail.get(20..).unwrap_or(&tail));
    if store::users::take_username(tx, NameOf::User, &name, owner, cx.now()).await? {
        return Ok(name);
    }
    Err(Error::internal("no free username"))
}

impl Control {
    /// The proof that the actor of `cx` may manage their own account.
    pub async fn myself(&self, cx: &Cx) -> Result<Authorized<SelfManage>> {
        let user = cx.user().ok_or_else(Error::unauthenticated)?;
        self.authorize::<SelfManage>(cx, user).await
    }

    /// The proof that the actor of `cx` may make and end their own keys: in a browser, that they signed in lately.
    pub async fn my_keys(&self, cx: &Cx) -> Result<Authorized<ApiKeyManage>> {
        let user = cx.user().ok_or_else(Error::unauthenticated)?;
        self.authorize::<ApiKeyManage>(cx, user).await
    }

    /// The proof that the actor of `cx` may let a command line administer in their name: that they signed in lately.
    pub async fn my_command_lines(&self, cx: &Cx) -> Result<Authorized<CommandLineApprove>> {
        let user = cx.user().ok_or_else(Error::unauthenticated)?;
        self.authorize::<CommandLineApprove>(cx, user).await
    }

    /// The proof that the actor of `cx` may see who they are, and what is there for them.
    pub async fn whoami(&self, cx: &Cx) -> Result<Authorized<ClientSelfRead>> {
        let user = cx.user().ok_or_else(Error::unauthenticated)?;
        self.authorize::<ClientSelfRead>(cx, user).await
    }

    /// The signed-in person and their organizations.
    pub async fn me(&self, auth: &Authorized<impl Right<Scope = UserId>>) -> Result<Me> {
        let mut tx = self.store().read().await?;
        let user = store::users::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::unauthenticated)?;
        let orgs = store::orgs::of_user(&mut tx, user.id).await?;
        Ok(Me {
            id: user.id,
            name: user.name,
            email: user.email,
            username: user.username,
            is_service_account: user.is_service_account,
            orgs,
        })
    }

    /// Changes one's own name.
    pub async fn rename_me(&self, auth: &Authorized<SelfManage>, name: &str) -> Result<()> {
        let name = DisplayName::parse(name).map_err(|e| Error::invalid("name", e.0))?;
        let mut tx = self.store().write().await?;
        let user = store::users::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::unauthenticated)?;
        store::users::rename(&mut tx, user.id, name.as_str(), auth.now()).await?;
        let event = Event::of(AuditAction::UserUpdated)
            .on("user", user.id.uuid(), name.as_str())
            .before(json!({ "name": user.name }))
            .after(json!({ "name": name.as_str() }));
        Ok(tx.commit(auth.audit(event)).await?)
    }
}
