use super::arrange::{At, grant, project, workspace};
use control::Result;
use control::authz::{OrgUpdate, RoleManage, RoleRead, WorkspaceEnter};
use control::roles::RoleChange;
use model::grant::{Place, Principal};
use model::permission::Permission;
use model::policy::{Action, ResourceType};
use model::role::{PermissionName, Predefined, RoleDetail, RoleInput, RoleRow, offered};
use model::{ErrorCode, Level, OrgId, OrgRole, RoleId, RoleRef, WorkspaceRole};
use testkit::{Person, World, both_engines};

const READ_STACKS: PermissionName = PermissionName::Resource(ResourceType::Stack, Action::Read);
const UPDATE_STACKS: PermissionName = PermissionName::Resource(ResourceType::Stack, Action::Update);
const READ_AUDIT: PermissionName = PermissionName::Reeve(Permission::AuditRead);
const UPDATE_ORG: PermissionName = PermissionName::Reeve(Permission::OrgUpdate);

/// Somebody who makes and changes roles: a proof of each right, asked for when it is used.
struct By<'a>(&'a World, &'a Person, OrgId);

impl By<'_> {
    async fn may<R: control::authz::Right<Scope = OrgId>>(&self) -> Result<control::Authorized<R>> {
        At(self.0, self.1, self.2).may::<R>().await
    }
    async fn create(&self, level: Level, name: &str, permissions: &[PermissionName]) -> Result<RoleId> {
        let auth = self.may::<RoleManage>().await?;
        let made = self.0.control.create_role(&auth, level, &input(name, permissions)).await?;
        Ok(RoleId::from_uuid(made.row.role.id()))
    }
    async fn update(
        &self,
        role: RoleId,
        revision: i64,
        name: &str,
        permissions: &[PermissionName],
    ) -> Result<()> {
        let auth = self.may::<RoleManage>().await?;
        let RoleInput { name, description, permissions } = input(name, permissions);
        let change = RoleChange {
            name: Some(name),
            description: Some(description),
            permissions: Some(permissions),
            revision: Some(revision),
        };
        self.0.control.update_role(&auth, role, &change, false).await.map(drop)
    }
    async fn delete(&self, role: RoleId, confirmed: bool) -> Result<()> {
        let auth = self.may::<RoleManage>().await?;
        self.0.control.delete_role(&auth, role, confirmed).await
    }
    async fn see(&self, role: impl Into<RoleRef>) -> Result<RoleDetail> {
        self.0.control.role(&self.may::<RoleRead>().await?, role.into()).await
    }
    async fn list(&self) -> Vec<RoleRow> {
        self.0.control.roles(&self.may::<RoleRead>().await.unwrap()).await.unwrap().roles
    }
    async fn holders(&self, role: impl Into<RoleRef>) -> Vec<(Principal, Place)> {
        let auth = self.may::<RoleRead>().await.unwrap();
        let given = self.0.control.role_assignments(&auth, role.into()).await.unwrap();
        given.into_iter().map(|one| (one.principal, one.place)).collect()
    }
}

fn input(name: &str, permissions: &[PermissionName]) -> RoleInput {
    RoleInput {
        name: name.to_owned(),
        description: "For tests".to_owned(),
        permissions: permissions.to_vec(),
    }
}

/// The newest entry of a role's log, before and after.
async fn newest(world: &World, org: OrgId, role: RoleId) -> (String, String, String) {
    let mut tx = world.store.read().await.unwrap();
    let filter = store::audit::Filter { target: Some(role.uuid()), ..store::audit::Filter::default() };
    let entry = store::audit::list(&mut tx, org, &filter, 1).await.unwrap().remove(0);
    (entry.action, entry.before.unwrap_or_default(), entry.after.unwrap_or_default())
}

