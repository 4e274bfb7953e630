//! The real router over a test's world, and a cast of callers.

use super::table::Endpoint;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use control::api_keys::NewApiKey;
use control::authz::{
    GrantManage, ProjectGrantManage, RoleManage, ServiceAccountCreate, ServiceAccountKeys,
    ServiceAccountManage, TeamCreate, TeamManage, TeamMembers, WorkspaceEnroll,
};
use control::devices::Approval;
use control::service_accounts::{NewServiceAccount, ServiceAccountChange};
use control::tokens::Grant;
use control::trust::TrustRuleInput;
use control::workspaces::NewWorkspace;
use control::{Open, Origin};
use model::device::DevicePurpose;
use model::grant::{Principal, ProjectPlace};
use model::role::RoleInput;
use model::{
    ApiKeyId, DeviceId, GrantId, Level, OrgId, OrgRole, ProjectId, ProjectRole, RoleId, ServiceAccountId,
    TeamId, TrustRuleId, UserId, WorkspaceId, WorkspaceRole,
};
use server::http::{AppState, router};
use testkit::{Person, World};
use tower::ServiceExt;

/// The server, called in process.
#[derive(Clone)]
pub(crate) struct Site(Router);

impl Site {
    pub(crate) fn of(world: &World) -> Self {
        Self(router(AppState::new(world.control.clone())))
    }

    /// How the router prints itself: the only place where it names its routes.
    pub(crate) fn printed_routes(&self) -> String {
        format!("{:?}", self.0)
    }

    pub(crate) async fn ask(&self, ask: Ask) -> Answer {
        let response = self.0.clone().oneshot(ask.request()).await.expect("the router never fails");
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), 16 << 20).await.expect("a whole body");
        Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
    }
}

impl From<Router> for Site {
    fn from(router: Router) -> Self {
        Self(router)
    }
}

/// A request being put together.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Ask {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        let method = method.parse().expect("a method");
        Self { method, path: path.to_owned(), headers: Vec::new(), body: String::new() }
    }
    pub(crate) fn get(path: &str) -> Self {
        Self::new("GET", path)
    }
    /// A page, as a browser asks for it.
    pub(crate) fn page(path: &str) -> Self {
        Self::get(path).header("accept", "text/html,application/xhtml+xml")
    }
    /// A call as the hydrated dashboard makes it.
    pub(crate) fn call(path: &str, form: &str) -> Self {
        let ask = Self::new("POST", path).header("accept", "application/json");
        ask.header("sec-fetch-site", "same-origin").form(form)
    }
    pub(crate) fn form(mut self, form: &str) -> Self {
        form.clone_into(&mut self.body);
        self.header("content-type", "application/x-www-form-urlencoded")
    }
    pub(crate) fn json(mut self, json: &str) -> Self {
        json.clone_into(&mut self.body);
        self.header("content-type", "application/json")
    }
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
    pub(crate) fn cookie(self, session: &str) -> Self {
        self.header("cookie", &format!("reeve_session={session}"))
    }
    /// As somebody of the cast.
    pub(crate) fn by(self, caller: &Caller) -> Self {
        match caller {
            Caller::Nobody => self,
            Caller::Browser(session) => self.cookie(session),
            Caller::Program(token) => self.header("authorization", &format!("Bearer {token}")),
        }
    }

    fn request(self) -> Request<Body> {
        let mut request = Request::builder().method(self.method).uri(&self.path);
        if !self.body.is_empty() {
            request = request.header(header::CONTENT_LENGTH, self.body.len());
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(Body::from(self.body)).expect("a request")
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("readable"))
    }
    pub(crate) fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().expect("readable")).collect()
    }
}

/// How somebody shows who they are.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    Nobody,
    Browser(String),
    Program(String),
}

/// A kind of caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Nobody,
    /// Administrator of the organization.
    Admin,
    /// In the organization, without any part in the workspace unless it was given.
    Member,
    /// Administrator of another organization.
    Stranger,
    /// The workspace's own server.
    Workspace,
}

