//! Enrolling a workspace, and the keys with which its server signs in.

use super::blocks::Blocks;
use crate::Control;
use crate::audit::Event;
use crate::authz::{Authorized, WorkspaceEnroll, WorkspaceKeyShow, WorkspaceKeys};
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::grants;
use crate::secret::{Kind, Secret};
use model::audit::AuditAction;
use model::grant::Place;
use model::org::Org;
use model::text::{DisplayName, Note, Slug};
use model::workspace::EnrollmentSecret;
use model::{CredentialId, Permission, Timestamp, WorkspaceId, WorkspaceRole};
use serde_json::json;
use std::collections::BTreeMap;
use store::WriteTx;
use store::workspaces::{Credential, Workspace};

/// Longest time for which old keys work beside a new one: 30 days.
pub const MAX_OVERLAP_MIN: u32 = 30 * 24 * 60;

/// Working keys of one workspace. More means that somebody rotates in a loop.
const MAX_KEYS: usize = 10;

/// A workspace to be enrolled, parsed.
#[derive(Clone, Debug)]
pub struct NewWorkspace {
    name: Slug,
    display_name: DisplayName,
    description: Note,
}

impl NewWorkspace {
    /// Parses what a person typed. Without a name for people the identifier serves as one.
    pub fn parse(name: &str, display_name: &str, description: &str) -> Result<Self> {
        let mut wrong = BTreeMap::new();
        let slug = Slug::parse(name).map_err(|e| wrong.insert("name", e.0.to_owned()));
        if slug.as_ref().is_ok_and(|slug| uuid::Uuid::try_parse(slug.as_str()).is_ok()) {
            // Clients name workspaces by id or by identifier in one place.
            wrong.insert("name", "Choose an identifier that does not look like an id.".to_owned());
        }
        let label = if display_name.trim().is_empty() { name } else { display_name };
        let label = DisplayName::parse(label).map_err(|e| wrong.insert("display_name", e.0.to_owned()));
        let note = Note::parse(description).map_err(|e| wrong.insert("description", e.0.to_owned()));
        Error::invalid_fields(wrong)?;
        let (Ok(name), Ok(display_name), Ok(description)) = (slug, label, note) else {
            return Err(Error::internal("a field was wrong and was not named"));
        };
        Ok(Self { name, display_name, description })
    }
}

impl Control {
    /// Enrols a workspace and makes the key with which its server signs in.
    ///
    /// # Errors
    ///
    /// `conflict` if the identifier was ever taken in this installation; it does not say by whom.
    pub async fn enroll_workspace(
        &self,
        auth: &Authorized<WorkspaceEnroll>,
        new: &NewWorkspace,
    ) -> Result<EnrollmentSecret> {
        let cx = auth.cx();
        let (mut tx, policy) = self.changing(auth).await?;
        let org = store::orgs::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        let workspace = Workspace {
            id: cx.new_id(),
            org_id: org.id,
            name: new.name.to_string(),
            display_name: new.display_name.to_string(),
            description: new.description.to_string(),
            server_url: None,
            version: None,
            created_at: cx.now(),
            updated_at: cx.now(),
            reported_at: None,
            last_seen_at: None,
            deactivated_at: None,
        };
        if !store::workspaces::insert(&mut tx, &workspace, auth.user()).await? {
            return Err(Error::conflict(
                "This identifier is taken. Identifiers are unique in the whole installation and never given twice.",
            )
            .and_field("name", "This identifier is taken. Choose another one."));
        }
        let (_, key) = self.new_key(&mut tx, cx, workspace.id).await?;
        // Whoever enrols it must be able to run it, and not everybody who may enrol may enter what others enrolled.
        let own = auth.user().filter(|user| {
            let rights = policy.org_rights(*user, cx.now()).unwrap_or_default();
            !rights.grants(Permission::WorkspaceEnter)
        });
        let given = match own {
            Some(user) => {
                let place = Place::Workspace(workspace.id);
                let until = policy.held_until(user, Permission::WorkspaceEnroll, cx.now());
                grants::give_to_maker(&mut tx, auth, user, place, WorkspaceRole::Admin.into(), until).await?
            }
            None => None,
        };
        let event = Event::of(AuditAction::WorkspaceEnrolled)
            .on("workspace", workspace.id.uuid(), workspace.name.as_str())
            .after(json!({
                "name": workspace.name,
                "display_name": workspace.display_name,
                "key": key.hint(),
                "role": own.map(|_| WorkspaceRole::Admin),
            }));
        tx.commit_all(&[vec![auth.audit(event)], given.into_iter().collect()].concat()).await?;
        Ok(self.handed_over(&workspace, &org, &key, None))
    }

