//! An organization as large as they get, to be measured.

use crate::World;
use crate::bulk::{Bulk, Cell};
use model::grant::{Place, Principal, ProjectPlace};
use model::{
    GrantId, OrgId, OrgRole, ProjectId, ProjectRole, RoleRef, TeamId, UserId, WorkspaceId, WorkspaceRole,
};
use std::collections::HashSet;
use store::policy::Rows;
use uuid::Uuid;

/// How much there is of what.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Members, each in two teams.
    pub people: usize,
    /// Teams.
    pub teams: usize,
    /// Workspaces, each with ten projects.
    pub workspaces: usize,
    /// Roles given to people and teams, most of them in workspaces and projects.
    pub grants: usize,
    /// Resources shared with people and teams.
    pub shares: usize,
}

/// What [`World::company`] made.
#[derive(Clone, Debug)]
pub struct Company {
    /// The organization.
    pub org: OrgId,
    /// Its members.
    pub people: Vec<UserId>,
    /// Its teams.
    pub teams: Vec<TeamId>,
    /// Its workspaces.
    pub workspaces: Vec<WorkspaceId>,
}

/// One of `all`, without an order that could be seen: the same for the same number and purpose.
fn pick<T: Copy>(all: &[T], n: usize, purpose: u64) -> T {
    // SplitMix64: spreads neighbours far apart.
    let mut mixed = (n as u64).wrapping_add(purpose << 40).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    all[usize::try_from((mixed ^ (mixed >> 31)) % all.len() as u64).expect("an index")]
}

impl Company {
    /// Three of five things are a person's, the others a team's.
    fn holder(&self, n: usize) -> Principal {
        if n % 5 < 3 {
            Principal::User(pick(&self.people, n, 1))
        } else {
            Principal::Team(pick(&self.teams, n, 2))
        }
    }

    fn workspace(&self, n: usize) -> WorkspaceId {
        pick(&self.workspaces, n, 3)
    }

    fn project(n: usize) -> ProjectId {
        ProjectId::from_uuid(Uuid::from_u128(1 + n as u128 / 10 % 10))
    }
}

impl World {
    /// Fills an organization with so much of everything.
    pub async fn company(&self, org: OrgId, size: Size) -> Company {
        let company = Company {
            org,
            people: (0..size.people).map(|_| self.id()).collect(),
            teams: (0..size.teams).map(|_| self.id()).collect(),
            workspaces: (0..size.workspaces).map(|_| self.id()).collect(),
        };
        let mut bulk = Bulk::open(&self.url).await;
        self.hire(&mut bulk, &company).await;
        self.enrol(&mut bulk, &company).await;
        self.give(&mut bulk, &company, size.grants).await;
        let by = company.people[0];
        let shares = (0..size.shares).map(|n| self.share(company.workspace(n), company.holder(n), n, by));
        write_shares(&mut bulk, shares.collect()).await;
        bulk.counted().await;
        self.count_change(org).await;
        company
    }

    /// Shares so many resources of one workspace with one person, all of one type and in one project.
    pub async fn share_many(&self, org: OrgId, workspace: WorkspaceId, with: UserId, count: usize) {
        let mut bulk = Bulk::open(&self.url).await;
        // The first of a company's shares is a pipeline run of the first project, and so is each of these.
        let shares = (0..count).map(|_| self.share(workspace, Principal::User(with), 0, with));
        write_shares(&mut bulk, shares.collect()).await;
        bulk.counted().await;
        self.count_change(org).await;
    }

    /// What a snapshot of an organization is compiled from.
    pub async fn policy_rows(&self, org: OrgId) -> Rows {
        let mut tx = self.store.snapshot().await.expect("a transaction");
        store::policy::load(&mut tx, org).await.expect("the rows").expect("the organization")
    }

    /// What every question asks first: after how many changes, in the organization of a workspace.
    pub async fn policy_version(&self, workspace: WorkspaceId) -> i64 {
        let mut tx = self.store.read().await.expect("a connection");
        store::policy::version_at(&mut tx, workspace).await.expect("a number").expect("the workspace").1
    }

    /// As every change of who may do what does.
    async fn count_change(&self, org: OrgId) {
        let mut tx = self.store.write().await.expect("a transaction");
        store::orgs::bump_policy_version(&mut tx, org).await.expect("the organization");
        tx.commit_unaudited("arranged to be measured").await.expect("a commit");
    }