/// Two organizations, a workspace with a project, a team, a role, and somebody of every kind.
pub(crate) struct Cast {
    pub(crate) world: World,
    pub(crate) site: Site,
    pub(crate) org: OrgId,
    pub(crate) workspace: WorkspaceId,
    pub(crate) enrollment_key: String,
    pub(crate) project: ProjectId,
    /// With nobody in it.
    pub(crate) team: TeamId,
    /// For workspaces.
    pub(crate) role: RoleId,
    /// Of the role to the team, in the workspace.
    pub(crate) grant: GrantId,
    /// For which the administrator answers.
    pub(crate) account: ServiceAccountId,
    pub(crate) account_key: ApiKeyId,
    pub(crate) trust_rule: TrustRuleId,
    pub(crate) admin: Person,
    pub(crate) member: Person,
    /// Another member, who is given things and never asks.
    pub(crate) colleague: Person,
    pub(crate) stranger: Person,
    pub(crate) by_admin: Caller,
    pub(crate) by_member: Caller,
    pub(crate) by_stranger: Caller,
    pub(crate) by_workspace: Caller,
    /// A program of each who asks.
    programs: [(UserId, Caller); 3],
}

impl Cast {
    pub(crate) async fn new(world: World) -> Self {
        let site = Site::of(&world);
        let org = world.org("acme").await;
        let other = world.org("other").await;
        let admin = world.member(org, "olivia", OrgRole::Admin).await;
        let member = world.member(org, "mallory", OrgRole::Member).await;
        let colleague = world.member(org, "oscar", OrgRole::Member).await;
        let stranger = world.member(other, "eve", OrgRole::Admin).await;
        let auth = world.control.authorize::<WorkspaceEnroll>(&world.cx(&admin), org).await.unwrap();
        let new = NewWorkspace::parse("research", "Research", "").unwrap();
        let enrolled = world.control.enroll_workspace(&auth, &new).await.unwrap();
        let grant = Grant::Workspace { workspace: enrolled.workspace, key: &enrolled.key };
        let cx = world.anonymous();
        let issued = world.control.token(&Open::because(&cx, "test"), grant).await.unwrap().unwrap();
        let by_workspace = Caller::Program(issued.secret.expose().to_owned());
        let project: ProjectId = "6f9619ff-8b86-d011-b42d-00c04fc964ff".parse().unwrap();
        report_project(&site, &by_workspace, org, enrolled.workspace, project).await;
        let (team, role, grant) = team_with_a_role(&world, &admin, org, enrolled.workspace).await;
        let (account, account_key) = account_with_a_key(&world, &admin, org).await;
        let trust_rule = trust_rule_of(&world, &admin, account).await;
        let programs = [
            (admin.id, token(&world, &admin).await),
            (member.id, token(&world, &member).await),
            (stranger.id, token(&world, &stranger).await),
        ];
        Self {
            account,
            account_key,
            trust_rule,
            programs,
            by_admin: browser(&world, &admin).await,
            by_member: browser(&world, &member).await,
            by_stranger: browser(&world, &stranger).await,
            by_workspace,
            site,
            project,
            team,
            role,
            grant,
            colleague,
            org,
            workspace: enrolled.workspace,
            enrollment_key: enrolled.key,
            admin,
            member,
            stranger,
            world,
        }
    }

    /// The row's request by a kind of caller: with a token where programs ask, else from a browser of its own, as
    /// ending sessions is among the calls.
    pub(crate) async fn send(&self, endpoint: &Endpoint, role: Role) -> Answer {
        let person = match role {
            Role::Nobody => return self.ask(endpoint.request(self)).await,
            Role::Workspace => return self.ask(endpoint.request(self).by(&self.by_workspace)).await,
            Role::Admin => &self.admin,
            Role::Member => &self.member,
            Role::Stranger => &self.stranger,
        };
        self.ask(endpoint.request(self).by(&self.caller(endpoint, person).await)).await
    }

    /// What somebody calls a row with: always the same program, as there are more rows than keys of one account.
    pub(crate) async fn caller(&self, endpoint: &Endpoint, person: &Person) -> Caller {
        let program = self.programs.iter().find(|(id, _)| *id == person.id);
        match program {
            Some((_, program)) if endpoint.path.starts_with("/api/v1/") => program.clone(),
            _ => browser(&self.world, person).await,
        }
    }

    pub(crate) async fn ask(&self, ask: Ask) -> Answer {
        self.site.ask(ask).await
    }