    /// The configuration around a key that was made a moment ago, for the page after a form without JavaScript. The
    /// key comes from that form's answer: nothing here could find it out.
    pub async fn enrollment_blocks(
        &self,
        auth: &Authorized<WorkspaceKeyShow>,
        key: &str,
        old_keys_until: Option<Timestamp>,
    ) -> Result<EnrollmentSecret> {
        let key = Secret::read(Kind::EnrollmentKey, key).ok_or_else(Error::not_found)?;
        let mut tx = self.store().read().await?;
        let workspace =
            store::workspaces::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        let org = store::orgs::by_id(&mut tx, workspace.org_id).await?.ok_or_else(Error::not_found)?;
        Ok(self.handed_over(&workspace, &org, &key, old_keys_until))
    }

    /// Makes a new key; the others go on working for `overlap_min` minutes, so that servers can be moved one by one.
    pub async fn rotate_enrollment_key(
        &self,
        auth: &Authorized<WorkspaceKeys>,
        overlap_min: u32,
    ) -> Result<EnrollmentSecret> {
        if overlap_min > MAX_OVERLAP_MIN {
            return Err(Error::invalid("overlap_min", "Old keys can go on working for 30 days at most."));
        }
        let cx = auth.cx();
        let mut tx = self.writing(auth).await?;
        let workspace =
            store::workspaces::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        let org = store::orgs::by_id(&mut tx, workspace.org_id).await?.ok_or_else(Error::not_found)?;
        let old = store::workspaces::credentials(&mut tx, workspace.id, cx.now()).await?;
        if old.len() >= MAX_KEYS {
            return Err(Error::conflict(format!(
                "This workspace has {MAX_KEYS} working keys already. Revoke one first."
            )));
        }
        let (id, key) = self.new_key(&mut tx, cx, workspace.id).await?;
        let until = cx.now().plus_s(i64::from(overlap_min) * 60);
        store::workspaces::expire_other_credentials(&mut tx, workspace.id, id, until).await?;
        let until = (!old.is_empty()).then_some(until);
        let event = Event::of(AuditAction::WorkspaceKeyRotated)
            .on("workspace", workspace.id.uuid(), workspace.name.as_str())
            .after(json!({ "key": key.hint(), "old_keys_until": until.map(Timestamp::to_rfc3339) }));
        tx.commit(auth.audit(event)).await?;
        Ok(self.handed_over(&workspace, &org, &key, until))
    }

    /// Revokes one key at once: a server that uses it, and every token made from it, is refused from now on.
    pub async fn revoke_enrollment_key(
        &self,
        auth: &Authorized<WorkspaceKeys>,
        key: CredentialId,
    ) -> Result<()> {
        let mut tx = self.writing(auth).await?;
        let workspace =
            store::workspaces::by_id(&mut tx, auth.scope()).await?.ok_or_else(Error::not_found)?;
        let hint = store::workspaces::revoke_credential(&mut tx, workspace.id, key, auth.now())
            .await?
            .ok_or_else(Error::not_found)?;
        let event = Event::of(AuditAction::WorkspaceKeyRevoked)
            .on("workspace", workspace.id.uuid(), workspace.name)
            .before(json!({ "key": hint }));
        Ok(tx.commit(auth.audit(event)).await?)
    }

    async fn new_key(
        &self,
        tx: &mut WriteTx,
        cx: &Cx,
        workspace: WorkspaceId,
    ) -> Result<(CredentialId, Secret)> {
        let secret = Secret::generate(Kind::EnrollmentKey, self.ids());
        let credential = Credential {
            id: cx.new_id(),
            hint: secret.hint(),
            created_at: cx.now(),
            expires_at: None,
            last_used_at: None,
        };
        store::workspaces::insert_credential(tx, workspace, &credential, secret.digest().as_bytes()).await?;
        Ok((credential.id, secret))
    }

    fn handed_over(
        &self,
        workspace: &Workspace,
        org: &Org,
        key: &Secret,
        old_keys_until: Option<Timestamp>,
    ) -> EnrollmentSecret {
        let blocks = Blocks {
            public_url: &self.settings().public_url,
            org,
            workspace,
            key: key.expose(),
            jwt_secret: hex::encode(self.ids().bytes::<32>()),
        };
        EnrollmentSecret {
            workspace: workspace.id,
            name: workspace.name.clone(),
            key: key.expose().to_owned(),
            old_keys_until,
            environment: blocks.environment(),
            helm_values: blocks.helm_values(),
            docker_run: blocks.docker_run(),
        }
    }
}