    async fn hire(&self, bulk: &mut Bulk, company: &Company) {
        let now = self.control.now();
        let (mut users, mut members, mut in_teams) = (Vec::new(), Vec::new(), Vec::new());
        for (n, id) in company.people.iter().map(|id| id.uuid()).enumerate() {
            let (name, folded) = (format!("Worker {n}"), format!("worker {n}"));
            let (username, email) = (format!("worker-{n}"), format!("worker-{n}@company.test"));
            let search = format!("{folded} {email} {username}");
            let role = if n % 100 == 0 { OrgRole::Viewer } else { OrgRole::Member };
            users.push([
                id.into(),
                username.into(),
                name.into(),
                email.clone().into(),
                email.into(),
                Cell::False,
                now.into(),
                now.into(),
            ]);
            members.push([
                company.org.uuid().into(),
                id.into(),
                role.as_str().into(),
                now.into(),
                folded.into(),
                search.into(),
            ]);
            // The same team twice now and then: then it is one.
            let teams: HashSet<TeamId> = [6, 7].map(|purpose| pick(&company.teams, n, purpose)).into();
            in_teams
                .extend(teams.iter().map(|team| [team.uuid().into(), id.into(), Cell::False, now.into()]));
        }
        let teams = company.teams.iter().enumerate().map(|(n, id)| {
            let (name, folded) = (format!("Team {n}"), format!("team {n}"));
            let org = company.org.uuid();
            [id.uuid().into(), org.into(), name.into(), folded.into(), "".into(), now.into(), now.into()]
        });
        bulk.insert(
            "users",
            "id, username, name, email, email_folded, is_service_account, created_at, updated_at",
            users,
        )
        .await;
        bulk.insert("memberships", "org_id, user_id, role, joined_at, sort_name, search_text", members).await;
        let columns = "id, org_id, name, sort_name, description, created_at, updated_at";
        bulk.insert("teams", columns, teams.collect()).await;
        bulk.insert("team_members", "team_id, user_id, maintainer, added_at", in_teams).await;
    }

    async fn enrol(&self, bulk: &mut Bulk, company: &Company) {
        let now = self.control.now();
        let rows = company.workspaces.iter().enumerate().map(|(n, id)| {
            let (name, shown) = (format!("workspace-{n}-{}", company.org), format!("Workspace {n}"));
            let org = company.org.uuid();
            [id.uuid().into(), org.into(), name.into(), shown.into(), "".into(), now.into(), now.into()]
        });
        let columns = "id, org_id, name, display_name, description, created_at, updated_at";
        bulk.insert("workspaces", columns, rows.collect()).await;
    }

    async fn give(&self, bulk: &mut Bulk, company: &Company, count: usize) {
        let mut rows = Vec::with_capacity(count);
        let mut given = HashSet::with_capacity(count);
        for n in 0.. {
            if rows.len() == count {
                break;
            }
            let workspace = company.workspace(n);
            let (place, role): (Place, RoleRef) = if n % 100 == 0 {
                (Place::Org(company.org), OrgRole::Billing.into())
            } else if n % 3 == 0 {
                let project = Company::project(n);
                (ProjectPlace { workspace, project }.into(), pick(ProjectRole::ALL, n, 4).into())
            } else {
                (workspace.into(), pick(WorkspaceRole::ALL, n, 5).into())
            };
            let holder = company.holder(n);
            if given.insert((place, holder, role)) {
                let (user, team) = either(holder);
                rows.push([
                    self.id::<GrantId>().uuid().into(),
                    company.org.uuid().into(),
                    place.workspace().map(WorkspaceId::uuid).into(),
                    place.project().map(ProjectId::uuid).into(),
                    user,
                    team,
                    role.to_string().into(),
                    self.control.now().into(),
                ]);
            }
        }
        let columns = "id, org_id, workspace_id, project_id, user_id, team_id, role, created_at";
        bulk.insert("grants", columns, rows).await;
    }

    fn share(&self, workspace: WorkspaceId, with: Principal, n: usize, by: UserId) -> [Cell; 9] {
        let in_project = n.is_multiple_of(3);
        let (user, team) = either(with);
        [
            workspace.uuid().into(),
            user,
            team,
            if in_project { "pipeline_run" } else { "stack" }.into(),
            self.id::<ProjectId>().uuid().into(),
            in_project.then(|| Company::project(n).uuid()).into(),
            "read update".into(),
            by.uuid().into(),
            self.control.now().into(),
        ]
    }
}

async fn write_shares(bulk: &mut Bulk, shares: Vec<[Cell; 9]>) {
    let columns = "workspace_id, user_id, team_id, resource_type, resource_id, project_id, actions, shared_by, \
        updated_at";
    bulk.insert("resource_shares", columns, shares).await;
}

/// The columns of a person and of a team.
fn either(principal: Principal) -> (Cell, Cell) {
    match principal {
        Principal::Team(team) => (Cell::Null, team.uuid().into()),
        other => (other.uuid().into(), Cell::Null),
    }
}