    /// Gives somebody a role in the workspace.
    pub(crate) async fn give(&self, person: &Person, role: WorkspaceRole) {
        let cx = self.world.cx(&self.admin);
        let auth = self.world.control.authorize::<GrantManage>(&cx, self.workspace).await.unwrap();
        self.world.control.grant_to(&auth, Principal::User(person.id), role.into()).await.unwrap();
    }

    /// Makes somebody answer for the service account.
    pub(crate) async fn hand_over_account(&self, person: &Person) {
        let cx = self.world.cx(&self.admin);
        let auth = self.world.control.authorize::<ServiceAccountManage>(&cx, self.account).await.unwrap();
        let owner = Some(Principal::User(person.id).to_string());
        let change = ServiceAccountChange { owner, ..Default::default() };
        self.world.control.update_service_account(&auth, &change).await.unwrap();
    }

    /// Gives somebody a role in the project.
    pub(crate) async fn give_in_project(&self, person: &Person, role: ProjectRole) {
        let cx = self.world.cx(&self.admin);
        let place = ProjectPlace { workspace: self.workspace, project: self.project };
        let auth = self.world.control.authorize::<ProjectGrantManage>(&cx, place).await.unwrap();
        self.world.control.grant_to(&auth, Principal::User(person.id), role.into()).await.unwrap();
    }

    /// Puts somebody into the team.
    pub(crate) async fn put_in_team(&self, person: &Person, maintainer: bool) {
        let (control, cx) = (&self.world.control, self.world.cx(&self.admin));
        let auth = control.authorize::<TeamMembers>(&cx, self.team).await.unwrap();
        control.add_team_member(&auth, &person.email).await.unwrap();
        let auth = control.authorize::<TeamManage>(&cx, self.team).await.unwrap();
        control.set_team_maintainer(&auth, Principal::User(person.id), maintainer).await.unwrap();
    }

    /// A text of the table with its placeholders filled in.
    pub(crate) fn fill(&self, text: &str) -> String {
        [
            ("{org}", self.org.to_string()),
            ("{workspace}", self.workspace.to_string()),
            ("{name}", "research".to_owned()),
            ("{project}", self.project.to_string()),
            ("{team}", self.team.to_string()),
            ("{role}", self.role.to_string()),
            ("{grant}", self.grant.to_string()),
            ("{account}", self.account.to_string()),
            ("{key}", self.account_key.to_string()),
            ("{rule}", self.trust_rule.to_string()),
            ("{user}", self.member.id.to_string()),
            ("{colleague}", self.colleague.id.to_string()),
            ("{nothing}", "0198f0aa-0000-7000-8000-000000000001".to_owned()),
        ]
        .into_iter()
        .fold(text.to_owned(), |text, (mark, value)| text.replace(mark, &value))
    }
}

/// A service account that holds what every member holds, and one key of it.
async fn account_with_a_key(world: &World, admin: &Person, org: OrgId) -> (ServiceAccountId, ApiKeyId) {
    let (control, cx) = (&world.control, world.cx(admin));
    let auth = control.authorize::<ServiceAccountCreate>(&cx, org).await.unwrap();
    let new = NewServiceAccount::parse("ci-bot", "", OrgRole::Member, "").unwrap();
    let account = control.create_service_account(&auth, &new).await.unwrap().id;
    let auth = control.authorize::<ServiceAccountKeys>(&cx, account).await.unwrap();
    let key = NewApiKey::parse("first", "30", "").unwrap();
    (account, control.create_service_account_key(&auth, &key).await.unwrap().id)
}

/// A trust rule of a service account.
async fn trust_rule_of(world: &World, admin: &Person, account: ServiceAccountId) -> TrustRuleId {
    let (control, cx) = (&world.control, world.cx(admin));
    let auth = control.authorize::<ServiceAccountKeys>(&cx, account).await.unwrap();
    let input = TrustRuleInput::parse("first", "https://ci.acme.test", "sub = first", "").unwrap();
    control.create_trust_rule(&auth, &input).await.unwrap()
}