both_engines! {
    async fn predefined_roles_come_first_and_are_counted(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let by = By(&world, &olivia, org);
        let dev = workspace(&world, org, "dev").await;
        let zebra = by.create(Level::Workspace, "zebra", &[READ_STACKS]).await.unwrap();
        by.create(Level::Organization, "Audit", &[READ_AUDIT]).await.unwrap();
        let elsewhere = world.org("elsewhere").await;
        world.role(elsewhere, Level::Workspace, "Theirs", "stack.read").await;
        grant(&world, org, dev, Principal::User(bob.id), zebra).await;
        grant(&world, org, dev, Principal::User(bob.id), WorkspaceRole::Viewer).await;
        grant(&world, org, org, Principal::User(bob.id), OrgRole::Admin).await;
        let list = by.list().await;
        let predefined = Predefined::all().count();
        assert!(list[..predefined].iter().zip(Predefined::all()).all(|(row, role)| row.role == RoleRef::Predefined(role)));
        let own: Vec<_> = list[predefined..].iter().map(|row| (row.name.as_str(), row.level, row.assignments)).collect();
        assert_eq!(own, [("Audit", Level::Organization, 0), ("zebra", Level::Workspace, 1)]);
        let count = |role: RoleRef| list.iter().find(|row| row.role == role).unwrap().assignments;
        assert_eq!(count(OrgRole::Admin.into()), 2, "a member with it, and a grant");
        assert_eq!((count(OrgRole::Member.into()), count(WorkspaceRole::Viewer.into())), (1, 1));
        assert_eq!(by.holders(zebra).await, [(Principal::User(bob.id), dev.into())]);
        assert_eq!(by.holders(OrgRole::Admin).await, [(Principal::User(bob.id), org.into())]);
    }

    async fn a_role_is_shown_with_what_it_allows(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let by = By(&world, &olivia, org);
        for role in Predefined::all() {
            let detail = by.see(RoleRef::Predefined(role)).await.unwrap();
            assert_eq!((detail.row.name.as_str(), detail.revision, detail.can_manage), (role.label(), 0, false));
            let text = serde_json::to_string(&detail).unwrap();
            assert_eq!(serde_json::from_str::<RoleDetail>(&text).unwrap(), detail, "a page can read it");
        }
        let id = by.create(Level::Workspace, "Reader", &[READ_STACKS, READ_STACKS]).await.unwrap();
        let detail = by.see(id).await.unwrap();
        assert_eq!((detail.revision, detail.can_manage, detail.row.description.as_str()), (1, true, "For tests"));
        let names: Vec<_> = detail.permissions.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["workspace.read", "workspace.enter", "stack.read"], "a role in a workspace lets in");
        for unknown in [RoleRef::Custom(world.id()), world.role(world.org("other").await, Level::Project, "x", "").await.into()] {
            assert_eq!(by.see(unknown).await.unwrap_err().code(), ErrorCode::NotFound);
            let auth = by.may::<RoleRead>().await.unwrap();
            assert_eq!(world.control.role_assignments(&auth, unknown).await.unwrap_err().code(), ErrorCode::NotFound);
        }
    }

    async fn an_admin_makes_a_role_of_everything_that_is_offered_and_of_nothing_else(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let by = By(&world, &olivia, org);
        for level in Level::GRANTED {
            let all: Vec<PermissionName> = offered(level).collect();
            let id = by.create(level, "Everything", &all).await.unwrap();
            assert_eq!(by.see(id).await.unwrap().permissions.len(), all.len());
        }
        for (level, wrong) in [
            (Level::Organization, "self.manage"), (Level::Organization, "workspace.act"),
            (Level::Workspace, "member.read"), (Level::Workspace, "workspace.delete"),
            (Level::Project, "stack.read"), (Level::Project, "project.create"), (Level::Project, "workspace.enter"),
        ] {
            let error = by.create(level, "Wrong", &[wrong.parse().unwrap()]).await.unwrap_err();
            assert!(error.fields().get("permissions").is_some_and(|why| why.contains(wrong)), "{level} {wrong}: {error:?}");
        }
        let error = by.create(Level::Team, "Wrong", &[]).await.unwrap_err();
        assert!(error.fields().contains_key("level"));
    }

    async fn names_are_unique_in_their_level_and_none_is_a_predefined_one(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let by = By(&world, &olivia, org);
        by.create(Level::Workspace, "Reader", &[READ_STACKS]).await.unwrap();
        by.create(Level::Organization, "Reader", &[READ_AUDIT]).await.unwrap();
        let second = by.create(Level::Workspace, "Second", &[READ_STACKS]).await.unwrap();
        let built_in = ["workspace admin", "Organization\u{A0}Admin", "\u{FF2F}rganization ADMIN", "project  viewer"];
        for name in ["READER", "Rea\u{FF44}er"].into_iter().chain(built_in) {
            for error in [
                by.create(Level::Workspace, name, &[READ_STACKS]).await.unwrap_err(),
                by.update(second, 1, name, &[READ_STACKS]).await.unwrap_err(),
            ] {
                assert_eq!((error.code(), error.fields().contains_key("name")), (ErrorCode::Conflict, true), "{name}");
            }
        }
        for name in ["", "a\0b", "\u{202E}a", "\u{3164}", "Organization Admin\u{AD}", &"x".repeat(101)] {
            assert!(by.create(Level::Workspace, name, &[]).await.unwrap_err().fields().contains_key("name"), "{name:?}");
        }
    }

    async fn there_is_an_end_to_how_many(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let by = By(&world, &olivia, org);
        for n in 0..199 {
            world.role(org, Level::Workspace, &format!("role {n}"), "").await;
        }
        let last = by.create(Level::Project, "the last", &[]).await.unwrap();
        let error = by.create(Level::Project, "one more", &[]).await.unwrap_err();
        assert!(error.code() == ErrorCode::Conflict && error.message().contains("200"), "{error:?}");
        by.delete(last, false).await.unwrap();
        by.create(Level::Project, "one more", &[]).await.unwrap();
    }

    async fn nobody_makes_changes_or_deletes_a_role_that_allows_more_than_they_hold(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let max = world.member(org, "max", OrgRole::Manager).await;
        let by = By(&world, &max, org);
        let dev = workspace(&world, org, "dev").await;
        // What is held in one workspace does not count: the role could be given in any.
        grant(&world, org, dev, Principal::User(max.id), WorkspaceRole::Admin).await;
        let limits = PermissionName::Reeve(Permission::LimitManage);
        for (level, permissions) in [(Level::Organization, [limits].as_slice()), (Level::Workspace, &[READ_STACKS])] {
            let error = by.create(level, "Mine", permissions).await.unwrap_err();
            assert!(error.code() == ErrorCode::Forbidden && error.message().contains("“"), "{error:?}");
        }
        let own = by.create(Level::Organization, "Mine", &[READ_AUDIT]).await.unwrap();
        assert_eq!(by.update(own, 1, "Mine", &[READ_AUDIT, limits]).await.unwrap_err().code(), ErrorCode::Forbidden);
        let above = By(&world, &olivia, org).create(Level::Organization, "Above", &[limits]).await.unwrap();
        assert_eq!(by.update(above, 1, "Above", &[]).await.unwrap_err().code(), ErrorCode::Forbidden);
        assert_eq!(by.delete(above, true).await.unwrap_err().code(), ErrorCode::Forbidden);
        by.update(own, 1, "Mine still", &[]).await.unwrap();
        by.delete(own, false).await.unwrap();
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let error = By(&world, &bob, org).create(Level::Workspace, "Mine", &[]).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::Forbidden);
    }

    async fn a_changed_role_holds_at_the_next_request_of_everybody_who_has_it(world: World) {
        let replica = world.replica().await;
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let by = By(&world, &olivia, org);
        let id = by.create(Level::Organization, "Editor", &[UPDATE_ORG]).await.unwrap();
        grant(&world, org, org, Principal::User(bob.id), id).await;
        assert!(At(&replica, &bob, org).may::<OrgUpdate>().await.is_ok());
        by.update(id, 1, "Auditor", &[READ_AUDIT]).await.unwrap();
        assert!(At(&replica, &bob, org).may::<OrgUpdate>().await.is_err());
        let (action, before, after) = newest(&world, org, id).await;
        assert!(before.contains("organization.update") && before.contains("Editor"), "{before}");
        assert!(action == "role.updated" && after.contains("audit.read") && after.contains("Auditor"), "{after}");
        assert_eq!(by.see(id).await.unwrap().revision, 2);
    }

    async fn of_two_who_change_a_role_at_once_the_second_is_told_and_overwrites_nothing(world: World) {
        let other = world.replica().await;
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let adam = world.member(org, "adam", OrgRole::Admin).await;
        let (a, b) = (By(&world, &olivia, org), By(&other, &adam, org));
        let id = a.create(Level::Workspace, "Stacks", &[READ_STACKS]).await.unwrap();
        let (x, y) = tokio::join!(
            a.update(id, 1, "Olivia’s", &[READ_STACKS, UPDATE_STACKS]),
            b.update(id, 1, "Adam’s", &[UPDATE_STACKS]),
        );
        assert!(x.is_ok() != y.is_ok(), "{x:?} {y:?}");
        let first = if x.is_ok() { "Olivia’s" } else { "Adam’s" };
        let error = x.err().or(y.err()).unwrap();
        assert_eq!((error.code(), error.message()), (
            ErrorCode::Conflict, "Somebody changed this role in the meantime. Reload to see it; nothing was saved.",
        ));
        let detail = a.see(id).await.unwrap();
        assert_eq!((detail.row.name.as_str(), detail.revision), (first, 2));
        for stale in [0, 1, 3, i64::MAX, -1] {
            assert_eq!(a.update(id, stale, "x", &[]).await.unwrap_err().code(), ErrorCode::Conflict, "{stale}");
        }
        assert_eq!(world.audit(org).await.iter().filter(|entry| *entry == "role.updated/success").count(), 1);
    }

    async fn nobody_takes_a_right_from_themselves_unasked(world: World) {
        let org = world.org("acme").await;
        let max = world.member(org, "max", OrgRole::Manager).await;
        let by = By(&world, &max, org);
        let id = by.create(Level::Organization, "Sees members", &[READ_AUDIT]).await.unwrap();
        grant(&world, org, org, Principal::User(max.id), id).await;
        // Held by being a manager as well, so nothing would be lost.
        by.update(id, 1, "Sees members", &[]).await.unwrap();
        by.update(id, 2, "Sees members", &[READ_AUDIT, UPDATE_ORG, PermissionName::Reeve(Permission::RoleManage)]).await.unwrap();
        let mut tx = world.store.write().await.unwrap();
        store::members::set_role(&mut tx, org, max.id, OrgRole::Member).await.unwrap();
        store::orgs::bump_policy_version(&mut tx, org).await.unwrap();
        tx.commit_unaudited("arranged by a test").await.unwrap();
        for error in [by.update(id, 3, "Sees members", &[READ_AUDIT]).await.unwrap_err(), by.delete(id, false).await.unwrap_err()] {
            assert_eq!(error.code(), ErrorCode::Conflict);
            assert!(error.message().contains("“organization.update”"), "{}", error.message());
        }
        by.delete(id, true).await.unwrap();
        assert_eq!(by.delete(id, true).await.unwrap_err().code(), ErrorCode::Forbidden);
    }

    async fn deleting_a_role_takes_it_from_everybody_who_has_it_or_waits_for_it(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let carol = world.member(org, "carol", OrgRole::Member).await;
        let (dev, prod) = (workspace(&world, org, "dev").await, workspace(&world, org, "prod").await);
        let by = By(&world, &olivia, org);
        let id = by.create(Level::Workspace, "Reader", &[READ_STACKS]).await.unwrap();
        let kept = by.create(Level::Workspace, "Kept", &[READ_STACKS]).await.unwrap();
        let crew = world.team(org, "crew", &[&carol]).await;
        let invited = At(&world, &olivia, org).invite("dan@acme.test").await;
        for principal in [Principal::User(bob.id), Principal::Team(crew), Principal::Invitation(invited.id)] {
            grant(&world, org, dev, principal, id).await;
        }
        grant(&world, org, prod, Principal::User(bob.id), kept).await;
        assert_eq!((by.holders(id).await.len(), by.see(id).await.unwrap().row.assignments), (3, 3));
        by.delete(id, false).await.unwrap();
        for person in [&bob, &carol] {
            assert!(world.control.authorize::<WorkspaceEnter>(&world.cx(person), dev).await.is_err());
        }
        assert!(world.control.authorize::<WorkspaceEnter>(&world.cx(&bob), prod).await.is_ok());
        assert_eq!(by.see(id).await.unwrap_err().code(), ErrorCode::NotFound);
        let (action, before, _) = newest(&world, org, id).await;
        assert!(action == "role.deleted" && before.contains(r#""grants":3"#) && before.contains("Reader"), "{before}");
        let mut tx = world.store.read().await.unwrap();
        let waiting = store::invitations::waiting(&mut tx, &[invited.id]).await.unwrap();
        assert!(waiting.is_empty());
    }

    async fn predefined_roles_and_those_of_others_are_not_changed(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let by = By(&world, &olivia, org);
        for role in Predefined::all() {
            let id = RoleId::from_uuid(RoleRef::Predefined(role).id());
            for refused in [by.update(id, 0, "Mine", &[]).await, by.delete(id, true).await] {
                let error = refused.unwrap_err();
                assert_eq!((error.code(), error.message()), (ErrorCode::Forbidden, "Predefined roles cannot be changed."));
            }
        }
        let theirs = world.role(world.org("other").await, Level::Workspace, "Theirs", "stack.read").await;
        for id in [theirs, world.id()] {
            assert_eq!(by.update(id, 1, "Mine", &[]).await.unwrap_err().code(), ErrorCode::NotFound);
            assert_eq!(by.delete(id, true).await.unwrap_err().code(), ErrorCode::NotFound);
        }
    }

    async fn a_permission_a_later_version_knows_allows_nothing_here(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = workspace(&world, org, "dev").await;
        let place = project(&world, dev).await;
        // Of another level, of no level, and of no known type.
        let id = world.role(org, Level::Project, "Odd", "organization.update stack.read self.manage dream.read pipeline.read").await;
        grant(&world, org, place, Principal::User(bob.id), id).await;
        let names: Vec<_> = By(&world, &olivia, org).see(id).await.unwrap().permissions.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["pipeline.read"]);
        assert!(At(&world, &bob, org).may::<OrgUpdate>().await.is_err());
    }
}