/// A workspace tells of a project, as its server does when it makes one.
async fn report_project(site: &Site, by: &Caller, org: OrgId, workspace: WorkspaceId, project: ProjectId) {
    let event = format!(
        r#"{{"organization_id":"{org}","feature":"project","total":1,"metadata":{{"workspace_id":"{workspace}","resource_id":"{project}"}}}}"#
    );
    let answer = site.ask(Ask::new("POST", "/api/v1/usage-event").json(&event).by(by)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

async fn team_with_a_role(
    world: &World,
    admin: &Person,
    org: OrgId,
    workspace: WorkspaceId,
) -> (TeamId, RoleId, GrantId) {
    let (control, cx) = (&world.control, world.cx(admin));
    let auth = control.authorize::<TeamCreate>(&cx, org).await.unwrap();
    let team = control.create_team(&auth, "Ops", "").await.unwrap().id;
    let auth = control.authorize::<RoleManage>(&cx, org).await.unwrap();
    let input = RoleInput {
        name: "Stack reader".into(),
        description: String::new(),
        permissions: vec!["stack.read".parse().unwrap()],
    };
    let role = control.create_role(&auth, Level::Workspace, &input).await.unwrap();
    let role = RoleId::from_uuid(role.row.role.id());
    let auth = control.authorize::<GrantManage>(&cx, workspace).await.unwrap();
    let grant = control.grant_to(&auth, Principal::Team(team), role.into()).await.unwrap();
    (team, role, grant)
}

/// A browser in which `person` is signed in, by the way a person without a provider has.
pub(crate) async fn browser(world: &World, person: &Person) -> Caller {
    let link = sign_in_link(world, person).await;
    let cx = world.control.cx(Origin::default(), None);
    let begun = world.control.use_sign_in_link(&Open::because(&cx, "test"), &link).await.unwrap();
    Caller::Browser(begun.secret.expose().to_owned())
}

/// A program with a personal access token of `person`.
pub(crate) async fn token(world: &World, person: &Person) -> Caller {
    let me = world.control.my_keys(&world.cx(person)).await.unwrap();
    let made = world.control.create_api_key(&me, &NewApiKey::parse("test", "30", "").unwrap()).await.unwrap();
    Caller::Program(made.secret)
}

/// What a device of `person` signed in with, for the workspace.
pub(crate) async fn device(world: &World, person: &Person, workspace: WorkspaceId) -> Caller {
    let (control, client_id) = (&world.control, world.id::<DeviceId>().uuid());
    let cx = world.anonymous();
    let open = Open::because(&cx, "test");
    let start = control.request_device(&open, client_id, DevicePurpose::Workspaces).await.unwrap();
    let me = control.myself(&world.cx(person)).await.unwrap();
    let approval =
        Approval { user_code: &start.user_code, workspace: Some(workspace), hint: None, trusted: false };
    control.approve_device(&me, &approval).await.unwrap();
    let grant = Grant::DeviceCode { client_id, device_code: start.device_code.expose() };
    let issued = control.token(&open, grant).await.unwrap().unwrap();
    Caller::Program(issued.secret.expose().to_owned())
}

/// What a command line of Reeve signed in with, that `person` let administer.
pub(crate) async fn command_line(world: &World, person: &Person) -> Caller {
    let (control, client_id) = (&world.control, world.id::<DeviceId>().uuid());
    let cx = world.anonymous();
    let open = Open::because(&cx, "test");
    let start = control.request_device(&open, client_id, DevicePurpose::Administering).await.unwrap();
    let mine = control.my_command_lines(&world.cx(person)).await.unwrap();
    control.approve_command_line(&mine, &start.user_code).await.unwrap();
    let grant = Grant::DeviceCode { client_id, device_code: start.device_code.expose() };
    let issued = control.token(&open, grant).await.unwrap().unwrap();
    Caller::Program(issued.secret.expose().to_owned())
}

/// What a program of `person` got for a personal access token.
pub(crate) async fn exchanged(world: &World, person: &Person) -> Caller {
    let Caller::Program(key) = token(world, person).await else { panic!("a program") };
    let cx = world.anonymous();
    let grant = Grant::ApiKey { key: &key };
    let issued = world.control.token(&Open::because(&cx, "test"), grant).await.unwrap().unwrap();
    Caller::Program(issued.secret.expose().to_owned())
}

/// The secret of a new sign-in link.
pub(crate) async fn sign_in_link(world: &World, person: &Person) -> String {
    let cx = world.control.system_cx("test");
    let url = world.control.create_owner_link(&cx, &person.email).await.unwrap().expect("a known address");
    url.rsplit('/').next().expect("a last part").to_owned()
}
